def migrate(cr, version):
    """Say of closed periods how many were ranked, and each one's place from the bottom: until now
    ranks were those of the department alone."""
    cr.execute("""
        UPDATE cs_appraisal appraisal
           SET ranked = counted.ranked, rank_bottom = counted.bottom
          FROM (
                SELECT id, COUNT(*) OVER among AS ranked,
                       RANK() OVER (PARTITION BY cycle_id, department_id ORDER BY rank DESC)
                       AS bottom
                  FROM cs_appraisal
                 WHERE rank > 0
                WINDOW among AS (PARTITION BY cycle_id, department_id)
               ) counted
         WHERE counted.id = appraisal.id
    """)
