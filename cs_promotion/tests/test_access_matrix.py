from odoo.tests import tagged

from .access_common import EVERYBODY, OTHERS, CsAccessCase
from .access_matrix_common import AccessMatrixCase

PUBLIC = dict.fromkeys(EVERYBODY, "r") | {"manager": "rwcu"}
SHARED = PUBLIC | dict.fromkeys(OTHERS, "r") | {"manager_b": "rwcu"}
READERS = ("superior", "office", "manager")
OWN = {"agent": "r", "superior": "r", "office": "rwcu", "manager": "rwcu"}

# key of a record in setUpClass -> person -> rights; the model follows from the record
RIGHTS = {
    "tier": SHARED,
    "standard": SHARED,
    "violation_type": SHARED,
    "scorecard": SHARED,
    "section": SHARED,
    "item": SHARED,
    "grade": SHARED,
    "policy": PUBLIC,
    "rung": PUBLIC,
    "consequence": PUBLIC,
    "offence": PUBLIC,
    "offence_draft": {"manager": "rwcu"},
    "consequence_draft": {"manager": "rwcu"},
    **{f"pay_item{each}": PUBLIC for each in ("", "_amount", "_factor", "_proviso")},
    **{
        f"pay_item{each}_draft": {"manager": "rwcu"}
        for each in ("", "_amount", "_factor", "_proviso")
    },
    "rater": PUBLIC,
    "order": PUBLIC,
    "order_draft": {"manager": "rwcu"},
    "policy_form": PUBLIC,
    "target": PUBLIC,
    "target_draft": {"manager": "rwcu"},
    "policy_form_draft": {"manager": "rwcu"},
    "class": PUBLIC,
    "class_draft": {"manager": "rwcu"},
    "class_proviso": PUBLIC,
    "class_proviso_draft": {"manager": "rwcu"},
    "scale": SHARED,
    "scale_step": SHARED,
    "metric": SHARED,
    "metric_part": SHARED,
    "policy_approval": PUBLIC,
    "policy_approval_draft": {"manager": "rwcu"},
    "rule": PUBLIC,
    "condition": PUBLIC,
    "policy_draft": {"manager": "rwcu"},
    "rung_draft": {"manager": "rwcu"},
    "rater_draft": {"manager": "rwcu"},
    "rule_draft": {"manager": "rwcu"},
    "condition_draft": {"manager": "rwcu"},
    "cycle": PUBLIC | {"office": "rwc"},
    "cycle_closed": PUBLIC | {"office": "rw", "manager": "rwu"},
    "appraisal_open": {"superior": "r", "office": "rw", "manager": "rw"},
    "appraisal_closed": {"agent": "r", "superior": "r", "office": "rw", "manager": "rw"},
    "appraisal_of_office": {"superior": "r", "office": "", "manager": "rw"},
    "sheet_superior_draft": {"superior": "rw"},
    "sheet_office_draft": {"office": "rw", "manager": "rw"},
    "sheet_superior_closed": {"agent": "r", "superior": "rw", "office": "r", "manager": "r"},
    "sheet_office_closed": {"agent": "r", "superior": "r", "office": "rw", "manager": "rw"},
    "line_superior_draft": {"superior": "rw"},
    "line_office_draft": {"office": "rw", "manager": "rw"},
    "line_superior_closed": {"agent": "r", "superior": "rw", "office": "r", "manager": "r"},
    "line_office_closed": {"agent": "r", "superior": "r", "office": "rw", "manager": "rw"},
    "sheet_superior_seen": {"superior": "rw", "office": "r", "manager": "r"},
    "editor_superior_seen": {"superior": "r", "office": "r", "manager": "r"},
    "former_superior_draft": {"superior": "r", "manager": "r"},
    "former_superior_closed": {"agent": "r", "superior": "r", "office": "r", "manager": "r"},
    "measure": OWN,
    "measure_of_office": {"superior": "r", "office": "r", "manager": "rwcu"},
    "figure": OWN,
    "figure_of_office": {"superior": "r", "office": "r", "manager": "rwcu"},
    "probation_test": OWN,
    "probation_test_of_office": {"superior": "r", "office": "r", "manager": "rwcu"},
    "award": OWN,
    "award_of_office": {"superior": "r", "office": "r", "manager": "rwcu"},
    "raise": {"agent": "r", "superior": "r", "office": "r", "manager": "rwcu"},
    "raise_of_office": {"superior": "r", "office": "r", "manager": "rwcu"},
    "trial": {"agent": "r", "superior": "r", "office": "r", "manager": "rw"},
    "plan": {"agent": "r", "superior": "rw", "office": "rwc", "manager": "rwc"},
    "plan_meeting": {"agent": "r", "superior": "rwcu", "office": "rwcu", "manager": "rwcu"},
    "violation_reported": {"superior": "rwc", "office": "rwcu", "manager": "rwcu"},
    "violation_confirmed": {"agent": "r", "superior": "rc", "office": "rwcu", "manager": "rwcu"},
    "violation_of_office": {"superior": "rc", "office": "r", "manager": "rwcu"},
    "decision_proposed": {"superior": "r", "office": "r", "manager": "rwcu"},
    "decision_announced": {"agent": "r", "superior": "r", "office": "r", "manager": "rwcu"},
    "application_draft": {"agent": "rwcu"},
    "application_submitted": {"agent": "rwcu", **dict.fromkeys(READERS, "rwu")},
    "decision_approval": {"superior": "r", "office": "r", "manager": "r"},
    "board": dict.fromkeys(EVERYBODY, "r"),
    "dashboard": {"office": "r", "manager": "r"},
    "handover": {"office": "r", "manager": "r"},
    "score_report": {"office": "r", "manager": "r"},
    "path": {"agent": "r", "superior": "r", "office": "r", "manager": "r"},
}


@tagged("post_install", "-at_install", "cs_promotion")
class TestAccessMatrix(AccessMatrixCase, CsAccessCase):
    addon = "cs_promotion"
    section = "customer-service"
    rights = RIGHTS
    in_use = (
        "policy_approval",
        "metric_part",
        "rung",
        "rater",
        "order",
        "policy_form",
        "target",
        "rule",
        "condition",
        "consequence",
        "offence",
        "class",
        "class_proviso",
        "pay_item",
        "pay_item_amount",
        "pay_item_factor",
        "pay_item_proviso",
        "cycle_closed",
    )
