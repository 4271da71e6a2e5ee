"""The terms that the core declares, as ``policy.md`` uses them. Their names are given by
``env["cs.vocabulary"]``, which collects those of all addons.
"""

from decimal import Decimal

from .engine.pay import (
    APPRAISAL,
    BASE,
    COMMISSION,
    PayItem,
    appraisal_pay,
    base_pay,
    commission,
)
from .engine.rule import MONTHS_MAX
from .engine.vocabulary import (
    COUNT,
    EVENT,
    LAST,
    LONGER,
    MONTH,
    MONTHS,
    REVIEW_RECORD,
    SUM,
    VIOLATION,
    YEARS,
    Metric,
    Outcome,
    Rater,
)

_SCORE = {"high": Decimal(100), "step": Decimal("0.01"), "little": Decimal(3)}
_RANK = {"low": Decimal(1), "little": Decimal(2)}
_PLACE = _RANK | {"placed": True}
_SHARE = {"high": Decimal(100), "step": Decimal("0.01"), "little": Decimal(5)}
_REVIEW = {"records": REVIEW_RECORD, "source": "cs.review.series"}
_TERM = {"source": "cs.term", "high": Decimal(MONTHS_MAX)}


def _results(grain):
    """What comes out of a period: the score, and where it stands among those ranked."""
    return (
        Metric(f"{grain}_score", grain, **_SCORE, **_REVIEW),
        Metric(f"{grain}_rank", grain, **_PLACE, **_REVIEW),
        Metric(f"{grain}_class", grain, **_RANK, **_REVIEW),
        Metric(f"{grain}_place_bottom", grain, **_PLACE, **_REVIEW),
        Metric(f"{grain}_share", grain, **_SHARE, **_REVIEW),
        Metric(f"{grain}_share_bottom", grain, **_SHARE, **_REVIEW),
    )


METRICS = (
    *(metric for grain in (MONTH, *LONGER) for metric in _results(grain)),
    Metric("tenure_months", EVENT, MONTHS, source="cs.timeline"),
    Metric("awards", MONTH, COUNT, source="cs.award", gather=COUNT),
    Metric("violations", EVENT, COUNT, VIOLATION, source="cs.violation"),
    Metric(
        "violation_points",
        EVENT,
        SUM,
        VIOLATION,
        source="cs.violation",
        step=Decimal("0.01"),
    ),
    Metric("warnings", EVENT, COUNT, source="cs.effect"),
    Metric("raises", EVENT, COUNT, source="cs.effect"),
    Metric("trial_months", EVENT, LAST, **_TERM),
    Metric("months_since_trial", EVENT, LAST, **_TERM),
    Metric("plan_months", EVENT, LAST, **_TERM),
    Metric("plans", EVENT, COUNT, source="cs.term"),
    Metric("tenure_tier", EVENT, MONTHS, source="cs.timeline"),
    Metric("tenure_years", EVENT, YEARS, source="cs.timeline"),
    Metric("tenure_department", EVENT, MONTHS, source="cs.timeline"),
    Metric("since_promotion", EVENT, MONTHS, source="cs.timeline"),
    Metric("sales", MONTH, source="cs.figure", low=Decimal("-1e9"), step=Decimal("0.01")),
    Metric("handled", MONTH, source="cs.figure"),
    Metric("complaints", MONTH, source="cs.figure"),
)

OUTCOMES = (
    Outcome("promote", step=1),
    Outcome("demote", step=-1),
    Outcome("dismissal_review", bars=True),
    Outcome("warning"),
    Outcome("award", good=True),
    Outcome("raise", good=True),
    Outcome("plan", by_rule=True, begins="plan"),
    Outcome("keep", good=True, ends=True),
)

RATERS = (
    Rater("superior", person="superior_id"),
    Rater("office", group="cs_promotion.group_office"),
    Rater("superior2", person="superior2_id"),
    Rater("head", person="head_id"),
    Rater("self", person="employee_id"),
)
# Of these the policy says who they are: people, a group of users, or a metric instead of people
NAMED, GROUP = Rater("named", own=True), Rater("group", own=True)
COLLEAGUES, METRIC = Rater("colleagues", own=True), Rater("metric", own=True)

_HELD = {"tier", "days", "policy", "leave", "raise"}

PAY_ITEMS = (
    PayItem(
        BASE,
        base_pay,
        leave=("base", "all"),
        rests_on=frozenset({"wage", *_HELD}),
        alike=r"^(BASE|BASIC|WAGE|SALARY)$",
    ),
    PayItem(
        APPRAISAL,
        appraisal_pay,
        rests_on=frozenset({"score", *_HELD}),
        alike=r"APPRAISAL|PERF|KPI|绩效",
    ),
    PayItem(
        COMMISSION,
        commission,
        rests_on=frozenset({"sales", *_HELD}),
        alike=r"^COMM|COMMISSION|提成",
    ),
)
