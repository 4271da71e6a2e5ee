from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...engine.form import COUNTS


class CsAppraisalSheetDeskMixin(models.AbstractModel):
    """Scoring in the browser: starting points, and which sheet is next."""

    _name = "cs.appraisal.sheet.desk.mixin"
    _description = "Desk on Which CS Appraisal Sheets Are Filled In"

    # of the policy that it is scored by, in force no longer maybe
    scorecard_form = fields.Json(
        compute="_compute_scorecard_form", compute_sudo=True, string="Form"
    )
    previous_name = fields.Char(
        compute="_compute_previous_name", help="The period whose grades can be taken over."
    )

    @api.depends("scorecard_id", "role", "cycle_id.policy_id", "closed", "appraisal_id.measured")
    @api.depends_context("lang")
    def _compute_scorecard_form(self):
        # superuser: what is measured is no secret among the raters of the agent
        appraisals = self.sudo().appraisal_id
        measured = self.env["cs.measured"]._get_rows(appraisals)
        for sheet in self:
            sheet.scorecard_form = {
                "method": sheet.sudo()._get_total_method(),
                "kind": sheet.cycle_id.kind,
                "sections": [
                    sheet._get_section_form(section, measured[sheet.sudo().appraisal_id])
                    for section in sheet.scorecard_id.section_ids
                ],
            }

    def _get_section_form(self, section, measured):
        """A section as the sheet shows it, with those of its items that are not simply graded by
        its words, and what is measured in it.

        :param measured: rows of ``cs.measured``
        """
        return {
            "id": section.id,
            "name": section.name,
            "weight": section.weight,
            "maximum": self._get_section_maximum(section),
            "grades": self._get_grades_form(section.grade_ids),
            "items": {
                item.id: {
                    "source": item.source,
                    "effect": item.effect,
                    "falls_to": item.falls_to,
                    "note": self.env["cs.words"]._say_effect(item),
                    "maximum": item.maximum,
                    "grades": self._get_grades_form(item.own_grade_ids),
                }
                for item in section.item_ids
                if not item._is_graded_simply() and item._is_rated_by(self.role)
            },
            "measured": [each for each in measured if each["section"] == section.id],
        }

    def _get_section_maximum(self, section):
        """The most that this rater can give in a section."""
        items = section.item_ids.filtered(
            lambda item: item.effect == COUNTS and item._is_rated_by(self.role)
        )
        return sum(items.mapped("points_max"))

    @api.model
    def _get_grades_form(self, grades):
        return [{"id": each.id, "name": each.name, "points": each.points} for each in grades]

    @api.depends("state", "rater_id", "cycle_id", "employee_id")
    @api.depends_context("lang")
    def _compute_previous_name(self):
        for sheet in self:
            previous = sheet.state == "draft" and sheet._get_previous()
            sheet.previous_name = previous.cycle_id.name if previous else False

    def action_submit_next(self):
        """Submit a sheet, and show what lies on the rater's desk now: one call for both.

        :return: as :meth:`get_desk`
        """
        self.ensure_one()
        self.action_submit()
        return {"queue": self._get_queue()}

    def get_desk(self):
        """What lies on the rater's desk: their sheets of this cycle, and the previous grades.

        :return: ``queue``: the rater's sheets in working order, each with agent, state and
            progress; ``previous``: name of the period whose grades can be taken over, or False
        """
        self.ensure_one()
        self.check_access("read")
        if not self.is_mine:
            return {"queue": [], "previous": False}
        return {
            "queue": self._get_queue(),
            "previous": self._get_previous().cycle_id.name or False,
        }

    def _get_queue(self):
        """The rater's sheets in working order, each with agent, state and progress."""
        queue = self.search(self._get_desk_domain(), order=self._get_desk_order())
        return [
            {
                "id": sheet.id,
                "name": sheet.employee_id.name,
                "superior": self.is_paper and sheet.rater_id.name,
                "state": sheet.state,
                "answered": sheet.answered,
                "items": sheet.item_count,
            }
            for sheet in queue.sudo()  # the names of agent and rater, who may be hidden
        ]

    def _get_desk_domain(self):
        """The sheets worked through together with this one: after the paper forms of one
        rater come those of the next."""
        return self._get_mine_domain() & Domain(
            [
                ("cycle_id", "=", self.cycle_id.id),
                ("role", "=", self.role),
                ("rater_user_id", "=", self.rater_user_id.id),
                ("excluded", "=", False),
            ]
        )

    def _get_desk_order(self):
        """Form by form as they lie in the pile: paper comes sorted by rater."""
        return "rater_id, employee_id, id" if self.is_paper else "employee_id, id"

    def action_print(self):
        """Print the whole form, with what this user may see of it."""
        return self.env.ref("cs_promotion.action_report_scorecard").report_action(self.appraisal_id)

    def action_fill_last(self, overwrite=False):
        """Take over the grades that the same rater gave this agent last time.

        The newest closed cycle of the same kind counts; of a named person, only what
        this one gave. Grades the form no longer has are left open.

        :param overwrite: replace grades that are there; otherwise only empty items are filled
        :return: number of items filled
        """
        self.ensure_one()
        self.check_access("write")
        previous = self._get_previous()
        if not previous:
            raise UserError(
                self.env._(
                    "%s has no earlier sheet of the same rater.", self.employee_id.sudo().name
                )
            )
        given = {
            (line.section_id.code, line.number): line.points
            for line in previous.line_ids
            if line.grade_id or line.is_given
        }
        return self._fill(
            {
                line: line._find_answer(given[line.section_id.code, line.number])
                for line in self.line_ids
                if (line.section_id.code, line.number) in given
            },
            overwrite,
        )

    def action_fill_middle(self, overwrite=False):
        """Give every item the middle one of its grades ("meets requirements"), and no points for
        what would add to the score, take from it or let it fall. Numbers that count stay open.

        :param overwrite: replace grades that are there; otherwise only empty items are filled
        :return: number of items filled
        """
        self.ensure_one()
        self.check_access("write")
        return self._fill({line: line._get_middle() for line in self.line_ids}, overwrite)

    def _fill(self, answers, overwrite):
        """Write ``answers`` (line -> values to write, maybe none), one write for those alike."""
        lines = self.line_ids.filtered(
            lambda line: answers.get(line) and (overwrite or not line.is_answered)
        )
        # one write an answer, not one an item: there are five of them and twenty items
        same = lines.grouped(lambda line: tuple(answers[line].items()))
        for answer, given in same.items():
            changed = given.filtered(lambda line, answer=answer: not line._has_answer(dict(answer)))
            lines -= given - changed
            if changed:
                changed.write(dict(answer))
        return len(lines)

    def _get_previous(self):
        """The same rater's sheet in the agent's newest closed cycle of this kind, as sudo.

        Of the present employment in the company: a former one is history (R5).
        """
        timeline = self.appraisal_id._get_timeline()
        last = timeline.last_in(self.cycle_id.date_start, self.cycle_id.date_end)
        # of another employment the same rater may have given grades, to someone long forgotten
        joined = last and timeline.joined(min(last.end, self.cycle_id.date_end))
        return self.sudo().search(
            [
                ("employee_id", "=", self.employee_id.id),
                ("company_id", "=", self.company_id.id),
                ("role", "=", self.role),
                ("state", "=", "submitted"),
                ("cycle_id.kind", "=", self.cycle_id.kind),
                ("cycle_id.state", "=", "closed"),
                ("cycle_id.date_end", "<", self.cycle_id.date_start),
                ("cycle_id.date_end", ">=", joined or self.cycle_id.date_start),
                ("rater_id", "=", self.rater_id.id),
            ],
            order="cycle_id",
            limit=1,
        )
