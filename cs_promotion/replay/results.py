"""What came out of a scenario, agent by agent."""

from ..engine.calendar import period_key
from .persons import get_others


class Results:
    """The part of a :class:`~.player.Player` that collects what came out."""

    def collect(self):
        """Everything that came out, by employee."""
        payslips = self.env["cs.replay"]._get_payslips(self.company, self.scenario.months())
        return {
            "employees": {
                name: {
                    "months": self.get_reviews(employee, "month"),
                    "quarters": self.get_reviews(employee, "quarter"),
                    **self.get_longer(employee),
                    "changes": self.get_changes(employee),
                    "reviews": self.get_dismissal_reviews(employee),
                    "payslips": payslips.get(employee.id, {}),
                    **get_others(employee),
                    **self.get_applications(employee),
                }
                for name, employee in self.employees.items()
            }
        }

    def get_longer(self, employee):
        """Half-years and years, of a policy that reviews them."""
        return {
            key: self.get_reviews(employee, kind)
            for kind, key in (("half", "halves"), ("year", "years"))
            if self.policy._get_period_method(kind) != "none"
        }

    def get_reviews(self, employee, kind):
        appraisals = self.env["cs.appraisal"].search(
            [
                ("employee_id", "=", employee.id),
                ("kind", "=", kind),
                ("closed", "=", True),
                ("scored", "=", True),
            ],
            order="date_start",
        )
        return {
            period_key(kind, each.date_start): {
                "score": each.score,
                **({"rank": each.rank} if each.rank else {}),
                **({"class": each.class_id.code} if each.class_id else {}),
            }
            for each in appraisals
        }

    def get_changes(self, employee):
        decisions = self.env["cs.decision"].search(
            [
                ("employee_id", "=", employee.id),
                ("state", "=", "applied"),
                ("tier_to_id", "!=", False),
            ],
            order="effective_date",
        )
        return [
            {
                "date": str(each.effective_date),
                "from": each.tier_from_id.code,
                "to": each.tier_to_id.code,
                "kind": each.kind,
                "rule": each.ground or None,
            }
            for each in decisions
        ]

    def get_applications(self, employee):
        """What came of applications, told only of those who have applied."""
        found = self.env["cs.application"].search(
            [("employee_id", "=", employee.id)], order="date, id"
        )
        rows = [
            {
                "date": str(each.date),
                "rule": each.rule_id.code,
                "outcome": each.outcome or each.state,
            }
            for each in found
        ]
        return {"applications": rows} if rows else {}

    def get_dismissal_reviews(self, employee):
        decisions = self.env["cs.decision"].search(
            [
                ("employee_id", "=", employee.id),
                ("outcome", "=", "dismissal_review"),
                ("state", "!=", "withdrawn"),
            ],
            order="effective_date, ground",
        )
        return [{"date": str(each.effective_date), "rule": each.ground} for each in decisions]
