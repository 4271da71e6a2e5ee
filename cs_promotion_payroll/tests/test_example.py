from decimal import Decimal
from pathlib import Path
from unittest.mock import patch

from odoo.tests import freeze_time, tagged

from odoo.addons.cs_promotion.engine.calendar import add_months
from odoo.addons.payroll.models.base_browsable import Payslips

from ..example import make_example
from ..payslip_sums import SharedPayslips
from .common import CsPayrollCase
from .example_year import AGENTS, COLUMNS, PAY, format_row, read_expected, work_out

PAGE = Path(__file__).parents[2] / "docs" / "example_china.md"
ARREARS = ("ARREARS_BASE", "ARREARS_APPRAISAL", "ARREARS_COMMISSION")


class ExampleCase(CsPayrollCase):
    """The company pays in yuan, by a policy of higher pay, with the example structure."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        yuan = cls.env.ref("base.CNY")
        yuan.active = True
        cls.company.currency_id = yuan
        policy = cls._make_policy(
            cls.company, "2024-06-01", activate=False, name="Higher pay", minimum_wage=0
        )
        for line in policy.rung_ids:
            base, appraisal, commission = PAY.get(line.tier_id.code, PAY["senior"])
            line.write(
                {
                    "base_wage": base,
                    "appraisal_pay": appraisal,
                    "commission_percent": float(commission),
                    "fine_min": 10 if line.tier_id.code != "probation" else 0,
                    "fine_max": 2000 if line.tier_id.code != "probation" else 0,
                }
            )
        policy.action_activate()
        cls.higher = policy
        cls.structure = make_example(cls.company)

    @classmethod
    def _hire(cls, name, tier, hired):
        agent = cls._make_agent(name, tier=tier, hired=hired)
        agent.version_id.struct_id = cls.structure
        return agent

    @classmethod
    def _step_up(cls, agent, tier, day):
        """A decision takes effect; the structure stays the example."""
        cls._decide(agent, tier, day)
        cls._apply(add_months(cls._date(day), 1))
        agent.version_ids.struct_id = cls.structure

    @classmethod
    def _pay_example(cls, agent, month, compute=True, **inputs):
        """A payslip of the month with what payroll enters, confirmed on the 5th of the next."""
        with freeze_time(add_months(cls._day(month), 1).replace(day=5)):
            slip = cls._slip(agent, month, compute=False)
            for line in slip.input_line_ids:
                line.amount = inputs.get(line.code, 0)
            slip.compute_sheet()
            cls._confirm(slip)
        return slip

    @classmethod
    def _leave(cls, agent, first, last):
        """Unpaid leave of these days, entered and granted."""
        kind = cls.env["hr.leave.type"].create(
            {
                "name": "Unpaid leave of the example",
                "requires_allocation": False,
                "leave_validation_type": "no_validation",
                "unpaid": True,
                "company_id": cls.company.id,
            }
        )
        cls.env["hr.leave"].create(
            {
                "employee_id": agent.id,
                "holiday_status_id": kind.id,
                "request_date_from": first,
                "request_date_to": last,
            }
        )

    @classmethod
    def _total(cls, slip, *codes):
        lines = slip.line_ids.filtered(lambda line: line.code in codes)
        return sum((Decimal(f"{line.total:.2f}") for line in lines), Decimal(0))


@tagged("post_install", "-at_install", "cs_promotion")
class TestExampleYear(ExampleCase):
    """A calendar year of three agents, to the cent: a promotion and a confirmation within a
    month, a fine that is carried, unpaid leave, arrears both ways; at the lowest and at the
    highest contribution base; through the brackets of 3, 10 and 20 %."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.chen = cls._hire("Chen Jing", "probation", "2024-12-10")
        cls._step_up(cls.chen, "junior", "2025-01-10")
        cls._step_up(cls.chen, "intermediate", "2025-07-01")
        cls.liu = cls._hire("Liu Yang", "probation", "2025-03-17")
        cls.sun = cls._hire("Sun Qiang", "senior", "2025-03-01")
        cls._leave(cls.chen, "2025-05-12", "2025-05-13")
        cls.expected = read_expected()
        cls.slips = {name: {} for name in AGENTS}
        for number in range(1, 13):
            cls._live(number)

    @classmethod
    def _live(cls, number):
        """One month: figures, review, fines, payday; and what is corrected after it."""
        month = f"2025-{number:02d}"
        people = {"Chen Jing": cls.chen, "Liu Yang": cls.liu, "Sun Qiang": cls.sun}
        scores = {}
        for name, agent in people.items():
            facts = AGENTS[name]
            if number in facts["months"]:
                _held, scores[agent], sales = facts["months"][number]
                cls._figure(agent, month, sales=sales)
            if number in facts.get("fines", {}):
                cls._violation(agent, f"{month}-12", fine=facts["fines"][number])
        cycle = cls._play(month, scores)
        for agent in scores:
            special = AGENTS[agent.name].get("special", {}).get(number, 0)
            cls.slips[agent.name][number] = cls._pay_example(agent, month, CN_SPECIAL=special)
        if number == 4:
            with freeze_time("2025-05-08"):
                cls._reopen_as_manager(cycle)
                cls._regrade_sheets(cls._appraisal(cls.chen, month).sheet_ids, 88)
                cls._close(cycle, "2025-05-09")
        if number == 9:
            figure = cls.env["cs.figure"].search(
                [("employee_id", "=", cls.chen.id), ("month", "=", "2025-09-01")]
            )
            figure.sales = 180000

    def _read(self, slip):
        """The columns of the document, of one payslip."""
        row = {code: self._total(slip, code) for code in COLUMNS}
        row["ARREARS"] = self._total(slip, *ARREARS)
        inputs = slip.input_line_ids.filtered(lambda line: line.code == "CN_SPECIAL")
        row["SPECIAL"] = Decimal(f"{sum(inputs.mapped('amount')):.2f}")
        return row

    def test_every_figure_of_the_year(self):
        for name, expected in self.expected.items():
            self.assertEqual(sorted(self.slips[name]), sorted(expected), name)
            for number, slip in self.slips[name].items():
                self.assertEqual(slip.state, "done")
                self.assertEqual(self._read(slip), expected[number], f"{name}, month {number}")

    def test_worked_out_by_hand(self):
        """The figures follow from the facts by a calculation of its own."""
        self.assertEqual({name: work_out(facts) for name, facts in AGENTS.items()}, self.expected)

    def test_the_document_prints_them(self):
        page = PAGE.read_text(encoding="utf-8")
        for name, expected in self.expected.items():
            rows = "\n".join(format_row(*row) for row in expected.items())
            self.assertIn(rows, page, name)

    def test_what_is_settled_says_month_and_item(self):
        may, october = self.slips["Chen Jing"][5], self.slips["Chen Jing"][10]
        line = self._line(may, "ARREARS_APPRAISAL")
        self.assertEqual((line.total, line.category_id.code), (108, "ALW"))
        self.assertIn("April 2025", line.name)
        self.assertEqual(self._line(october, "ARREARS_COMMISSION").total, -700)
        self.assertFalse(self._line(self.slips["Chen Jing"][6], "ARREARS_APPRAISAL"))

    def test_fine_is_carried_and_lowers_no_tax(self):
        march, april = self.slips["Chen Jing"][3], self.slips["Chen Jing"][4]
        self.assertEqual(float(march.cs_figures["carried"]), 479)
        self.assertEqual(float(april.cs_figures["carried"]), 0)
        self.assertEqual(self._total(march, "TAXABLE"), Decimal("6274.12"))

    def test_year_goes_by_the_payslips_of_the_year(self):
        """January of the next year begins at nought, whatever was withheld before."""
        self._figure(self.sun, "2026-01", sales=300000)
        self._play("2026-01", {self.sun: 90})
        slip = self._pay_example(self.sun, "2026-01")
        # 22 working days: 28,030 - 4,375 = 23,655; less 5,000 are 18,655, at 3 %
        self.assertEqual(self._total(slip, "YEAR"), Decimal("18655.00"))
        self.assertEqual(self._total(slip, "TAX"), Decimal("-559.65"))

    def test_a_refund_counts_backwards(self):
        """December refunded and paid anew comes to the same; without it, one month is left out."""
        december = self.slips["Sun Qiang"][12]
        december.refund_sheet()
        slip = self._pay_example(self.sun, "2025-12")
        self.assertEqual(self._read(slip), self.expected["Sun Qiang"][12])

    def test_printed_payslip(self):
        slip = self.slips["Sun Qiang"][10]
        content, _kind = self.env["ir.actions.report"]._render_qweb_html(
            "payroll.report_payslip", slip.ids
        )
        page = content.decode()
        for text in ("Pension 养老保险", "个人所得税: 20 % of the year", "<span>8 %</span>"):
            self.assertIn(text, page)
        self.assertIn("<span>23</span>", page, "so many meals")
        self.assertNotIn("费率表", page)


