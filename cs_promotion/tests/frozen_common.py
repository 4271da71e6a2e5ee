"""What is settled stays as it is: every field of a frozen record is written by everybody."""

from contextlib import suppress

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.models import MAGIC_COLUMNS
from odoo.tools import mute_logger

from psycopg2 import Error as DatabaseError  # isort: skip

MAIL = ("mail", "rating", "portal", "base")


class UndoError(Exception):
    pass


class FrozenCase:
    """Part of a case: ``frozen`` is key -> record, ``may_change`` (model, field) -> why."""

    may_change = {}
    writers = ()  # names of users, without ``user_``

    def _get_fields(self, record):
        """Fields of the record that say something, but for what hangs on it as on any record."""
        return [
            field
            for name, field in sorted(record._fields.items())
            if name not in MAGIC_COLUMNS
            and field._module not in MAIL
            and (field.store or field.inverse)
            and name != "display_name"
        ]

    def _get_another(self, record, field):
        """A value that differs from what the record says."""
        value = record[field.name]
        match field.type:
            case "char" | "text" | "html":
                return "Something else"
            case "boolean":
                return not value
            case "integer" | "float" | "monetary":
                return (value or 0) + 1
            case "date":
                return "2025-01-17" if str(value) != "2025-01-17" else "2025-01-18"
            case "datetime":
                return "2025-01-17 00:00:00"
            case "selection":
                values = [key for key in field.get_values(self.env) if key != value]
                return values[0] if values else False
            case "json":
                return {"made": "up"}
            case "many2one":
                comodel = self.env[field.comodel_name].sudo().with_context(active_test=False)
                return comodel.search([("id", "!=", value.id)], limit=1).id
            case "many2many":
                return [Command.clear()] if value else [Command.link(self._any(field).id)]
            case "one2many":
                return [Command.clear()]

    def _any(self, field):
        return self.env[field.comodel_name].sudo().search([], limit=1)

    def _see(self, record, field):
        """What the record says now, read anew."""
        self.env.flush_all()
        self.env.invalidate_all()
        value = record.sudo()[field.name]
        return value.ids if field.relational else value

    def _attempt(self, action, see):
        """Whether what is seen changes by the action, which is undone in any case."""
        before = see()
        changed = False
        try:
            with suppress(UndoError), self.env.cr.savepoint():
                action()
                changed = see() != before
                raise UndoError
        except (AccessError, UserError, DatabaseError, ValueError):
            return False
        finally:
            self.env.invalidate_all()
        return changed

    @mute_logger("odoo.sql_db")
    def _check_writes(self):
        wrong = []
        for key, record in self.frozen.items():
            for field in self._get_fields(record):
                if (record._name, field.name) in self.may_change:
                    continue
                value = self._get_another(record, field)
                for writer in self.writers:
                    seen = record.with_user(self._get_writer(writer)).with_company(self.company)
                    if self._attempt(
                        lambda seen=seen, field=field, value=value: seen.write({field.name: value}),
                        lambda record=record, field=field: self._see(record, field),
                    ):
                        wrong.append(f"{writer} changes {field.name} of {key}")
        self.assertFalse(wrong)

    @mute_logger("odoo.sql_db")
    def _check_translations(self):
        wrong = []
        for key, record in self.frozen.items():
            for field in self._get_fields(record):
                if not field.translate or (record._name, field.name) in self.may_change:
                    continue
                for writer in self.writers:
                    seen = record.with_user(self._get_writer(writer)).with_company(self.company)
                    if self._attempt(
                        lambda seen=seen, field=field: seen.update_field_translations(
                            field.name, {"en_US": "Something else"}
                        ),
                        lambda record=record, field=field: self._see(record, field),
                    ):
                        wrong.append(f"{writer} translates {field.name} of {key}")
        self.assertFalse(wrong)

    @mute_logger("odoo.sql_db")
    def _check_unlinks(self):
        wrong = []
        for key, record in self.frozen.items():
            for writer in self.writers:
                seen = record.with_user(self._get_writer(writer)).with_company(self.company)
                if self._attempt(seen.unlink, lambda record=record: bool(record.sudo().exists())):
                    wrong.append(f"{writer} deletes {key}")
        self.assertFalse(wrong)

    def _get_references(self, record):
        """Stored many2one fields of the record that hold something."""
        return [
            field
            for field in self._get_fields(record)
            if field.type == "many2one" and field.store and record[field.name]
        ]

    @mute_logger("odoo.sql_db")
    def _check_targets(self):
        """Whatever a frozen record names cannot be deleted, not even by the superuser."""
        wrong = []
        for key, record in self.frozen.items():
            for field in self._get_references(record):
                if (record._name, field.name) in self.may_change:
                    continue
                target = record[field.name].sudo()
                if self._attempt(
                    target.unlink, lambda record=record, field=field: self._see(record, field)
                ):
                    wrong.append(f"{key} loses its {field.name}")
        self.assertFalse(wrong)

    def _check_declared(self):
        """A reference is protected by the database itself, or follows another that is."""
        wrong = [
            f"{key}: {field.name} is {field.ondelete}"
            for key, record in self.frozen.items()
            for field in self._get_fields(record)
            if field.type == "many2one" and field.store and record._auto
            if field.ondelete not in ("restrict", "cascade")
            and not field.related
            and (record._name, field.name) not in self.may_change
        ]
        self.assertFalse(wrong, "Add ondelete='restrict', or say why it may change")

    def _get_writer(self, name):
        return self.env.ref("base.user_admin") if name == "admin" else getattr(self, f"user_{name}")


class FrozenTests(FrozenCase):
    """The tests themselves, for records of agents: ``_get_settled`` gives them."""

    writers = ("office", "manager", "superior", "agent", "hr", "admin")

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user_hr = cls._make_user("hr", "hr.group_hr_manager")
        admin = cls.env.ref("base.user_admin")
        admin.company_ids |= cls.company

    def test_no_field_changes(self):
        self._check_writes()

    def test_no_word_changes_by_translation(self):
        self._check_translations()

    def test_nothing_is_deleted(self):
        self._check_unlinks()

    def test_what_they_name_stays(self):
        self._check_targets()

    def test_references_are_declared(self):
        self._check_declared()
