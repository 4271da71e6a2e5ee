from odoo import api, models
from odoo.exceptions import ValidationError


class CsCodeMixin(models.AbstractModel):
    """Records that packages, rules and scenarios name by a code, which is one word."""

    _name = "cs.code.mixin"
    _description = "Named by a Code"

    @api.constrains("code")
    def _check_one_word(self):
        """Refuse a new code with blanks; one that there is stays, in a duplicate, too."""
        odd = self.filtered(lambda record: record.code.split() != [record.code])
        if not odd:
            return
        # sudo: of all companies, as the policy that it was duplicated from may be of another one
        everything = self.sudo().with_context(active_test=False)
        there = everything.search([("code", "in", odd.mapped("code")), ("id", "not in", self.ids)])
        for record in odd.filtered(lambda record: record.code not in there.mapped("code")):
            raise ValidationError(
                self.env._(
                    "%(record)s: the code “%(code)s” has blanks. Take one word, such as %(word)s.",
                    record=f"{record._description} {record.display_name}",
                    code=record.code,
                    word="_".join(record.code.split()) or "A",
                )
            )
