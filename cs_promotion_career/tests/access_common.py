from odoo.addons.cs_promotion.tests.access_common import CsAccessCase


class CareerAccessCase(CsAccessCase):
    """With an open post, two applications for it, and a vacancy with its slate."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        post = cls.env["cs.post"].create(
            {"name": "Evenings", "company_id": cls.company.id, "department_id": cls.front_desk.id}
        )
        values = {"post_id": post.id, "date": "2025-05-01", "motive": "Evenings suit me."}
        transfers = cls.env["cs.transfer"].with_user(cls.user_agent).create([values, values])
        transfers[1].action_submit()
        vacancy = cls.env["cs.vacancy"].create(
            {"company_id": cls.company.id, "department_id": cls.hotline.id}
        )
        vacancy._draw(vacancy.date)
        cls.records |= {
            "post": post,
            "post_external": cls.env["cs.post.external"].create(
                {"post_id": post.id, "name": "Somebody"}
            ),
            "transfer_draft": transfers[0].with_env(cls.env),
            "transfer_submitted": transfers[1].with_env(cls.env),
            "vacancy": vacancy,
            "vacancy_candidate": cls.env["cs.vacancy.candidate"].create(
                {
                    "vacancy_id": vacancy.id,
                    "employee_id": cls.peer.id,
                    "tier_id": cls.tiers["senior"].id,
                }
            ),
        }
