from datetime import date

from odoo import api, fields, models
from odoo.fields import Domain

from .scheduled import take_step


class CsPolicy(models.Model):
    """Base wages follow the version in force (W1)."""

    _inherit = "cs.policy"

    wages_revised = fields.Boolean(
        readonly=True, copy=False, help="The agents' base wages have been revised to it (W1)."
    )

    def action_activate(self):
        res = super().action_activate()
        self._revise_later_ones()
        return res

    def action_draft(self):
        """Taken out of force, the wages go back to those of the version before."""
        revised = self.filtered("wages_revised")
        lines = {policy: policy._get_pay_lines() for policy in revised}
        res = super().action_draft()
        for policy in revised:
            former = policy._get_former()
            if former:
                policy.sudo()._move_wages(lines[policy], former._get_pay_lines())
        self.sudo().wages_revised = False
        self._revise_later_ones()
        return res

    def _revise_later_ones(self):
        """What follows another version now is compared with it again."""
        for policy in self.sudo():
            self.sudo().search(
                [
                    ("company_id", "=", policy.company_id.id),
                    ("date_from", ">", policy.date_from),
                    ("wages_revised", "=", True),
                ]
            ).wages_revised = False

    def _get_former(self):
        return self._get_in_force(self.company_id, fields.Date.subtract(self.date_from, days=1))

    def _revise_wages(self):
        """Dated versions with the new base wages for agents whose policy starts (W1).

        A wage that HR agreed otherwise is marked so, and stays (W6). Done once.
        """
        for policy in self:
            former = policy._get_former()
            if former:
                policy._move_wages(former._get_pay_lines(), policy._get_pay_lines())
            policy.wages_revised = True

    def _move_wages(self, old, new):
        """Move agents from one base wage to another, from this version's start on.

        :param old: tier code -> pay line, as is :param new:
        """
        ids = self.env["cs.tier"]._get_ids_by_code()
        # a tier that only one of them pays has no wage that could follow the other's
        moved = {
            ids[code]
            for code in old.keys() & new.keys()
            if old[code].base_wage != new[code].base_wage
        }
        timelines = self.env["cs.timeline"]._load_on_ladder(
            self.company_id, self.date_from, date.max
        )
        employees = self.env["hr.employee"].browse(timelines)
        for employee in employees.with_context(active_test=False):
            held = timelines[employee.id].at(self.date_from)
            if held and held.tier in moved:
                employee._cs_revise_wage(self.date_from, held)

    @api.model
    def _cron_revise_wages(self):
        """Revise wages for every version that has started since (scheduled daily)."""
        started = self.env["res.company"]._cs_until_today("date_from")
        active = Domain("state", "=", "active") & Domain("wages_revised", "=", False)
        policies = self.search(active & started, order="date_from")
        self.env["ir.cron"]._commit_progress(remaining=len(policies))
        for policy in policies:
            take_step(policy, type(self)._revise_wages)
