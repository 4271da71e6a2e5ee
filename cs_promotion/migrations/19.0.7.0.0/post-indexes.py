def migrate(cr, version):
    """Drop indexes of columns with which a unique index begins: Odoo keeps what it finds."""
    cr.execute("DROP INDEX IF EXISTS cs_appraisal_sheet_line__sheet_id_index")
    cr.execute("DROP INDEX IF EXISTS cs_figure__employee_id_index")
    cr.execute("DROP INDEX IF EXISTS cs_award__employee_id_index")
    cr.execute("DROP INDEX IF EXISTS cs_measure__metric_id_index")
