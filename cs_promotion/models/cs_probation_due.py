from odoo import api, fields, models
from odoo.fields import Domain

from ..engine.facts import Closing
from ..engine.rules import passed_test, probation_ends

DAYS_AHEAD = 7  # the to-do appears that many days before probation ends
ACTIVITY = "cs_promotion.mail_activity_probation_test"


class CsProbationTest(models.Model):
    """Probation tests that are due become a to-do for the superior, or the office (U1)."""

    _inherit = "cs.probation.test"

    @api.model_create_multi
    def create(self, vals_list):
        tests = super().create(vals_list)
        passed = tests.filtered("passed").sudo().employee_id
        passed.activity_unlink([ACTIVITY])
        return tests

    @api.model
    def _cron_remind(self):
        """Put the tests that are due within a week on someone's list (scheduled daily)."""
        lowest = Domain.OR(
            Domain("tier_id", "=", tier.id) & Domain("company_id", "in", companies.ids)
            for tier, companies in self.env["cs.policy"]._get_lowest_tiers().items()
        )
        agents = self.env["cs.path"].sudo().search(lowest).employee_id
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
        compiled = policy._compile()
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
