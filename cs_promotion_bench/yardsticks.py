"""The yardsticks: the same work by hand-written SQL, with nothing around it.

They know what the bench's company is like - one contract an agent, the shipped rules, two
raters of equal weight - where the addons take any; both give the same results, which the bench
makes sure of.
"""

from odoo import fields
from odoo.tools import SQL

# Who stood on the ladder in the period, as last there: department, tier, contract (R1, R2)
HELD = """
    SELECT DISTINCT ON (employee_id) *
      FROM (SELECT version.employee_id, version.department_id, version.cs_tier_id AS tier_id,
                   version.cs_tier_since AS since, version.contract_date_start AS joined,
                   version.contract_date_end AS left_on,
                   LEAST(version.contract_date_end,
                         LEAD(version.date_version) OVER versions - 1) AS until,
                   GREATEST(version.date_version, version.contract_date_start) AS begins
              FROM hr_version version
              JOIN hr_employee agent ON agent.id = version.employee_id
             WHERE version.active AND agent.company_id = %(company)s
            WINDOW versions AS (PARTITION BY version.employee_id ORDER BY version.date_version)
           ) stretch
     WHERE tier_id IS NOT NULL AND begins <= %(end)s AND (until IS NULL OR until >= %(start)s)
     ORDER BY employee_id, begins DESC
"""

OPEN = f"""
    WITH held AS ({HELD}),
    appraisal AS (
        INSERT INTO cs_appraisal (
            cycle_id, company_id, kind, date_start, date_end, employee_id, department_id, tier_id,
            superior_id, closed, complete, excluded, formless, scored, score, rank, rank_bottom,
            ranked, create_uid, write_uid, create_date, write_date)
        SELECT %(cycle)s, %(company)s, 'month', %(start)s, %(end)s, held.employee_id,
               held.department_id, held.tier_id, agent.parent_id,
               FALSE, FALSE, FALSE, FALSE, FALSE, 0, 0, 0, 0, 1, 1, now(), now()
          FROM held JOIN hr_employee agent ON agent.id = held.employee_id
         ORDER BY held.employee_id
        RETURNING id, employee_id, department_id, superior_id
    ), sheet AS (
        INSERT INTO cs_appraisal_sheet (
            appraisal_id, role, cycle_id, company_id, employee_id, department_id, superior_id,
            superior_user_id, rater_id, rater_user_id, excluded, optional, date_due, scorecard_id,
            state, total, answered, item_count, create_uid, write_uid, create_date, write_date)
        SELECT appraisal.id, role.name, %(cycle)s, %(company)s, appraisal.employee_id,
               appraisal.department_id, appraisal.superior_id, resource.user_id,
               CASE role.name WHEN 'superior' THEN appraisal.superior_id END,
               CASE role.name WHEN 'superior' THEN resource.user_id END, FALSE, FALSE,
               %(due)s, %(scorecard)s, 'draft', 0, 0, %(item_count)s, 1, 1, now(), now()
          FROM appraisal
          CROSS JOIN unnest(%(roles)s) role (name)
          LEFT JOIN hr_employee superior ON superior.id = appraisal.superior_id
          LEFT JOIN resource_resource resource ON resource.id = superior.resource_id
        RETURNING id
    )
    INSERT INTO cs_appraisal_sheet_line (
        sheet_id, item_id, section_id, number, points,
        create_uid, write_uid, create_date, write_date)
    SELECT sheet.id, item.id, item.section_id, item.number, 0, 1, 1, now(), now()
      FROM sheet
      JOIN cs_scorecard_item item ON item.scorecard_id = %(scorecard)s AND source != 'measured'
"""

# Mean of a quarter, of those with a score in all of its months; ``month`` is the last one
MEANS = """
    means AS (
        SELECT month.*, round((month.score + SUM(former.score)) / 3, 2) AS mean
          FROM month
          JOIN cs_appraisal former ON former.employee_id = month.employee_id
           AND former.kind = 'month' AND former.closed AND former.scored
           AND former.date_start >= %(quarter_start)s AND former.date_start < %(start)s
         GROUP BY month.employee_id, month.department_id, month.tier_id, month.superior_id,
                  month.score
        HAVING COUNT(*) = 2
    )
"""

