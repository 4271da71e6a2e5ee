"""Versions learn the company of their tier; who is archived gets a last day."""


def migrate(cr, version):
    """Fill the new columns before Odoo makes them, so that nothing is computed anew.

    What is stored on results stays as it is. Until now nobody noted when an employee was
    archived: the departure date tells it, else the last change of the record does, which is no
    earlier.
    """
    cr.execute("ALTER TABLE hr_version ADD COLUMN IF NOT EXISTS cs_company_id integer")
    cr.execute(
        """
        UPDATE hr_version version
           SET cs_company_id = employee.company_id
          FROM hr_employee employee
         WHERE employee.id = version.employee_id AND version.cs_company_id IS NULL
           AND version.cs_tier_id IS NOT NULL
        """
    )
    cr.execute("ALTER TABLE hr_employee ADD COLUMN IF NOT EXISTS cs_left_on date")
    cr.execute(
        """
        UPDATE hr_employee employee
           SET cs_left_on = COALESCE(
                   CASE WHEN version.contract_date_start IS NULL
                          OR version.departure_date >= version.contract_date_start
                        THEN version.departure_date END,
                   employee.write_date::date
               )
          FROM hr_version version
         WHERE version.id = employee.current_version_id
           AND employee.active IS NOT TRUE AND employee.cs_left_on IS NULL
        """
    )
