"""Who may read, write, create and delete what: one table, tried record by record.

A right is a letter: read, write, create, unlink. A refusal is an ``AccessError``; other
errors (a closed month, a used policy) mean that access was granted and a rule of the policy
stood in the way, which other tests look at. People who are not named may do nothing.
"""

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.tools import mute_logger

from .access_common import EVERYBODY, OTHERS
from .access_document import DocumentCase, get_table

REMARKS = ("note", "reason", "description", "grounds")


class AccessMatrixCase(DocumentCase):
    """Part of a case with ``records``: those of the models that ``addon`` defines are tried."""

    addon = None
    section = None  # of docs/access.md
    rights = {}  # key of a record -> person -> rights; the model follows from the record
    in_use = ()  # what cannot be created a second time; the twins of the draft policy can
    found = {}  # right -> (record's key, person) -> whether they may

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.found = {}

    def _get_written(self, record):
        """Something that could be written on the record."""
        match record._name:
            case "cs.appraisal":
                return {"superior_id": self.superior.id}
            case "cs.appraisal.sheet":
                return {"line_ids": [(1, record.line_ids[0].id, {"remark": "x"})]}
            case "cs.appraisal.sheet.line":
                return {"remark": "x"}
            case "cs.plan.meeting":
                return {"said": record.said}
            case "cs.cycle" | "cs.trial":
                return {"activity_ids": []}
            case "cs.appraisal.sheet.editor" | "cs.appraisal.sheet.former":
                return {"display_name": "x"}
            case "cs.path" | "cs.board" | "cs.dashboard" | "cs.score.report" | "cs.handover":
                return {"display_name": "x"}
            case _:
                name = next(
                    name
                    for name in ("name", "sequence", "base_wage", "sales", "value", *REMARKS)
                    if name in record._fields
                )
                return {name: record[name]}

    def _get_created(self, record):
        """Values of a record like this one that break no other rule."""
        given = {
            name: record[name].id if field.type == "many2one" else record[name]
            for name, field in record._fields.items()
            if field.store
            and field.type not in ("one2many", "many2many", "json")
            and not field.readonly
            and not field.compute
            and record[name]
        }
        another = {
            "code": "another",
            "letter": "Z",
            "number": 99,
            "points": 4,
            "month": "2025-03-01",
            "date_start": "2025-03-01",
            "date_from": "2030-01-01",
            "date_until": "2030-12-31",
            "effective_date": "2025-04-01",
            "state": "draft",
        }
        given |= {name: value for name, value in another.items() if name in given}
        if record._name == "cs.tier":
            given["sequence"] = 999
        if record._name == "cs.plan":
            given["employee_id"] = self.peer.id  # one runs at a time
        if record._name == "cs.policy.rung":
            given["tier_id"] = self.spare.id
        if record._name == "cs.application":
            del given["date"]  # an agent applies today
        if record._name == "cs.policy.approval":
            given["policy_id"] = record.policy_id.id
        if record._name == "cs.measure":
            given["date"] = "2025-03-01"
        if record._name == "cs.policy.offence":
            given["times"] = 2
        if record._name == "cs.policy.consequence":
            given["severity"] = "serious"
        if record._name == "cs.policy.item":
            given["code"] = "ANOTHER"
        if record._name == "cs.policy.rater":
            given["code"] = "office"
        if record._name == "cs.policy.rule":
            given["condition_ids"] = [(0, 0, {"metric": "awards", "value": 1})]
        return given

    def _may(self, user, record, right):
        """Whether the person gets past access checks, in a transaction that is undone."""
        seen = self._as(user, record).with_context(mail_notrack=True)
        if right == "r":
            readable = seen.browse().has_access("read")
            found = readable and seen.search_count([("id", "=", record.id)])
            may = self._try(lambda: seen.read(["display_name"]))
            self.assertEqual(bool(found), may, f"{user.login}: search and read of {record}")
            return may
        if right == "w":
            values = self._get_written(record)
            return self._try(lambda: seen.write(values))
        if right == "u":
            return self._try(seen.unlink)
        values = self._get_created(record)
        # what companies share is refused to one company's people by a rule, not by access
        shared = hasattr(record, "_get_shared")
        return self._try(lambda: self._as(user, record.browse()).create(values), strict=not shared)

    def _try(self, action, strict=False):
        """Whether the action is not refused by access rights; it is undone in any case.

        :param strict: let no other error pass for access granted
        """

        class UndoError(Exception):
            pass

        tolerated = (UndoError,) if strict else (UndoError, UserError, IntegrityError)
        try:
            with self.env.cr.savepoint():
                action()
                self.env.flush_all()
                raise UndoError
        except AccessError:
            return False
        except tolerated:
            return True

    def test_every_model_is_in_the_table(self):
        tried = {record._name for record in self.records.values()}
        stored = {
            name
            for name, model in self.env.registry.items()
            if name.startswith("cs.")
            and model._original_module == self.addon
            and not model._abstract
            and not model._transient
        }
        self.assertFalse(stored - tried, "Add a record and its rights to the table")
        own = {key for key, record in self.records.items() if record._original_module == self.addon}
        self.assertEqual(own, set(self.rights))

    @mute_logger("odoo.sql_db")
    def _find(self, right):
        """(record's key, person) -> whether they may; tried once."""
        if right not in self.found:
            self.found[right] = {
                (key, person): self._may(self._get_user(person), self.records[key], right)
                for key in self.rights
                if right != "c" or key not in self.in_use
                for person in EVERYBODY + OTHERS
            }
        return self.found[right]

    def _check_table(self, right):
        wrong = []
        for (key, person), may in self._find(right).items():
            expected = right in self.rights[key].get(person, "")
            if may != expected:
                wrong.append(f"{person} {'cannot' if expected else 'can'} {right} {key}")
        self.assertFalse(wrong)

    def test_read(self):
        self._check_table("r")

    def test_write(self):
        self._check_table("w")

    def test_create(self):
        self._check_table("c")

    def test_unlink(self):
        self._check_table("u")

    @mute_logger("odoo.sql_db")
    def test_document(self):
        """docs/access.md says what was found: by model and record, and by field."""
        rows = []
        own = {key: self.records[key] for key in self.rights}
        for key, record in sorted(own.items(), key=lambda each: (each[1]._name, each[0])):
            letters = [self._get_letters(key, person) for person in EVERYBODY]
            others = {self._get_letters(key, person) for person in OTHERS}
            rows.append([f"`{record._name}`", key, *letters, max(others, key=len)])
        head = ["model", "record", *EVERYBODY, "other company"]
        self.check_document(self.section, get_table(head, rows) + self._get_field_table())

    def _get_letters(self, key, person):
        found = [right for right in "rwcu" if self._find(right).get((key, person))]
        return "".join(found) or "-"

    def _get_field_table(self):
        """Who writes which field of a record, in the state in which they may."""
        writers, seen_by = {}, {}
        for key in self.rights:
            record = self.records[key]
            for field in self.get_fields(record):
                for person in EVERYBODY:
                    seen = self._as(self._get_user(person), record)
                    name = (record._name, field.name)
                    writers.setdefault(name, set())
                    if self._find("w")[key, person] and self.may_write_field(seen, field):
                        writers[name].add(person)
                    if field.groups and seen._has_field_access(field, "read"):
                        seen_by.setdefault(name, set()).add(person)
        return self.describe_fields(writers, seen_by, EVERYBODY)
