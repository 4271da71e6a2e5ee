"""What a policy package holds: one shape for each kind of row, the same for reading, writing and
the JSON schema. A key of the file is a field of the model, without ``_id`` or ``_ids``.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ..engine.series import MONTHLY

FORMAT = "cs-promotion-policy/1"


@dataclass(frozen=True)
class Shape:
    """Rows of one model in a package.

    :param model: whose rows they are
    :param fields: names of its fields, in the order of the file
    :param needed: keys that each row has to have
    :param parts: key -> (one2many field, shape) of rows within the row; of a many2one field one
        row, which ``cs.policy.package.form.mixin`` reads
    :param only_with: name of a field -> that of another one, and the words of which it has to say
        one (none: anything but the usual): else the field means nothing
    """

    model: str
    fields: tuple[str, ...]
    needed: tuple[str, ...] = ()
    parts: dict[str, tuple[str, "Shape"]] = field(default_factory=dict)
    only_with: dict[str, tuple[Any, ...]] = field(default_factory=dict)

    def is_idle(self, name: str, row: Mapping[str, Any], usual: Mapping[str, Any]) -> bool:
        """Whether a field means nothing, as another one does not say what it takes.

        :param row: a record, or its values; :param usual: what a new one has
        """
        if name not in self.only_with:
            return False
        switch, *words = self.only_with[name]
        said = row[switch]
        return said not in words if words else said == (usual.get(switch) or False)


SCALE = Shape(
    "cs.scale",
    (
        "code",
        "name",
        "mode",
        "has_below",
        "below",
        "has_above",
        "above",
        "has_floor",
        "floor",
        "has_cap",
        "cap",
    ),
    ("code", "name", "mode", "steps"),
    {"steps": ("step_ids", Shape("cs.scale.step", ("is_rest", "operator", "bound", "value")))},
    {key: (f"has_{key}", True) for key in ("below", "above", "floor", "cap")},
)
METRIC = Shape(
    "cs.metric",
    (
        "code",
        "name",
        "unit",
        "kind",
        "subject",
        "grain",
        "gather",
        "one",
        "other",
        "scale_id",
        "percent",
        "severity",
        "type_ids",
        "pay_items",
        "tier_ids",
        "section",
        "item",
        "late",
        "valid_months",
        "months",
        "direction",
    ),
    ("code", "name"),
    {"parts": ("part_ids", Shape("cs.metric.part", ("metric", "weight"), ("metric", "weight")))},
)
GRADE = Shape("cs.scorecard.grade", ("points", "name"), ("points", "name"))
FORM = Shape(
    "cs.scorecard",
    ("name",),
    ("name", "sections"),
    {
        "sections": (
            "section_ids",
            Shape(
                "cs.scorecard.section",
                ("code", "name", "weight"),
                ("code", "name", "items"),
                {
                    "grades": ("grade_ids", GRADE),
                    "items": (
                        "item_ids",
                        Shape(
                            "cs.scorecard.item",
                            (
                                "number",
                                "name",
                                "source",
                                "effect",
                                "rater",
                                "raters",
                                "maximum",
                                "metric",
                                "scale_id",
                                "percent",
                                "missing",
                                "falls_to",
                            ),
                            ("name",),
                            {"grades": ("own_grade_ids", GRADE)},
                            {
                                "falls_to": ("effect", "fails"),
                                **dict.fromkeys(("rater", "raters"), ("source", "words", "number")),
                                **dict.fromkeys(
                                    ("metric", "scale_id", "percent", "missing"),
                                    ("source", "measured"),
                                ),
                            },
                        ),
                    ),
                },
            ),
        )
    },
)
OTHER_FORM = Shape(
    "cs.policy.form",
    ("tier_id", "department_id", "job_id", "kind", "months", "tenure"),
    parts={"form": ("scorecard_id", FORM)},
)
TARGET = Shape(
    "cs.policy.target",
    ("metric_id", "tier_id", "department_id", "job_id", "months", "tenure", "value"),
    ("metric", "value"),
)
SETTINGS = Shape(
    "cs.policy",
    (
        "score_method",
        "score_max",
        "quarter_method",
        "half_method",
        "year_method",
        "quarter_least",
        "half_least",
        "year_least",
        "rank_within",
        "rank_by_form",
        "rank_least",
        "class_from",
        "class_rounding",
        "pass_mark",
        "top_n",
        "probation_months",
        "complaint_rate_limit",
        "repeat_violations",
        "appraisal_pay_method",
        "wage_basis",
        "unpaid_leave",
        "returned_sales",
        "fine_cap_percent",
        "minimum_wage",
        "scoring_days",
        "notice_days",
        "approval",
        "require_attestation",
        "pays_base",
        "pays_appraisal",
        "pays_commission",
    ),
)
TIER = Shape(
    "cs.tier",
    ("name",),
    (),
    {"standards": ("standard_ids", Shape("cs.tier.standard", ("letter", "name")))},
)
RUNG = Shape(
    "cs.policy.rung",
    (
        "tier_id",
        "appointed",
        "on_probation",
        "paid_as_below",
        "base_wage",
        "appraisal_pay",
        "commission_percent",
        "fine_min",
        "fine_max",
        "places",
        "places_value",
        "places_within",
        "places_of_ids",
    ),
    ("tier",),
    {
        "order": (
            "order_ids",
            Shape(
                "cs.policy.order",
                ("metric", "direction", "times", "window", "months", "reading"),
                ("metric",),
                only_with={"months": ("window", *MONTHLY)},
            ),
        ),
    },
    dict.fromkeys(
        ("places_value", "places_within", "places_of_ids"), ("places", "number", "percent")
    ),
)
KIND = Shape("cs.violation.type", ("name",))
RATER = Shape(
    "cs.policy.rater",
    (
        "code",
        "who",
        "name",
        "weight",
        "needed",
        "people_ids",
        "group_id",
        "number",
        "metric",
        "scale_id",
    ),
    ("code",),
    only_with={
        "people_ids": ("who", "named"),
        "group_id": ("who", "group"),
        "number": ("who", "colleagues"),
        **dict.fromkeys(("metric", "scale_id"), ("who", "metric")),
    },
)
PROVISO = {
    "fields": ("metric", "operator", "value", "value_max"),
    "needed": ("metric", "operator", "value"),
    "only_with": {"value_max": ("operator", "between")},
}
CLASS = Shape(
    "cs.policy.class",
    ("code", "name", "given_by", "share", "score", "least", "coefficient"),
    ("code", "name"),
    {"provisos": ("proviso_ids", Shape("cs.policy.class.proviso", **PROVISO))},
    only_with={each: ("given_by", each) for each in ("share", "score")},
)
CONSEQUENCE = Shape("cs.policy.consequence", ("severity", "outcome", "fined"), ("severity",))
OFFENCE = Shape(
    "cs.policy.offence",
    ("type_id", "times", "months", "severity", "points", "fine_method", "fine_amount"),
    ("type",),
    only_with={"fine_amount": ("fine_method", "fixed")},
)
CONDITION = Shape(
    "cs.policy.condition",
    (
        "metric",
        "operator",
        "value_from",
        "value",
        "value_max",
        "times",
        "consecutive",
        "window",
        "months",
        "reading",
        "group",
    ),
    ("metric",),
    only_with={"value_max": ("operator", "between"), "months": ("window", *MONTHLY)},
)
APPROVER = ("who", "user_ids", "group_id")
APPROVAL = Shape("cs.policy.approval", ("who", "outcome", *APPROVER[1:]), ("who",))
RULE = Shape(
    "cs.policy.rule",
    (
        "code",
        "name",
        "tier_id",
        "tier_to_id",
        "outcome",
        "match",
        "examined_in",
        "raise_item",
        "raise_amount",
        "raise_percent",
        "raise_months",
        "trial_months",
        "plan_months",
        "during",
        "during_any_time",
        "on_application",
        "application_months",
    ),
    ("code", "name", "tier", "outcome", "conditions"),
    {
        "conditions": ("condition_ids", CONDITION),
        "approvals": ("approval_ids", Shape("cs.policy.approval", APPROVER, ("who",))),
    },
    {"during_any_time": ("during",), "application_months": ("on_application", True)},
)

ITEM = Shape(
    "cs.policy.item",
    (
        "code",
        "name",
        "of",
        "metric",
        "scale_id",
        "percent",
        "by_days",
        "share_by",
        "has_floor",
        "floor",
        "has_cap",
        "cap",
        "leave",
        "months",
        "later",
        "paid_now",
        "rest_month",
        "rest_parts",
        "leavers",
    ),
    ("code", "name"),
    {
        "amounts": (
            "amount_ids",
            Shape(
                "cs.policy.item.amount",
                ("tier_id", "department_id", "job_id", "amount"),
                ("amount",),
            ),
        ),
        "factors": (
            "factor_ids",
            Shape(
                "cs.policy.item.factor",
                ("kind", "metric", "scale_id", "number"),
                ("kind",),
                only_with={
                    "number": ("kind", "fixed"),
                    **dict.fromkeys(("metric", "scale_id"), ("kind", "metric")),
                },
            ),
        ),
        "provisos": ("proviso_ids", Shape("cs.policy.item.proviso", **PROVISO)),
    },
    {
        **dict.fromkeys(("metric", "scale_id", "percent"), ("of", "metric", "pool")),
        "share_by": ("of", "pool"),
        "floor": ("has_floor", True),
        "cap": ("has_cap", True),
        **dict.fromkeys(("rest_month", "rest_parts"), ("paid_now",)),
    },
)

# key of the package -> field of the policy, shape of its rows; in the order of the file. A part
# that a package leaves out is what a new policy has, which of most is nothing.
PARTS = {
    "forms": ("form_ids", OTHER_FORM),
    "targets": ("target_ids", TARGET),
    "ladder": ("rung_ids", RUNG),
    "raters": ("rater_ids", RATER),
    "classes": ("class_ids", CLASS),
    "pay_items": ("item_ids", ITEM),  # before the rules, which may raise one
    "rules": ("rule_ids", RULE),
    "approvals": ("approval_ids", APPROVAL),
    "consequences": ("consequence_ids", CONSEQUENCE),
    "offences": ("offence_ids", OFFENCE),
}
# rows that name what is shared, by its code, and bring it along: key -> (key of the code, shape)
BROUGHT = {"ladder": ("tier", TIER), "offences": ("type", KIND)}
# what is shared by all policies, and made before them
SHARED = {"scales": SCALE, "metrics": METRIC}
# fields whose key is another word
OTHERWISE = {"tier_to_id": "to", "people_ids": "people", "places_of_ids": "places_of"}
# fields by which a row names a record of the company that has no code: by its name
NAMED = ("department_id", "job_id", "people_ids")


def key_of(name: str) -> str:
    """The key of a field in a package: ``tier`` of ``tier_id``, ``types`` of ``type_ids``."""
    if name in OTHERWISE:
        return OTHERWISE[name]
    if name.endswith("_ids"):
        return f"{name.removesuffix('_ids')}s"
    return name.removesuffix("_id")
