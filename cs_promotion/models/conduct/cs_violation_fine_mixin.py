from collections import defaultdict
from datetime import date

from odoo import api, models
from odoo.exceptions import ValidationError

from ...engine.decimals import decimal


class CsViolationFineMixin(models.AbstractModel):
    """What the policy of the day says of a violation: which fine is possible, how grave it is
    taken to be, how many points it counts (V2)."""

    _name = "cs.violation.fine.mixin"
    _description = "Violation That Is Fined"

    @api.depends("employee_id", "date", "company_id", "type_id", "severity")
    def _compute_range(self):
        """Tier, and what the policy of the day says of such a violation: its fine range (V2)."""
        timelines = self.env["cs.timeline"]._load(self.employee_id.ids)
        Tier = self.env["cs.tier"]
        policies, former = {}, None
        for violation in self:
            timeline = violation._get_timeline(timelines)
            held = violation.date and timeline.at(violation.date)
            violation.tier_id = Tier.browse(held.tier) if held and held.tier else False
            key = (violation.company_id, violation.date)
            if key not in policies:  # read once for all violations of a day
                policy = self._get_policy(*key)
                policies[key] = (policy, policy._get_pay_lines())
            policy, lines = policies[key]
            days = ()
            if violation.type_id and policy.offence_ids._is_repeated():
                if former is None:
                    former = self._load_former(self.employee_id.ids)
                key = (violation.employee_id.id, violation.type_id.id)
                own = (violation.date, violation._origin.id or float("inf"))
                days = self._get_former_days(former.get(key, ()), timeline, own)
            offence = policy.offence_ids._find(violation.type_id, violation.date, days)
            violation.offence_id = offence
            violation.fine_min, violation.fine_max = self._get_fine_range(
                policy, offence, violation.severity, lines.get(violation.tier_id.code)
            )

    @api.model
    def _get_fine_range(self, policy, offence, severity, line):
        """The smallest and the largest fine; none for a severity that is not fined (V2)."""
        if severity in policy.consequence_ids._get_unfined():
            return 0.0, 0.0
        return offence._get_fine_range(line)

    @api.model
    def _load_former(self, ids):
        """(employee id, kind id) -> days and ids of the confirmed violations of these agents."""
        # sudo: how often it happened is counted, whatever of it the reader may see
        confirmed = self.sudo().search_fetch(
            [("employee_id", "in", ids), ("state", "=", "confirmed")],
            ["employee_id", "type_id", "date"],
        )
        former = defaultdict(list)
        for each in confirmed:
            former[each.employee_id.id, each.type_id.id].append((each.date, each.id))
        return former

    @api.model
    def _get_former_days(self, former, timeline, own):
        """The days of an agent's violations of one kind, since joining (R5).

        :param former: (day, id) of all of them
        :param own: day and id of the one that they are to come before
        """
        joined = timeline.joined(own[0]) or date.min
        return [each[0] for each in former if joined <= each[0] and each < own]

    def _get_proposed(self):
        """What the policy says of such an offence: how grave it is, and a fine that it fixes."""
        offence = self.offence_id
        proposed = {"severity": offence.severity} if offence.severity else {}
        severity = proposed.get("severity", self.severity)
        fined = severity not in offence.policy_id.consequence_ids._get_unfined()
        if offence.fine_method == "fixed":
            proposed["fine"] = offence.fine_amount if fined else 0
        elif offence.fine_method == "none":
            proposed["fine"] = 0
        return proposed

    @api.onchange("type_id", "date", "employee_id")
    def _onchange_offence(self):
        """The severity that the policy proposes is there at once; a person may change it (V2)."""
        if self.state == "reported" and self.type_id and self.date and self.employee_id:
            self.update(self._get_proposed())

    @api.model
    def _get_policy(self, company, day):
        """The version in force on the day; before the first one, that one."""
        policies = self.env["cs.policy"]
        if not day:
            return policies
        return policies._get_in_force(company, max(day, policies._get_first_start(company)))

    @api.onchange("fine", "severity", "date", "employee_id")
    def _onchange_fine(self):
        """Say at once what saving would refuse, with the range (V2)."""
        if self.state != "reported" or not self.fine or not self.employee_id:
            return None
        fault = self._get_fine_fault()
        if not fault:
            return None
        return {"warning": {"title": self.env._("Fine out of range"), "message": fault}}

    @api.constrains("state", "fine", "severity", "date", "employee_id")
    def _check_fine(self):
        """The fine lies within the range of the tier held on the day (V2); while it is only
        reported, none need be set."""
        # a report is not decided yet: its fine may wait, but one that is there has to be possible
        for violation in self:
            if violation.state == "confirmed" or (violation.state == "reported" and violation.fine):
                fault = violation._get_fine_fault()
                if fault:
                    raise ValidationError(fault)

    def _get_fine_fault(self):
        """What is wrong with the fine, in a sentence with its range; empty when nothing is."""
        self.ensure_one()
        if not self.tier_id:
            return self.env._(
                "%(violation)s: the agent held no CS tier on that day.",
                violation=self.display_name,
            )
        low, high = decimal(self.fine_min), decimal(self.fine_max)
        if low <= decimal(self.fine) <= high:
            return ""
        return self.env._(
            "%(violation)s: the fine of %(fine)s is outside the range of tier "
            "%(tier)s, %(low)s to %(high)s.",
            violation=self.display_name,
            fine=self.fine,
            tier=self.tier_id.name,
            low=low,
            high=high,
        )
