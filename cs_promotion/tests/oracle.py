"""A second, naive reading of policy.md: plays a scenario on plain dicts, one agent at a time.

It shares no code with the engine. Random histories played by both must agree to the cent.
"""

from calendar import monthrange
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

LADDER = ["probation", "junior", "intermediate", "senior", "reserve"]
PAY = {
    "probation": (1500, 100, "0", 0, 0),
    "junior": (1700, 200, "0.1", 20, 100),
    "intermediate": (1800, 300, "0.3", 50, 200),
    "senior": (2000, 400, "0.5", 80, 300),
}
NAMES = ("base_wage", "appraisal_pay", "commission_percent", "fine_min", "fine_max")
SECTIONS = [
    (20, range(4), 20),
    (40, range(4, 11), 35),
    (20, range(11, 15), 20),
    (20, range(15, 20), 25),
]
SETTINGS = {
    "superior_weight": 50,
    "office_weight": 50,
    "score_method": "sum",
    "pass_mark": 60,
    "top_n": 3,
    "probation_months": 1,
    "appraisal_pay_method": "proportional",
    "fine_cap_percent": 20,
    "complaint_rate_limit": 2,
    "repeat_violations": 3,
    "minimum_wage": 0,
}


def shipped_rules(settings):
    """U2, U3, D1, D2 and X1 as the policy ships them."""

    def condition(metric, operator, value, **more):
        return {"metric": metric, "operator": operator, "value": value, **more}

    first = {"window": "first_months", "months": 12}
    return [
        {
            "code": "dismiss_failing",
            "tier": "junior",
            "outcome": "dismissal_review",
            "match": "all",
            "conditions": [
                condition("month_score", "<", settings["pass_mark"], times=3, consecutive=True)
            ],
        },
        {
            "code": "demote_intermediate",
            "tier": "intermediate",
            "outcome": "demote",
            "match": "any",
            "conditions": [
                condition(
                    "month_rank", ">", settings["top_n"], times=3, consecutive=True, window="tier"
                ),
                condition(
                    "quarter_score",
                    "between",
                    80,
                    value_max=91,
                    times=2,
                    consecutive=True,
                    window="tier",
                ),
                condition("quarter_score", "<=", 80, window="tier"),
            ],
        },
        {
            "code": "demote_senior",
            "tier": "senior",
            "outcome": "demote",
            "match": "any",
            "conditions": [
                condition("month_score", "<", 90, times=3, **first),
                condition("quarter_score", "between", 80, value_max=91, times=2, **first),
                condition("quarter_score", "<=", 80, **first),
            ],
        },
        {
            "code": "promote_intermediate",
            "tier": "junior",
            "outcome": "promote",
            "match": "all",
            "conditions": [
                condition("quarter_rank", "<=", settings["top_n"]),
                condition("quarter_score", ">=", 91),
                condition("tenure_months", ">=", 3),
            ],
        },
        {
            "code": "promote_senior",
            "tier": "intermediate",
            "outcome": "promote",
            "match": "all",
            "conditions": [
                condition("awards", ">=", 1),
                condition("quarter_score", ">=", 95, times=2, consecutive=True),
                condition("tenure_months", ">=", 6),
            ],
        },
    ]


def half_up(value):
    """A fraction rounded half up to cents."""
    cents = value * 100
    whole = cents.numerator // cents.denominator
    if cents - whole >= Fraction(1, 2):
        whole += 1
    return (Decimal(whole) / 100).quantize(Decimal("0.01"), ROUND_HALF_UP)


def day(text):
    return date.fromisoformat(text)


def plus(start, months):
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    return date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))


def last(start):
    return start.replace(day=monthrange(start.year, start.month)[1])


