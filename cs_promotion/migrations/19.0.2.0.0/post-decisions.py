def migrate(cr, version):
    """What a person ended before is ended for good: closing a month again does not undo it."""
    cr.execute(
        """
        UPDATE cs_decision
           SET ended_for_good = TRUE
         WHERE state = 'rejected'
            OR (state = 'applied' AND outcome = 'dismissal_review')
            OR (state = 'withdrawn' AND id IN (
                    SELECT decision_id FROM cs_appeal WHERE state = 'upheld'
                ))
        """
    )
    cr.execute(
        """
        UPDATE cs_violation
           SET ended_for_good = TRUE
         WHERE state = 'withdrawn'
           AND id IN (SELECT violation_id FROM cs_appeal WHERE state = 'upheld')
        """
    )
