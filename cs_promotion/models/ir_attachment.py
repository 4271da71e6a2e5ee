from odoo import SUPERUSER_ID, api, models
from odoo.exceptions import UserError
from odoo.fields import Domain

# What may change on a document that stays: nothing of what it says or belongs to.
HARMLESS = {"access_token", "index_content", "thumbnail"}
OF_THE_OFFICE = "cs.cycle"  # everyone sees a cycle, its history and documents only who runs it


class IrAttachment(models.Model):
    """Documents of what has been handed in or decided stay as they are; more may be added.

    Only models that inherit ``cs.kept.mixin`` are concerned. It stands in ``write`` and
    ``unlink`` themselves, since the paper clip of the history calls them as superuser once
    it has found the document to be the user's own.
    """

    _inherit = "ir.attachment"

    @api.model_create_multi
    def create(self, vals_list):
        attachments = super().create(vals_list)
        attachments._trace_supplements()
        return attachments

    def write(self, vals):
        if not set(vals) - HARMLESS:
            return super().write(vals)
        self._check_kept()
        # sudo: where it belongs is looked at, by whomever it is moved
        documents = self.sudo()
        before = {each: (each.res_model, each.res_id) for each in documents}
        written = super().write(vals)
        if {"res_model", "res_id"} & set(vals):
            moved = documents.filtered(
                lambda each: (each.res_model, each.res_id) != before[each]
            ).with_env(self.env)
            moved._trace_supplements()
        return written

    def unlink(self):
        self._check_kept()
        return super().unlink()

    def _find_kept(self):
        """Attachment -> its record, of those whose record has been handed in or decided."""
        found = {}
        # sudo: whoever touches the document, its record's state counts
        documents = self.sudo()
        for model, ours in documents.filtered("res_id").grouped("res_model").items():
            if model not in self.env or not hasattr(self.env[model], "_filter_kept"):
                continue
            records = documents.env[model].browse(ours.mapped("res_id")).exists()
            kept = {record.id: record for record in records._filter_kept()}
            found |= {each: kept[each.res_id] for each in ours if each.res_id in kept}
        return found

    def _check_kept(self):
        """Refuse to change or remove what stays, to everybody but the software itself."""
        if self.env.uid == SUPERUSER_ID:
            return
        for attachment, record in self._find_kept().items():
            raise UserError(
                self.env._(
                    "The document %(name)s belongs to %(record)s and stays as it is: what has "
                    "been handed in or decided keeps its proof. You may add another one.",
                    name=attachment.name,
                    record=record.display_name,
                )
            )

    def _trace_supplements(self):
        """Say in the history what was added to a record after it was handed in or decided."""
        for attachment, record in self._find_kept().items():
            record.message_post(
                body=self.env._(
                    "Document added later: %(name)s, by %(user)s.",
                    name=attachment.name,
                    user=self.env.user.name,
                )
            )

    # ------------------------------------------------------------------ documents of a cycle

    def _sees_cycles(self):
        return self.env.su or self.env.user.has_group("cs_promotion.group_office")

    def _inaccessible_comodel_records(self, model_and_ids, operation):
        """Documents of a cycle follow its history: they are for those who run it."""
        yield from super()._inaccessible_comodel_records(model_and_ids, operation)
        if OF_THE_OFFICE in model_and_ids and not self._sees_cycles():
            for id_ in filter(None, model_and_ids[OF_THE_OFFICE]):
                yield OF_THE_OFFICE, id_

    @api.model
    def _search(self, domain, *args, bypass_access=False, **kwargs):
        """Odoo asks for the right to read the record only, which everyone has on a cycle."""
        if not bypass_access and not self._sees_cycles():
            domain = Domain(domain) & Domain("res_model", "!=", OF_THE_OFFICE)
        return super()._search(domain, *args, bypass_access=bypass_access, **kwargs)
