"""The company of a scenario: its policy, its people, their departments and posts."""

from datetime import date

from ..engine.decimals import decimal, plain
from ..package.node import ScenarioError
from .scenario import PAY


class Company:
    """The part of a :class:`~.player.Player` that sets its company up."""

    def set_up(self):
        self.path = "$.policy"
        self.policy = self.make_policy()
        self.check_periods()
        for agent in self.scenario.agents:
            self.path = agent.path
            self.employees[agent.name] = self.make_employee(agent)
        # recorded when it was known: before the first month's end
        self.record_decisions(date.min, self.scenario.start)
        self.apply(self.scenario.start)

    def check_periods(self):
        """Sheets of longer periods are filled in where these have a form of their own."""
        for agent in self.scenario.agents:
            for (kind, _start), period in agent.periods.items():
                if self.policy._get_period_method(kind) != "scorecard":
                    raise ScenarioError(period.path, f"a {kind} has no form of its own")

    def make_policy(self):
        template = self.template
        policy = template.copy(
            {
                "name": "Replay",
                "company_id": self.company.id,
                "date_from": self.scenario.start,
                # by results alone: nobody objects, approves or attests in a scenario
                "notice_days": 0,
                "approval": "automatic",
                "require_attestation": False,
                **{
                    name: value if isinstance(value, str | int) else float(value)
                    for name, value in self.scenario.settings.items()
                },
            }
        )
        self.weigh(policy)
        for code, amounts in self.scenario.tiers.items():
            self.path = f"$.policy.tiers.{code}"
            self.set_pay(policy, code, {name: float(each) for name, each in amounts.items()})
            self.env.flush_all()
        if self.scenario.rules is not None:
            policy.rule_ids.unlink()
            for sequence, rule in enumerate(self.scenario.rules):
                self.path = rule["path"]
                self.make_rule(policy, sequence, rule)
        self.path = "$.policy"
        self.env.flush_all()
        policy.action_activate()
        return policy

    def weigh(self, policy):
        """The raters as the scenario weighs them: who is asked from now on first."""
        rows = {row.code: row for row in policy.rater_ids}
        for code, weight in sorted(self.scenario.weights.items(), key=lambda each: not each[1]):
            if code in rows:
                rows[code].weight = float(weight)
            else:
                values = {"code": code, "weight": float(weight), "sequence": 10 * len(rows) + 10}
                rows[code] = policy.rater_ids.create({"policy_id": policy.id, **values})

    def set_pay(self, policy, code, amounts):
        """Differences from what the shipped policy pays; where that is as the rung below, the
        rung starts from it."""
        tier = self.tiers[code]
        rung = policy._get_rungs()[tier]
        if rung.paid_as_below:
            below = policy._get_paid_rungs()[tier]
            amounts = {name: below[name] for name in PAY} | amounts | {"paid_as_below": False}
        rung.write(amounts)

    def make_rule(self, policy, sequence, rule):
        def number(value):
            return float(value) if value is not None and not isinstance(value, int) else value

        self.env["cs.policy.rule"].create(
            {
                "policy_id": policy.id,
                "sequence": sequence,
                "code": rule["code"],
                "name": rule["code"],
                "tier_id": self.tiers[rule["tier"]].id,
                "tier_to_id": self.tiers[rule["to"]].id if rule["to"] else False,
                "outcome": rule["outcome"],
                "match": rule["match"],
                "examined_in": rule["examined_in"],
                "condition_ids": [
                    (
                        0,
                        0,
                        {
                            name: each if isinstance(each, str | bool) else number(each)
                            for name, each in condition.items()
                        }
                        | {"sequence": position},
                    )
                    for position, condition in enumerate(rule["conditions"])
                ],
            }
        )

    def make_employee(self, agent):
        employee = self.env["hr.employee"].create(
            {
                "name": agent.name,
                "company_id": self.company.id,
                "department_id": self.get_department(agent.department).id,
                "job_id": self.get_job(agent.job).id,
                **self.get_contract({"wage": agent.wage, "full_time": agent.full_time}),
                "date_version": agent.hired,
                "contract_date_start": agent.hired,
                "contract_date_end": agent.left or False,
                "cs_tier_id": self.tiers[agent.tier].id,
                "cs_tier_since": agent.tier_since,
            }
        )
        for move in sorted(agent.moves, key=lambda event: event.date):
            self.path = move.path
            if agent.left and move.date > agent.left:
                continue
            version = employee.create_version({"date_version": move.date})
            if "department" in move.values:
                version.department_id = self.get_department(move.values["department"])
            if "job" in move.values:
                version.job_id = self.get_job(move.values["job"])
            version.write(self.get_contract(move.values))
        for award in agent.awards:
            self.path = award.path
            if not agent.left or award.date <= agent.left:
                self.env["cs.award"].create({"employee_id": employee.id, "month": award.date})
        return employee

    def get_department(self, name):
        if name not in self.departments:
            departments = self.env["hr.department"]
            self.departments[name] = departments.search(
                [("name", "=", name), ("company_id", "=", self.company.id)]
            ) or departments.create({"name": name, "company_id": self.company.id})
        return self.departments[name]

    def get_contract(self, given):
        """What a version says of the wage and the working time that are given, if any."""
        values = {}
        if given.get("wage") is not None:
            values["wage"] = float(given["wage"])
        if given.get("full_time") is not None:
            values["resource_calendar_id"] = self.get_calendar(given["full_time"]).id
        return values

    def get_calendar(self, percent):
        """Working hours that are so many percent of the company's."""
        full = self.company.resource_calendar_id
        if percent == 100:
            return full
        if percent not in self.calendars:
            hours = decimal(full.hours_per_week)
            self.calendars[percent] = full.copy(
                {
                    "name": f"{plain(percent)} %",
                    "full_time_required_hours": float(hours),
                    "hours_per_week": float(hours * percent / 100),
                }
            )
        return self.calendars[percent]

    def get_job(self, name):
        jobs = self.env["hr.job"]
        if not name:
            return jobs
        found = jobs.search([("name", "=", name), ("company_id", "=", self.company.id)], limit=1)
        return found or jobs.create({"name": name, "company_id": self.company.id})
