def migrate(cr, version):
    """Drop indexes of columns with which a unique index begins: Odoo keeps what it finds."""
    cr.execute("DROP INDEX IF EXISTS cs_pay_difference__employee_id_index")
