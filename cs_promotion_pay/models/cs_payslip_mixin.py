from markupsafe import Markup

from odoo import api, fields, models


class CsPayslipMixin(models.AbstractModel):
    """What a payslip keeps of tier pay and tells of it, whichever payroll it belongs to.

    A bridge inherits it on its model of payslips, which has ``employee_id`` and ``company_id``,
    and writes the figures when it computes (:mod:`~..record`).
    """

    _name = "cs.payslip.mixin"
    _description = "Payslip with Tier Pay"

    cs_pay_month = fields.Date(
        string="Pay Month",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="The month that is paid, by its first day; its days are a setting (W8).",
    )
    cs_pay_start = fields.Date(
        string="Pay Month from",
        readonly=True,
        copy=False,
        help="First day of the pay month, as the company's setting was when the payslip got its "
        "dates; another setting later does not move it (W8).",
    )
    cs_pay_end = fields.Date(string="Pay Month to", readonly=True, copy=False)
    cs_figures = fields.Json(string="CS Figures", readonly=True, copy=False)
    cs_facts = fields.Char(
        string="CS Facts",
        readonly=True,
        copy=False,
        help="What the amounts depended on, in short: paid months are compared by it (W7).",
    )
    cs_warned = fields.Boolean(
        string="CS Warning",
        readonly=True,
        copy=False,
        help="Something for payroll to look at, such as a missing score (W2).",
    )
    cs_warning = fields.Text(string="CS Warnings", compute="_compute_cs_texts")
    cs_explanation = fields.Html(
        string="How It Came About", compute="_compute_cs_texts", sanitize=False
    )

    @api.depends("cs_figures")
    @api.depends_context("lang")
    def _compute_cs_texts(self):
        words = self.env["cs.pay.words"]
        texts = words._get_warnings()
        for slip in self:
            kept = slip.cs_figures or {}
            warnings = [texts[code] for code in kept.get("warnings", ()) if code in texts]
            slip.cs_warning = "\n".join(warnings) or False
            slip.cs_explanation = kept and Markup("<ul>%s</ul>") % Markup("").join(
                Markup("<li>%s</li>") % text
                for text in words._explain(kept, slip.company_id.currency_id)
            )
