from odoo.tests import tagged

from odoo.addons.cs_promotion.tests.frozen_common import FrozenTests

from .access_common import AppealAccessCase


@tagged("post_install", "-at_install", "cs_promotion")
class TestFrozen(FrozenTests, AppealAccessCase):
    """An appeal that was decided stays as it is."""

    # documents: attachments of the record
    may_change = {("cs.appeal", "proof_ids"): "see the tests of proof"}

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        appeal = cls.records["appeal_submitted"]
        appeal.answer = "Answered."
        appeal.with_user(cls.user_office).action_answer()
        appeal.with_user(cls.user_manager).sudo()._settle("rejected", "No.")
        cls.frozen = {"appeal": appeal}
