"""Many rows at once: opening a period makes tens of thousands of records."""

from odoo.tools import SQL


def insert_select(model, columns, source):
    """``INSERT … SELECT`` of many rows at once; rows that are there already stay.

    Through the ORM a month of many agents would take minutes. Two workers may do it at the same
    time: what both would make, one of them does. Stored computed fields that other addons add to
    the model are computed afterwards.

    :param columns: column name -> SQL of its value
    :param source: SQL of what to select from, and in which order
    :return: the new records
    """
    env = model.env
    env.flush_all()
    log = {
        "create_uid": SQL("%s", env.uid),
        "write_uid": SQL("%s", env.uid),
        "create_date": SQL("now() AT TIME ZONE 'UTC'"),
        "write_date": SQL("now() AT TIME ZONE 'UTC'"),
    }
    columns = columns | log
    rows = env.execute_query(
        SQL(
            "INSERT INTO %s (%s) SELECT %s FROM %s ON CONFLICT DO NOTHING RETURNING id",
            SQL.identifier(model._table),
            SQL(", ").join(map(SQL.identifier, columns)),
            SQL(", ").join(columns.values()),
            source,
        )
    )
    # sudo: the software makes these records, whoever opens or closes the period
    records = model.sudo().browse(id_ for (id_,) in rows)
    for field in model._fields.values():
        if field.store and field.compute and field.name not in columns:
            env.add_to_compute(field, records)
    env.invalidate_all()
    return records
