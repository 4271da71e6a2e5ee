from collections import defaultdict

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..engine.facts import Closing
from ..engine.rules import confirm
from .hr_version import APPLYING
from .scheduled import post_once, take_batches, take_step


class CsDecision(models.Model):
    """Applying decisions to the dated employee records, and taking them back (O3, O4)."""

    _inherit = "cs.decision"

    @api.model
    def _get_due_domain(self, day):
        """Announced tier changes whose day has come and whose notice has run out."""
        return (
            Domain("outcome", "!=", "dismissal_review")
            & Domain("state", "=", "announced")
            & Domain("effective_date", "<=", day)
            & Domain("notice_until", "<=", day)
            & Domain("awaits_closing", "=", False)
            & (
                Domain("policy_id.require_attestation", "=", False)
                | Domain("outcome", "=", "demote")
                | Domain("attested_by", "!=", False)
            )
        )

    def _apply_due(self, day):
        """Apply those of these decisions that are due on ``day``, oldest first."""
        due = self.filtered_domain(self._get_due_domain(day))
        for _effective, decisions in sorted(due.grouped("effective_date").items()):
            decisions._apply(day)
        return due

    def _apply(self, day):
        """Write the new tier, with wage and all that follows, from the effective date on.

        A decision whose agent no longer holds the tier it starts from, or has left, has been
        overtaken: it is withdrawn with that reason.
        """
        standing = self.try_lock_for_update().filtered(
            lambda each: each.state == "announced" and not each.awaits_closing
        )
        timelines = self.env["cs.timeline"]._load(standing.employee_id.ids)
        standing._refresh_persons(timelines)
        overtaken = standing.filtered(
            lambda each: each._is_overtaken(each._get_timeline(timelines))
        )
        overtaken.ended_for_good = True  # found again, it would be overtaken again
        overtaken._withdraw_overtaken()
        applied = standing - overtaken
        applied.with_context(cs_targets={})._set_tier()
        applied.write({"state": "applied", "applied_on": day})

    def _withdraw_overtaken(self):
        """With a reason in the language of each agent's letters: a scheduled action has none."""
        for lang, decisions in self.grouped("letter_lang").items():
            words = self.with_context(lang=lang).env
            decisions._withdraw(words._("Overtaken: the agent has left or changed tier since."))

    def _refresh_persons(self, timelines):
        """A person's decision starts from whatever tier is held on its day."""
        for decision in self.filtered(lambda each: each.ground_type == "person"):
            held = decision._get_timeline(timelines).at(decision.effective_date)
            if held and held.tier:
                decision.write({"tier_from_id": held.tier, "tier_since_from": held.tier_since})

    def _is_overtaken(self, timeline):
        held = timeline.at(self.effective_date)
        left = timeline.left(self.effective_date)
        return (
            held is None
            or (
                self.outcome == "promote" and self.tier_to_id.sequence <= self.tier_from_id.sequence
            )
            or held.tier != self.tier_from_id.id
            or held.tier_since != self.tier_since_from
            or bool(left and left <= self.effective_date)
        )

    def _set_tier(self):
        """Move the versions from the effective date on to the new tier.

        A version dated on that day is changed in place, otherwise one is created; versions
        planned later that still carry the old tier move along (Odoo would keep it there).
        """
        missing = []
        moved = defaultdict(lambda: self.env["hr.version"])
        for decision in self:
            versions = decision.employee_id.version_ids
            starts = {version.date_version: version for version in versions}
            day = decision.effective_date
            if day not in starts:
                missing.append(decision)
            for version in versions:
                if version.date_version >= day and decision._is_carried_by(version):
                    moved[decision._get_target_key(version)] |= version
        self._create_versions(missing)
        for key, versions in moved.items():
            versions.with_context(cs_applying=APPLYING).write(dict(key))
        self.employee_id.invalidate_recordset()

    def _is_carried_by(self, version):
        return (
            version.cs_tier_id == self.tier_from_id
            and version.cs_tier_since == self.tier_since_from
            and version.cs_company_id in (self.company_id, version.cs_company_id.browse())
        )

    def _get_target_key(self, version):
        """What a version is to hold from this decision on, as hashable items."""
        day = max(version.date_version, self.effective_date)
        return tuple(version._take_tier_values(self._get_target(day)).items())

    def _get_target(self, day):
        """What a version of that day is to hold; read once for all decisions alike."""
        targets = self.env.context.get("cs_targets", {})
        key = (self.company_id, self.tier_to_id, self.effective_date, day)
        if key not in targets:
            targets[key] = self.env["hr.version"]._get_tier_values(*key)
        return dict(targets[key])

    @api.model
    def _create_versions(self, decisions):
        """Create the versions that begin on the effective dates: one INSERT for all.

        Like ``hr.employee.create_version``: a copy of the version in force with its contract
        dates, and the new values.
        """
        vals_list = []
        for decision in decisions:
            day = decision.effective_date
            former = decision.employee_id._get_version(day)
            vals_list.append(
                {
                    **former.copy_data()[0],
                    "employee_id": decision.employee_id.id,
                    "date_version": day,
                    "contract_date_start": former.contract_date_start,
                    "contract_date_end": former.contract_date_end,
                    **former._take_tier_values(decision._get_target(day)),
                }
            )
        self.env["hr.version"].with_context(cs_applying=APPLYING, tracking_disable=True).create(
            vals_list
        )

    def _revert(self):
        """Give the versions that hold the decided tier the former one back."""
        for decision in self.sorted("effective_date", reverse=True):
            versions = decision.employee_id.version_ids.filtered(
                lambda version, decision=decision: (
                    version.date_version >= decision.effective_date
                    and version.cs_tier_id == decision.tier_to_id
                    and version.cs_tier_since == decision.effective_date
                    and version.cs_company_id
                    in (decision.company_id, version.cs_company_id.browse())
                )
            )
            if not versions:
                raise UserError(
                    self.env._(
                        "%s cannot be taken back: the tier has changed again since.",
                        decision.display_name,
                    )
                )
            for version in versions:
                values = version._get_tier_values(
                    decision.company_id,
                    decision.tier_from_id,
                    decision.tier_since_from,
                    version.date_version,
                )
                version.with_context(cs_applying=APPLYING).write(version._take_tier_values(values))

    @api.model
    def _confirm_probations(self, employees, day):
        """Propose the confirmation of those on probation who have passed their test (U1).

        :param employees: hr.employee, of any companies
        :param day: the day up to which tests count
        """
        created = self.browse()
        for company, ours in employees.grouped("company_id").items():
            policy = self.env["cs.policy"]._get_in_force(company, day)
            if not policy:
                continue
            compiled = policy._compile()
            timelines = self.env["cs.timeline"]._load(ours.ids, company)
            decided = [
                (facts, verdict)
                for facts in self.env["cs.facts"]._load(timelines, Closing(day), company)
                if (verdict := confirm(compiled, facts, day))
            ]
            ended = self._get_ended(ours.ids, [("test_id", "!=", False)])
            new = ended._leave_out_ended(policy, compiled, decided)
            created |= self._create_from_verdicts(policy, compiled, new, day)
        return created

    @api.model
    def _cron_confirm_probations(self):
        """Propose due confirmations in every company (scheduled daily)."""
        lowest = Domain.OR(
            Domain("version_ids.cs_tier_id", "=", tier.id) & Domain("company_id", "in", ours.ids)
            for tier, ours in self.env["cs.policy"]._get_lowest_tiers().items()
        )
        # archived ones, too: what took effect before the last day is due to a leaver as well
        employees = self.env["hr.employee"].with_context(active_test=False).search(lowest)
        self.env["ir.cron"]._commit_progress(remaining=len(employees))
        for company, group in employees.grouped("company_id").items():
            day = company._cs_today()
            take_step(group, lambda agents, day=day: self._confirm_probations(agents, day))

    @api.model
    def _cron_apply(self):
        """Apply every decision that is due, in resumable batches (scheduled daily)."""
        for day, ours in self.env["res.company"]._cs_days():
            take_batches(
                lambda day=day, ours=ours: self._find_due(day, ours),
                lambda decisions, day=day: decisions._apply_due(day),
                lambda decision, error: post_once(
                    decision, self.env._("Could not be applied: %(error)s", error=error)
                ),
            )

    @api.model
    def _find_due(self, day, companies=Domain.TRUE):
        """The decisions due on ``day``; of an agent with several, the oldest, as the others
        start from the tier it leads to.

        :param companies: domain of the companies that are looked at
        """
        oldest = {}
        for decision in self.search(
            self._get_due_domain(day) & companies, order="effective_date, id"
        ):
            oldest.setdefault(decision.employee_id, decision.id)
        return self.browse(oldest.values())
