from odoo import api, models
from odoo.tools import format_date

from ..engine.calendar import complete_months
from ..engine.decimals import plain
from ..engine.facts import DEMOTE, REVIEW
from ..engine.rules import CONFIRM, passed_test, probation_ends
from ..engine.vocabulary import MONTHS

FOUND_SHOWN = 4  # newest reviews that a line names


class CsPathWords(models.AbstractModel):
    """How an agent stands, in words: required, found, and what is missing (P4)."""

    _name = "cs.path.words"
    _description = "CS Path in Words"

    @api.model
    def _describe(self, prospect, policy):
        """One rule ahead of its next examination, as the page shows it.

        :param prospect: :class:`~..engine.outlook.Outlook`
        :return: dict(title, next, match, applies, review, lines=[dict(required, found, missing,
            met, rests)])
        """
        rule = policy.rule_ids.filtered(lambda each: each.code == prospect.rule.code)
        outcome = prospect.rule.outcome
        upwards = outcome.step > 0
        return {
            "title": rule.name,
            "next": self._format_date(prospect.closing.effective),
            "match": prospect.rule.match if len(prospect.standings) > 1 else "",
            "applies": prospect.applies,
            "review": not outcome.step,
            "lines": [self._describe_standing(each, upwards) for each in prospect.standings],
        }

    @api.model
    def _describe_standing(self, standing, upwards):
        finding = standing.finding
        return {
            "required": self.env["cs.policy.condition"]._get_sentence(finding.condition),
            "found": self._get_found(finding),
            "missing": self._get_missing(standing, upwards),
            "met": standing.met,
            "rests": standing.rests,
        }

    @api.model
    def _get_found(self, finding):
        """``Q1 2026: 94.67 · Q2 2026: 89.33``, or the number counted."""
        if finding.needed is None:
            return str(finding.count)
        shown = finding.found[-FOUND_SHOWN:]
        if not shown:
            return self.env._("no result yet")
        return " · ".join(
            self.env["cs.evidence"]._describe_review(
                finding.condition.metric.code, each.key, each.value
            )
            for each in shown
        )

    @api.model
    def _get_missing(self, standing, upwards):
        """``1.67 points``, ``rank 4, needs 3``, ``2 of 3``; what is lacking, or how near."""
        finding, condition = standing.finding, standing.finding.condition
        if standing.rests:
            return self.env._("rests: those months are over")
        if finding.needed is None:
            return "" if standing.met else self._get_count_gap(finding)
        if finding.needed > 1 or not upwards:
            return self.env._("%(count)s of %(needed)s", count=finding.count, needed=finding.needed)
        if standing.met or not finding.found:
            return ""
        value = finding.found[-1].value
        if condition.operator in (">=", ">"):
            return self.env._("short by %s", plain(abs(condition.value - value)))
        if condition.operator in ("<=", "<"):
            return self.env._(
                "%(found)s, needs %(needed)s",
                found=self.env["cs.vocabulary"]._show(condition.metric.code, value),
                needed=plain(condition.value),
            )
        return ""

    @api.model
    def _get_count_gap(self, finding):
        condition = finding.condition
        if condition.operator not in (">=", ">"):
            return ""
        gap = condition.value - finding.count + (1 if condition.operator == ">" else 0)
        gap = plain(gap)
        if condition.metric.read == MONTHS:
            return self.env._("%s to go", gap)
        return self.env._("%s more", gap)

    @api.model
    def _describe_probation(self, policy, facts):
        """The way from probation to the next tier (U1); empty for any other tier."""
        if facts.tier != policy.ladder.lowest or not policy.ladder.by_rule(facts.tier, 1):
            return []
        ends = probation_ends(policy, facts)
        today = self.env.company._cs_today()
        passed = passed_test(policy, facts, today)
        return [
            {
                "title": self.env["cs.decision"]._get_procedure_names()[CONFIRM],
                "next": self._format_date(max(ends, passed.date) if passed else ends),
                "match": "all",
                "applies": bool(passed) and today >= ends and not facts.open_reviews,
                "review": False,
                "lines": [
                    self._describe_time_served(policy, facts, today) | {"met": today >= ends},
                    self._describe_tests(policy, facts) | {"met": bool(passed)},
                ],
            }
        ]

    def _describe_time_served(self, policy, facts, today):
        needed = policy.settings.probation_months
        served = min(complete_months(facts.tier_since, today), needed)
        return {
            "required": self.env._("%s months of probation served", needed),
            "found": self.env._("since %s", self._format_date(facts.tier_since)),
            "missing": self.env._("%(count)s of %(needed)s", count=served, needed=needed),
            "rests": False,
        }

    def _describe_tests(self, policy, facts):
        mark = plain(policy.settings.pass_mark)
        tests = [each for each in facts.tests if each.date >= facts.tier_since]
        found = " · ".join(
            f"{self._format_date(each.date)} {plain(each.knowledge)} / {plain(each.skills)}"
            for each in tests[-FOUND_SHOWN:]
        )
        return {
            "required": self.env._("Probation test: knowledge and skills both ≥ %s", mark),
            "found": found or self.env._("no test yet"),
            "missing": "",
            "rests": False,
        }

    @api.model
    def _get_notes(self, policy, facts, upwards):
        """What else the agent has to know, in sentences."""
        notes = []
        if facts.left:
            notes.append(
                self.env._(
                    "The contract ends on %s: no decision takes effect from then on.",
                    self._format_date(facts.left),
                )
            )
        if not upwards:
            certain = self._get_certain_notes(facts)
            return certain + notes + self._get_violation_notes(policy, facts)
        if facts.open_reviews:
            notes.append(
                self.env._("A dismissal review is open: until it ends, no rule promotes (X4).")
            )
        above = policy.ladder.above(facts.tier)
        if facts.tier not in policy.ladder.steps:
            notes.append(
                self.env._("The policy in force has no pay line for this tier: no rule promotes.")
            )
        elif above is None:
            notes.append(
                self.env._("The top of the ladder: the next step is a supervisor's post (L5).")
            )
        elif above in policy.ladder.appointed:
            notes.append(self.env._("The next tier is reached by appointment, not by a rule (L5)."))
        return notes

    @api.model
    def _describe_announced(self, decision):
        """An announced decision as the page shows it: what, from when, until when to object."""
        today = decision.company_id._cs_today()
        until = decision.notice_until
        return {
            "title": decision._get_letter_title(),
            "move": f"{decision.tier_from_id.name} → {decision.tier_to_id.name}"
            if decision.tier_to_id
            else decision.ground_name,
            "effective": self._format_date(decision.effective_date),
            "until": self._format_date(until) if until and until >= today else False,
            "waits": decision.waits_for_appeal,
            "down": decision.outcome in (DEMOTE, REVIEW),
            "link": f"/odoo/cs-decisions/{decision.id}",
        }

    @api.model
    def _get_certain_notes(self, facts):
        """What confirmed violations are certain to bring when their month is closed (V2)."""
        company = self.env.company
        last = self.env["cs.cycle"].sudo()._get_last_closed(company)
        waiting = [each for each in facts.violations if not last or each.month > last.date_end]
        notes = {
            "moderate": self.env._(
                "A moderate violation of %(day)s is confirmed: when its month has been closed, it "
                "leads to one step down (V2)."
            ),
            "serious": self.env._(
                "A serious violation of %(day)s is confirmed: when its month has been closed, it "
                "leads to a dismissal review, which only a person decides (V2)."
            ),
        }
        return [
            notes[each.severity] % {"day": self._format_date(each.date)}
            for each in waiting
            if each.severity in notes
        ]

    @api.model
    def _get_violation_notes(self, policy, facts):
        """How near the next violation is to a dismissal review (V4)."""
        count = sum(each.date >= facts.joined for each in facts.violations)
        return [
            self.env._(
                "Confirmed violations since joining: %(count)s. From number %(limit)s on, each "
                "calls for a dismissal review (V4).",
                count=count,
                limit=policy.settings.repeat_violations,
            )
        ]

    @api.model
    def _format_date(self, day):
        """A day as the fields beside it show it, month by name."""
        return format_date(self.env, day, date_format="medium")
