"""docs/access.md: what the tests of access found, as a table that people read.

``CS_WRITE_ACCESS=1 script/test -k test_document`` writes it anew.
"""

import os
import re
from pathlib import Path

from odoo.exceptions import AccessError, UserError
from odoo.models import MAGIC_COLUMNS

from psycopg2 import Error as DatabaseError  # isort: skip

PATH = Path(__file__).parents[2] / "docs" / "access.md"
OTHERS_OWN = ("mail", "rating", "portal", "base")


def get_table(head, rows):
    """A table in Markdown."""
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(map(str, line))} |\n" for line in lines)


class UndoError(Exception):
    pass


class DocumentCase:
    """Part of a case that tries rights."""

    def check_document(self, section, text):
        """The section of the document between its marks is this text."""
        document = PATH.read_text(encoding="utf-8")
        marks = f"(<!-- {section} -->\n\n).*(\n<!-- /{section} -->)"
        self.assertRegex(document, re.compile(marks, re.DOTALL), "The document has no such section")
        found = re.search(marks, document, re.DOTALL)[0]
        wanted = f"<!-- {section} -->\n\n{text}\n<!-- /{section} -->"
        if os.getenv("CS_WRITE_ACCESS"):
            PATH.write_text(document.replace(found, wanted), encoding="utf-8")
        else:
            self.assertEqual(found, wanted, "Run CS_WRITE_ACCESS=1 script/test -k test_document")

    def get_fields(self, record):
        """Stored fields of the record, but for what hangs on it as on any record."""
        return [
            field
            for name, field in sorted(record._fields.items())
            if name not in MAGIC_COLUMNS
            and field._module not in OTHERS_OWN
            and (field.store or (field.inverse and not field.related))
            and record._auto
        ]

    def may_write_field(self, seen, field):
        """Whether this user may write the field; it is written as it is, and undone."""
        value = seen.sudo()[field.name]
        if field.type in ("one2many", "many2many"):
            value = []
        elif field.type == "many2one":
            value = value.id
        try:
            with self.env.cr.savepoint():
                seen.write({field.name: value})
                self.env.flush_all()
                raise UndoError
        except UndoError:
            return True
        except (AccessError, UserError, DatabaseError):
            return False
        finally:
            self.env.invalidate_all()

    def describe_fields(self, writers, seen_by, people):
        """Model by model: who writes which field, and who sees it where not everybody does."""
        text = ""
        for model in sorted({model for model, _name in writers}):
            rows, closed = [], []
            for (_model, name), found in sorted(writers.items()):
                if _model != model:
                    continue
                written = ", ".join(person for person in people if person in found)
                seen = ", ".join(p for p in people if p in seen_by.get((model, name), ()))
                if written or seen:
                    rows.append([f"`{name}`", written or "the software", seen or "as the record"])
                else:
                    closed.append(f"`{name}`")
            text += f"\n### `{model}`\n\n"
            text += get_table(["field", "written by", "seen by"], rows) if rows else ""
            if closed:
                text += "\n" * bool(rows) + f"Written by the software alone: {', '.join(closed)}.\n"
        return text
