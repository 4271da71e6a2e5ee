"""Half-years and years: made of their months, or by a form of their own (policy language,
*Periods*)."""

from datetime import date

from psycopg2 import IntegrityError

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..engine import scoring
from ..models.cs_period import key_name, period_name, short_name
from .common import CsPromotionCase
from .other_forms_common import make_form, make_package
from .replay_common import ReplayCase


def full(score):
    """A month of the desk with this score."""
    return {"superior": [min(score, 60), max(score - 60, 0)]}


def year(*scores, first=2026):
    """Months from January on with these scores; None has no review."""
    keys = (f"{first + index // 12}-{index % 12 + 1:02}" for index in range(len(scores)))
    return {key: full(score) for key, score in zip(keys, scores, strict=True) if score is not None}


@tagged("post_install", "-at_install", "cs_promotion")
class TestLongerPeriodsPlayed(ReplayCase):
    def test_half_by_mean_and_year_by_sum(self):
        package = make_package(
            settings={"quarter_method": "none", "half_method": "average", "year_method": "sum"},
            classes=[
                {"code": "A", "name": "A", "given_by": "score", "score": 80},
                {"code": "B", "name": "B", "given_by": "score", "score": 0},
            ],
        )
        found = self._play(
            package,
            "2026-01",
            "2026-12",
            ANNA={"months": year(*[90] * 6, *[80] * 5, 81)},
            BEN={"months": year(*[70] * 12)},
            CAI={"months": year(*[95] * 3, None, *[95] * 8)},
        )
        anna, ben, cai = (found[name] for name in ("ANNA", "BEN", "CAI"))
        self.assertEqual(anna["quarters"], {})
        self.assertEqual(
            anna["halves"],
            {
                "2026H1": {"score": 90.0, "rank": 1, "class": "A"},
                "2026H2": {"score": 80.17, "rank": 2, "class": "A"},
            },
        )
        self.assertEqual(ben["halves"]["2026H1"], {"score": 70.0, "rank": 2, "class": "B"})
        self.assertEqual(anna["years"], {"2026": {"score": 1021.0, "rank": 1, "class": "A"}})
        # R3: without all of its months there is no score
        self.assertEqual((list(cai["halves"]), cai["years"]), (["2026H2"], {}))

    def test_a_year_by_a_form_of_its_own_is_ranked_by_it(self):
        package = make_package(
            settings={"year_method": "scorecard"},
            forms=[
                {"kind": "year", "form": make_form("Year", ("Results", 100))},
                {"kind": "month", "form": None},
            ],
        )
        found = self._play(
            package,
            "2026-12",
            "2026-12",
            ANNA={"months": {}, "periods": {"2026": {"superior": [88.5]}}},
            BEN={"months": {}, "periods": {"2026": {"superior": [91]}}},
            CAI={"months": {}},
        )
        self.assertEqual(
            {name: each["years"] for name, each in found.items()},
            {
                "ANNA": {"2026": {"score": 88.5, "rank": 2}},
                "BEN": {"2026": {"score": 91.0, "rank": 1}},
                "CAI": {},
            },
        )

    def test_months_without_a_form_are_not_asked_for(self):
        package = make_package(
            settings={"half_method": "average"},
            forms=[{"kind": "month", "months": "2, 3, 5, 6", "form": None}],
        )
        found = self._play(
            package,
            "2026-01",
            "2026-06",
            ANNA={"months": {"2026-01": full(80), "2026-04": full(91)}},
        )
        self.assertEqual(found["ANNA"]["halves"], {"2026H1": {"score": 85.5, "rank": 1}})
        self.assertEqual(found["ANNA"]["quarters"]["2026Q1"]["score"], 80.0)

    def test_so_many_months_are_enough(self):
        package = make_package(settings={"half_method": "average", "half_least": 4})
        found = self._play(
            package,
            "2026-01",
            "2026-06",
            ANNA={"months": year(80, 81, 83) | {"2026-05": full(90)}},
            BEN={"months": year(90, 90, 90)},
        )
        self.assertEqual(found["ANNA"]["halves"], {"2026H1": {"score": 83.5, "rank": 1}})
        self.assertEqual(found["BEN"]["halves"], {})

    def _quarters(self, **settings):
        """Score and rank of the quarter, of those who have one: of three, two and one month."""
        found = self._play(
            make_package(settings=settings),
            "2026-01",
            "2026-03",
            ANNA={"months": year(80, 81, 85)},
            BEN={"months": year(None, 90, 91), "hired": "2026-02-01"},
            CAI={"months": year(None, None, 95), "hired": "2026-03-01"},
        )
        quarters = {name: each["quarters"].get("2026Q1") for name, each in found.items()}
        return {name: (each["score"], each["rank"]) for name, each in quarters.items() if each}

    def test_a_quarter_needs_all_its_months(self):
        self.assertEqual(self._quarters(), {"ANNA": (82.0, 1)})

    def test_two_months_are_enough_for_a_quarter(self):
        """Who joins within a quarter has a score of it."""
        found = self._quarters(quarter_least=2)
        self.assertEqual(found, {"ANNA": (82.0, 2), "BEN": (90.5, 1)})

    def test_two_months_are_enough_for_a_quarter_by_sum(self):
        found = self._quarters(quarter_least=2, quarter_method="sum")
        self.assertEqual(found, {"ANNA": (246.0, 1), "BEN": (181.0, 2)})

    def test_a_quarter_with_a_form_of_its_own_is_ranked_by_all_its_months(self):
        """R4: the number of months that are enough is of quarters made of them."""
        package = make_package(settings={"quarter_method": "scorecard", "quarter_least": 1})
        form = {"2026Q1": {"superior": [60, 30]}}
        found = self._play(
            package,
            "2026-01",
            "2026-03",
            ANNA={"months": year(80, 81, 85), "periods": form},
            BEN={"months": year(None, 90, 91), "periods": form},
        )
        self.assertEqual(found["ANNA"]["quarters"], {"2026Q1": {"score": 90.0, "rank": 1}})
        self.assertEqual(found["BEN"]["quarters"], {"2026Q1": {"score": 90.0}})

    def test_rules_look_at_halves_and_at_sums(self):
        package = make_package(
            settings={"half_method": "sum", "quarter_method": "sum"},
            ladder=[
                {"tier": "form_agent", "name": "Agent", "base_wage": 3000},
                {"tier": "form_senior", "name": "Senior", "base_wage": 4000},
            ],
            rules=[
                {
                    "code": "up",
                    "name": "A good half-year",
                    "tier": "form_agent",
                    "outcome": "promote",
                    "conditions": [
                        {"metric": "half_score", "value": 540},
                        {"metric": "half_rank", "operator": "<=", "value": 1},
                        {"metric": "quarter_score", "value": 270, "times": 2, "consecutive": True},
                    ],
                }
            ],
        )
        found = self._play(
            package,
            "2026-01",
            "2026-06",
            ANNA={"months": year(*[90] * 6)},
            BEN={"months": year(*[89] * 6)},
        )
        changes = [(each["date"], each["to"]) for each in found["ANNA"]["changes"]]
        self.assertEqual(changes, [("2026-07-01", "form_senior")])
        self.assertEqual(found["BEN"]["changes"], [])


