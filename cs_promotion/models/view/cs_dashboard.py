from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL, format_date

from ...engine.calendar import quarter_start

MOVES = ("confirmation", "promotion", "demotion", "exceptional", "review")  # always told


class CsDashboard(models.Model):
    """What HR sees first: the ladder, the month's progress, moves, and what waits for someone.

    On the first day: from nothing to the first closed month, each step with what it lacks.
    One row for every company, its id the company's. Nothing is stored.
    """

    _name = "cs.dashboard"
    _inherit = ["cs.name.search.mixin"]
    _description = "CS Dashboard"
    _auto = False
    _name_parts = ("company_id",)

    company_id = fields.Many2one("res.company", readonly=True)
    agent_count = fields.Integer(compute="_compute_ladder", string="Agents")
    ladder_html = fields.Html(compute="_compute_ladder", sanitize=False, string="Ladder")
    cycle_id = fields.Many2one("cs.cycle", compute="_compute_cycle", string="Month")
    progress = fields.Float(compute="_compute_cycle", string="Progress (%)")
    date_due = fields.Date(compute="_compute_cycle", string="Sheets Due")
    open_sheets = fields.Integer(
        compute="_compute_cycle", help="Still to be filled in, of those that the reader may see."
    )
    missing_sheets = fields.Integer(
        compute="_compute_cycle", help="Still to be filled in, of all raters."
    )
    late_sheets = fields.Integer(compute="_compute_cycle")
    moves_html = fields.Html(compute="_compute_moves_html", sanitize=False, string="Moves")
    approvals = fields.Integer(compute="_compute_waiting", string="Decisions to Approve")
    reviews = fields.Integer(compute="_compute_waiting", string="Dismissal Reviews")
    violations = fields.Integer(compute="_compute_waiting", string="Reported Violations")
    announced = fields.Integer(compute="_compute_waiting", string="In Their Notice")
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

    @property
    def _table_query(self):
        return SQL("SELECT id, id AS company_id FROM res_company")

    @api.depends_context("lang")
    def _compute_display_name(self):
        self.display_name = self.env._("Dashboard")

    @api.model
    def _get_fixed_words(self):
        return self.env._("Dashboard")

    @api.depends_context("lang")
    def _compute_ladder(self):
        counts = {
            (company.id, tier.id): count
            for company, tier, count in self.env["cs.path"]._read_group(
                [("company_id", "in", self.ids)], ["company_id", "tier_id"], ["__count"]
            )
        }
        policies = self.env["cs.policy"]
        for dashboard in self:
            company = dashboard.company_id
            policy = policies._get_in_force(company, company._cs_today())
            held = [tier for id_, tier in counts if id_ == company.id]
            rungs = policy._get_shown_rungs(*policies.env["cs.tier"].browse(held))
            rows = [(tier, counts.get((company.id, tier.id), 0)) for tier, _line in rungs[::-1]]
            dashboard.agent_count = sum(
                count for (company_id, _tier), count in counts.items() if company_id == company.id
            )
            dashboard.ladder_html = self.env["ir.qweb"]._render(
                "cs_promotion.dashboard_ladder",
                {"rows": rows, "most": max((count for _tier, count in rows), default=0) or 1},
            )

    @api.depends_context("uid")
    def _compute_cycle(self):
        for dashboard in self:
            cycle = self.env["cs.cycle"].search(
                [
                    ("company_id", "=", dashboard.id),
                    ("state", "=", "open"),
                    ("kind", "=", "month"),
                ],
                order="date_start",
                limit=1,
            )
            dashboard.cycle_id = cycle
            dashboard.date_due = cycle.date_due
            dashboard.progress = cycle.progress
            dashboard.open_sheets = cycle.open_sheet_count
            dashboard.missing_sheets = cycle.missing_sheet_count
            dashboard.late_sheets = cycle.missing_sheet_count if cycle.late else 0

    @api.depends_context("lang")
    def _compute_moves_html(self):
        labels = dict(self.env["cs.decision"]._fields["kind"]._description_selection(self.env))
        for dashboard in self:
            counts = dict(
                self.env["cs.decision"]._read_group(
                    dashboard._get_moves_domain(), ["kind"], ["__count"]
                )
            )
            # what not every policy knows is told where there is some
            shown = [kind for kind in labels if kind in MOVES or kind in counts]
            rows = [(labels[kind], counts.get(kind, 0)) for kind in shown]
            dashboard.moves_html = self.env["ir.qweb"]._render(
                "cs_promotion.dashboard_moves", {"rows": rows}
            )

    @api.model
    def _get_waiting(self):
        """What waits for someone: field -> model and domain, of what its button opens as well;
        addons add theirs."""
        changes = Domain("tier_to_id", "!=", False)
        return {
            "approvals": ("cs.decision", changes & Domain("state", "=", "proposed")),
            "announced": ("cs.decision", changes & Domain("state", "=", "announced")),
            "reviews": (
                "cs.decision",
                ~changes & Domain("state", "in", ("proposed", "announced")),
            ),
            "violations": ("cs.violation", Domain("state", "=", "reported")),
        }

    @api.depends_context("uid")
    def _compute_waiting(self):
        for name, (model, domain) in self._get_waiting().items():
            counts = dict(
                self.env[model]._read_group(
                    domain & Domain("company_id", "in", self.ids), ["company_id"], ["__count"]
                )
            )
            for dashboard in self:
                dashboard[name] = counts.get(dashboard.company_id, 0)

    @api.model
    def action_open_mine(self):
        """Open the dashboard of the reader's company."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Dashboard"),
            "res_model": self._name,
            "res_id": self.env.company.id,
            "view_mode": "form",
            "views": [(False, "form")],
        }

    def action_view_cycle(self):
        """Open the month that is being scored."""
        return self._open("cs.cycle", res_id=self.cycle_id.id)

    def action_view_sheets(self):
        """Open the sheets that are still to be filled in."""
        return self._open("cs.appraisal.sheet", list(self.cycle_id._get_open_sheets_domain()))

    def action_view_agents(self):
        """Open the pages of all agents on the ladder."""
        return self._open("cs.path", [("company_id", "=", self.id)])

    def action_view_approvals(self):
        """Open the decisions a manager has to approve."""
        return self._open_waiting("approvals")

    def action_view_announced(self):
        """Open the decisions that are in their notice."""
        return self._open_waiting("announced")

    def action_view_reviews(self):
        """Open the dismissal reviews that wait for a person."""
        return self._open_waiting("reviews")

    def action_view_moves(self):
        """Open this quarter's decisions."""
        return self._open("cs.decision", self._get_moves_domain())

    def _get_moves_domain(self):
        """The standing decisions that take effect in this quarter or later."""
        return [
            ("effective_date", ">=", quarter_start(self.company_id._cs_today())),
            ("state", "in", ("proposed", "announced", "applied")),
            ("company_id", "=", self.id),
        ]

    def action_view_violations(self):
        """Open the violations that wait for the office."""
        return self._open_waiting("violations")

    def _open_waiting(self, name):
        """A window on what the number of this name counts."""
        model, domain = self._get_waiting()[name]
        return self._open(model, list(domain & Domain("company_id", "=", self.id)))

    def _open(self, model, domain=None, res_id=None):
        """A window on records of ``model``: one, or all of ``domain``."""
        self.check_access("read")
        action = {
            "type": "ir.actions.act_window",
            "name": self.env["ir.model"]._get(model).name,
            "res_model": model,
            "view_mode": "form" if res_id else "list,kanban,form",
            "views": [(False, "form")]
            if res_id
            else [(False, "list"), (False, "kanban"), (False, "form")],
        }
        return action | ({"res_id": res_id} if res_id else {"domain": domain})

    # ------------------------------------------------------------------ the first day

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
            company = self.company_id
            policy = self.env["cs.policy"]._get_in_force(company, company._cs_today())
            if policy and policy.rank_within != "department":
                return True, self.env._("Departments: %s", count)
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
        return True, self.env["cs.words"]._say_one_by_one([text, *found])

    def _look_at_month(self):
        """Whether a month is open."""
        if self.cycle_id:
            return True, self.env._("%s is open.", self.cycle_id.name)
        return False, self.env._(
            "Still missing: open the month; every agent gets a sheet of each rater."
        )

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
        self.env["cs.guard.mixin"]._check_group("cs_promotion.group_manager")
        self.check_access("read")
        policies = self.env["cs.policy"].search([("company_id", "=", self.id)])
        if not policies:
            shipped = self.env.ref("cs_promotion.policy_default", raise_if_not_found=False)
            if not shipped:
                raise UserError(self.env._("The shipped policy was deleted: create one."))
            # sudo: the shipped one is of another company; a copy of it is this one's own
            shipped = shipped.sudo()
            policies = shipped.copy({"company_id": self.id, "name": shipped.name})
            names = {
                code: shipped.with_context(lang=code).name
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
        self.env["cs.guard.mixin"]._check_group("cs_promotion.group_office")
        self.check_access("read")
        self.env["cs.cycle"]._open_now(self.company_id)
        return self.action_view_cycle() if self.cycle_id else None
