from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from odoo import api, models

from odoo.addons.cs_promotion.engine.decimals import fraction
from odoo.addons.cs_promotion.engine.pay import PayItem
from odoo.addons.cs_promotion.engine.vocabulary import (
    COUNT,
    EVENT,
    MONTH,
    Metric,
    Outcome,
    Rater,
)
from odoo.addons.cs_promotion_appeal.vocabulary import Appeal

PRAISE = Metric("praise", EVENT, COUNT, source="cs.praise")
COMMENDATION = Outcome("commendation")

NIGHT_SHIFTS = Metric("nights", MONTH, source="cs.figure", high=Decimal(31))
RATE = Decimal(15)


def night_pay(settings, month):
    """Night shifts at 15.00 each, whatever tier is held: by the shift, not by the day."""
    held = any(span.on_ladder for span in month.spans)
    amount = fraction(month.values.get(NIGHT_SHIFTS.code, 0) * RATE) if held else Fraction(0)
    return amount, Fraction(1), (amount,)


NIGHTS = PayItem("NIGHTS", night_pay, leave=(), rests_on=frozenset({NIGHT_SHIFTS.code}))

COLLEAGUE = Rater("colleague", person="colleague_id")

FIGURES = Appeal("figures", field="figure_id", since="create_date", days=10)


class CsVocabulary(models.AbstractModel):
    _inherit = "cs.vocabulary"

    @api.model
    def _get_metrics(self):
        praise = replace(PRAISE, name=self.env._("Letters of thanks"))
        nights = replace(NIGHT_SHIFTS, name=self.env._("Night shifts"))
        return super()._get_metrics() | {praise.code: praise, nights.code: nights}

    @api.model
    def _get_outcomes(self):
        commendation = replace(COMMENDATION, name=self.env._("Commendation"))
        return super()._get_outcomes() | {commendation.code: commendation}

    @api.model
    def _get_raters(self):
        colleague = replace(COLLEAGUE, name=self.env._("Colleague"))
        return super()._get_raters() | {colleague.code: colleague}

    @api.model
    def _get_pay_items(self):
        nights = replace(NIGHTS, name=self.env._("Night shifts"))
        return super()._get_pay_items() | {nights.code: nights}

    @api.model
    def _get_appeals(self):
        figures = replace(FIGURES, name=self.env._("Monthly figures"))
        return super()._get_appeals() | {figures.code: figures}
