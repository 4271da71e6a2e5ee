from odoo import api, models


class CsViolation(models.Model):
    """A new violation is offered to those only who may report one (V1, V2)."""

    _inherit = "cs.violation"

    @api.model
    def _may_report(self):
        """The office and whoever leads someone, as the record rules have it."""
        if self.env.user.has_group("cs_promotion.group_office"):
            return True
        own_people = [("parent_id.user_id", "=", self.env.uid)]
        return bool(self.env["hr.employee"].sudo().search_count(own_people, limit=1))

    @api.model
    def _get_view_cache_key(self, view_id=None, view_type="form", **options):
        key = super()._get_view_cache_key(view_id, view_type, **options)
        return (*key, self._may_report())

    @api.model
    def _get_view(self, view_id=None, view_type="form", **options):
        arch, view = super()._get_view(view_id, view_type, **options)
        if not self._may_report():
            arch.set("create", "0")
        return arch, view
