"""What grows with agents and months carries no index in vain."""

from odoo.tests import TransactionCase, tagged
from odoo.tools import SQL

GROWING = ("employee_id", "sheet_id", "slip_id")  # a table with one of these is large


@tagged("post_install", "-at_install", "cs_promotion")
class TestIndexes(TransactionCase):
    def test_none_repeats_the_beginning_of_another(self):
        self.assertEqual(self._find_repeated(), [])
        self.env.cr.execute("CREATE INDEX in_vain ON cs_figure (employee_id)")
        self.assertEqual([name for _table, name, _other in self._find_repeated()], ["in_vain"])

    def _find_repeated(self):
        """Rows of table, index, and the one whose beginning it repeats."""
        return self.env.execute_query(
            SQL(
                """
                WITH found AS (
                    SELECT indrelid::regclass::text AS place, indexrelid::regclass::text AS name,
                           indisunique, indpred IS NULL AS whole, indnkeyatts AS length,
                           (string_to_array(indkey::text, ' '))[1:indnkeyatts] AS keys
                      FROM pg_index
                     WHERE EXISTS (SELECT FROM pg_attribute
                                    WHERE attrelid = indrelid AND attname = ANY(%s))
                )
                SELECT one.place, one.name, other.name
                  FROM found one JOIN found other ON other.place = one.place
                 WHERE one.place LIKE 'cs\\_%%' AND other.name != one.name
                   AND one.whole AND NOT one.indisunique AND other.whole
                   AND other.length > one.length AND other.keys[1:one.length] = one.keys
                """,
                list(GROWING),
            )
        )
