from odoo import api, fields, models
from odoo.exceptions import ValidationError


class CsEmployeeMixin(models.AbstractModel):
    """A record about one agent: company follows the employee, dates follow the contract."""

    _name = "cs.employee.mixin"
    _inherit = ["cs.guard.mixin"]
    _description = "Record about an Agent"
    _check_company_auto = True

    _employed_date = None  # name of the date field that must lie within the employment

    employee_id = fields.Many2one(
        "hr.employee",
        string="Agent",
        required=True,
        index=True,
        ondelete="restrict",
        context={"active_test": False},
    )
    company_id = fields.Many2one(
        related="employee_id.company_id", store=True, index=True, precompute=True
    )

    @api.model
    def _join_name(self, *parts, glue=", "):
        """A name of what is filled in so far: a new record has no agent yet."""
        return glue.join(str(part) for part in parts if part)

    @api.model
    def _get_employed_fields(self):
        return ["employee_id", self._employed_date] if self._employed_date else []

    @api.constrains(lambda self: self._get_employed_fields())
    def _check_employed(self):
        if not self._employed_date:
            return
        timelines = self.env["cs.timeline"]._load(self.employee_id.ids)
        for record in self:
            day = record[record._employed_date]
            record._check_employed_on(timelines[record.employee_id.id], day)

    def _check_employed_on(self, timeline, day):
        """Refuse ``day`` before the agent joined or after they left."""
        self.ensure_one()
        if timeline.at(self._get_last_day(day)) or timeline.at(day):
            return
        if timeline.joined(self._get_last_day(day)) is None:
            message = self.env._(
                "%(record)s: %(day)s is before %(employee)s joined.",
                record=self._description,
                day=day,
                employee=self.employee_id.name,
            )
        else:
            message = self.env._(
                "%(record)s: %(employee)s is not employed on %(day)s.",
                record=self._description,
                employee=self.employee_id.name,
                day=day,
            )
        raise ValidationError(message)

    @api.model
    def _get_last_day(self, day):
        """The last day of what ``day`` stands for: itself, or the end of its month."""
        return day
