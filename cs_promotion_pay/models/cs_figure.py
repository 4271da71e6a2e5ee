from odoo import api, fields, models

from .cs_pay_outlook import NAMED


class CsFigure(models.Model):
    """Correcting the sales of a paid month says which payslips it touches, and by how much."""

    _inherit = "cs.figure"

    pay_notice = fields.Text(
        string="Paid",
        compute="_compute_pay_notice",
        groups="cs_promotion.group_office,hr.group_hr_manager",
        help="Which payslip paid by these figures, and what of it is to be settled (W7).",
    )

    @api.depends("employee_id", "month", "company_id", "sales")
    @api.depends_context("lang")
    def _compute_pay_notice(self):
        words = self.env["cs.pay.words"]
        found = self._find_paid()
        for figure in self:
            figure.pay_notice = False
            slips, amount = found.get(figure, (None, None))
            if slips is None:
                continue
            values = {"month": words._format_month(figure.month), "slips": slips}
            if amount:
                places = figure._get_pay_company()._cs_places()
                figure.pay_notice = self.env._(
                    "%(month)s is paid (%(slips)s): with these sales the next payslip settles "
                    "%(amount)s of it.",
                    amount=words._format_signed(amount, places),
                    **values,
                )
            else:
                figure.pay_notice = self.env._(
                    "%(month)s is paid (%(slips)s). What other sales make of it is settled with "
                    "the next payslip.",
                    **values,
                )

    def _find_paid(self):
        """Figure -> names of the payslips that paid by it, and what is open of them."""
        # sudo: which payslips these are is told to whoever may correct the figures
        outlook, found = self.env["cs.pay.outlook"].sudo(), {}
        filled = self.filtered(lambda each: each.employee_id and each.month)
        for company, figures in filled.grouped(lambda each: each._get_pay_company()).items():
            keys = {
                (each.employee_id._origin.id, fields.Date.start_of(each.month, "month")): each
                for each in figures
            }
            sales = {key: each.sales for key, each in keys.items()}
            for key, values in outlook._find_of_sales(company, sales).items():
                found[keys[key]] = values
        return found

    def _get_pay_company(self):
        """The company that pays by these figures: its own, before it is saved the agent's."""
        return self.company_id or self.employee_id.sudo().company_id or self.env.company

    def _get_sheet_notes(self):
        """What an import, or its test, changes of paid months."""
        notes, words = super()._get_sheet_notes(), self.env["cs.pay.words"]
        found = {each: values for each, values in self._find_paid().items() if values[1]}
        if not found:
            return notes
        shown = [
            self.env._(
                "%(figure)s (%(slips)s) %(amount)s",
                figure=figure.display_name,
                slips=slips,
                amount=words._format_signed(amount, figure._get_pay_company()._cs_places()),
            )
            for figure, (slips, amount) in list(found.items())[:NAMED]
        ]
        shown += self.env["cs.pay.outlook"]._tell_more(len(found))
        return [
            *notes,
            self.env._(
                "%(count)s of these months are paid. With these figures the next payslips settle: "
                "%(shown)s.",
                count=len(found),
                shown="; ".join(shown),
            ),
        ]
