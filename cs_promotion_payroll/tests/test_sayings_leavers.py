"""Of the table *How to say it* of ``docs/policy_package.md``: what is paid later, to who leaves
and to who moves up, played to the payslip."""

from odoo.tests import tagged

from .sayings_common import LADDER, SayingsCase

SENIOR = {"tier": "saying_senior", "name": "Senior", "base_wage": 3500}


@tagged("post_install", "-at_install", "cs_promotion")
class TestSayingsOfLeavers(SayingsCase):
    def _package(self, **bonus):
        item = {
            "code": "BONUS",
            "name": "Bonus",
            "of": "metric",
            "metric": "month_score",
            "amounts": [{"tier": "saying_agent", "amount": 10}],
            **bonus,
        }
        return {"ladder": [LADDER[0], SENIOR, LADDER[1]], "pay_items": [item]}

    def _bonus(self, agent):
        return {month: slip.get("BONUS", 0) for month, slip in agent["payslips"].items()}

    def _leaver(self, *scores):
        return {**self._agent(*scores), "left": f"2026-0{len(scores)}-14"}

    def test_two_months_later(self):
        people = {"STAYS": self._agent(80, 85, 90, 95), "LEAVES": self._leaver(80, 85, 90)}
        for leavers, expected in (
            ("lapse", {"2026-01": 0, "2026-02": 0, "2026-03": 800}),
            # January as ever, February and March with it
            ("paid", {"2026-01": 0, "2026-02": 0, "2026-03": 800 + 850 + 900}),
        ):
            with self.subTest(leavers=leavers), self.env.cr.savepoint() as savepoint:
                package = self._package(later=2, leavers=leavers)
                found = self._play(package, people, last="2026-04")
                self.assertEqual(self._bonus(found["LEAVES"]), expected)
                stays = {"2026-01": 0, "2026-02": 0, "2026-03": 800, "2026-04": 850}
                self.assertEqual(self._bonus(found["STAYS"]), stays)
                self.env.flush_all()
                savepoint.rollback()
                self.env.invalidate_all()
                self.env.registry.clear_cache("stable")

    def test_the_rest_of_next_january(self):
        """A tenth of each month is kept for January: who leaves in March has three of them."""
        package = self._package(paid_now=90, leavers="paid")
        people = {"STAYS": self._agent(80, 85, 90), "LEAVES": self._leaver(80, 85, 90)}
        found = self._play(package, people, last="2026-03")
        self.assertEqual(
            self._bonus(found["LEAVES"]),
            {"2026-01": 720, "2026-02": 765, "2026-03": 810 + 80 + 85 + 90},
        )
        self.assertEqual(self._bonus(found["STAYS"])["2026-03"], 810)

    def test_on_another_rung_it_is_paid_on(self):
        """The bonus is agents' alone; that of January comes when she is a senior."""
        people = {
            "UP": {
                **self._agent(80, 85, 90),
                "decisions": [{"date": "2026-02-01", "to": "saying_senior"}],
            }
        }
        found = self._play(self._package(later=1), people, last="2026-03")
        self.assertEqual(self._bonus(found["UP"]), {"2026-01": 0, "2026-02": 800, "2026-03": 0})
