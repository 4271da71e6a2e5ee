from functools import reduce

from odoo import api, models
from odoo.tools import format_list

from ...engine.decimals import fraction, plain, round_half_up
from ...engine.form import ADDS, FAILS, LEFT_OUT, NOTHING, TAKES
from ...engine.items import AMOUNT, CLASS, FIXED, FULL_TIME, POOL, SCORE
from ...engine.scale import BANDS


class CsWordsItemMixin(models.AbstractModel):
    """Items in words: of a scorecard, how one is rated, what it does to the score, and what was
    measured of it; of pay, what one is of, and for whom (P4)."""

    _name = "cs.words.item.mixin"
    _description = "CS Items of Scorecards and Pay in Words"

    @api.model
    def _say_item(self, item):
        """How an item is rated and what it does, a phrase each; nothing of one that everyone
        rates by its section's words, and that counts."""
        phrases = self._say_source(item)
        codes = sorted(item._get_rater_codes())
        if codes and not item.is_measured:
            raters = dict(self.env["cs.vocabulary"]._get_rater_choice())
            names = [raters.get(code, code) for code in codes]
            phrases.append(
                self.env._("rated by %s alone", names[0])
                if len(names) == 1
                else self.env._("rated by %s", names),
            )
        effect = self._say_effect(item)
        return [*phrases, effect] if effect else phrases

    @api.model
    def _say_item_in_one(self, item):
        """The same in one sentence."""
        return self._say_one_by_one(self._say_item(item))

    @api.model
    def _say_one_by_one(self, phrases):
        """Phrases in one sentence."""
        return reduce(
            lambda first, then: self.env._("%(first)s; %(then)s", first=first, then=then),
            phrases or [""],
        )

    @api.model
    def _say_listed(self, names):
        """Names, or phrases as short, one after the other."""
        # not a translated comma to join them by: what has no letters is not translated
        return reduce(
            lambda first, then: self.env._("%(first)s, %(then)s", first=first, then=then),
            list(names) or [""],
        )

    @api.model
    def _say_named(self, name, what):
        """What something of this name is."""
        return self.env._("%(name)s: %(what)s", name=name, what=what)

    @api.model
    def _say_source(self, item):
        """Where the points come from: a number, grades of the item's own, or what is measured."""
        most = plain(item.maximum)
        if item.source == "number":
            if not item.maximum:
                return [self.env._("a number of points")]
            return [self.env._("a number from 0 to %s", most)]
        if not item.is_measured:
            own = [f"{plain(grade.points)} {grade.name}" for grade in item.own_grade_ids]
            return [self.env._("graded by: %s", own)] if own else []
        [metric] = self._get_metrics([item.metric]).values()
        return [
            self.env._("measured: %s", self._say_metric(metric)),
            *self._say_points(item),
            self._say_missing_value(item),
        ]

    @api.model
    def _say_points(self, item):
        """What points a measured item gives for what was measured, a phrase each."""
        most = plain(item.maximum)
        phrases = self._say_scale(item.scale_id._compile()).split("\n") if item.scale_id else []
        if item.percent:
            phrases.append(self.env._("in percent of %s points", most))
        elif item.maximum:
            phrases.append(self.env._("at most %s points", most))
        return phrases

    @api.model
    def _say_effect(self, item):
        """What an item does to the score besides counting; nothing of one that counts."""
        most = item.points_max and plain(item.points_max)
        if item.effect == ADDS:
            if most:
                return self.env._("adds up to %s to the score", most)
            return self.env._("adds to the score")
        if item.effect == TAKES:
            if most:
                return self.env._("takes up to %s from the score", most)
            return self.env._("takes from the score")
        if item.effect == FAILS:
            return self.env._("any points let the score fall to %s", plain(item.falls_to))
        return ""

    @api.model
    def _say_missing_value(self, item):
        """What becomes of a measured item while nothing is known."""
        if item.missing == LEFT_OUT:
            return self.env._("without a value it is left out")
        if item.missing == NOTHING:
            return self.env._("without a value it gives no points")
        return self.env._("without a value the period stays open")

    @api.model
    def _say_unknown(self, item, closed):
        """Of a measured item without a value: what becomes of it, or whether closing waits."""
        if closed:
            return self.env._("Nothing was known.")
        if item.missing == LEFT_OUT:
            return self.env._("Nothing known yet; the item is left out then.")
        if item.missing == NOTHING:
            return self.env._("Nothing known yet; it gives no points then.")
        return self.env._("Nothing known yet; closing waits for it.")

    @api.model
    def _say_measured(self, metric, value):
        """A value as it was measured: ``262 calls``, ``33.33 %``."""
        return self._say_value(metric, round_half_up(value))

    @api.model
    def _say_scaled(self, part, value):
        """What an item's scale makes of a value, before it is points: ``≥ 90: 10``, ``52.5 %``;
        nothing where the value itself is points.

        :param part: :class:`~...engine.form.Part`
        """
        if not part.scale:
            return ""
        band = None
        if part.scale.mode == BANDS:
            band = next((step for step in part.scale.steps if step.takes(fraction(value))), None)
        said = self._say_band(band) if band else plain(round_half_up(part.scale.of(value)))
        return f"{said} %" if part.percent else said

    # ------------------------------------------------------------------ items of pay

    @api.model
    def _say_pay(self, policy):
        """The pay items that the policy's own rows say: ``Piece-rate: …``."""
        return [self._say_named(item.name, item.sentence) for item in policy.item_ids]

    @api.model
    def _say_item_of_pay(self, item, terms):
        """A pay item in one line: what it is of, for whom, times what, if, within, when.

        :param item: its record; :param terms: :class:`~...engine.items.Terms` of it
        """
        parts = [self._say_of_what(terms)]
        if item.amount_ids:
            amounts = format_list(self.env, item.amount_ids.mapped("sentence"))
            if terms.scale:  # they only say for whom
                parts.append(amounts)
            else:
                parts = [self._say_named(*parts, amounts)]
        parts += [self.env._("times %s", each.sentence) for each in item.factor_ids]
        if item.proviso_ids:
            parts.append(self._say_provisos(item.proviso_ids.mapped("sentence")))
        if terms.floor is not None:
            parts.append(self.env._("at least %s", plain(terms.floor)))
        if terms.cap is not None:
            parts.append(self.env._("at most %s", plain(terms.cap)))
        return self._say_one_by_one([*parts, *self._say_when(item, terms)])

    @api.model
    def _say_of_what(self, terms):
        if terms.of == AMOUNT:
            if terms.by_days:
                return self.env._("an amount, by calendar days")
            return self.env._("an amount for the month, of the tier held last")
        names = {"metric": self._say_metric(terms.metric) if terms.metric else "?"}
        if terms.scale:
            names["scale"] = self._say_one_by_one(self._say_scale(terms.scale).split("\n"))
            if terms.percent:
                what = self.env._("percent of %(metric)s: %(scale)s", **names)
            else:
                what = self.env._("by %(metric)s: %(scale)s", **names)
        elif terms.percent:
            what = self.env._("percent of %(metric)s", **names)
        else:
            what = self.env._("for each of %(metric)s", **names)
        if terms.of != POOL:
            return what
        members = {
            "department": self.env._("the members of the department"),
            "company": self.env._("the members of the company"),
        }[terms.within]
        if terms.share_by:
            return self.env._(
                "%(what)s, divided among %(members)s by %(metric)s",
                what=what,
                members=members,
                metric=self._say_metric(terms.share_by),
            )
        return self.env._("%(what)s, divided equally among %(members)s", what=what, members=members)

    @api.model
    def _say_amount(self, amount, names):
        """``100 (Senior, Front desk)``; of what is for all, the amount alone."""
        if not names:
            return plain(amount)
        return self.env._("%(amount)s (%(names)s)", amount=plain(amount), names=names)

    @api.model
    def _say_factor(self, factor):
        """What multiplies an item."""
        known = {
            SCORE: self.env._("the share that the score earns"),
            CLASS: self.env._("the coefficient of the class"),
            FULL_TIME: self.env._("the share of full time"),
            FIXED: plain(factor.number),
        }
        if factor.kind in known:
            return known[factor.kind]
        metric = self._say_metric(factor.metric)
        if not factor.scale:
            return metric
        scale = self._say_one_by_one(self._say_scale(factor.scale).split("\n"))
        return self.env._("%(metric)s (%(scale)s)", metric=metric, scale=scale)

    @api.model
    def _say_when(self, item, terms):
        """When an item is paid, and what unpaid leave makes of it."""
        sentences = []
        if terms.months:
            months = self._say_listed(map(str, sorted(terms.months)))
            sentences.append(self.env._("only in months %s", months))
        if terms.later:
            sentences.append(self.env._("paid %s months later", terms.later))
        if terms.now < 100:
            sentences.append(
                self.env._(
                    "%(share)s %% of it then, the rest in the next year from month %(month)s on, "
                    "in %(parts)s parts",
                    share=plain(terms.now),
                    month=terms.rest_month,
                    parts=terms.rest_parts,
                )
            )
        if terms.is_deferred and not terms.lapses:
            sentences.append(self.env._("of who leaves all of it with the last payslip"))
        if item.leave != "all":
            leave = dict(item._fields["leave"]._description_selection(self.env))
            sentences.append(self.env._("unpaid leave reduces it: %s", leave[item.leave]))
        return sentences
