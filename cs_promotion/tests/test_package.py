"""A policy as a file: written, read, and refused with the path of the fault."""

import json
from copy import deepcopy
from functools import partial
from pathlib import Path

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools.misc import file_path

from ..package.node import ScenarioError
from ..package.shapes import FORM, PARTS, SETTINGS, SHARED, key_of
from ..wizard.cs_policy_import import PRESETS
from .common import CsPromotionCase

DOCS = Path(__file__).parents[2] / "docs"
TINY = {
    "format": "cs-promotion-policy/1",
    "name": {"en_US": "A small desk", "zh_CN": "小团队"},
    "settings": {"rank_within": "company", "pass_mark": 50},
    "scales": [
        {
            "code": "first_response",
            "name": "First response",
            "mode": "bands",
            "steps": [
                {"operator": "<=", "bound": 30, "value": 100},
                {"operator": "<=", "bound": 60, "value": 50},
            ],
        }
    ],
    "metrics": [
        {"code": "seconds", "name": "First response", "unit": "s"},
        {"code": "chats", "name": "Chats"},
        {
            "code": "seconds_each",
            "name": "Each",
            "kind": "ratio",
            "one": "seconds",
            "other": "chats",
        },
    ],
    "ladder": [
        {"tier": "desk_agent", "name": "Agent", "base_wage": 3000},
        {"tier": "desk_lead", "name": "Lead", "base_wage": 4000, "appointed": True},
    ],
    "raters": [{"code": "superior", "weight": 100}],
    "form": {
        "name": "Quality",
        "sections": [
            {
                "code": "A",
                "name": "All",
                "items": [
                    {
                        "name": "First response",
                        "source": "measured",
                        "metric": "seconds_each",
                        "scale": "first_response",
                        "maximum": 40,
                        "percent": True,
                    },
                    {"name": "Talk", "source": "number", "maximum": 60},
                ],
            }
        ],
    },
    "rules": [
        {
            "code": "slow",
            "name": "Slow",
            "tier": "desk_agent",
            "outcome": "dismissal_review",
            "conditions": [
                {
                    "metric": "seconds_each",
                    "operator": ">",
                    "value": 90,
                    "times": 3,
                    "reading": "mean",
                }
            ],
        }
    ],
    "consequences": [],
}
ON_QUARTERS = TINY["rules"][0] | {"conditions": [{"metric": "quarter_score", "value": 80}]}
RULE, ASKED = ("rules", 0), ("rules", 0, "conditions", 0)
APPLIED = {"application_months": 3}
NAMED = {"code": "A", "name": "A"}
RUDE = {"type": "rude", "name": "Rude"}
PROVISO = {"metric": "chats", "operator": ">", "value": 1, "value_max": 2}
WITHOUT_METRIC = {"code": "MORE", "name": "More", "factors": [{"kind": "metric"}]}
TWO_HALVES = [{"code": code, "name": code, "given_by": "share", "share": 60} for code in ("A", "B")]


