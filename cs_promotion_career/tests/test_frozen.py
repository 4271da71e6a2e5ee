from odoo.tests import tagged

from odoo.addons.cs_promotion.tests.frozen_common import FrozenTests

from .access_common import CareerAccessCase


@tagged("post_install", "-at_install", "cs_promotion")
class TestFrozen(FrozenTests, CareerAccessCase):
    """A transfer that was decided stays as it is, and so does a vacancy that was filled."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        transfer, vacancy = cls.records["transfer_submitted"], cls.records["vacancy"]
        candidate = cls.records["vacancy_candidate"]
        transfer._refuse("No.")
        vacancy.write({"chosen_id": candidate.id, "grounds": "The best."})
        vacancy.write({"state": "filled", "decided_by": cls.user_manager.id})
        cls.frozen = {"transfer": transfer, "vacancy": vacancy, "candidate": candidate}
