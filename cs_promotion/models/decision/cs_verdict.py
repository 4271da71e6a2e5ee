import json
from datetime import date
from functools import cache

from odoo import Command, api, fields, models
from odoo.fields import Domain

from ...engine import evidence as engine_evidence
from ...engine.calendar import day_after
from ...engine.facts import Closing
from ...engine.rules import confirm
from ..scheduled import post_once

# what makes two verdicts the same: whom they are about, why, from when, from where to where
KEY = ("employee_id", "outcome", "ground", "effective_date", "tier_from_id", "tier_to_id")


class CsVerdict(models.AbstractModel):
    """What the engine decided about many agents, on its way to decisions.

    Also judging anew: after a correction of a closed month, and where a decision has fallen that
    stood in the way of another (O2). Only those are touched whose verdict changes.
    """

    _name = "cs.verdict"
    _description = "Verdicts of the Engine"

    @api.model
    def _decide(self, policy, compiled, decided, day, cycle=None):
        """Write down what the engine decided, and announce it, or ask the managers to (O4).

        :param compiled: the policy as the engine read it
        :param decided: pairs (facts, verdict) of the engine
        :param day: the day they are announced on, where no approval is needed
        """
        decided = self._keep_payable(policy, decided, cycle)
        # sudo: what follows from the policy is the software's to write, whoever closes a period
        decisions = self.env["cs.decision"].sudo()
        given = decisions._get_announced_values(policy, day)
        steps = self._get_approvals(policy)
        vals_list = []
        for values in self._get_values(policy, compiled, decided):
            needed = steps(values["rule_id"], values["outcome"])
            approved = {"approval_ids": [Command.create(each) for each in needed]}
            values["cycle_id"] = cycle.id if cycle else False
            vals_list.append(values | (approved if needed else given))
        decisions = decisions.create(vals_list)
        # it was given: found once more by each agent's versions it would be the same
        self.env.remove_to_compute(decisions._fields["company_id"], decisions)
        decisions._have_letters_sent()
        announced = decisions.filtered(lambda each: each.state == "announced")
        self.env["cs.effect"]._on_announced(announced)
        if day >= policy.company_id._cs_today():  # history played later asks nobody
            decisions.filtered(lambda each: each.state == "proposed")._have_approvers_asked()
        return decisions

    @api.model
    def _get_approvals(self, policy):
        """Function of a rule's id and an outcome -> values of the steps that a decision goes
        through; each pair is looked up once."""
        rules = {rule.id: rule for rule in policy.rule_ids}
        approvals, none = self.env["cs.decision.approval"], self.env["cs.policy.rule"]

        @cache
        def get(rule_id, outcome):
            return approvals._get_values(policy, rules.get(rule_id, none), outcome)

        return get

    @api.model
    def _confirm_probations(self, employees, day):
        """Propose the confirmation of those on probation who have passed their test (U1).

        :param employees: hr.employee, of any companies
        :param day: the day up to which tests count
        """
        created = self.env["cs.decision"]
        for company, ours in employees.grouped("company_id").items():
            policy = self.env["cs.policy"]._get_in_force(company, day)
            if not policy:
                continue
            compiled = policy._compile_rules()
            timelines = self.env["cs.timeline"]._load(ours.ids, company)
            decided = [
                (facts, verdict)
                for facts in self.env["cs.facts"]._load(timelines, Closing(day), company)
                if (verdict := confirm(compiled, facts, day))
            ]
            ended = self._get_ended(ours.ids, [("test_id", "!=", False)])
            new = self._leave_out_ended(ended, policy, compiled, decided)
            created |= self._decide(policy, compiled, new, day)
        return created

    @api.model
    def _get_values(self, policy, compiled, decided):
        """What a decision holds of each verdict of the engine; parameters as in
        :meth:`_decide`."""
        tiers = self.env["cs.tier"]._get_ids_by_code()
        rules = {rule.code: rule.id for rule in policy.rule_ids}
        return [
            {
                "employee_id": facts.agent,
                "company_id": policy.company_id.id,
                "outcome": verdict.outcome,
                "kind": self.env["cs.decision"]._get_kind(verdict.outcome, verdict.ground),
                "ground_type": "rule" if verdict.rule else "procedure",
                "ground": verdict.ground,
                "rule_id": rules.get(verdict.ground),
                "tier_from_id": tiers[verdict.tier],
                "tier_since_from": facts.tier_since,
                "tier_to_id": tiers.get(verdict.to),
                "effective_date": verdict.effective,
                "policy_id": policy.id,
                "violation_ids": [Command.link(each.ref) for each in verdict.violations],
                "test_id": verdict.test.ref if verdict.test else False,
                **self._get_term_values(verdict),
                "evidence": engine_evidence.record(compiled, facts, verdict),
            }
            for facts, verdict in decided
        ]

    @api.model
    def _get_term_values(self, verdict):
        """The trial or plan that a verdict ends."""
        if not verdict.term:
            return {}
        return {f"{verdict.rule.during}_id": verdict.term.ref}

    @api.model
    def _keep_payable(self, policy, decided, cycle):
        """Leave out the moves to a tier that a version in force from then on does not pay.

        The closing goes on; who would have moved is written down where the office sees it.

        :param decided: pairs (facts, verdict) of the engine
        :param cycle: the cycle that is closed, if any
        """
        # most batches move nobody: the versions to come need not be read
        if not any(verdict.to for _facts, verdict in decided):
            return decided
        payers = policy._get_payers(policy.company_id)
        tiers = self.env["cs.tier"]._get_ids_by_code()
        kept = []
        for facts, verdict in decided:
            unpaid = verdict.to and policy._find_unpaid(
                payers, tiers[verdict.to], verdict.effective, facts.left or date.max
            )
            if unpaid:
                self._note_unpaid(facts, verdict, tiers[verdict.to], unpaid[0], cycle)
            else:
                kept.append((facts, verdict))
        return kept

    @api.model
    def _note_unpaid(self, facts, verdict, tier_id, version, cycle):
        agent = self.env["hr.employee"].browse(facts.agent)
        post_once(
            cycle or agent,
            self.env._(
                "%(agent)s would have moved to %(tier)s on %(day)s (%(ground)s), but policy "
                "%(policy)s has no pay line for it: nothing was decided.",
                agent=agent.name,
                tier=self.env["cs.tier"].browse(tier_id).name,
                day=verdict.effective,
                ground=verdict.ground,
                policy=version.name,
            ),
        )

    # ------------------------------------------------------------------ judged before

    @api.model
    def _get_ended(self, employee_ids, domain):
        """Decisions about these agents that were ended for good."""
        return self._find_former(employee_ids, Domain("ended_for_good", "=", True) & Domain(domain))

    @api.model
    def _load_former(self, cycle, employee_ids):
        """What an earlier closing of the same day decided about these agents: what waits for the
        new one, and what was ended for good. Nothing at a first closing."""
        former = self.env["cs.decision"].search(
            Domain("cycle_id", "in", cycle._get_ending_with().ids)
            & (Domain("awaits_closing", "=", True) | Domain("ended_for_good", "=", True))
        )
        # few, of all batches: found by the cycle, which a list of a batch's agents would hide
        ours = set(employee_ids)
        return former.filtered(lambda each: each.employee_id.id in ours)

    @api.model
    def _find_former(self, employee_ids, domain):
        return self.env["cs.decision"].search(Domain("employee_id", "in", employee_ids) & domain)

    @api.model
    def _get_key(self, values):
        return tuple(values[name] or False for name in KEY)

    @api.model
    def _get_key_of(self, decision):
        values = {name: decision[name] for name in KEY}
        return self._get_key(
            {
                name: value.id if isinstance(value, models.BaseModel) else value
                for name, value in values.items()
            }
        )

    @api.model
    def _compare(self, former, policy, compiled, decided):
        """Compare former decisions with what is found now, in bulk.

        The same verdict stays as it is, notice, letter and approval included; one that
        no longer follows is withdrawn, with a reason meant for its agent.

        :param decided: pairs (facts, verdict) of the engine
        :return: those of the pairs that are new
        """
        if not former:
            return decided
        standing = {self._get_key_of(each): each for each in former.filtered("awaits_closing")}
        kept, changed, rest = former.browse(), former.browse(), []
        for pair, values in zip(decided, self._get_values(policy, compiled, decided), strict=True):
            # each is matched once: what is left over in the end has no verdict any more
            same = standing.pop(self._get_key(values), None)
            if same is None:
                rest.append(pair)
                continue
            kept |= same
            if self._bring_up_to_date(same, values):
                changed |= same
        # from here on it may be applied again
        kept.awaits_closing = False
        self._note_new_facts(changed)
        if any(kept.mapped("to_notify")):  # their letters waited, too
            former.env.ref("cs_promotion.ir_cron_notify")._trigger()
        former.browse([each.id for each in standing.values()])._withdraw_unfounded()
        return self._leave_out_ended(former, policy, compiled, rest)

    @api.model
    def _leave_out_ended(self, former, policy, compiled, decided):
        """Those of the pairs (facts, verdict) that none of the former decisions, ended
        for good, stands for.

        A review in which an agent was kept is held again once the facts are other ones.
        """
        ended = former.filtered("ended_for_good").grouped(self._get_key_of)
        if not ended or not decided:
            return decided
        evidence = self.env["cs.evidence"]
        return [
            pair
            for pair, values in zip(
                decided, self._get_values(policy, compiled, decided), strict=True
            )
            if not any(
                each.kind != "review"
                or each.state == "applied"
                or evidence._has_facts(each, values["evidence"])
                for each in ended.get(self._get_key(values), ())
            )
        ]

    @api.model
    def _bring_up_to_date(self, decision, values):
        """Let a decision that stays rest on the results as they are now.

        :return: whether they are other ones
        """
        same = self.env["cs.evidence"]._has_facts(decision, values["evidence"])
        links = {command[1] for command in values["violation_ids"]}
        names = ("rule_id", "policy_id", "tier_since_from")
        changed = {
            name: values[name]
            for name in names
            if (decision[name].id if name.endswith("_id") else decision[name])
            != (values[name] or False)
        }
        if decision.evidence != json.loads(json.dumps(values["evidence"])):
            changed["evidence"] = values["evidence"]
        if links != set(decision.violation_ids.ids):
            changed["violation_ids"] = [Command.set(sorted(links))]
        if changed:
            decision.write(changed)
        return not same

    @api.model
    def _note_new_facts(self, decisions):
        """Leave a trace on decisions that stay, which nobody is sent."""
        body = self.env._(
            "The month was closed again: the decision stays as it is. The results it rests on "
            "were brought up to date."
        )
        decisions._message_log_batch(bodies=dict.fromkeys(decisions.ids, body))

    # ------------------------------------------------------------------ judging anew

    @api.model
    def _judge_again(self, decisions, waited):
        """Judge anew, for the agents of these ended decisions, what they stood in the way of.

        That is their own day, and for one that waited to be applied all days since (O2, X4). A
        month that is open is judged when it is closed. Called as sudo: whoever ends a decision need
        not run cycles.

        :param waited: those of them that had not been applied
        """
        for company, ours in decisions.grouped("company_id").items():
            first = fields.Date.subtract(min(ours.mapped("effective_date")), days=1)
            for cycle in self.env["cs.cycle"].search(
                [
                    ("company_id", "=", company.id),
                    ("kind", "=", "month"),
                    ("date_end", ">=", first),
                ],
                order="date_end",
            ):
                day = day_after(cycle.date_end)
                in_the_way = ours.filtered(
                    lambda each, day=day: (
                        each.effective_date == day or (each in waited and each.effective_date < day)
                    )
                )
                if in_the_way:
                    cycle._judge_agents(in_the_way.employee_id)
