"""The handbook is true: its pictures are there, and its words are those on the screen."""

import re
from pathlib import Path

import polib

from odoo.tests import TransactionCase, tagged
from odoo.tools.misc import file_path

ROOT = Path(__file__).parents[2]
HANDBOOK = ROOT / "docs" / "handbook"
LANGUAGES = ("en", "zh")
MODULES = (
    "base",
    "hr",
    "payroll",
    "cs_promotion",
    "cs_promotion_appeal",
    "cs_promotion_career",
    "cs_promotion_pay",
    "cs_promotion_payroll",
)
MENUS = ("model:ir.ui.menu,name", "model:ir.actions")
PICTURE = r"!\[[^\]]*\]\(([^)]+)\)"
BLOCK = r"```.*?```"


def find_headings(text):
    """Levels of the headings, in their order."""
    return [
        len(each)
        for each in re.findall(r"^(#+) ", re.sub(BLOCK, "", text, flags=re.DOTALL), re.MULTILINE)
    ]


@tagged("post_install", "-at_install", "cs_promotion")
class TestHandbook(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.pages = {
            language: {
                path.name: path.read_text(encoding="utf-8")
                for path in sorted((HANDBOOK / language).glob("*.md"))
            }
            for language in LANGUAGES
        }
        entries = [
            entry
            for module in MODULES
            for entry in polib.pofile(file_path(f"{module}/i18n/zh_CN.po"))
            if not entry.obsolete
        ]
        cls.words = {
            "en": {entry.msgid for entry in entries},
            "zh": {entry.msgstr for entry in entries if entry.msgstr},
        }
        menus = [
            entry
            for entry in entries
            if any(place.startswith(MENUS) for place, _line in entry.occurrences)
        ]
        cls.menus = {
            "en": {entry.msgid for entry in menus},
            "zh": {entry.msgstr for entry in menus if entry.msgstr},
        }

    def test_both_languages_have_the_same_pages(self):
        self.assertEqual(self.pages["en"].keys(), self.pages["zh"].keys())
        self.assertEqual(len(self.pages["en"]), 6)
        for name, text in self.pages["en"].items():
            other = self.pages["zh"][name]
            self.assertEqual(find_headings(text), find_headings(other), name)
            self.assertEqual(re.findall(PICTURE, text), re.findall(PICTURE, other), name)

    def test_every_picture_is_there_and_used(self):
        for language, pages in self.pages.items():
            named = {picture for text in pages.values() for picture in re.findall(PICTURE, text)}
            there = {f"img/{path.name}" for path in (HANDBOOK / language / "img").iterdir()}
            self.assertEqual(named, there, language)

    def test_pictures_are_small(self):
        sizes = [path.stat().st_size for path in HANDBOOK.glob("*/img/*.png")]
        self.assertLess(sum(sizes), 3_000_000)

    def test_every_link_leads_somewhere(self):
        for language, pages in self.pages.items():
            for name, text in pages.items():
                for link in re.findall(r"(?<!!)\[[^\]]+\]\(([^)]+)\)", text):
                    path = (HANDBOOK / language / link).resolve()
                    self.assertTrue(path.is_file(), f"{language}/{name}: {link}")

    def test_what_is_bold_is_a_menu(self):
        self._check_words(r"\*\*([^*]+)\*\*", self.menus)

    def test_what_is_in_italics_stands_on_the_screen(self):
        self._check_words(r"(?<!\*)\*([^*\n]+)\*(?!\*)", self.words)

    def _check_words(self, pattern, known):
        """What is printed so are words of this language: menus with their way between them."""
        unknown = [
            f"{language}/{name}: {word}"
            for language, pages in self.pages.items()
            for name, text in pages.items()
            for found in re.findall(pattern, text)
            for word in re.split(r" \W ", found)
            if word not in known[language]
        ]
        self.assertFalse(unknown)

    def test_the_readme_is_the_same_in_chinese(self):
        english, chinese = (
            (ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "README.zh_CN.md")
        )
        self.assertEqual(find_headings(english), find_headings(chinese))
        for pattern in (BLOCK, r"\]\(([^)]+\.(?:png|svg))\)"):
            found = [
                re.findall(pattern, text, re.DOTALL)
                for text in (english, chinese.replace("/handbook/zh/", "/handbook/en/"))
            ]
            self.assertEqual(*found)
        self.assertIn("(README.zh_CN.md)", english)
        self.assertIn("(README.md)", chinese)
        for text in (english, chinese):
            for link in re.findall(r"\]\(([^):]+)\)", text):
                self.assertTrue((ROOT / link).is_file(), link)
