from odoo import api, models
from odoo.exceptions import UserError
from odoo.models import MAGIC_COLUMNS


class CsGuardMixin(models.AbstractModel):
    """What forms show read-only is read-only for imports and network calls as well.

    Odoo enforces ``readonly`` in views only. Here a read-only field is written by the
    software alone: a caller who is not the superuser is refused, and so is a default for it
    that a caller slips in by the context.
    """

    _name = "cs.guard.mixin"
    _description = "Read-only Fields Stay Read-only"

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_guarded(vals)
        slipped_in = {f"default_{name}" for name in self._get_guarded()}
        context = {key: value for key, value in self.env.context.items() if key not in slipped_in}
        return super(CsGuardMixin, self.with_context(context)).create(vals_list)

    def write(self, vals):
        """Refuse read-only fields; a record that changes hands must stay within reach."""
        self.check_access("write")
        self._check_guarded(vals)
        result = super().write(vals)
        if {"employee_id", "company_id"} & set(vals):
            self.check_access("write")
        return result

    @api.model
    def _get_guarded(self):
        """Names of the fields that only the software writes."""
        return {
            name
            for name, field in self._fields.items()
            if field.readonly and name not in MAGIC_COLUMNS
        }

    def _check_guarded(self, vals):
        """Refuse ``vals`` that set read-only fields, naming record and fields."""
        guarded = set() if self.env.su else self._get_guarded() & set(vals)
        if guarded:
            raise UserError(
                self.env._(
                    "%(record)s: %(fields)s cannot be set by hand.",
                    record=", ".join(self.mapped("display_name")) or self._description,
                    fields=", ".join(
                        sorted(self._fields[name]._description_string(self.env) for name in guarded)
                    ),
                )
            )
