"""What a payslip keeps of its figures, as plain JSON, and how it compares with them today (W7)."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from odoo.addons.cs_promotion.engine.pay import APPRAISAL, BASE, COMMISSION, Item

from .figures import Figures, Held
from .known import Kept, Period

SCHEMA = 2

# kind of cause -> the items whose amount it can change
CAUSES = {
    "score": (APPRAISAL,),
    "sales": (COMMISSION,),
    "tier": (BASE, APPRAISAL, COMMISSION),
    "wage": (BASE,),
    "policy": (BASE, APPRAISAL, COMMISSION),
    "leave": (BASE, APPRAISAL, COMMISSION),
}


class Cause(NamedTuple):
    """Why an item is worth something else now: its kind, and what was and is known of it."""

    kind: str
    before: str | None
    after: str | None


def record(figures: Figures, due: Decimal, taken: Decimal) -> dict:
    """The figures of a payslip as JSON: amounts as strings, exact.

    :param due: fines due; :param taken: what the payslip's lines take of them
    """
    return {
        "schema": SCHEMA,
        "month": str(figures.month),
        "start": str(figures.start),
        "end": str(figures.end),
        "results": str(figures.results),
        "policy": figures.policy,
        "held": [_held(each) for each in figures.held],
        "score": _text(figures.score),
        "rank": figures.rank,
        "sales": _text(figures.sales),
        "absent": str(figures.absent),
        "items": {item.code: _item(item) for item in figures.items},
        "due": str(due),
        "taken": str(taken),
        "carried": str(due - taken),
        "warnings": list(figures.warnings),
    }


def read_held(kept: Mapping) -> Iterator[tuple[int | None, date, date]]:
    """Tier, first and last day of each stretch that a payslip keeps.

    Payslips of 19.0.1.0.0 keep these three alone, as a list.
    """
    for each in kept["held"]:
        tier, start, end = (
            each if isinstance(each, list) else (each["tier"], each["start"], each["end"])
        )
        yield tier, date.fromisoformat(start), date.fromisoformat(end)


def read_kept(kept: Mapping) -> Kept | None:
    """The days of the pay month that a payslip keeps, and whose results it pays; None where it is
    of an old release, which knew calendar months and their own results alone."""
    if "results" not in kept:
        return None
    month, start, end, results = (
        date.fromisoformat(kept[name]) for name in ("month", "start", "end", "results")
    )
    return Kept(Period(month, start, end), results)


def amount_of(kept: Mapping, code: str) -> Decimal:
    """What a payslip was computed to pay of an item: what returned goods take is not (W7)."""
    item = kept["items"].get(code)
    return max(Decimal(0), Decimal(item["amount"])) if item else Decimal(0)


def find_causes(kept: Mapping, now: Figures, code: str) -> tuple[Cause, ...]:
    """Why an item is worth something else now than when the payslip was computed.

    A change of what is kept alone: one that does not change the amount names no cause. None at
    all where the payslip is of an old release and keeps its amounts only.
    """
    if "results" not in kept:
        return ()
    tiers = [(each["tier"], each["start"], each["end"]) for each in kept["held"]]
    pairs = {
        "score": (kept["score"], _text(now.score)),
        "sales": (kept["sales"], _text(now.sales)),
        "tier": (tiers, [(each.tier, str(each.start), str(each.end)) for each in now.held]),
        "wage": (_wages(kept["held"]), _wages(_held(each) for each in now.held)),
        "policy": (kept["policy"], now.policy),
        "leave": (kept["absent"], str(now.absent)),
    }
    return tuple(
        Cause(kind, *(_text_of(value) for value in pairs[kind]))
        for kind, items in CAUSES.items()
        if code in items and pairs[kind][0] != pairs[kind][1]
    )


def _held(held: Held) -> dict:
    return {
        "tier": held.tier,
        "start": str(held.start),
        "end": str(held.end),
        "agreed": _text(held.agreed),
        "full_time": str(held.full_time),
    }


def _item(item: Item) -> dict:
    return {
        "basis": str(item.basis),
        "rate": str(item.rate),
        "parts": [str(part) for part in item.parts],
        "amount": str(item.amount),
    }


def _wages(held: Iterable[Mapping]) -> list:
    return [(each["agreed"], each["full_time"]) for each in held]


def _text(value) -> str | None:
    return None if value is None else str(value)


def _text_of(value) -> str | None:
    """Scores and sales as they are; what is longer says itself only that it changed."""
    return value if isinstance(value, str) else None
