"""Policy 11 by a table: what each kind of condition makes of the same few reviews."""

from datetime import date
from decimal import Decimal
from itertools import product

from dateutil.relativedelta import relativedelta

from ..engine.conditions import examine
from ..engine.facts import Closing
from ..engine.rule import OPERATORS
from ..engine.series import WINDOWS
from .test_engine_strategies import (
    CODES,
    EngineCase,
    Review,
    asks,
    closing,
    day,
    known,
    number,
    violation,
)


class TestMatrix(EngineCase):
    """Each metric, operator, window, consecutive or not, and times, against a table by hand.

    Six reviews in a row: the first, third, fifth and sixth meet the condition (``x``), the second
    and fourth do not (``.``), and the tier began with the third.
    """

    PATTERN = "x.x.xx"
    BEGAN = 2  # the tier: "x.xx"
    # operator -> value, value_max, what meets it, what just does not; in steps of the metric
    SCORES = {
        ">=": ("70", None, "70", ("69.99", "69.99")),
        ">": ("70", None, "70.01", ("70", "69.99")),
        "<=": ("70", None, "70", ("70.01", "100")),
        "<": ("70", None, "69.99", ("70", "70.01")),
        "=": ("70", None, "70", ("69.99", "70.01")),
        "between": ("70", "75", "74.99", ("70", "75")),
    }
    NUMBERS = {
        ">=": ("3", None, "3", ("2", "1")),
        ">": ("3", None, "4", ("3", "2")),
        "<=": ("3", None, "3", ("4", "5")),
        "<": ("3", None, "2", ("3", "4")),
        "=": ("3", None, "3", ("2", "4")),
        "between": ("2", "4", "3", ("2", "4")),
    }
    # window, its length in reviews, reviews held -> met for 1, 2, 3, 4 times: any, consecutive
    TABLE = {
        ("latest", 0, 6): ("TTFF", "TTFF"),  # x | xx | .xx | x.xx
        ("latest", 0, 5): ("TFFF", "TFFF"),  # x | .x | x.x | .x.x
        ("latest", 0, 4): ("FFFF", "FFFF"),  # the newest is none
        ("tier", 0, 6): ("TTTF", "TTFF"),  # x.xx
        ("tier", 0, 5): ("TTFF", "TFFF"),  # x.x
        ("tier", 0, 4): ("TFFF", "FFFF"),  # x.
        ("tier", 0, 2): ("FFFF", "FFFF"),  # before the tier
        ("first_months", 3, 6): ("FFFF", "FFFF"),  # they are over
        ("first_months", 3, 5): ("TTFF", "TFFF"),  # x.x
        ("first_months", 3, 4): ("TFFF", "FFFF"),  # x.
        ("first_months", 4, 6): ("TTTF", "TTFF"),  # x.xx
        ("rolling_months", 2, 6): ("TTFF", "TTFF"),  # xx
        ("rolling_months", 3, 6): ("TTFF", "TTFF"),  # .xx
        ("rolling_months", 3, 5): ("TTFF", "TFFF"),  # x.x
        ("rolling_months", 9, 6): ("TTTF", "TTFF"),  # x.xx: no further than the tier
        ("rolling_months", 1, 4): ("FFFF", "FFFF"),  # .
    }

    def history(self, metric: str, compare: str, held: int):
        """The facts as of the last of ``held`` reviews, and that closing."""
        kind, _, figure = metric.partition("_")
        length = 1 if kind == "month" else 3
        _value, _max, meets, misses = (self.SCORES if figure == "score" else self.NUMBERS)[compare]
        reviews = []
        for index, mark in enumerate(self.PATTERN[:held]):
            start = date(2025, 1, 1) + relativedelta(months=index * length)
            end = start + relativedelta(months=length, days=-1)
            found = Decimal(meets if mark == "x" else misses[index // 2])
            score, rank = (found, None) if figure == "score" else (None, int(found))
            reviews.append(Review(f"review {index}", start, end, score, rank))
        since = date(2025, 1, 1) + relativedelta(months=self.BEGAN * length)
        facts = known(since=str(since), **{f"{kind}s": tuple(reviews)})
        return facts, Closing(end), length

    def assert_row(self, metric, compare, row, expected):
        window, reviews, held = row
        facts, close, length = self.history(metric, compare, held)
        value, value_max, *_ = (self.SCORES if metric.endswith("score") else self.NUMBERS)[compare]
        for consecutive, marks in zip((False, True), expected, strict=True):
            for times, mark in enumerate(marks, start=1):
                condition = asks(
                    metric,
                    compare,
                    number(value),
                    number(value_max),
                    times,
                    consecutive,
                    window,
                    reviews * length,
                )
                self.assertEqual(
                    examine(condition, facts, close).met, mark == "T", (condition, held)
                )

    def test_11_every_metric_operator_window_consecutive_and_times(self):
        for metric, compare in product(CODES[:4], OPERATORS):
            for row, expected in self.TABLE.items():
                self.assert_row(metric, compare, row, expected)

    def test_11_every_counted_metric_and_operator(self):
        """Counted metrics have no times: the number itself decides, in every window."""
        close = closing("2026-06")
        for compare, (value, value_max, meets, misses) in self.NUMBERS.items():
            for found, met in ((meets, True), *((each, False) for each in misses)):
                count = int(found)
                facts = {
                    "tenure_months": known(
                        joined=str(close.effective - relativedelta(months=count))
                    ),
                    "awards": known(awards=(day("2026-06-01"),) * count),
                    "violations": known(violations=(violation("2026-06-30"),) * count),
                }
                for metric, window in product(CODES[4:], WINDOWS):
                    condition = asks(
                        metric, compare, number(value), number(value_max), 9, True, window, 12
                    )
                    finding = examine(condition, facts[metric], close)
                    self.assertEqual((finding.count, finding.met), (count, met), condition)
