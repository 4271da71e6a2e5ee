"""What the items that a policy's own rows say go by, of one agent's month: what was measured,
shares of pools, what others are paid, what the agent is, and what earlier months have left."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from odoo.addons.cs_promotion.engine.calendar import month_end
from odoo.addons.cs_promotion.engine.items import (
    CLASS,
    COEFFICIENT,
    EARLIER,
    POOL,
    SHARE,
    Terms,
    divide,
)
from odoo.addons.cs_promotion.engine.pay import Item
from odoo.addons.cs_promotion.engine.series import together
from odoo.addons.cs_promotion.engine.vocabulary import COUNT

from .figures import compute_items


class Circle(LookupError):
    """Somebody's pay would go by itself; ``args[0]`` is the code of the metric."""


class OwnItems:
    """Figures of own items, of the months of one :class:`~.known.Known`, found when asked for.

    Second passes - a pool's members, a team's pay, earlier months - go over the same facts: no
    query is made for them.
    """

    def __init__(self, known):
        self.known = known
        self._shares, self._paid = {}, {}
        self._asking = set()  # whose pay is being asked for: asked for again, it is a circle

    def values(self, employee, period, results, terms, held, kept=None, absent=None, only=None):
        """Value by code of a metric, of a pool's share, of the items that are for the agent alone;
        and of what earlier months left, when others may have been.

        :param kept: what a payslip keeps of it: that stands while a month is open
        :param absent: unpaid leave; None for what payslips say
        :param only: codes of items: of these alone, whatever earlier months left of them
        """
        measured = self._measured(employee, results, terms, kept)
        found = {}
        for item in terms.own:
            if only is not None and item.code not in only:
                continue
            concerned = self._concerns(item, held)
            if concerned and (not item.months or period.month.month in item.months):
                for code in self._codes(item):
                    value = measured.get(code)
                    if value is None and code in terms.teams:  # none that stands
                        value = self._team_pay(code, employee, period, results, terms)
                    if value is None and code in terms.sums:
                        value = self._own_pay(
                            *(code, employee, period, results, terms, held, kept, absent)
                        )
                    if value is not None:
                        found[code] = value
                if item.of == POOL:
                    found[item.code + SHARE] = self._share(item, employee, results, terms)
            if item.is_deferred and only is None:
                stands = kept if item.code + EARLIER in terms.reviewed else None
                left = self._earlier(item, employee, period, stands, absent)
                if left or concerned:
                    found[item.code + EARLIER] = left
        return found

    def _concerns(self, item: Terms, held) -> bool:
        return not item.amounts or any(
            dict(each.amounts).get(item.code) or any(more.code == item.code for more in each.raises)
            for each in held
        )

    def _codes(self, item: Terms):
        """Codes of the figures that it goes by."""
        given = (*item.factors, *item.provisos)
        codes = [each.metric.code for each in given if each.metric]
        codes += [item.metric.code] if item.metric else []
        return codes + [COEFFICIENT] * any(each.kind == CLASS for each in item.factors)

    def _measured(self, employee, results, terms, kept) -> Mapping:
        measured = self.known.measured.get((employee, results), {})
        if kept is None or results in self.known.closed:
            return measured
        # what comes of reviews is not known while the month is open: what was paid by stands
        found = {code: each for code, each in measured.items() if code not in terms.reviewed}
        return found | {code: each for code, each in kept.items() if code in terms.reviewed}

    # ------------------------------------------------------------------ pools

    def _share(self, item: Terms, employee, results, terms) -> Fraction:
        key = terms.policy, item.code, results
        if key not in self._shares:
            self._shares[key] = self._divide(item, results, terms)
        return self._shares[key].get(employee, Fraction(0))

    def _divide(self, item: Terms, results, terms) -> dict:
        """Employee id -> share of the pool, of all who are members and whom it is for."""
        members = defaultdict(dict)
        for id_, timeline in self.known.timelines.items():
            last = timeline.last_in(results, month_end(results))
            if last is None:
                continue
            held = last.tier, last.department, last.job, terms.paid_as.get(last.tier)
            if item.amounts and not item.amount_of(*held):
                continue
            place = last.department if item.within == "department" else None
            members[place][id_] = self._weight(item, id_, results)
        shares = {}
        for weights in members.values():
            shares |= divide(weights.items())
        return shares

    def _weight(self, item: Terms, employee, results) -> Fraction:
        if item.share_by is None:
            return Fraction(1)
        code, result = item.share_by.code, self.known.results.get((employee, results))
        value = {
            "sales": self.known.sales.get((employee, results)),
            "month_score": result.score if result else None,
        }.get(code)
        if value is None:
            value = self.known.measured.get((employee, results), {}).get(code)
        return Fraction(value or 0)

    # ------------------------------------------------------------------ what others are paid

    def _team_pay(self, code, employee, period, results, terms) -> Fraction | None:
        """The mean of the items of those others who were employed for the whole month."""
        if (employee, period) in self._asking:
            raise Circle(code)
        team, timelines = terms.teams[code], self.known.timelines
        own = timelines[employee].last_in(period.start, period.end)
        amounts = []
        self._asking.add((employee, period))
        try:
            for id_, timeline in timelines.items():
                last = timeline.last_in(period.start, period.end)
                if (
                    id_ == employee
                    or not (own and last)
                    or (team.within == "department" and last.department != own.department)
                    or (team.tiers and last.tier not in team.tiers)
                    or sum(each.days for each in self.known.held(id_, period)) < period.days
                ):
                    continue
                paid = self._pay(id_, period, results, terms)
                amounts.append(sum(paid.get(each, Decimal(0)) for each in team.items))
        finally:
            self._asking.discard((employee, period))
        return Fraction(sum(amounts)) / len(amounts) if amounts else None

    def _pay(self, employee, period, results, terms) -> dict:
        """Code -> amount of what somebody is paid in a month."""
        key = employee, period, results
        if key not in self._paid:
            absent = self.known.absences.get((employee, period.month), Fraction(0))
            result = self.known.results.get((employee, results))
            figures = self.known.figures_of(
                *(employee, period, results, terms, result.score if result else None),
                *(self.known.sales.get((employee, results)), absent),
            )
            self._paid[key] = {item.code: item.amount for item in figures.items}
        return self._paid[key]

    # ------------------------------------------------------------------ what the agent is paid

    def _own_pay(
        self, code, employee, period, results, terms, held, kept, absent
    ) -> Fraction | None:
        """What the agent's own items come to in the month, or the longer period that ends with
        it: those of before by the policy of their time."""
        if (employee, period, code) in self._asking:
            raise Circle(code)
        known, added = self.known, terms.sums[code]
        months = added.months(period.month)
        is_closed = known.closed.issuperset(map(known.calendar.results, months))
        if kept and code in kept and code in terms.reviewed and not is_closed:
            return kept[code]  # what it was paid by stands
        self._asking.add((employee, period, code))
        try:
            found = [
                self._items(added.items, employee, period, results, terms, held, absent)
                if month == period.month
                else self._items_of(added.items, employee, month)
                for month in reversed(months)
            ]
        finally:
            self._asking.discard((employee, period, code))
        amounts = [sum(Fraction(each.amount) for each in items) for items in found if items]
        if added.gather == COUNT:
            return Fraction(len(amounts))
        return together(added.gather, amounts) if amounts else None

    def _items_of(self, codes, employee, month) -> tuple[Item, ...]:
        """The items of another month, by the policy of its time; none where no tier was held."""
        known = self.known
        period, results = known.calendar.period(month), known.calendar.results(month)
        try:
            terms = known.get_terms(period)
        except KeyError:
            return ()  # before the first policy
        held = known.held(employee, period, terms)
        if not any(each.tier for each in held):
            return ()
        return self._items(codes, employee, period, results, terms, held)

    def _items(
        self, codes, employee, period, results, terms, held, absent=None
    ) -> tuple[Item, ...]:
        """The items of these codes as they are of a month, whenever they are paid; none where a
        tier held has no pay."""
        known = self.known
        if any(each.tier and each.tier not in terms.lines for each in held):
            return ()
        if absent is None:
            absent = known.absences.get((employee, period.month), Fraction(0))
        result = known.results.get((employee, results))
        own = self.values(employee, period, results, terms, held, absent=absent, only=codes)
        return compute_items(
            terms._replace(
                items=tuple(replace(each, later=None) for each in terms.items if each.code in codes)
            ),
            period.days,
            held,
            result.score if result else None,
            known.sales.get((employee, results)),
            absent,
            known.places,
            {**known.values.get((employee, results), {}), **own},
            period.month.month,
        )

    # ------------------------------------------------------------------ earlier months

    def _earlier(self, item: Terms, employee, period, kept, absent) -> Decimal:
        """What earlier months have left of an item to be paid in this one; of who leaves in it
        all that is left, its own rest included, where that does not lapse."""
        known, months = self.known, sorted(item.earlier(period.month))
        timeline = known.timelines[employee]
        if not item.lapses:  # what a former employment left was paid at its end
            joined = timeline.joined(period.end) or period.start
            months = [each for each in months if month_end(each) >= joined]
        if kept is not None and not known.closed.issuperset(map(known.calendar.results, months)):
            standing = kept.get(item.code + EARLIER)
            if standing is not None:
                return standing
        left = timeline.left(period.end)
        leaves = not item.lapses and left is not None and period.start <= left <= period.end
        found = sum(
            (self._due(item.code, employee, month, period.month, leaves) for month in months),
            Decimal(0),
        )
        if leaves:  # the part of its own month that is paid anyway is not among it
            own = period.month, period.month, True, absent
            found += self._due(item.code, employee, *own) - self._due(
                item.code, employee, *own[:2], False, absent
            )
        return found

    def _due(self, code, employee, of, month, leaves, absent=None) -> Decimal:
        """What of one month's item is paid in another one, by the policy of its time; of who
        leaves in that all that was not paid before."""
        known = self.known
        period, results = known.calendar.period(of), known.calendar.results(of)
        try:
            terms = known.get_terms(period)
        except KeyError:
            return Decimal(0)  # before the first policy
        item = next((each for each in terms.own if each.code == code), None)
        if item is None:
            return Decimal(0)
        held = known.held(employee, period, terms)
        found = self._items((code,), employee, period, results, terms, held, absent)
        due = [item.due(each.amount, of, month, known.places) for each in found]
        if leaves:
            due += [item.left(each.amount, of, month, known.places) for each in found]
        return sum(due, Decimal(0))
