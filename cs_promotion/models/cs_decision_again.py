import json

from odoo import Command, api, fields, models
from odoo.fields import Domain

from ..engine.calendar import day_after
from ..engine.evidence import read, same_facts

# what makes two verdicts the same: whom they are about, why, from when, from where to where
KEY = ("employee_id", "outcome", "ground", "effective_date", "tier_from_id", "tier_to_id")


class CsDecision(models.Model):
    """Judging anew: after a correction of a closed month, and where a decision has fallen that
    stood in the way of another (O2). Only those are touched whose verdict changes."""

    _inherit = "cs.decision"

    awaits_closing = fields.Boolean(
        string="Waits for the Closing",
        readonly=True,
        copy=False,
        help="Its month was re-opened: it is not applied before the month is closed again, which "
        "tells whether it still follows.",
    )
    ended_for_good = fields.Boolean(
        readonly=True,
        copy=False,
        help="Ended by a person, or overtaken: the same verdict of the same closing does not "
        "come back.",
    )

    _awaits_closing_idx = models.Index("(cycle_id) WHERE awaits_closing")

    @api.model
    def _get_ended(self, employee_ids, domain):
        """Decisions about these agents that were ended for good."""
        return self.sudo().search(
            Domain("employee_id", "in", employee_ids)
            & Domain("ended_for_good", "=", True)
            & Domain(domain)
        )

    @api.model
    def _load_former(self, cycle, employee_ids):
        """What an earlier closing of the same day decided about these agents: what waits for the
        new one, and what was ended for good. Nothing at a first closing."""
        return self.sudo().search(
            Domain("cycle_id", "in", cycle._get_ending_with().ids)
            & Domain("employee_id", "in", employee_ids)
            & (Domain("awaits_closing", "=", True) | Domain("ended_for_good", "=", True))
        )

    @api.model
    def _get_key(self, values):
        return tuple(values[name] or False for name in KEY)

    def _get_own_key(self):
        values = {name: self[name] for name in KEY}
        return self._get_key(
            {
                name: value.id if isinstance(value, models.BaseModel) else value
                for name, value in values.items()
            }
        )

    def _compare(self, policy, compiled, decided):
        """Compare these former decisions with what is found now, in bulk.

        The same verdict stays as it is, notice, letter, appeals and approval included; one that
        no longer follows is withdrawn, with a reason meant for its agent.

        :param decided: pairs (facts, verdict) of the engine
        :return: those of the pairs that are new
        """
        if not self:
            return decided
        standing = {each._get_own_key(): each for each in self.filtered("awaits_closing")}
        kept, changed, rest = self.browse(), self.browse(), []
        for pair, values in zip(
            decided, self._get_verdict_values(policy, compiled, decided), strict=True
        ):
            former = standing.pop(self._get_key(values), None)
            if former is None:
                rest.append(pair)
                continue
            kept |= former
            if former._bring_up_to_date(values):
                changed |= former
        kept.awaits_closing = False
        changed._note_new_facts()
        if any(kept.mapped("to_notify")):  # their letters waited, too
            self.env.ref("cs_promotion.ir_cron_notify")._trigger()
        self.browse([each.id for each in standing.values()])._withdraw_unfounded()
        return self._leave_out_ended(policy, compiled, rest)

    def _leave_out_ended(self, policy, compiled, decided):
        """Those of the pairs (facts, verdict) that none of these, ended for good, stands for.

        A review in which an agent was kept is held again once the facts are other ones.
        """
        ended = self.filtered("ended_for_good").grouped(lambda each: each._get_own_key())
        if not ended or not decided:
            return decided
        return [
            pair
            for pair, values in zip(
                decided, self._get_verdict_values(policy, compiled, decided), strict=True
            )
            if not any(
                each.kind != "review"
                or each.state == "applied"
                or each._has_facts(values["evidence"])
                for each in ended.get(self._get_key(values), ())
            )
        ]

    def _has_facts(self, evidence):
        """Whether the decision rests on the same facts: reviews, violations, test."""
        # brought to one schema: another release's way to write the same is no other fact
        ours, theirs = self._read_evidence(), read(evidence)
        return not ours.get("unreadable") and "conditions" in ours and same_facts(ours, theirs)

    def _bring_up_to_date(self, values):
        """Let a decision that stays rest on the results as they are now.

        :return: whether they are other ones
        """
        self.ensure_one()
        same = self._has_facts(values["evidence"])
        links = {command[1] for command in values["violation_ids"]}
        names = ("rule_id", "policy_id", "tier_since_from")
        changed = {
            name: values[name]
            for name in names
            if (self[name].id if name.endswith("_id") else self[name]) != (values[name] or False)
        }
        if self.evidence != json.loads(json.dumps(values["evidence"])):
            changed["evidence"] = values["evidence"]
        if links != set(self.violation_ids.ids):
            changed["violation_ids"] = [Command.set(sorted(links))]
        if changed:
            self.write(changed)
        return not same

    def _note_new_facts(self):
        """Leave a trace on decisions that stay, which nobody is sent."""
        body = self.env._(
            "The month was closed again: the decision stays as it is. The results it rests on "
            "were brought up to date."
        )
        self._message_log_batch(bodies=dict.fromkeys(self.ids, body))

    def _withdraw_unfounded(self):
        """Withdraw decisions that no longer follow, each with a reason in its agent's words."""
        for lang, decisions in self.grouped("letter_lang").items():
            words = self.with_context(lang=lang).env
            decisions._withdraw(
                words._(
                    "The month was corrected; by the corrected results this decision no longer "
                    "follows."
                )
            )

    def _take_back(self, reason):
        """Withdraw decisions for good, as a person decides; what they stood in the way of is
        judged anew."""
        standing = self.sudo().filtered(lambda each: each._is_standing())
        standing.ended_for_good = True
        standing._fall(reason)

    def _fall(self, reason):
        """Withdraw decisions, and judge anew for their agents what they stood in the way of."""
        waited = self.filtered(lambda each: each.state != "applied")
        self._withdraw(reason)
        self._judge_again(waited)

    def _judge_again(self, waited):
        """Judge anew, for the agents of these ended decisions, what they stood in the way of.

        That is their own day, and for one that waited to be applied all days since (O2, X4). A
        month that is open is judged when it is closed.

        :param waited: those of them that had not been applied
        """
        for company, ours in self.sudo().grouped("company_id").items():
            first = fields.Date.subtract(min(ours.mapped("effective_date")), days=1)
            cycles = self.env["cs.cycle"].sudo()  # whoever ends a decision need not run cycles
            for cycle in cycles.search(
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
