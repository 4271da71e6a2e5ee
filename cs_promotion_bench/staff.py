"""Who works in the bench's company: drawn at random, the same for the same number of agents."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random
from typing import NamedTuple

from odoo.addons.cs_promotion.engine.calendar import add_months, month_end

DEPARTMENT = 25  # agents in a department, about


class Staffing(NamedTuple):
    """What agents a company has.

    :param ladder: pairs (tier, part of the agents)
    :param quality: tier -> mean and spread of how often an agent of it gets the best grade
    :param entry: the tier that people join on
    """

    ladder: tuple
    quality: dict
    entry: str


FURNITURE = Staffing(
    (("reserve", 0.03), ("senior", 0.15), ("intermediate", 0.27), ("junior", 0.55)),
    {
        "reserve": (0.94, 0.03),
        "senior": (0.93, 0.04),
        "intermediate": (0.87, 0.05),
        "junior": (0.6, 0.25),
        "probation": (0.45, 0.2),
    },
    "probation",
)


@dataclass(frozen=True, slots=True)
class Agent:
    """One agent as the history begins, or on joining later."""

    seed: int  # number among those drawn: what happens to the agent by chance follows from it
    hired: date
    left: date | None
    tier: str
    since: date
    quality: float  # how often a rater gives the best grade, 0 to 1
    trend: float  # by how much that changes each month


def draw(count, month, months, staffing=FURNITURE):
    """``count`` agents for the measured month, and those who left in the ``months`` before it.

    A quarter joined during the history, on the lowest tier; a few leave in the measured month. The
    better ones stand higher, yet some grow and some slacken.
    """
    rng = Random(count)
    begin = add_months(month, -months)
    agents = [
        _draw_agent(rng, seed, begin, month, rng.random() < 0.25, staffing) for seed in range(count)
    ]
    for number in range(count // 200):
        agents[number * 200] = _leave(agents[number * 200], month, month_end(month), rng)
    last = month - timedelta(days=1)
    for seed in range(count, count + count // 12):
        leaver = _draw_agent(rng, seed, begin, month, False, staffing)
        agents.append(_leave(leaver, begin, last, rng))
    return agents


def _draw_agent(rng, seed, begin, month, joins, staffing):
    tier = staffing.entry if joins else _draw_tier(rng, staffing)
    mean, spread = staffing.quality[tier]
    if joins:
        hired = since = _draw_day(rng, begin, month)
    else:
        hired = _draw_day(rng, add_months(begin, -72), add_months(begin, -3))
        since = max(hired, add_months(begin, -rng.randint(0, 24)))
    return Agent(
        seed=seed,
        hired=hired,
        left=None,
        tier=tier,
        since=since,
        quality=min(0.99, max(0.02, rng.gauss(mean, spread))),
        trend=rng.gauss(0.02 if joins else 0, 0.008),
    )


def _draw_tier(rng, staffing):
    tiers, parts = zip(*staffing.ladder, strict=True)
    return rng.choices(tiers, parts)[0]


def _draw_day(rng, first, last):
    return first + timedelta(days=rng.randint(0, (last - first).days))


def _leave(agent, first, last, rng):
    return replace(agent, left=_draw_day(rng, max(first, agent.hired), last))
