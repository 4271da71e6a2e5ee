from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date


class CsDashboard(models.Model):
    """The first day: from nothing to the first closed month, each step with what it lacks."""

    _inherit = "cs.dashboard"

    started = fields.Boolean(
        compute="_compute_start", help="A month has been closed: the first steps are done."
    )
    start_policy = fields.Boolean(compute="_compute_start")
    start_policy_text = fields.Char(compute="_compute_start")
    start_departments = fields.Boolean(compute="_compute_start")
    start_departments_text = fields.Char(compute="_compute_start")
    start_agents = fields.Boolean(compute="_compute_start")
    start_agents_text = fields.Char(compute="_compute_start")
    start_month = fields.Boolean(compute="_compute_start")
    start_month_text = fields.Char(compute="_compute_start")
    start_close_text = fields.Char(compute="_compute_start")

    @api.depends_context("lang")
    def _compute_start(self):
        for dashboard in self:
            company = dashboard.company_id
            dashboard.started = bool(self.env["cs.cycle"]._get_last_closed(company))
            steps = {
                "policy": dashboard._look_at_policy(),
                "departments": dashboard._look_at_departments(),
                "agents": dashboard._look_at_agents(),
                "month": dashboard._look_at_month(),
            }
            for name, (done, text) in steps.items():
                dashboard[f"start_{name}"] = done
                dashboard[f"start_{name}_text"] = text
            dashboard.start_close_text = dashboard._look_at_sheets()

    def _look_at_policy(self):
        """Whether a policy is in force today, and which."""
        policy = self.env["cs.policy"]._get_in_force(self.company_id, self.company_id._cs_today())
        if policy:
            return True, self.env._("In force: %s", policy.name)
        drafts = self.env["cs.policy"].search_count(
            [("company_id", "=", self.id), ("state", "=", "draft")]
        )
        if drafts:
            return False, self.env._("Still missing: look the draft over and activate it.")
        return False, self.env._(
            "Still missing: take over the shipped policy, change what differs."
        )

    def _look_at_departments(self):
        """Agents are ranked within their department (R2): there has to be one."""
        count = self.env["hr.department"].search_count([("company_id", "in", (self.id, False))])
        if count:
            return True, self.env._("Departments: %s; agents are ranked within theirs.", count)
        return False, self.env._("Still missing: the departments of customer service.")

    def _look_at_agents(self):
        """Agents on the ladder, and what each of them lacks."""
        agents = self.env["cs.path"].search([("company_id", "=", self.id)]).employee_id.sudo()
        if not agents:
            return False, self.env._(
                "Still missing: set tier and since-date on the employee form, or import them."
            )
        lacks = {
            self.env._("without department"): agents.filtered(lambda one: not one.department_id),
            self.env._("without superior"): agents.filtered(lambda one: not one.parent_id),
            self.env._("whose superior has no login (the office enters their paper forms)"): (
                agents.filtered(lambda one: one.parent_id and not one.parent_id.user_id)
            ),
        }
        text = self.env._("Agents on the ladder: %s", len(agents))
        found = [f"{len(some)} {lack}" for lack, some in lacks.items() if some]
        return True, "; ".join([text, *found])

    def _look_at_month(self):
        """Whether a month is open."""
        if self.cycle_id:
            return True, self.env._("%s is open.", self.cycle_id.name)
        return False, self.env._("Still missing: open the month; every agent gets both sheets.")

    def _look_at_sheets(self):
        """What the first closing waits for."""
        if not self.cycle_id:
            return self.env._("Still missing: the month has to be open.")
        if self.missing_sheets:
            return self.env._(
                "Still missing: sheets (%(open)s), due on %(due)s.",
                open=self.missing_sheets,
                due=format_date(self.env, self.date_due),
            )
        return self.env._("Complete: it closes by itself once the month is over.")

    def action_take_policy(self):
        """Open the company's policies; with none, a draft made from the shipped one."""
        self.env["cs.decision"]._check_group("cs_promotion.group_manager")
        self.check_access("read")
        policies = self.env["cs.policy"].search([("company_id", "=", self.id)])
        if not policies:
            shipped = self.env.ref("cs_promotion.policy_default", raise_if_not_found=False)
            if not shipped:
                raise UserError(self.env._("The shipped policy was deleted: create one."))
            policies = shipped.sudo().copy({"company_id": self.id, "name": shipped.sudo().name})
            names = {
                code: shipped.sudo().with_context(lang=code).name
                for code, _name in self.env["res.lang"].get_installed()
            }  # a given name is kept in the giver's language alone
            policies.update_field_translations("name", names)
        return self._open("cs.policy", res_id=policies[0].id)

    def action_departments(self):
        """Open the departments."""
        return self._open("hr.department", [("company_id", "in", (self.id, False))])

    def action_employees(self):
        """Open the employees, to set or import their tiers."""
        return self._open("hr.employee", [("company_id", "=", self.id)])

    def action_open_month(self):
        """Open the current month, and those that were missed."""
        self.env["cs.decision"]._check_group("cs_promotion.group_office")
        self.check_access("read")
        self.env["cs.cycle"]._open_now(self.company_id)
        return self.action_view_cycle() if self.cycle_id else None
