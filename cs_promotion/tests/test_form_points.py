"""Metrics of sections and items of a form, in rules and pay (policy language, *Metric*)."""

from decimal import Decimal
from fractions import Fraction

from odoo.exceptions import ValidationError
from odoo.tests import tagged

from ..engine.form import Form, Part, Voice, evaluate, section_points
from ..engine.series import Scope
from .form_common import FormCase
from .other_forms_common import make_package
from .replay_common import ReplayCase

FIELDS = {
    "name": "Six fields",
    "sections": [
        {
            "code": code,
            "name": code,
            "weight": 50,
            "items": [
                {"name": f"{code} {part}", "source": "number", "maximum": 25} for part in (1, 2)
            ],
        }
        for code in ("quality", "attitude")
    ],
}
LADDER = [
    {"tier": "field_agent", "name": "Agent", "base_wage": 3000},
    {"tier": "field_senior", "name": "Senior", "base_wage": 4000},
]


def months(*given):
    """Months from January 2026 on with these points, item by item."""
    return {
        f"2026-{number:02}": {"superior": points}
        for number, points in enumerate(given, start=1)
        if points
    }


@tagged("post_install", "-at_install", "cs_promotion")
class TestFormPointsPlayed(ReplayCase):
    def test_10_4_year_end_mean_of_a_field_and_a_section_three_months_running(self):
        package = make_package(
            form=FIELDS,
            ladder=LADDER,
            metrics=[
                {"code": "quality", "name": "Quality", "kind": "section", "section": "quality"},
                {
                    "code": "attitude",
                    "name": "Attitude",
                    "kind": "section",
                    "section": "attitude",
                    "percent": True,
                },
                {
                    "code": "quality_year",
                    "name": "Quality of the year",
                    "kind": "period",
                    "one": "quality",
                    "grain": "year",
                    "gather": "mean",
                },
            ],
            rules=[
                {
                    "code": "up",
                    "name": "A good year",
                    "tier": "field_agent",
                    "outcome": "promote",
                    "conditions": [
                        {"metric": "quality_year", "value": 36},
                        {"metric": "attitude", "value": 80, "times": 3, "consecutive": True},
                    ],
                }
            ],
        )
        good, weak = [20, 16, 20, 20], [20, 16, 20, "19.9"]
        found = self._play(
            package,
            "2026-01",
            "2026-12",
            ANNA={"months": months(*[weak] * 9, *[good] * 3)},
            BEN={"months": months(*[good] * 11, weak)},
            CAI={"months": months(*[[20, 15, 20, 20]] * 12)},
        )
        changes = {name: [each["date"] for each in found[name]["changes"]] for name in found}
        self.assertEqual(changes, {"ANNA": ["2027-01-01"], "BEN": [], "CAI": []})


@tagged("post_install", "-at_install", "cs_promotion")
class TestFormPoints(FormCase):
    def _load(self, *metrics):
        timelines = self.env["cs.timeline"]._load([self.agent.id], self.company)
        day = self._day("2025-01").replace(day=31)
        series = self.env["cs.metric"]._load_series(
            [each.code for each in metrics], Scope(timelines, self.company, day)
        )
        return [
            [point.value for point in series[each.code].get(self.agent.id, ())] for each in metrics
        ]

    def test_a_mean_of_raters_by_weight_with_what_is_measured(self):
        make = self.env["cs.metric"].create
        section, item, measured, percent = (
            make({"name": code, "code": code, **values})
            for code, values in (
                ("all", {"kind": "section", "section": "A"}),
                ("talk", {"kind": "item", "item": 1}),
                ("daily_points", {"kind": "item", "item": 2}),
                ("all_percent", {"kind": "section", "section": "A", "percent": True}),
            )
        )
        self._form(
            {"name": "Talk", "source": "number", "maximum": 60},
            self._measured("daily", 40, scale_id=self.line.id),
            {"name": "Ideas", "effect": "adds", "source": "number", "maximum": 10},
        )
        self._weigh(self.policy, superior=75, office=25)
        cycle = self._open("2025-01")
        self._appraisal(self.peer, "2025-01")._exclude("away")
        self._give(self.agent, "superior", talk=40, ideas=5)
        self._give(self.agent, "office", talk=30, ideas=5)
        self._measure(self.agent, daily=260)
        self.assertEqual(self._load(section, item), [[], []])
        self._close(cycle)
        talk = Fraction(75, 2)
        self.assertEqual(
            self._load(section, item, measured, percent), [[talk + 20], [talk], [20], [talk + 20]]
        )
        self.assertEqual(self._appraisal(self.agent, "2025-01").score, 62.5)

    def test_a_plain_form_keeps_them_too(self):
        section = self.env["cs.metric"].create(
            {"name": "KN", "code": "knowledge", "kind": "section", "section": "KN"}
        )
        item = self.env["cs.metric"].create(
            {"name": "Five", "code": "five", "kind": "item", "item": 5, "percent": True}
        )
        cycle = self._open("2025-01")
        self._score(self._appraisal(self.agent, "2025-01"), 100, 20)
        self._score(self._appraisal(self.peer, "2025-01"), 100)
        self._close(cycle)
        appraisal = self._appraisal(self.agent, "2025-01")
        lines = appraisal.sheet_ids.line_ids
        knowledge = sum(lines.filtered(lambda each: each.section_id.code == "KN").mapped("points"))
        five = sum(lines.filtered(lambda each: each.number == 5).mapped("points"))
        self.assertEqual(self._load(section, item), [[Fraction(knowledge) / 2], [five * 10]])

    def test_without_such_a_metric_nothing_is_kept(self):
        self._play("2025-01", {self.agent: 90, self.peer: 80})
        self.assertFalse(self._appraisal(self.agent, "2025-01").points)

    def test_what_cannot_be_is_refused(self):
        for values in (
            {"kind": "section"},
            {"kind": "item"},
            {"kind": "section", "section": "A", "grain": "event"},
        ):
            with self.subTest(values), self.assertRaises(ValidationError):
                self.env["cs.metric"].create({"name": "Odd", "code": "odd", **values})

    def test_engine_leaves_out_what_nobody_rates(self):
        form = Form(
            {
                "a": Part("s", Decimal(10), raters=frozenset({"qa"})),
                "b": Part("s", Decimal(20)),
                "c": Part("t", Decimal(5), effect="takes"),
            },
            raters={"qa": Voice(Decimal(1), needed=False), "boss": Voice(Decimal(1))},
            highest=Decimal(30),
        )
        rated = {"boss": {"b": Decimal(15), "c": Decimal(1)}}
        points = evaluate(form, rated).points
        self.assertEqual(section_points(form, rated, points), {"s": (15, 20)})
