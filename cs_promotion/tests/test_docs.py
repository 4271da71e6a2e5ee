"""docs/policy.md is true: every clause stands there, every path and every test it names exists."""

import re
from pathlib import Path

from odoo.tests import BaseCase, tagged

ROOT = Path(__file__).parents[2]
CLAUSES = {
    *(f"P{number}" for number in range(1, 5)),
    *(f"L{number}" for number in range(7)),
    *(f"S{number}" for number in range(1, 5)),
    *(f"R{number}" for number in range(1, 7)),
    *(f"W{number}" for number in range(1, 9)),
    *(f"U{number}" for number in range(1, 6)),
    *(f"D{number}" for number in range(1, 3)),
    *(f"V{number}" for number in range(1, 5)),
    *(f"X{number}" for number in range(1, 5)),
    *(f"O{number}" for number in range(1, 6)),
    "11",
    "12",
}


@tagged("post_install", "-at_install", "cs_promotion")
class TestDocs(BaseCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        text = (ROOT / "docs" / "policy.md").read_text(encoding="utf-8")
        cls.rows = [
            [cell.strip() for cell in line.strip("|").split("|")]
            for line in text.splitlines()
            if line.startswith("| **")
        ]

    def test_every_clause_has_its_row(self):
        found = [re.match(r"\*\*(\w+)\*\*", row[0]).group(1) for row in self.rows]
        self.assertEqual(sorted(found), sorted(CLAUSES))

    def test_every_path_exists(self):
        for clause, where, _tests in self.rows:
            for path in re.findall(r"`([\w/]+\.\w+)`", where):
                folder = ROOT if path.startswith("cs_promotion_") else ROOT / "cs_promotion"
                self.assertTrue((folder / path).is_file(), f"{clause}: {path}")

    def test_every_name_in_brackets_stands_in_its_file(self):
        for clause, where, _tests in self.rows:
            for path, names in re.findall(r"`([\w/]+\.\w+)` \(((?:`[\w.]+`(?:, )?)+)\)", where):
                folder = ROOT if path.startswith("cs_promotion_") else ROOT / "cs_promotion"
                text = (folder / path).read_text(encoding="utf-8")
                for name in re.findall(r"`([\w.]+)`", names):
                    self.assertIn(name.split(".")[-1], text, f"{clause}: {path}")

    def test_every_test_exists(self):
        for clause, _where, tests in self.rows:
            self.assertTrue(tests, clause)
            for group in tests.split(";"):
                module, *names = re.findall(r"`(\w+)`", group)
                files = list(ROOT.glob(f"cs_*/tests/{module}.py"))
                self.assertTrue(files, f"{clause}: {module}")
                text = "".join(file.read_text(encoding="utf-8") for file in files)
                for name in names:
                    self.assertIn(f"def {name}(", text, f"{clause}: {module}")
