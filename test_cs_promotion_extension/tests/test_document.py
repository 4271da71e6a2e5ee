import re
from pathlib import Path

from odoo.tests import BaseCase, tagged

ADDON = Path(__file__).parents[1]
DOCUMENT = ADDON.parent / "docs" / "extending.md"


@tagged("post_install", "-at_install", "cs_promotion")
class TestDocument(BaseCase):
    """docs/extending.md shows what this addon does, to the letter."""

    def test_the_code_of_the_document_is_that_of_the_addon(self):
        """But for how its lines are broken."""
        code = "".join(path.read_text(encoding="utf-8") for path in ADDON.rglob("*.py"))
        blocks = re.findall(r"```python\n(.*?)```", DOCUMENT.read_text(encoding="utf-8"), re.DOTALL)
        self.assertGreater(len(blocks), 5)
        for block in blocks:
            self.assertTrue("".join(block.split()) in "".join(code.split()), block)
