"""Words for documents that prove something: attached, kept, added to."""

from odoo.exceptions import UserError

from .common import CsPromotionCase

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


class ProofCase(CsPromotionCase):
    def _violation_today(self, **values):
        violation = self._violation(self.agent, "2025-02-03", **values)
        if violation.state == "confirmed":
            violation.confirmed_on = violation.company_id._cs_today()
        return violation

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
