from odoo import api, fields, models
from odoo.fields import Domain

from ...engine.facts import Closing
from ...engine.rules import passed_test, probation_ends

DAYS_AHEAD = 7  # the to-do appears that many days before probation ends
ACTIVITY = "cs_promotion.mail_activity_probation_test"


class CsProbationTest(models.Model):
    """A test of knowledge and skills at the end of probation (U1); one that is due becomes a to-do
    for the superior, or the office."""

    _name = "cs.probation.test"
    _inherit = ["cs.employee.mixin", "cs.sheet.agent.mixin", "mail.thread"]
    _description = "CS Probation Test"
    _order = "date desc, id desc"
    _employed_date = "date"
    _has_happened = True
    _name_parts = ("employee_id", "date")
    _bounds = {"knowledge": (0, 100), "skills": (0, 100)}

    department_id = fields.Many2one(related="employee_id.department_id")
    date = fields.Date(
        required=True, default=lambda self: self.env.company._cs_today(), tracking=True
    )
    knowledge = fields.Float(
        string="Knowledge Points",
        digits=(5, 2),
        required=True,
        tracking=True,
        help="Professional knowledge, 0 to 100.",
    )
    skills = fields.Float(
        string="Skills Points",
        digits=(5, 2),
        required=True,
        tracking=True,
        help="Working skills, 0 to 100.",
    )
    examiner_id = fields.Many2one(
        "res.users", default=lambda self: self.env.user, ondelete="restrict"
    )
    note = fields.Text()
    passed = fields.Boolean(compute="_compute_passed", store=True)

    _points_check = models.Constraint(
        "CHECK(knowledge BETWEEN 0 AND 100 AND skills BETWEEN 0 AND 100)",
        "Knowledge and skills are between 0 and 100 points.",
    )

    @api.depends("employee_id", "date")
    def _compute_display_name(self):
        for test in self:
            test.display_name = self._join_name(test.employee_id.name, test.date, glue=" ")

    @api.model_create_multi
    def create(self, vals_list):
        tests = super().create(vals_list)
        passed = tests.filtered("passed").sudo().employee_id
        passed.activity_unlink([ACTIVITY])
        return tests

    def _get_frozen(self):
        """A test on which a decision rests stays as it was when it was decided (U1)."""
        decisions = self.env["cs.decision"].sudo()
        return decisions.search([("test_id", "in", self.ids)]).test_id & self

    @api.depends("knowledge", "skills", "date", "company_id")
    def _compute_passed(self):
        policies = {}
        for test in self:
            key = (test.company_id, test.date)
            if key not in policies:  # looked up once for all tests of a day
                policies[key] = self.env["cs.policy"]._get_in_force(*key)
            policy = policies[key]
            mark = policy.pass_mark
            test.passed = bool(policy) and test.knowledge >= mark and test.skills >= mark

    # ------------------------------------------------------------------ tests that are due

    @api.model
    def _cron_remind(self):
        """Put the tests that are due within a week on someone's list (scheduled daily)."""
        lowest = Domain.OR(
            Domain("tier_id", "=", tier.id) & Domain("company_id", "in", companies.ids)
            for tier, companies in self.env["cs.policy"]._get_probation_tiers().items()
        )
        agents = self.env["cs.path"].search(lowest).employee_id
        for company, employees in agents.grouped("company_id").items():
            self.with_company(company)._schedule_due(company, employees, company._cs_today())

    @api.model
    def _get_clerk(self, company):
        """One of the office, a manager only where there is no one else."""
        office = self.env["cs.cycle"]._get_office(company)
        clerks = office.filtered(lambda user: not user.has_group("cs_promotion.group_manager"))
        return (clerks or office)[:1]

    @api.model
    def _schedule_due(self, company, employees, day):
        """One to-do for each agent whose probation ends soon without a passed test.

        :return: the employees that have a new to-do
        """
        policy = self.env["cs.policy"]._get_in_force(company, day)
        if not policy:
            return employees.browse()
        compiled = policy._compile_rules()
        timelines = self.env["cs.timeline"]._load(employees.ids, company)
        scheduled = employees.browse()
        for facts in self.env["cs.facts"]._load(timelines, Closing(day), company):
            due = probation_ends(compiled, facts)
            employee = employees.browse(facts.agent)
            if (
                passed_test(compiled, facts, day)
                or fields.Date.subtract(due, days=DAYS_AHEAD) > day
                or employee.activity_search([ACTIVITY])
            ):
                continue
            superior = employee.parent_id._cs_get_reachable_user()
            user = superior or self._get_clerk(company)
            if user:
                words = self.with_context(lang=user.lang).env
                employee.with_context(lang=user.lang).activity_schedule(
                    ACTIVITY,
                    date_deadline=due,
                    user_id=user.id,
                    summary=words._("Hold the test; the office enters the points"),
                )
                scheduled |= employee
        return scheduled
