from odoo.addons.cs_promotion.tests.access_common import CsAccessCase


class AppealAccessCase(CsAccessCase):
    """With a draft of an appeal, and one that was handed in."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        appeals = cls.env["cs.appeal"].with_user(cls.user_agent)
        for key, name, subject in (
            ("appeal_draft", "appraisal_id", "appraisal_closed"),
            ("appeal_submitted", "violation_id", "violation_confirmed"),
        ):
            cls.records[key] = appeals.create(
                {"grounds": "It was not so.", name: cls.records[subject].id}
            ).with_env(cls.env)
        cls.records["appeal_submitted"].with_user(cls.user_agent).action_submit()
