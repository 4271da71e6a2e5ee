from dataclasses import replace
from fractions import Fraction

from odoo import api, models
from odoo.tools import format_date

from ...engine.decimals import fraction, plain, round_half_up
from ...engine.evidence import read_finding
from ...engine.rule import MONTHS_MAX
from ...engine.scale import LINE, MARGINAL
from ...engine.vocabulary import COUNT, EVENT, LAST, LEAST, MEAN, MOST, SINCE, SUM, Metric
from ..cs_period import key_name

SIGNS = {">=": "≥", "<=": "≤"}


class CsWords(models.AbstractModel):
    """A policy, and what is found by it, in the reader's words (P4).

    The one place that makes them. Form, policy page, changes, path, evidence, letter and summary
    show what is said here, each in an order of its own; none has words for the same of its own.
    What a rule is made of comes as objects of the engine, which know their names: a compiled
    policy, or evidence as :meth:`_read_findings` reads it. Addons extend a method by ``super()``.
    """

    _name = "cs.words"
    _inherit = ["cs.words.item.mixin", "cs.words.policy.mixin"]
    _description = "CS Policy and Findings in Words"

    # ------------------------------------------------------------------ values

    @api.model
    def _get_metrics(self, codes):
        """The metrics of these codes; one that no addon declares any more has its code alone."""
        metrics = self.env["cs.vocabulary"]._get_metrics() if codes else {}
        return {code: metrics.get(code) or Metric(code) for code in codes}

    @api.model
    def _say_metric(self, metric):
        return metric.name or metric.code

    @api.model
    def _say_value(self, metric, value):
        """A value of a metric: ``94.67``, ``rank 3``; rounded where it has no last digit."""
        if metric.code == "months_since_trial" and value >= MONTHS_MAX:
            return self.env._("never")
        number = round_half_up(value) if isinstance(value, Fraction) else value
        return metric.shown % plain(number)

    @api.model
    def _say_day(self, day):
        """A day as the fields beside it show it, month by name."""
        return format_date(self.env, day, date_format="medium")

    # ------------------------------------------------------------------ rules

    @api.model
    def _say_required(self, condition, match):
        """A condition in a list of its rule's: one of a group says so."""
        sentence = self._say_condition(condition)
        if not condition.group:
            return sentence
        if match == "any":
            return self.env._(
                "together (%(group)s): %(condition)s", group=condition.group, condition=sentence
            )
        return self.env._(
            "one of (%(group)s): %(condition)s", group=condition.group, condition=sentence
        )

    @api.model
    def _say_match(self, match):
        """How many of the conditions that a decision rests on were required."""
        if match == "any":
            return self.env._("Any one of these was enough.")
        return self.env._("All of these were required.")

    @api.model
    def _say_condition(self, condition):
        """``Quarterly score ≥ 91, three times in a row since the tier began``."""
        sentence = f"{self._say_metric(condition.metric)} {self._say_requirement(condition)}"
        all_there_is = condition.reads in (COUNT, *SINCE) or condition.metric.read == LAST
        if condition.window == "latest" and all_there_is:
            return sentence  # it is of all that there is
        return self.env._(
            "%(condition)s, %(often)s", condition=sentence, often=self._say_window(condition)
        )

    @api.model
    def _say_requirement(self, condition):
        """``≥ 91`` or ``above 80 and below 91``."""
        if condition.operator == "between":
            return self.env._(
                "above %(low)s and below %(high)s",
                low=plain(condition.value),
                high=plain(condition.value_max),
            )
        sign = SIGNS.get(condition.operator, condition.operator)
        # of a proviso there is none
        share = getattr(condition, "share", "")
        value = self._say_share(share, condition.value) if share else plain(condition.value)
        return f"{sign} {value}"

    @api.model
    def _say_share(self, rounding, value):
        """So many percent of those ranked, as a number of people."""
        said = {
            "up": self.env._("%s %% of those ranked, rounded up", plain(value)),
            "down": self.env._("%s %% of those ranked, rounded down", plain(value)),
            "half_up": self.env._("%s %% of those ranked, rounded half up", plain(value)),
        }
        return said[rounding]

    @api.model
    def _say_window(self, condition):
        """How often and where: ``three times in a row since the tier began``."""
        often, months = self._say_often(condition), condition.months
        match condition.window:
            case "joined":
                return self.env._("%s since joining", often)
            case "tier":
                return self.env._("%s since the tier began", often)
            case "first_months":
                return self.env._(
                    "%(often)s in the first %(months)s months of the tier",
                    often=often,
                    months=months,
                )
            case "rolling_months":
                return self.env._(
                    "%(often)s in the last %(months)s months, in the tier",
                    often=often,
                    months=months,
                )
            case "last_months":
                return self.env._(
                    "%(often)s in the last %(months)s months", often=often, months=months
                )
            case "period":
                return self.env._("%s in the period just closed", often)
            case _ if condition.times == 1:
                return self.env._("in the latest review")
            case _ if condition.each:
                return self.env._("in the last %s reviews", condition.times)
            case _:
                return self.env._(
                    "%(often)s in the last %(count)s reviews", often=often, count=condition.times
                )

    @api.model
    def _say_often(self, condition):
        """How the points of a window are read: each, so many times, or what they come to."""
        if condition.each:
            if condition.times == 1:
                return self.env._("once")
            if condition.consecutive:
                return self.env._("%s times in a row", condition.times)
            return self.env._("%s times", condition.times)
        readings = {
            SUM: self.env._("added up"),
            MEAN: self.env._("on average"),
            LAST: self.env._("the newest"),
            LEAST: self.env._("the smallest"),
            MOST: self.env._("the largest"),
        }
        return readings.get(condition.reads) or self.env._("counted")

    # ------------------------------------------------------------------ scales

    @api.model
    def _say_scale(self, scale):
        """A scale as sentences, a line each: ``≥ 90: 10``, ``from 85 (0) to 90 (10), straight``."""
        if scale.mode == MARGINAL:
            lines = [
                self.env._(
                    "%(rate)s for each from %(bound)s on", rate=plain(s.value), bound=plain(s.bound)
                )
                for s in scale.steps
            ]
        elif scale.mode == LINE:
            lines = [
                self.env._(
                    "straight from %(points)s",
                    points=" → ".join(map(self._say_point_of, scale.steps)),
                )
            ]
            if scale.below is not None:
                lines.append(self.env._("below that: %s", plain(scale.below)))
            if scale.above is not None:
                lines.append(self.env._("above that: %s", plain(scale.above)))
        else:
            lines = [self._say_band(step) for step in scale.steps]
        if scale.floor is not None:
            lines.append(self.env._("at least %s", plain(scale.floor)))
        if scale.cap is not None:
            lines.append(self.env._("at most %s", plain(scale.cap)))
        return "\n".join(lines)

    @api.model
    def _say_point_of(self, step):
        return f"{plain(step.bound)} ({plain(step.value)})"

    @api.model
    def _say_band(self, step):
        if step.bound is None:
            return self.env._("otherwise: %s", plain(step.value))
        sign = SIGNS.get(step.operator, step.operator)
        return self.env._(
            "%(sign)s %(bound)s: %(value)s",
            sign=sign,
            bound=plain(step.bound),
            value=plain(step.value),
        )

    # ------------------------------------------------------------------ provisos and classes

    @api.model
    def _say_proviso(self, proviso):
        """``Days absent < 1``."""
        return f"{self._say_metric(proviso.metric)} {self._say_requirement(proviso)}"

    @api.model
    def _say_provisos(self, sentences):
        """What has to be so, all of it together."""
        return self.env._("if %s", self.env._(" and ").join(sentences))

    @api.model
    def _say_class(self, row):
        """``10 % of those ranked, from a score of 90 on, if Days absent = 0, times 1.3``."""
        if row.by_score:
            who = self.env._("from a score of %s on", plain(row.score))
        elif row.share is None:
            who = self.env._("the rest of those ranked")
        else:
            who = self.env._("%s %% of those ranked", plain(row.share))
        if row.least:
            who = self._say_listed([who, self.env._("from a score of %s on", plain(row.least))])
        if row.provisos:
            sentences = map(self._say_proviso, row.provisos)
            who = self._say_listed([who, self._say_provisos(sentences)])
        if row.coefficient == 1:
            return who
        return self.env._("%(who)s, times %(number)s", who=who, number=plain(row.coefficient))

    @api.model
    def _say_withheld(self, name, lacking):
        """``not A: Serious violations 1, needs = 0``: why somebody is not in a better class.

        :param lacking: phrases, as the next two give
        """
        return self.env._(
            "not %(class)s: %(why)s", **{"class": name, "why": self._say_listed(lacking)}
        )

    @api.model
    def _say_too_low(self, least):
        return self.env._("a score of at least %s is needed", plain(least))

    @api.model
    def _say_unmet(self, proviso, found):
        """``Serious violations 1, needs = 0``: a proviso that does not hold, by what was found."""
        value = self.env._("not known") if found is None else self._say_value(proviso.metric, found)
        return self.env._(
            "%(metric)s %(found)s, needs %(needed)s",
            metric=self._say_metric(proviso.metric),
            found=value,
            needed=self._say_requirement(proviso),
        )

    # ------------------------------------------------------------------ findings

    @api.model
    def _read_findings(self, kept):
        """Findings as evidence keeps them, as the engine's; their metrics by today's names."""
        # through the engine, whichever release wrote it: there is one way to say a finding
        findings = [read_finding(each) for each in kept]
        metrics = self._get_metrics({each.condition.metric.code for each in findings})
        return [self._give_name(each, metrics) for each in findings]

    @api.model
    def _give_name(self, finding, metrics):
        condition = finding.condition
        named = metrics[condition.metric.code]
        metric = replace(condition.metric, name=named.name, shown=named.shown)
        return replace(finding, condition=replace(condition, metric=metric))

    @api.model
    def _say_finding(self, finding, match=None):
        """All there is to say of one condition at a closing, for whoever shows it.

        :param match: how the conditions of its rule are joined

        :return: dict(met, required, found, counted, points=[dict(met, text, ref)])
        """
        return {
            "met": finding.met,
            "required": self._say_required(finding.condition, match),
            "found": self._say_found(finding),
            "counted": self._say_counted(finding),
            "points": [
                {
                    "met": each.met,
                    "text": self._say_point(finding.condition.metric, each),
                    "ref": each.ref,
                }
                for each in finding.found
            ],
        }

    @api.model
    def _say_found(self, finding):
        """What was found at a closing: what the points come to together, or each of them, those
        that miss it marked."""
        if not finding.held:
            # an event is of no period: there was none in the window
            if finding.condition.metric.grain == EVENT:
                return self.env._("no result yet")
            return self.env._("no result in the period just closed")
        if finding.needed is None:
            return self._say_together(finding)
        metric = finding.condition.metric
        return " · ".join(
            self._say_point(metric, each) + ("" if each.met else " ✗") for each in finding.found
        )

    @api.model
    def _say_found_so_far(self, finding, most):
        """What there is ahead of a closing: what the points come to, or the newest of them, at
        most so many."""
        if finding.needed is None:
            return self._say_together(finding)
        metric = finding.condition.metric
        points = [self._say_point(metric, each) for each in finding.found[-most:]]
        return " · ".join(points) or self.env._("no result yet")

    @api.model
    def _say_together(self, finding):
        """What all points of a window come to: how many there are, or their sum or the like."""
        if finding.condition.reads in (COUNT, *SINCE):
            return plain(finding.count)
        if finding.value is None:
            return self.env._("no result yet")
        return self._say_value(finding.condition.metric, round_half_up(finding.value))

    @api.model
    def _say_point(self, metric, found):
        """``July 2026: rank 6``, ``Q2 2026: 94.67``: one point, in the reader's words."""
        return self.env._(
            "%(period)s: %(found)s",
            period=key_name(self.env, found.key),
            found=self._say_found_place(metric, found),
        )

    @api.model
    def _say_found_place(self, metric, found):
        """``rank 3``, and where a share of those ranked is asked for, among how many: ``rank 3 of
        24``."""
        said = self._say_value(metric, found.value)
        return self._say_of(said, found.of) if found.of else said

    @api.model
    def _say_counted(self, finding):
        """``2 of 3``; nothing where points are compared together."""
        if finding.needed is None:
            return ""
        return self._say_of(finding.count, finding.needed)

    @api.model
    def _say_of(self, count, needed):
        count = count if isinstance(count, str) else plain(count)
        return self.env._("%(count)s of %(needed)s", count=count, needed=plain(needed))

    @api.model
    def _say_close(self, finding):
        """What was found of one who came close, and where more than one counts, how many."""
        found = self._say_found(finding)
        if (finding.needed or 0) <= 1:
            return found
        return self.env._(
            "%(found)s; %(count)s of %(needed)s",
            found=found,
            count=plain(finding.count),
            needed=plain(finding.needed),
        )

    @api.model
    def _say_missing(self, standing, upwards):
        """What is lacking ahead of a closing: ``1.67 more``, ``rank 4, needs 3``; downwards how
        near it is: ``2 of 3``.

        :param standing: :class:`~...engine.outlook.Standing`
        :param upwards: whether the agent wants it to be met
        """
        finding, condition = standing.finding, standing.finding.condition
        if standing.rests:
            return self.env._("rests: those months are over")
        if finding.needed is None:
            return "" if standing.met else self._say_gap(finding)
        if not upwards:
            return self._say_counted(finding)
        if finding.needed > 1:
            more = finding.needed - finding.count
            return "" if standing.met else self.env._("%s more", plain(more))
        if standing.met or not finding.found:
            return ""
        newest = finding.found[-1]
        limit = condition.limit(newest)
        if limit is None:
            return ""
        if condition.operator in (">=", ">"):
            short = abs(fraction(limit) - fraction(newest.value))
            return self.env._("short by %s", plain(round_half_up(short)))
        if condition.operator in ("<=", "<"):
            return self.env._(
                "%(found)s, needs %(needed)s",
                found=self._say_found_place(condition.metric, newest),
                needed=plain(limit),
            )
        return ""

    @api.model
    def _say_gap(self, finding):
        """By how much what the points come to together is short; nothing where more is worse."""
        condition = finding.condition
        if condition.operator not in (">=", ">"):
            return ""
        if condition.reads not in (COUNT, *SINCE):
            if finding.value is None:
                return ""
            short = round_half_up(fraction(condition.value) - finding.value)
            return self.env._("%s more", plain(short))
        # of whole numbers the next one is meant where equal is not enough
        gap = plain(condition.value - finding.count + (1 if condition.operator == ">" else 0))
        if condition.reads in SINCE:
            return self.env._("%s to go", gap)
        return self.env._("%s more", gap)

    # ------------------------------------------------------------------ decisions

    @api.model
    def _say_move(self, decision):
        """``Junior → Senior``; of one that moves nobody the tier held."""
        tiers = decision.tier_from_id, decision.tier_to_id
        return " → ".join(tier.name for tier in tiers if tier)

    @api.model
    def _say_violation(self, violation):
        """``Ann, Late, 2025-01-05: Minor, fine 50.00``: one that a decision rests on, for those
        who run the month."""
        severities = violation._fields["severity"]._description_selection(self.env)
        return self.env._(
            "%(violation)s: %(severity)s, fine %(fine)s",
            violation=violation.display_name,
            severity=dict(severities).get(violation.severity, ""),
            fine=violation.currency_id.format(violation.fine),
        )

    @api.model
    def _say_own_violation(self, violation):
        """``2025-01-05: Late, fine 50.00``: to the agent, who knows whose it is."""
        return self.env._(
            "%(date)s: %(type)s, fine %(fine)s",
            date=violation.date,
            type=violation.type_id.name,
            fine=violation.currency_id.format(violation.fine),
        )

    @api.model
    def _say_test(self, evidence):
        """The probation test that a confirmation rests on, and what was required of it (U1)."""
        test, settings = evidence["test"], evidence["settings"]
        return self.env._(
            "Test of %(date)s: knowledge %(knowledge)s, skills %(skills)s; pass mark %(mark)s. "
            "On probation since %(since)s; months required: %(months)s.",
            date=test["date"],
            knowledge=plain(test["knowledge"]),
            skills=plain(test["skills"]),
            mark=plain(settings["pass_mark"]),
            since=evidence["agent"]["tier_since"],
            months=settings["probation_months"],
        )
