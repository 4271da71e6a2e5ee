"""What OCA's methods ask for employee by employee, loaded beforehand for all of a batch."""

from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import NamedTuple

DAYS, AMOUNTS = ("number_of_days", "number_of_hours"), ("amount", "amount_qty")


class Part(NamedTuple):
    """Days of the period under one contract and on one working schedule, both ends included.

    ``version`` is the employee version that they end with.
    """

    version: int
    start: date
    end: date

    @property
    def span(self) -> tuple[datetime, datetime]:
        """From the first moment to the last one, naive, as OCA reckons."""
        return datetime.combine(self.start, time.min), datetime.combine(self.end, time.max)


class Payees(NamedTuple):
    """Whom a batch is to pay, looked up once for all of them.

    :param timelines: employee id -> timeline, in whatever company
    :param contracts: employee id -> versions in the period, of those whom the batch pays by tier
    :param elsewhere: ids of those who worked for another company in all of the period
    """

    timelines: dict
    contracts: dict
    elsewhere: set


@dataclass(slots=True)
class Ahead:
    """Handed on in the context: OCA's own methods run for each employee, and find here what
    they would look up one by one. It cannot come over the network: nobody can make it up.

    :param contracts: employee id -> ids of the versions that a payslip is made for
    :param parts: employee id -> :class:`Part`, oldest first
    :param work: (employee id, from, to, calendar id) -> working days and hours
    :param leaves: the same -> what ``list_leaves`` gives
    :param away: the same -> kind of leave -> its days, in days as the schedule counts them
    :param rules: ids of structures -> their salary rules
    :param hours: (calendar id, from, to) -> working hours, leave or not

    ``spans``: version id -> what is counted of it.
    """

    contracts: dict
    parts: dict
    work: dict = field(default_factory=dict)
    leaves: dict = field(default_factory=dict)
    away: dict = field(default_factory=dict)
    rules: dict = field(default_factory=dict)
    hours: dict = field(default_factory=dict)
    spans: dict = field(init=False)

    def __post_init__(self):
        self.spans = {part.version: part.span for parts in self.parts.values() for part in parts}

    @classmethod
    def of(cls, records):
        """What was loaded for the computation that these records belong to; None outside of one."""
        ahead = records.env.context.get("cs_ahead")
        return ahead if isinstance(ahead, cls) else None


class Asked:
    """Payslips that do not pay by tier and are computed together: the first one whose rules
    ask for tier pay loads the figures of all."""

    def __init__(self, ids):
        self.ids = ids
        self.figures = None


def merge_days(lines):
    """Worked days, one line for each code; leave, one for each kind of it."""
    return _merge(
        lines,
        DAYS,
        lambda line: (line["code"], line.get("cs_leave"), line.get("cs_leave_type_id")),
    )


def merge_inputs(lines):
    """Inputs, one line for each code."""
    return _merge(lines, AMOUNTS, lambda line: line["code"])


def sum_by_code(lines, sums):
    """Code -> a line that is not stored, with the sums, where several lines have the code."""
    return {
        code: alike.new({name: sum(alike.mapped(name)) for name in sums}, origin=alike[-1])
        for code, alike in lines.grouped("code").items()
        if code and len(alike) > 1
    }


def _merge(lines, sums, key):
    """One line for each ``key``, in the order they first appear: the numbers named by ``sums``
    are added up, all else is the last one's."""
    merged = {}
    for line in lines:
        known = merged.get(key(line))
        if known:
            both = {name: known[name] + line[name] for name in sums if name in line}
            merged[key(line)] = known | line | both
        else:
            merged[key(line)] = line
    return list(merged.values())
