from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain


class CsAppraisalSheet(models.Model):
    """Scoring in the browser: whose sheet it is, starting points, and which one is next."""

    _inherit = "cs.appraisal.sheet"

    is_mine = fields.Boolean(
        compute="_compute_is_mine",
        search="_search_is_mine",
        help="You are the rater, or enter the rater's paper form.",
    )
    can_score = fields.Boolean(compute="_compute_is_mine", help="You may fill it in now.")
    scorecard_form = fields.Json(compute="_compute_scorecard_form", string="Form")

    @api.depends(
        "role",
        "state",
        "superior_user_id",
        "appraisal_id.sheet_ids.state",
        "appraisal_id.closed",
        "excluded",
    )
    @api.depends_context("uid")
    def _compute_is_mine(self):
        mine = self.sudo().filtered_domain(self._get_mine_domain())
        for sheet in self:
            sheet.is_mine = sheet in mine
            sheet.can_score = (
                sheet.is_mine and sheet.state == "draft" and not sheet.closed and not sheet.excluded
            )

    def _search_is_mine(self, operator, value):
        if operator != "in":
            return NotImplemented
        return self._get_mine_domain() if True in value else ~self._get_mine_domain()

    @api.model
    def _get_mine_domain(self):
        """The sheets this user fills in: as superior, for the office, or from paper (S1)."""
        uid = self.env.uid
        mine = Domain([("role", "=", "superior"), ("superior_user_id", "=", uid)])
        if self.env.user.has_group("cs_promotion.group_office"):
            mine |= Domain([("role", "=", "office"), ("superior_user_id", "!=", uid)])
            mine |= self._get_paper_domain()
        return mine & Domain("employee_id", "any!", Domain("user_id", "!=", uid))

    @api.depends("scorecard_id", "cycle_id.policy_id")
    @api.depends_context("lang")
    def _compute_scorecard_form(self):
        for sheet in self:
            sheet.scorecard_form = {
                "method": sheet.cycle_id.policy_id.sudo().score_method,
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

    def get_desk(self):
        """What lies on the rater's desk: their sheets of this cycle, and the previous grades.

        :return: ``queue``: the rater's sheets in working order, each with agent, state and
            progress; ``previous``: name of the period whose grades can be taken over, or False
        """
        self.ensure_one()
        self.check_access("read")
        if not self.is_mine:
            return {"queue": [], "previous": False}
        domain = Domain(
            [
                ("is_mine", "=", True),
                ("cycle_id", "=", self.cycle_id.id),
                ("role", "=", self.role),
                ("excluded", "=", False),
            ]
        )
        if self.is_paper:
            domain &= Domain("superior_id", "=", self.superior_id.id)
        return {
            "queue": [
                {
                    "id": sheet.id,
                    "name": sheet.employee_id.sudo().name,
                    "state": sheet.state,
                    "answered": sheet.answered,
                    "items": sheet.item_count,
                }
                for sheet in self.search(domain, order="employee_id, id")
            ],
            "previous": self._get_previous().cycle_id.name or False,
        }

    def action_print(self):
        """Print the whole form, with what this user may see of it."""
        return self.env.ref("cs_promotion.action_report_scorecard").report_action(self.appraisal_id)

    def action_fill_last(self, overwrite=False):
        """Take over the grades that the same rater gave this agent last time.

        The newest closed cycle of the same kind counts; for a superior, only what this
        superior gave. Grades the form no longer has are left open.

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
        for grade, given in lines.grouped(grades.get).items():
            given.write({"grade_id": grade.id})
        return len(lines)

    def _get_previous(self):
        """The same rater's sheet in the agent's newest closed cycle of this kind, as sudo.

        Of the present employment in the company: a former one is history (R5).
        """
        timeline = self.appraisal_id._get_timeline()
        last = timeline.last_in(self.cycle_id.date_start, self.cycle_id.date_end)
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
                *([("superior_id", "=", self.superior_id.id)] if self.role == "superior" else []),
            ],
            order="cycle_id",
            limit=1,
        )