class Agent:
    """What is known of one agent while the months go by."""

    def __init__(self, data, oracle):
        self.data, self.oracle = data, oracle
        self.hired = day(data["hired"])
        self.left = day(data["left"]) if data.get("left") else None
        self.stays = [
            (self.hired, data.get("tier", "probation"), day(data.get("tier_since", data["hired"])))
        ]
        self.scores, self.ranks = {}, {}
        self.quarters, self.quarter_ranks, self.means = {}, {}, {}
        self.changes, self.reviews = [], []
        self.violations = []  # (date, severity, fine)
        self.carried = Decimal(0)
        self.payslips = {}

    def held(self, when):
        """(tier, since) on a day."""
        stay = [stay for stay in self.stays if stay[0] <= when][-1]
        return stay[1], stay[2]

    def works(self, start, end):
        return self.hired <= end and (not self.left or self.left >= start)

    def last_day(self, end):
        return min(end, self.left) if self.left else end

    def department(self, when):
        moves = sorted(
            (day(move["date"]), move["department"]) for move in self.data.get("moves", ())
        )
        return ([self.data["department"]] + [name for start, name in moves if start <= when])[-1]

    def move(self, when, to, kind, rule):
        tier, _since = self.held(when)
        self.stays = [stay for stay in self.stays if stay[0] < when]
        self.stays.append((when, to, when))
        self.changes.append({"date": str(when), "from": tier, "to": to, "kind": kind, "rule": rule})

    def changed_on(self, when):
        return any(change["date"] == str(when) for change in self.changes)


