from odoo import api, models
from odoo.exceptions import UserError


class CsNamedMixin(models.AbstractModel):
    """What results and decisions name, such as a department: archived when its time is over,
    never deleted, or the results would not say any more where and by whom they came about.

    The database refuses it as well (``ondelete="restrict"``); here it is said in plain words.
    """

    _name = "cs.named.mixin"
    _description = "Named by Results"

    @api.ondelete(at_uninstall=False)
    def _unlink_except_named_by_results(self):
        for record in self:
            kinds = record._get_kinds_of_results()
            if kinds:
                raise UserError(
                    self.env._(
                        "%(record)s cannot be deleted: it stands in %(kinds)s. Archive it instead.",
                        record=record.display_name,
                        kinds=", ".join(kinds),
                    )
                )

    def _get_kinds_of_results(self):
        """What there is that names this record, as kinds with their number."""
        self.ensure_one()
        counts = {}
        for model in self.env.registry.values():
            if not model._name.startswith("cs.") or model._abstract or not model._auto:
                continue
            names = [
                field.name
                for field in model._fields.values()
                if field.type == "many2one"
                and field.store
                and field.comodel_name == self._name
                and field.ondelete == "restrict"
            ]
            domain = ["|"] * (len(names) - 1) + [(name, "=", self.id) for name in names]
            # who deletes may be no one of customer service: numbers are told, nothing else
            records = self.env[model._name].sudo().with_context(active_test=False)
            if names and (count := records.search_count(domain)):
                counts[records._description] = count
        return [f"{kind} ({count})" for kind, count in sorted(counts.items())]


class HrDepartment(models.Model):
    _name = "hr.department"
    _inherit = ["hr.department", "cs.named.mixin"]


class HrJob(models.Model):
    _name = "hr.job"
    _inherit = ["hr.job", "cs.named.mixin"]


class ResUsers(models.Model):
    _name = "res.users"
    _inherit = ["res.users", "cs.named.mixin"]


class ResCompany(models.Model):
    _name = "res.company"
    _inherit = ["res.company", "cs.named.mixin"]
