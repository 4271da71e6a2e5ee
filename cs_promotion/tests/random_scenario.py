"""Random histories for the comparison with the oracle, reproducible by their seed."""

import random
from datetime import date, timedelta

from .oracle import LADDER, Oracle, last, plus

TYPES = ("insubordination", "disregard_of_whole", "harm_to_collective", "slacking")


def make(seed, agents=8, months=9):
    """A scenario as a dict; possible to play, and touching every clause now and then."""
    rng = random.Random(seed)
    start = date(2025, 1, 1) if rng.random() < 0.5 else date(2024, rng.randint(1, 12), 1)
    until = plus(start, months - 1)
    scenario = {
        "from": f"{start:%Y-%m}",
        "until": f"{until:%Y-%m}",
        "employees": {f"E{i:02}": _agent(rng, start, until) for i in range(agents)},
    }
    policy = _policy(rng)
    if policy:
        scenario["policy"] = policy
    Oracle(scenario, mend=True).play()
    return scenario


def _agent(rng, start, until):
    hired = start - timedelta(days=rng.randint(0, 500))
    if rng.random() < 0.5:
        hired = rng.choice([start, start + timedelta(days=rng.randint(0, 120))])
    tier = rng.choice(["probation", "junior", "junior", "intermediate", "intermediate", "senior"])
    data = {"department": rng.choice(["A", "A", "B"]), "hired": str(hired), "tier": tier}
    if hired < start and rng.random() < 0.6:
        data["tier_since"] = str(hired + timedelta(days=rng.randint(0, (start - hired).days)))
    end = last(until)
    if rng.random() < 0.2:
        left = max(hired, start) + timedelta(days=rng.randint(5, 250))
        if rng.random() < 0.3:
            left = last(left) + timedelta(days=rng.choice([0, 1]))
        data["left"], end = str(left), min(end, left)
    first = max(hired, start)

    def any_day():
        return first + timedelta(days=rng.randint(0, max(0, (end - first).days)))

    if rng.random() < 0.4:
        data["moves"] = [
            {"date": str(when), "department": rng.choice(["A", "B"])}
            for when in sorted(
                {
                    rng.choice([any_day(), any_day().replace(day=1)])
                    for _ in range(rng.randint(1, 2))
                }
            )
            if when > hired
        ]
    data["probation"] = [
        {
            "date": str(any_day()),
            "knowledge": rng.choice([40, 59.5, 60, 75, 90]),
            "skills": rng.choice([59, 60, 70.25, 82]),
        }
        for _ in range(rng.randint(0, 4))
    ]
    data["awards"] = sorted({f"{any_day():%Y-%m}" for _ in range(rng.choice([0, 0, 1, 2]))})
    data["violations"] = [
        {
            "date": str(any_day()),
            "type": rng.choice(TYPES),
            "severity": rng.choice(["minor", "minor", "moderate", "serious"]),
            "fine": rng.randint(0, 300),
        }
        for _ in range(rng.choice([0, 0, 0, 1, 2, 4]))
    ]
    if rng.random() < 0.2:
        when = rng.choice([any_day(), plus(any_day().replace(day=1), 1)])
        if when <= end:
            data["decisions"] = [{"date": str(when), "to": rng.choice(LADDER[2:])}]
    data["months"] = _months(rng, first, end)
    return data


def _months(rng, first, end):
    level, months, month = rng.choice([55, 62, 80, 86, 90, 93, 95, 97]), {}, first.replace(day=1)
    while month <= end:
        record = {
            "sales": round(rng.uniform(0, 90000), rng.choice([0, 2])),
            "handled": rng.randint(0, 500),
        }
        record["complaints"] = min(record["handled"], rng.choice([0, 1, 3, 6, 9]))
        if rng.random() < 0.93:
            record["superior"] = _grades(rng, level)
            record["office"] = _grades(rng, level)
        if rng.random() < 0.03:
            record.pop(rng.choice(sorted(record)))
            if record.get("complaints", 0) > record.get("handled", 0):
                record.pop("complaints")
        if rng.random() < 0.97:
            months[f"{month:%Y-%m}"] = record
        month = plus(month, 1)
    return months


