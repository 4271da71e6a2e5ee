from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain


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

    @api.depends("scorecard_id", "cycle_id.policy_id")
    @api.depends_context("lang")
    def _compute_scorecard_form(self):
        for sheet in self:
            sheet.scorecard_form = {
                "method": sheet.cycle_id.policy_id.score_method,
                "kind": sheet.cycle_id.kind,
                "sections": [
                    {
                        "id": section.id,
                        "name": section.name,
                        "weight": section.weight,
                        "maximum": section.points_max,
                        "grades": [
                            {"id": grade.id, "name": grade.name, "points": grade.points}
                            for grade in section.grade_ids
                        ],
                    }
                    for section in sheet.scorecard_id.section_ids
                ],
            }

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
            if line.grade_id
        }
        grades = {}
        for line in self.line_ids:
            points = given.get((line.section_id.code, line.number))
            grades[line] = line.section_id.grade_ids.filtered(
                lambda grade, points=points: grade.points == points
            )
        return self._fill(grades, overwrite)

    def action_fill_middle(self, overwrite=False):
        """Give every item the middle grade of its section ("meets requirements").

        :param overwrite: replace grades that are there; otherwise only empty items are filled
        :return: number of items filled
        """
        self.ensure_one()
        self.check_access("write")
        middle = {
            section: section.grade_ids.sorted("points")[(len(section.grade_ids) - 1) // 2]
            for section in self.scorecard_id.section_ids
        }
        return self._fill({line: middle[line.section_id] for line in self.line_ids}, overwrite)

    def _fill(self, grades, overwrite):
        """Write ``grades`` (line -> grade, maybe none), one write a grade."""
        lines = self.line_ids.filtered(
            lambda line: (
                grades[line] and (overwrite or not line.grade_id) and line.grade_id != grades[line]
            )
        )
        # one write a grade, not one an item: there are five of them and twenty items
        for grade, given in lines.grouped(grades.get).items():
            given.write({"grade_id": grade.id})
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
