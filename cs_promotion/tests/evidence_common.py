"""One decision of each ground, made as in a month's work: what its evidence looks like."""

from .common import CsPromotionCase


class CsEvidenceCase(CsPromotionCase):
    """``_make_decisions`` plays a quarter in which every ground occurs once.

    ``tests/evidence/`` keeps the evidence that it gave in each release. For a new release, store
    ``{kind: decision.evidence}`` of it as ``<version>.json``; never change an older file.
    """

    @classmethod
    def _make_decisions(cls):
        """Kind of ground -> the decision that rests on it."""
        agents = {
            "promote": cls._make_agent("Up"),
            "demote": cls._make_agent("Down", tier="intermediate"),
            "review": cls._make_agent("Failing"),
            "confirm_junior": cls._make_agent("New", tier="probation"),
            "demote_violation": cls._make_agent("Moderate"),
            "dismiss_serious": cls._make_agent("Serious"),
            "dismiss_repeated": cls._make_agent("Repeated"),
        }
        scores = dict.fromkeys(agents.values(), 85)
        scores |= {agents["promote"]: 95, agents["demote"]: 78, agents["review"]: 50}
        cls._play_months("2025-01", "2025-02", scores)
        cls._violation(agents["demote_violation"], "2025-03-05", "moderate")
        cls._violation(agents["dismiss_serious"], "2025-03-06", "serious")
        for day in ("2025-03-03", "2025-03-10", "2025-03-17"):
            cls._violation(agents["dismiss_repeated"], day)
        cls._probation_test(agents["confirm_junior"], "2025-02-10", 88.5, 90)
        cls.env["cs.verdict"]._confirm_probations(
            agents["confirm_junior"], cls._month_end("2025-02")
        )
        cls._play("2025-03", scores)
        return {kind: cls._decisions(agent) for kind, agent in agents.items()}