def _grades(rng, level):
    grades, total = [5] * 20, 100
    order = rng.sample(range(20), 20)
    for item in order:
        if total - level < 2:
            break
        low = 1 if item >= 15 else 0
        to = 3 if rng.random() < 0.7 else low
        total -= grades[item] - to
        grades[item] = to
    return grades


def _policy(rng):
    policy = {}
    if rng.random() < 0.5:
        choices = {
            "superior_weight": [0, 30, 60.5, 50],
            "office_weight": [40, 50, 33.33],
            "score_method": ["weighted", "weighted", "sum"],
            "pass_mark": [60, 70, 82.5],
            "top_n": [1, 2, 3, 5],
            "probation_months": [0, 1, 2, 3],
            "appraisal_pay_method": ["pass", "proportional"],
            "fine_cap_percent": [0, 3, 5, 12.5],
            "complaint_rate_limit": [1, 1.5, 3],
            "repeat_violations": [1, 2, 4],
            "minimum_wage": [0, 1690, 2500],
        }
        names = rng.sample(sorted(choices), rng.randint(1, 5))
        policy["settings"] = {name: rng.choice(choices[name]) for name in names}
    if rng.random() < 0.4:
        policy["tiers"] = {
            tier: {
                "base_wage": round(rng.uniform(900, 4000), 2),
                "appraisal_pay": rng.choice([0, 333, 123.45]),
                "commission_percent": rng.choice(["0.15", 0.2, 1]),
                "fine_min": rng.choice([0, 10]),
                "fine_max": rng.choice([90, 600]),
            }
            for tier in rng.sample(LADDER, rng.randint(1, 4))
        }
    if rng.random() < 0.4:
        policy["rules"] = [_rule(rng, i) for i in range(rng.randint(1, 6))]
    return policy


def _rule(rng, index):
    tier, outcome = rng.choice(
        [
            ("probation", "promote"),
            ("junior", "promote"),
            ("intermediate", "promote"),
            ("junior", "demote"),
            ("intermediate", "demote"),
            ("senior", "demote"),
            ("reserve", "demote"),
            ("junior", "dismissal_review"),
            ("senior", "dismissal_review"),
        ]
    )
    return {
        "code": f"rule_{index}",
        "tier": tier,
        "outcome": outcome,
        "match": rng.choice(["all", "any"]),
        "conditions": [_condition(rng) for _ in range(rng.randint(1, 3))],
    }


def _condition(rng):
    metric = rng.choice(
        [
            "month_score",
            "month_rank",
            "quarter_score",
            "quarter_rank",
            "tenure_months",
            "awards",
            "violations",
        ]
    )
    values = {
        "month_score": [60, 85, 90, 93.5],
        "quarter_score": [70, 88, 91, 94.67],
        "month_rank": [1, 2, 3],
        "quarter_rank": [1, 2, 3],
        "tenure_months": [2, 5, 12],
        "awards": [0, 1],
        "violations": [1, 2, 3],
    }[metric]
    condition = {
        "metric": metric,
        "value": rng.choice(values),
        "operator": rng.choice([">=", ">", "<=", "<", "=", "between"]),
    }
    if condition["operator"] == "between":
        condition["value_max"] = condition["value"] + rng.choice([2, 5, 20])
        if metric.endswith("score"):
            condition["value_max"] = min(condition["value_max"], 100)
    if condition["operator"] == "<":
        condition["value"] += 1
    if metric in ("tenure_months", "awards", "violations"):
        return condition
    condition["times"] = rng.randint(1, 3)
    condition["consecutive"] = rng.random() < 0.5
    condition["window"] = rng.choice(["latest", "tier", "first_months", "rolling_months"])
    if condition["window"] in ("first_months", "rolling_months"):
        condition["months"] = rng.choice([9, 10, 12])
    return condition
