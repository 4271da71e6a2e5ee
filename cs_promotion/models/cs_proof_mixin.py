from odoo import api, fields, models


class CsKeptMixin(models.AbstractModel):
    """The documents of a record stay once it has left the states in which it is written.

    Enforced by ``ir_attachment.py``: from then on they are neither replaced nor removed, nor
    moved to another record; others may be added, which the history tells.
    """

    _name = "cs.kept.mixin"
    _description = "Record That Keeps Its Documents"

    _writing_states = ("draft",)

    def _filter_kept(self):
        """Those of these records whose documents stay."""
        return self.filtered(lambda each: each.state not in self._writing_states)


class CsProofMixin(models.AbstractModel):
    """Documents that prove what a record says, attached while it is being written.

    The history's own paper clip waits until a record is saved; these may be added before.
    They are ordinary attachments of the record and follow its rights.
    """

    _name = "cs.proof.mixin"
    _inherit = ["cs.kept.mixin"]
    _description = "Record with Proof"

    proof_ids = fields.Many2many(
        "ir.attachment",
        string="Attachments",
        compute="_compute_proof_ids",
        inverse="_inverse_proof_ids",
        copy=False,
        help="Documents that prove it.",
    )

    @api.depends("message_attachment_count")
    def _compute_proof_ids(self):
        attachments = self.env["ir.attachment"].search(
            [("res_model", "=", self._name), ("res_id", "in", self.ids)], order="id"
        )
        found = attachments.grouped("res_id")
        for record in self:
            record.proof_ids = found.get(record.id)

    def _inverse_proof_ids(self):
        """Hand over what was uploaded to the record, and delete what was taken out."""
        Attachment = self.env["ir.attachment"]
        for record in self:
            present = Attachment.search(
                [("res_model", "=", self._name), ("res_id", "=", record.id)]
            )
            (present - record.proof_ids).unlink()
            (record.proof_ids - present).write({"res_model": self._name, "res_id": record.id})
