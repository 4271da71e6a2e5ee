from datetime import date

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL

from ..many import any_of

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
    cs_company_id = fields.Many2one(
        "res.company",
        string="CS Company",
        ondelete="restrict",
        readonly=True,
        groups="hr.group_hr_user,cs_promotion.group_office",
        help="The company in which the tier is held. It stays when the employee moves to another "
        "company, which begins a version of its own.",
    )

    cs_wage_agreed = fields.Boolean(
        string="Agreed Wage",
        tracking=True,
        groups="hr.group_hr_user,cs_promotion.group_office",
        help="The wage was agreed with the person: no tier, policy or decision changes it (W6).",
    )

    @api.model
    def _get_whitelist_fields_from_template(self):
        return [*super()._get_whitelist_fields_from_template(), "cs_tier_id"]

    @api.model_create_multi
    def create(self, vals_list):
        # by a decision everything is asked and looked up already, for many employees at once
        if self._is_applying():
            return super().create(vals_list)
        self._check_company_given(vals_list)
        vals_list = [
            self._complete_tier_values(self._restart_tier(dict(vals))) for vals in vals_list
        ]
        versions = super().create(vals_list)
        versions._check_tier_carried_on()
        versions._check_own_created()
        versions._mark_created()
        return versions

    def write(self, vals):
        if self._is_applying():
            return super().write(vals)
        self._check_own_written(vals)
        # asked before it is written: whether a wage was agreed is told by what was there
        terms = self._get_wage_terms(vals)
        if "cs_company_id" in vals:
            self._refuse_company()
        given = vals
        if vals.get("cs_tier_id"):
            # left empty beside a tier (Odoo writes again what an employee was created with)
            filled = self._get_filled_names()
            given = {name: value for name, value in vals.items() if value or name not in filled}
        # what moves a version moves the day on which its tier begins
        if {"date_version", "active", "employee_id"} & set(vals):
            employees = self._get_settled().employee_id
            steps = self._get_tier_steps(employees)
            result = self._write_tier(given)
            self._check_tier_steps_kept(employees, steps)
        else:
            result = self._write_tier(given)
        self._mark_written(vals, terms)
        return result

    def unlink(self):
        """A version that a decision made stays: the tier would fall back with it."""
        employees = self._get_settled().employee_id
        steps = self._get_tier_steps(employees)
        result = super().unlink()
        self._check_tier_steps_kept(employees.exists(), steps)
        return result

    def _is_applying(self):
        """Whether the software changes the record, by a decision, a move or a policy."""
        return self.env.context.get("cs_applying") is APPLYING

    def _check_company_given(self, vals_list):
        """A copy of a version keeps the company of its tier; nobody chooses another."""
        for vals in vals_list:
            if not vals.get("cs_company_id"):
                continue
            employee = self.env["hr.employee"].sudo().browse(vals.get("employee_id", ()))
            held = employee.version_ids.cs_company_id | employee.company_id
            if vals["cs_company_id"] not in held.ids:
                self._refuse_company()

    def _refuse_company(self):
        raise UserError(
            self.env._(
                "The company of a CS tier cannot be set by hand: change the company of the "
                "employee, which begins a new version there."
            )
        )

    # pylint: disable=super-method-mismatch
    def _write_tier(self, vals):
        if not {"cs_tier_id", "cs_tier_since"} & set(vals):
            return super().write(vals)
        # each by itself: since when and which wage depend on the version
        for version in self:
            given = dict(vals)
            if "cs_tier_id" in vals and vals["cs_tier_id"] != version.cs_tier_id.id:
                given = version._complete_tier_values(given)
            version._check_tier_unchanged(given)
            super(HrVersion, version).write(given)
        return True

    def _filter_on_ladder(self):
        """Those with a tier, as sudo: whoever sets a tier need not read it."""
        return self.sudo().filtered(lambda each: each.cs_tier_id and each.employee_id)

    @api.constrains("cs_tier_id", "cs_tier_since", "contract_date_start")
    def _check_cs_tier(self):
        """A tier needs a contract and begins within it. A decision has made sure of both."""
        if self._is_applying():
            return
        versions = self._filter_on_ladder()
        timelines = self.env["cs.timeline"]._load(versions.employee_id.ids)
        for version in versions:
            company = version._get_cs_company()
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
            timeline = timelines[version.employee_id.id].within(company.id)
            joined = timeline.joined(max(version.date_version, start))
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

    @api.constrains("cs_tier_id", "cs_tier_since", "contract_date_start", "date_version")
    def _check_tier_paid(self):
        """A tier is one that the policy in force then, and the later ones, pay (W1)."""
        if self._is_applying():
            return  # looked at when it was decided, and when a version came into force since
        versions = self._filter_on_ladder()
        timelines = self.env["cs.timeline"]._load(versions.employee_id.ids)
        policies = self.env["cs.policy"]
        for company, ours in versions.grouped(lambda each: each.employee_id.company_id).items():
            payers = policies._get_payers(company)
            ids = set(ours.ids)
            for stretch in (
                each
                for employee in ours.employee_id
                for each in timelines[employee.id].stretches
                if each.version in ids and each.tier
            ):
                unpaid = policies._find_unpaid(payers, stretch.tier, stretch.start, stretch.end)
                if unpaid:
                    version = versions.browse(stretch.version)
                    raise ValidationError(
                        self.env._(
                            "%(agent)s: policy %(policy)s, in force on %(day)s, has no pay line "
                            "for tier %(tier)s. Choose a tier that it pays, or add the pay line.",
                            agent=version.employee_id.name,
                            policy=unpaid[0].name,
                            day=unpaid[1],
                            tier=version.cs_tier_id.name,
                        )
                    )

    def _check_tier_unchanged(self, vals):
        """Once an agent has results or decisions, only decisions change the tier."""
        given = (
            vals.get("cs_tier_id", self.cs_tier_id.id) or False,
            fields.Date.to_date(vals.get("cs_tier_since", self.cs_tier_since)) or False,
        )
        if given != (self.cs_tier_id.id, self.cs_tier_since) and self._get_settled():
            self._refuse_tier_change()

    def _check_tier_carried_on(self):
        """A new version of an agent with results carries on the tier of the one before it."""
        for version in self._get_settled():
            former = version.employee_id.version_ids.filtered(
                lambda each, version=version: each.date_version < version.date_version
            )[-1:]
            if (former.cs_tier_id, former.cs_tier_since) != (
                version.cs_tier_id,
                version.cs_tier_since,
            ):
                version._refuse_tier_change()

    @api.model
    def _get_tier_steps(self, employees):
        """Employee -> where the tier changes over the versions: (day, tier, since) each.

        :param employees: as sudo, as :meth:`_get_settled` gives them
        """
        steps = {}
        versions = employees.env["hr.version"].search(
            [("employee_id", "in", employees.ids)], order="date_version"
        )
        for version in versions:
            found = steps.setdefault(version.employee_id, [])
            held = (version.cs_tier_id, version.cs_tier_since)
            if not found or found[-1][1:] != held:
                # the first version reaches back to the contract's start, whatever its date
                found.append((version.date_version if found else None, *held))
        return steps

    @api.model
    def _check_tier_steps_kept(self, employees, steps):
        """Moving, archiving or deleting a version is no way round a decision."""
        kept = self._get_tier_steps(employees)
        for employee in employees:
            if kept.get(employee) != steps.get(employee):
                self._refuse_tier_change(employee)

    def _refuse_tier_change(self, employee=None):
        raise UserError(
            self.env._(
                "%s has results already: the CS tier changes by decisions only.",
                (employee or self.employee_id).name,
            )
        )

    def _get_cs_company(self):
        """The company this version belongs to: that of its tier, else the employee's."""
        return self.cs_company_id or self.employee_id.company_id

    def _get_settled(self):
        """Those of these versions in whose employment, in their company, there is a result or a
        decision."""
        versions = self.sudo()
        ids = versions.employee_id.ids
        self.env["cs.appraisal"].flush_model(["closed", "employee_id", "company_id", "date_end"])
        self.env["cs.decision"].flush_model(["employee_id", "company_id", "effective_date"])
        latest = {
            (employee_id, company_id): day
            for employee_id, company_id, day in self.env.execute_query(
                SQL(
                    """
                    SELECT employee_id, company_id, MAX(day) FROM (
                        SELECT employee_id, company_id, date_end AS day
                          FROM cs_appraisal WHERE closed
                         UNION ALL SELECT employee_id, company_id, effective_date FROM cs_decision
                    ) AS result WHERE employee_id = %s GROUP BY employee_id, company_id
                    """,
                    any_of(ids),
                )
            )
        }
        timelines = self.env["cs.timeline"]._load({employee_id for employee_id, _company in latest})

        def is_settled(version):
            company = version._get_cs_company().id
            key = (version.employee_id.id, company)
            if key not in latest:
                return False
            timeline = timelines[version.employee_id.id].within(company)
            return (timeline.joined(version.date_version) or date.min) <= latest[key]

        return versions.filtered(is_settled)

    # ------------------------------------------------------------------ their own

    def _check_own_created(self):
        """Nobody puts themselves on the ladder, nor on another rung of it: with it goes the
        pay."""
        for version in self._filter_own():
            former = version.employee_id.version_ids.filtered(
                lambda each, version=version: each.date_version < version.date_version
            )[-1:]
            version._check_own_tier(former.cs_tier_id.id, former.cs_tier_since)

    def _check_own_written(self, vals):
        if not {"cs_tier_id", "cs_tier_since"} & set(vals):
            return
        for version in self._filter_own():
            version._check_own_tier(
                vals.get("cs_tier_id", version.cs_tier_id.id) or False,
                fields.Date.to_date(vals.get("cs_tier_since", version.cs_tier_since)),
            )

    def _filter_own(self):
        """Those of these versions that are the caller's; none for the software. As sudo: whoever
        sets a tier need not read it."""
        if self.env.su:
            return self.browse()
        return self.sudo().filtered(lambda each: each.employee_id.user_id == self.env.user)

    def _check_own_tier(self, tier_id, since):
        """Refuse another tier, or another day it is held since, than these."""
        if (self.cs_tier_id.id, self.cs_tier_since or False) != (tier_id, since or False):
            self.env["cs.guard.mixin"]._check_not_own(self.env.user)
