from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL

# Passed in the context by code that applies a decision. An object of this process cannot be
# sent over the network, so nobody can claim to be applying one.
APPLYING = object()


class HrVersion(models.Model):
    """Tier and wage live on the dated employee record."""

    _inherit = "hr.version"

    cs_tier_id = fields.Many2one(
        "cs.tier",
        string="CS Tier",
        index=True,
        ondelete="restrict",
        tracking=True,
        groups="hr.group_hr_user,cs_promotion.group_office",
        help="Set here once, when the agent is taken up; later changes go through decisions.",
    )
    cs_tier_since = fields.Date(
        string="CS Tier Since",
        tracking=True,
        groups="hr.group_hr_user,cs_promotion.group_office",
    )

    @api.model
    def _get_whitelist_fields_from_template(self):
        return [*super()._get_whitelist_fields_from_template(), "cs_tier_id"]

    @api.model_create_multi
    def create(self, vals_list):
        if self.env.context.get("cs_applying") is not APPLYING:
            vals_list = [self._complete_tier_values(dict(vals)) for vals in vals_list]
        return super().create(vals_list)

    def write(self, vals):
        if "cs_tier_id" in vals and self.env.context.get("cs_applying") is not APPLYING:
            for version in self:
                if vals["cs_tier_id"] != version.cs_tier_id.id:
                    super(HrVersion, version).write(version._complete_tier_values(dict(vals)))
                else:
                    super(HrVersion, version).write(vals)
            return True
        return super().write(vals)

    def _complete_tier_values(self, vals):
        """Since-date, wage and what bridges add, where a tier is set without them."""
        if not vals.get("cs_tier_id"):
            if "cs_tier_id" in vals:
                vals["cs_tier_since"] = False
            return vals
        employee = self.env["hr.employee"].browse(vals.get("employee_id")) or self.employee_id
        company = employee.company_id or self.company_id or self.env.company
        since = fields.Date.to_date(
            vals.get("cs_tier_since")
            or vals.get("contract_date_start")
            or self.contract_date_start
            or vals.get("date_version")
            or self.date_version
            or fields.Date.today()
        )
        day = fields.Date.to_date(vals.get("date_version")) or self.date_version or since
        tier = self.env["cs.tier"].browse(vals["cs_tier_id"])
        values = self._get_tier_values(company, tier, since, max(since, day))
        return values | {name: value for name, value in vals.items() if value or name not in values}

    @api.model
    def _get_tier_values(self, company, tier, since, day):
        """Values of a version that holds ``tier`` since ``since``, as of ``day``.

        Bridges extend it: the payroll bridge adds the salary structure.
        """
        values = {"cs_tier_id": tier.id, "cs_tier_since": since}
        policies = self.env["cs.policy"]
        policy = policies._get_in_force(company, max(day, policies._get_first_start(company)))
        line = policy and policy._get_pay_lines().get(tier.code)
        if line:
            values["wage"] = float(line.base_wage)
        return values

    @api.constrains("cs_tier_id", "cs_tier_since", "contract_date_start")
    def _check_cs_tier(self):
        """A tier needs a contract and begins within it."""
        versions = self.sudo().filtered(lambda each: each.cs_tier_id and each.employee_id)
        timelines = self.env["cs.timeline"]._load(versions.employee_id.ids)
        for version in versions:
            start = version.contract_date_start
            if not start:
                raise ValidationError(
                    self.env._(
                        "%s: set the contract's start date first, the CS tier counts from joining.",
                        version.employee_id.name,
                    )
                )
            if not version.cs_tier_since:
                raise ValidationError(
                    self.env._("%s: a CS tier needs its since-date.", version.employee_id.name)
                )
            joined = timelines[version.employee_id.id].joined(max(version.date_version, start))
            if joined and version.cs_tier_since < joined:
                raise ValidationError(
                    self.env._(
                        "%(agent)s: the CS tier cannot begin on %(since)s, before joining on "
                        "%(start)s.",
                        agent=version.employee_id.name,
                        since=version.cs_tier_since,
                        start=joined,
                    )
                )

    @api.constrains("cs_tier_id", "cs_tier_since")
    def _check_cs_tier_by_decision(self):
        """Once an agent has results or decisions, only decisions change the tier."""
        if self.env.context.get("cs_applying") is APPLYING:
            return
        settled = self._get_settled_employees()
        for version in self.sudo():
            employee = version.employee_id
            if employee.id not in settled:
                continue
            former = employee.version_ids.filtered(
                lambda each, version=version: each.date_version < version.date_version
            )[-1:]
            if (former.cs_tier_id, former.cs_tier_since) != (
                version.cs_tier_id,
                version.cs_tier_since,
            ):
                raise UserError(
                    self.env._(
                        "%s has results already: the CS tier changes by decisions only.",
                        employee.name,
                    )
                )

    def _get_settled_employees(self):
        """Ids of the employees with a closed appraisal or a decision."""
        ids = self.employee_id.ids
        self.env["cs.appraisal"].flush_model(["closed", "employee_id"])
        self.env["cs.decision"].flush_model(["employee_id"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT employee_id FROM cs_appraisal WHERE closed AND employee_id = ANY(%s)
                 UNION SELECT employee_id FROM cs_decision WHERE employee_id = ANY(%s)
                """,
                ids,
                ids,
            )
        )
        return {id_ for (id_,) in rows}
