"""What a month leaves in the database: rows, and the space of tables and of their indexes."""

from contextlib import closing
from typing import NamedTuple

from odoo import sql_db
from odoo.tools import SQL

LEAST = 0.002  # part of all that a month leaves, below which a table is not named


class Size(NamedTuple):
    """A table: its rows, and the bytes that it and its indexes take."""

    rows: int
    table: int
    indexes: int

    def __sub__(self, other):
        return Size(*(mine - theirs for mine, theirs in zip(self, other, strict=True)))


def read_sizes(database):
    """Name of each table that is not empty -> :class:`Size`; to be called after VACUUM."""
    with closing(sql_db.db_connect(database).cursor()) as cr:
        cr.execute(
            """
            SELECT relname, pg_table_size(oid), pg_indexes_size(oid) FROM pg_class
             WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
               AND pg_relation_size(oid) > 0
            """
        )
        sizes = {}
        for name, table, indexes in cr.fetchall():
            cr.execute(SQL("SELECT COUNT(*) FROM %s", SQL.identifier(name)))
            sizes[name] = Size(cr.fetchone()[0], table, indexes)
    return sizes


def get_added(before, after):
    """Name of each table that has grown considerably -> by what, the largest first."""
    none = Size(0, 0, 0)
    added = {name: size - before.get(name, none) for name, size in after.items()}
    whole = sum(each.table + each.indexes for each in added.values())
    large = {
        name: each for name, each in added.items() if each.table + each.indexes > LEAST * whole
    }
    return dict(sorted(large.items(), key=lambda item: -item[1].table - item[1].indexes))
