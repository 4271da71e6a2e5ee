from odoo import api, fields, models
from odoo.tools import format_date


class CsAppealableMixin(models.AbstractModel):
    """What an agent may object to: a published score, a violation, a decision (O4).

    A model that uses it names the field of ``cs.appeal`` that points at it and says until
    which day it may be appealed.
    """

    _name = "cs.appealable.mixin"
    _description = "Object of an Appeal"

    _appeal_field = None

    appeal_until = fields.Date(
        compute="_compute_appeal_until",
        string="May Be Appealed Until",
        help="Last day of the notice, counted from the first publication.",
    )
    can_appeal = fields.Boolean(
        compute="_compute_can_appeal", help="The reader may object to it today."
    )
    has_open_appeal = fields.Boolean(
        compute="_compute_has_open_appeal", help="An appeal is waiting for its decision."
    )

    def _compute_appeal_until(self):
        for record in self:
            record.appeal_until = record._get_appeal_until()

    @api.depends_context("uid")
    def _compute_can_appeal(self):
        standing = self._get_appealed("draft", "submitted", "answered", "rejected")
        for record in self:
            record.can_appeal = (
                record.sudo().employee_id.user_id == self.env.user
                and record._is_appealable()
                and record.appeal_until >= record.company_id._cs_today()
                and record.id not in standing
            )

    def _compute_has_open_appeal(self):
        appealed = self._get_appealed("submitted", "answered")
        for record in self:
            record.has_open_appeal = record.id in appealed

    def _get_appealed(self, *states):
        """Ids of those of these records with an appeal in one of the states."""
        appeals = (
            self.env["cs.appeal"]
            .sudo()
            .search([(self._appeal_field, "in", self.ids), ("state", "in", states)])
        )
        return set(appeals[self._appeal_field].ids)

    def _is_appealable(self):
        """Whether it has been published and stands."""
        raise NotImplementedError

    def _get_appeal_until(self):
        """Last day on which it may be appealed; False while it is not published."""
        raise NotImplementedError

    @api.model
    def _add_notice(self, company, day):
        """``day`` plus the notice of the policy in force on it (O4)."""
        policies = self.env["cs.policy"]
        policy = policies._get_in_force(company, max(day, policies._get_first_start(company)))
        return fields.Date.add(day, days=policy.notice_days)

    def _get_appeal_fault(self, day):
        """Why it cannot be appealed on ``day``, None when it can."""
        self.ensure_one()
        if not self._is_appealable():
            return self.env._("%s is not published, or no longer stands.", self.display_name)
        until = self._get_appeal_until()
        if until < day:
            return self.env._(
                "%(object)s could be appealed until %(until)s; that day has passed (O4).",
                object=self.display_name,
                until=format_date(self.env, until),
            )
        return None

    def action_appeal(self):
        """Open a new appeal against this record; its agent fills it in."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.actions"]._for_xml_id("cs_promotion.cs_appeal_action")
        action.update(
            views=[(False, "form")],
            context={
                f"default_{self._appeal_field}": self.id,
                "default_employee_id": self.employee_id.id,
            },
        )
        return action

    def _describe_lapsing(self):
        """What is said of an open appeal where the record falls, one line each."""
        return [self.env._("the appeal against it lapses")] if self.has_open_appeal else []

    def _lapse_appeals(self, reason):
        """Close the open appeals against records that have fallen for another reason."""
        self.env["cs.appeal"].sudo().search(
            [
                (self._appeal_field, "in", self.ids),
                ("state", "in", ("draft", "submitted", "answered")),
            ]
        )._lapse(reason)
