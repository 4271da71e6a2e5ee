from odoo import api, models


class CsFigure(models.Model):
    """Monthly figures from a spreadsheet, by Odoo's standard import."""

    _inherit = "cs.figure"

    @api.model
    def get_import_templates(self):
        """The sample file that the import dialog offers."""
        return [
            {
                "label": self.env._("Template for monthly figures"),
                "template": "/cs_promotion/static/xls/cs_figure.xlsx",
            }
        ]

    @api.model
    def _load_records_create(self, vals_list):
        """Import a month again and it is corrected, not doubled: an agent has one row a month.

        A row that is there already with the same figures is left alone, so that importing the
        same file twice changes nothing, in a closed month as well.
        """
        vals_list = [self._on_first_day(vals) for vals in vals_list]
        known = {
            (figure.employee_id.id, f"{figure.month}"): figure
            for figure in self.search(
                [("employee_id", "in", [vals.get("employee_id") for vals in vals_list])]
            )
        }
        keys = [(vals.get("employee_id"), f"{vals.get('month')}") for vals in vals_list]
        new = [vals for key, vals in zip(keys, vals_list, strict=True) if key not in known]
        created = iter(super()._load_records_create(new))
        figures = self.browse()
        for key, vals in zip(keys, vals_list, strict=True):
            if key in known:
                known[key]._load_changes(vals)
                figures += known[key]
            else:
                figures += next(created)
        return figures

    def _load_changes(self, vals):
        """Write those of ``vals`` that differ."""
        given = self._convert_to_write(self.new(vals)._cache)
        present = self._convert_to_write({name: self[name] for name in vals})
        changes = {name: vals[name] for name in vals if given.get(name) != present.get(name)}
        if changes:
            self.write(changes)
