from odoo import api, fields, models


class HrEmployee(models.Model):
    """Who is archived has left, whatever the contract says.

    Odoo lets people be archived without an end of their contract. Nobody can score them any
    more, and each closing would wait for them: so their employment ends with the day of
    departure, or else the day on which they were archived. The contract itself is HR's and stays
    as it is; taken in again, they go on where they were.
    """

    _inherit = "hr.employee"

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

    @api.model
    def _search(self, domain, offset=0, limit=None, order=None, *, active_test=True, **kwargs):
        """Records of who was archived are found by the name, by those, too, who may read the
        public employee only: for them Odoo forgets that it looks for the archived as well."""
        employees = self if active_test else self.with_context(active_test=False)
        return super(HrEmployee, employees)._search(
            domain, offset, limit, order, active_test=active_test, **kwargs
        )

    def _cs_get_reachable_user(self):
        """The user who acts for this employee: none of one who is archived, or whose login is."""
        return self.filtered("active").user_id.filtered("active")

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
