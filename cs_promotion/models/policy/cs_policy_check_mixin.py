from datetime import date

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...engine.decimals import decimal, plain
from ...engine.rule import MONTHS_MAX
from ...engine.vocabulary import LONGER, REVIEW_RECORD, PolicyError

FIRST_START, LAST_START = date(1950, 1, 1), date(2200, 1, 1)
# beyond these, days would be meant that no calendar has
LARGEST = {"notice_days": 366, "scoring_days": 366, "probation_months": MONTHS_MAX}


class CsPolicyCheckMixin(models.AbstractModel):
    """When a version may start, and whether it can be carried out: said before the database is
    asked."""

    _name = "cs.policy.check.mixin"
    _description = "Checks of a CS Policy"

    def _on_versions_changed(self, start=None, company=None):
        """Another version is in force than before, from ``start`` or these versions' start on.

        However that came about: a button, an import, a network call. Who is paid by it now has
        to be, and months that are open are judged by it (O5).

        :param start: the former start, where these had another one
        """
        companies = self.company_id | (company or self.company_id)
        starts = [*self.mapped("date_from"), *([start] if start else [])]
        for each in companies:
            self._check_all_paid(each, min(starts))
        self.filtered(lambda policy: policy.state == "active")._on_items_changed()
        self.env["cs.cycle"].search(
            [("company_id", "in", companies.ids), ("state", "=", "open")]
        )._check_policy()

    def _get_future(self, vals, name):
        """What the field will hold once ``vals`` are written."""
        if name in vals or self:
            return vals.get(name, self[name] if self else None)
        return self.default_get([name]).get(name)

    def _check_start(self, vals):
        """A version starts on the first of a month, alone, and after what is closed (O5)."""
        self._check_given(vals)
        start = fields.Date.to_date(self._get_future(vals, "date_from") or None)
        if not start:
            return
        name = self._name_given(vals)
        if not FIRST_START <= start <= LAST_START:
            raise ValidationError(
                self.env._("%(policy)s: it cannot start on %(start)s.", policy=name, start=start)
            )
        if start.day != 1:
            raise ValidationError(
                self.env._(
                    "%(policy)s: it starts on %(start)s, but a policy starts on the first of a "
                    "month.",
                    policy=name,
                    start=start,
                )
            )
        company = self._get_future(vals, "company_id")
        company = self.env["res.company"].browse(company) if isinstance(company, int) else company
        if self._get_future(vals, "state") == "active" and not self.is_used:
            self._check_start_in_force(name, company, start)

    def _check_start_in_force(self, name, company, start):
        others = self._search_in_force(company).filtered(
            lambda policy: policy.date_from == start and policy != self
        )
        if others:
            raise ValidationError(
                self.env._(
                    "%(policy)s: it would start on the same day as %(other)s, %(start)s.",
                    policy=name,
                    other=others[0].name,
                    start=start,
                )
            )
        last = self.env["cs.cycle"]._get_last_closed(company)
        if last and start <= last.date_end:
            raise UserError(
                self.env._(
                    "Policy %(policy)s cannot start on %(start)s: periods up to %(end)s "
                    "are closed and were judged by the policy of their time (O5).",
                    policy=name,
                    start=start,
                    end=last.date_end,
                )
            )

    @api.constrains("pass_mark", "score_max")
    def _check_pass_mark(self):
        """A score can be below it, and reach it (R6)."""
        for policy in self.filtered(lambda policy: policy.pass_mark > policy.score_max):
            raise ValidationError(
                self.env._(
                    "%(policy)s: %(field)s is %(value)s, but has to lie between 0 and the highest "
                    "score, %(highest)s.",
                    policy=policy.name,
                    field=self._fields["pass_mark"]._description_string(self.env),
                    value=plain(policy.pass_mark),
                    highest=plain(policy.score_max),
                )
            )

    # ------------------------------------------------------------------ what can be carried out

    def _check_complete(self):
        """Refuse a policy that could not be carried out, naming what is missing."""
        self.ensure_one()
        for name, largest in LARGEST.items():
            if self[name] > largest:
                raise ValidationError(
                    self.env._(
                        "Policy %(policy)s: %(field)s is %(value)s, but at most %(largest)s can be "
                        "carried out.",
                        policy=self.name,
                        field=self._fields[name]._description_string(self.env),
                        value=self[name],
                        largest=largest,
                    )
                )
        self._check_scorecard()
        self._check_classes()
        self._check_reviewed()
        self._check_paid()
        self._check_ladder()
        self.rung_ids._check_places()
        self.rule_ids._check_possible()
        self.rule_ids._check_raised_items()
        (self.approval_ids | self.rule_ids.approval_ids)._check_possible()

    def _check_scorecard(self):
        """What counts goes up to the highest score, whichever way it is made (S2, W2); where
        items add to it, it may stay below."""
        self.ensure_one()
        for scorecard in self._get_scorecards():
            self._check_form(scorecard)

    def _check_classes(self):
        try:
            self._get_classes().check()
        except PolicyError as error:
            raise ValidationError(
                self.env._("Policy %(policy)s: %(fault)s.", policy=self.name, fault=error)
            ) from None

    def _check_paid(self):
        """What somebody is paid is known on payslips alone: pay items go by it, nothing else."""
        codes = {*self.rule_ids.condition_ids.mapped("metric"), *self.rater_ids.mapped("metric")}
        codes |= {*self.rung_ids.order_ids.mapped("metric"), *self.item_ids.mapped("share_by")}
        codes |= {*self._get_scorecards().section_ids.item_ids.mapped("metric")}
        paid = self.env["cs.metric"]._get_paid(codes - {False})
        if paid:
            raise ValidationError(
                self.env._(
                    "Policy %(policy)s: %(metric)s is what somebody is paid, known on payslips "
                    "alone. Pay items can go by it; rules, places, raters, forms and the shares "
                    "of a pool cannot.",
                    policy=self.name,
                    metric=min(paid),
                )
            )

    def _check_reviewed(self):
        """What rules, places and pay items ask of a longer period comes of one that is reviewed."""
        metrics = self.env["cs.vocabulary"]._get_metrics()
        for who, code in self._get_asking():
            metric = metrics.get(code)
            if (
                metric
                and metric.records == REVIEW_RECORD
                and metric.grain in LONGER
                and self._get_period_method(metric.grain) == "none"
            ):
                raise ValidationError(
                    self.env._(
                        "Policy %(policy)s: %(who)s asks for %(metric)s, but periods like that are "
                        "not reviewed.",
                        policy=self.name,
                        who=who,
                        metric=code,
                    )
                )

    def _get_asking(self):
        """Pairs of who asks for a metric, in words, and its code: rules, places and pay items."""
        for rule in self.rule_ids:
            for code in rule.condition_ids.mapped("metric"):
                yield self.env._("rule %s", rule.code), code
        for rung in self.rung_ids:
            for code in rung.order_ids.mapped("metric"):
                yield self.env._("the order of the places of %s", rung.tier_id.name), code
        for item in self.item_ids:
            factors, provisos = item.factor_ids, item.proviso_ids
            codes = (item.metric, *factors.mapped("metric"), *provisos.mapped("metric"))
            for code in filter(None, codes):
                yield self.env._("pay item %s", item.code), code

    def _check_form(self, scorecard):
        if not scorecard.points_max or any(
            not section.item_ids
            or (section.points_max <= 0 and "counts" in section.item_ids.mapped("effect"))
            for section in scorecard.section_ids
        ):
            raise ValidationError(
                self.env._(
                    "Policy %(policy)s: every section of scorecard %(scorecard)s needs items "
                    "and a grade that gives points.",
                    policy=self.name,
                    scorecard=scorecard.name,
                )
            )
        self._check_highest(scorecard)
        try:
            scorecard._compile(self).check(scorecard._name_part)
        except PolicyError as error:
            raise ValidationError(self._say_form_fault(scorecard, error)) from None

    def _say_form_fault(self, scorecard, fault):
        """What is wrong with a form; which one, where there are several."""
        if not self.form_ids:
            return self.env._("Policy %(policy)s: %(fault)s.", policy=self.name, fault=fault)
        return self.env._(
            "Policy %(policy)s, scorecard %(scorecard)s: %(fault)s.",
            policy=self.name,
            scorecard=scorecard.name,
            fault=fault,
        )

    def _check_highest(self, scorecard):
        """What counts comes to the highest score, by weights or by points."""
        sections = scorecard.section_ids
        weights = sum(decimal(section.weight) for section in sections)
        highest = decimal(self.score_max)
        adds = "adds" in sections.item_ids.mapped("effect")
        if self.score_method == "weighted" and not self._reaches(weights, highest, adds):
            raise ValidationError(
                self.env._(
                    "Policy %(policy)s: the weights of scorecard %(scorecard)s add up to "
                    "%(total)s %%, not %(highest)s %%.",
                    policy=self.name,
                    scorecard=scorecard.name,
                    total=plain(weights),
                    highest=plain(highest),
                )
            )
        points = sum(decimal(section.points_max) for section in sections)
        if self.score_method == "sum" and not self._reaches(points, highest, adds):
            raise ValidationError(
                self.env._(
                    "Policy %(policy)s: the items of scorecard %(scorecard)s give at most "
                    "%(total)s points, but a score goes up to %(highest)s. Change its items or "
                    "grades, or let the sections count by their printed weights.",
                    policy=self.name,
                    scorecard=scorecard.name,
                    total=plain(points),
                    highest=plain(highest),
                )
            )

    @api.model
    def _reaches(self, total, highest, adds):
        """Whether what counts goes as high as a score does."""
        return total <= highest if adds else total == highest

    def _check_ladder(self):
        """There is a ladder, and whatever the rules name is a step of it."""
        self.ensure_one()
        rungs = self._get_rungs()
        if not rungs:
            raise ValidationError(
                self.env._("Policy %s pays no tier: give it a pay line for each.", self.name)
            )
        self._check_rungs()
        # before the rules: who stands somewhere tells more than that a rule is about it
        self._check_all_paid(self.company_id, self.date_from)
        for rule in self.rule_ids:
            for tier in (rule.tier_id | rule.tier_to_id).filtered(lambda each: each not in rungs):
                raise ValidationError(
                    self.env._(
                        "Policy %(policy)s has no pay line for tier %(tier)s, which its rule "
                        "%(rule)s is about.",
                        policy=self.name,
                        tier=tier.name,
                        rule=rule.code,
                    )
                )

    def _check_rungs(self):
        """Each is paid, and at most one is that of probation (L0)."""
        rungs = self.rung_ids.sorted("sequence")
        if rungs[:1].paid_as_below:
            raise ValidationError(
                self.env._(
                    "Policy %(policy)s: there is no rung below %(tier)s that it could be paid as.",
                    policy=self.name,
                    tier=rungs[0].tier_id.name,
                )
            )
        probation = rungs.filtered("on_probation")
        if len(probation) > 1:
            raise ValidationError(
                self.env._(
                    "Policy %(policy)s: one rung can be on probation, not %(tiers)s.",
                    policy=self.name,
                    tiers=", ".join(probation.tier_id.mapped("name")),
                )
            )
