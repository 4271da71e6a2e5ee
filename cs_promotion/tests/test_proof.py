"""Proof stays proof: what was handed in or decided keeps its documents (5)."""

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .proof_common import ProofCase


@tagged("post_install", "-at_install", "cs_promotion")
class TestProof(ProofCase):
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
