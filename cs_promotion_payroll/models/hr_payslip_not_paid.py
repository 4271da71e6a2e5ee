from odoo import api, fields, models

from .hr_payslip_frozen import COMPUTING


class HrPayslip(models.Model):
    """Payslips of agents who hold a tier, by a structure that does not pay by tier.

    Nobody's structure is replaced unasked, so this can be: it is told until it is mended.
    """

    _inherit = "hr.payslip"

    cs_not_paid = fields.Boolean(
        string="Not Paid by Tier",
        readonly=True,
        copy=False,
        help="A CS tier is held in the period, and the structure does not pay by tier.",
    )

    @api.depends("cs_not_paid")
    def _compute_cs_texts(self):
        res = super()._compute_cs_texts()
        text = self.env["cs.pay.words"]._get_warnings()["not_paid"]
        for slip in self.filtered("cs_not_paid"):
            slip.cs_warning = "\n".join(filter(None, (text, slip.cs_warning)))
        return res

    def _get_employee_contracts(self):
        """The version that is paid by tier comes first: its structure pays the month, the days
        off the ladder by their wage (W3)."""
        contracts = super()._get_employee_contracts()
        if len(self) != 1 or self.contract_id or self.struct_id:
            return contracts
        return contracts._put_first(self._get_tier_version())

    def _get_tier_version(self):
        """The version by which the month's tier is paid, none where there is none."""
        employee = self.employee_id._origin
        versions = employee._cs_get_tier_versions(self.date_from, self.date_to)
        return versions.get(employee.id, self.env["hr.version"])

    @api.onchange("employee_id", "date_from", "date_to")
    def onchange_employee(self):
        """Other dates may have another contract, and with it another structure: who has left the
        ladder since is not paid by its structure, who has joined it is."""
        if not self.env.context.get("contract"):
            self._drop_former_contract()
        return super().onchange_employee()

    def _drop_former_contract(self):
        """Leave a contract that the dates have outrun, or that does not pay the month's tier,
        with the structure that came with it: Odoo then chooses anew."""
        former = self.contract_id
        if not (former and self.employee_id and self.date_from and self.date_to):
            return
        employee = self.employee_id._origin
        contracts = employee._get_contracts(date_start=self.date_from, date_end=self.date_to)
        paid = self._get_tier_version()
        ours = (contracts.get(employee.id) or former.browse())._put_first(paid)
        if not ours or former == ours[0] or (former in ours and not paid):
            return
        if self.struct_id == former.struct_id:
            self.struct_id = False
        self.contract_id = False

    def _note_not_paid(self):
        """After payslips were computed by structures that do not pay by tier."""
        open_ = self.with_context(cs_computing=COMPUTING).filtered(
            lambda slip: slip.state != "done"
        )
        unpaid = open_._find_not_paid()
        for slip in open_:
            missed = slip in unpaid
            if (slip.cs_not_paid, slip.cs_warned, bool(slip.cs_figures)) != (missed, missed, False):
                slip.write({"cs_not_paid": missed, "cs_warned": missed, "cs_figures": False})
        # what they took while they paid by tier, they take no more
        if former := open_.filtered(lambda slip: slip.sudo().cs_taking_ids):
            former._write_takings({})
        if former := open_.filtered(lambda slip: slip.sudo().cs_settlement_ids):
            former._write_settled({})

    def _find_not_paid(self):
        """Those of these payslips whose agents hold a tier in the period, and have no payslip
        that pays it."""
        asked = self.filtered(lambda slip: not slip.credit_note and slip.employee_id)
        found = self.browse()
        for company, slips in asked.grouped("company_id").items():
            timelines = self.env["cs.timeline"]._load(slips.employee_id.ids, company)
            held = slips.filtered(
                lambda slip, timelines=timelines: timelines[slip.employee_id.id].on_ladder(
                    slip.date_from, slip.date_to
                )
            )
            paid = held and set(
                self.search(
                    [
                        ("employee_id", "in", held.employee_id.ids),
                        ("company_id", "=", company.id),
                        ("cs_pay_month", "in", held.mapped("cs_pay_month")),
                        ("struct_id.cs_tier_pay", "=", True),
                        ("state", "!=", "cancel"),
                    ]
                ).mapped(lambda slip: (slip.employee_id, slip.cs_pay_month))
            )
            found |= held.filtered(
                lambda slip, paid=paid: (slip.employee_id, slip.cs_pay_month) not in paid
            )
        return found


class HrPayslipRun(models.Model):
    _inherit = "hr.payslip.run"

    cs_not_paid_count = fields.Integer(compute="_compute_cs_not_paid_count")

    @api.depends("slip_ids.cs_not_paid", "slip_ids.state")
    def _compute_cs_not_paid_count(self):
        counts = dict(
            self.env["hr.payslip"]._read_group(
                self._get_not_paid_domain(), ["payslip_run_id"], ["__count"]
            )
        )
        for run in self:
            run.cs_not_paid_count = counts.get(run, 0)

    def _get_not_paid_domain(self):
        return [
            ("payslip_run_id", "in", self.ids),
            ("cs_not_paid", "=", True),
            ("state", "!=", "cancel"),
        ]

    def action_cs_view_not_paid(self):
        """Open the payslips of those who hold a tier and are not paid by it."""
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Hold a Tier, Are Not Paid by It"),
            "res_model": "hr.payslip",
            "view_mode": "list,form",
            "domain": self._get_not_paid_domain(),
        }
