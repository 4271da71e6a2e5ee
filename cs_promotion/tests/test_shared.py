"""Companies apart (point by point): what is shared is changed by those who have all companies."""

from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import new_test_user, tagged

from .bad_input_common import CsBadInputCase
from .common import MAIL_OFF, MANAGER


@tagged("post_install", "-at_install", "cs_promotion")
class TestSharedRecords(CsBadInputCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.everywhere = new_test_user(
            cls.env,
            login="cs_everywhere",
            groups=MANAGER,
            company_id=cls.company.id,
            company_ids=[Command.set(cls.env["cs.tier"]._get_serving_companies().ids)],
            context=MAIL_OFF,
        )
        cls.scorecard = cls.env.ref("cs_promotion.scorecard_cs").copy()
        cls.kind = cls.env["cs.violation.type"].create({"name": "Rudeness", "code": "rudeness"})
        cls.spare = cls.env["cs.tier"].create({"name": "Expert", "code": "expert", "sequence": 35})

    def _changes(self):
        """Name -> (record or model, method, arguments): each way to change what is shared."""
        section = self.scorecard.section_ids[0]
        standard = self.tiers["senior"].standard_ids[0]
        return {
            "tier name": (self.tiers["senior"], "write", {"name": "Oldest"}),
            "tier's place in lists": (self.spare, "write", {"sequence": 15}),
            "tier archived": (self.spare, "write", {"active": False}),
            "tier deleted": (self.spare, "unlink"),
            "tier added": (
                self.env["cs.tier"],
                "create",
                {"name": "X", "code": "x", "sequence": 1},
            ),
            "tier copied": (self.spare, "copy", {"code": "copy", "sequence": 36}),
            "tier translated": (
                self.tiers["senior"],
                "update_field_translations",
                "name",
                {"en_US": "Oldest"},
            ),
            "standards by the tier": (
                self.tiers["senior"],
                "write",
                {"standard_ids": [Command.delete(standard.id)]},
            ),
            "standard": (standard, "write", {"name": "Is nice."}),
            "standard deleted": (standard, "unlink"),
            "standard added": (
                standard.browse(),
                "create",
                {"tier_id": self.tiers["senior"].id, "letter": "Z", "name": "Is nice."},
            ),
            "kind": (self.kind, "write", {"name": "Impoliteness"}),
            "kind archived": (self.kind, "action_archive"),
            "kind deleted": (self.kind, "unlink"),
            "kind added": (self.kind.browse(), "create", {"name": "Late", "code": "late"}),
            "form": (self.scorecard, "write", {"name": "Form"}),
            "form taken": (self.scorecard, "write", {"company_id": self.company_b.id}),
            "form deleted": (self.scorecard, "unlink"),
            "form added": (self.scorecard.browse(), "create", {"name": "Form"}),
            "section": (section, "write", {"name": "First"}),
            "item": (section.item_ids[0], "write", {"name": "First"}),
            "item deleted": (section.item_ids[0], "unlink"),
            "grade": (section.grade_ids[0], "write", {"name": "Super"}),
        }

    def _do(self, user, record, method, *args):
        if method == "create":
            args = ([args[0]],)
        ids = [] if method == "create" else [record.ids]
        return self._call(user, record._name, method, *ids, *args)

    def test_a_manager_of_one_company_changes_nothing_shared(self):
        for name, change in self._changes().items():
            with self.subTest(name):
                self._refused(
                    lambda change=change: self._do(self.user_manager_b, *change),
                    "shared by all companies",
                    self.company.name,
                    error=UserError,
                )

    def test_a_manager_of_all_companies_may(self):
        for name, change in self._changes().items():
            with self.subTest(name), self.env.cr.savepoint() as savepoint:
                self._do(self.everywhere, *change)
                self.env.flush_all()
                savepoint.rollback()

    def test_one_company_is_not_hindered(self):
        """Where no other company has customer service, nothing is asked."""
        self.env.cr.execute(
            "UPDATE cs_policy SET company_id = %s, state = 'draft'", [self.company_b.id]
        )
        self.env.cr.execute("UPDATE hr_employee SET company_id = %s", [self.company_b.id])
        self.env.invalidate_all()
        self.assertEqual(self.env["cs.tier"]._get_serving_companies(), self.company_b)
        self._do(self.user_manager_b, self.tiers["senior"], "write", {"name": "Oldest"})

    def test_a_form_of_ones_own_is_ones_own(self):
        own = self.scorecard.copy({"company_id": self.company_b.id})
        self._do(self.user_manager_b, own, "write", {"name": "Ours"})
        self._do(self.user_manager_b, own.section_ids[0].item_ids[0], "write", {"name": "Ours"})
        self._refused(
            lambda: self._do(self.user_manager_b, own, "write", {"company_id": False}),
            "shared by all companies",
            error=UserError,
        )
        self.assertFalse(own.with_user(self.user_manager).has_access("read"))

    # ------------------------------------------------------------------ fixed once used

    def test_code_of_a_used_tier_is_fixed(self):
        """Its place in lists is not: the ladder's order is that of the version."""
        for code in ("junior", "senior", "reserve"):
            tier = self.tiers[code]
            self._refused(
                lambda tier=tier: self._do(self.everywhere, tier, "write", {"code": "other"}),
                tier.name,
                "in use",
            )
            before = self.policy._get_ladder()
            self._do(self.everywhere, tier, "write", {"sequence": tier.sequence + 14})
            self.assertEqual(self.policy._get_ladder(), before)
            self._refused(
                lambda tier=tier: self._do(self.everywhere, tier, "unlink"), tier.name, "in use"
            )
            # a form sends what has not changed along with what has
            values = {"name": "Renamed", "code": code, "sequence": tier.sequence}
            self._do(self.everywhere, tier, "write", values)

    def test_what_makes_a_tier_used(self):
        """Each of these alone: held once, decided, judged, paid or ruled by a policy in force."""
        self.assertEqual(self.spare._find_used(), {})
        draft = self._make_policy(self.company, "2025-07-01", activate=False)
        line = draft.rung_ids[1].copy({"tier_id": self.spare.id})
        self.assertEqual(self.spare._find_used(), {}, "a draft is nothing yet")
        with self.env.cr.savepoint() as savepoint:
            draft.action_activate()
            self.assertIn(self.spare.id, self.spare._find_used())
            draft.active = False
            self.assertIn(self.spare.id, self.spare._find_used(), "it was in force")
            savepoint.rollback()
        self.env.invalidate_all()
        line.unlink()
        for make in (
            lambda: self.env.cr.execute(
                "UPDATE hr_version SET cs_tier_id = %s, active = FALSE WHERE employee_id = %s",
                [self.spare.id, self.agent.id],
            ),
            lambda: self.env.cr.execute(
                "UPDATE cs_decision SET tier_from_id = %s", [self.spare.id]
            ),
            lambda: self.env.cr.execute("UPDATE cs_appraisal SET tier_id = %s", [self.spare.id]),
        ):
            self._play("2025-03", {}) if not self.env["cs.appraisal"].search_count([]) else None
            if not self._decisions(self.peer):
                self._decide(self.peer, "senior", "2025-04-01")
            with self.env.cr.savepoint() as savepoint:
                self.env.flush_all()
                make()
                self.env.invalidate_all()
                self.assertIn(self.spare.id, self.spare._find_used())
                savepoint.rollback()
            self.env.invalidate_all()

    def test_a_rung_is_put_between_used_ones(self):
        between = self.env["cs.tier"].with_user(self.everywhere)
        tier = between.create({"name": "Advanced", "code": "advanced"})
        before = self.policy._get_ladder()
        self.assertNotIn("advanced", before.steps)
        policy = self._make_policy(self.company, "2025-07-01", activate=False)
        policy.rung_ids[2].copy({"tier_id": tier.id})
        # the rule that led from intermediate to senior leads to the new one now: as it says
        policy.action_activate()
        self.assertEqual(policy._get_ladder().above("intermediate"), "advanced")
        self.assertEqual(self.policy._get_ladder(), before)

    def test_code_of_a_used_kind_is_fixed(self):
        self._do(self.everywhere, self.kind, "write", {"code": "impolite"})
        self.env["cs.violation"].create(
            {"employee_id": self.agent.id, "date": "2025-03-03", "type_id": self.kind.id}
        )
        self._refused(
            lambda: self._do(self.everywhere, self.kind, "write", {"code": "rude"}), "in use"
        )
        self._refused(lambda: self._do(self.everywhere, self.kind, "unlink"), "in use")
        self._do(self.everywhere, self.kind, "write", {"name": "Rude", "code": "impolite"})
        self._do(self.everywhere, self.kind, "action_archive")

    def test_V3_the_complaint_rate_stays(self):
        """Unused as well, and whoever asks: without it no month over the limit can be closed."""
        kind = self.env.ref("cs_promotion.violation_type_complaint_rate")
        for method, *args in (
            ("unlink",),
            ("action_archive",),
            ("write", {"active": False}),
            ("write", {"code": "complaints"}),
        ):
            self._refused(
                lambda method=method, args=args: self._do(self.everywhere, kind, method, *args),
                kind.name,
                "over the complaint limit",
            )
            with self.assertRaises(ValidationError), self.env.cr.savepoint():
                getattr(kind.sudo(), method)(*args)
        self._do(self.everywhere, kind, "write", {"name": "Too many complaints"})
