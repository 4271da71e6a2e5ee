from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from odoo.addons.base.models.ir_model import MODULE_UNINSTALL_FLAG


def is_uninstalling(env):
    """Whether records go because the addon does: as for ``ondelete``, nothing is kept then."""
    return env.context.get(MODULE_UNINSTALL_FLAG)


class CsSharedMixin(models.AbstractModel):
    """Records without a company, which all companies of the database go by.

    Whoever changes one changes it for all of them: that is for people to whom all the companies
    with customer service are open. In a database with one company every manager is such a one.
    """

    _name = "cs.shared.mixin"
    _description = "Shared between Companies"

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        records._get_shared()._check_all_companies()
        return records

    def write(self, vals):
        """Refuse it after it has been done: what the record itself forbids is said first."""
        before = self._get_shared()
        written = super().write(vals)
        (before | self._get_shared())._check_all_companies()
        return written

    def _update_field_translations(self, field_name, translations, digest=None, source_lang=""):
        """A name in another language is a change like any other."""
        updated = super()._update_field_translations(field_name, translations, digest, source_lang)
        self._get_shared()._check_all_companies()
        return updated

    @api.ondelete(at_uninstall=False)
    def _unlink_except_all_companies(self):
        self._get_shared()._check_all_companies()

    def _get_shared(self):
        """Those of these records that no one company owns: all, where there is no company."""
        return self

    def _check_all_companies(self):
        """Refuse a caller who does not have all the companies with customer service.

        What installs, upgrades and plays histories is no caller.
        """
        if not self or self.env.su:
            return
        # their names are needed in the message, though the user does not see these companies
        shared = self.sudo()
        missing = shared._get_serving_companies() - shared.env.user.company_ids
        if missing:
            raise UserError(
                self.env._(
                    "%(record)s is shared by all companies with customer service. Only someone who "
                    "is allowed in all of them can change it; you are not allowed in "
                    "%(companies)s.",
                    record=f"{self._description} {shared[0].display_name}",
                    companies=", ".join(missing.sorted("name").mapped("name")),
                )
            )

    @api.model
    def _get_serving_companies(self):
        """The companies that have a policy, or somebody on the ladder."""
        self.env["cs.policy"].flush_model(["company_id"])
        self.env["hr.version"].flush_model(["cs_tier_id", "employee_id"])
        self.env["hr.employee"].flush_model(["company_id"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT company_id FROM cs_policy
                 UNION
                SELECT agent.company_id
                  FROM hr_version version JOIN hr_employee agent ON agent.id = version.employee_id
                 WHERE version.cs_tier_id IS NOT NULL
                """
            )
        )
        # an archived company is closed: nobody can be allowed in it any more
        return self.env["res.company"].browse([id_ for (id_,) in rows]).filtered("active")

    @api.model
    def _find_naming(self, ids, without=()):
        """Which of these records are named by others, and by which kind of record.

        :param without: models whose naming them does not matter here
        :return: record id -> name of a model, as people read it
        """
        naming = {}
        # sudo: of all companies, and of models that the caller may know nothing of
        everything = self.sudo().with_context(active_test=False).env
        for name in sorted(self.env.registry):
            model = everything[name]
            if model._abstract or model._transient or not model._auto or name in without:
                continue
            for field in model._fields.values():
                if field.type != "many2one" or field.comodel_name != self._name:
                    continue
                if field.store and not field.related:
                    for (record,) in model._read_group([(field.name, "in", ids)], [field.name]):
                        naming.setdefault(record.id, name)
        return {id_: everything["ir.model"]._get(name).name for id_, name in naming.items()}
