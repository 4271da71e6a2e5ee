"""Pay items as rows of the policy, on real payslips: the hotline's pay (B7, B8), other schemes."""

import json

from odoo import fields
from odoo.exceptions import ValidationError
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
class TestPayClauses(ItemsCase):
    """Clauses of real schemes: pools, factors, match rows, later months."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy.write({"pays_appraisal": False, "pays_commission": False})

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
