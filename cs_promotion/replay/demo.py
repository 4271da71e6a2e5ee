"""Plays a demo: the months before the last quarter's end closed, the rest open.

A demo is a scenario and the people in charge around it (``demo/NAME.json``):

``history``
    the scenario; the package that it names is the policy in force
``staff``
    name -> ``login`` (the password is the same), ``title``, the department that someone
    ``leads``, and whether it is someone of the ``office``
``head``
    who is the superior of those who lead
``company``
    its ``name`` and ``currency``
``reviews``
    name -> why this agent's dismissal review ended without dismissal
``excluded``
    why agents without a form are left out
"""

from odoo import Command

from ..engine.calendar import add_months, month_end, quarter_start
from .player import Player


class DemoPlayer(Player):
    """A player in the main company, under its own policy, with people in charge."""

    def __init__(self, env, scenario, company, template, demo):
        super().__init__(env, scenario, company, template)
        self.demo = demo
        self.no_review = demo.get("excluded", self.no_review)
        self.users, self.leaders = {}, {}

    def play_until(self, today):
        """Play the history up to ``today``: the current month is half filled in."""
        self.set_up()
        quarter_closing = add_months(quarter_start(today), -1)
        for start in self.scenario.months():
            if start < quarter_closing:
                self.play_month(start)
                self.end_reviews()
            elif month_end(start) < today:
                self.record_month(start)
            elif start <= today:
                self.play_current(start)

    # ------------------------------------------------------------------ set up

    def set_up(self):
        """The company and its people in charge, then all else."""
        self.name_company()
        for name, each in self.demo["staff"].items():
            self.users[name] = self.make_user(name, each)
            if "leads" in each:
                self.leaders[each["leads"]] = name
        agents = {agent.name for agent in self.scenario.agents}
        for name, each in self.demo["staff"].items():
            if "title" in each and name not in agents:
                self.employees[name] = self.make_colleague(name, each)
        done = super().set_up()
        self.set_superiors()
        return done

    def name_company(self):
        """Its name and currency, where the demo gives them."""
        given = self.demo.get("company", {})
        if "name" in given:
            self.company.name = given["name"]
        if "currency" in given:
            currencies = self.env["res.currency"].with_context(active_test=False)
            currency = currencies.search([("name", "=", given["currency"])])
            currency.active = True
            self.company.currency_id = currency

    def make_user(self, name, given):
        groups = self.env.ref("base.group_user")
        if given.get("office"):
            groups |= self.env.ref("cs_promotion.group_office")
        users = self.env["res.users"].with_context(no_reset_password=True)
        return users.create(
            {
                "name": name,
                "login": given["login"],
                "password": given["login"],
                "company_id": self.company.id,
                "company_ids": [Command.set(self.company.ids)],
                "group_ids": [Command.set(groups.ids)],
            }
        )

    def make_colleague(self, name, given):
        """Someone in charge who is not on the ladder."""
        department = self.get_department(given["leads"]) if "leads" in given else None
        return self.env["hr.employee"].create(
            {
                "name": name,
                "company_id": self.company.id,
                "department_id": department.id if department else False,
                "job_title": given["title"],
                "user_id": self.users[name].id,
            }
        )

    def make_policy(self):
        """The package's in force instead of the shipped one, or the shipped one."""
        shipped = self.env["cs.replay"]._get_template()
        if self.template != shipped:
            if shipped.company_id == self.company:
                shipped.action_draft()
                shipped.active = False
            self.template.date_from = self.scenario.start
            self.template.action_activate()
        return self.template

    def make_employee(self, agent):
        employee = super().make_employee(agent)
        employee.user_id = self.users.get(agent.name)
        return employee

    def set_superiors(self):
        """Those who lead are the superiors of their department, and the head is theirs."""
        head = self.employees.get(self.demo.get("head"))
        for department, name in self.leaders.items():
            self.get_department(department).manager_id = self.employees[name]
        for agent in self.scenario.agents:
            employee = self.employees[agent.name]
            leader = self.get_department(agent.department).manager_id
            employee.parent_id = leader if leader != employee else head
        for name in self.leaders.values():
            if head and not self.employees[name].parent_id:
                self.employees[name].parent_id = head

    # ------------------------------------------------------------------ one month

    def apply(self, day):
        """What waits for a manager is approved at once, where the policy asks for that."""
        proposed = self.env["cs.decision"].search(
            [
                ("company_id", "=", self.company.id),
                ("state", "=", "proposed"),
                ("outcome", "!=", "dismissal_review"),
            ]
        )
        for decision in proposed:
            decision.attested_by = decision.superior_user_id
        proposed.approved_by = self.env.ref("base.user_admin")
        proposed._announce(day)
        return super().apply(day)

    def end_reviews(self):
        """Those dismissal reviews that end without dismissal."""
        for name, reason in self.demo.get("reviews", {}).items():
            self.env["cs.decision"].search(
                [
                    ("outcome", "=", "dismissal_review"),
                    ("state", "=", "announced"),
                    ("employee_id", "=", self.employees[name].id),
                ]
            )._reject(reason)

    def submit(self, sheets):
        """Each sheet bears the name of its rater."""
        office = next(
            self.users[name] for name, each in self.demo["staff"].items() if each.get("office")
        )
        for user, own in sheets.grouped("rater_user_id").items():
            own.with_user(user or office).sudo().action_submit()

    def play_current(self, start):
        """Open the current month, enter what is measured, and fill in the sheets of every other
        agent."""
        cycle = self.env["cs.cycle"]._get_or_create(self.company, "month", start)
        cycle._open()
        self.record_measured(start)
        self.fill_in(cycle, start, agents=self.scenario.agents[::2])