@tagged("post_install", "-at_install", "cs_promotion")
class TestPackage(CsPromotionCase):
    def _import(self, package, **how):
        text = package if isinstance(package, str) else json.dumps(package)
        return self.env["cs.policy.package"]._import(text, self.company_b, **how)

    def _assert_fault(self, path, fault, change):
        package = deepcopy(TINY)
        change(package)
        before = self.env["cs.policy"].search_count([])
        with self.assertRaises(ScenarioError) as caught:
            self._import(package)
        self.assertEqual(caught.exception.path, path)
        self.assertRegex(caught.exception.fault, fault)
        self.assertEqual(self.env["cs.policy"].search_count([]), before)
        self.assertFalse(self.env["cs.metric"].search([("code", "=", "seconds")]))

    def _change(self, package, keys, values):
        """Give the row at these keys other values; None takes a key away, but ``other``."""
        for key in keys:
            package = package[key]
        for key, value in values.items():
            if value is None and key != "other":
                del package[key]
            else:
                package[key] = value

    def test_the_shipped_policy_comes_back_as_it_was(self):
        package = self.env["cs.policy.package"]._export(self.policy)
        again = self._import(package, start="2030-01-01")
        self.assertEqual(again.state, "draft")
        self.assertEqual(self.env["cs.policy.package"]._export(again), package)
        self.assertEqual(again.name, self.policy.name)
        ours, theirs = self.policy._compile(), again._compile()
        for name in ("settings", "ladder", "pay", "rules", "raters", "classes", "consequences"):
            self.assertEqual(getattr(ours, name), getattr(theirs, name), name)
        parts = [[*policy.form.parts.values()] for policy in (ours, theirs)]
        self.assertEqual([p.maximum for p in parts[0]], [p.maximum for p in parts[1]])

    def test_V1_offences_come_along(self):
        kind = self.env.ref("cs_promotion.violation_type_slacking")
        draft = self._make_policy(self.company, "2029-01-01", activate=False)
        row = {"severity": "minor", "points": 2.5, "fine_method": "fixed", "fine_amount": 30}
        draft.offence_ids = [
            Command.create(row | {"type_id": kind.id}),
            Command.create({"type_id": kind.id, "times": 2, "months": 6, "severity": "serious"}),
        ]
        package = self.env["cs.policy.package"]._export(draft)
        again = self._import(package, start="2030-01-01")
        self.assertEqual(self.env["cs.policy.package"]._export(again), package)
        first, second = again.offence_ids
        self.assertRecordValues(first, [row | {"type_id": kind.id, "times": 1, "months": 0}])
        self.assertEqual((second.times, second.months, second.severity), (2, 6, "serious"))

    def test_a_package_of_another_company_becomes_its_policy(self):
        policy = self._import(TINY, start="2030-01-01")
        self.assertEqual(policy.name, "A small desk")
        self.assertEqual([*policy._get_ladder().steps], ["desk_agent", "desk_lead"])
        self.assertEqual(policy._get_ladder().appointed, {"desk_lead"})
        self.assertEqual(policy.rater_ids.mapped("code"), ["superior"])
        self.assertFalse(policy.consequence_ids)
        self.assertIn("30", policy.scorecard_id.section_ids.item_ids.scale_id.sentence)
        written = self.env["cs.policy.package"]._export(policy)
        self.assertEqual(written["metrics"], TINY["metrics"])
        self.assertEqual(written["scales"], TINY["scales"])
        self.assertEqual(written["rules"], TINY["rules"])
        self.assertEqual(written["settings"], TINY["settings"])
        # once more: scales, metrics and tiers are those that are there
        self._import(TINY, start="2031-01-01")
        self.assertEqual(self.env["cs.metric"].search_count([("code", "=", "seconds")]), 1)

    def test_words_in_the_languages_of_the_package(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        policy = self._import(TINY, start="2030-01-01")
        self.assertEqual(policy.with_context(lang="zh_CN").name, "小团队")
        self.assertEqual(policy.with_context(lang="en_US").name, "A small desk")

    def test_a_fault_is_named_by_its_path(self):
        item, talk = (f"$.form.sections[0].items[{number}]" for number in (0, 1))
        items = ("form", "sections", 0, "items")
        for path, fault, keys, values in (
            ("$", "the key 'form' is missing", (), {"form": None}),
            ("$.colour", "unknown key", (), {"colour": 1}),
            ("$.settings.pass_mark", "not a number", ("settings",), {"pass_mark": "x"}),
            ("$.settings.rank_within", "not one of company", ("settings",), {"rank_within": "x"}),
            (f"{item}.metric", "is not one of", (*items, 0), {"metric": "luck"}),
            ("$.form", "is measured: say by which metric", (*items, 0), {"metric": None}),
            (f"{item}.scale", "there is no CS Scale", (*items, 0), {"scale": "luck"}),
            (f"{talk}.raters", "no rater 'peers': superior", (*items, 1), {"raters": "peers"}),
            (f"{talk}.rater", "no rater 'office'", (*items, 1), {"rater": "office"}),
            ("$.metrics[2]", "pay item takes it through", ("metrics", 2), {"one": "tenure_months"}),
            ("$.pay_items[0]", "says of which metric", (), {"pay_items": [WITHOUT_METRIC]}),
            ("$.metrics[2]", "say of which metrics it is made", ("metrics", 2), {"other": None}),
            ("$.metrics[0]", "already: choose another", ("metrics", 0), {"code": "sales"}),
            ("$.scales[0]", "band 2 .* never", ("scales", 0, "steps", 1), {"bound": 30}),
            ("$.rules[0].tier", "there is no CS Tier", ("rules", 0), {"tier": "x"}),
            ("$.rules[0]", "'conditions' is missing", ("rules", 0), {"conditions": None}),
            ("$.ladder[0]", "no such tier yet", ("ladder", 0), {"name": None}),
            ("$", "at most 90 points", (*items, 1), {"maximum": 50}),
            ("$.raters[0].code", "is not one of", ("raters", 0), {"code": "dog"}),
            ("$.format", "is not one of", (), {"format": "2"}),
            ("$.rules[1]", "same code", (), {"rules": TINY["rules"] * 2}),
            (
                "$.rules[0].conditions[0].value",
                "more than 2 decimals",
                ("rules", 0, "conditions", 0),
                {"value": "89.995"},
            ),
            (
                "$.rules[0]",
                "say how many months",
                ("rules", 0, "conditions", 0),
                {"window": "last_months", "times": 1},
            ),
            (
                "$",
                "rule slow asks for quarter_score, but periods like that are not reviewed",
                (),
                {"rules": [ON_QUARTERS], "settings": {"quarter_method": "none"}},
            ),
            ("$", "^Policy A small desk: classes?: the shares", (), {"classes": TWO_HALVES}),
        ):
            change = partial(self._change, keys=keys, values=values)
            with self.subTest(path=path, fault=fault):
                self._assert_fault(path, fault, change)
        with self.assertRaisesRegex(ScenarioError, "not JSON"):
            self._import("{")

    def test_what_means_nothing_is_refused(self):
        talk, windows = ("form", "sections", 0, "items", 1), "first_months"
        for path, without, keys, values in (
            ("scales[0].cap", '"has_cap": true', ("scales", 0), {"cap": 90, "has_cap": False}),
            ("ladder[0].places_value", '"places": "number" or', ("ladder", 0), {"places_value": 2}),
            ("rules[0].application_months", '"on_application": true', RULE, APPLIED),
            ("rules[0].during_any_time", '"during"$', RULE, {"during_any_time": True}),
            ("rules[0].conditions[0].value_max", '"operator": "between"', ASKED, {"value_max": 99}),
            ("rules[0].conditions[0].months", f'"window": "{windows}" or', ASKED, {"months": 3}),
            ("form.sections[0].items[1].falls_to", '"effect": "fails"', talk, {"falls_to": 50}),
            ("form.sections[0].items[1].metric", '"source": "measured"', talk, {"metric": "chats"}),
            (
                "form.sections[0].items[1].scale",
                '"source": "measured"',
                talk,
                {"scale": "first_response"},
            ),
            (
                "form.sections[0].items[0].rater",
                '"source": "words" or "number"',
                (*talk[:-1], 0),
                {"rater": "superior"},
            ),
            ("raters[0].number", '"who": "colleagues"', ("raters", 0), {"number": 3}),
            *(
                (f"{part}[0].{key}", f'"{switch}": "{word}"', (), {part: [{**row, key: value}]})
                for part, row, key, value, switch, word in (
                    ("classes", {**NAMED, "share": 10}, "score", 90, "given_by", "score"),
                    ("offences", RUDE, "fine_amount", 9, "fine_method", "fixed"),
                    ("pay_items", NAMED, "metric", "chats", "of", 'metric" or "pool'),
                    ("pay_items", NAMED, "percent", True, "of", 'metric" or "pool'),
                    ("pay_items", NAMED, "share_by", "chats", "of", "pool"),
                )
            ),
            *(
                (f"pay_items[0].{key}", '"paid_now"$', (), {"pay_items": [{**NAMED, key: 2}]})
                for key in ("rest_month", "rest_parts")
            ),
            (
                "pay_items[0].provisos[0].value_max",
                '"operator": "between"',
                (),
                {"pay_items": [{**NAMED, "provisos": [PROVISO]}]},
            ),
        ):
            change = partial(self._change, keys=keys, values=values)
            with self.subTest(path=path):
                self._assert_fault(f"$.{path}", f"it means nothing without {without}", change)

    def test_a_code_is_one_word(self):
        form = {"code": "P 1", "name": "All", "items": TINY["form"]["sections"][0]["items"]}
        for path, record, keys, values in (
            ("scales[0]", "CS Scale First response", ("scales", 0), {"code": "first response"}),
            ("metrics[0]", "CS Metric First response", ("metrics", 0), {"code": "s each"}),
            ("ladder[0]", "CS Tier Agent", ("ladder", 0), {"tier": "desk agent"}),
            ("rules[0]", "CS Policy Rule .*Slow", RULE, {"code": "slow "}),
            ("classes[0]", "CS Policy Class .*A", (), {"classes": [NAMED | {"code": "A\u3000B"}]}),
            ("offences[0]", "CS Violation Type Rude", (), {"offences": [RUDE | {"type": "r d"}]}),
            ("form", "CS Scorecard Section All", ("form",), {"sections": [form]}),
            (
                "settings",
                "CS Policy Rater",
                ("raters", 0),
                {"code": "the boss", "who": "superior"},
            ),
        ):
            with self.subTest(path=path):
                self._assert_fault(
                    f"$.{path}",
                    f"^{record}.*: the code “.*” has blanks. Take one word, such as",
                    partial(self._change, keys=keys, values=values),
                )

    def test_a_code_with_blanks_that_there_is_stays(self):
        """It was taken before: the policy's next version has it, too."""
        policy = self._import(TINY, start="2030-01-01")
        scale = policy.scorecard_id.section_ids.item_ids.scale_id
        self.env.cr.execute("UPDATE cs_policy_rule SET code = 'too slow' WHERE code = 'slow'")
        self.env.cr.execute("UPDATE cs_scale SET code = 'a b' WHERE id = %s", [scale.id])
        self.env.invalidate_all()
        policy.rule_ids.name = "Too slow"
        again = policy.copy({"date_from": "2031-01-01"})
        self.assertEqual(again.rule_ids.code, "too slow")
        self.assertEqual(scale.copy().code, "a_b_2")
        with self.assertRaisesRegex(ValidationError, "far_too_slow"):
            again.rule_ids.code = "far too slow"

    def test_what_is_usual_anyway_means_no_harm(self):
        package = deepcopy(TINY)
        package["ladder"][0] |= {"places_value": 0, "places_of": [], "places_within": "department"}
        package["rules"][0] |= {"application_months": 1, "during_any_time": False}
        package["rules"][0]["conditions"][0] |= {"value_max": "0", "months": 0}
        package["form"]["sections"][0]["items"][1] |= {
            "falls_to": "0.0",
            "metric": None,
            "missing": "blocks",
        }
        amount = {"amounts": [{"amount": 5}], "rest_month": 1, "rest_parts": 1, "share_by": None}
        package["pay_items"] = [{**NAMED, **amount, "paid_now": 100}]
        self._import(package, start="2030-01-01")
        package["pay_items"][0] |= {"paid_now": 0, "rest_month": 3, "rest_parts": 2}
        self._import(package, start="2031-01-01")

    def test_what_means_nothing_any_more_is_not_written(self):
        classes = [
            {"code": "A", "name": "A", "share": 10},
            {"code": "B", "name": "B", "given_by": "score", "score": 60},
        ]
        policy = self._import({**TINY, "classes": classes}, start="2030-01-01")
        policy.class_ids[1].given_by = "rest"
        self.assertEqual(60, policy.class_ids[1].score)
        written = self.env["cs.policy.package"]._export(policy)
        self.assertNotIn("score", written["classes"][1])

    def test_an_item_that_cannot_be_rated_is_named(self):
        policy = self._import(TINY, start="2030-01-01")
        policy.scorecard_id.section_ids.item_ids[1].raters = "peers"
        with self.assertRaisesRegex(ValidationError, "item 2 Talk: unknown rater 'peers'"):
            policy._check_complete()

    def test_a_cap_that_is_said_holds(self):
        package = deepcopy(TINY)
        package["scales"][0] |= {"floor": 0, "cap": 90}
        scale = self._import(package, start="2030-01-01")._compile().form
        [scale] = {part.scale for part in scale.parts.values() if part.scale}
        self.assertEqual((scale.floor, scale.cap), (0, 90))

    def test_another_scale_of_the_same_code_is_refused(self):
        self._import(TINY, start="2030-01-01")
        package = deepcopy(TINY)
        package["scales"][0]["steps"][0]["value"] = 90
        with self.assertRaisesRegex(ScenarioError, r"\$\.scales\[0\]: there is another one"):
            self._import(package, start="2031-01-01")


@tagged("post_install", "-at_install", "cs_promotion")
class TestPresets(CsPromotionCase):
    def test_each_preset_becomes_a_policy_that_can_be_carried_out(self):
        for preset in PRESETS:
            with self.subTest(preset):
                company = self.env["res.company"].create({"name": preset})
                wizard = self.env["cs.policy.import"].create(
                    {"preset": preset, "company_id": company.id, "date_from": "2026-01-01"}
                )
                policy = self.env["cs.policy"].browse(wizard.action_import()["res_id"])
                self.assertEqual((policy.company_id, policy.state), (company, "draft"))
                policy.action_activate()
                self.assertIn(policy.rung_ids[0].tier_id.name, policy.page_html)

    def test_the_first_preset_is_the_shipped_policy(self):
        text = Path(file_path(PRESETS["furniture"])).read_text(encoding="utf-8")
        policy = self.env["cs.policy.package"]._import(text, self.company_b, "2030-01-01")
        for name in ("settings", "ladder", "pay", "rules", "raters", "consequences"):
            ours, theirs = (getattr(each._compile(), name) for each in (policy, self.policy))
            self.assertEqual(ours, theirs, name)

    def test_a_file_of_one_s_own(self):
        export = self.env["cs.policy.import"]._export(self.policy)
        file = self.env["ir.attachment"].search([("mimetype", "=", "application/json")], limit=1)
        self.assertIn(f"/web/content/{file.id}", export["url"])
        values = {"preset": "file", "company_id": self.company.id, "date_from": "2030-01-01"}
        wizard = self.env["cs.policy.import"].create(values | {"file": file.datas, "name": "Mine"})
        policy = self.env["cs.policy"].browse(wizard.action_import()["res_id"])
        self.assertEqual(policy.name, "Mine")
        self.assertEqual(policy.date_from, fields.Date.to_date("2030-01-01"))
        wizard.file = False
        with self.assertRaisesRegex(UserError, "Choose the file"):
            wizard.action_import()
        wizard.file = "e30="
        with self.assertRaisesRegex(UserError, r"\$: the key 'name' is missing"):
            wizard.action_import()
        with self.assertRaises(AccessError):
            wizard.with_user(self.user_office).action_import()

    def test_the_document_names_every_key(self):
        text = (DOCS / "policy_package.md").read_text(encoding="utf-8")
        waiting = [FORM, SETTINGS, *SHARED.values(), *(shape for _name, shape in PARTS.values())]
        while waiting:
            shape = waiting.pop()
            waiting += [inner for _name, inner in shape.parts.values()]
            for name in (*map(key_of, shape.fields), *shape.parts):
                self.assertTrue(f"`{name}`" in text, f"{shape.model}: {name}")

    def test_the_schema_is_that_of_the_shapes(self):
        schema = json.loads((DOCS / "policy_package.schema.json").read_text(encoding="utf-8"))
        found = self.env["cs.policy.package"]._get_schema()
        for part in ("settings", "form"):
            self.assertEqual(found["properties"][part], schema["properties"][part])
        self.assertEqual(set(found["properties"]), set(schema["properties"]))
