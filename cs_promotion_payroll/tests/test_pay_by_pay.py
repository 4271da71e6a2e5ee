"""Pay that goes by pay: a leader's by that of the team (B9), a bonus by one's own."""

from fractions import Fraction

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .items_common import ItemsCase


@tagged("post_install", "-at_install", "cs_promotion")
class TestLeaderPay(ItemsCase):
    """B9: the leader's base is the mean of the team's pay, times 1.2, and 300 on top."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy.write({"pays_appraisal": False, "pays_commission": False})
        for code in ("piece", "stars", "base"):
            cls._metric(code)
        cls._set_wages(junior=0, senior=0)
        for code in ("piece", "stars", "base"):
            cls._item(f"{code}_PAY".upper(), [("junior", 1)], of="metric", metric=code)
        cls.pay = cls._metric(
            "team_pay",
            kind="members_pay",
            subject="department",
            pay_items="BASE_PAY, PIECE_PAY, STARS_PAY",
            tier_ids=[(6, 0, cls.tiers["junior"].ids)],
        )
        cls.mean = cls._item("LEADER", [("senior", 1.2)], of="metric", metric="team_pay")
        cls._item("POST", [("senior", 300)])
        cls.leader = cls._make_agent("Leader", tier="senior", department=cls.front_desk)
        rows = ((2200, 1950, 1040), (2200, 1572, 640), (2400, 1800, 800), (2200, 1314, 0))
        cls.team = cls.env["hr.employee"]
        for number, row in enumerate(rows):
            agent = cls._make_agent(f"Agent {number}", department=cls.front_desk)
            cls.team |= agent
            for code, value in zip(("base", "piece", "stars"), row, strict=True):
                cls._measure(code, agent, "2025-01", value)

    def test_B9_the_leader_s_base(self):
        fifth = self._make_agent("Fifth", hired="2025-01-02", department=self.front_desk)
        self._measure("base", fifth, "2025-01", 9999)
        lines = self._lines(self._slip(self.leader, "2025-01"))
        self.assertEqual((lines["LEADER"], lines["POST"], lines["GROSS"]), (5434.8, 300, 5734.8))
        team = self._lines(self._slip(self.team[3], "2025-01"))
        self.assertEqual((team["BASE_PAY"], team["GROSS"]), (2200, 3514))

    def test_B9_w7_a_team_s_correction_reaches_the_leader(self):
        self._pay(self.leader, "2025-01")
        self.assertEqual(self._find(self.leader), {})
        self.env["cs.measure"].search(
            [("employee_id", "=", self.team[3].id), ("metric_id.code", "=", "piece")]
        ).value = 1414
        self.assertEqual(self._find(self.leader), {("2025-01", "LEADER"): 30})
        self._pay(self.leader, "2025-02")
        self.assertEqual(self._find(self.leader), {})

    def test_B9_a_circle_is_named(self):
        other = self._make_agent("Other leader", tier="senior", department=self.front_desk)
        self.assertEqual(self._lines(self._slip(other, "2025-01"))["LEADER"], 5434.8)
        self.mean.unlink()
        self.pay.tier_ids = False
        self._item("LEADER", [("senior", 1.2)], of="metric", metric="team_pay")
        with self.assertRaisesRegex(UserError, "goes by itself, through the metric team_pay"):
            self._slip(self.leader, "2025-01")


@tagged("post_install", "-at_install", "cs_promotion")
class TestOwnPay(ItemsCase):
    """A bonus of 10 % of one's own base pay and piece-rate, and what a year's came to."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy.write({"pays_appraisal": False, "pays_commission": False})
        cls._set_wages(junior=2000)
        cls._metric("own_pieces")
        cls._item("PIECE", [("junior", 0.5)], of="metric", metric="own_pieces")
        cls.earned = cls._metric("earned", kind="own_pay", pay_items="BASE, PIECE", late=False)
        cls.bonus = cls._item("BONUS", [("junior", 10)], of="metric", metric="earned", percent=True)

    def test_what_it_rests_on_is_corrected_and_settled(self):
        self._measure("own_pieces", self.agent, "2025-01", 100)
        self.assertEqual(self._lines(self._pay(self.agent, "2025-01"))["BONUS"], 205)
        self.assertEqual(self._find(self.agent), {})
        self.env["cs.measure"].search(
            [("employee_id", "=", self.agent.id), ("metric_id.code", "=", "own_pieces")]
        ).value = 300
        found = {("2025-01", "PIECE"): 100, ("2025-01", "BONUS"): 10}
        self.assertEqual(self._find(self.agent), found)
        rows = self.env["cs.pay.difference"]._refresh(self.company, self.agent.ids)
        cause = rows.filtered(lambda each: each.item == "BONUS").cause
        self.assertEqual(cause, "Earned changed (2050 → 2150)")
        self._pay(self.agent, "2025-02")
        self.assertEqual(self._find(self.agent), {})

    def test_a_correction_of_a_month_reaches_the_quarter_that_was_paid(self):
        self._metric("earned_quarter", kind="period", one="earned", grain="quarter", late=False)
        self._item("QUARTER", [("junior", 1)], of="metric", metric="earned_quarter", percent=True)
        for month in ("2025-01", "2025-02", "2025-03"):
            lines = self._lines(self._pay(self.agent, month))
        self.assertEqual(lines["QUARTER"], 60)
        self.assertEqual(self._find(self.agent), {})
        self._measure("own_pieces", self.agent, "2025-02", 200)
        found = {("2025-02", "PIECE"): 100, ("2025-02", "BONUS"): 10, ("2025-03", "QUARTER"): 1}
        self.assertEqual(self._find(self.agent), found)

    def test_as_long_as_a_month_is_open_what_was_paid_stands(self):
        self.policy.pays_appraisal = True
        self.earned.copy({"name": "Judged", "code": "judged", "pay_items": "APPRAISAL"})
        self._item("OF_SCORE", [("junior", 50)], of="metric", metric="judged", percent=True)
        # what goes by what goes by the score
        self.earned.copy({"name": "Again", "code": "again", "pay_items": "OF_SCORE"})
        self._item("OF_THAT", [("junior", 50)], of="metric", metric="again", percent=True)
        self._play("2025-01", {self.agent: 90})
        lines = self._lines(self._pay(self.agent, "2025-01"))
        # the score of 90 earns 90 % of 200
        self.assertEqual([lines[code] for code in ("OF_SCORE", "OF_THAT")], [90, 45])
        self._appraisal(self.agent, "2025-01").cycle_id._reopen("the office mistook two agents")
        self.assertEqual(self._find(self.agent), {})

    def test_unpaid_leave_reduces_what_it_is_of(self):
        """Ten percent of what is paid of the base: the bonus itself is not reduced again."""
        self.policy.unpaid_leave = "all"
        self.bonus.leave = "none"
        known = self.env["cs.pay"]._load(self.company, self.agent.ids, [self._day("2025-01")])
        figures = known.figures(self.agent.id, self._day("2025-01"), Fraction(1, 4))
        self.assertEqual([figures.item(each).amount for each in ("BASE", "BONUS")], [1500, 150])

    def test_an_item_that_is_paid_later_counts_in_its_month(self):
        self._item("LATER", [("junior", 300)], later=1)
        self.bonus.unlink()
        self.earned.pay_items = "BASE, LATER"
        self._item("BONUS", [("junior", 10)], of="metric", metric="earned", percent=True)
        for month in ("2025-01", "2025-02"):
            self.assertEqual(self._lines(self._slip(self.agent, month))["BONUS"], 230)

    def test_a_circle_is_named(self):
        self.bonus.unlink()
        self.earned.pay_items = "BASE, BONUS"
        self._item("BONUS", [("junior", 10)], of="metric", metric="earned", percent=True)
        with self.assertRaisesRegex(UserError, "goes by itself, through the metric earned"):
            self._slip(self.agent, "2025-01")

    def test_a_quarter_paid_a_month_later(self):
        self._metric(
            "earned_quarter", kind="period", one="earned", grain="quarter", gather="sum", late=False
        )
        self._item(
            "QUARTER",
            [("junior", 1)],
            of="metric",
            metric="earned_quarter",
            percent=True,
            months="3",
            later=1,
        )
        self._measure("own_pieces", self.agent, "2025-02", 100)
        self._pay(self.agent, "2025-02")
        paid = [self._lines(self._slip(self.agent, month)) for month in ("2025-03", "2025-04")]
        # 1 % of 2,000, 2,050 and 2,000
        self.assertEqual([lines.get("QUARTER", 0) for lines in paid], [0, 60.5])

    def test_one_query_for_each_kind_of_fact_however_many_agents(self):
        self._metric(
            "earned_quarter",
            kind="period",
            one="earned",
            grain="quarter",
            gather="mean",
            late=False,
        )
        self._item("QUARTER", [("junior", 1)], of="metric", metric="earned_quarter", months="3")
        agents = self.agent
        counts = []
        for number in (1, 10):
            while len(agents) < number:
                agents |= self._make_agent(f"Agent {len(agents)}")
            for _run in ("what is cached", "what counts"):
                self.env.flush_all()
                self.env.invalidate_all()
                before = self.env.cr.sql_log_count
                known = self.env["cs.pay"]._load(self.company, agents.ids, [self._day("2025-03")])
                for agent in agents:
                    figures = known.figures(agent.id, self._day("2025-03"))
                    self.assertEqual(figures.item("QUARTER").amount, 2000)
                count = self.env.cr.sql_log_count - before
            counts.append(count)
        self.assertEqual(*counts)

    def _assert_refused(self, words, **values):
        with self.assertRaisesRegex(ValidationError, words), self.env.cr.savepoint():
            self._metric("made", **values)
        self.env.registry.clear_cache("stable")

    def test_nothing_else_is_made_of_pay(self):
        self._metric("others", kind="members_pay", subject="department", pay_items="BASE")
        self._metric("year", kind="period", one="earned", grain="year")
        for values in (
            {"kind": "scaled", "one": "earned", "scale_id": self._scale("x", "bands", (0, 1)).id},
            {"kind": "sum", "one": "earned", "other": "own_pieces"},
            {"kind": "members", "one": "earned", "subject": "department"},
            {"kind": "period", "one": "others", "grain": "year"},
            {"kind": "difference", "one": "year", "other": "year", "grain": "year"},
        ):
            with self.subTest(**values):
                self._assert_refused("known on payslips alone", **values)
        self._assert_refused(
            "measured of an agent", kind="own_pay", pay_items="BASE", subject="company"
        )
        self._assert_refused("named by their codes", kind="own_pay")

    def test_rules_do_not_go_by_pay(self):
        self._metric("others", kind="members_pay", subject="department", pay_items="BASE")
        self._metric("year", kind="period", one="earned", grain="year")
        for number, metric in enumerate(("earned", "others", "year"), start=6):
            draft = self.policy.copy({"name": metric, "date_from": f"2025-{number:02}-01"})
            draft.rule_ids[0].condition_ids[0].write({"metric": metric})
            with self.subTest(metric), self.assertRaisesRegex(ValidationError, f"{metric} is what"):
                draft.action_activate()
