from odoo import SUPERUSER_ID, api, models
from odoo.tools import SQL, clean_context

LOG = {"create_uid", "create_date", "write_uid", "write_date"}


class CsBulkMixin(models.AbstractModel):
    """Records that the software makes by the ten thousand when a period is opened.

    They are made by one ``INSERT … SELECT`` each: by ``create()`` a month of many agents would
    take minutes, of which nearly all would go into what these records do not have yet (messages,
    followers, tracking). What ``create()`` does for fields of other addons is done here, too:
    defaults are taken, stored computed fields computed. What else an addon has to do with new
    records it does in :meth:`_on_inserted`.
    """

    _name = "cs.bulk.mixin"
    _description = "CS Records Made in Bulk"

    def _on_inserted(self):
        """These records have been made; to extend by addons, as ``create()`` is not called.

        They may be very many: what is done here is done for all of them at once.
        """

    @api.model
    def _insert_select(self, columns, source):
        """Make many records at once; rows that are there already stay.

        Two workers may do it at the same time: what both would make, one of them does.

        :param columns: column name -> SQL of its value
        :param source: SQL of what to select from, and in which order
        :return: the new records
        """
        env = self.env
        # what is selected from, and what unique indexes look at, has to be in the database
        env.flush_all()
        log = {
            "create_uid": SQL("%s", env.uid),
            "write_uid": SQL("%s", env.uid),
            "create_date": SQL("now() AT TIME ZONE 'UTC'"),
            "write_date": SQL("now() AT TIME ZONE 'UTC'"),
        }
        columns = self._get_default_columns(columns) | columns | log
        rows = env.execute_query(
            SQL(
                "INSERT INTO %s (%s) SELECT %s FROM %s ON CONFLICT DO NOTHING RETURNING id",
                SQL.identifier(self._table),
                SQL(", ").join(map(SQL.identifier, columns)),
                SQL(", ").join(columns.values()),
                source,
            )
        )
        # sudo: the software makes these records, whoever opens or closes the period
        records = self.sudo().browse(id_ for (id_,) in rows)
        for field in self._fields.values():
            if field.store and field.compute and field.name not in columns:
                env.add_to_compute(field, records)
        # one2many fields of what they belong to were read without them
        env.invalidate_all()
        return records

    @api.model
    def _get_default_columns(self, given):
        """Defaults of the columns that are not given, the same for the whole batch.

        Those of the software, not of who opens the period: neither a key of their context nor a
        default that they have saved for themselves fills in what only the software may.
        """
        names = [
            field.name
            for field in self._fields.values()
            if field.store
            and field.column_type
            and not field.compute
            and not field.company_dependent
            and field.name not in LOG | {"id", *given}
        ]
        software = self.with_user(SUPERUSER_ID).with_context(clean_context(self.env.context))
        defaults = software.default_get(names)
        return {
            name: SQL(
                "%s::%s",
                field.convert_to_column_insert(value, self),
                SQL.identifier(field.column_type[0]),
            )
            for name, value in defaults.items()
            for field in [self._fields[name]]
        }
