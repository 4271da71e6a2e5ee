"""Plays a scenario through the models that the forms and scheduled actions use."""

from collections import defaultdict
from datetime import date

from psycopg2 import IntegrityError

from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from ..engine.calendar import closes, day_after, month_end, period_start
from ..engine.rule import DEMOTE
from ..engine.vocabulary import LONGER
from ..package.node import ScenarioError
from .company import Company
from .persons import record_person
from .results import Results

# what a person wrote down, where the scenario tells only that a person decided (U4, L5)
OUTSTANDING = "An outstanding contribution to the team, assessed as excellent."
NO_REVIEW = "Absent for the whole period: nothing to judge."
UNSUITED = "The duties of the rung are not met, as said in the talks before."
APPOINTED = "Chosen for all-round ability: steady results, good conduct, trusted by colleagues."


class Player(Company, Results):
    """One run of one scenario in a company of its own."""

    no_review = NO_REVIEW  # why an agent without forms is left out

    def __init__(self, env, scenario, company, template=None):
        """:param template: the policy that the scenario's differs from: by default the shipped"""
        self.env = env
        self.template = template or env["cs.replay"]._get_template()
        self.scenario = scenario
        self.company = company
        self.path = "$"
        self.employees = {}
        self.tiers = {tier.code: tier for tier in env["cs.tier"].search([])}
        self.types = {kind.code: kind for kind in env["cs.violation.type"].search([])}
        self.departments, self.calendars = {}, {}

    def play(self):
        """Play all months and collect the results; errors of the models get a path."""
        try:
            # a scenario leaves nothing behind when it fails
            with self.env.cr.savepoint():
                self.set_up()
                for start in self.scenario.months():
                    self.play_month(start)
                self.env.flush_all()
        except IntegrityError as error:
            fault = self.env["cs.policy.package"]._explain(error)
            raise ScenarioError(self.path, fault) from None
        except (UserError, ValidationError) as error:
            raise ScenarioError(self.path, " ".join(str(error).split())) from None
        return self.collect()

    # ------------------------------------------------------------------ one month

    def play_month(self, start):
        end = month_end(start)
        cycle = self.record_month(start)
        self.path = "$"
        # on the first of the next month: decisions take effect on the day they are announced
        periods = self.record_longer(start)
        cycle._close(day_after(end))
        for period in periods:
            period._close(day_after(end))
        self.env["cs.replay"]._pay(self.company, start, end)
        self.apply(day_after(end))
        self.env["cs.term"]._cancel_all(day_after(end), Domain("company_id", "=", self.company.id))

    def record_month(self, start):
        """All that happens in a month up to its closing; returns the month's cycle."""
        end = month_end(start)
        self.record_decisions(day_after(start), day_after(end))
        self.play_days(start, end)
        self.path = "$"
        cycle = self.env["cs.cycle"]._get_or_create(self.company, "month", start)
        cycle._open()
        self.fill_in(cycle, start)
        self.record_figures(start)
        self.record_applications(start)
        return cycle

    def record_longer(self, start):
        """The longer periods that end with the month and have a form of their own: filled in."""
        cycles = []
        for kind in LONGER:
            if closes(kind, start) and self.policy._get_period_method(kind) == "scorecard":
                first = period_start(kind, start)
                cycles.append(self.env["cs.cycle"]._get_or_create(self.company, kind, first))
                cycles[-1]._open()
                self.fill_in(cycles[-1], first)
        return cycles

    def record_applications(self, start):
        """What agents apply for in the month, or did before the first one."""
        rules = {rule.code: rule for rule in self.policy.rule_ids.filtered("on_application")}
        first = date.min if start == self.scenario.start else start
        for agent, event in self.events("applications", first, month_end(start)):
            self.path = event.path
            code = event.values["rule"]
            if code not in rules:
                raise ScenarioError(
                    f"{event.path}.rule", f"{code!r} is no rule that is on application"
                )
            application = self.env["cs.application"].create(
                {
                    "employee_id": self.employees[agent.name].id,
                    "rule_id": rules[code].id,
                    "date": event.date,
                }
            )
            application._hand_in()
        self.path = "$"

    def record_decisions(self, first, last):
        """People's decisions that take effect from ``first`` to ``last``."""
        appointed = self.policy._get_ladder().appointed
        for agent, event in self.events("decisions", first, last):
            self.path = event.path
            tier = self.tiers[event.values["to"]]
            decision = self.env["cs.decision"].create(
                {
                    "employee_id": self.employees[agent.name].id,
                    "tier_to_id": tier.id,
                    "effective_date": event.date,
                    "grounds": APPOINTED if tier.code in appointed else OUTSTANDING,
                }
            )
            if decision.outcome == DEMOTE:
                decision.grounds = UNSUITED
            decision._announce(event.date)
            self.env.flush_all()  # what the database refuses is this one's fault (O2)

    def play_days(self, start, end):
        """Tests and violations in the order of their days; decisions as they fall due."""
        tests = self.events("probation", date.min if start == self.scenario.start else start, end)
        violations = self.events(
            "violations", date.min if start == self.scenario.start else start, end
        )
        ends = [
            (kind, *each)
            for kind in ("raises", "trials", "plans")
            for each in self.events(kind, date.min if start == self.scenario.start else start, end)
        ]
        days = {event.date for *_rest, event in (*tests, *violations, *ends)}
        for day in sorted(days):
            self.apply(day)
            for agent, event in tests:
                if event.date == day:
                    self.record_test(agent, event)
            self.confirm(day)
            for agent, event in violations:
                if event.date == day:
                    self.record_violation(agent, event)
            for kind, agent, event in ends:
                if event.date == day:
                    record_person(self, kind, agent, event)
                    self.apply(day)
        self.confirm(end)

    def record_test(self, agent, event):
        self.path = event.path
        if agent.left and event.date > agent.left:
            return
        self.env["cs.probation.test"].create(
            {
                "employee_id": self.employees[agent.name].id,
                "date": event.date,
                **{name: float(value) for name, value in event.values.items()},
            }
        )

    def record_violation(self, agent, event):
        self.path = event.path
        violation = self.env["cs.violation"].create(
            {
                "employee_id": self.employees[agent.name].id,
                "date": event.date,
                "type_id": self.types[event.values["type"]].id,
                "severity": event.values["severity"],
                "fine": float(event.values["fine"]),
            }
        )
        violation._confirm()

    def confirm(self, day):
        self.path = "$"
        employees = self.env["hr.employee"].browse(
            [employee.id for employee in self.employees.values()]
        )
        self.env["cs.verdict"]._confirm_probations(employees, day)
        self.apply(day)

    def approve(self, day):
        """Everybody approves on the day they are asked, unless the scenario says otherwise."""
        decisions, steps = self.env["cs.decision"], self.env["cs.decision.approval"]
        domain = Domain("state", "=", "proposed") & Domain("company_id", "=", self.company.id)
        agents = {self.employees[agent.name]: agent for agent in self.scenario.agents}
        for decision in decisions.search(domain & Domain("approval_ids", "!=", False)):
            refused = {
                (event.values["rule"], event.values["by"])
                for event in agents[decision.employee_id].approvals
                if event.date == day and not event.values["approve"]
            }
            while turn := steps._get_current(decision).get(decision):
                if (decision.ground, turn.who) in refused:
                    decision._reject(f"Not approved by {turn.who}.")
                    break
                steps._approve(decision, day)
            else:
                decision._let_out(day)

    def apply(self, day):
        """What the scheduled action does on that day, once all who are asked have answered."""
        self.approve(day)
        decisions = self.env["cs.decision"]
        decisions.search(
            decisions._get_due_domain(day) & Domain("company_id", "=", self.company.id)
        )._apply_due(day)

    def fill_in(self, cycle, start, agents=None):
        """Grade and submit the sheets; agents without both forms are left out.

        :param agents: only these are filled in, and nobody is left out
        """
        lines, known = defaultdict(list), {}
        submitted, excluded = [], []
        sheets = cycle.appraisal_ids.sheet_ids.grouped(
            lambda sheet: (sheet.employee_id.id, sheet.role)
        )
        given_by = {
            self.employees[agent.name].id: agent for agent in agents or self.scenario.agents
        }
        for appraisal in cycle.appraisal_ids.filtered(lambda each: each.employee_id.id in given_by):
            agent = given_by[appraisal.employee_id.id]
            month = agent.months.get(start)
            if cycle.kind != "month":
                month = agent.periods.get((cycle.kind, start))
            if month is None and not appraisal.formless:
                # also where all is measured, and nobody is asked for a form
                excluded.append(appraisal.id)
            for role in dict.fromkeys(appraisal.sheet_ids.mapped("role")):
                asked = sheets[appraisal.employee_id.id, role].sorted("id")
                if not (month and month.sheets.get(role)):
                    if not all(asked.mapped("optional")):
                        excluded.append(appraisal.id)
                    continue
                for sheet, points in self.hand_out(asked, month, role):
                    submitted.append(sheet.id)
                    for line, answer in self.answer(sheet, points, known):
                        lines[answer].append(line.id)
        self.path = "$"
        for answer, ids in lines.items():
            self.env["cs.appraisal.sheet.line"].browse(ids).write(dict(answer))
        self.submit(self.env["cs.appraisal.sheet"].browse(submitted))
        self.env["cs.appraisal"].browse(set(excluded))._exclude(self.no_review)

    def hand_out(self, sheets, month, role):
        """Pairs (sheet, points): of ``colleagues`` there are several, and each is given its own."""
        self.path = f"{month.path}.{role}"
        given = month.sheets[role]
        given = given if isinstance(given[0], tuple) else (given,)
        if len(given) > len(sheets):
            raise ScenarioError(
                self.path, f"{len(given)} sheets given, {len(sheets)} are asked for"
            )
        return zip(sheets, given, strict=False)

    def answer(self, sheet, given, known):
        """Pairs (line, what to write) of a sheet that is given these points.

        :param known: (item, points) -> what to write; it grows
        """
        rated = sheet.line_ids.sorted("number")
        if len(rated) != len(given):
            form = sheet.scorecard_id.name
            raise ScenarioError(
                self.path, f"{len(given)} grades given, {form} has {len(rated)} items"
            )
        for line, points in zip(rated, given, strict=True):
            key = (line.item_id, points)
            if key not in known:
                known[key] = tuple(line._find_answer(float(points)).items())
            yield line, known[key]

    def submit(self, sheets):
        """Submit filled-in sheets."""
        sheets.action_submit()

    def record_figures(self, start):
        vals_list = []
        for agent in self.scenario.agents:
            month = agent.months.get(start)
            if month and month.has_figures:
                self.path = month.path
                vals_list.append(
                    {
                        "employee_id": self.employees[agent.name].id,
                        "month": start,
                        "sales": float(month.sales or 0),
                        "handled": month.handled or 0,
                        "complaints": month.complaints or 0,
                    }
                )
        self.env["cs.figure"].create(vals_list)
        self.record_measured(start)

    def record_measured(self, start):
        """Values of the company's own metrics: of the month, and of days in it."""
        metrics = {each.code: each.id for each in self.env["cs.metric"]._search_all([])}
        rows = []
        for agent in self.scenario.agents:
            employee = {"employee_id": self.employees[agent.name].id}
            month = agent.months.get(start)
            figures = month.figures if month else {}
            rows += [(month.path, code, start, value, employee) for code, value in figures.items()]
        for (name, day), figures in self.scenario.shared.items():
            if day == start:
                whose = {"department_id": self.get_department(name).id} if name else {}
                rows += [("$.figures", code, day, value, whose) for code, value in figures.items()]
        first = date.min if start == self.scenario.start else start
        for agent, event in self.events("measured", first, month_end(start)):
            employee = {"employee_id": self.employees[agent.name].id}
            code, value = event.values["metric"], event.values["value"]
            rows.append((event.path, code, event.date, value, employee))
        measures = self.env["cs.measure"].with_company(self.company)
        for path, code, day, value, whose in rows:
            self.path = path
            values = {"metric_id": metrics[code], "date": day, "value": float(value)}
            measures.create(values | whose)
        self.path = "$"

    def events(self, kind, first, last):
        """(agent, event) of one kind in a span of days; sets the path for errors."""
        found = []
        for agent in self.scenario.agents:
            for event in getattr(agent, kind):
                if first <= event.date <= last:
                    found.append((agent, event))
        for _agent, event in found:
            self.path = event.path
        return found