# Places within the department, from both ends, and how many there are
RANKS = """
    rank() OVER (PARTITION BY department_id ORDER BY {by} DESC) AS rank,
    rank() OVER (PARTITION BY department_id ORDER BY {by}) AS rank_bottom,
    COUNT(*) OVER (PARTITION BY department_id) AS ranked
"""

CLOSE = f"""
    WITH held AS ({HELD}),
    given AS (
        SELECT sheet.appraisal_id, SUM(line.points)::numeric AS points
          FROM cs_appraisal_sheet sheet
          JOIN cs_appraisal_sheet_line line ON line.sheet_id = sheet.id
         WHERE sheet.cycle_id = %(cycle)s
         GROUP BY sheet.appraisal_id
    ), month AS (
        UPDATE cs_appraisal own
           SET department_id = ranked.department_id, tier_id = ranked.tier_id, closed = TRUE,
               scored = TRUE, score = ranked.score, rank = ranked.rank,
               rank_bottom = ranked.rank_bottom, ranked = ranked.ranked,
               published_score = ranked.score, published_on = CURRENT_DATE, regraded = FALSE
          FROM (SELECT scored.*, {RANKS.format(by="score")}
                  FROM (SELECT appraisal.id, held.department_id, held.tier_id,
                               round(given.points / 2, 2) AS score
                          FROM cs_appraisal appraisal
                          JOIN given ON given.appraisal_id = appraisal.id
                          JOIN held ON held.employee_id = appraisal.employee_id
                         WHERE appraisal.cycle_id = %(cycle)s) scored) ranked
         WHERE own.id = ranked.id
        RETURNING own.employee_id, own.department_id, own.tier_id, own.superior_id, own.score
    ), {MEANS}
    INSERT INTO cs_appraisal (
        cycle_id, company_id, kind, date_start, date_end, employee_id, department_id, tier_id,
        superior_id, closed, complete, excluded, formless, scored, score, rank, rank_bottom, ranked,
        published_score, published_on, create_uid, write_uid, create_date, write_date)
    SELECT %(quarter)s, %(company)s, 'quarter', %(quarter_start)s, %(end)s, means.employee_id,
           means.department_id, means.tier_id, means.superior_id, TRUE, FALSE, FALSE, FALSE, TRUE,
           mean, {RANKS.format(by="mean")}, mean, CURRENT_DATE, 1, 1, now(), now()
      FROM means
"""

# What a judgement begins with: whom it is about, and their months with a score, the newest first
AGENTS = f"""
    WITH held AS ({HELD}),
    agent AS (
        SELECT held.*, tier.code, tier.sequence
          FROM held JOIN cs_tier tier ON tier.id = held.tier_id
         WHERE (left_on IS NULL OR left_on > %(effective)s)
    ), month AS (
        SELECT review.employee_id, review.date_start, review.date_end, review.score, review.rank,
               agent.since, agent.code,
               row_number() OVER (PARTITION BY review.employee_id
                                  ORDER BY review.date_start DESC) AS nth
          FROM cs_appraisal review JOIN agent ON agent.employee_id = review.employee_id
         WHERE review.kind = 'month' AND review.closed AND review.scored
           AND review.date_end <= %(end)s
    )
"""

# Violations of the present employment, and decisions that stand in the way
KNOWN = """
    violation AS (
        SELECT cs_violation.employee_id, COUNT(*) AS number,
               bool_or(month = %(start)s) AS new,
               bool_or(month = %(start)s AND severity = 'moderate') AS moderate,
               bool_or(month = %(start)s AND severity = 'serious') AS serious
          FROM cs_violation JOIN agent ON agent.employee_id = cs_violation.employee_id
         WHERE state = 'confirmed' AND date >= agent.joined AND month <= %(start)s
         GROUP BY cs_violation.employee_id
    ), known AS (
        SELECT employee_id,
               COALESCE(array_agg(ground) FILTER (WHERE outcome = 'dismissal_review'
                                                  AND state IN ('proposed', 'announced')), '{}')
                   AS open_reviews,
               bool_or(outcome != 'dismissal_review' AND state NOT IN ('withdrawn', 'rejected')
                       AND (effective_date = %(effective)s
                            OR state != 'applied' AND effective_date <= %(effective)s)) AS decided
          FROM cs_decision GROUP BY employee_id
    )
"""

