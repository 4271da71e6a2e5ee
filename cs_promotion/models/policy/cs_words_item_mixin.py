from functools import reduce

from odoo import api, models

from ...engine.decimals import fraction, plain, round_half_up
from ...engine.form import ADDS, FAILS, LEFT_OUT, NOTHING, TAKES
from ...engine.scale import BANDS


class CsWordsItemMixin(models.AbstractModel):
    """The items of a scorecard in words: how one is rated, what it does to the score, and what
    was measured of it."""

    _name = "cs.words.item.mixin"
    _description = "CS Scorecard Items in Words"

    @api.model
    def _say_item(self, item):
        """How an item is rated and what it does, a phrase each; nothing of one that everyone
        rates by its section's words, and that counts."""
        phrases = self._say_source(item)
        if item.rater and not item.is_measured:
            raters = dict(self.env["cs.vocabulary"]._get_rater_choice())
            phrases.append(
                self.env._("rated by %s alone", raters.get(item.rater, item.rater)),
            )
        effect = self._say_effect(item)
        return [*phrases, effect] if effect else phrases

    @api.model
    def _say_item_in_one(self, item):
        """The same in one sentence."""
        return reduce(
            lambda first, then: self.env._("%(first)s; %(then)s", first=first, then=then),
            self._say_item(item) or [""],
        )

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
