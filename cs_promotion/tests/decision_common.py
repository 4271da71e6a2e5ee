"""What tests of decisions share: months in which several agents have totals of their own."""

from ..engine.calendar import add_months
from .common import CsPromotionCase


class DecisionCase(CsPromotionCase):
    @classmethod
    def _play_totals(cls, first, **totals):
        """Play months from ``first`` on; the keywords give agents' totals by attribute name."""
        months = max(len(each) for each in totals.values())
        for index in range(months):
            scores = {
                getattr(cls, name): each[index]
                for name, each in totals.items()
                if each[index] is not None
            }
            cls._play(f"{add_months(cls._day(first), index):%Y-%m}", scores)
