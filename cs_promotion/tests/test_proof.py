"""Proof stays proof: what was handed in or decided keeps its documents (5)."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .test_appeal import AppealCase

SWAPS = (
    {"raw": b"swapped"},
    {"datas": b"c3dhcHBlZA=="},
    {"name": "other.txt"},
    {"res_id": 0},
    {"res_model": "res.partner"},
    {"type": "url", "url": "https://example.com"},
    {"mimetype": "text/html"},
    {"res_field": "grounds"},
    {"public": True},
    {"description": "another"},
)


@tagged("post_install", "-at_install", "cs_promotion")
class TestProof(AppealCase):
    def _attach(self, record, user, name="proof.txt"):
        attachment = self._as(user, self.env["ir.attachment"]).create(
            {"name": name, "raw": b"proof", "res_model": record._name, "res_id": record.id}
        )
        return attachment.with_env(self.env)

    def _assert_kept(self, attachment, *users):
        record = self.env[attachment.res_model].browse(attachment.res_id)
        for user in users:
            own = self._as(user, attachment)
            for values in SWAPS:
                subtest = self.subTest(user=user.login, record=record, values=values)
                with subtest, self.assertRaises(UserError):
                    own.write(values)
            # what the paper clip of the history does once the document is found to be one's own
            for remove in (
                lambda own=own: own.unlink(),
                lambda own=own: own.sudo()._delete_and_notify(),
            ):
                with (
                    self.subTest(user=user.login, record=record),
                    self.assertRaises(UserError),
                ):
                    remove()
        self.env.invalidate_all()
        self.assertEqual((attachment.raw, attachment.res_id), (b"proof", record.id))

    def _assert_added(self, record, user):
        """A supplement is possible, and the history tells who added what."""
        added = self._attach(record, user, "later.txt")
        note = record.message_ids[:1]
        self.assertIn("later.txt", note.body)
        self.assertIn(user.name, note.body)
        self._assert_kept_from_removal(added, user)

    def _assert_kept_from_removal(self, attachment, user):
        with self.assertRaises(UserError):
            self._as(user, attachment).unlink()

    def test_appeal(self):
        violation = self._violation(self.agent, "2025-02-03")
        violation.confirmed_on = violation.company_id._cs_today()
        appeal = self._appeal(violation, submit=False)
        draft = self._attach(appeal, self.user_agent, "draft.txt")
        proof = self._attach(appeal, self.user_agent)
        self._as(self.user_agent, draft).write({"name": "renamed.txt", "raw": b"new"})
        self._as(self.user_agent, appeal).write({"proof_ids": [(2, draft.id)]})
        self.assertFalse(draft.exists())
        self._as(self.user_agent, appeal).action_submit()
        users = (self.user_agent, self.user_office, self.user_manager)
        self._assert_kept(proof, *users)
        with self.assertRaisesRegex(UserError, "stays as it is"):
            self._as(self.user_agent, appeal).write({"proof_ids": [(2, proof.id)]})
        with self.assertRaises(UserError):
            self._as(self.user_agent, appeal).write({"proof_ids": [(5,)]})
        self._assert_added(appeal, self.user_agent)
        self._answer(appeal)
        self._assert_added(appeal, self.user_office)
        self._decide_on(appeal, "reject")
        self._assert_kept(proof, *users)

    def test_documents_of_messages(self):
        """What came with a message stays, too: neither the message nor the document takes it."""
        appeal = self._appeal(self._violation_today())
        pending = self._as(self.user_agent, self.env["ir.attachment"]).create(
            {"name": "chat.txt", "raw": b"proof", "res_model": "mail.compose.message", "res_id": 0}
        )
        message = self._as(self.user_agent, appeal).message_post(
            body="See", attachment_ids=pending.ids
        )
        proof = pending.with_env(self.env)
        self.assertEqual((proof.res_model, proof.res_id), ("cs.appeal", appeal.id))
        self._assert_kept(proof, self.user_agent, self.user_office)
        with self.assertRaises(UserError):
            self._as(self.user_agent, appeal)._message_update_content(
                message.with_user(self.user_agent), body="", attachment_ids=[]
            )
        self.assertTrue(proof.exists())

    def _violation_today(self, **values):
        violation = self._violation(self.agent, "2025-02-03", **values)
        if violation.state == "confirmed":
            violation.confirmed_on = violation.company_id._cs_today()
        return violation

    def test_violation(self):
        violation = self._violation_today(confirm=False)
        violation.reported_by = self.user_superior
        mistake = self._attach(violation, self.user_superior, "mistake.txt")
        self._as(self.user_superior, mistake).unlink()
        proof = self._attach(violation, self.user_superior)
        self._as(self.user_office, violation).action_confirm()
        users = (self.user_superior, self.user_office, self.user_manager, self.user_agent)
        self._assert_kept(proof, *users)
        for user in (self.user_superior, self.user_agent):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self._attach(violation, user)
        self._assert_added(violation, self.user_office)
        violation._withdraw("Looked into")
        self._assert_kept(proof, *users)

    def test_others_cannot_be_moved_onto_it_unseen(self):
        """Another document that is moved to a decided record is an addition, and told."""
        violation = self._violation_today()
        other = self._as(self.user_office, self.env["ir.attachment"]).create(
            {"name": "loose.txt", "raw": b"x"}
        )
        self._as(self.user_office, other).write(
            {"res_model": "cs.violation", "res_id": violation.id}
        )
        self.assertIn("loose.txt", violation.message_ids[:1].body)

    def test_sheet_and_decision(self):
        self._open("2025-02")
        sheet = self._sheet(self.agent, "2025-02", "superior")
        proof = self._attach(sheet, self.user_superior)
        self._fill_in(sheet.with_user(self.user_superior), 90)
        self._assert_kept(proof, self.user_superior, self.user_office, self.user_manager)
        decision = self._decide(self.agent, "senior", "2025-04-01", announce=False)
        draft = self._attach(decision, self.user_manager, "draft.txt")
        self._as(self.user_manager, draft).unlink()
        proof = self._attach(decision, self.user_manager)
        self._as(self.user_manager, decision).action_approve()
        self._assert_kept(proof, self.user_manager, self.user_office)

    def test_transfer(self):
        transfer = self._as(self.user_agent, self.env["cs.transfer"]).create(
            {
                "employee_id": self.agent.id,
                "department_id": self.front_desk.id,
                "date": "2030-05-01",
                "motive": "Evenings suit me",
            }
        )
        transfer = transfer.with_env(self.env)
        proof = self._attach(transfer, self.user_agent)
        self._as(self.user_agent, transfer).action_submit()
        self._assert_kept(proof, self.user_agent, self.user_superior, self.user_office)

    def test_a_draft_is_deleted_with_its_documents(self):
        appeal = self._appeal(self._violation_today(), submit=False)
        proof = self._attach(appeal, self.user_agent)
        self._as(self.user_agent, appeal).unlink()
        self.assertFalse(proof.exists())

    def test_documents_of_other_models_are_left_alone(self):
        loose = self._as(self.user_agent, self.env["ir.attachment"]).create(
            {"name": "mine.txt", "raw": b"x"}
        )
        loose.write({"raw": b"y", "name": "still mine.txt"})
        loose.unlink()
        rules = self.env["ir.rule"].search([("model_id.model", "=", "ir.attachment")])
        ours = self.env["ir.model.data"].search(
            [
                ("model", "=", "ir.rule"),
                ("res_id", "in", rules.ids),
                ("module", "=like", "cs_promotion%"),
            ]
        )
        self.assertFalse(ours, "No global rule on a model of others")

    def test_documents_of_a_cycle_are_found_by_the_office_only(self):
        cycle = self._open("2025-02")
        document = self.env["ir.attachment"].create(
            {"name": "list.txt", "raw": b"x", "res_model": "cs.cycle", "res_id": cycle.id}
        )
        for user, count in ((self.user_agent, 0), (self.user_office, 1)):
            Attachment = self._as(user, self.env["ir.attachment"])
            for domain in (
                [("id", "=", document.id)],
                [("res_model", "=", "cs.cycle"), ("res_id", "=", cycle.id)],
                [("name", "=", "list.txt")],
            ):
                with self.subTest(user=user.login, domain=domain):
                    self.assertEqual(Attachment.search_count(domain), count)
                    self.assertEqual(len(Attachment.search(domain)), count)
        with self.assertRaises(AccessError):
            self._as(self.user_agent, document).read(["raw"])
        with self.assertRaises(AccessError):
            self._attach(cycle, self.user_agent)