@tagged("post_install", "-at_install", "cs_promotion")
class TestLongerPeriods(CsPromotionCase):
    def test_of_months_rounds_once_and_needs_all(self):
        self.assertEqual(scoring.of_months([90, 80, 81], 3, "sum"), 251)
        self.assertEqual(str(scoring.of_months([90, 80, 81, 81, 80, 80], 6)), "82.00")
        self.assertIsNone(scoring.of_months([90, None], 2))
        self.assertEqual(scoring.of_months([90, None, 81], 3, least=2), 85.5)
        self.assertEqual(scoring.of_months([90, None, 81], 3, "sum", least=1), 171)
        self.assertIsNone(scoring.of_months([90, None, 81], 6, least=3))
        self.assertEqual(scoring.of_months([90], 1, least=3), 90, "no more than are asked for")
        self.assertIsNone(scoring.of_months([90, 80], 2, "none"))
        self.assertIsNone(scoring.of_months([], 0))

    def test_how_many_months_are_enough_is_said_and_compared(self):
        words, changes = self.env["cs.words"], self.env["cs.policy.changes"]
        former = self.policy.copy({"date_from": "2024-01-01"})
        self.policy.quarter_least = 2
        said = " ".join(words._say_scoring(self.policy))
        self.assertIn("is the mean of the monthly scores there are; it takes at least 2.", said)
        self.assertNotIn("without all three", said)
        rows = changes._get_changes(former, self.policy)
        name = "Months That Are Enough for a Quarter"
        self.assertIn((name, "0", "2"), [(row["name"], row["was"], row["now"]) for row in rows])
        self.policy.quarter_method = "sum"
        said = " ".join(words._say_scoring(self.policy))
        self.assertIn("is the sum of the monthly scores there are; it takes at least 2.", said)
        self.policy.quarter_method = "scorecard"
        self.assertNotIn("at least 2", " ".join(words._say_scoring(self.policy)))
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self.policy.quarter_least = 4
            self.policy.flush_recordset()

    def test_names(self):
        chinese = self.env(context={"lang": "zh_CN"})
        self.env["res.lang"]._activate_lang("zh_CN")
        start = date(2026, 7, 1)
        self.assertEqual(period_name(self.env, "half", start), "H2 2026")
        self.assertEqual(period_name(chinese, "half", start), "2026年下半年")
        self.assertEqual(period_name(self.env, "year", start), "2026")
        self.assertEqual(short_name(chinese, "half", start), "下半年")
        keys = {"2026H1": "H1 2026", "2026": "2026", "2026H3": "2026H3", "2026Q4": "Q4 2026"}
        self.assertEqual({key: key_name(self.env, key) for key in keys}, keys)

    def test_where_there_is_none_none_is_made(self):
        with self.assertRaisesRegex(ValidationError, "has no review of such a period: H1 2025"):
            self._cycle("2025-01", "half")
        self._play_months("2025-01", "2025-06", {self.agent: 90, self.peer: 80})
        kinds = self.env["cs.cycle"].search([("company_id", "=", self.company.id)]).mapped("kind")
        self.assertEqual(set(kinds), {"month", "quarter"})
        self.assertNotIn("half-year", " ".join(self.env["cs.words"]._say_scoring(self.policy)))

    def test_reopened_with_its_last_month_and_closed_again(self):
        self.policy.write({"half_method": "average", "year_method": "average"})
        self._play_months("2025-01", "2025-06", {self.agent: 90, self.peer: 80})
        half = self._cycle("2025-01", "half")
        agent = half.appraisal_ids.filtered(lambda each: each.employee_id == self.agent)
        self.assertEqual((half.state, agent.score, agent.rank), ("closed", 90, 1))
        june = self._cycle("2025-06")
        self._reopen_as_manager(june)
        self.assertEqual((half.state, june.state, agent.closed), ("open", "open", False))
        self._regrade_sheets(self._appraisal(self.agent, "2025-06").sheet_ids, 60)
        self._close(june)
        self.assertEqual((half.state, agent.score, agent.rank), ("closed", 85, 1))

    def test_by_a_form_it_is_opened_with_its_last_month_and_waits_for_it(self):
        self.policy.half_method = "scorecard"
        self._play_months("2025-01", "2025-05", {self.agent: 90, self.peer: 80})
        self.env["cs.cycle"]._open_due(self.company, date(2025, 6, 2))
        half = self._cycle("2025-01", "half")
        self.assertEqual(len(half.appraisal_ids.sheet_ids), 4)
        self._score(half.appraisal_ids, 70)
        with self.assertRaisesRegex(UserError, "Close June 2025 before H1 2025"):
            self._close(half)
        june = self._cycle("2025-06")
        self._score(june.appraisal_ids, 80)
        (half | june).with_user(self.user_office).action_close()
        self.assertEqual({half.state, june.state}, {"closed"})
        self.assertEqual(half.appraisal_ids.mapped("score"), [70, 70])
        self.assertEqual(half.appraisal_ids.mapped("rank"), [1, 1])
