from odoo import api, models
from odoo.exceptions import UserError


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
    def _find_sheet_faults(self, data_list):
        """Figures that cannot be, or whose month is closed (V3), for all rows at once."""
        faults = super()._find_sheet_faults(data_list)
        rows = {
            index: self._on_first_day(data["values"])
            for index, data in enumerate(data_list)
            if not (index in faults or data.get("xml_id") or data["values"].get("id"))
        }
        known = self._find_months(list(rows.values()))
        companies = (
            self.env["hr.employee"]
            .sudo()
            .browse({vals["employee_id"] for vals in rows.values() if vals.get("employee_id")})
            .company_id
        )  # of agents whom this user gives figures for; nothing of them is shown
        closed = self.env["cs.cycle"]._get_closed_months(companies)
        for index, vals in rows.items():
            key = self._get_month_key(vals)
            figure = known.get(key, self.browse())
            given = figure._get_changes(vals) if figure else vals
            try:
                figure._check_figures(given)
            except UserError as error:
                faults[index] = str(error)
                continue
            judged = {name for name in ("handled", "complaints") if given.get(name)}
            if figure:
                judged = {"handled", "complaints"} & set(given)
            company = judged and self.env["hr.employee"].sudo().browse(key[0] or []).company_id
            if closed and judged and (company.id, key[1]) in closed:
                faults[index] = self._tell_closed(
                    figure.display_name or f"{self._name_given(vals)} {key[1]:%Y-%m}"
                )
        return faults
