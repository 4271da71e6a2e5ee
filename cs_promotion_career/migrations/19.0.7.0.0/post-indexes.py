def migrate(cr, version):
    """Drop indexes of columns with which a unique index begins: Odoo keeps what it finds."""
    cr.execute("DROP INDEX IF EXISTS cs_vacancy_candidate__vacancy_id_index")
