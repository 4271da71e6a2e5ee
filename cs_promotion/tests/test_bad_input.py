"""Bad input in the month's work: sheets, appraisals, figures, tests, violations, cycles."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .bad_input_common import CsBadInputCase


@tagged("post_install", "-at_install", "cs_promotion")
class TestBadSheet(CsBadInputCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cycle = cls._open("2025-01")
        cls.sheet = cls._sheet(cls.agent, "2025-01", "superior")
        cls.line = cls.sheet.line_ids[0]
        cls.foreign = cls.sheet.line_ids[-1].section_id.grade_ids[0]

    def test_grade_of_another_section(self):
        """SW and KN both have a grade of 5 points: which one it is matters all the same."""
        self.assertNotEqual(self.foreign.section_id, self.line.section_id)
        words = ("Agent", "item 1", self.foreign.name, self.line.section_id.name)
        self._refused(lambda: self.line.write({"grade_id": self.foreign.id}), *words)
        values = {"line_ids": [(1, self.line.id, {"grade_id": self.foreign.id})]}
        self._refused(
            lambda: self._call(
                self.user_superior, "cs.appraisal.sheet", "write", self.sheet.ids, values
            ),
            *words,
        )

    def test_half_filled_sheet(self):
        self._fill_in(self.sheet, 80, submit=False)
        self.sheet.line_ids[6].grade_id = False
        self._refused(
            lambda: self._call(
                self.user_superior, "cs.appraisal.sheet", "action_submit", self.sheet.ids
            ),
            "Agent",
            "item 7",
            error=UserError,
        )
        self.assertEqual(self.sheet.state, "draft")

    def test_sheet_of_another_rater(self):
        self._fill_in(self.sheet, 80, submit=False)
        for user in (self.user_office, self.user_manager, self.user_agent, self.user_peer):
            self._refused(
                lambda user=user: self._call(
                    user, "cs.appraisal.sheet", "action_submit", self.sheet.ids
                ),
                error=AccessError,
            )
            self._refused(
                lambda user=user: self._call(
                    user, "cs.appraisal.sheet.line", "write", self.line.ids, {"remark": "x"}
                ),
                error=AccessError,
            )

    def test_closed_month(self):
        """Nothing of a closed month is edited: sheet, item, appraisal, cycle, figures."""
        figure = self._figure(self.agent, "2025-01", sales=10, handled=10, complaints=0)
        self._score(self.cycle.appraisal_ids, 80)
        self._close(self.cycle)
        appraisal = self._appraisal(self.agent, "2025-01")
        for user, record, values, words in (
            (self.user_superior, self.line, {"remark": "x"}, ("Agent", "submitted")),
            (self.user_office, appraisal, {"superior_id": self.stranger.id}, ("is closed",)),
            (self.user_office, figure, {"complaints": 1}, ("Agent January 2025", "closed")),
            (self.user_office, figure, {"handled": 11}, ("Agent January 2025", "closed")),
            (self.user_manager, self.cycle, {"date_start": "2025-02-01"}, ("period",)),
        ):
            self._refused(
                lambda user=user, record=record, values=values: self._call(
                    user, record._name, "write", record.ids, values
                ),
                *words,
                error=UserError,
            )
        for record, words in (
            (appraisal, ("is closed",)),
            (figure, ("Agent January 2025", "closed")),
            (self.cycle, ("January 2025", "closed")),
        ):
            self._refused(record.unlink, *words, error=UserError)
        self._refused(self.cycle._open, "January 2025", error=UserError)
        self._refused(lambda: self._close(self.cycle), "January 2025", error=UserError)
        self._refused(lambda: appraisal._exclude("x"), "January 2025", error=UserError)
        self._refused(
            lambda: self._figure(self.peer, "2025-01", handled=4),
            "Peer January 2025",
            "closed",
            error=UserError,
        )
        self._refused(
            lambda: self._figure(self.peer, "2025-02", handled=4).write({"month": "2025-01-01"}),
            "Peer January 2025",
            "closed",
            error=UserError,
        )

    def test_sales_may_still_come_in(self):
        """Sales are no part of what the closing judges (V3): payroll needs them afterwards."""
        figure = self._figure(self.agent, "2025-01", handled=10)
        self._score(self.cycle.appraisal_ids, 80)
        self._close(self.cycle)
        figure.with_user(self.user_office).sales = 5000
        self.assertEqual(figure.sales, 5000)

    def test_second_appraisal(self):
        self._refused(
            lambda: self.env["cs.appraisal"].create(
                {"cycle_id": self.cycle.id, "employee_id": self.agent.id}
            ),
            "January 2025",
            "Agent",
            "one appraisal in each cycle",
        )

    def test_second_cycle(self):
        self._refused(
            lambda: self._call(
                self.user_office,
                "cs.cycle",
                "create",
                [{"company_id": self.company.id, "date_start": "2025-01-01"}],
            ),
            "2025-01-01",
            "has its cycle already",
        )

    def test_cycle_that_cannot_be(self):
        create = self.env["cs.cycle"].create
        given = {"company_id": self.company.id}
        self._refused(lambda: create(given | {"date_start": "2025-03-02"}), "first of its month")
        self._refused(
            lambda: create(given | {"kind": "quarter", "date_start": "2025-02-01"}),
            "calendar quarter",
        )
        self._refused(
            lambda: create(given | {"date_start": "2023-12-01"}),
            "CS Test",
            "2023-12-31",
            error=UserError,
        )
        self._score(self.cycle.appraisal_ids, 80)
        self._close(self.cycle)
        self._refused(
            lambda: create(given | {"date_start": "2024-12-01"}), "December 2024", "January 2025"
        )

    def test_closing_too_early_or_incomplete(self):
        """Refused with a list of what is missing, by agent and rater."""
        self._refused(lambda: self._close(self.cycle), "January 2025", "Agent", "Peer", "0 of 20",
                      error=UserError)  # fmt: skip
        later = self._cycle("2025-02")
        self._refused(lambda: self._close(later), "January 2025", "February 2025", error=UserError)
        future = self._cycle("2999-01")
        self._refused(
            lambda: self._call(self.user_office, "cs.cycle", "action_close", future.ids),
            "January 2999",
            "cannot be closed before",
            error=UserError,
        )

    def test_item_moved_to_another_sheet(self):
        other = self._sheet(self.peer, "2025-01", "superior")
        self._refused(
            lambda: self._call(
                self.user_superior,
                "cs.appraisal.sheet.line",
                "write",
                self.line.ids,
                {"sheet_id": other.id},
            ),
            error=AccessError,
        )


@tagged("post_install", "-at_install", "cs_promotion")
class TestBadFigures(CsBadInputCase):
    def _refused_figures(self, values, *words, agent=None):
        given = {"employee_id": (agent or self.agent).id, "month": "2025-01-01"}
        self._refused(
            lambda: self._call(self.user_office, "cs.figure", "create", [given | values]),
            (agent or self.agent).name,
            *words,
        )

    def test_figures_that_cannot_be(self):
        self._refused_figures({"sales": -200_000_000}, "more came back than the 100000000")
        self._refused_figures({"handled": -5}, "negative")
        self._refused_figures({"handled": 5, "complaints": -1}, "negative")
        self._refused_figures({"handled": 5, "complaints": 6}, "6 complaints", "5 customers")
        self._refused_figures({"complaints": 1}, "1 complaints", "0 customers")

    def test_written_figures_that_cannot_be(self):
        figure = self._figure(self.agent, "2025-01", sales=10, handled=5, complaints=2)
        for values, word in (
            ({"sales": -200_000_000}, "more came back"),
            ({"handled": -1}, "negative"),
            ({"handled": 1}, "2 complaints"),
            ({"complaints": 6}, "6 complaints"),
        ):
            self._refused(
                lambda values=values: self._call(
                    self.user_office, "cs.figure", "write", figure.ids, values
                ),
                "Agent January 2025",
                word,
            )

    def test_no_numbers(self):
        for value in (float("nan"), float("inf"), 1e12, "12 apples"):
            self._refused_figures({"sales": value}, value, "Sales")
        self._refused_figures({"handled": 2**40}, 2**40, "Customers Handled")
        self._refused_figures({"month": "2025-02-30"}, "2025-02-30", "Month")

    def test_second_row(self):
        self._figure(self.agent, "2025-01")
        self._refused_figures({"month": "2025-01-20"}, "2025-01-01", "one row of figures")

    def test_not_employed(self):
        late = self._make_agent("Late", hired="2025-03-10")
        gone = self._make_agent("Gone", hired="2024-03-10", left="2024-12-30")
        self._refused_figures({}, "before", "joined", agent=late)
        self._refused_figures({}, "not employed", agent=gone)
        for model, values in (
            ("cs.probation.test", {"date": "2025-03-09", "knowledge": 80, "skills": 80}),
            ("cs.award", {"month": "2025-02-01"}),
            ("cs.violation", {
                "date": "2025-03-09",
                "type_id": self.env.ref("cs_promotion.violation_type_slacking").id,
            }),
        ):  # fmt: skip
            values["employee_id"] = late.id
            self._refused(
                lambda model=model, values=values: self._call(
                    self.user_office, model, "create", [values]
                ),
                "before Late joined",
            )

    def test_second_award(self):
        self._award(self.agent, "2025-01")
        self._refused(lambda: self._award(self.agent, "2025-01"), "Agent", "2025-01-01",
                      "at most once a month")  # fmt: skip

    def test_probation_points(self):
        for values, words in (
            ({"knowledge": 101}, ("Knowledge Points", "101")),
            ({"skills": -1}, ("Skills Points", "-1")),
        ):
            self._refused(
                lambda values=values: self._probation_test(self.agent, "2025-01-05", **values),
                "Agent",
                "between 0 and 100",
                *words,
            )
        self._refused(
            lambda: self._probation_test(self.agent, "2025-01-05", knowledge=float("nan")),
            "Agent",
            "Knowledge",
        )


@tagged("post_install", "-at_install", "cs_promotion")
class TestBadViolation(CsBadInputCase):
    def test_fine_outside_the_range(self):
        """V2: the range of the tier held on the day, its ends included."""
        violation = self._violation(self.agent, "2025-01-10", fine=0, confirm=False)
        words = ("Agent", "Slacking", "20", "100", "Junior")
        self._refused(
            lambda: self._call(self.user_office, "cs.violation", "action_confirm", violation.ids),
            *words,
        )
        for fine in (19.99, 100.01):
            for write in (
                lambda fine=fine: self._violation(
                    self.agent, "2025-01-10", fine=fine, confirm=False
                ),
                lambda fine=fine: self._call(
                    self.user_office, "cs.violation", "write", violation.ids, {"fine": fine}
                ),
            ):
                self._refused(write, *words)
        for fine in (20, 100):
            self._violation(self.agent, "2025-01-10", fine=fine)

    def test_fine_of_a_newcomer(self):
        """On probation there is no fine range: any fine is outside it."""
        newcomer = self._make_agent("Newcomer", tier="probation")
        self._refused(lambda: self._violation(newcomer, "2025-01-10", fine=20), "Newcomer")
        self.assertEqual(self._violation(newcomer, "2025-01-10", fine=0).state, "confirmed")

    def test_fine_that_is_none(self):
        for fine, error_words in ((-1, ("Agent", "Fine", "-1")), (float("nan"), ("Agent", "Fine"))):
            self._refused(
                lambda fine=fine: self._violation(self.agent, "2025-01-10", fine=fine),
                *error_words,
            )

    def test_without_severity(self):
        violation = self._violation(self.agent, "2025-01-10", severity=False, confirm=False)
        self._refused(
            lambda: self._call(self.user_office, "cs.violation", "action_confirm", violation.ids),
            "Agent",
            "severity",
            error=UserError,
        )

    def test_off_the_ladder(self):
        driver = self.env["hr.employee"].create(
            {
                "name": "Driver",
                "company_id": self.company.id,
                "contract_date_start": "2025-01-01",
                "date_version": "2025-01-01",
            }
        )
        self._refused(lambda: self._violation(driver, "2025-01-10", fine=0), "Driver", "no CS tier")

    def test_decided_is_decided(self):
        violation = self._violation(self.agent, "2025-01-10")
        for values in ({"severity": "serious"}, {"fine": 20}, {"date": "2025-01-11"}):
            self._refused(
                lambda values=values: self._call(
                    self.user_office, "cs.violation", "write", violation.ids, values
                ),
                "Agent",
                "has been decided",
                error=UserError,
            )
        self._refused(violation.unlink, "Agent", "stays on record", error=UserError)

    def test_own_violation(self):
        clerk = self._make_agent("Clerk", user=self.user_office)
        violation = self._violation(clerk, "2025-01-10", confirm=False)
        self._refused(
            lambda: self._call(self.user_office, "cs.violation", "action_confirm", violation.ids),
            error=AccessError,
        )