# What it ends with: a decision for each row of review, down and up; all of it but the evidence
DECIDE = """
    , decided (employee_id, outcome, kind, tier_id, ground) AS (
        SELECT employee_id, 'dismissal_review', 'review', NULL, ground FROM review
         UNION ALL
        SELECT employee_id, 'demote', 'demotion',
               (SELECT id FROM cs_tier WHERE sequence < down.sequence AND active
                 ORDER BY sequence DESC LIMIT 1), ground
          FROM down
         UNION ALL
        SELECT employee_id, 'promote', 'promotion',
               (SELECT id FROM cs_tier WHERE sequence > up.sequence AND active
                 ORDER BY sequence LIMIT 1), ground
          FROM up
    )
    INSERT INTO cs_decision (
        employee_id, company_id, cycle_id, policy_id, outcome, kind, ground_type, ground, rule_id,
        tier_from_id, tier_since_from, tier_to_id, effective_date, state, announced_on,
        notice_until, to_notify, create_uid, write_uid, create_date, write_date)
    SELECT decided.employee_id, %(company)s, %(cycle)s, %(policy)s, outcome, kind,
           CASE WHEN rule.id IS NULL THEN 'procedure' ELSE 'rule' END, ground, rule.id,
           agent.tier_id, agent.since, decided.tier_id, %(effective)s, 'announced', %(closed_on)s,
           %(notice_until)s, FALSE, 1, 1, now(), now()
      FROM decided
      JOIN agent ON agent.employee_id = decided.employee_id
      LEFT JOIN (SELECT id, code FROM cs_policy_rule WHERE policy_id = %(policy)s) rule
        ON rule.code = decided.ground
"""

