"""What of a scenario cannot be, and what is not played as it lies outside of the months.

What happened before the first month counts where rules look back: violations, awards, tests,
events, moves, decisions and raises. Sheets, figures and approvals count in their month alone.
"""

from collections.abc import Iterator
from datetime import date

from ..engine.calendar import day_after, month_end, month_key, period_end
from ..package.node import ScenarioError
from .history import Agent, Event, Scenario

# what counts up to the last day that is played
WITHIN = ("probation", "violations", "measured", "applications", "raises", "trials", "plans")
# what takes effect on the day after it, or is asked then, as well
AFTER = ("moves", "decisions", "approvals")
# what nobody can do after leaving
EMPLOYED = ("violations", "decisions", "raises", "trials", "plans")
# what may be told of one who has left, and comes to nothing
PASSED = ("probation", "applications", "awards", "moves", "approvals")


def check_employed(agent: Agent):
    """Nothing happens to an agent who has not joined yet, nor is decided after leaving.

    :raises ScenarioError: with the JSON path
    """
    hired, last = agent.hired, agent.left or date.max
    for event in _get(agent, *WITHIN, *AFTER):
        if event.date < hired:
            path = f"{event.path}.date"
            raise ScenarioError(path, f"{event.date} lies before 'hired' {hired}")
    for event in agent.awards:
        if month_end(event.date) < hired:
            raise ScenarioError(event.path, f"lies before 'hired' {hired}")
    for event in _get(agent, *EMPLOYED):
        if event.date > last:
            raise ScenarioError(f"{event.path}.date", f"{event.date} lies after 'left' {last}")
    for (kind, start), period in agent.periods.items():
        if period_end(kind, start) < hired or start > last:
            raise ScenarioError(period.path, "the agent is not employed in this period")


def find_unplayed(scenario: Scenario) -> Iterator[str]:
    """One line, with the JSON path, for all that a scenario tells and that counts for nothing: a
    part of a longer history may be played, but a month that was mistyped should not go unseen."""
    for agent in scenario.agents:
        yield from _find_unplayed(agent, scenario)
    departments = {agent.department for agent in scenario.agents}
    moves = [move.values for agent in scenario.agents for move in agent.moves]
    departments |= {values["department"] for values in moves if "department" in values}
    for name, month in scenario.shared:
        path = f"$.figures.departments.{name}" if name else "$.figures.company"
        if name and name not in departments:
            yield _tell(path, "nobody is in this department")
        else:
            yield from _look_at_month(f"{path}.{month_key(month)}", month, scenario)


def _find_unplayed(agent: Agent, scenario: Scenario) -> Iterator[str]:
    last = month_end(scenario.until)
    later = f"it lies after 'until' {month_key(scenario.until)}"
    for event in _get(agent, *WITHIN, "awards"):
        if event.date > last:
            yield _tell(event.path, later)
    for event in _get(agent, *AFTER):
        if event.date > day_after(last):
            yield _tell(event.path, later)
    for event in _get(agent, *PASSED):
        if agent.left and agent.left < event.date <= last:
            yield _tell(event.path, f"it lies after 'left' {agent.left}")
    for event in agent.approvals:
        if event.date < scenario.start:
            yield _tell(event.path, f"it lies before 'from' {month_key(scenario.start)}")
    for month, given in agent.months.items():
        yield from _look_at_month(given.path, month, scenario)
    for (kind, start), given in agent.periods.items():  # closed with their last month
        yield from _look_at_month(given.path, period_end(kind, start).replace(day=1), scenario)


def _look_at_month(path: str, month: date, scenario: Scenario) -> Iterator[str]:
    """What ends with a month that is not played."""
    if month < scenario.start:
        yield _tell(path, f"it ends before 'from' {month_key(scenario.start)}")
    if month > scenario.until:
        yield _tell(path, f"it ends after 'until' {month_key(scenario.until)}")


def _tell(path: str, why: str) -> str:
    return f"{path} is not played: {why}"


def _get(agent: Agent, *kinds: str) -> Iterator[Event]:
    return (event for kind in kinds for event in getattr(agent, kind))