class Oracle:
    """Plays one scenario."""

    def __init__(self, scenario, mend=False):
        """:param mend: make the scenario possible while playing: fines into their range,
        decisions that lead nowhere dropped"""
        self.mend = mend
        self.start = day(scenario["from"] + "-01")
        self.until = day(scenario["until"] + "-01")
        policy = scenario.get("policy", {})
        self.settings = SETTINGS | policy.get("settings", {})
        self.pay = {tier: dict(zip(NAMES, line, strict=True)) for tier, line in PAY.items()}
        tiers = policy.get("tiers", {})
        for tier in LADDER:
            if tier in tiers or tier in self.pay:
                base = self.pay.get(tier) or self.pay["senior"]
                self.pay[tier] = base | tiers.get(tier, {})
        self.pay.setdefault("reserve", self.pay["senior"])
        self.rules = policy.get("rules") or shipped_rules(self.settings)
        self.agents = {name: Agent(data, self) for name, data in scenario["employees"].items()}

    def play(self):
        month = self.start
        for agent in self.agents.values():
            self.apply_decisions(agent, date.min, self.start)
        while month <= self.until:
            self.play_month(month, last(month))
            month = plus(month, 1)
        return {
            "employees": {
                name: {
                    "months": {
                        f"{m:%Y-%m}": {"score": float(s), "rank": agent.ranks[m]}
                        for m, s in sorted(agent.scores.items())
                    },
                    "quarters": {
                        f"{q.year}Q{(q.month + 2) // 3}": {
                            "score": float(s),
                            "rank": agent.quarter_ranks[q],
                        }
                        for q, s in sorted(agent.quarters.items())
                    },
                    "changes": sorted(agent.changes, key=lambda change: change["date"]),
                    "reviews": sorted(agent.reviews, key=lambda each: (each["date"], each["rule"])),
                    "payslips": agent.payslips,
                }
                for name, agent in self.agents.items()
            }
        }

    def apply_decisions(self, agent, first, until):
        for decision in list(agent.data.get("decisions", ())):
            when = day(decision["date"])
            if first <= when <= until:
                held = agent.held(when)[0]
                if self.mend and (
                    LADDER.index(held) >= LADDER.index(decision["to"])
                    or agent.changed_on(when)
                    or (agent.left and agent.left <= when)
                ):
                    agent.data["decisions"].remove(decision)
                    continue
                agent.move(when, decision["to"], "exceptional", None)

    def play_month(self, start, end):
        after = end + timedelta(days=1)
        for agent in self.agents.values():
            self.confirm(agent, start, end)
        for agent in self.agents.values():
            for violation in agent.data.get("violations", ()):
                if start <= day(violation["date"]) <= end or (
                    start == self.start and day(violation["date"]) < start
                ):
                    when = day(violation["date"])
                    if self.mend:
                        line = self.pay[agent.held(when)[0]]
                        violation["fine"] = min(
                            max(violation["fine"], line["fine_min"]), line["fine_max"]
                        )
                    agent.violations.append(
                        (
                            when,
                            violation["severity"],
                            Decimal(str(violation["fine"])),
                            violation["type"],
                        )
                    )
            data = agent.data["months"].get(f"{start:%Y-%m}")
            if agent.works(start, end) and data:
                self.score(agent, start, data)
        self.rank(start, end)
        if start.month % 3 == 0:
            self.close_quarter(plus(start, -2), end)
        for agent in self.agents.values():
            if agent.works(start, end):
                self.complain(agent, start, end)
        for agent in self.agents.values():
            if agent.works(start, end):
                self.judge(agent, start, end, after)
        for agent in self.agents.values():
            if agent.works(start, end):
                agent.payslips[f"{start:%Y-%m}"] = self.pay_month(agent, start, end)

    def confirm(self, agent, start, end):
        """Confirmations and people's decisions of the month, day by day."""
        after = end + timedelta(days=1)
        when = start
        while when <= after:
            if when > start:
                self.apply_decisions(agent, when, when)
            self.confirm_on(agent, when, end)
            when += timedelta(days=1)

    def confirm_on(self, agent, when, end):
        if not agent.works(when, when):
            return
        mark = self.settings["pass_mark"]
        tier, since = agent.held(when)
        passed = [
            day(test["date"])
            for test in agent.data.get("probation", ())
            if since <= day(test["date"]) <= end
            and test["knowledge"] >= mark
            and test["skills"] >= mark
            and not (agent.left and day(test["date"]) > agent.left)
        ]
        if tier != "probation" or not passed:
            return
        known = f"{min(passed):%Y-%m-01}"  # reviews open by then stop it; none ends in a replay
        if any(review["date"] <= known for review in agent.reviews):
            return
        effective = max(min(passed), plus(since, self.settings["probation_months"]))
        if effective == when and not agent.changed_on(when) and agent.left != when:
            agent.move(when, "junior", "confirmation", "confirm_junior")

    def total(self, grades):
        if self.settings["score_method"] == "sum":
            return Fraction(sum(grades))
        return sum(
            Fraction(sum(grades[i] for i in items) * weight, best)
            for weight, items, best in SECTIONS
        )

    def score(self, agent, start, data):
        weights = {
            role: Fraction(str(self.settings[f"{role}_weight"])) for role in ("superior", "office")
        }
        asked = [role for role, weight in weights.items() if weight]
        if all(data.get(role) for role in asked):
            agent.scores[start] = half_up(
                sum(self.total(data[role]) * weights[role] for role in asked)
                / sum(weights.values())
            )

    def rank(self, start, end):
        for agent in self.agents.values():
            if start in agent.scores:
                place = agent.department(agent.last_day(end))
                agent.ranks[start] = 1 + sum(
                    other.scores[start] > agent.scores[start]
                    for other in self.agents.values()
                    if start in other.scores and other.department(other.last_day(end)) == place
                )

    def close_quarter(self, start, end):
        months = [plus(start, i) for i in range(3)]
        for agent in self.agents.values():
            if all(month in agent.scores for month in months):
                mean = sum(Fraction(agent.scores[month]) for month in months) / 3
                agent.means[start] = agent.quarters[start] = half_up(mean)
        for agent in self.agents.values():
            if start in agent.means:
                place = agent.department(agent.last_day(end))
                agent.quarter_ranks[start] = 1 + sum(
                    other.means[start] > agent.means[start]
                    for other in self.agents.values()
                    if start in other.means and other.department(other.last_day(end)) == place
                )

    def complain(self, agent, start, end):
        data = agent.data["months"].get(f"{start:%Y-%m}", {})
        handled, complaints = data.get("handled", 0), data.get("complaints", 0)
        limit = Fraction(str(self.settings["complaint_rate_limit"]))
        if any(
            kind == "complaint_rate" and start <= when <= end
            for when, _severity, _fine, kind in agent.violations
        ):
            return
        if handled and Fraction(complaints * 100, handled) >= limit:
            when = agent.last_day(end)
            fine = Decimal(str(self.pay[agent.held(when)[0]]["fine_min"]))
            agent.violations.append((when, "minor", fine, "complaint_rate"))

    def judge(self, agent, start, end, after):
        if agent.left and agent.left <= after:
            return
        tier, since = agent.held(end)
        grounds = {review["rule"] for review in agent.reviews}
        new = [
            severity for when, severity, _fine, _kind in agent.violations if start <= when <= end
        ]
        found = [
            rule["code"]
            for rule in self.rules
            if rule["outcome"] == "dismissal_review"
            and self.applies(rule, agent, tier, since, start, after)
        ]
        if "serious" in new:
            found.append("dismiss_serious")
        if new and len(agent.violations) >= self.settings["repeat_violations"]:
            found.append("dismiss_repeated")
        for code in found:
            if code not in grounds:
                agent.reviews.append({"date": str(after), "rule": code})
        if agent.changed_on(after):
            return
        index = LADDER.index(tier)
        if "moderate" in new and index:
            agent.move(after, LADDER[index - 1], "demotion", "demote_violation")
            return
        for rule in self.rules:
            if rule["outcome"] == "demote" and self.applies(rule, agent, tier, since, start, after):
                agent.move(after, LADDER[index - 1], "demotion", rule["code"])
                return
        if agent.reviews:
            return
        for rule in self.rules:
            if rule["outcome"] == "promote" and self.applies(
                rule, agent, tier, since, start, after
            ):
                agent.move(after, LADDER[index + 1], "promotion", rule["code"])
                return

    def applies(self, rule, agent, tier, since, start, after):
        if rule["tier"] != tier:
            return False
        results = [
            self.meets(condition, agent, since, start, after) for condition in rule["conditions"]
        ]
        return all(results) if rule.get("match", "all") == "all" else any(results)

    def meets(self, condition, agent, since, start, after):
        metric = condition["metric"]
        if metric == "tenure_months":
            months = 0
            while plus(agent.hired, months + 1) <= after:
                months += 1
            return self.compare(condition, months)
        if metric == "awards":
            return self.compare(
                condition,
                sum(
                    day(month + "-01") < after
                    and (not agent.left or day(month + "-01") <= agent.left)
                    for month in agent.data.get("awards", ())
                ),
            )
        if metric == "violations":
            return self.compare(condition, len(agent.violations))
        values = {
            "month_score": agent.scores,
            "month_rank": agent.ranks,
            "quarter_score": agent.quarters,
            "quarter_rank": agent.quarter_ranks,
        }[metric]
        length = 3 if metric.startswith("quarter") else 1
        newest = plus(after, -length)
        if newest not in values:
            return False
        if length == 3 and after.month % 3 != 1:
            return False
        times = condition.get("times") or 1
        window = condition.get("window") or "latest"
        months = condition.get("months") or 0
        series = sorted(values)
        if window == "latest":
            series = series[-times:]
        elif window == "tier":
            series = [each for each in series if each >= since]
        elif window == "first_months":
            series = [
                each
                for each in series
                if each >= since and plus(each, length) <= plus(since, months)
            ]
            if newest not in series:
                return False
        else:
            series = [each for each in series if each >= max(since, plus(after, -months))]
        if condition.get("consecutive"):
            tail = series[-times:]
            return len(tail) == times and all(
                self.compare(condition, values[each]) for each in tail
            )
        return sum(self.compare(condition, values[each]) for each in series) >= times

    @staticmethod
    def compare(condition, found):
        value, found = Decimal(str(condition["value"])), Decimal(found)
        match condition["operator"]:
            case ">=":
                return found >= value
            case ">":
                return found > value
            case "<=":
                return found <= value
            case "<":
                return found < value
            case "=":
                return found == value
        return value < found < Decimal(str(condition["value_max"]))

    def pay_month(self, agent, start, end):
        days = (end - start).days + 1
        held = [
            agent.held(start + timedelta(days=i))[0]
            for i in range(days)
            if agent.hired <= start + timedelta(days=i)
            and (not agent.left or start + timedelta(days=i) <= agent.left)
        ]

        def total(name):
            return sum(Fraction(str(self.pay[tier][name])) for tier in held)

        base = half_up(total("base_wage") / days)
        share, score = Fraction(0), agent.scores.get(start)
        if score is not None:
            share = Fraction(score) / 100
            if self.settings["appraisal_pay_method"] == "pass":
                share = Fraction(score >= Decimal(str(self.settings["pass_mark"])))
        appraisal = half_up(total("appraisal_pay") / days * share)
        sales = Fraction(str(agent.data["months"].get(f"{start:%Y-%m}", {}).get("sales") or 0))
        commission = half_up(total("commission_percent") / len(held) * sales / 100)
        gross = base + appraisal + commission
        due = agent.carried + sum(
            (fine for when, _severity, fine, _kind in agent.violations if start <= when <= end),
            Decimal(0),
        )
        limit = Fraction(gross) * Fraction(str(self.settings["fine_cap_percent"])) / 100
        if self.settings["minimum_wage"]:
            limit = min(limit, Fraction(gross) - Fraction(str(self.settings["minimum_wage"])))
        fine = half_up(max(Fraction(0), min(Fraction(due), limit)))
        agent.carried = due - fine
        figures = {
            "BASE": base,
            "APPRAISAL": appraisal,
            "COMMISSION": commission,
            "GROSS": gross,
            "FINE": -fine,
            "NET": gross - fine,
        }
        return {code: float(amount) + 0.0 for code, amount in figures.items()}
