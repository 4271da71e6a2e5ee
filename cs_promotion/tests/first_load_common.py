from odoo.tests import new_test_user

from .common import CsPromotionCase

HR = "base.group_user,hr.group_hr_manager,cs_promotion.group_office"


class FirstLoadCase(CsPromotionCase):
    """HR takes existing staff up: somebody who was hired before the addon was there."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user_hr = new_test_user(
            cls.env,
            login="cs_hr",
            groups=HR,
            company_id=cls.company.id,
            company_ids=[(6, 0, cls.company.ids)],
        )
        cls.newcomer = cls.env["hr.employee"].create(
            {
                "name": "Newcomer",
                "company_id": cls.company.id,
                "department_id": cls.hotline.id,
                "date_version": "2024-05-10",
                "contract_date_start": "2024-05-10",
            }
        )

    def _values(self, employee):
        employee.invalidate_recordset()
        return (employee.cs_tier_id.code, employee.cs_tier_since, employee.wage)
