from collections import Counter

from odoo import api, models
from odoo.exceptions import ValidationError


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
        self._check_no_doubles(keys)
        new = [vals for key, vals in zip(keys, vals_list, strict=True) if key not in known]
        created = iter(super()._load_records_create(new))
        figures = self.browse()
        for key, vals in zip(keys, vals_list, strict=True):
            if key in known:
                known[key]._load_changes(vals)
                figures += known[key]
            else:
                figures += next(created)
        self.env.context.get("cs_loaded", set()).update(keys)
        return figures

    @api.model
    def load(self, fields, data):
        """Remember the rows of this file, so that it cannot give a month twice."""
        return super(CsFigure, self.with_context(cs_loaded=set())).load(fields, data)

    @api.model
    def _check_no_doubles(self, keys):
        """Refuse a file that gives an agent's month twice: which of the two would count?

        Odoo loads all rows at once and, when that fails, one by one: those that were loaded
        before count, too.
        """
        loaded = self.env.context.get("cs_loaded", set())
        for key, count in Counter(key for key in keys if key[0]).items():
            if count > 1 or key in loaded:
                raise ValidationError(
                    self.env._(
                        "%(agent)s, %(month)s: the file gives this month more than once.",
                        agent=self.env["hr.employee"].browse(key[0]).name,
                        month=key[1][:7],
                    )
                )

    def _load_changes(self, vals):
        """Write those of ``vals`` that differ."""
        given = self._convert_to_write(self.new(vals)._cache)
        present = self._convert_to_write({name: self[name] for name in vals})
        changes = {name: vals[name] for name in vals if given.get(name) != present.get(name)}
        if changes:
            self.write(changes)
