from datetime import datetime

from odoo import api, fields, models
from odoo.tools import format_date

STANDING = ("draft", "submitted", "answered", "rejected")
WAITING = ("submitted", "answered")


class CsAppealableMixin(models.AbstractModel):
    """What an agent may object to: a published score, a violation, a decision (O4).

    Which model that is, and until when, its kind of appeal says (``cs.vocabulary``).
    """

    _name = "cs.appealable.mixin"
    _description = "Object of an Appeal"

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
        standing = self._get_appealed(*STANDING)
        for record in self:
            record.can_appeal = (
                record._is_own()
                and record._is_appealable()
                and record.appeal_until >= record.company_id._cs_today()
                and record.id not in standing
            )

    def _compute_has_open_appeal(self):
        appealed = self._get_appealed(*WAITING)
        for record in self:
            record.has_open_appeal = record.id in appealed

    # ------------------------------------------------------------------ its kind

    @api.model
    def _get_appeal_kind(self):
        """The kind of appeal that is about records of this model."""
        points_at = self.env["cs.appeal"]._fields
        return next(
            kind
            for kind in self.env["cs.vocabulary"]._get_appeals().values()
            if points_at[kind.field].comodel_name == self._name
        )

    def _is_appealable(self):
        """Whether it has been published and stands."""
        raise NotImplementedError

    def _get_appeal_since(self):
        """The day of its publication in the company; False while it is not published."""
        day = self[self._get_appeal_kind().since]
        return self.company_id._cs_today(day) if isinstance(day, datetime) else day

    def _get_appeal_until(self):
        """Last day on which it may be appealed; False while it is not published."""
        self.ensure_one()
        since, days = self._get_appeal_since(), self._get_appeal_kind().days
        if not since:
            return False
        if days is None:
            policies = self.env["cs.policy"]
            first = policies._get_first_start(self.company_id)
            days = policies._get_in_force(self.company_id, max(since, first)).notice_days
        return fields.Date.add(since, days=days)

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

    def _get_appealed(self, *states):
        """Ids of those of these records with an appeal in one of the states."""
        # sudo: only whether there is one is told
        appeals, name = self.env["cs.appeal"].sudo(), self._get_appeal_kind().field
        return set(appeals.search([(name, "in", self.ids), ("state", "in", states)])[name].ids)

    def action_appeal(self):
        """Open a new appeal against this record; its agent fills it in."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.actions"]._for_xml_id("cs_promotion_appeal.cs_appeal_action")
        action.update(
            views=[(False, "form")],
            context={
                f"default_{self._get_appeal_kind().field}": self.id,
                "default_employee_id": self.employee_id.id,
            },
        )
        return action

    # ------------------------------------------------------------------ what it brings about

    def _holds(self, decision):
        """Whether the decision rests on this record: it waits for an appeal against it (O4)."""
        return False

    def _get_appeal_concerned(self):
        """Users who made it, and so do not decide on an appeal against it."""
        return self.env["res.users"]

    def _get_upholding_fault(self):
        """Why an appeal against it cannot be upheld now, None when it can."""
        return

    def _describe_upholding(self, appeal):
        """What upholding the appeal changes, one line each."""
        return []

    def _is_settled_by_upholding(self):
        """Whether all that upholding an appeal brings about is known beforehand: as a rule it is
        withdrawn, and nothing else."""
        return True

    def _uphold_appeal(self, appeal, reason):
        """Do what upholding the appeal brings about."""
        raise NotImplementedError

    def _get_appeal_effect(self, appeal, upheld):
        """What the result of the appeal means for the agent, in a sentence."""
        return ""

    def _get_upheld_option(self):
        """What the agent may do once the appeal has been upheld."""
        return self.env._("You need not do anything.")

    # ------------------------------------------------------------------ when it falls

    def _describe_lapsing(self):
        """What is said of an open appeal where the record falls, one line each."""
        return [self.env._("the appeal against it lapses")] if self.has_open_appeal else []

    def _lapse_appeals(self, reason):
        """Close the open appeals against records that have fallen for another reason."""
        # sudo: whoever lets it fall need not see what the agent wrote
        appeals = self.env["cs.appeal"].sudo()
        name = self._get_appeal_kind().field
        appeals.search([(name, "in", self.ids), ("state", "in", ("draft", *WAITING))])._lapse(
            reason
        )

    def _get_lapse_reason(self, reason):
        """Why it no longer stands, in the agent's words."""
        return reason
