"""Yardsticks of the hotline: measured items by straight lines, stars of the whole company, and its
two rules.

They know more of the company than those of the furniture company: which metrics there are, from
where to where each line goes, and how many points it gives.
"""

from .yardsticks import AGENTS, DECIDE, HELD, KNOWN, MEANS

# Ranks of ``scored``, with columns employee_id, score and more, and the class of each
STARS = """
    SELECT ranked.*, class.id AS class_id
      FROM (SELECT scored.*, rank() OVER (ORDER BY score DESC) AS rank,
                   rank() OVER (ORDER BY score) AS rank_bottom, COUNT(*) OVER () AS ranked,
                   COUNT(*) FILTER (WHERE score >= 70) OVER () AS taking
              FROM {scored} scored) ranked
      LEFT JOIN cs_policy_class class
        ON class.policy_id = %(policy)s
       AND class.code = CASE
               WHEN ranked.score < 60 THEN NULL
               WHEN ranked.score < 70 THEN 'none'
               WHEN rank <= round(taking * 0.1) THEN '5'
               WHEN rank <= round(taking * 0.1) + round(taking * 0.2) THEN '4'
               WHEN rank <= round(taking * 0.1) + round(taking * 0.2) + round(taking * 0.4) THEN '3'
               ELSE '2' END
"""

MEAN_SCORES = """
    (SELECT employee_id, department_id, tier_id, superior_id, mean AS score FROM means)
"""

# A number as evidence writes it: a fraction in its lowest terms
EXACT = """
    CASE WHEN {number} = trunc({number}) THEN trunc({number})::text
         ELSE div({number} * 1e8, gcd({number} * 1e8, 1e8))::text || '/'
              || div(1e8, gcd({number} * 1e8, 1e8))::text END
"""

CLOSE = f"""
    WITH held AS ({HELD}),
    graded AS (
        SELECT sheet.appraisal_id, SUM(line.points)::numeric AS points
          FROM cs_appraisal_sheet sheet
          JOIN cs_appraisal_sheet_line line ON line.sheet_id = sheet.id
         WHERE sheet.cycle_id = %(cycle)s
         GROUP BY sheet.appraisal_id
    ), line AS (
        SELECT item.id AS item, item.number, metric.id AS metric_id, given.*,
               given.maximum / (high - low) AS slope
          FROM unnest(%(metrics)s::text[], %(lows)s::numeric[], %(highs)s::numeric[],
                      %(maxima)s::numeric[]) AS given (metric, low, high, maximum)
          JOIN cs_metric metric ON metric.code = given.metric
          JOIN cs_scorecard_item item
            ON item.scorecard_id = %(scorecard)s AND item.metric = given.metric
    ), measured AS (
        SELECT employee_id, SUM(points) AS points,
               jsonb_agg(jsonb_build_object(
                   'item', item, 'metric', metric, 'value', {EXACT.format(number="value")},
                   'points', {EXACT.format(number="points")}) ORDER BY number) AS items
          FROM (SELECT measure.employee_id, line.item, line.number, line.metric, measure.value,
                       LEAST(maximum, GREATEST(0, (measure.value - low) * slope)) AS points
                  FROM cs_measure measure JOIN line USING (metric_id)
                 WHERE measure.company_id = %(company)s AND measure.date = %(start)s) each
         GROUP BY employee_id
    ), scored AS (
        SELECT appraisal.id, appraisal.employee_id, held.department_id, held.tier_id,
               measured.items, round(graded.points + measured.points, 2) AS score
          FROM cs_appraisal appraisal
          JOIN graded ON graded.appraisal_id = appraisal.id
          JOIN measured ON measured.employee_id = appraisal.employee_id
          JOIN held ON held.employee_id = appraisal.employee_id
         WHERE appraisal.cycle_id = %(cycle)s
    ), month AS (
        UPDATE cs_appraisal own
           SET department_id = star.department_id, tier_id = star.tier_id, closed = TRUE,
               scored = TRUE, score = star.score, rank = star.rank,
               rank_bottom = star.rank_bottom, ranked = star.ranked, class_id = star.class_id,
               measured = star.items, published_score = star.score, published_on = CURRENT_DATE,
               regraded = FALSE
          FROM ({STARS.format(scored="scored")}) star
         WHERE own.id = star.id
        RETURNING own.employee_id, own.department_id, own.tier_id, own.superior_id, own.score
    ), {MEANS}
    INSERT INTO cs_appraisal (
        cycle_id, company_id, kind, date_start, date_end, employee_id, department_id, tier_id,
        superior_id, closed, complete, excluded, formless, scored, score, rank, rank_bottom, ranked,
        class_id, published_score, published_on, create_uid, write_uid, create_date, write_date)
    SELECT %(quarter)s, %(company)s, 'quarter', %(quarter_start)s, %(end)s, employee_id,
           department_id, tier_id, superior_id, TRUE, FALSE, FALSE, FALSE, TRUE, score, rank,
           rank_bottom, ranked, class_id, score, CURRENT_DATE, 1, 1, now(), now()
      FROM ({STARS.format(scored=MEAN_SCORES)}) star
"""

