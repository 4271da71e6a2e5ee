"""A company by the hotline package: eight measured items and one that is graded, stars over the
whole company, promotion by an exam and the months before it."""

import json

from odoo.tools import SQL, file_open

from odoo.addons.cs_promotion.engine.calendar import add_months

from . import hotline_yardsticks, people, yardsticks
from .history import History
from .staff import Staffing
from .stages import Close, Judge, Open

PACKAGE = "cs_promotion/presets/hotline.json"
# What the package measures, and one more: metric -> where its straight line begins and ends, the
# points it gives at most, and between what its values lie
LINES = {
    "daily_handled": (220, 300, 25, 190, 320),
    "handling_time_rate": (85, 90, 10, 82, 92),
    "ticket_pass_rate": (0, 100, 10, 60, 100),
    "first_contact": (85, 90, 10, 82, 92),
    "satisfaction": (85, 90, 10, 82, 92),
    "spot_checks": (0, 100, 15, 50, 100),
    "adherence": (0, 100, 5, 70, 100),
    "monthly_exam": (0, 100, 10, 40, 100),
}
EXAMINED = 0.5  # part of the agents who sit the promotion exam in a month
HOTLINE = Staffing(
    (("hotline_senior", 0.18), ("hotline_agent", 0.82)),
    {"hotline_senior": (0.7, 0.1), "hotline_agent": (0.6, 0.2)},
    "hotline_agent",
)


class HotlineHistory(History):
    """Six months of a hotline: what is measured is inserted, one item is graded by the superior."""

    months = 6
    staffing = HOTLINE
    roles = ("superior",)
    item_count = 1

    def _begin(self):
        start = add_months(self.month, -24)
        text = json.dumps(get_package())
        policy = self.env["cs.policy.package"]._import(text, self.company, start, "Bench policy")
        policy.action_activate()
        people.hire(self)

    def _insert_figures(self, cycle):
        """Values of all metrics, by chance around what an agent is good for and how the month goes;
        and for some the promotion exam."""
        self.env.flush_all()
        metrics = self.env["cs.metric"].search([("code", "in", [*LINES])]).grouped("code")
        lowest, highest = zip(*(line[-2:] for line in LINES.values()), strict=True)
        self._insert_measures(
            cycle,
            SQL(
                "unnest(%s::int[], %s::numeric[], %s::numeric[], %s::int[])",
                [metrics[code].id for code in LINES],
                list(lowest),
                list(highest),
                list(range(len(LINES))),
            ),
            SQL("date_start"),
            SQL("TRUE"),
        )
        exam = self.env["cs.metric"].search([("code", "=", "exam")])
        self._insert_measures(
            cycle,
            SQL("(VALUES (%s, 40, 100, %s))", exam.id, len(LINES)),
            SQL("date_start + floor(%s * 28)::int", self._draw(cycle, 6)),
            SQL("%s < %s", self._draw(cycle, 7), EXAMINED),
        )
        self.env.invalidate_all()

    def _insert_measures(self, cycle, metrics, day, condition):
        """:param metrics: SQL of a table: metric, lowest and highest value, number"""
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO cs_measure (metric_id, subject, employee_id, company_id, date, value,
                                        create_uid, write_uid, create_date, write_date)
                SELECT metric.id, 'agent', employee_id, company_id, %(day)s,
                       round((lowest + (highest - lowest) * LEAST(1, GREATEST(0,
                           quality + %(months)s * trend + (%(luck)s - 0.5) * 0.5
                           + (%(mood)s - 0.5) * 0.3)))::numeric, 2),
                       1, 1, date_end::timestamp, date_end::timestamp
                  FROM cs_appraisal appraisal
                  JOIN %(agents)s USING (employee_id)
                  CROSS JOIN %(metrics)s metric (id, lowest, highest, number)
                 WHERE appraisal.cycle_id = %(cycle)s AND %(condition)s
                 ORDER BY employee_id, number
                """,
                day=day,
                months=self._count_months(cycle),
                luck=self._draw(cycle, 5, SQL("seed * 16 + number")),
                mood=self._draw(cycle, 3),
                agents=self._get_agents_sql(),
                metrics=metrics,
                cycle=cycle.id,
                condition=condition,
            )
        )

    def _on_closed(self, cycle):
        """There are no titles to win, and no probation."""

    def _pay_all(self, tell):
        """Pay is not measured here."""


def get_package():
    """The package with an eighth measured item: a part of the points of another one."""
    with file_open(PACKAGE) as file:
        package = json.load(file)
    package["metrics"].append(
        {"code": "adherence", "name": "Schedule adherence", "unit": "%", "gather": "mean"}
    )
    quality = package["form"]["sections"][1]["items"]
    quality[-1]["maximum"] = LINES["spot_checks"][2]
    quality.append(
        quality[-1]
        | {
            "name": "Schedule adherence",
            "metric": "adherence",
            "maximum": LINES["adherence"][2],
        }
    )
    return package


class HotlineClose(Close):
    statement = hotline_yardsticks.CLOSE

    def get_yardstick(self, case):
        lows, highs, maxima, *_values = map(list, zip(*LINES.values(), strict=True))
        return lambda: yardsticks.execute(
            case, self.statement, metrics=[*LINES], lows=lows, highs=highs, maxima=maxima
        )


class HotlineJudge(Judge):
    statement = hotline_yardsticks.JUDGE


STAGES = (Open, HotlineClose, HotlineJudge)
