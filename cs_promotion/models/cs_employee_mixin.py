from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..engine.timeline import Timeline


class CsEmployeeMixin(models.AbstractModel):
    """A record about one agent: it belongs to the company in which it arose, and its dates
    follow the contract there.

    The company is the one in which the agent stood on the record's day. It is fixed with the
    record: an agent who moves to another company leaves their results behind.
    """

    _name = "cs.employee.mixin"
    _inherit = ["cs.guard.mixin", "cs.name.search.mixin", "cs.empty.help.mixin"]
    _description = "Record about an Agent"
    _check_company_auto = True

    _employed_date = None  # name of the date field that must lie within the employment
    _company_date = None  # name of the date field that tells the company, else the one above
    _has_happened = False  # whether that day may not be to come
    _for_oneself = False  # whether people make such records about themselves, as requests are

    # of an agent who has moved on, people of the company read the name in records they may see
    display_name = fields.Char(compute_sudo=True)
    employee_id = fields.Many2one(
        "hr.employee",
        string="Agent",
        required=True,
        index=True,
        ondelete="restrict",
        context={"active_test": False},
    )
    company_id = fields.Many2one(
        "res.company",
        compute="_compute_company_id",
        compute_sudo=True,
        store=True,
        index=True,
        precompute=True,
        ondelete="restrict",
        help="Where it arose: the company in which the agent stood on its day.",
    )

    @api.depends(lambda self: self._get_company_fields())
    def _compute_company_id(self):
        timelines = self.env["cs.timeline"]._load(self.employee_id.ids)
        for record in self:
            record.company_id = record._find_company(timelines)

    @api.model
    def _get_company_fields(self):
        return ["employee_id", *filter(None, [self._company_date or self._employed_date])]

    def _find_company(self, timelines):
        """The company in which the agent stood on the ladder on the record's day, or was employed.

        In a month with days in two companies, each has its own record: that of the company
        one works in goes first, else the later one.
        """
        employee = self.employee_id
        timeline = timelines.get(employee._origin.id)
        name = self._company_date or self._employed_date
        day = self[name] if name else self.env.company._cs_today()
        if not timeline or not day:
            return employee.company_id
        # on the ladder first: a company in which one only is employed has no results
        touched = timeline.touching(day, self._get_last_day(day))
        companies = [each.company for each in touched if each.tier] or [
            each.company for each in touched
        ]
        # two companies in one month: each has its own, made by whom it is made in
        if self.env.company.id in companies:
            return self.env.company
        return self.env["res.company"].browse(companies[-1:]) or employee.company_id

    def _get_timeline(self, timelines=None):
        """The agent's employment in the company of this record.

        :param timelines: employee id -> timeline in all companies, where it is at hand
        """
        self.ensure_one()
        id_ = self.employee_id._origin.id
        if timelines is None:
            timelines = self.env["cs.timeline"]._load([id_])
        return timelines.get(id_, Timeline(id_, ())).within(self.company_id.id)

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        if not self.env.su:
            records._check_others()
        return records

    def write(self, vals):
        """Nobody writes what is about themselves, nor makes it so by changing the agent."""
        if not self.env.su:
            self.check_access("write")
            self._check_others()
        result = super().write(vals)
        if not self.env.su and "employee_id" in vals:
            self._check_others()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_own(self):
        if not self.env.su:
            self._check_others()

    def _check_others(self):
        if not self._for_oneself:
            self._check_not_own()

    @api.model
    def _join_name(self, *parts, glue=", "):
        """A name of what is filled in so far: a new record has no agent yet."""
        return glue.join(str(part) for part in parts if part)

    @api.model
    def _get_employed_fields(self):
        return ["employee_id", self._employed_date] if self._employed_date else []

    @api.constrains(lambda self: self._get_employed_fields())
    def _check_employed(self):
        if not self._employed_date:
            return
        keys = {(record.employee_id.id, record[record._employed_date]) for record in self}
        for fault in self._find_day_faults(keys, self._get_foreseen()).values():
            raise ValidationError(fault)

    def _get_foreseen(self):
        """Pairs (employee id, day) of records that the software makes ahead of their day."""
        return set()

    @api.model
    def _find_day_faults(self, keys, foreseen=()):
        """Why there can be no record about these agents and days, for all of them at once.

        An agent has to be employed on the day, or on any day of the month that it stands for;
        and what tells of something that happened has no day to come.

        :param keys: pairs (employee id, day)
        :param foreseen: those of them whose day may be to come
        :return: pair -> the refusal
        """
        timelines = self.env["cs.timeline"]._load({employee for employee, _day in keys})
        # name and company of agents whom the caller may not read (constraints run as superuser)
        employees = self.env["hr.employee"].sudo().browse(timelines)
        employees = {employee.id: employee for employee in employees}
        today = {
            company: company._cs_today()
            for company in {employee.company_id for employee in employees.values()}
            if company
        }
        faults = {}
        for key in keys:
            employee, day = employees[key[0]], key[1]
            if not day:
                continue
            if not timelines[employee.id].runs(day, self._get_last_day(day)):
                faults[key] = self._tell_not_employed(timelines[employee.id], employee, day)
            elif self._has_happened and key not in foreseen and day > today[employee.company_id]:
                faults[key] = self.env._(
                    "%(record)s, %(employee)s: %(day)s is still to come. It can be entered once "
                    "it is there.",
                    record=self._description,
                    employee=employee.name,
                    day=day,
                )
        return faults

    @api.model
    def _tell_not_employed(self, timeline, employee, day):
        """``day`` is before the agent joined or after they left."""
        words = {"record": self._description, "day": day, "employee": employee.name}
        if timeline.joined(self._get_last_day(day)) is None:
            return self.env._("%(record)s: %(day)s is before %(employee)s joined.", **words)
        return self.env._("%(record)s: %(employee)s is not employed on %(day)s.", **words)

    @api.model
    def _get_last_day(self, day):
        """The last day of what ``day`` stands for: itself, or the end of its month."""
        return day
