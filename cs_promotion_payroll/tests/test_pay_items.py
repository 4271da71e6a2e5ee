"""Pay items as rows of the policy, on real payslips: the hotline's pay (B7-B9)."""

import json
from fractions import Fraction

from odoo import fields
from odoo.exceptions import UserError, ValidationError
from odoo.tests import TransactionCase, tagged
from odoo.tools.misc import file_path

from .items_common import ItemsCase


@tagged("post_install", "-at_install", "cs_promotion")
class TestHotlinePay(ItemsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_hotline()
        cls.fu, cls.gao, cls.he = (
            cls._make_agent(name, hired=hired)
            for name, hired in (("Fu", "2021-11-05"), ("Gao", "2012-06-01"), ("He", "2020-01-15"))
        )
        names = ("Five", "Six", "Seven", "Eight")
        cls.others = [cls._make_agent(name, hired="2024-01-01") for name in names]

    @classmethod
    def _play_stars(cls, month="2025-01", **scores):
        """Five with at least 70: Fu has five stars; Gao none, He is below 60."""
        given = {cls.fu: 96, cls.gao: 64, cls.he: 56}
        given |= dict(zip(cls.others, (86, 80, 76, 72), strict=True))
        return cls._play(month, given)

    def _worked(self, month="2025-01"):
        self._measure_all(self.fu, month, tickets=6500, nights=6, absent=0, late=0)
        self._measure_all(self.gao, month, tickets=5240, nights=2, absent=0, late=1)
        self._measure_all(self.he, month, tickets=4380, nights=4, absent=0, late=0)

    def _lines(self, slip):
        return {line.code: round(line.total, 2) for line in slip.line_ids}

    def test_B7_B8_worked_payslips(self):
        self._worked()
        self._play_stars()
        fu = self._slip(self.fu, "2025-01")
        self.assertEqual(
            self._lines(fu),
            {
                "BASE": 2200,
                "PIECE": 2000,
                "STARS": 1040,
                "NIGHT": 90,
                "FULL": 100,
                "YEARS": 150,
                "GROSS": 5580,
                "FINE": 0,
                "NET": 5580,
            },
        )
        self.assertFalse(fu.cs_warned)
        stars = self._line(fu, "STARS")
        self.assertEqual((stars.name, stars.amount, stars.rate), ("Stars", 800, 130))
        self.assertIn("Tickets: 6500", fu.cs_explanation)
        self.assertIn("Coefficient of the class: 1.3", fu.cs_explanation)
        gao = self._lines(self._slip(self.gao, "2025-01"))
        self.assertEqual(
            (gao["PIECE"], gao["STARS"], gao["NIGHT"], gao["YEARS"]), (1572, 400, 30, 500)
        )
        self.assertEqual(gao["NET"], 4702)
        self.assertNotIn("FULL", gao)
        he = self._lines(self._slip(self.he, "2025-01"))
        self.assertEqual((he["LOW"], he["NIGHT"], he["NET"]), (1314, 60, 3574))

    def test_B8_nought_is_known_and_nothing_is_not(self):
        self._play_stars()
        self._measure_all(self.fu, "2025-01", tickets=10, absent=0)
        self.assertNotIn("FULL", self._lines(self._slip(self.fu, "2025-01")))
        self._measure_all(self.fu, "2025-01", late=0)
        self.assertEqual(self._lines(self._slip(self.fu, "2025-01"))["FULL"], 100)

    def test_B8_59_99_and_60_00(self):
        self._measure_all(self.he, "2025-01", tickets=6500)
        self._play_stars()
        appraisal = self._appraisal(self.he, "2025-01")
        for score, code, amount in ((59.99, "LOW", 1950), (60, "PIECE", 2000)):
            appraisal.score = score
            lines = self._lines(self._slip(self.he, "2025-01"))
            self.assertEqual(lines[code], amount)
            self.assertNotIn({"LOW": "PIECE", "PIECE": "LOW"}[code], lines)

    def test_batch_and_single_payslip_agree_and_queries_do_not_grow(self):
        self._worked()
        self._play_stars()
        team = self.fu | self.gao | self.he
        batch = self._batch(team, "2025-01").slip_ids
        nets = {slip.employee_id: self._lines(slip)["NET"] for slip in batch}
        self.assertEqual([nets[agent] for agent in team], [5580, 4702, 3574])

    def test_w7_later_figures_are_settled(self):
        self._worked()
        self._play_stars()
        self._pay(self.fu, "2025-01")
        self.assertEqual(self._find(self.fu), {})
        measure = self.env["cs.measure"].search(
            [("employee_id", "=", self.fu.id), ("metric_id.code", "=", "tickets")]
        )
        measure.value = 6600
        self.assertEqual(self._find(self.fu), {("2025-01", "PIECE"): 40})
        slip = self._slip(self.fu, "2025-02")
        line = self._line(slip, "ARREARS_PIECE")
        self.assertEqual(line.total, 40)
        self.assertIn("Tickets changed (6500 → 6600)", line.name)

    def test_w7_an_open_month_stands_and_another_class_is_settled(self):
        self._worked()
        cycle = self._play_stars()
        self._pay(self.fu, "2025-01")
        self._appraisal(self.agent, "2025-01").cycle_id._reopen("the office mistook two agents")
        self.assertEqual(self._find(self.fu), {}, "what was paid by stands while it is open")
        appraisal = self._appraisal(self.fu, "2025-01")
        appraisal.sheet_ids.action_reset()
        self._score(appraisal, 70)
        self._close(cycle)
        self.assertEqual(appraisal.class_id.code, "2")
        self.assertEqual(self._find(self.fu), {("2025-01", "STARS"): 640 - 1040})

    def test_months_of_before_are_as_they_were_paid(self):
        """A version with items later on changes nothing of what an earlier one has paid."""
        self.policy.item_ids.unlink()
        self._play_stars()
        slip = self._pay(self.gao, "2025-01")
        self.assertEqual(slip and self._find(self.gao), {})
        later = self.policy.copy({"name": "Later", "date_from": "2025-02-01"})
        later.action_activate()
        self._item("NIGHT", [(None, 15)], of="metric", metric="nights", policy=later)
        self._measure("nights", self.gao, "2025-01", 3)
        self.assertEqual(self._find(self.gao), {})
        self._measure("nights", self.gao, "2025-02", 3)
        self.assertEqual(self._lines(self._slip(self.gao, "2025-02"))["NIGHT"], 45)

    def test_an_activated_policy_has_its_salary_rules(self):
        rules = self.company.cs_structure_id.rule_ids
        items = set(rules.mapped("cs_item"))
        self.assertLessEqual({"PIECE", "ARREARS_PIECE", "YEARS", "ARREARS_YEARS"}, items)
        gross = rules.filtered(lambda rule: rule.code == "GROSS").sequence
        for code in ("PIECE", "ARREARS_PIECE"):
            [rule] = rules.filtered(lambda rule, code=code: rule.cs_item == code)
            self.assertLess(rule.sequence, gross)
            self.assertEqual(rule.category_id.code, "ALW")
        other = self.company_b.sudo()._get_cs_structure()
        self.assertFalse({"PIECE", "ARREARS_PIECE"} & set(other.rule_ids.mapped("cs_item")))


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

    def _lines(self, slip):
        return {line.code: round(line.total, 2) for line in slip.line_ids}

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

    def _lines(self, slip):
        return {line.code: round(line.total, 2) for line in slip.line_ids}

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


@tagged("post_install", "-at_install", "cs_promotion")
class TestPayClauses(ItemsCase):
    """Clauses of real schemes: pools, factors, match rows, later months."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy.write({"pays_appraisal": False, "pays_commission": False})

    def _lines(self, slip):
        return {line.code: round(line.total, 2) for line in slip.line_ids}

    def _paid(self, agent, month, code):
        return self._lines(self._slip(agent, month)).get(code, 0)

    def test_5_3_5_4_group_commission_by_completion_shared_equally(self):
        """Sales of all shops less returns (5.5), over the target set beforehand: 105 %."""
        for code in ("orders", "returns", "target"):
            self._metric(code, subject="department")
        self._metric(
            "net_sales", kind="difference", one="orders", other="returns", subject="department"
        )
        self._metric("completion", kind="ratio", one="net_sales", other="target", percent=True)
        bands = (("<=", 60, 0), ("<=", 80, 1), ("<=", 100, 1.5), ("<=", 150, 2), (">", 150, 2.5))
        scale = self._scale("completion", "bands", *bands)
        self._item(
            "GROUP",
            [(None, 1)],
            [{"kind": "metric", "metric": "completion", "scale_id": scale.id}],
            of="pool",
            metric="net_sales",
            percent=True,
        )
        for number in range(3):
            self._make_agent(f"Agent {number}")
        for month, returns, amount in (("2025-01", 20000, 1596), ("2025-02", 400000, 0)):
            for code, value in (("orders", 419000), ("returns", returns), ("target", 380000)):
                self._measure(code, self.hotline, month, value)
            self.assertEqual(self._paid(self.agent, month, "GROUP"), amount, month)
        # 399,000 are 105 %: 2 % of them among the five of the hotline
        outsider = self._make_agent("Outsider", department=self.front_desk)
        self.assertEqual(self._paid(outsider, "2025-01", "GROUP"), 0)

    def test_4_4_a_pool_among_regular_staff_by_sales(self):
        self._metric("silent", subject="company")
        self._item(
            "SILENT",
            [("junior", 5), ("senior", 5)],
            of="pool",
            metric="silent",
            percent=True,
            share_by="sales",
        )
        trainee = self._make_agent("Trainee", tier="probation")
        senior = self._make_agent("Senior", tier="senior")
        self._measure("silent", None, "2025-01", 100000)
        for agent, sales in ((self.agent, 1000), (senior, 2000), (trainee, 5000)):
            self._figure(agent, "2025-01", sales=sales)
        paid = [self._paid(each, "2025-01", "SILENT") for each in (self.agent, senior, trainee)]
        self.assertEqual(paid, [1666.67, 3333.33, 0])

    def test_8_3_bonus_by_completion_none_under_70_at_most_150(self):
        self._metric("completion")
        scale = self._scale("factor", "line", (70, 0.7), (150, 1.5), has_below=True, below=0)
        self._item(
            "BONUS",
            [("junior", 1000)],
            [{"kind": "metric", "metric": "completion", "scale_id": scale.id}],
        )
        for month, value, amount in (
            ("2025-01", 69.99, 0),
            ("2025-02", 70, 700),
            ("2025-03", 123.45, 1234.5),
            ("2025-04", 170, 1500),
        ):
            self._measure("completion", self.agent, month, value)
            self.assertEqual(self._paid(self.agent, month, "BONUS"), amount)

    def test_15_5_70_percent_monthly_30_percent_from_january_to_march(self):
        item = self._item(
            "SHARE",
            [(None, 10)],
            of="metric",
            metric="sales",
            percent=True,
            paid_now=70,
            rest_month=1,
            rest_parts=3,
        )
        self.assertIn("70 % of it then, the rest in the next year", item.sentence)
        sales = {"2025-01": 1000, "2025-06": 333.33, "2025-12": 77.7}
        for month, value in sales.items():
            self._figure(self.agent, month, sales=value)
        paid = {
            month: self._paid(self.agent, month, "SHARE")
            for month in (
                "2025-01",
                "2025-06",
                "2025-12",
                "2026-01",
                "2026-02",
                "2026-03",
                "2026-04",
            )
        }
        self.assertEqual([paid[month] for month in sales], [70, 23.33, 5.44])
        self.assertEqual(round(sum(paid.values()), 2), 100 + 33.33 + 7.77)
        self.assertEqual(paid["2026-01"], 10 + 3.33 + 0.78)
        self.assertEqual(paid["2026-04"], 0)

    def test_paid_a_month_later_once_and_corrections_follow(self):
        self._item("LATER", [(None, 10)], of="metric", metric="sales", percent=True, later=1)
        figure = self._figure(self.agent, "2025-01", sales=1000)
        self.assertEqual(self._lines(self._pay(self.agent, "2025-01")).get("LATER", 0), 0)
        self.assertEqual(self._lines(self._pay(self.agent, "2025-02"))["LATER"], 100)
        self.assertEqual(self._find(self.agent), {})
        figure.sales = 1500
        self.assertEqual(self._find(self.agent), {("2025-02", "LATER"): 50})
        march = self._pay(self.agent, "2025-03")
        self.assertEqual(self._lines(march)["ARREARS_LATER"], 50)
        self.assertEqual(self._find(self.agent), {})

    def test_the_first_row_that_fits_wins_and_days_are_split(self):
        desk = {"department_id": self.front_desk.id, "amount": 310}
        job = self.env["hr.job"].create({"name": "Night desk", "company_id": self.company.id})
        night = {"job_id": job.id, "amount": 620}
        item = self._item("PLACE", [night, desk, ("junior", 31)])
        self.assertIn(f"310 ({self.front_desk.name})", item.sentence)
        self.assertEqual(self._paid(self.agent, "2025-01", "PLACE"), 31)
        other = self._make_agent("Other", department=self.front_desk)
        self.assertEqual(self._paid(other, "2025-01", "PLACE"), 310)
        self.agent.create_version(
            {"date_version": fields.Date.to_date("2025-02-15"), "job_id": job.id}
        )
        # February: 14 days of 31, 14 of 620
        self.assertEqual(self._paid(self.agent, "2025-02", "PLACE"), 15.5 + 310)
        senior = self._make_agent("Senior", tier="senior")
        self.assertEqual(self._paid(senior, "2025-01", "PLACE"), 0)

    def test_w7_another_post_in_a_paid_month_is_settled(self):
        job = self.env["hr.job"].create({"name": "Night desk", "company_id": self.company.id})
        self._item("PLACE", [{"job_id": job.id, "amount": 620}, ("junior", 31)])
        slip = self._pay(self.agent, "2025-01")
        self.assertEqual(self._lines(slip)["PLACE"], 31)
        self.agent.version_ids.job_id = job
        self.assertEqual(self._find(self.agent), {("2025-01", "PLACE"): 589})
        line = self._line(self._slip(self.agent, "2025-02"), "ARREARS_PLACE")
        self.assertIn("its amount for tier, department or post changed", line.name)

    def test_only_in_certain_months_within_floor_and_cap(self):
        self._metric("points")
        self._item(
            "QUARTER",
            [(None, 1)],
            of="metric",
            metric="points",
            months="3, 6, 9, 12",
            has_cap=True,
            cap=50,
        )
        for month, amount in (("2025-02", 0), ("2025-03", 50)):
            self._measure("points", self.agent, month, 80)
            self.assertEqual(self._paid(self.agent, month, "QUARTER"), amount)

    def test_items_that_nobody_can_be_paid_are_refused(self):
        self._metric("silent")
        for fault, code, values in (
            ("not possible", "FINE", {}),
            ("not possible", "BASE", {}),
            ("not possible", "night shift", {}),
            ("months are numbers", "X", {"months": "March"}),
            ("a pool is measured of", "X", {"of": "pool", "metric": "silent"}),
            ("no metric is said", "X", {"of": "metric"}),
            ("above its cap", "X", {"has_floor": True, "floor": 2, "has_cap": True, "cap": 1}),
        ):
            with self.assertRaisesRegex(ValidationError, fault), self.env.cr.savepoint():
                self._item(code, **values)

    def test_said_on_the_page_compared_and_duplicated(self):
        item = self._item("ALLOWANCE", [("senior", 200), (None, 100)])
        self.assertEqual(item.sentence, "an amount, by calendar days: 200 (Senior agent) and 100")
        self.assertIn(f"Allowance: {item.sentence}", self.policy.page_html)
        copy = self.policy.copy({"date_from": "2026-01-01"})
        self.assertEqual(copy.item_ids.amount_ids.mapped("amount"), [200, 100])
        copy.item_ids.amount_ids[0].amount = 250
        copy.pays_commission = True
        rows = self.env["cs.policy.changes"]._get_changes(self.policy, copy)
        self.assertIn(
            ("Allowance", "an amount, by calendar days: 250 (Senior agent) and 100"),
            [(row["part"], row["now"]) for row in rows],
        )
        self.assertIn("Pays Commission", [row["name"] for row in rows])


@tagged("post_install", "-at_install", "cs_promotion")
class TestHotlinePackage(TransactionCase):
    """The hotline's paper from its package, scored, ranked and paid (B2-B8)."""

    METERS = (
        *("daily_handled", "handling_time_rate", "ticket_pass_rate", "first_contact"),
        *("satisfaction", "spot_checks", "monthly_exam"),
    )

    def _month(self, conduct, *values, **paid):
        figures = dict(zip(self.METERS, values, strict=True)) | paid
        return {"months": {"2026-01": {"superior": [conduct], "figures": figures}}}

    def test_B2_B8_worked_examples(self):
        nought = {"absences": 0, "late_arrivals": 0}
        ones = [self._month(5, 300, 90, 100, 90, 90, 80 - 20 * n, 0) for n in range(4)]
        employees = {
            "FU": self._month(5, 300, 90, 98, 90, 95, 92, 88, tickets=6500, nights=6, **nought)
            | {"hired": "2022-06-15"},
            "GAO": self._month(
                *(4, 262, 87, 96, 88.5, 86, 85, 75),
                tickets=5240,
                nights=2,
                absences=0,
                late_arrivals=1,
            )
            | {"hired": "2014-01-10"},
            "HE": self._month(3, 219, 84, 91, 84, 84, 70, 60, tickets=4380, nights=4)
            | {"hired": "2020-01-10"},
        } | {f"ONE{n}": each | {"hired": "2025-06-01"} for n, each in enumerate(ones)}
        scenario = {
            "from": "2026-01",
            "until": "2026-01",
            "policy": {"package": file_path("cs_promotion/presets/hotline.json")},
            "employees": {name: {"department": "Centre", **e} for name, e in employees.items()},
        }
        found = self.env["cs.replay"]._play(json.dumps(scenario))["employees"]
        scores = {name: found[name]["months"]["2026-01"]["score"] for name in ("FU", "GAO", "HE")}
        self.assertEqual(scores, {"FU": 97.0, "GAO": 64.23, "HE": 32.1})
        paid = {name: found[name]["payslips"]["2026-01"] for name in ("FU", "GAO", "HE")}
        self.assertEqual(
            {name: each["NET"] for name, each in paid.items()},
            {"FU": 5580, "GAO": 4702, "HE": 3574},
        )
        self.assertEqual(paid["FU"]["STARS"], 1040)
