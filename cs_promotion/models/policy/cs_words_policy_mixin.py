from dataclasses import replace
from datetime import date

from odoo import api, models
from odoo.tools import format_date

from ...engine.decimals import plain
from ...engine.places import UP
from ...engine.rule import DEMOTE, REVIEW
from ...engine.vocabulary import LONGER
from ...vocabulary import BASE


class CsWordsPolicyMixin(models.AbstractModel):
    """What a policy's rules and settings mean, in sentences that everyone reads: written from the
    data, so that they cannot differ from what is carried out (P4)."""

    _name = "cs.words.policy.mixin"
    _description = "CS Settings of a Policy in Words"

    @api.model
    def _say_rule(self, match, sentences, target=None, examined="", effect=""):
        """A rule's conditions as one sentence, a line each; where it leads, when it is looked at,
        and what it brings, if it says so."""
        word = self.env._("or") if match == "any" else self.env._("and")
        lines = [f"\n{word} ".join(sentences)]
        if target:
            lines.append(self.env._("leads to %s", target))
        return "\n".join([*lines, *filter(None, [examined, effect])])

    @api.model
    def _say_group(self, match, sentences):
        """Conditions of one group, joined the other way round than the rule's (policy language,
        *Moves*)."""
        if len(sentences) == 1:
            return sentences[0]
        if match == "any":
            return self.env._("all of: %s", self._say_one_by_one(sentences))
        return self.env._("one of: %s", self._say_one_by_one(sentences))

    @api.model
    def _say_examined(self, months):
        """In which months a rule is looked at: ``looked at when March or June is closed``."""
        if not months:
            return ""
        names = [
            format_date(self.env, date(2000, month, 1), date_format="LLLL")
            for month in sorted(months)
        ]
        return self.env._(
            "looked at when one of these months is closed: %s", self._say_listed(names)
        )

    # ------------------------------------------------------------------ places

    @api.model
    def _say_places(self, rung):
        """How many may be on a rung, and what free places are filled by: ``at most 20 % of the
        department's agents (Agent, Senior), rounded down; filled by …``."""
        within = {
            "department": self.env._("in each department"),
            "job": self.env._("on each job position"),
            "company": self.env._("in the company"),
        }[rung.places_within]
        if rung.places == "percent":
            tiers = rung.places_of_ids.sorted("sequence").mapped("name")
            whom = self._say_listed(tiers) or self.env._("all on rungs not reached by appointment")
            most = self.env._(
                "at most %(share)s %% of the agents %(within)s, rounded down (counted: %(whom)s)",
                share=plain(rung.places_value),
                within=within,
                whom=whom,
            )
        else:
            most = self.env._(
                "at most %(number)s %(within)s", number=plain(rung.places_value), within=within
            )
        orders = [*rung.order_ids.sorted().mapped("sentence"), self.env._("time in the tier")]
        return self.env._(
            "%(most)s; free places go by %(orders)s",
            most=most,
            orders=self.env._(", then by ").join(orders),
        )

    @api.model
    def _say_order(self, order):
        """``Monthly score, on average in the last 3 reviews, the highest first``."""
        condition = order.condition
        how = [self._say_metric(condition.metric)]
        if condition.window != "latest" or condition.times > 1:
            how.append(self._say_window(condition))
        how.append(
            self.env._("the lowest first")
            if order.direction == UP
            else self.env._("the highest first")
        )
        return self._say_listed(how)

    @api.model
    def _say_within(self, within):
        """Among whom agents are compared, or share places."""
        return {
            "department": self.env._("in the department"),
            "job": self.env._("on the job position"),
            "company": self.env._("in the company"),
        }[within]

    @api.model
    def _say_compared(self, policy):
        """Among whom a rank of a version counts (R2)."""
        within = self._say_within(policy.rank_within)
        if not policy.rank_by_form:
            return within
        return self.env._("%s, among those scored by the same form", within)

    @api.model
    def _say_free(self, places, counted, held):
        """``places in the department: 4, taken: 3``."""
        return self.env._(
            "places %(within)s: %(allowed)s, taken: %(held)s",
            allowed=places.allowed(counted),
            within=self._say_within(places.within),
            held=held,
        )

    @api.model
    def _say_place(self, place):
        """The place that somebody was given, and what was compared: ``Free place 1 of 1 (…);
        eligible: 2. Compared: …``."""
        metrics = self._get_metrics({each.metric.code for each in place.places.order})
        compared = [
            self._say_named(
                self._say_order(replace(each, metric=metrics[each.metric.code])),
                self.env._("not known") if value is None else plain(value),
            )
            for each, value in zip(place.places.order, place.compared, strict=True)
        ]
        return self.env._(
            "Free place %(number)s of %(free)s (%(places)s); eligible: %(eligible)s. Compared: "
            "%(compared)s.",
            number=place.number,
            free=place.free,
            places=self._say_free(place.places, place.counted, place.held),
            eligible=place.eligible,
            compared=self._say_one_by_one([*compared, self.env._("time in the tier")]),
        )

    @api.model
    def _say_scoring(self, policy):
        """S1-S4, R2-R6 with this version's settings."""
        methods = {
            "sum": self.env._("A rater's total is the sum of all items."),
            "weighted": self.env._(
                "A rater's total weighs the sections: their points over their maximum, times the "
                "printed weight."
            ),
        }
        sentences = [
            self._say_raters(policy),
            methods[policy.score_method],
            self.env._("Scores keep two decimals. Below %g is a fail.", policy.pass_mark),
            self._say_ranks(policy),
            *self._say_periods(policy),
            *self._say_classes(policy),
        ]
        if policy.score_max != 100:
            sentences.insert(2, self.env._("The highest score is %g.", policy.score_max))
        return sentences

    @api.model
    def _say_periods(self, policy):
        """R3: where the scores of longer periods come from, of those that there are."""
        sentences = {
            "quarter": {
                "average": self.env._(
                    "The quarterly score is the mean of the three monthly scores; without all "
                    "three there is none."
                ),
                "sum": self.env._(
                    "The quarterly score is the sum of the three monthly scores; without all "
                    "three there is none."
                ),
                "scorecard": self.env._("The quarterly score comes from a form of its own."),
            },
            "half": {
                "average": self.env._(
                    "The half-yearly score is the mean of the six monthly scores; without all six "
                    "there is none."
                ),
                "sum": self.env._(
                    "The half-yearly score is the sum of the six monthly scores; without all six "
                    "there is none."
                ),
                "scorecard": self.env._("The half-yearly score comes from a form of its own."),
            },
            "year": {
                "average": self.env._(
                    "The yearly score is the mean of the twelve monthly scores; without all "
                    "twelve there is none."
                ),
                "sum": self.env._(
                    "The yearly score is the sum of the twelve monthly scores; without all twelve "
                    "there is none."
                ),
                "scorecard": self.env._("The yearly score comes from a form of its own."),
            },
        }
        for kind in LONGER:
            if policy._get_least_months(kind):
                sentences[kind] |= self._say_least(policy, kind)
        methods = {kind: policy._get_period_method(kind) for kind in sentences}
        return [said[methods[kind]] for kind, said in sentences.items() if methods[kind] in said]

    @api.model
    def _say_least(self, policy, kind):
        """Method -> sentence about a longer period for which not all months are needed."""
        least = policy._get_least_months(kind)
        return {
            "quarter": {
                "average": self.env._(
                    "The quarterly score is the mean of the monthly scores there are; it takes at "
                    "least %s.",
                    least,
                ),
                "sum": self.env._(
                    "The quarterly score is the sum of the monthly scores there are; it takes at "
                    "least %s.",
                    least,
                ),
            },
            "half": {
                "average": self.env._(
                    "The half-yearly score is the mean of the monthly scores there are; it takes "
                    "at least %s.",
                    least,
                ),
                "sum": self.env._(
                    "The half-yearly score is the sum of the monthly scores there are; it takes "
                    "at least %s.",
                    least,
                ),
            },
            "year": {
                "average": self.env._(
                    "The yearly score is the mean of the monthly scores there are; it takes at "
                    "least %s.",
                    least,
                ),
                "sum": self.env._(
                    "The yearly score is the sum of the monthly scores there are; it takes at "
                    "least %s.",
                    least,
                ),
            },
        }[kind]

    @api.model
    def _say_ranks(self, policy):
        """R2 with this version's settings."""
        said = {
            "department": self.env._(
                "Ranks are within the department; equal scores share the better rank."
            ),
            "job": self.env._(
                "Ranks are within the job position; equal scores share the better rank."
            ),
            "company": self.env._(
                "Ranks are within the company; equal scores share the better rank."
            ),
        }[policy.rank_within]
        if policy.rank_by_form:
            said += self.env._(" Those scored by another form are ranked among themselves.")
        if policy.rank_least > 1:
            said += self.env._(" Fewer than %s people are not ranked.", policy.rank_least)
        return said

    @api.model
    def _say_classes(self, policy):
        """The classes in one sentence, the best first; none where there are none."""
        rows = [self._say_named(row.name, row.sentence) for row in policy.class_ids]
        if not rows:
            return []
        least = policy.class_from and any(row.given_by != "score" for row in policy.class_ids)
        who = self.env._(" Ranked are scores from %g on.", policy.class_from) if least else ""
        return [
            self.env._("Classes: %(classes)s.%(who)s", classes=self._say_one_by_one(rows), who=who)
        ]

    @api.model
    def _say_raters(self, policy):
        """S1 and S3: who fills the form in; a rater of weight 0 is not asked."""
        raters = []
        for rater in policy.rater_ids.filtered("weight"):
            said = self.env._(
                "%(rater)s (weight %(weight)g)", rater=rater._get_label(), weight=rater.weight
            )
            raters.append(self._say_named(said, rater.sentence) if rater.sentence else said)
        if len(raters) == 1:
            return self.env._("The form is filled in by one rater: %s.", raters[0])
        return self.env._(
            "The form is filled in by %s. None sees another's form before all are in.", raters
        )

    @api.model
    def _say_rater_more(self, rater):
        """What there is to say of a rater besides its weight; nothing of most."""
        # superuser: the names of people and groups stand on a page that all may read
        own, phrases = rater.sudo(), []
        if rater.who == "named":
            phrases.append(self._say_listed(own.people_ids.mapped("name")))
        if rater.who == "group" and own.group_id:
            phrases.append(own.group_id.display_name)
        if rater.who == "colleagues" and rater.number:
            phrases.append(self.env._("%s of them", rater.number))
        if rater.who == "metric" and rater.metric and rater.name:
            [metric] = self._get_metrics([rater.metric]).values()
            phrases.append(self._say_metric(metric))
        if not rater.needed:
            phrases.append(self.env._("where it is not there, the others share its weight"))
        return self._say_one_by_one(phrases)

    @api.model
    def _say_forms(self, policy):
        """Who is scored by another form, row by row; nothing where all are by one."""
        return [self.env._("%s.", self._say_form_row(row)) for row in policy.form_ids]

    @api.model
    def _say_form_row(self, row):
        """``Shift leader: Leader's month``, or that there is no score."""
        form = row.scorecard_id.name or self.env._("no form, so no score")
        return self.env._("%(who)s: %(form)s", who=self._say_whom(row), form=form)

    @api.model
    def _say_targets(self, policy):
        """The targets, row by row."""
        return [self.env._("%s.", row.sentence) for row in policy.target_ids]

    @api.model
    def _say_target(self, row):
        """``Orders to take: Seniors, months 11, 12: 500 orders``."""
        metric = row.metric_id
        value = f"{plain(row.value)} {metric.unit}" if metric.unit else plain(row.value)
        return self._say_named(row.name, value)

    @api.model
    def _say_whom(self, row):
        """Whom a row of forms or targets is for, and in which periods."""
        parts = row._get_named()
        if "kind" in row._fields and row.kind:
            parts.append(dict(row._fields["kind"]._description_selection(self.env))[row.kind])
        if row.months:
            parts.append(self.env._("months %s", row.months))
        if row.tenure:
            parts.append(self.env._("at %s months since joining", row.tenure))
        return self._say_listed(parts) or self.env._("Everyone")

    @api.model
    def _say_wages(self, policy):
        """W6 with this version's settings."""
        bases = {
            "tier": self.env._("The base wage is that of the tier, also where another was agreed."),
            "agreed": self.env._(
                "The base wage is the wage agreed with the person; where none was agreed, that of "
                "the tier."
            ),
            "higher": self.env._(
                "The base wage is that of the tier, or the wage agreed with the person where that "
                "is higher."
            ),
        }
        leave = {
            "none": self.env._("Unpaid leave does not reduce tier pay."),
            "base": self.env._(
                "Unpaid leave reduces the base wage by its working days over those due in the "
                "month; appraisal pay and commission stay as they are."
            )
            if policy.pays_appraisal or policy.pays_commission
            else self.env._(
                "Unpaid leave reduces the base wage by its working days over those due in the "
                "month."
            ),
            "all": self.env._(
                "Unpaid leave reduces base wage, appraisal pay and commission by its working days "
                "over those due in the month."
            ),
        }
        return [
            bases[policy.wage_basis],
            self.env._("Part-time work is paid its share of the full-time base wage."),
            leave[policy.unpaid_leave],
        ]

    @api.model
    def _say_settlement(self, policy):
        """W7 with this version's settings."""
        returned = {
            "owed": self.env._(
                "Where more comes back than is sold in a month, the commission on it comes off the "
                "next commissions."
            ),
            "waived": self.env._(
                "Where more comes back than is sold in a month, there is no commission, and "
                "nothing is taken back."
            ),
        }
        return [
            self.env._(
                "What a paid month turns out to have owed is settled with the next payslip, in "
                "both directions."
            ),
            *([returned[policy.returned_sales]] if policy.pays_commission else []),
        ]

    @api.model
    def _say_violations(self, policy):
        """V1-V4, X2 and X3 with this version's settings."""
        return [
            *map(self._say_consequence, policy.consequence_ids),
            *map(self._say_offence, policy.offence_ids),
            self.env._(
                "A month in which complaints reach %g %% of the customers handled is a minor "
                "violation at the tier's smallest fine.",
                policy.complaint_rate_limit,
            ),
            self.env._(
                "From confirmed violation number %s since joining on, each calls for a dismissal "
                "review.",
                policy.repeat_violations,
            ),
            self._say_fines(policy),
        ]

    @api.model
    def _say_consequence(self, row):
        """What a severity leads to (V2)."""
        known = {
            ("minor", False): self.env._("Minor: a fine."),
            ("moderate", DEMOTE): self.env._(
                "Moderate: a fine, and one step down from the first of the next month."
            ),
            ("serious", REVIEW): self.env._("Serious: a fine, and a dismissal review."),
        }
        sentence = row.fined and known.get((row.severity, row.outcome))
        if sentence:
            return sentence
        outcome = self.env["cs.vocabulary"]._get_outcomes().get(row.outcome)
        effects = [self.env._("a fine")] if row.fined else []
        effects += [outcome.name if outcome else row.outcome] if row.outcome else []
        return self.env._(
            "%(severity)s: %(effects)s.",
            severity=dict(row._get_severities())[row.severity],
            effects=self._say_listed(effects) or self.env._("nothing follows"),
        )

    @api.model
    def _say_offence(self, row):
        """What a kind of violation brings (V1, V2)."""
        parts = []
        if row.severity:
            parts.append(dict(row._get_severities())[row.severity])
        if row.points:
            parts.append(self.env._("%s points", plain(row.points)))
        if row.fine_method == "fixed":
            parts.append(self.env._("a fine of %s", plain(row.fine_amount)))
        if row.fine_method == "none":
            parts.append(self.env._("no fine"))
        if row.times > 1 and row.months:
            parts.append(self.env._("counted within %s months", row.months))
        told = self._say_listed(parts) or self.env._("a fine within the range of the tier")
        return self.env._("%(kind)s: %(effects)s.", kind=row.name, effects=told)

    @api.model
    def _say_brought(self, rule):
        """What a rule's outcome brings about besides, if anything."""
        if rule.outcome == "raise" and (rule.raise_amount or rule.raise_percent):
            more = plain(rule.raise_amount or rule.raise_percent)
            more = more if rule.raise_amount else self.env._("%s %%", more)
            return self._say_raise(rule.raise_item, more, months=rule.raise_months)
        if rule.trial_months:
            return self.env._("on trial for %s months", rule.trial_months)
        if rule.plan_months:
            return self.env._("for %s months", rule.plan_months)
        return self._say_during(rule)

    @api.model
    def _say_during(self, rule):
        """When a rule on a trial or plan is looked at."""
        said = {
            ("trial", False): self.env._("at the end of the trial"),
            ("trial", True): self.env._("at any closing during the trial"),
            ("plan", False): self.env._("at the end of the improvement plan"),
            ("plan", True): self.env._("at any closing during the improvement plan"),
        }
        return said.get((rule.during, rule.during_any_time), "")

    @api.model
    def _say_raise(self, item, more, months=0):
        """``Base wage: 200 more a month, for 6 months``."""
        names = dict(self.env["cs.raise"]._get_items())
        code = item or BASE
        said = self.env._(
            "%(item)s: %(amount)s more a month",
            item=names.get(code, code),
            amount=more,
        )
        if months:
            return self.env._("%(more)s, for %(months)s months", more=said, months=months)
        return said

    @api.model
    def _say_fines(self, policy):
        """W5 with this version's settings."""
        if not policy.minimum_wage:
            return self.env._(
                "Fines take at most %g %% of a month's gross pay; the rest is carried forward.",
                policy.fine_cap_percent,
            )
        return self.env._(
            "Fines take at most %(cap)g %% of a month's gross pay and leave at least %(wage)g; the "
            "rest is carried forward.",
            cap=policy.fine_cap_percent,
            wage=policy.minimum_wage,
        )

    @api.model
    def _say_notice(self, policy):
        """O4; an addon that lets agents object says so."""
        return self.env._(
            "A decision is announced for %s days; it takes effect when the notice has run out.",
            policy.notice_days,
        )

    @api.model
    def _say_procedure(self, rule):
        """What has to happen besides its conditions, a sentence each."""
        sentences = []
        if rule.on_application:
            sentences.append(
                self.env._(
                    "on the agent's application, handed in at most %s months before",
                    rule.application_months,
                )
            )
        if rule.approval_ids:
            sentences.append(self._say_approvals(rule.approval_ids))
        return sentences

    @api.model
    def _say_approvals(self, rows):
        """``approved by: Direct superior, then Manager``; nothing where nobody approves."""
        parts = []
        outcomes = self.env["cs.vocabulary"]._get_outcomes() if rows.filtered("outcome") else {}
        for row in rows.sorted():
            said = self._say_approver(row)
            if row.outcome:
                outcome = outcomes.get(row.outcome)
                name = outcome.name if outcome else row.outcome
                said = self.env._("%(who)s (%(outcome)s)", who=said, outcome=name)
            parts.append(said)
        if not parts:
            return ""
        then = self.env._(", then ")
        return self.env._("approved by: %s", then.join(parts))

    @api.model
    def _say_approver(self, row):
        """``Direct superior``, or the names of people and group."""
        # sudo: names of users and groups, which every reader of a policy may know
        row = row.sudo()
        if row.who == "people" and row.user_ids:
            return self.env._(" or ").join(row.user_ids.mapped("name"))
        if row.who == "group" and row.group_id:
            return row.group_id.full_name
        return dict(row._get_who()).get(row.who, row.who)

    @api.model
    def _say_approval(self, step):
        """``Direct superior: Ann, approved on 2 May 2026``, with what they remarked."""
        who = self._say_approver(step.row_id) if step.row_id else dict(step._get_who())[step.who]
        if step.stood_in:
            who = self.env._("%s (nobody there: an HR manager instead)", who)
        if step.state == "waiting":
            return self.env._("%s: waiting", who)
        states = dict(step._fields["state"]._description_selection(self.env))
        said = self.env._(
            "%(who)s: %(name)s, %(state)s on %(day)s",
            who=who,
            name=step.user_id.name,
            state=states[step.state].lower(),
            day=self._say_day(step.date),
        )
        return f"{said}. {step.remark}" if step.remark else said

    @api.model
    def _say_dates(self, policy):
        """U1, U4, L5 and O1-O4 with this version's settings."""
        sentences = [
            self.env._(
                "Rules run when the month is closed and take effect on the first of the next one. "
                "Dismissal reviews come first, then at most one step down, then at most one up."
            ),
            self._say_notice(policy),
            self.env._(
                "Skip-level promotion, appointment to the top of the ladder, and a step down that "
                "no rule calls for, are people's decisions with written grounds. No machine "
                "dismisses anyone."
            ),
        ]
        if policy.approval == "manager":
            sentences.insert(1, self.env._("A manager approves each decision first."))
        if policy.approval_ids:
            sentences.insert(1, self.env._("Decisions are %s.", policy.approval_sentence))
        if policy.require_attestation:
            sentences.append(
                self.env._("The superior attests the new tier's standards before a promotion.")
            )
        return sentences
