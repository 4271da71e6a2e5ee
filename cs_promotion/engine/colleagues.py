"""Who is asked about whom, where colleagues rate each other."""

from collections.abc import Iterator, Sequence
from typing import Any


def pair(members: Sequence[Any], number: int, turn: int) -> Iterator[tuple[Any, Any]]:
    """Pairs (agent, colleague): each agent has so many, and each is asked by as many.

    :param members: of one department, in a fixed order
    :param number: how many each; 0: all the others
    :param turn: changes who is asked, period by period
    """
    others = len(members) - 1
    count = min(number, others) if number else others
    # one step further in the circle each turn, never round to the agent
    steps = [(turn + each) % others + 1 for each in range(count)] if others > 0 else []
    for place, agent in enumerate(members):
        for step in steps:
            yield agent, members[(place + step) % len(members)]
