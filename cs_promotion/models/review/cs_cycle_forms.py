from collections import defaultdict

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...engine.forms import Held, Period, choose
from ..policy.cs_scorecard import MEASURED


class CsCycleForms(models.AbstractModel):
    """Which form each agent is scored by in a cycle: the first row of the policy that fits, else
    the policy's own form (policy language, *Forms*)."""

    _name = "cs.cycle.forms"
    _description = "Forms of a CS Review Cycle"

    @api.model
    def _choose(self, cycle, timelines):
        """Note on each appraisal its form, where the policy has several.

        It goes by tier, department and post held last in the period. As long as nothing is filled
        in, it follows them; then it stays.
        """
        policy = cycle.policy_id
        if not policy.form_ids and not self._find_others(cycle):
            return
        rows = tuple(row._compile() for row in policy.form_ids)
        period = Period(cycle.kind, cycle.date_start, cycle.date_end)
        own = policy.scorecard_id.id
        changed = []
        for id_, employee_id, *former in self._load_untouched(cycle):
            form = choose(rows, self._get_held(cycle, timelines.get(employee_id)), period, own)
            chosen = [None if form == own else form, form is None]
            if chosen != former:
                changed.append((id_, *chosen))
        self._write(cycle, changed)

    @api.model
    def _find_others(self, cycle):
        """Whether a former version of the policy gave somebody another form."""
        other = Domain("scorecard_id", "!=", False) | Domain("formless", "=", True)
        ours = Domain("cycle_id", "=", cycle.id)
        return self.env["cs.appraisal"].search_count(ours & other, limit=1)

    @api.model
    def _get_held(self, cycle, timeline):
        """What somebody held last in the period."""
        last = timeline and timeline.last_in(cycle.date_start, cycle.date_end)
        if not last:
            return Held(None, None, None)
        joined = timeline.joined(min(last.end, cycle.date_end))
        return Held(last.tier, last.department, last.job, joined)

    @api.model
    def _load_untouched(self, cycle):
        """Id, employee id, other form and whether there is none, of each appraisal on whose sheets
        nothing stands yet; without those whom a person has left out."""
        self.env["cs.appraisal"].flush_model()
        self.env["cs.appraisal.sheet"].flush_model()
        return self.env.execute_query(
            SQL(
                """
                SELECT id, employee_id, scorecard_id, COALESCE(formless, FALSE)
                  FROM cs_appraisal appraisal
                 WHERE cycle_id = %s AND (formless OR NOT excluded)
                   AND NOT EXISTS (
                        SELECT 1 FROM cs_appraisal_sheet sheet
                         WHERE sheet.appraisal_id = appraisal.id
                           AND (sheet.answered > 0 OR sheet.state = 'submitted')
                   )
                """,
                cycle.id,
            )
        )

    @api.model
    def _write(self, cycle, changed):
        """Write ``changed``: rows of (appraisal id, other form, whether there is none)."""
        if not changed:
            return
        ids = [id_ for id_, *_chosen in changed]
        # sheets of the former form go, those of the new one are made as for everybody
        self.env["cs.appraisal.sheet"].search([("appraisal_id", "in", ids)]).unlink()
        # in one statement: opening gives ten thousand agents their form
        self.env.execute_query(
            SQL(
                """
                UPDATE cs_appraisal
                   SET scorecard_id = given.form, formless = given.formless,
                       excluded = given.formless
                  FROM unnest(%s::int[], %s::int[], %s::bool[]) AS given (id, form, formless)
                 WHERE cs_appraisal.id = given.id AND cycle_id = %s
             RETURNING 1
                """,
                *map(list, zip(*changed, strict=True)),
                cycle.id,
            )
        )
        self.env["cs.appraisal"].invalidate_model()

    @api.model
    def _compile(self, cycle):
        """Form id -> :class:`~...engine.form.Form`, of all that somebody may be scored by in the
        cycle: those of its policy, and those noted on appraisals."""
        return {form.id: form._compile(cycle.policy_id) for form in self._find_forms(cycle)}

    @api.model
    def _find_forms(self, cycle):
        """The policy's own form, and those noted on appraisals."""
        noted = self.env["cs.appraisal"]._read_group(
            Domain("cycle_id", "=", cycle.id) & Domain("scorecard_id", "!=", False),
            ["scorecard_id"],
        )
        return cycle.policy_id.scorecard_id.union(*(form for (form,) in noted))

    @api.model
    def _group(self, cycle):
        """Form id -> ids of the employees who are scored by it, of all who are not left out."""
        self.env["cs.appraisal"].flush_model()
        found = defaultdict(list)
        for form, employee_id in self.env.execute_query(
            SQL(
                """
                SELECT COALESCE(scorecard_id, %s), employee_id FROM cs_appraisal
                 WHERE cycle_id = %s AND NOT excluded ORDER BY employee_id
                """,
                cycle.policy_id.scorecard_id.id,
                cycle.id,
            )
        ):
            found[form].append(employee_id)
        return found

    @api.model
    def _get_asked_domain(self, cycles):
        """The appraisals of these cycles whose form somebody fills in: where all of it is measured
        nobody does."""
        return Domain.OR(
            Domain("cycle_id", "=", cycle.id) & Domain("scorecard_id", "in", forms)
            for cycle in cycles
            if cycle._needs_sheets() and (forms := self._get_asking(cycle))
        )

    @api.model
    def _get_asking(self, cycle):
        """Ids of the other forms that somebody fills in; with False, the policy's own."""
        own = cycle.policy_id.scorecard_id
        asking = self._find_forms(cycle).filtered(
            lambda form: any(item.source != MEASURED for item in form.section_ids.item_ids)
        )
        return [False if form == own else form.id for form in asking]
