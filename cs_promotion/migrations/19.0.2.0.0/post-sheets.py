from odoo import SUPERUSER_ID, api
from odoo.tools import SQL

# Rules of 19.0.1.0.0 that held the domain of blind rating, each a copy. They are noupdate, so
# no upgrade takes them away; beside the new ones they would let people read by the old words.
RULES = [
    f"cs_promotion.{model}_rule_{group}_{mode}"
    for model in ("cs_appraisal_sheet", "cs_appraisal_sheet_line")
    for group in ("user", "office")
    for mode in ("read", "write")
]


def migrate(cr, version):
    """Blind rating stands in one place; who entered which form, and what was seen, is kept."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    for xmlid in RULES:
        rule = env.ref(xmlid, raise_if_not_found=False)
        if rule:
            rule.unlink()
    _mark_seen(env)
    _enter_editors(env)
    env.invalidate_all()


def _mark_seen(env):
    """Both forms were in, or the score was published: they were seen against each other."""
    env.cr.execute(
        SQL(
            """
            UPDATE cs_appraisal_sheet sheet
               SET seen_on = COALESCE(sheet.submitted_on, now() AT TIME ZONE 'UTC')
              FROM cs_appraisal appraisal
             WHERE appraisal.id = sheet.appraisal_id AND sheet.seen_on IS NULL
               AND (appraisal.published_on IS NOT NULL OR appraisal.complete AND EXISTS (
                    SELECT FROM cs_appraisal_sheet other
                     WHERE other.appraisal_id = sheet.appraisal_id AND other.id != sheet.id))
            """
        )
    )
    # what the office has begun to enter from paper, it has read
    env.cr.execute(
        SQL(
            """
            UPDATE cs_appraisal_sheet sheet
               SET seen_on = paper.paper_on
              FROM cs_appraisal_sheet paper
             WHERE paper.appraisal_id = sheet.appraisal_id AND paper.id != sheet.id
               AND paper.paper_by IS NOT NULL AND sheet.submitted_on IS NOT NULL
               AND sheet.seen_on IS NULL
            """
        )
    )


def _enter_editors(env):
    """Who submitted a form, or wrote a grade on it, is its editor.

    Where one person did both, as the last release allowed, the office's form is theirs.
    """
    env.cr.execute(
        SQL(
            """
            INSERT INTO cs_appraisal_sheet_editor
                (sheet_id, appraisal_id, company_id, role, user_id,
                 create_uid, write_uid, create_date, write_date)
            SELECT sheet.id, sheet.appraisal_id, sheet.company_id, sheet.role, editor.id, %s, %s,
                   now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC'
              FROM cs_appraisal_sheet sheet
              JOIN (SELECT id AS sheet_id, unnest(ARRAY[submitted_by, paper_by]) AS user_id
                      FROM cs_appraisal_sheet
                     UNION
                    SELECT sheet_id, write_uid
                      FROM cs_appraisal_sheet_line
                     WHERE grade_id IS NOT NULL) entry ON entry.sheet_id = sheet.id
              JOIN res_users editor ON editor.id = entry.user_id
             WHERE editor.id != %s
             ORDER BY sheet.role, sheet.id
                ON CONFLICT DO NOTHING
            """,
            SUPERUSER_ID,
            SUPERUSER_ID,
            SUPERUSER_ID,
        )
    )