JUDGE = f"""
    {AGENTS}
    , months AS (
        SELECT employee_id,
               COUNT(*) FILTER (WHERE nth <= 3 AND score >= 85) AS good,
               SUM(score) FILTER (WHERE nth <= 3) AS total,
               COUNT(*) FILTER (WHERE nth <= 2 AND score < 75) AS weak,
               COUNT(*) FILTER (WHERE score < 75
                                AND date_start >= %(effective)s::date - interval '6 months')
                   AS weak_lately
          FROM month GROUP BY employee_id HAVING MAX(date_start) = %(start)s
    ), quarters AS (
        SELECT employee_id, bool_and(rank_bottom <= ceil(ranked * 0.05)) AND COUNT(*) = 2 AS last
          FROM (SELECT review.employee_id, date_start, rank_bottom, ranked,
                       row_number() OVER (PARTITION BY review.employee_id
                                          ORDER BY date_start DESC) AS nth
                  FROM cs_appraisal review JOIN agent ON agent.employee_id = review.employee_id
                 WHERE kind = 'quarter' AND closed AND scored AND date_end <= %(end)s) each
         WHERE nth <= 2 GROUP BY employee_id HAVING MAX(date_start) = %(quarter_start)s
    ), {KNOWN}
    , exam AS (
        SELECT DISTINCT agent.employee_id
          FROM cs_measure measure
          JOIN cs_metric metric ON metric.id = measure.metric_id AND metric.code = 'exam'
          JOIN agent ON agent.employee_id = measure.employee_id
         WHERE measure.company_id = %(company)s AND measure.value >= 80
           AND measure.date >= agent.joined AND measure.date < %(effective)s
           AND measure.date >= %(effective)s::date - interval '3 months'
    ), serious AS (
        SELECT DISTINCT agent.employee_id
          FROM cs_violation JOIN agent ON agent.employee_id = cs_violation.employee_id
         WHERE state = 'confirmed' AND severity = 'serious' AND month <= %(start)s
           AND date >= agent.joined AND date >= %(effective)s::date - interval '6 months'
    ), fact AS (
        SELECT agent.employee_id, agent.code, agent.sequence, agent.department_id, agent.since,
               months.good, months.total, months.weak, months.weak_lately, quarters.last,
               violation.number, violation.new,
               agent.since + interval '6 months' <= %(effective)s AS long_enough,
               exam.employee_id IS NOT NULL AS passed, serious.employee_id IS NULL AS behaved,
               COALESCE(known.open_reviews, '{{}}') AS open_reviews,
               COALESCE(known.decided, FALSE) AS decided
          FROM agent
          LEFT JOIN months ON months.employee_id = agent.employee_id
          LEFT JOIN quarters ON quarters.employee_id = agent.employee_id
          LEFT JOIN violation ON violation.employee_id = agent.employee_id
          LEFT JOIN known ON known.employee_id = agent.employee_id
          LEFT JOIN exam ON exam.employee_id = agent.employee_id
          LEFT JOIN serious ON serious.employee_id = agent.employee_id
    ), review AS (
        SELECT employee_id, ground
          FROM fact
          CROSS JOIN LATERAL (VALUES
              ('review_last_agents', code = 'hotline_agent' AND last),
              ('review_last_seniors', code = 'hotline_senior' AND last),
              ('dismiss_repeated', new AND number >= %(repeat)s)
          ) called (ground, holds)
         WHERE holds AND NOT ground = ANY (open_reviews)
    ), down AS (
        SELECT employee_id, sequence, 'demote_senior' AS ground
          FROM fact
         WHERE NOT decided AND code = 'hotline_senior' AND (weak = 2 OR weak_lately >= 3)
    ), eligible AS (
        SELECT fact.*, row_number() OVER (PARTITION BY department_id
                                          ORDER BY total DESC, since, employee_id) AS turn
          FROM fact
         WHERE NOT decided AND open_reviews = '{{}}' AND code = 'hotline_agent'
           AND employee_id NOT IN (SELECT employee_id FROM review)
           AND good = 3 AND passed AND long_enough AND behaved
    ), place AS (
        SELECT held.department_id, COUNT(*) * 20 / 100
               - COUNT(*) FILTER (WHERE tier.code = 'hotline_senior'
                                  AND employee_id NOT IN (SELECT employee_id FROM down)) AS free
          FROM held JOIN cs_tier tier ON tier.id = held.tier_id
         WHERE (left_on IS NULL OR left_on >= %(effective)s)
           AND tier.code IN ('hotline_agent', 'hotline_senior')
         GROUP BY held.department_id
    ), up AS (
        SELECT employee_id, sequence, 'promote_senior' AS ground
          FROM eligible JOIN place USING (department_id)
         WHERE turn <= free
    )
    {DECIDE}
"""
