"""The ladder: tiers in their order, and how each is reached."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Ladder:
    """Tier codes from the lowest step to the highest (policy 2)."""

    steps: tuple[str, ...] = ("probation", "junior", "intermediate", "senior", "reserve")
    appointed: frozenset[str] = frozenset({"reserve"})  # entered by appointment only (L5)
    probation: str | None = "probation"  # whose agents are confirmed by a test (L0, U1)

    def __post_init__(self):
        """One code, none or several: kept as a set, and only of steps of this ladder."""
        given = {self.appointed} if isinstance(self.appointed, str) else self.appointed or ()
        object.__setattr__(self, "steps", tuple(self.steps))
        object.__setattr__(self, "appointed", frozenset(given) & frozenset(self.steps))
        if self.probation not in self.steps:
            object.__setattr__(self, "probation", None)

    @property
    def reached_by_rule(self) -> frozenset[str]:
        """The steps that a rule may lead to: not those by appointment (L5)."""
        return frozenset(self.steps) - self.appointed

    def is_above(self, tier: str, other: str) -> bool:
        """Whether one step is higher than the other; off the ladder is below all of it."""
        steps = self.steps
        held = steps.index(other) if other in steps else -1
        return tier in steps and steps.index(tier) > held

    def above(self, tier: str) -> str | None:
        """The next step up, None on the top, and for a tier that is none of the steps."""
        return self._step(tier, 1)

    def below(self, tier: str) -> str | None:
        """The next step down, None on the lowest tier and off the ladder (V2)."""
        return self._step(tier, -1)

    def by_rule(self, tier: str, step: int) -> str | None:
        """Where a rule leads to that steps up (1) or down (-1): never to a step by appointment
        (L5)."""
        target = self._step(tier, step)
        return None if target in self.appointed else target

    def _step(self, tier: str, step: int) -> str | None:
        if tier not in self.steps:
            return None
        index = self.steps.index(tier) + step
        return self.steps[index] if 0 <= index < len(self.steps) else None
