"""Plays the demo history: the months before the last quarter's end closed, the rest open."""

from ..engine.calendar import add_months, month_end, quarter_start
from .player import Player

USERS = {"Wang Fang 王芳": "cs_promotion.user_demo_agent"}
RETAINED = "Xu Peng 徐鹏"  # the dismissal review of this agent ended without dismissal


class DemoPlayer(Player):
    """A player in the main company, under its own policy, with people in charge."""

    def make_policy(self):
        return self.env.ref("cs_promotion.policy_default")

    def make_employee(self, agent):
        employee = super().make_employee(agent)
        employee.parent_id = self.get_department(agent.department).manager_id
        if agent.name in USERS:
            employee.user_id = self.env.ref(USERS[agent.name])
        return employee

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

    def end_reviews(self):
        reviews = self.env["cs.decision"].search(
            [
                ("outcome", "=", "dismissal_review"),
                ("state", "=", "announced"),
                ("employee_id.name", "=", RETAINED),
            ]
        )
        reviews._reject("Scores are rising again after training; to be watched for a quarter.")

    def submit(self, sheets):
        """Each sheet bears the name of its rater."""
        office = self.env.ref("cs_promotion.user_demo_office")
        for user, own in sheets.grouped("rater_user_id").items():
            own.with_user(user or office).sudo().action_submit()

    def play_current(self, start):
        """Open the current month and fill in the sheets of every other agent."""
        cycle = self.env["cs.cycle"]._get_or_create(self.company, "month", start)
        cycle._open()
        self.fill_in(cycle, start, agents=self.scenario.agents[::2])
