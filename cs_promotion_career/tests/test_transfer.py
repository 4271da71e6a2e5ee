from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools.safe_eval import safe_eval

from odoo.addons.cs_promotion.tests.common import CsPromotionCase


class TransferCase(CsPromotionCase):
    """``agent`` of the hotline applies for the front desk, which ``head`` leads."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user_head = cls._make_user("head")
        cls.head = cls.env["hr.employee"].create(
            {"name": "Head", "company_id": cls.company.id, "user_id": cls.user_head.id}
        )
        cls.front_desk.manager_id = cls.head
        cls._make_agent("Receptionist", department=cls.front_desk, parent=cls.head)

    def setUp(self):
        super().setUp()
        clock = freeze_time("2025-02-10")
        clock.start()
        self.addCleanup(clock.stop)

    def _transfer(self, submit=True, user=None, **values):
        transfer = self._as(user or self.user_agent, self.env["cs.transfer"]).create(
            {
                "employee_id": self.agent.id,
                "department_id": self.front_desk.id,
                "date": "2025-03-01",
                "motive": "I like to meet people",
            }
            | values
        )
        if submit:
            transfer.action_submit()
        return transfer.with_user(self.env.user)

    def _give_opinions(self, transfer, superior="for", receiving="for"):
        self._as(self.user_superior, transfer).superior_opinion = superior
        self._as(self.user_head, transfer).receiving_opinion = receiving

    def _decide_on(self, transfer, step, user=None):
        transfer = self._as(user or self.user_office, transfer)
        action = getattr(transfer, f"action_{step}")()
        wizard = transfer.env["cs.reason"].browse(action["res_id"])
        wizard.reason = "Staffing"
        wizard.action_take()

    def _department_on(self, agent, day):
        timeline = self.env["cs.timeline"]._load(agent.ids)[agent.id]
        return timeline.at(fields.Date.to_date(day)).department


@tagged("post_install", "-at_install", "cs_promotion")
class TestTransfer(TransferCase):
    """L6: the application, two opinions, the decision, and the move on its day."""

    def test_approved_transfer_moves_on_its_day(self):
        transfer = self._transfer()
        self.assertEqual(transfer.department_from_id, self.hotline)
        self.assertEqual(transfer.tier_id, self.tiers["junior"])
        self.assertTrue(transfer.on_ladder)
        self.assertEqual(
            transfer.activity_ids.user_id, self.user_superior | self.user_head | self.user_office
        )
        self._give_opinions(transfer)
        self.assertEqual(transfer.activity_ids.user_id, self.user_office)
        self._decide_on(transfer, "approve")
        self.assertEqual((transfer.state, transfer.reason), ("approved", "Staffing"))
        self.assertFalse(transfer.activity_ids)
        self.assertEqual(self._department_on(self.agent, "2025-02-28"), self.hotline.id)
        self.assertEqual(self._department_on(self.agent, "2025-03-01"), self.front_desk.id)
        self.assertEqual(self._tier_on(self.agent, "2025-03-01"), "junior")
        self.assertEqual(self.agent.parent_id, self.superior)

    def test_superior_changes_on_the_day(self):
        transfer = self._transfer()
        self._give_opinions(transfer)
        self._decide_on(transfer, "approve")
        cron = self.env.ref("cs_promotion_career.ir_cron_move")
        with freeze_time("2025-02-28"), self.enter_registry_test_mode():
            cron.method_direct_trigger()
            self.assertEqual(self.agent.parent_id, self.superior)
        with freeze_time("2025-03-02"), self.enter_registry_test_mode():
            cron.method_direct_trigger()
            self.assertEqual(self.agent.parent_id, self.head)
            self.agent.parent_id = self.superior  # HR decides otherwise; it stays
            cron.method_direct_trigger()
        self.assertEqual(self.agent.parent_id, self.superior)

    def test_one_that_cannot_move_does_not_stop_the_rest(self):
        transfers = self._transfer() | self._transfer(employee_id=self.peer.id, user=self.user_peer)
        for transfer in transfers:
            self._give_opinions(transfer)
            self._decide_on(transfer, "approve")
        first = transfers[0]
        model = type(transfers)
        move = model._move_superior

        def fail(due, day):
            if first in due:
                raise UserError(due.env._("Not today"))
            return move(due, day)

        self.patch(model, "_move_superior", fail)
        with freeze_time("2025-03-02"), self.enter_registry_test_mode():
            self.env.ref("cs_promotion_career.ir_cron_move").method_direct_trigger()
        self.assertEqual(self.agent.parent_id, self.superior)
        self.assertEqual(self.peer.parent_id, self.head)
        self.assertIn("Not today", "".join(first.message_ids.mapped("body")))

    def test_of_today_moves_at_once(self):
        transfer = self._transfer(date="2025-02-10")
        self._give_opinions(transfer)
        self._decide_on(transfer, "approve")
        self.assertEqual(self.agent.department_id, self.front_desk)
        self.assertEqual(self.agent.parent_id, self.head)

    def test_off_the_ladder(self):
        sales = self.env["hr.department"].create(
            {"name": "Sales", "company_id": self.company.id, "manager_id": self.head.id}
        )
        job = self.env["hr.job"].create({"name": "Buyer", "company_id": self.company.id})
        transfer = self._transfer(department_id=sales.id, job_id=job.id)
        self.assertFalse(transfer.on_ladder)
        self._give_opinions(transfer)
        self._decide_on(transfer, "approve")
        self.assertEqual(self._tier_on(self.agent, "2025-02-28"), "junior")
        self.assertIsNone(self._tier_on(self.agent, "2025-03-01"))
        version = self.agent._get_version(fields.Date.to_date("2025-03-01"))
        self.assertEqual((version.job_id, version.department_id), (job, sales))
        self.assertFalse(version.cs_tier_since)

    def test_off_the_ladder_with_results(self):
        """Results make the tier change by decisions only: leaving the ladder is one way more."""
        with freeze_time("2025-02-01"):
            self._play("2025-01", {self.agent: 90, self.peer: 90})
        transfer = self._transfer()
        self._give_opinions(transfer)
        self._as(self.user_office, transfer).on_ladder = False
        self._decide_on(transfer, "approve")
        self.assertIsNone(self._tier_on(self.agent, "2025-03-01"))
        with freeze_time("2025-04-01"):
            self._play("2025-02", {self.agent: 90, self.peer: 90})
            self._play("2025-03", {self.peer: 90})
        self.assertTrue(self._appraisal(self.agent, "2025-02").scored)
        self.assertFalse(self._appraisal(self.agent, "2025-03"))

    def test_versions_planned_later_move_along(self):
        self.agent.create_version({"date_version": "2025-05-01", "wage": 1750})
        elsewhere = self.env["hr.department"].create(
            {"name": "Elsewhere", "company_id": self.company.id}
        )
        self.agent.create_version({"date_version": "2025-07-01", "department_id": elsewhere.id})
        transfer = self._transfer()
        self._give_opinions(transfer)
        self._decide_on(transfer, "approve")
        self.assertEqual(self._department_on(self.agent, "2025-05-01"), self.front_desk.id)
        self.assertEqual(self._department_on(self.agent, "2025-07-01"), elsewhere.id)
        later = self.agent._get_version(fields.Date.to_date("2025-05-01"))
        self.assertEqual(later.wage, 1750)

    def test_version_of_that_day_is_changed_in_place(self):
        self.agent.create_version({"date_version": "2025-03-01", "wage": 1750})
        transfer = self._transfer()
        self._give_opinions(transfer)
        self._decide_on(transfer, "approve")
        self.assertEqual(self._department_on(self.agent, "2025-03-01"), self.front_desk.id)
        self.assertEqual(len(self.agent.version_ids), 2)

    def test_refused(self):
        transfer = self._transfer()
        self._decide_on(transfer, "refuse")
        self.assertEqual((transfer.state, transfer.decided_by), ("refused", self.user_office))
        self.assertEqual(self._department_on(self.agent, "2025-03-01"), self.hotline.id)
        self.assertIn(self.user_agent.partner_id, transfer.message_ids.partner_ids)

    def test_both_opinions_come_first(self):
        transfer = self._transfer()
        self._as(self.user_superior, transfer).superior_opinion = "against"
        with self.assertRaisesRegex(UserError, "both superiors"):
            self._decide_on(transfer, "approve")

    def test_office_enters_the_opinion_of_one_without_login(self):
        self.front_desk.manager_id = False
        transfer = self._transfer()
        office = self._as(self.user_office, transfer)
        office.write({"receiving_opinion": "for", "receiving_remark": "By telephone"})
        with self.assertRaises(UserError):
            office.superior_opinion = "for"

    def test_closed_month_is_left_alone(self):
        transfer = self._transfer(date="2025-02-15")
        self._give_opinions(transfer)
        with freeze_time("2025-03-01"):
            self._play("2025-02", {self.agent: 90, self.peer: 90})
            with self.assertRaisesRegex(UserError, "is closed"):
                self._decide_on(transfer, "approve")

    def test_only_from_the_ladder_and_elsewhere(self):
        with self.assertRaisesRegex(UserError, "held already"):
            self._transfer(department_id=self.hotline.id)
        self.stranger.version_id.contract_date_start = "2025-01-01"
        with self.assertRaisesRegex(UserError, "L6"):
            self._transfer(employee_id=self.stranger.id, user=self.user_stranger)
        with self.assertRaisesRegex(ValidationError, "write down why"):
            self._transfer(motive=" ")
        with self.assertRaisesRegex(ValidationError, "before Agent joined"):
            self._transfer(date="2024-03-01")

    def test_withdrawn(self):
        transfer = self._transfer()
        self._as(self.user_agent, transfer).action_withdraw()
        self.assertEqual(transfer.state, "withdrawn")
        self.assertFalse(transfer.activity_ids)
        with self.assertRaises(UserError):
            self._decide_on(transfer, "refuse")


@tagged("post_install", "-at_install", "cs_promotion")
class TestPost(TransferCase):
    """L6: candidates for one post side by side, own people first."""

    def setUp(self):
        super().setUp()
        self.post = self.env["cs.post"].create(
            {
                "name": "Evening shift",
                "company_id": self.company.id,
                "department_id": self.front_desk.id,
                "external_ids": [(0, 0, {"name": "Somebody", "note": "Ten years in retail"})],
            }
        )

    def test_applying_for_a_post(self):
        action = self._as(self.user_agent, self.post).action_apply()
        transfer = (
            self._as(self.user_agent, self.env["cs.transfer"])
            .with_context(**action["context"])
            .create({"date": "2025-03-01", "motive": "Evenings suit me"})
        )
        self.assertEqual(transfer.employee_id, self.agent.with_user(self.user_agent))
        self.assertEqual(transfer.department_id.id, self.front_desk.id)
        transfer.action_submit()
        other = self._transfer(post_id=self.post.id, employee_id=self.peer.id, user=self.user_peer)
        self.assertEqual(self.post.internal_count, 2)
        domain = self._as(self.user_office, other).action_view_candidates()["domain"]
        self.assertEqual(len(self.env["cs.transfer"].search(domain)), 2)
        self.assertFalse(self._as(self.user_agent, self.post).transfer_ids - transfer)

    def test_department_follows_the_post(self):
        with self.assertRaisesRegex(ValidationError, "belongs to"):
            self._transfer(post_id=self.post.id, department_id=self.hotline.id)

    def test_closed_post(self):
        draft = self._transfer(submit=False, post_id=self.post.id)
        self._as(self.user_office, self.post).action_close()
        with self.assertRaisesRegex(UserError, "no more applications"):
            self._as(self.user_agent, draft).action_submit()
        self._as(self.user_office, self.post).action_reopen()
        self._as(self.user_agent, draft).action_submit()

    def test_candidates_from_outside_are_for_the_office(self):
        with self.assertRaises(AccessError):
            self._as(self.user_agent, self.post).external_ids.mapped("name")
        with self.assertRaises(AccessError):
            self._as(self.user_agent, self.post.external_ids).read(["name"])
        self.assertEqual(self._as(self.user_office, self.post).external_ids.name, "Somebody")
        with self.assertRaises(AccessError):
            self._as(self.user_agent, self.post).write({"name": "Mine"})
        self.assertFalse(self._as(self.user_manager_b, self.env["cs.post"]).search([]))


@tagged("post_install", "-at_install", "cs_promotion")
class TestTransferAccess(TransferCase):
    def test_nobody_applies_for_another(self):
        for user in (self.user_peer, self.user_superior, self.user_office, self.user_manager_b):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self._transfer(user=user, submit=False)

    def test_who_sees_it(self):
        draft = self._transfer(submit=False)
        for user in (self.user_superior, self.user_head, self.user_office, self.user_manager):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self._as(user, draft).read(["motive"])
        self._as(self.user_agent, draft).action_submit()
        for user in (self.user_superior, self.user_head, self.user_office, self.user_manager):
            with self.subTest(user.login):
                self.assertTrue(self._as(user, draft).motive)
        for user in (self.user_peer, self.user_stranger, self.user_office_b, self.user_manager_b):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self._as(user, draft).read(["motive"])

    def test_everyone_writes_their_own_part(self):
        transfer = self._transfer()
        parts = {
            self.user_agent: set(),
            self.user_superior: {"superior_opinion"},
            self.user_head: {"receiving_opinion"},
            self.user_office: {"on_ladder", "date"},
        }
        values = {
            "superior_opinion": "for",
            "receiving_opinion": "for",
            "on_ladder": False,
            "date": "2025-04-01",
            "motive": "Another one",
        }
        for user, names in parts.items():
            for name, value in values.items():
                with self.subTest(user=user.login, field=name):
                    record = self._as(user, transfer)
                    if name in names:
                        record.write({name: value})
                    else:
                        with self.assertRaises(UserError):
                            record.write({name: value})
            for name in ("state", "reason", "tier_id", "superior_user_id", "superior_moved"):
                with self.subTest(user=user.login, field=name), self.assertRaises(UserError):
                    self._as(user, transfer).write({name: False})

    def test_not_in_a_matter_of_ones_own(self):
        self.user_agent.group_ids |= self.env.ref("cs_promotion.group_office")
        transfer = self._transfer()
        self._give_opinions(transfer)
        with self.assertRaisesRegex(UserError, "matter of your own"):
            self._decide_on(transfer, "approve", user=self.user_agent)
        with self.assertRaises(UserError):
            self._as(self.user_agent, transfer).on_ladder = False

    def test_agent_and_superiors_do_not_decide(self):
        transfer = self._transfer()
        self._give_opinions(transfer)
        for user in (self.user_agent, self.user_superior, self.user_head):
            for method in ("action_approve", "action_refuse"):
                with self.subTest(user.login), self.assertRaises(AccessError):
                    getattr(self._as(user, transfer), method)()

    def test_an_archived_head_is_no_receiving_superior(self):
        self.head.write({"active": False})
        transfer = self._transfer()
        self.assertFalse(transfer.receiving_user_id)

    def test_an_agent_can_be_chosen_on_a_new_transfer(self):
        """A new record has no company before an agent is chosen: none may be asked for."""
        transfers = self._as(self.user_manager, self.env["cs.transfer"])
        domain = transfers.fields_get(["employee_id"])["employee_id"]["domain"]
        if isinstance(domain, str):
            domain = safe_eval(domain, {"company_id": False})
        agents = transfers.env["hr.employee"].search(domain)
        self.assertIn(self.agent, agents)
        self.assertNotIn(self.agent_b, agents)
