from odoo import api, models

from ...engine.calendar import complete_months
from ...engine.decimals import plain
from ...engine.facts import PLAN, TRIAL
from ...engine.rule import DEMOTE, REVIEW
from ...engine.rules import CONFIRM, passed_test, probation_ends
from ..decision.cs_term import KINDS

FOUND_SHOWN = 4  # newest reviews that a line names
WARNING = "warning"


class CsPathPage(models.AbstractModel):
    """What the page of an agent's path shows: cards of the rules ahead, and notes (P4).

    How a rule and what is found by it are put into words is said by ``cs.words``.
    """

    _name = "cs.path.page"
    _description = "Page of a CS Path"

    @api.model
    def _describe(self, prospect, policy, applied=None):
        """One rule ahead of its next examination, as the page shows it.

        :param prospect: :class:`~..engine.outlook.Outlook`
        :param applied: day on which the agent has applied for it
        :return: dict(title, next, match, applies, review, leads, application, lines=[dict(
            required, found, missing, met, rests)])
        """
        rule = policy.rule_ids.filtered(lambda each: each.code == prospect.rule.code)
        outcome = prospect.rule.outcome
        upwards = outcome.lifts
        return {
            "title": rule.name,
            "next": self.env["cs.words"]._say_day(prospect.closing.effective),
            "match": prospect.rule.match if len(prospect.standings) > 1 else "",
            "applies": prospect.applies,
            "review": outcome.code == REVIEW,
            "leads": "" if outcome.step or outcome.code == REVIEW else outcome.name,
            "application": self._describe_application(prospect, applied),
            "examined": rule._say_examined(),
            "lines": [
                self._describe_standing(each, upwards, prospect.rule.match)
                for each in prospect.standings
            ],
        }

    @api.model
    def _describe_places(self, policy, prospect, posts, agent):
        """How many places there are on the rung that a rule leads to, and how many are free;
        nothing where as many may be on it as meet the rule.

        :param posts: employee id -> where they stand when the rule is examined next
        """
        tier = prospect.rule.leads_to(policy.ladder)
        if prospect.rule.outcome.step <= 0 or tier not in policy.places or agent not in posts:
            return ""
        places = policy.places[tier]
        census = places.take_census(posts.values())
        counted, held = places.count(tier, posts[agent].group(places.within), census)
        said = self.env["cs.words"]._say_free(places, counted, held)
        if not prospect.applies:
            return said
        if places.free(counted, held):
            return self.env._("You meet the rule; free places go by their order (%s).", said)
        return self.env._(
            "You meet the rule, but no place is free (%s). It will be looked at again.", said
        )

    @api.model
    def _describe_application(self, prospect, applied):
        """What the agent has to do for a rule that is on application only, or has done."""
        words, closing = self.env["cs.words"], prospect.closing
        if not prospect.rule.on_application:
            return ""
        if applied and applied >= prospect.rule.applied_from(closing.effective):
            return self.env._(
                "You applied on %s: it is looked at when the month is closed.",
                words._say_day(applied),
            )
        if prospect.applies:
            return self.env._(
                "On application only: you meet the conditions, apply until %s.",
                words._say_day(closing.end),
            )
        return self.env._(
            "On application only, from %(start)s until %(end)s.",
            start=words._say_day(prospect.rule.applied_from(closing.effective)),
            end=words._say_day(closing.end),
        )

    @api.model
    def _describe_standing(self, standing, upwards, match):
        words, finding = self.env["cs.words"], standing.finding
        return {
            "required": words._say_required(finding.condition, match),
            "found": words._say_found_so_far(finding, FOUND_SHOWN),
            "missing": words._say_missing(standing, upwards),
            "met": standing.met,
            "rests": standing.rests,
        }

    @api.model
    def _describe_probation(self, policy, facts):
        """The way from probation to the next tier (U1); empty for any other tier."""
        if facts.tier != policy.ladder.probation or not policy.ladder.by_rule(facts.tier, 1):
            return []
        ends = probation_ends(policy, facts)
        today = self.env.company._cs_today()
        passed = passed_test(policy, facts, today)
        return [
            {
                "title": self.env["cs.decision"]._get_procedure_names()[CONFIRM],
                "next": self.env["cs.words"]._say_day(max(ends, passed.date) if passed else ends),
                "match": "all",
                "applies": bool(passed) and today >= ends and not facts.open_reviews,
                "review": False,
                "examined": "",
                "places": "",
                "leads": "",
                "application": "",
                "lines": [
                    self._describe_time_served(policy, facts, today) | {"met": today >= ends},
                    self._describe_tests(policy, facts) | {"met": bool(passed)},
                ],
            }
        ]

    def _describe_time_served(self, policy, facts, today):
        words, needed = self.env["cs.words"], policy.settings.probation_months
        served = min(complete_months(facts.tier_since, today), needed)
        return {
            "required": self.env._("%s months of probation served", needed),
            "found": self.env._("since %s", words._say_day(facts.tier_since)),
            "missing": self.env._("%s more", needed - served) if served < needed else "",
            "rests": False,
        }

    def _describe_tests(self, policy, facts):
        words, mark = self.env["cs.words"], plain(policy.settings.pass_mark)
        tests = [each for each in facts.tests if each.date >= facts.tier_since]
        found = " · ".join(
            f"{words._say_day(each.date)} {plain(each.knowledge)} / {plain(each.skills)}"
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
                    self.env["cs.words"]._say_day(facts.left),
                )
            )
        if not upwards:
            certain = self._get_certain_notes(policy, facts)
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
    def _describe_terms(self, facts):
        """What runs, and until when: meanwhile no rule promotes, as none does anyway while a
        review is open (X4).

        :return: [dict(said, link, open)], without a link for who may not read it
        """
        if facts.open_reviews:
            return []
        known = {
            TRIAL: (
                self.env._("On trial until %s: meanwhile no rule promotes."),
                self.env._("Open the trial"),
            ),
            PLAN: (
                self.env._("An improvement plan runs until %s: meanwhile no rule promotes."),
                self.env._("Open the plan"),
            ),
        }
        terms = []
        for kind, term in facts.terms.items():
            said, opens = known[kind]
            record = self.env[KINDS[kind]].browse(term.ref)
            link = f"/odoo/cs-{kind}s/{record.id}" if record.has_access("read") else ""
            said %= self.env["cs.words"]._say_day(term.until)
            terms.append({"said": said, "link": link, "open": opens})
        return terms

    @api.model
    def _describe_announced(self, decision):
        """An announced decision as the page shows it: what, from when, what its agent may do."""
        words = self.env["cs.words"]
        return {
            "title": decision._get_letter_title(),
            "move": words._say_move(decision) if decision.tier_to_id else decision.ground_name,
            "effective": words._say_day(decision.effective_date),
            "options": decision._get_notice_options("page", words._say_day),
            "down": decision.outcome in (DEMOTE, REVIEW, WARNING, PLAN),
            "link": f"/odoo/cs-decisions/{decision.id}",
        }

    @api.model
    def _get_certain_notes(self, policy, facts):
        """What confirmed violations are certain to bring when their month is closed (V2)."""
        company = self.env.company
        # what a closed month had to bring it has brought: those since are still to come
        last = self.env["cs.cycle"]._get_last_closed(company)
        waiting = [each for each in facts.violations if not last or each.month > last.date_end]
        known = {
            ("moderate", DEMOTE): self.env._(
                "A moderate violation of %(day)s is confirmed: when its month has been closed, it "
                "leads to one step down (V2)."
            ),
            ("serious", REVIEW): self.env._(
                "A serious violation of %(day)s is confirmed: when its month has been closed, it "
                "leads to a dismissal review, which only a person decides (V2)."
            ),
        }
        other = self.env._(
            "A violation of %(day)s is confirmed: when its month has been closed, it leads to "
            "this: %(outcome)s (V2)."
        )
        outcomes = dict(policy.outcomes)
        return [
            known.get((each.severity, outcome.code), other)
            % {"day": self.env["cs.words"]._say_day(each.date), "outcome": outcome.name}
            for each in waiting
            if (outcome := outcomes.get(each.severity))
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
