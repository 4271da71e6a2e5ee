from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError

from ..cs_notice_mixin import OFFICE

GROUPS = "hr.group_hr_user,cs_promotion.group_office"


class HrEmployee(models.Model):
    """An agent: tier and wage of the version at hand, what arose about them, when they left.

    Who is archived has left, whatever the contract says. Odoo lets people be archived without
    an end of their contract. Nobody can score them any more, and each closing would wait for
    them: so their employment ends with the day of departure, or else the day on which they were
    archived. The contract itself is HR's and stays as it is; taken in again, they go on where
    they were.
    """

    _name = "hr.employee"
    _inherit = ["hr.employee", "cs.sheet.mixin", "cs.named.mixin"]

    cs_tier_id = fields.Many2one(
        related="version_id.cs_tier_id",
        inherited=True,
        readonly=False,
        groups=GROUPS,
    )
    cs_tier_since = fields.Date(
        related="version_id.cs_tier_since",
        inherited=True,
        readonly=False,
        groups=GROUPS,
    )
    cs_company_id = fields.Many2one(
        related="version_id.cs_company_id",
        inherited=True,
        groups=GROUPS,
    )
    cs_wage_agreed = fields.Boolean(
        related="version_id.cs_wage_agreed",
        inherited=True,
        readonly=False,
        groups=GROUPS,
    )
    cs_appraisal_ids = fields.One2many("cs.appraisal", "employee_id", groups=GROUPS)
    cs_decision_ids = fields.One2many("cs.decision", "employee_id", groups=GROUPS)
    cs_is_settled = fields.Boolean(
        compute="_compute_cs_is_settled",
        compute_sudo=True,
        groups=GROUPS,
        help="The agent has results or decisions: the tier changes by decisions only.",
    )
    cs_decision_count = fields.Integer(
        string="CS Decisions", compute="_compute_cs_counts", groups=GROUPS
    )
    cs_violation_count = fields.Integer(
        string="CS Violations", compute="_compute_cs_counts", groups=GROUPS
    )
    cs_award_count = fields.Integer(string="CS Titles", compute="_compute_cs_counts", groups=GROUPS)
    cs_left_on = fields.Date(
        string="CS Last Day",
        compute="_compute_cs_left_on",
        store=True,
        compute_sudo=True,
        # neither the office, nor with the name: Odoo reads a public profile with all fields that
        # its reader may see, and refuses the whole
        prefetch=False,
        groups="hr.group_hr_user",
        help="Of who is archived: the departure date, or the day of archiving.",
    )

    def _compute_cs_is_settled(self):
        settled = self.version_id._get_settled()
        for employee in self:
            employee.cs_is_settled = employee.version_id in settled

    def _compute_cs_counts(self):
        """Of those that the reader may see."""
        for model in ("cs.decision", "cs.violation", "cs.award"):
            groups = self.env[model]._read_group(
                [("employee_id", "in", self.ids)], ["employee_id"], ["__count"]
            )
            counts = {employee.id: count for employee, count in groups}
            for employee in self:
                employee[f"{model.replace('.', '_')}_count"] = counts.get(employee.id, 0)

    @api.depends("active", "current_version_id.departure_date")
    def _compute_cs_left_on(self):
        for employee in self:
            if employee.active:
                employee.cs_left_on = False
                continue
            version = employee.current_version_id
            departure, start = version.departure_date, version.contract_date_start
            if departure and not (start and departure < start):
                employee.cs_left_on = departure
            elif not employee.cs_left_on:
                employee.cs_left_on = employee.company_id._cs_today()

    @api.model
    def _search(self, domain, offset=0, limit=None, order=None, *, active_test=True, **kwargs):
        """Records of who was archived are found by the name, by those, too, who may read the
        public employee only: for them Odoo forgets that it looks for the archived as well."""
        employees = self if active_test else self.with_context(active_test=False)
        return super(HrEmployee, employees)._search(
            domain, offset, limit, order, active_test=active_test, **kwargs
        )

    # ------------------------------------------------------------------ the form

    @api.onchange("cs_tier_id", "contract_date_start")
    def _onchange_cs_tier_id(self):
        """Show since-date and wage as saving will set them; an agreed wage stays (W6)."""
        if self.cs_is_settled:
            return
        if not self.cs_tier_id:
            self.cs_wage_agreed = False
            return
        version = self.env["hr.version"]
        company, since, base = self._cs_get_shown_terms()
        values = version._get_tier_values(company, self.cs_tier_id, since, since)
        if self._cs_has_own_wage(base):
            values.pop("wage", None)
            values["cs_wage_agreed"] = True
        values = self._cs_take_shown(values)
        for name, value in values.items():
            if name != "cs_company_id" and self._has_field_access(self._fields[name], "write"):
                self[name] = value

    @api.onchange("wage")
    def _onchange_cs_wage(self):
        """A wage that is not the tier's base is one agreed with the person (W6)."""
        if self._has_field_access(self._fields["cs_wage_agreed"], "write"):
            base = self._cs_get_shown_terms()[2] if self.cs_tier_id else 0.0
            self.cs_wage_agreed = bool(self.wage) and self.wage != base

    @api.onchange("cs_wage_agreed")
    def _onchange_cs_wage_agreed(self):
        """Without an agreement it is the tier's base again."""
        if self.cs_tier_id and not self.cs_wage_agreed:
            base = self._cs_get_shown_terms()[2]
            if base is not None and self._has_field_access(self._fields["wage"], "write"):
                self.wage = base

    def _cs_take_shown(self, values):
        """Those of a tier's values that the form takes on; bridges keep what was chosen."""
        return values

    def _cs_get_shown_terms(self):
        """Company, since-date and base wage of the tier that the form shows."""
        company = self.company_id or self.env.company
        since = self.cs_tier_since or self.contract_date_start or company._cs_today()
        day = max(self.date_version or since, since)
        base = self.env["hr.version"]._get_base_wage(company, self.cs_tier_id, day)
        return company, since, base

    def _cs_has_own_wage(self, base):
        """Whether the wage that the form shows was there before the tier, or was typed in."""
        shown = self.sudo()  # whoever sets a tier need not read wages
        origin = shown._origin
        before = origin.wage if origin and not origin.cs_tier_id else 0.0
        wage = shown.wage
        return bool(wage) and wage != base and (shown.cs_wage_agreed or wage == before)

    # ------------------------------------------------------------------ first load, and buttons

    @api.model
    def get_import_templates(self):
        """With a sample for the first load: tier and since-date of existing staff."""
        return [
            *super().get_import_templates(),
            {
                "label": self.env._("Template for CS agents"),
                "template": "/cs_promotion/static/xls/hr_employee_cs.xlsx",
            },
        ]

    @api.model
    def _reads_sheet(self, fields):
        """The first load of staff with their tiers is read as our own sheets are: only with
        columns of ours; all other imports of employees stay Odoo's."""
        ours = {"cs_tier_id", "cs_tier_since"} & {name.split("/")[0] for name in fields}
        return bool(ours) and super()._reads_sheet(fields)

    def action_cs_open_path(self):
        """Open the page that shows where the agent stands."""
        self.ensure_one()
        path = self.env["cs.path"].search([("employee_id", "=", self.id)])
        if not path:
            raise UserError(self.env._("%s is not on the ladder today.", self.name))
        return {
            "type": "ir.actions.act_window",
            "name": path.display_name,
            "res_model": "cs.path",
            "res_id": path.id,
            "view_mode": "form",
            "views": [(False, "form")],
        }

    def action_cs_confirm_probation(self):
        """Propose the confirmation of the selected agents whose test is passed (U1)."""
        self._check_cs_office()
        agents = self.sudo()  # the office confirms, and need not read the employees
        agents.env["cs.guard.mixin"]._check_not_own(agents.user_id)
        for company, employees in agents.grouped("company_id").items():
            agents.env["cs.verdict"]._confirm_probations(employees, company._cs_today())

    def action_cs_open_appraisals(self):
        """Open the current month's appraisals in the companies of the selected agents."""
        self._check_cs_office()
        for company in self.env["hr.employee.public"].browse(self.ids).company_id:
            self.env["cs.cycle"]._open_now(company)

    def _check_cs_office(self):
        """Only the office, and only for employees it sees (in their public record at least)."""
        self.env["cs.guard.mixin"]._check_group(OFFICE)
        self.env["hr.employee.public"].browse(self.ids).check_access("read")

    # ------------------------------------------------------------------ whom to tell, and how

    def _cs_get_reachable_user(self):
        """The user who acts for this employee: none of one who is archived, or whose login is."""
        return self.filtered("active").user_id.filtered("active")

    def _cs_get_letter_lang(self):
        """The login's language; else the work contact's or the company's, if someone chose it.

        Odoo fills both in with the language of whoever creates them: that an English-speaking
        administrator typed an agent in does not make the agent's letters English.
        """
        self.ensure_one()
        user = self.user_id
        if user.active and user.lang:
            return user.lang
        contact, company = self.work_contact_id, self.company_id.partner_id
        chosen = [each.lang for each in (contact, company) if self._cs_is_lang_chosen(each)]
        # a company that a person set up speaks their language; that of the installation may not
        if not chosen and company.lang and company.create_uid.id != SUPERUSER_ID:
            chosen = [company.lang]
        usual = (contact.lang, company.lang, self.env["ir.default"]._get("res.partner", "lang"))
        return next(filter(None, (*chosen, *usual)), self.env.lang or "en_US")

    def _cs_is_lang_chosen(self, partner):
        """Whether it is another language than whoever created the partner has."""
        return bool(partner.lang) and partner.lang != (partner.create_uid.lang or "en_US")

    # ------------------------------------------------------------------ the dated record

    def _cs_revise_wage(self, day, held):
        """Give the versions of one tier stay the base wage of the policy that starts (W1); an
        agreed one stays (W6)."""
        self.ensure_one()
        tier = self.env["cs.tier"].browse(held.tier)
        company = self.env["res.company"].browse(held.company)

        def revised(version, start):
            values = version._get_tier_values(company, tier, held.tier_since, start)
            values = version._take_tier_values(values)
            if version.date_version == start:
                stay = (version.cs_tier_id, version.cs_tier_since, version._get_cs_company())
                return values if stay == (tier, held.tier_since, company) else {}
            begins = version.date_version < start and version.id == held.version
            return values if begins and values.get("wage", version.wage) != version.wage else {}

        self.env["hr.version"]._cs_change_from([(self, day, revised)])

    @api.model
    def _cs_get_off_ladder_values(self):
        """What a version holds off the ladder; bridges clear what they add to a tier."""
        return {"cs_tier_id": False, "cs_tier_since": False, "cs_wage_agreed": False}
