"""One agent's employment as dated stretches: which tier and department on which day.

Built from the rows of Odoo's dated employee record (``hr.version``): a version counts from
its date until the next one begins, cut to its contract. The first version reaches back to
the start of its contract, because a first load is dated the day it was typed in.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

DAY = timedelta(days=1)
GAP = timedelta(days=4)  # hr.employee._get_first_version_date: a shorter gap is no break


class VersionRow(NamedTuple):
    """What is read of one employee version."""

    id: int
    start: date  # date_version
    contract_start: date | None
    contract_end: date | None
    tier: int | None
    tier_since: date | None
    department: int | None
    company: int | None = None
    job: int | None = None


class Stretch(NamedTuple):
    """Days under contract in one version; ``end`` is inclusive, date.max when open."""

    start: date
    end: date
    tier: int | None
    tier_since: date | None
    department: int | None
    version: int
    company: int | None = None
    job: int | None = None

    def days_within(self, start: date, end: date) -> int:
        """Calendar days of the stretch that lie in ``start``..``end`` (W3)."""
        return max(0, (min(self.end, end) - max(self.start, start)).days + 1)


@dataclass(frozen=True, slots=True)
class Timeline:
    """All stretches of one employee, oldest first, without overlap."""

    employee: int
    stretches: tuple[Stretch, ...]

    @classmethod
    def build(cls, employee: int, rows: Iterable[VersionRow]) -> "Timeline":
        """The timeline of versions in any order; versions without contract are no work."""
        rows = sorted(rows, key=lambda row: row.start)
        stretches = []
        for index, row in enumerate(rows):
            if not row.contract_start:
                continue
            start = max(row.start, row.contract_start) if index else row.contract_start
            end = row.contract_end or date.max
            if index + 1 < len(rows):
                end = min(end, rows[index + 1].start - DAY)
            if start <= end:
                held = (row.tier, row.tier_since, row.department, row.id, row.company, row.job)
                stretches.append(Stretch(start, end, *held))
        return cls(employee, tuple(stretches))

    def within(self, company: int) -> "Timeline":
        """The employment in one company only: joining and leaving are those of the company,
        and a move to another one is the end in it."""
        ours = tuple(stretch for stretch in self.stretches if stretch.company == company)
        return self if len(ours) == len(self.stretches) else Timeline(self.employee, ours)

    def at(self, day: date) -> Stretch | None:
        """The stretch that holds on ``day``, None when not under contract."""
        for stretch in self.stretches:
            if stretch.start <= day <= stretch.end:
                return stretch
        return None

    def runs(self, start: date, end: date) -> bool:
        """Whether there is a day under contract in the period (R1: a month is one's own when
        one was employed on any of its days)."""
        return any(each.start <= end and each.end >= start for each in self.stretches)

    def last_in(self, start: date, end: date) -> Stretch | None:
        """The newest stretch on the ladder that touches the period (R2: a leaver's last)."""
        for stretch in reversed(self.stretches):
            if stretch.tier and stretch.start <= end and stretch.end >= start:
                return stretch
        return None

    def on_ladder(self, start: date, end: date) -> tuple[Stretch, ...]:
        """The stretches on the ladder that touch the period, oldest first."""
        return tuple(stretch for stretch in self.touching(start, end) if stretch.tier)

    def touching(self, start: date, end: date) -> tuple[Stretch, ...]:
        """The stretches that touch the period, on the ladder or not, oldest first."""
        return tuple(
            stretch for stretch in self.stretches if stretch.start <= end and stretch.end >= start
        )

    def joined(self, day: date) -> date | None:
        """First day of the employment that ``day`` belongs to (U2, U3); None before it."""
        joined = previous_end = None
        for stretch in self.stretches:
            if stretch.start > day:
                break
            if previous_end is None or stretch.start - previous_end >= GAP:
                joined = stretch.start
            previous_end = stretch.end
        return joined

    def in_department(self, day: date) -> date | None:
        """First day of the run of days in the department held on ``day``; None before it."""
        since = None
        for later, earlier in self._pairs(day):
            since = later.start
            if earlier is None or earlier.department != later.department:
                break
        return since

    def lifted(self, day: date, places: Mapping[int, int]) -> date | None:
        """Since when one holds what the last step up led to, within the employment; without one
        the tier that it began with.

        :param places: tier id -> its place on the ladder, the lowest first
        """
        since = None
        for later, earlier in self._pairs(day):
            since = later.tier_since or since
            if earlier and places.get(later.tier, -1) > places.get(earlier.tier, -1):
                return later.start
        return since

    def _pairs(self, day: date):
        """The stretches of the employment up to ``day``, newest first, each with the one before
        it: None of the first."""
        known = [each for each in self.stretches if each.start <= day]
        for index in range(len(known) - 1, -1, -1):
            earlier = known[index - 1] if index else None
            if earlier and known[index].start - earlier.end >= GAP:
                earlier = None
            yield known[index], earlier
            if earlier is None:
                return

    def left(self, day: date) -> date | None:
        """Last day of the employment that ``day`` belongs to, None while it has no end."""
        end = None
        for stretch in self.stretches:
            if end is not None and stretch.start > day and stretch.start - end >= GAP:
                break
            end = stretch.end
        return None if end == date.max else end
