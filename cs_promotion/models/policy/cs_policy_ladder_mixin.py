from datetime import date

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ...engine.ladder import Ladder
from ...engine.timeline import DAY
from ..scheduled import take_step

NAMED = 5  # agents that a message names


class CsPolicyLadderMixin(models.AbstractModel):
    """The ladder of a version: its rungs, in its own order (policy 2, W1).

    It belongs to the version, not to the list of tiers: another order there, a tier that is added
    or archived, leaves the ladders as they are.
    """

    _name = "cs.policy.ladder.mixin"
    _description = "Ladder and Wages of a CS Policy"

    # the same rungs on a tab of their own, where something is said of places
    placed_rung_ids = fields.One2many(
        "cs.policy.rung", "policy_id", string="Rungs and Places", copy=False
    )
    has_places = fields.Boolean(
        compute="_compute_has_places", help="Only so many may be on one of the rungs."
    )

    @api.depends("rung_ids.places")
    def _compute_has_places(self):
        for policy in self:
            policy.has_places = any(rung.places != "none" for rung in policy.rung_ids)

    def _get_rungs(self):
        """Tier -> its rung, from the lowest to the highest; empty without a policy."""
        return {rung.tier_id: rung for rung in self.rung_ids.sorted("sequence")}

    def _get_paid_rungs(self):
        """Tier -> the rung it is paid as, its own or one below it (L5)."""
        paid, last = {}, None
        for tier, rung in self._get_rungs().items():
            paid[tier] = last = last if rung.paid_as_below and last else rung
        return paid

    def _get_ladder(self):
        """This version's ladder for the engine (policy 2)."""
        rungs = self._get_rungs()
        probation = [tier.code for tier, rung in rungs.items() if rung.on_probation]
        return Ladder(
            tuple(tier.code for tier in rungs),
            frozenset(tier.code for tier, rung in rungs.items() if rung.appointed),
            probation[0] if probation else None,
        )

    def _get_limited_rungs(self):
        """The rungs that only so many may be on."""
        return self.rung_ids.filtered(lambda rung: rung.places not in (False, "none"))

    def _compile_places(self):
        """Tier code -> how many may be on it, of the rungs that only so many may be on."""
        limited = self._get_limited_rungs()
        if not limited:
            return {}
        counted = self._get_ladder().reached_by_rule
        metrics = self.env["cs.vocabulary"]._get_metrics()
        return {rung.tier_id.code: rung._compile_places(metrics, counted) for rung in limited}

    def _get_pay_lines(self):
        """Tier code -> pay line for the engine, of the rung that it is paid as."""
        return {tier.code: rung._compile() for tier, rung in self._get_paid_rungs().items()}

    def _get_shown_rungs(self, *held):
        """Pairs (tier, the rung it is paid as) as pages show them; without a policy the tiers
        alone.

        :param held: tiers that are shown in any case, as somebody holds them
        """
        none = self.env["cs.policy.rung"]
        paid = self._get_paid_rungs()
        if not paid:
            return [(tier, none) for tier in self.env["cs.tier"].search([])]
        # off this ladder: below all of it
        off = self.env["cs.tier"].union(*held) - self.env["cs.tier"].union(*paid)
        return [(tier, none) for tier in off.sorted("sequence")] + list(paid.items())

    @api.model
    def _get_probation_tiers(self):
        """Tier on probation (L0) -> companies in whose policy in force today it is that."""
        found = {}
        for company in self.sudo().search([("state", "=", "active")]).company_id:
            rungs = self._get_in_force(company, company._cs_today()).rung_ids
            for tier in rungs.filtered("on_probation").tier_id:
                found[tier] = found.get(tier, company.browse()) | company
        return found

    def _check_rungs_changed(self):
        """Another ladder: versions in force have to be possible all the same."""
        for policy in self.filtered(lambda policy: policy.state == "active"):
            policy._check_complete()
            policy._check_all_paid(policy.company_id, policy.date_from)

    # ------------------------------------------------------------------ who stands where

    @api.model
    def _get_spans(self, company):
        """Each version in force with its first and last day, oldest first.

        What lies before the first is history, which nobody pays by a policy.
        """
        versions = self._search_in_force(company).sorted("date_from")
        starts = versions.mapped("date_from")
        ends = [start - DAY for start in starts[1:]] + [date.max]
        return list(zip(versions, starts, ends, strict=False))

    @api.model
    def _get_payers(self, company):
        """What :meth:`_find_unpaid` has to know: (version, first day, last day, tier ids) each."""
        return [
            (version, first, last, {tier.id for tier in version._get_rungs()})
            for version, first, last in self._get_spans(company)
        ]

    @api.model
    def _find_unpaid(self, payers, tier_id, start, end=date.max):
        """The first version in force between these days that has no pay for the tier, and the
        first day it would have to pay it on; None where all have."""
        for version, first, last, paid in payers:
            if tier_id not in paid and start <= last and first <= end:
                return version, max(start, first)
        return None

    @api.model
    def _check_all_paid(self, company, start):
        """Refuse what leaves somebody on a tier that nobody pays, naming tier and agents.

        Looked at is all that lies from ``start`` on: who stands on which tier, and who is to
        stand on one by a decision that still waits for its day.
        """
        payers = self._get_payers(company)
        if not payers:
            return
        unpaid = {}
        for employee_id, tier_id, first, last in self._get_places(company, start):
            found = self._find_unpaid(payers, tier_id, first, last)
            if found:
                unpaid.setdefault((found[0], tier_id), {}).setdefault(employee_id, found[1])
        for (version, tier_id), days in unpaid.items():
            self._refuse_unpaid(version, tier_id, days)

    @api.model
    def _get_places(self, company, start):
        """Who stands, or is to stand, on which tier: (employee id, tier id, first day, last)."""
        timelines = self.env["cs.timeline"]._load_on_ladder(company, start, date.max)
        for employee_id, timeline in timelines.items():
            for each in timeline.on_ladder(start, date.max):
                yield employee_id, each.tier, max(start, each.start), each.end
        waiting = (
            self.env["cs.decision"]
            .sudo()
            .search(
                [
                    ("company_id", "=", company.id),
                    ("tier_to_id", "!=", False),
                    ("state", "in", ("proposed", "announced")),
                ]
            )
        )
        for decision in waiting:
            day = max(start, decision.effective_date)
            yield decision.employee_id.id, decision.tier_to_id.id, day, date.max

    @api.model
    def _refuse_unpaid(self, version, tier_id, days):
        """:param days: employee id -> the first day on which they would not be paid"""
        first = dict(sorted(days.items(), key=lambda each: each[1])[:NAMED])
        names = self.env["hr.employee"].sudo().browse(first).mapped("name")
        if len(days) > NAMED:
            names.append(self.env._("… and %s more", len(days) - NAMED))
        raise ValidationError(
            self.env._(
                "Policy %(policy)s has no pay line for tier %(tier)s, on which these stand or are "
                "to stand from %(day)s on: %(agents)s. Add the pay line, or keep the tier in a "
                "version until nobody holds it.",
                policy=version.name,
                tier=self.env["cs.tier"].browse(tier_id).name,
                day=fields.Date.to_string(min(days.values())),
                agents=", ".join(names),
            )
        )

    # ------------------------------------------------------------------ base wages follow (W1)

    def _revise_later_ones(self):
        """What follows another version now is compared with it again."""
        for policy in self.sudo():
            self.sudo().search(
                [
                    ("company_id", "=", policy.company_id.id),
                    ("date_from", ">", policy.date_from),
                    ("wages_revised", "=", True),
                ]
            ).wages_revised = False

    def _get_former(self):
        return self._get_in_force(self.company_id, fields.Date.subtract(self.date_from, days=1))

    def _revise_wages(self):
        """Dated versions with the new base wages for agents whose policy starts (W1).

        A wage that HR agreed otherwise is marked so, and stays (W6). Done once.
        """
        for policy in self:
            former = policy._get_former()
            if former:
                policy._move_wages(former._get_pay_lines(), policy._get_pay_lines())
            policy.wages_revised = True

    def _move_wages(self, old, new):
        """Move agents from one base wage to another, from this version's start on.

        :param old: tier code -> pay line, as is :param new:
        """
        ids = self.env["cs.tier"]._get_ids_by_code()
        # a tier that only one of them pays has no wage that could follow the other's
        moved = {
            ids[code]
            for code in old.keys() & new.keys()
            if old[code].base_wage != new[code].base_wage
        }
        timelines = self.env["cs.timeline"]._load_on_ladder(
            self.company_id, self.date_from, date.max
        )
        employees = self.env["hr.employee"].browse(timelines)
        for employee in employees.with_context(active_test=False):
            held = timelines[employee.id].at(self.date_from)
            if held and held.tier in moved:
                employee._cs_revise_wage(self.date_from, held)

    @api.model
    def _cron_revise_wages(self):
        """Revise wages for every version that has started since (scheduled daily)."""
        started = self.env["res.company"]._cs_until_today("date_from")
        active = Domain("state", "=", "active") & Domain("wages_revised", "=", False)
        policies = self.search(active & started, order="date_from")
        self.env["ir.cron"]._commit_progress(remaining=len(policies))
        for policy in policies:
            take_step(policy, type(self)._revise_wages)
