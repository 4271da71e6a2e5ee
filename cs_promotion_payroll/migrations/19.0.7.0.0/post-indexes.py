def migrate(cr, version):
    """Drop indexes of columns with which a unique index begins: Odoo keeps what it finds."""
    cr.execute("DROP INDEX IF EXISTS cs_settlement__slip_id_index")
    cr.execute("DROP INDEX IF EXISTS cs_fine_taking__slip_id_index")
