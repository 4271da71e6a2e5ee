from bisect import bisect_right

from odoo import api, fields, models
from odoo.fields import Domain

GROUPS = "hr.group_hr_user,cs_promotion.group_office"


def _match(domain, values):
    """The domain of what is searched by a yes or no that ``domain`` says.

    :param values: those asked for
    """
    wanted = set(values) & {True, False}
    if len(wanted) == 2:
        return Domain.TRUE
    return (domain if True in wanted else ~domain) if wanted else Domain.FALSE


class HrVersion(models.Model):
    """A tier fills in the salary structure where there is none; one that someone chose stays,
    and where it does not pay by tier, that is told until it is mended. Whoever has left the
    ladder has a structure that somebody chose, or kept as told."""

    _inherit = "hr.version"

    cs_not_paid_by_tier = fields.Boolean(
        string="Holds a Tier, Is Not Paid by It",
        compute="_compute_cs_not_paid_by_tier",
        search="_search_cs_not_paid_by_tier",
        groups=GROUPS,
        help="The salary structure pays no item of tier pay, or there is none.",
    )
    cs_structure_kept = fields.Boolean(
        string="Keeps the Structure of Tier Pay",
        tracking=True,
        groups=GROUPS,
        help="Off the CS ladder the structure of tier pay pays the wage alone. Ticked: so it "
        "was agreed.",
    )
    cs_structure_open = fields.Boolean(
        string="No Tier, Structure of Tier Pay",
        compute="_compute_cs_structure_open",
        compute_sudo=True,  # HR without payroll is told, too
        search="_search_cs_structure_open",
        groups=GROUPS,
    )

    @api.depends("cs_tier_id", "struct_id.cs_tier_pay")
    def _compute_cs_not_paid_by_tier(self):
        for version in self:
            version.cs_not_paid_by_tier = (
                bool(version.cs_tier_id) and not version.struct_id._pays_by_tier()
            )

    @api.model
    def _search_cs_not_paid_by_tier(self, operator, value):
        if operator != "in":
            return NotImplemented
        # past access rights: HR without payroll is told whom tier pay misses, too
        unpaid = Domain("cs_tier_id", "!=", False) & (
            Domain("struct_id", "=", False)
            | Domain("struct_id", "any!", [("cs_tier_pay", "=", False)])
        )
        return _match(unpaid, value)

    @api.depends(
        "cs_tier_id", "struct_id.cs_only_tier_pay", "cs_structure_kept", "contract_date_start"
    )
    def _compute_cs_structure_open(self):
        for version in self:
            version.cs_structure_open = (
                not version.cs_tier_id
                and bool(version.contract_date_start)
                and version.struct_id.cs_only_tier_pay
                and not version.cs_structure_kept
            )

    @api.model
    def _search_cs_structure_open(self, operator, value):
        if operator != "in":
            return NotImplemented
        # past access rights: HR without payroll is told, too
        open_ = (
            Domain("cs_tier_id", "=", False)
            & Domain("struct_id", "any!", [("cs_only_tier_pay", "=", True)])
            & Domain("cs_structure_kept", "!=", True)
            & Domain("contract_date_start", "!=", False)
            & Domain("employee_id", "!=", False)
        )
        return _match(open_, value)

    def _put_first(self, paid):
        """These contracts of one employee, the version ``paid`` in place of its own contract's:
        Odoo gives the last version of each contract, which may be off the ladder by then."""
        if not paid:
            return self
        return paid + self.filtered(
            lambda each: each.contract_date_start != paid.contract_date_start
        )

    @api.model
    def _get_tier_values(self, company, tier, since, day):
        values = super()._get_tier_values(company, tier, since, day)
        values["struct_id"] = company._get_cs_structure().id
        return values

    @api.model
    def _get_filled_names(self):
        return super()._get_filled_names() | {"struct_id"}

    def _take_tier_values(self, values):
        """A structure that someone chose stays, whatever it pays; one of another company the
        agent has left behind."""
        values = super()._take_tier_values(values)
        chosen = self.sudo().struct_id  # whoever sets a tier needs no rights in payroll
        if chosen and chosen.company_id.id in (False, values.get("cs_company_id")):
            return {name: value for name, value in values.items() if name != "struct_id"}
        return values

    def _cs_load_dates(self):
        """Have first and last day of these versions at hand, as Odoo computes them, by one query
        for all: payslips ask for them one by one."""
        starts = {
            employee.id: sorted(days)
            for employee, days in self._read_group(
                [("employee_id", "in", self.employee_id.ids)],
                ["employee_id"],
                ["date_version:array_agg"],
            )
        }
        computed = [self._fields["date_start"], self._fields["date_end"]]
        with self.env.protecting(computed, self):  # as within their own compute method
            for version in self:
                day = version.date_version
                later = starts.get(version.employee_id.id, [])
                later = later[bisect_right(later, day) :] if day else later
                ends = [fields.Date.subtract(later[0], days=1)] if later else []
                if version.contract_date_end:
                    ends.append(version.contract_date_end)
                begins = filter(None, (day, version.contract_date_start))
                version.date_start = max(begins, default=False)
                version.date_end = min(ends, default=False)

    @api.model
    def _set_missing_structures(self):
        """Give versions on the ladder that have no salary structure the one of tier pay."""
        versions = self.sudo().search([("cs_tier_id", "!=", False), ("struct_id", "=", False)])
        for company, ours in versions.grouped(lambda each: each._get_cs_company()).items():
            if company:
                ours.struct_id = company._get_cs_structure()
