from odoo import api, fields, models


class CsDashboard(models.Model):
    """Pay among the first steps, and who holds a tier without being paid by it."""

    _inherit = "cs.dashboard"

    not_paid = fields.Integer(
        compute="_compute_not_paid",
        string="Not Paid by Tier",
        help="They hold a tier, and their salary structure does not pay by tier.",
    )
    to_settle_structure = fields.Integer(
        compute="_compute_not_paid",
        string="Structure to Choose",
        help="They have left the ladder and still have the structure of tier pay.",
    )
    start_pay = fields.Boolean(compute="_compute_start")
    start_pay_text = fields.Char(compute="_compute_start")

    def _compute_not_paid(self):
        # sudo: the office, which cannot read wages, is told how many there are
        employees = self.env["hr.employee"].sudo()
        for dashboard in self:
            dashboard.not_paid = employees.search_count(dashboard._get_not_paid_domain())
            dashboard.to_settle_structure = employees.search_count(
                dashboard._get_structure_open_domain()
            )

    def _get_not_paid_domain(self):
        return [("company_id", "=", self.id), ("cs_not_paid_by_tier", "=", True)]

    def _get_structure_open_domain(self):
        return [("company_id", "=", self.id), ("cs_structure_open", "=", True)]

    @api.depends_context("lang")
    def _compute_start(self):
        res = super()._compute_start()
        for dashboard in self:
            dashboard.start_pay, dashboard.start_pay_text = dashboard._look_at_pay()
        return res

    def _look_at_pay(self):
        """Whether everybody on the ladder is paid by tier."""
        if not self.start_agents:
            return False, self.env._("Still missing: the agents, see above.")
        if self.not_paid:
            return False, self.env._(
                "Still missing: agents hold a tier, and their salary structure does not pay by it "
                "(%s). Prepare your structure.",
                self.not_paid,
            )
        return True, self.env._("All agents are paid by tier.")

    def action_view_not_paid(self):
        """Open the employees who hold a tier and are not paid by it."""
        return self._open("hr.employee", self._get_not_paid_domain())

    def action_view_structure_open(self):
        """Open the employees who have left the ladder, with the structure still to be chosen."""
        return self._open("hr.employee", self._get_structure_open_domain())