@tagged("post_install", "-at_install", "cs_promotion")
class TestExampleRules(ExampleCase):
    """Rules of the example that the year does not meet."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.sun = cls._hire("Sun Qiang", "senior", "2025-01-01")

    def _earn(self, month, score=90, sales=300000):
        self._figure(self.sun, month, sales=sales)
        self._play(month, {self.sun: score})

    def test_tax_is_never_below_nought_within_the_year(self):
        """19,350 less in February than January's tax was for: nothing back, and less in March."""
        for month in ("2025-01", "2025-02", "2025-03"):
            self._earn(month)
        january = self._pay_example(self.sun, "2025-01")
        # 28,045 - 4,200 = 23,845; less 5,000 are 18,845, at 3 %
        self.assertEqual(self._total(january, "TAX"), Decimal("-565.35"))
        february = self._pay_example(self.sun, "2025-02", CN_SPECIAL=20000)
        # 28,000 - 4,200 - 20,000 = 3,800; the year: 18,845 + 3,800 - 5,000 = 17,645: 529.35
        self.assertEqual(self._total(february, "YEAR"), Decimal("17645.00"))
        self.assertEqual(self._total(february, "TAX"), 0)
        march = self._pay_example(self.sun, "2025-03")
        # 28,015 - 4,200 - 5,000 = 18,815 more: 36,460 at 10 % less 2,520 is 1,126.00, less 565.35
        self.assertEqual(self._total(march, "YEAR"), Decimal("36460.00"))
        self.assertEqual(self._total(march, "TAX"), Decimal("-560.65"))

    def test_declared_contribution_base(self):
        """9,000 declared for the year: 8, 2, 0.5 and 7 % of it, whatever the month's gross."""
        self._earn("2025-01")
        slip = self._pay_example(self.sun, "2025-01", CN_DECLARED=9000)
        self.assertEqual(
            [self._total(slip, code) for code in ("PENSION", "MEDICAL", "UNEMPLOYMENT", "HOUSING")],
            [-720, -180, -45, -630],
        )

    def test_unpaid_leave_by_the_policy_is_not_taken_twice(self):
        """3 of 23 working days: 22,000 x 20 / 23 is the base wage, and no line besides."""
        self._leave(self.sun, "2025-01-06", "2025-01-08")
        self._earn("2025-01")
        slip = self._pay_example(self.sun, "2025-01")
        self.assertEqual(self._total(slip, "BASE"), Decimal("19130.43"))
        self.assertFalse(self._line(slip, "UNPAID"))
        self.assertEqual(self._total(slip, "MEAL"), 300)

    def test_unpaid_leave_by_the_structure(self):
        """The policy takes nothing: the rule takes 3 days of 21.75, and W5 sees the rest."""
        self.higher.unpaid_leave = "none"
        self._leave(self.sun, "2025-01-06", "2025-01-08")
        self._violation(self.sun, "2025-01-20", fine=2000)
        self._earn("2025-01")
        slip = self._pay_example(self.sun, "2025-01")
        self.assertEqual(self._total(slip, "BASE"), 22000)
        # 22,000 / 21.75 x 3
        self.assertEqual(self._total(slip, "UNPAID"), Decimal("-3034.48"))
        self.assertEqual(self._total(slip, "MEAL"), 300)
        self.assertEqual(self._total(slip, "GROSS"), Decimal("24965.52"))
        self.assertEqual(self._total(slip, "FINE"), -2000)
        self.assertIn("3 days of 21.75", self._line(slip, "UNPAID").name)

    def test_a_pay_month_from_the_26th(self):
        """The pay month of January begins on 26 December, and so does the tax year."""
        self.company.cs_period_day = 25
        before = self._hire("Zhao Lei", "senior", "2024-11-26")
        for month in ("2024-12", "2025-01", "2025-02"):
            self._figure(before, month, sales=0)
            self._play(month, {before: 90})
        slips = []
        for month in ("2024-12", "2025-01", "2025-02"):
            start = add_months(self._day(month), -1).replace(day=26)
            with freeze_time(self._day(month).replace(day=28)):
                slip = self._slip(
                    before,
                    month,
                    compute=False,
                    date_from=start,
                    date_to=self._day(month).replace(day=25),
                )
                slip.compute_sheet()
                self._confirm(slip)
            slips.append(slip)
        december, january, february = (self._total(slip, "TAXABLE") for slip in slips)
        self.assertTrue(december)
        self.assertEqual(self._total(slips[1], "YEAR"), january - 5000)
        self.assertEqual(self._total(slips[2], "YEAR"), january + february - 10000)

    def test_figures_stand_in_one_rule_and_are_dated(self):
        """HR adds a row: from then on it holds, and payslips before it stay as they were."""
        rates = self.structure.rule_ids.filtered(lambda rule: rule.code == "CN_RATES")
        text = rates.amount_python_compute
        [row] = [line for line in text.splitlines() if "2025-07-01" in line]
        newer = row.replace("2025-07-01", "2025-08-01").replace("21.75, 8.0", "21.75, 9.0")
        rates.amount_python_compute = text.replace(row, f"{row}\n{newer}")
        for month in ("2025-07", "2025-08"):
            self._earn(month)
        self.assertEqual(self._total(self._pay_example(self.sun, "2025-07"), "PENSION"), -2000)
        self.assertEqual(self._total(self._pay_example(self.sun, "2025-08"), "PENSION"), -2250)

    def test_paid_in_the_month_after(self):
        """December's wages are paid in January: they are the first of the new tax year."""
        rates = self.structure.rule_ids.filtered(lambda rule: rule.code == "CN_RATES")
        rates.amount_python_compute = rates.amount_python_compute.replace(
            "cn_paid_later = 0", "cn_paid_later = 1"
        )
        for month in ("2025-11", "2025-12", "2026-01"):
            self._earn(month)
        years = [
            self._total(self._pay_example(self.sun, month), "YEAR")
            for month in ("2025-11", "2025-12", "2026-01")
        ]
        # November is paid in December, the twelfth month of employment: 23,625 - 60,000
        self.assertEqual(years[0], Decimal("-36375.00"))
        self.assertEqual(years[1], Decimal("18670.00"))
        self.assertEqual(years[2], Decimal("37325.00"))

    def test_sums_of_the_year_are_asked_once_for_all(self):
        """As many queries for six payslips as for one; each has its own sums."""
        agents = self.sun | self.env["hr.employee"].union(
            *(self._hire(f"Agent {number}", "senior", "2025-01-01") for number in range(5))
        )
        for month in ("2025-01", "2025-02"):
            for number, agent in enumerate(agents):
                self._figure(agent, month, sales=100000 * number)
            self._play(month, dict.fromkeys(agents, 90))
        first = self._batch(agents, "2025-01")
        self._confirm(first.slip_ids)
        asked = []
        query = SharedPayslips._query

        def count(payslips, *key):
            asked.append(key)
            return query(payslips, *key)

        with patch.object(SharedPayslips, "_query", count):
            second = self._batch(agents, "2025-02")
        self.assertEqual(sorted(code for code, *_days in asked), ["TAX", "TAXABLE"])
        for before, slip in zip(
            first.slip_ids.sorted("employee_id"), second.slip_ids.sorted("employee_id"), strict=True
        ):
            # the month's 5,000 twice
            self.assertEqual(
                self._total(slip, "YEAR"),
                self._total(before, "TAXABLE") + self._total(slip, "TAXABLE") - 10000,
            )
            alone = Payslips(slip.employee_id.id, {}, self.env)
            self.assertEqual(
                alone.sum("TAX", self._day("2025-01"), slip.date_to),
                float(self._total(before, "TAX")),
            )

    def test_it_says_that_it_is_an_example(self):
        self.assertIn("no tax or legal advice", self.structure.note)
        self.assertTrue(self.structure.cs_tier_pay)
        page = PAGE.read_text(encoding="utf-8")
        self.assertIn("no tax or legal advice", page)
        for source in ("Article 6", "2018 No. 61", "Social Insurance Law", "Housing Provident"):
            self.assertIn(source, page)

    def test_by_people_with_rights_in_payroll_alone(self):
        """An officer's payslip and a manager's batch come to the same."""
        self._earn("2025-01")
        office = self.env["hr.employee"].create(
            {"name": "Officer", "company_id": self.company.id, "user_id": self.user_officer.id}
        )
        self.hotline.manager_id = office  # OCA: officers make the payslips of their departments
        slip = self._slip(self.sun, "2025-01", user=self.user_officer)
        run = self._batch(self.sun, "2025-01", user=self.user_payroll)
        for each in (slip, run.slip_ids):
            self.assertEqual(self._total(each, "TAX"), Decimal("-565.35"))
            self.assertEqual(self._total(each, "NET"), Decimal("23279.65"))


@tagged("post_install", "-at_install", "cs_promotion")
class TestExampleData(CsPayrollCase):
    def test_it_belongs_to_the_demo_company(self):
        make_example(self.company)
        example = self.env.ref("cs_promotion_payroll.structure_example")
        main = self.env.ref("base.main_company")
        self.assertEqual(example.company_id | example.rule_ids.company_id, main)
        self.assertEqual(example.name, "Example: China 中国示例")
        main.cs_structure_id = example  # it may be the one that agents get with their tier
        self.assertEqual(
            self.env["hr.salary.rule.category"].search([("code", "=like", "CN_%")]).company_id,
            self.env["res.company"],
        )
