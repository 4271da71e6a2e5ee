"""What readmes and documents name is there: files, models with what they have, menus."""

import re
from pathlib import Path

from odoo.tests import TransactionCase, tagged

ROOT = Path(__file__).parents[2]
DOCUMENTS = ("README*.md", "cs_promotion*/readme/[!H]*.md", "docs/*.md")  # a history names the past
HOUSE = ("*", "cs_promotion*/**/*", "docs/**/*", "script/*", "upgrade/*", "test_cs_*/**/*")
FILE = r"`((?:[\w.-]+/)*[\w.-]+\.(?:csv|json|md|po|py|rst|xml)|script/\w+)`"
PLACEHOLDER = r"\b[A-Z]{4,}\.\w+$"  # NAME.json


@tagged("post_install", "-at_install", "cs_promotion")
class TestDocuments(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.texts = {
            path.relative_to(ROOT): re.sub(
                r"```.*?```", "", path.read_text("utf-8"), flags=re.DOTALL
            )
            for pattern in DOCUMENTS
            for path in ROOT.glob(pattern)
        }

    def _check(self, pattern, is_there):
        """All that documents name in this way is there, and there is some of it."""
        named = {
            (str(path), found)
            for path, text in self.texts.items()
            for found in re.findall(pattern, text)
        }
        self.assertTrue(named)
        self.assertFalse(sorted(each for each in named if not is_there(each[1])))

    def test_files(self):
        files = {f"/{p.relative_to(ROOT)}" for pattern in HOUSE for p in ROOT.glob(pattern)}
        self._check(
            FILE,
            lambda name: (
                re.search(PLACEHOLDER, name) or any(file.endswith(f"/{name}") for file in files)
            ),
        )

    def test_models_methods_and_fields(self):
        def is_there(name):
            model, _dot, member = name.rpartition(".")
            return name in self.env or (model in self.env and hasattr(self.env[model], member))

        self._check(r"`(cs(?:\.[a-z_0-9]+)+)", is_there)

    def test_menus(self):
        menus = self.env["ir.ui.menu"].search([]).mapped("complete_name")

        def is_there(words):
            *way, last = re.split(r"\s[/>\u203a]\s", " ".join(words.split()))
            path = "/".join([*way, last] if last != "New" else way)  # a button of the list
            return any(f"/{menu}".endswith(f"/{path}") for menu in menus)

        self._check(r"(?<!\*)\*([A-Z][^*`]+\s[/>\u203a]\s[^*`]+)\*", is_there)
