"""Who may do what with the records of this addon, and call which of its methods."""

from odoo.tests import tagged

from odoo.addons.cs_promotion.tests.access_common import EVERYBODY
from odoo.addons.cs_promotion.tests.access_matrix_common import AccessMatrixCase
from odoo.addons.cs_promotion.tests.access_methods_common import (
    MAY,
    OFFICE,
    READERS,
    RULE,
    AccessMethodsCase,
)

from .access_common import CareerAccessCase

RIGHTS = {
    "post": dict.fromkeys(EVERYBODY, "r") | {"office": "rwcu", "manager": "rwcu"},
    "post_external": {"office": "rwcu", "manager": "rwcu"},
    "transfer_draft": {"agent": "rwcu"},
    "transfer_submitted": {"agent": "rwcu", "superior": "rwu", "office": "rwu", "manager": "rwu"},
    "vacancy": {"office": "rwcu", "manager": "rwcu"},
    "vacancy_candidate": {"office": "r", "manager": "r"},
}
METHODS = {
    # the agent has applied already, the clerk may, the others are not on the ladder or there
    ("cs.post", "action_apply"): (
        "post",
        dict.fromkeys(EVERYBODY, RULE) | {"peer": MAY, "office": MAY},
    ),
    ("cs.post", "action_close"): ("post", OFFICE),
    ("cs.post", "action_reopen"): ("post", {"office": RULE, "manager": RULE}),
    ("cs.transfer", "action_approve"): ("transfer_submitted", {"office": RULE, "manager": RULE}),
    ("cs.transfer", "action_refuse"): ("transfer_submitted", OFFICE),
    ("cs.transfer", "action_submit"): ("transfer_draft", {"agent": MAY}),
    ("cs.transfer", "action_view_candidates"): ("transfer_submitted", READERS),
    ("cs.transfer", "action_withdraw"): ("transfer_submitted", {"agent": MAY}),
    ("cs.vacancy", "action_appoint"): ("vacancy", {"manager": RULE}),
    ("cs.vacancy", "action_cancel"): ("vacancy", OFFICE),
    ("cs.vacancy", "action_draw"): ("vacancy", OFFICE),
}
STEPS = {
    "approve_transfer": ("transfer_submitted", {"office": RULE, "manager": RULE}),
    "refuse_transfer": ("transfer_submitted", OFFICE),
}


@tagged("post_install", "-at_install", "cs_promotion")
class TestAccessMatrix(AccessMatrixCase, CareerAccessCase):
    addon = "cs_promotion_career"
    section = "careers"
    rights = RIGHTS

    def _get_written(self, record):
        match record._name:
            case "cs.vacancy":
                return {"cause": record.cause}
            case "cs.vacancy.candidate":
                return {"award_count": record.award_count}
            case _:
                return super()._get_written(record)


@tagged("post_install", "-at_install", "cs_promotion")
class TestAccessMethods(AccessMethodsCase, CareerAccessCase):
    addon = "cs_promotion_career"
    methods = METHODS
    steps = STEPS
