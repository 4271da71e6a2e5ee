"""Months, quarters and names of records: written and found in the reader's words."""

from datetime import date
from decimal import Decimal

from odoo.tests import tagged

from ..engine.conditions import Found
from ..models.cs_period import key_name, month_name, period_words, plain_words
from .access_common import CsAccessCase

NOVEMBER = (
    *("2025-11", "2025/11", "11/2025", "November 2025", "november", "Nov", "Nov 2025"),
    *("2025年11月", "2025年 11月", "2025年11月", "十一月", "2025年十一月", "11月"),
)
FOURTH = ("2025Q4", "Q4 2025", "q4", "2025年第4季度", "第四季度", "四季度", "2025-Q4")


@tagged("post_install", "-at_install", "cs_promotion")
class TestPeriods(CsAccessCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("zh_CN")
        cls.november = cls._cycle("2025-11")
        cls.fourth = cls._cycle("2025-10", "quarter")

    def _find(self, user, lang, domain):
        cycles = self._as(user, self.env["cs.cycle"]).with_context(lang=lang)
        found = cycles.search([*domain, ("company_id", "=", self.company.id)])
        return found.with_env(self.env)

    def test_a_cycle_is_found_however_one_writes_it(self):
        for period, texts in ((self.november, NOVEMBER), (self.fourth, FOURTH)):
            for text in texts:
                for lang in ("en_US", "zh_CN"):
                    for operator, value in (("ilike", text), ("=", text), ("in", [text, "x"])):
                        with self.subTest(text=text, lang=lang, operator=operator):
                            domain = [("name", operator, value)]
                            self.assertEqual(self._find(self.user_agent, lang, domain), period)
                    others = self._find(self.user_agent, lang, [("name", "not ilike", text)])
                    self.assertNotIn(period, others)
                    self.assertIn(self.records["cycle"], others)

    def test_its_own_name_and_parts_of_it_find_it(self):
        for lang in ("en_US", "zh_CN"):
            for cycle in (self.november, self.fourth):
                name = cycle.with_context(lang=lang).name
                for end in range(2, len(name) + 1):
                    with self.subTest(text=name[:end]):
                        found = self._find(self.user_office, lang, [("name", "ilike", name[:end])])
                        self.assertIn(cycle, found)
                names = self._as(self.user_office, self.env["cs.cycle"]).with_context(lang=lang)
                self.assertIn((cycle.id, name), names.name_search(name))

    def test_other_operators(self):
        for operator, value, found in (
            ("=ilike", "nov%", True),
            ("=like", "xnov%", False),
            ("!=", "2025-11", False),
            ("not in", ["2025-11"], False),
            ("ilike", "1月", False),  # January, not November
            ("ilike", "", True),
            ("=", False, False),
            ("in", [], False),
        ):
            with self.subTest(operator=operator, value=value):
                domain = [("name", operator, value)]
                self.assertEqual(
                    self.november in self._find(self.user_office, "zh_CN", domain), found
                )

    def test_other_companies_stay_apart(self):
        others = self._cycle("2025-11", company=self.company_b)
        cycles = self._as(self.user_office, self.env["cs.cycle"])
        self.assertNotIn(others, cycles.search([("name", "ilike", "Nov")]).with_env(self.env))

    def test_words(self):
        for lang, key, words in (
            ("en_US", "2026-07", "July 2026"),
            ("zh_CN", "2026-07", "2026年7月"),
            ("en_US", "2026Q2", "Q2 2026"),
            ("zh_CN", "2026Q2", "2026年第2季度"),
            ("zh_CN", "", ""),
            ("en_US", "whatever", "whatever"),
        ):
            env = self.env(context={"lang": lang})
            self.assertEqual(key_name(env, key), words)
        self.assertEqual(month_name(self.env, False), "")
        self.assertIn(plain_words("Nov 2026"), period_words("month", date(2026, 11, 1), "de_DE"))

    def test_rank_and_score_of_a_review(self):
        words = self.env["cs.words"].with_context(lang="en_US")
        metrics = words._get_metrics(["month_rank", "quarter_score"])
        for code, key, value, said in (
            ("month_rank", "2026-07", "6", "July 2026: rank 6"),
            ("quarter_score", "2026Q2", "94.67", "Q2 2026: 94.67"),
        ):
            found = Found(key, date(2026, 7, 1), date(2026, 7, 31), Decimal(value), True)
            self.assertEqual(words._say_point(metrics[code], found), said)

    # ------------------------------------------------------------------ names of all records

    def test_every_record_is_found_by_its_name(self):
        """By the whole name, by each word of it, and by words that nobody has - in every model."""
        seen = set()
        for key, record in self.records.items():
            for lang in ("en_US", "zh_CN"):
                records = self._as(self.user_manager, self.env[record._name]).with_context(
                    lang=lang
                )
                found = records.search([("id", "=", record.id)])
                if not found:
                    continue
                seen.add(record._name)
                name = found.display_name
                with self.subTest(record=key, lang=lang, name=name):
                    self.assertTrue(name)
                    for text in (name, name.split()[0], name.split(", ")[-1]):
                        for operator in ("ilike", "="):
                            if operator == "=" and text != name:
                                continue
                            domain = [("id", "=", record.id)]
                            got = records.name_search(text, domain, operator)
                            self.assertEqual(got, [(record.id, name)], f"{operator} {text}")
                    self.assertFalse(records.name_search("Zyx Nobody", []))
                    others = records.search([("display_name", "not ilike", name)])
                    self.assertNotIn(record.id, others.ids)
        self.assertGreater(len(seen), 20)

    def test_names_speak_the_readers_language(self):
        """One record read by two people in a row: each in their own words."""
        for key in ("figure", "award", "appraisal_closed", "sheet_office_closed", "board"):
            record = self.records[key]
            with self.subTest(record=key):
                name = record.with_context(lang="en_US").display_name
                self.assertRegex(name, "(January|February) 2025")
                self.assertRegex(record.with_context(lang="zh_CN").display_name, "2025年[12]月")

    def test_an_export_has_the_month_in_words(self):
        figures = self._as(self.user_office, self.records["figure"]).with_context(lang="zh_CN")
        words = figures.with_context(import_compat=False).export_data(["month"])
        self.assertEqual(words["datas"], [["2025年2月"]])
        again = figures.with_context(import_compat=True).export_data(["month"])
        self.assertEqual(again["datas"], [[date(2025, 2, 1)]])

    def test_the_office_exports(self):
        for role in ("office", "manager"):
            self.assertTrue(self._get_user(role).has_group("base.group_allow_export"))
        self.assertFalse(self._get_user("agent").has_group("base.group_allow_export"))
