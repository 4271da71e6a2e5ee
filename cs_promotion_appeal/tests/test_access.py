"""Who may do what with the records of this addon, and call which of its methods."""

from odoo.tests import tagged

from odoo.addons.cs_promotion.tests.access_matrix_common import AccessMatrixCase
from odoo.addons.cs_promotion.tests.access_methods_common import (
    MAY,
    OFFICE,
    READERS,
    RULE,
    AccessMethodsCase,
)

from .access_common import AppealAccessCase

RIGHTS = {
    "appeal_draft": {"agent": "rwu"},
    "appeal_submitted": {"agent": "rwu", "office": "rwu", "manager": "rwu"},
}
METHODS = {
    ("cs.appeal", "action_answer"): ("appeal_submitted", {"office": RULE, "manager": RULE}),
    ("cs.appeal", "action_reject"): ("appeal_submitted", {"manager": RULE}),
    ("cs.appeal", "action_submit"): ("appeal_draft", {"agent": MAY}),
    ("cs.appeal", "action_uphold"): ("appeal_submitted", {"manager": RULE}),
    ("cs.appeal", "action_withdraw"): ("appeal_submitted", {"agent": MAY}),
    ("cs.appeal", "action_handed_over"): ("appeal_submitted", {"office": RULE, "manager": RULE}),
    ("cs.appeal", "action_print_notice"): ("appeal_submitted", {"office": RULE, "manager": RULE}),
    ("cs.appraisal", "action_appeal"): ("appraisal_closed", READERS),
    ("cs.decision", "action_appeal"): ("decision_announced", READERS),
    ("cs.violation", "action_appeal"): ("violation_confirmed", READERS),
    ("cs.dashboard", "action_view_appeals"): ("dashboard", OFFICE),
}
STEPS = {
    "uphold_appeal": ("appeal_submitted", {"manager": RULE}),
    "reject_appeal": ("appeal_submitted", {"manager": RULE}),
}


@tagged("post_install", "-at_install", "cs_promotion")
class TestAccessMatrix(AccessMatrixCase, AppealAccessCase):
    addon = "cs_promotion_appeal"
    section = "appeals"
    rights = RIGHTS
    in_use = ("appeal_draft", "appeal_submitted")


@tagged("post_install", "-at_install", "cs_promotion")
class TestAccessMethods(AccessMethodsCase, AppealAccessCase):
    addon = "cs_promotion_appeal"
    methods = METHODS
    steps = STEPS
