"""What ``docs/coverage.md`` says can be entered can be: its parts of packages and its tests are
there, and they are nearly all."""

import json
import re
from pathlib import Path

from odoo.tests import BaseCase, tagged

ROOT = Path(__file__).parents[2]
ROW = re.compile(r"^\| (\d+\.\d+) \|[^|]+\| (yes|no)([^|]*)\|([^|]*)\|([^|]*)\|$", re.MULTILINE)
PART = re.compile(r"^`(\w+\.json)` `\$([^`]*)`")


def find(data, path):
    """What stands at a JSON path such as ``.rules[0].conditions``."""
    for key, index in re.findall(r"\.(\w+)|\[(\d+)\]", path):
        data = data[key] if key else data[int(index)]
    return data


@tagged("post_install", "-at_install", "cs_promotion")
class TestCoverage(BaseCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rows = ROW.findall((ROOT / "docs" / "coverage.md").read_text(encoding="utf-8"))

    def test_nine_clauses_of_ten_can_be_entered(self):
        self.assertEqual(len(self.rows), 77)
        entered = [number for number, answer, *_rest in self.rows if answer == "yes"]
        self.assertGreaterEqual(len(entered) / len(self.rows), 0.9)

    def test_each_names_its_part_and_a_test(self):
        tests = "\n".join(
            path.read_text(encoding="utf-8") for path in ROOT.glob("cs_promotion*/tests/test_*.py")
        )
        for number, answer, _why, part, test in self.rows:
            with self.subTest(number):
                if answer == "no":
                    self.assertFalse(part.strip() or test.strip())
                    continue
                file, path = PART.match(part.strip()).groups()
                package = (ROOT / "docs" / "schemes" / file).read_text(encoding="utf-8")
                self.assertIsNotNone(find(json.loads(package), path))
                self.assertIn(f"def {test.strip('` ')}(", tests)
