from odoo import api, models
from odoo.exceptions import UserError, ValidationError

from ...engine.rule import DEMOTE, PROMOTE


class CsTierMove(models.AbstractModel):
    """What a decision changes on the employee records: carried out, and taken back.

    Tier and wage live on ``hr.version`` alone: a move makes a version of its day, and takes
    those along that are planned for later.
    """

    _name = "cs.tier.move"
    _description = "Tier Moves on Employee Records"

    @api.model
    def _get_held(self, decision, timeline):
        """The tier held just before a person's decision; refuse one who is not on the ladder
        then."""
        left = timeline.left(decision.effective_date)
        if left and left <= decision.effective_date:
            raise ValidationError(
                self.env._(
                    "%(decision)s: %(agent)s has left by then, the last day is %(left)s.",
                    decision=decision.display_name,
                    agent=decision.employee_id.name,
                    left=left,
                )
            )
        stretch = timeline.at(decision.effective_date)
        if not stretch or not stretch.tier:
            raise ValidationError(
                self.env._(
                    "%(decision)s: %(agent)s is not on the ladder on that day.",
                    decision=decision.display_name,
                    agent=decision.employee_id.name,
                )
            )
        return self.env["cs.tier"].browse(stretch.tier)

    @api.model
    def _refresh_persons(self, decisions, timelines):
        """A person's decision starts from whatever tier is held on its day."""
        for decision in decisions.filtered(lambda each: each.ground_type == "person"):
            held = decision._get_timeline(timelines).at(decision.effective_date)
            if held and held.tier:
                decision.write({"tier_from_id": held.tier, "tier_since_from": held.tier_since})

    @api.model
    def _is_overtaken(self, decision, timeline):
        """Whether the agent no longer holds the tier it starts from, or has left."""
        held = timeline.at(decision.effective_date)
        left = timeline.left(decision.effective_date)
        former, target = decision.tier_from_id, decision.tier_to_id
        ladder = decision.policy_id._get_ladder()  # of the version that it was decided by
        if held is None or (left and left <= decision.effective_date):
            return True
        if any(term and term.state != "running" for term in (decision.trial_id, decision.plan_id)):
            return True  # it has ended in another way
        return bool(target) and (
            (decision.outcome == PROMOTE and not ladder.is_above(target.code, former.code))
            or (decision.outcome == DEMOTE and not ladder.is_above(former.code, target.code))
            or held.tier != former.id
            or held.tier_since != decision.tier_since_from
        )

    @api.model
    def _carry_out(self, decisions):
        """Give the employee records the new tier from the effective dates on; versions planned
        later that still carry the old one move along (Odoo would keep it there)."""
        targets = {}
        self.env["hr.version"]._cs_change_from(
            [
                (
                    decision.employee_id,
                    decision.effective_date,
                    lambda version, day, decision=decision: self._get_change(
                        decision, version, day, targets
                    ),
                )
                for decision in decisions
            ]
        )

    @api.model
    def _get_change(self, decision, version, day, targets):
        """What a version of that day is to hold.

        :param targets: what was read of tiers and days, once for all decisions alike
        """
        # on the day itself another tier may have been set by hand: what is there stays
        if version.date_version == day and not self._is_carried(decision, version):
            return {}
        # hundreds of agents go to the same tier on the same day
        key = (decision.company_id, decision.tier_to_id, decision.effective_date, day)
        if key not in targets:
            targets[key] = version._get_tier_values(*key)
        return version._take_tier_values(targets[key])

    @api.model
    def _is_carried(self, decision, version):
        """Whether the version still has the tier that the decision starts from."""
        return (
            version.cs_tier_id == decision.tier_from_id
            and version.cs_tier_since == decision.tier_since_from
            and version.cs_company_id in (decision.company_id, version.cs_company_id.browse())
        )

    @api.model
    def _take_back(self, decisions):
        """Give the versions that hold the decided tier the former one back."""
        # the newest first: an older one leads to the tier that a newer one starts from
        for decision in decisions.sorted("effective_date", reverse=True):
            held = decision.employee_id.version_ids.filtered(
                lambda version, decision=decision: self._is_made(decision, version)
            )
            if not held:
                raise UserError(
                    self.env._(
                        "%s cannot be taken back: the tier has changed again since.",
                        decision.display_name,
                    )
                )

            def get_former(version, day, decision=decision, held=held):
                # versions without the decided tier hold something later, which stays
                if version not in held or version.date_version != day:
                    return {}
                former = (decision.company_id, decision.tier_from_id, decision.tier_since_from)
                return version._take_tier_values(version._get_tier_values(*former, day))

            self.env["hr.version"]._cs_change_from(
                [(decision.employee_id, decision.effective_date, get_former)]
            )

    @api.model
    def _is_made(self, decision, version):
        """Whether the version holds the tier by this decision."""
        return (
            version.date_version >= decision.effective_date
            and version.cs_tier_id == decision.tier_to_id
            and version.cs_tier_since == decision.effective_date
            and version.cs_company_id in (decision.company_id, version.cs_company_id.browse())
        )
