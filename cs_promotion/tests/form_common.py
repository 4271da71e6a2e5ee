"""Forms of every kind, for those who fill them in and those who read what came out."""

from odoo import Command

from .common import CsPromotionCase


class FormCase(CsPromotionCase):
    """Forms of one section, and two metrics of the company's own."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.metrics = {
            code: cls.env["cs.metric"].create({"name": code.title(), "code": code})
            for code in ("daily", "passed")
        }
        cls.line = cls.env["cs.scale"].create(
            {
                "name": "Daily handled",
                "code": "daily",
                "mode": "line",
                "step_ids": [
                    Command.create({"bound": 220, "value": 0}),
                    Command.create({"bound": 300, "value": 100}),
                ],
            }
        )

    @classmethod
    def _form(cls, *items, grades=((100, "good"), (0, "bad")), **policy):
        """The policy goes by a form of one section with these items."""
        scorecard = cls.env["cs.scorecard"].create(
            {
                "name": "Another form",
                "section_ids": [
                    Command.create(
                        {
                            "code": "A",
                            "name": "All",
                            "weight": 100,
                            "item_ids": [Command.create(item) for item in items],
                            "grade_ids": [
                                Command.create({"points": points, "name": name})
                                for points, name in grades
                            ],
                        }
                    )
                ],
            }
        )
        cls.policy.write({"scorecard_id": scorecard.id, **policy})
        return scorecard

    @classmethod
    def _measured(cls, code, maximum, **values):
        return {
            "name": code.title(),
            "source": "measured",
            "metric": code,
            "maximum": maximum,
            "percent": True,
            **values,
        }

    def _measure(self, agent, **values):
        self.env["cs.measure"].create(
            [
                {
                    "metric_id": self.metrics[code].id,
                    "employee_id": agent.id,
                    "date": "2025-01-01",
                    "value": value,
                }
                for code, value in values.items()
            ]
        )

    def _give(self, agent, role, **given):
        """Fill a sheet in: item name -> grade word, or points."""
        sheet = self._sheet(agent, "2025-01", role)
        for line in sheet.line_ids:
            value = given[line.item_id.name.lower()]
            if isinstance(value, str):
                grades = line.item_id._get_grades()
                line.grade_id = grades.filtered(lambda each, value=value: each.name == value)
            else:
                line.given = value
        sheet.action_submit()
        return sheet
