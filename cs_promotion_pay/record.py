"""What a payslip keeps of its figures, as plain JSON, and how it compares with them today (W7)."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from odoo.addons.cs_promotion.engine.pay import Item

from .figures import Figures, Held, Raise
from .known import Period

SCHEMA = 2
APART = ";"


class Cause(NamedTuple):
    """Why an item is worth something else now: its kind, one of what a pay item rests on, and
    what was and is known of it."""

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
        "values": {code: str(value) for code, value in figures.values.items()},
        "absent": str(figures.absent),
        "items": {item.code: _item(item) for item in figures.items},
        "pays": None if figures.pays is None else list(figures.pays),
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


def amount_of(kept: Mapping, code: str) -> Decimal:
    """What a payslip was computed to pay of an item: what returned goods take is not (W7).

    A line that HR edited is meant so: it is compared with what was computed all the same.
    """
    item = kept["items"].get(code)
    if not item:
        return Decimal(0)
    amount = Decimal(item["amount"])
    return amount if item.get("deducts") else max(Decimal(0), amount)


def pays(kept: Mapping, code: str) -> bool:
    """Whether the payslip's structure paid the item: what it did not is none of its matter, nor
    is an item that was declared later."""
    return code in (kept["items"] if kept.get("pays") is None else kept["pays"])


def facts_of(figures: Figures) -> str:
    """What an amount can depend on, as one short text: as long as it is the same, so is what is
    due, and nothing has to be computed to see that (:func:`join_facts`)."""
    return join_facts(
        join_period(figures.start, figures.end, figures.results),
        figures.policy,
        _text(figures.score),
        figures.sales,
        figures.held,
        figures.values,
    )


def join_period(start: date, end: date, results: date) -> str:
    """The part of the facts that a paid month keeps for ever: its days, whose results it pays."""
    return f"{start}/{end}/{results}"


def split_facts(facts: str) -> tuple[str, str]:
    """The period and the score of :func:`join_facts`; the score is empty for none."""
    period, _policy, score, _rest = facts.split(APART, 3)
    return period, score


def read_period(text: str) -> tuple[Period, date]:
    """The pay month and the month of the results of :func:`join_period`."""
    start, end, results = map(date.fromisoformat, text.split("/"))
    return Period(end.replace(day=1), start, end), results


def join_facts(
    period: str,
    policy: int,
    score: str | None,
    sales: Decimal | None,
    held: Iterable[Held],
    values: Mapping[str, Decimal],
) -> str:
    """The facts of a pay month but for the unpaid leave, which is the payslip's own."""
    stretches = ",".join(map(_stretch, held))
    # none where there are none: payslips of before further figures were read have the same text
    further = (f"{code}={value}" for code, value in sorted(values.items()))
    return APART.join((period, str(policy), score or "", str(sales), stretches, *further))


def read_values(facts: str) -> dict[str, Fraction]:
    """The further figures of :func:`join_facts`, by metric code."""
    values = (text.rpartition("=") for text in facts.split(APART)[5:])
    return {code: Fraction(value) for code, _sign, value in values}


def _stretch(held: Held) -> str:
    text = f"{held.tier}:{held.start}:{held.end}:{held.agreed}:{held.full_time}"
    # none where there are none: as payslips of earlier releases have it
    amounts = (f"{code}={amount}" for code, amount in held.amounts)
    return ":".join((text, *amounts, *map(_raise, held.raises)))


def _raise(each: Raise) -> str:
    return f"{each.code}+{each.amount}/{each.start}/{each.end}"


def find_causes(kept: Mapping, now: Figures, item: Item) -> tuple[Cause, ...]:
    """Why an item is worth something else now than when the payslip was computed.

    A change of what is kept alone: one that does not change the amount names no cause.
    """
    # compared as they are kept, in texts: what both write alike is the same
    held = [_held(each) for each in now.held]
    values = kept.get("values", {})
    pairs = {
        "score": (kept["score"], _text(now.score)),
        "sales": (kept["sales"], _text(now.sales)),
        **{
            code: (values.get(code), _text(now.values.get(code)))
            for code in sorted({*values, *now.values})
        },
        "tier": (_tiers(kept["held"]), _tiers(held)),
        "days": (_days(kept["held"]), _days(held)),
        "wage": (_wages(kept["held"]), _wages(held)),
        "amounts": (_amounts(kept["held"]), _amounts(held)),
        "raise": (_raises(kept["held"], item.code), _raises(held, item.code)),
        "policy": (_text(kept["policy"]), _text(now.policy)),
        "leave": (kept["absent"], str(now.absent)),
    }
    found = {kind for kind, (before, after) in pairs.items() if before != after}
    if "tier" in found:
        found.discard("days")  # other tiers have other days: that is said already
        if len(pairs["wage"][0]) != len(pairs["wage"][1]):
            found.discard("wage")
    return tuple(
        Cause(kind, *pair)
        for kind, pair in pairs.items()
        if kind in item.declared.rests_on and kind in found
    )


def _held(held: Held) -> dict:
    return {
        "tier": held.tier,
        "start": str(held.start),
        "end": str(held.end),
        "agreed": _text(held.agreed),
        "full_time": str(held.full_time),
        **({"amounts": {c: str(a) for c, a in held.amounts}} if held.amounts else {}),
        **({"raises": [[*map(str, each)] for each in held.raises]} if held.raises else {}),
    }


def _item(item: Item) -> dict:
    return {
        "basis": str(item.basis),
        "rate": str(item.rate),
        "parts": [str(part) for part in item.parts],
        "amount": str(item.amount),
        **({"deducts": True} if item.declared.deducts else {}),
    }


def _tiers(held: Iterable[Mapping]) -> str:
    """Ids of the tiers, one after the other; 0 off the ladder."""
    return " ".join(str(each["tier"] or 0) for each in held)


def _days(held: Iterable[Mapping]) -> str:
    """First and last days of the stretches, one after the other."""
    return " ".join(f"{each['start']}/{each['end']}" for each in held)


def _wages(held: Iterable[Mapping]) -> str:
    """Agreed wage and share of full time of the stretches, one after the other."""
    return " ".join(f"{each['agreed'] or ''}/{Fraction(each['full_time'])}" for each in held)


def _amounts(held: Iterable[Mapping]) -> str:
    """What the policy's own items were for the stretches, one after the other."""
    given = (sorted((each.get("amounts") or {}).items()) for each in held)
    # in the order of their codes: the database keeps keys in one of its own
    return " ".join(",".join(map("=".join, each)) for each in given)


def _raises(held: Iterable[Mapping], code: str) -> str:
    """Amounts and days of what was paid more of an item, one after the other."""
    found = (each for stretch in held for each in stretch.get("raises", ()))
    return " ".join("/".join(each[1:]) for each in found if each[0] == code)


def _text(value) -> str | None:
    return None if value is None else str(value)
