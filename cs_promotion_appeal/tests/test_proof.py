"""Proof stays proof: what was handed in keeps its documents (5)."""

from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.cs_promotion.tests.proof_common import ProofCase

from .appeal_common import AppealWords


@tagged("post_install", "-at_install", "cs_promotion")
class TestProof(AppealWords, ProofCase):
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

    def test_a_draft_is_deleted_with_its_documents(self):
        appeal = self._appeal(self._violation_today(), submit=False)
        proof = self._attach(appeal, self.user_agent)
        self._as(self.user_agent, appeal).unlink()
        self.assertFalse(proof.exists())
