from odoo import api, fields, models
from odoo.exceptions import ValidationError


class HrLeaveType(models.Model):
    """What the company pays on days of this kind of leave (W6).

    Kinds may be shared by companies: each of them chooses for itself.
    """

    _inherit = "hr.leave.type"

    cs_pay_percent = fields.Float(
        string="Tier Pay (%)",
        digits=(5, 2),
        compute="_compute_cs_pay_percent",
        inverse="_inverse_cs_pay_percent",
        help="What of tier pay is paid on these days: nothing on unpaid leave and all of it on "
        "any other, unless you choose otherwise; for sickness and maternity what your rules say. "
        "The policy says what it reduces (W6).",
    )
    # a company-dependent 0 cannot be told from "not chosen": hence two fields
    cs_pay_chosen = fields.Boolean(company_dependent=True)
    cs_pay_chosen_percent = fields.Float(company_dependent=True)
    cs_payslip_code = fields.Char(
        string="Payslip Code",
        help="Worked days of this kind have this code on payslips that pay by tier, so that "
        "salary rules can ask for them; and lines with this code that are typed in or come from "
        "elsewhere are days of this kind. Without one, the code is that of the standard.",
    )

    _cs_payslip_code_check = models.Constraint(
        "CHECK(cs_payslip_code != 'WORK100')", "WORK100 is the code of the normal working days."
    )

    @api.depends("unpaid", "company_id", "cs_pay_chosen", "cs_pay_chosen_percent")
    @api.depends_context("company")
    def _compute_cs_pay_percent(self):
        for kind in self:
            own = kind._cs_of_company()
            standard = 0 if kind.unpaid else 100
            kind.cs_pay_percent = own.cs_pay_chosen_percent if own.cs_pay_chosen else standard

    def _inverse_cs_pay_percent(self):
        for kind in self:
            if not 0 <= kind.cs_pay_percent <= 100:
                raise ValidationError(
                    self.env._(
                        "%(kind)s: what is paid on leave lies between 0 and 100 percent of tier "
                        "pay.",
                        kind=kind.name,
                    )
                )
            kind._cs_of_company().write(
                {"cs_pay_chosen": True, "cs_pay_chosen_percent": kind.cs_pay_percent}
            )

    def _cs_of_company(self):
        """As the company sees it that it belongs to; a shared one, as that of the user."""
        self.ensure_one()
        return self.with_company(self.company_id or self.env.company)

    @api.model
    def _cs_get_by_code(self, company):
        """Code of worked days -> kind of leave, of the kinds that a company may use.

        Its own one comes before a shared one; two of its own with one code are none: nothing
        says which of them is meant.
        """
        # payroll officers see them on payslips; what is used of a kind is what it pays
        kinds = (
            self.sudo().with_company(company).search([("company_id", "in", (company.id, False))])
        )
        found = {}
        for shared in (True, False):
            ours = kinds.filtered(lambda each, shared=shared: bool(each.company_id) != shared)
            for code, alike in ours.grouped(lambda each: each._cs_get_code()).items():
                found[code] = alike if len(alike) == 1 else self.browse()
        return {code: kind for code, kind in found.items() if code and kind}

    def _cs_get_code(self):
        """The code of its worked days: its own, else that of its work entries, if there are."""
        work_entry_type = getattr(self, "work_entry_type_id", None)
        return self.cs_payslip_code or (work_entry_type and work_entry_type.code) or False
