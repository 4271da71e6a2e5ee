from dataclasses import replace

from odoo import api, models
from odoo.fields import Domain

from ...engine.calendar import day_after
from ...engine.facts import Closing
from ...engine.places import Eligible, Post, settle
from ...engine.rules import needs_place


class CsPlaces(models.AbstractModel):
    """Places on rungs that only so many may be on: who stands where on the day, and who of those
    eligible is given a free one (policy language, *Moves*).

    Judging, which goes through batches, finds who is eligible; places are given once everyone has
    been judged. Nothing is stored of who was given none: they are looked at with the next month.
    """

    _name = "cs.places"
    _description = "Places on Rungs"

    @api.model
    def _give(self, cycle):
        """Give the free places once everyone is judged at the closing of this cycle: among all who
        are eligible, whichever batch they were judged in."""
        policy = cycle.policy_id
        if not policy._get_limited_rungs():
            return
        compiled = policy._compile_rules()
        verdicts = self.env["cs.verdict"]
        awaiting = self._filter_given(compiled, cycle._get_awaiting())
        eligible = self._find_marked(cycle).employee_id
        former = verdicts._load_former(cycle, (eligible | awaiting.employee_id).ids)
        former = self._filter_given(compiled, former)
        pairs = self._find_eligible(cycle, compiled, eligible)
        # who was refused for good takes no place from anybody
        pairs = verdicts._leave_out_ended(former, policy, compiled, pairs)
        given = self._settle(cycle, compiled, pairs, day_after(cycle.date_end))
        # after a correction whoever is given a place again keeps the decision, and whoever is not
        # loses it
        new = verdicts._compare(former, policy, compiled, given)
        verdicts._decide(policy, compiled, new, cycle.closed_on, cycle=cycle)
        # what became of their applications is known by now
        self.env["cs.application"]._settle(
            cycle, compiled, eligible.ids, cycle.closed_on, self._get_waiting(pairs, given)
        )

    @api.model
    def _get_waiting(self, pairs, given):
        """(Employee id, code of the rule) of the pairs (facts, verdict) that are not among those
        given a place."""
        placed = {facts.agent for facts, _verdict in given}
        return {
            (facts.agent, verdict.ground) for facts, verdict in pairs if facts.agent not in placed
        }

    @api.model
    def _give_left(self, cycle, policy, agents):
        """Pairs (facts, verdict) of those of these agents, eligible once something that stood in
        their way has fallen, who are given a place that is left.

        After all who were eligible at the closing and come before them: nobody is passed over, and
        whoever waits is looked at with the next month.
        """
        marked = self._find_marked(cycle).employee_id
        marked_now = self.env["cs.appraisal"].search(
            cycle._get_month_domain() & Domain("employee_id", "in", agents.ids)
        )
        marked_now._mark_eligible(set(agents.ids))
        pairs = self._find_eligible(cycle, policy, marked | agents)
        # what has taken effect since has its place, too
        day = max(day_after(cycle.date_end), cycle.company_id._cs_today())
        given = self._settle(cycle, policy, pairs, day)
        return [(facts, verdict) for facts, verdict in given if facts.agent in agents.ids]

    @api.model
    def _find_marked(self, cycle):
        """The appraisals of those who needed no more than a place at this closing."""
        return self.env["cs.appraisal"].search(
            cycle._get_month_domain() & Domain("eligible", "=", True), order="id"
        )

    @api.model
    def _load_posts(self, company, day):
        """Employee id -> where they stand on the day, with all that is decided to take effect by
        then, up or down, done: who moves or leaves leaves the place free."""
        codes = {id_: code for code, id_ in self.env["cs.tier"]._get_ids_by_code().items()}
        timelines = self.env["cs.timeline"]._load_on_ladder(company, day, day)
        posts = {}
        for id_, timeline in timelines.items():
            held = timeline.at(day)
            if held and held.tier:
                posts[id_] = Post(codes[held.tier], held.department, held.job)
        for decision in self._load_moves(company, day):
            post = posts.get(decision.employee_id.id)
            # what waits for this closing is given anew: as if it had not been decided
            tier = decision.tier_from_id if decision.awaits_closing else decision.tier_to_id
            if post:
                posts[decision.employee_id.id] = post._replace(tier=tier.code)
        return posts

    @api.model
    def _load_moves(self, company, day):
        """The decisions that have yet to move someone by the day, and those that a re-opened
        month has to make anew, in their order; not what a person has but proposed."""
        waiting = Domain("state", "in", ("proposed", "announced")) & ~(
            Domain("state", "=", "proposed") & Domain("ground_type", "=", "person")
        )
        again = Domain("awaits_closing", "=", True) & Domain("state", "=", "applied")
        # sudo: the engine is told who moves; nobody is shown it
        decisions = self.env["cs.decision"].sudo()
        return decisions.search_fetch(
            Domain("company_id", "=", company.id)
            & Domain("tier_to_id", "!=", False)
            & Domain("effective_date", "<=", day)
            & (waiting | again),
            ["employee_id", "tier_from_id", "tier_to_id", "awaits_closing"],
            order="effective_date, id",
        )

    @api.model
    def _split(self, policy, decided):
        """Of pairs (facts, verdict) those that stand, and those that need a place first."""
        standing, eligible = [], []
        for pair in decided:
            (eligible if needs_place(policy, pair[1]) else standing).append(pair)
        return standing, eligible

    @api.model
    def _filter_given(self, policy, decisions):
        """Those of these decisions that gave a place by a rule."""
        if not policy.places:
            return decisions.browse()
        outcomes = self.env["cs.vocabulary"]._get_outcomes()
        return decisions.filtered(
            lambda each: (
                each.ground_type == "rule"
                and each.tier_to_id.code in policy.places
                and each.outcome in outcomes
                and outcomes[each.outcome].step > 0
            )
        )

    @api.model
    def _find_eligible(self, cycle, policy, employees):
        """Pairs (facts, verdict) of those of these agents who need no more than a place."""
        if not employees:
            return []
        closing, company = Closing(cycle.date_end), cycle.company_id
        timelines = self.env["cs.timeline"]._load(employees.ids, company)
        metrics = policy.metrics.values()
        known = self.env["cs.facts"]._load(timelines, closing, company, metrics, policy.rules)
        return self._split(policy, cycle._judge_known(policy, known))[1]

    @api.model
    def _settle(self, cycle, policy, pairs, day):
        """Give the free places to the first of those eligible.

        :param pairs: (facts, verdict) of everyone eligible
        :param day: where all stand on this day tells how many are free
        :return: those pairs that were given one, their verdict with its place
        """
        if not pairs:
            return []
        closing = Closing(cycle.date_end)
        eligible = {
            facts.agent: Eligible(
                verdict.to,
                policy.places[verdict.to].compare(facts, closing),
                facts.tier_since,
            )
            for facts, verdict in pairs
        }
        posts = self._load_posts(cycle.company_id, day)
        found = settle(policy.places, policy.ladder.steps, posts, eligible)
        return [
            (facts, replace(verdict, place=found[facts.agent]))
            for facts, verdict in pairs
            if facts.agent in found and found[facts.agent].given
        ]
