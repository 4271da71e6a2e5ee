from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from . import sheet_cells

# what may be called the employee number: Odoo's badge, and the field of some localisations
NUMBERS = ("barcode", "registration_number")
AGENT = ("employee_id", "employee_id/id", "employee_id/.id", "employee_number", "work_email")


class CsSheetAgentMixin(models.AbstractModel):
    """A row of a spreadsheet is about one agent, told by name, number, work e-mail or id.

    A name alone is enough while nobody shares it. Whatever a row gives has to fit one agent:
    no row goes to the first of two.
    """

    _name = "cs.sheet.agent.mixin"
    _inherit = ["cs.sheet.mixin"]
    _description = "Record about an Agent that Is Loaded from Spreadsheets"

    # columns of the import, to tell the agent by; shown to those who may know them
    employee_number = fields.Char(
        compute="_compute_agent_columns",
        readonly=False,
        groups="hr.group_hr_user,cs_promotion.group_office",
        help="The badge of the employee record, to tell the agent by in an import.",
    )
    work_email = fields.Char(
        compute="_compute_agent_columns",
        readonly=False,
        groups="hr.group_hr_user,cs_promotion.group_office",
        help="The work e-mail of the agent, to tell the agent by in an import.",
    )

    @api.depends("employee_id")
    @api.depends_context("uid")
    def _compute_agent_columns(self):
        employees = self.employee_id
        knows = employees.browse().has_access("read")
        number = self._get_number_fields()[0]
        for record in self:
            employee = record.employee_id
            record.employee_number = employee[number] if knows else False
            record.work_email = employee.work_email

    @api.model
    def _get_number_fields(self):
        return [name for name in NUMBERS if name in self.env["hr.employee"]._fields]

    @api.model
    def _get_sheet_period(self, values):
        """First and last day that a row (column -> cell) is about, None where it says none."""
        name = self._employed_date
        day = name and values.get(name) and fields.Date.to_date(values[name])
        return (day, self._get_last_day(day)) if day else None

    # ------------------------------------------------------------------ whose row it is

    @api.model
    def _read_rows(self, sheet):
        """Put one column with the agent's id in place of all that tell the agent."""
        columns = [column for column, name in enumerate(sheet.fields) if name in AGENT]
        if columns:
            self._read_agents(sheet, columns)
        return super()._read_rows(sheet)

    @api.model
    def _read_agents(self, sheet, columns):
        names = [sheet.fields[column] for column in columns]
        given = [
            {
                name: sheet_cells.plain_text(values[column])
                for name, column in zip(names, columns, strict=True)
            }
            for values in sheet.data
        ]
        keys = [column for column, name in enumerate(sheet.fields) if name in ("id", ".id")]
        known = any(any(values[key] for key in keys) for values in sheet.data)
        find = self._get_agent_finder(given)
        doubtful = {}
        agents = []
        for row, cells in enumerate(given):
            found, fault = find(cells)
            if len(found) > 1:
                doubtful[row] = found
            elif fault and not (known and not any(cells.values())):
                sheet.refuse(row, fault)
            agents.append(found[0] if len(found) == 1 else None)
        self._settle_doubtful(sheet, doubtful, agents, given)
        for row, agent in enumerate(agents):
            if agent:
                sheet.agents[row] = agent.name
        sheet.known["hr.employee"] = {agent.id for agent in agents if agent}
        kept = [column for column in range(len(sheet.fields)) if column not in columns]
        sheet.fields = [sheet.fields[column] for column in kept] + ["employee_id/.id"]
        sheet.data = [
            [values[column] for column in kept] + [agent.id if agent else ""]
            for values, agent in zip(sheet.data, agents, strict=True)
        ]

    @api.model
    def _settle_doubtful(self, sheet, doubtful, agents, given):
        """Where several fit, it is the one who was employed then, if only one was."""
        ids = {employee.id for found in doubtful.values() for employee in found}
        timelines = self.env["cs.timeline"]._load(ids)
        for row, found in doubtful.items():
            period = self._get_sheet_period(dict(zip(sheet.fields, sheet.data[row], strict=True)))
            there = [
                employee for employee in found if period and timelines[employee.id].runs(*period)
            ]
            if len(there) == 1:
                agents[row] = there[0]
            else:
                sheet.refuse(row, self._tell_doubt(given[row], found))

    @api.model
    def _tell_doubt(self, cells, found):
        return self.env._(
            '"%(given)s" may be %(agents)s. Say which of them in a column with the employee '
            "number or the work e-mail.",
            given=", ".join(filter(None, cells.values())),
            agents=self.env._(" or ").join(self._describe_agent(each) for each in found),
        )

    @api.model
    def _describe_agent(self, employee):
        """Name an agent so that a namesake is told apart; the badge only to those who see it."""
        knows = self.env["hr.employee"].has_access("read")
        marks = [
            *(employee[name] for name in self._get_number_fields() if knows),
            employee.work_email,
            employee.department_id.name,
            self.env._("id %s", employee.id),
        ]
        return f"{employee.name} ({', '.join(filter(None, marks))})"

    @api.model
    def _get_agent_finder(self, given):
        """A function of a row's cells that finds the agents they fit, and says why none does."""
        employees = self._get_sheet_employees()
        maps = {name: defaultdict(list) for name in AGENT}
        for employee in employees:
            maps["employee_id/.id"][str(employee.id)].append(employee)
            maps["employee_id"][self._fold(employee.name)].append(employee)
            for name in self._get_number_fields():
                if employee[name]:
                    maps["employee_number"][self._fold(employee[name])].append(employee)
            if employee.work_email:
                maps["work_email"][self._fold(employee.work_email)].append(employee)
        self._add_external_ids(maps["employee_id/id"], employees, given)

        plain = ["employee_id", "employee_number", "work_email"]

        def find(cells):
            found = None
            for name, text in cells.items():
                if not text:
                    continue
                # the column of the agent takes a number or an e-mail as well
                ways = plain if name == "employee_id" else [name]
                key = text if "/" in name else self._fold(text)
                fitting = list(dict.fromkeys(each for way in ways for each in maps[way][key]))
                if not fitting:
                    return [], self._tell_unknown(name, text)
                found = fitting if found is None else [each for each in found if each in fitting]
                if not found:
                    words = " + ".join(filter(None, cells.values()))
                    return [], self.env._('"%s" are not one and the same agent.', words)
            if found is None:
                return [], self.env._("No agent is given.")
            return found, None

        return find

    @api.model
    def _tell_unknown(self, name, text):
        words = {
            "employee_number": self.env._('No employee has the number "%s".', text),
            "work_email": self.env._('No employee has the work e-mail "%s".', text),
        }
        return words.get(name) or self.env._('No matching employee found for "%s".', text)

    @api.model
    def _fold(self, text):
        """As it is compared: capitals and the number of blanks make no difference."""
        return " ".join(sheet_cells.plain_text(text).casefold().split())

    @api.model
    def _get_sheet_employees(self):
        """All that a row may be about, those included who have left, in one query.

        Read past access rights, as a badge tells whom it belongs to; nobody is found outside
        of the companies that this user works in, and nothing but names is told of them.
        """
        Employee = self.env["hr.employee"].sudo().with_context(active_test=False)
        domain = Domain.TRUE
        if not self.env.su:
            domain = Domain("company_id", "in", [*self.env.companies.ids, False])
        names = ["name", "work_email", "department_id", *self._get_number_fields()]
        return Employee.search_fetch(domain, names, order="id")

    @api.model
    def _add_external_ids(self, by_external_id, employees, given):
        texts = {cells["employee_id/id"] for cells in given if cells.get("employee_id/id")}
        if not texts:
            return
        module = self.env.context.get("module", "__import__")
        full = defaultdict(list)
        for text in texts:
            full[text if "." in text else f"{module}.{text}"].append(text)
        by_id = {employee.id: employee for employee in employees}
        # external ids are readable by administrators only; they tell no more than their record
        found = (
            self.env["ir.model.data"]
            .sudo()
            .search_fetch(
                [
                    ("model", "=", "hr.employee"),
                    ("name", "in", [name.split(".", 1)[1] for name in full]),
                ],
                ["module", "name", "res_id"],
            )
        )
        for data in found.filtered(lambda each: each.res_id in by_id):
            for text in full.get(f"{data.module}.{data.name}", ()):
                by_external_id[text].append(by_id[data.res_id])

    # ------------------------------------------------------------------ what is wrong with it

    @api.model
    def _find_sheet_faults(self, data_list):
        """What the checks of one record would say, said of all at once."""
        faults = super()._find_sheet_faults(data_list)
        days = {}
        for index, data in enumerate(data_list):
            values = data["values"]
            if index in faults or data.get("xml_id") or values.get("id"):
                continue  # one that is there already is judged with what it has
            try:
                self.browse()._check_guarded(values)
                self.browse()._check_given(values)
            except UserError as error:
                faults[index] = str(error)
                continue
            day = fields.Date.to_date(values.get(self._employed_date))
            if day and values.get("employee_id"):
                days[index] = (values["employee_id"], day)
        found = self._find_day_faults(set(days.values()))
        return faults | {index: found[key] for index, key in days.items() if key in found}
