from odoo import api, models
from odoo.exceptions import UserError, ValidationError


class CsDecision(models.Model):
    """What a person decides: skip-level promotion and appointment, with grounds (U4, L5)."""

    _inherit = "cs.decision"

    @api.constrains("employee_id", "effective_date", "tier_to_id", "ground_type", "grounds")
    def _check_person_decision(self):
        """A person lifts an agent to a higher tier, with written grounds, while employed."""
        persons = self.filtered(
            lambda each: each.ground_type == "person" and each.state in ("proposed", "announced")
        )
        timelines = self.env["cs.timeline"]._load(persons.employee_id.ids)
        for decision in persons:
            held = decision._get_held(decision._get_timeline(timelines))
            if not (decision.grounds or "").strip():
                raise ValidationError(
                    self.env._("%s: write down the grounds (U4).", decision.display_name)
                )
            if decision.tier_to_id.sequence <= held.sequence:
                raise ValidationError(
                    self.env._(
                        "%(decision)s: %(agent)s holds %(held)s then; a skip-level promotion "
                        "or appointment leads to a higher tier.",
                        decision=decision.display_name,
                        agent=decision.employee_id.sudo().name,
                        held=held.name,
                    )
                )

    def _get_held(self, timeline):
        """The tier held just before the decision; refuse one who is not on the ladder then."""
        self.ensure_one()
        left = timeline.left(self.effective_date)
        if left and left <= self.effective_date:
            raise ValidationError(
                self.env._(
                    "%(decision)s: %(agent)s has left by then, the last day is %(left)s.",
                    decision=self.display_name,
                    agent=self.employee_id.sudo().name,
                    left=left,
                )
            )
        stretch = timeline.at(self.effective_date)
        if not stretch or not stretch.tier:
            raise ValidationError(
                self.env._(
                    "%(decision)s: %(agent)s is not on the ladder on that day.",
                    decision=self.display_name,
                    agent=self.employee_id.sudo().name,
                )
            )
        return self.env["cs.tier"].browse(stretch.tier)

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            self._check_group("cs_promotion.group_manager")
            allowed = {"employee_id", "tier_to_id", "effective_date", "grounds"}
            vals_list = [
                {name: value for name, value in vals.items() if name in allowed}
                for vals in vals_list
            ]
        for vals in vals_list:
            if vals.get("ground_type", "person") == "person":
                vals["outcome"] = "promote"
        decisions = super().create(vals_list)
        decisions._fill_in_persons()
        if not self.env.su:  # the software's own meet the unique index, when they are announced
            decisions._check_day_free()
        return decisions

    def _fill_in_persons(self):
        """Complete what follows from a person's choice: tier held, policy."""
        persons = self.filtered(lambda each: each.ground_type == "person")
        timelines = self.env["cs.timeline"]._load(persons.employee_id.ids)
        for decision in persons.sudo():
            stretch = decision._get_timeline(timelines).at(decision.effective_date)
            decision.write(
                {
                    "tier_from_id": stretch.tier,
                    "tier_since_from": stretch.tier_since,
                    "decided_by": self.env.uid,
                    "policy_id": self.env["cs.policy"]
                    ._get_required(decision.company_id, decision.effective_date)
                    .id,
                }
            )

    def write(self, vals):
        if not self.env.su:
            self.check_access("write")  # who may not write is told no more than that
            self._check_by_hand(vals)
        written = super().write(vals)
        if {"employee_id", "effective_date"} & set(vals):
            self._fill_in_persons()
            if not self.env.su:
                self._check_day_free()
        return written

    def _check_by_hand(self, vals):
        """Managers change the proposals of persons; all else about a decision has buttons."""
        if "outcome" in vals:
            raise UserError(self.env._("A decision changes by its buttons only."))
        if {"employee_id", "tier_to_id", "effective_date", "grounds"} & set(vals):
            self._check_group("cs_promotion.group_manager")
            for decision in self:
                if decision.ground_type != "person" or decision.state != "proposed":
                    raise UserError(
                        self.env._(
                            "%s was decided by a rule or has been announced: it cannot be changed.",
                            decision.display_name,
                        )
                    )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_draft(self):
        for decision in self:
            if decision.ground_type != "person" or decision.state != "proposed":
                raise UserError(
                    self.env._("%s stays on record; withdraw it instead.", decision.display_name)
                )