# A decision for each promotion, demotion and dismissal review; all of it but the evidence
JUDGE = f"""
    {AGENTS}
    , months AS (
        SELECT employee_id,
               COUNT(*) FILTER (WHERE nth <= 3 AND score < %(pass_mark)s) AS failing,
               COUNT(*) FILTER (WHERE nth <= 3 AND rank > %(top)s AND date_start >= since)
                   AS outside,
               COUNT(*) FILTER (WHERE score < 90 AND date_start >= since
                                AND date_end < since + interval '12 months') AS below
          FROM month GROUP BY employee_id HAVING MAX(date_start) = %(start)s
    ), quarter AS (
        SELECT review.employee_id, review.date_start, review.date_end, review.score, review.rank,
               agent.since, review.date_start >= agent.since AS in_tier,
               row_number() OVER (PARTITION BY review.employee_id
                                  ORDER BY review.date_start DESC) AS nth
          FROM cs_appraisal review JOIN agent ON agent.employee_id = review.employee_id
         WHERE review.kind = 'quarter' AND review.closed AND review.scored
           AND review.date_end <= %(end)s
    ), quarters AS (
        SELECT employee_id,
               MAX(score) FILTER (WHERE nth = 1) AS score,
               MAX(rank) FILTER (WHERE nth = 1) AS rank,
               COUNT(*) FILTER (WHERE nth <= 2 AND score >= 95) AS excellent,
               COUNT(*) FILTER (WHERE nth <= 2 AND score > 80 AND score < 91 AND in_tier)
                   AS middling,
               COUNT(*) FILTER (WHERE score <= 80 AND in_tier) AS poor,
               COUNT(*) FILTER (WHERE score > 80 AND score < 91 AND in_tier
                                AND date_end < since + interval '12 months') AS first_middling,
               COUNT(*) FILTER (WHERE score <= 80 AND in_tier
                                AND date_end < since + interval '12 months') AS first_poor,
               bool_or(in_tier AND nth = 1) AS in_tier,
               bool_or(in_tier AND nth = 1 AND date_end < since + interval '12 months') AS in_first
          FROM quarter GROUP BY employee_id HAVING MAX(date_start) = %(quarter_start)s
    ), {KNOWN}
    , award AS (
        SELECT DISTINCT employee_id FROM cs_award WHERE month <= %(end)s
    ), fact AS (
        SELECT agent.employee_id, agent.code, agent.sequence, agent.joined,
               COALESCE(months.failing, 0) AS failing, COALESCE(months.outside, 0) AS outside,
               COALESCE(months.below, 0) AS below,
               agent.since + interval '12 months' > %(end)s AS first_year,
               months.employee_id IS NOT NULL AS has_month,
               quarters.*, violation.number, violation.new, violation.moderate, violation.serious,
               COALESCE(known.open_reviews, '{{}}') AS open_reviews,
               COALESCE(known.decided, FALSE) AS decided,
               award.employee_id IS NOT NULL AS awarded
          FROM agent
          LEFT JOIN months ON months.employee_id = agent.employee_id
          LEFT JOIN (SELECT employee_id AS quarter_of, score, rank, excellent, middling, poor,
                            first_middling, first_poor, in_tier, in_first FROM quarters) quarters
            ON quarters.quarter_of = agent.employee_id
          LEFT JOIN violation ON violation.employee_id = agent.employee_id
          LEFT JOIN known ON known.employee_id = agent.employee_id
          LEFT JOIN award ON award.employee_id = agent.employee_id
    ), review AS (
        SELECT fact.employee_id, ground
          FROM fact
          CROSS JOIN LATERAL (VALUES
              ('dismiss_failing', code = 'junior' AND failing = 3),
              ('dismiss_serious', serious),
              ('dismiss_repeated', new AND number >= %(repeat)s)
          ) called (ground, holds)
         WHERE holds AND NOT ground = ANY (open_reviews)
    ), down AS (
        SELECT employee_id, sequence,
               CASE WHEN moderate THEN 'demote_violation'
                    WHEN code = 'intermediate' THEN 'demote_intermediate'
                    ELSE 'demote_senior' END AS ground
          FROM fact
         WHERE NOT decided AND (
               moderate AND code != 'probation'
               OR code = 'intermediate' AND (
                   outside = 3 OR in_tier AND (middling = 2 OR poor >= 1))
               OR code = 'senior' AND (
                   has_month AND first_year AND below >= 3
                   OR in_first AND (first_middling >= 2 OR first_poor >= 1)))
    ), up AS (
        SELECT employee_id, sequence,
               CASE code WHEN 'junior' THEN 'promote_intermediate'
                         ELSE 'promote_senior' END AS ground
          FROM fact
         WHERE NOT decided AND open_reviews = '{{}}'
           AND employee_id NOT IN (SELECT employee_id FROM review)
           AND employee_id NOT IN (SELECT employee_id FROM down)
           AND (code = 'junior' AND rank <= %(top)s AND score >= 91
                AND joined + interval '3 months' <= %(effective)s
                OR code = 'intermediate' AND awarded AND excellent = 2
                AND joined + interval '6 months' <= %(effective)s)
    )
    {DECIDE}
"""


def execute(case, statement, **more):
    """Execute one of these statements for the measured month of a case.

    :param more: further values that it names
    """
    cycle, policy = case.cycle, case.cycle.policy_id
    case.env.flush_all()
    case.env.cr.execute(
        SQL(
            statement,
            company=case.company.id,
            cycle=cycle.id,
            start=cycle.date_start,
            end=cycle.date_end,
            due=cycle.date_due,
            scorecard=policy.scorecard_id.id,
            quarter=case.quarter.id,
            quarter_start=case.quarter.date_start,
            effective=case.effective,
            policy=policy.id,
            closed_on=cycle.closed_on or None,
            notice_until=fields.Date.add(cycle.closed_on, days=policy.notice_days)
            if cycle.closed_on
            else None,
            pass_mark=policy.pass_mark,
            top=policy.top_n,
            repeat=policy.repeat_violations,
            roles=list(case.history.roles),
            item_count=case.history.item_count,
            **more,
        )
    )
