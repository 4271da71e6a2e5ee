"""Match rows: what applies to whom, the first row that fits wins (policy language, *Match row*)."""

from collections.abc import Iterable
from typing import Any


class Match:
    """Whom a row is for: a tier, a department, a job position; None: all of them."""

    __slots__ = ()
    tier: Any
    department: Any
    job: Any

    def fits(self, tier, department, job) -> bool:
        """Whether the row is for who holds these."""
        pairs = ((self.tier, tier), (self.department, department), (self.job, job))
        return all(own is None or own == held for own, held in pairs)


def first_that_fits(rows: Iterable, *held):
    """The first of the rows that is for who holds these, None where none is.

    :param held: what ``fits`` of a row is asked with
    """
    return next((row for row in rows if row.fits(*held)), None)
