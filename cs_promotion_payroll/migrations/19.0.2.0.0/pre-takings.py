"""What a refund gives back of a fine is negative, so that the list of fines taken adds up."""


def migrate(cr, _version):
    # the former constraint wants amounts above nought; the new one comes with the table
    cr.execute("ALTER TABLE cs_fine_taking DROP CONSTRAINT IF EXISTS cs_fine_taking_amount_check")
    cr.execute(
        """
        UPDATE cs_fine_taking taking SET amount = -taking.amount
          FROM hr_payslip slip
         WHERE slip.id = taking.slip_id AND slip.credit_note AND taking.amount > 0
        """
    )
