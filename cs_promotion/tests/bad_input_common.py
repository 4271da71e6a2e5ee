"""Bad input is refused by name: which record, which rule; and nothing is stored."""

from psycopg2 import IntegrityError

from odoo.exceptions import UserError, ValidationError
from odoo.service.model import call_kw
from odoo.tools import SQL, mute_logger

from .common import CsPromotionCase


class CsBadInputCase(CsPromotionCase):
    def _get_stored(self):
        """A fingerprint of all rows that could have been written."""
        self.env.flush_all()
        tables = sorted(
            model._table
            for name, model in self.env.registry.items()
            if name.startswith("cs.") and model._auto and not model._abstract
        )
        stored = {}
        for table in (*tables, "hr_version", "hr_employee"):
            (row,) = self.env.execute_query(
                SQL(
                    "SELECT COUNT(*), md5(string_agg(row::text, ',' ORDER BY row.id)) FROM %s row",
                    SQL.identifier(table),
                )
            )
            stored[table] = row
        return stored

    def _refused(self, action, *words, error=ValidationError):
        """The action is refused with words of the record and of the rule; nothing is stored.

        What the database refuses is judged as the person sees it: as ``retrying`` says it.
        """
        before = self._get_stored()
        message = None
        try:
            with mute_logger("odoo.sql_db"), self.env.cr.savepoint():
                action()
                self.env.flush_all()
        except IntegrityError as exc:
            model = next(
                self.env[name]
                for name, each in self.env.registry.items()
                if each._table == exc.diag.table_name
            )
            message, found = model._sql_error_to_message(exc), ValidationError
        except UserError as exc:
            message, found = str(exc), type(exc)
        self.env.invalidate_all()
        self.assertIsNotNone(message, "It was accepted")
        self.assertIs(found, error, message)
        for word in words:
            self.assertIn(str(word), message)
        self.assertEqual(self._get_stored(), before, "Something was stored")
        return message

    def _call(self, user, model, method, *args, **kwargs):
        """A network call."""
        self.env.flush_all()
        self.env.invalidate_all()
        return call_kw(self.env[model].with_user(user), method, list(args), kwargs)
