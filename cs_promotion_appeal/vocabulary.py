"""The kinds of appeal, as declared objects: what an agent may object to, until when, and what
upholding does. Their names are given by ``env["cs.vocabulary"]``, which collects those of all
addons.
"""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Appeal:
    """A kind of appeal: something that an agent may object to (O4).

    :param code: name of the kind
    :param field: many2one of ``cs.appeal`` that points at it; its model inherits
        ``cs.appealable.mixin``
    :param since: field of the object with the day of its publication, from which the days count
    :param days: for how many days it may be objected to; None: for the notice of the policy
    :param uphold: method of the object, called with appeal and reason, that does what upholding
        brings about
    :param name: in the reader's language
    """

    code: str
    field: str
    since: str
    days: int | None = field(default=None, compare=False)
    uphold: str = field(default="_uphold_appeal", compare=False)
    name: str = field(default="", compare=False)


APPEALS = (
    Appeal("score", "appraisal_id", since="published_on"),
    Appeal("violation", "violation_id", since="confirmed_on"),
    Appeal("decision", "decision_id", since="announced_on"),
)
