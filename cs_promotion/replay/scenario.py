"""Reads a scenario: a history to be played, checked to the last key.

Every fault is a :class:`ScenarioError` that names the JSON path. What can only be known
while playing (a fine outside the range of the tier held then) is found by the models.
"""

import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import fields
from datetime import date
from decimal import Decimal
from typing import Any

from ..engine.calendar import add_months, month_end, month_key
from ..engine.pay import BASE
from ..engine.policy import Settings
from ..engine.rule import OPERATORS, ROUNDED, Condition
from ..engine.series import WINDOWS
from ..engine.vocabulary import EVENT, LENGTHS, READINGS, PolicyError
from ..package.node import Node, ScenarioError, read_json
from .bounds import check_employed
from .history import Agent, Answers, Event, Month, Scenario, Words

# name -> the codes it may have, or its type
SETTINGS: dict[str, Any] = {
    each.name: each.metadata.get("choices", each.type) for each in fields(Settings)
}
PERIOD = re.compile(r"(\d{4})(?:([QH])([1-4]))?")  # 2026Q1, 2026H2, 2026
PAY = ("base_wage", "appraisal_pay", "commission_percent", "fine_min", "fine_max")
SHARES = {f"share_{rounding}": rounding for rounding in ROUNDED}
SEVERITIES = ("minor", "moderate", "serious")
MAY_LACK = (  # keys of a condition
    *("value_max", "times", "consecutive", "window"),
    *("months", "reading", "group", "value_from"),
)
ENDS = ("kept", "down", "extended", "review")  # how a person ends a trial or plan, or does not


def shift(text: str, months: int) -> str:
    """The same history, every date in it ``months`` later."""

    def later(match):
        day = date.fromisoformat(match[1] if match[2] else f"{match[1]}-01")
        moved = add_months(day, months)
        return f'"{moved}"' if match[2] else f'"{month_key(moved)}"'

    return re.sub(r'"(\d{4}-\d\d(-\d\d)?)"', later, text)


def parse(text: str, words: Words) -> Scenario:
    """The scenario in ``text`` (JSON).

    :param words: codes that the installed policy knows
    :raises ScenarioError: on any fault, with its JSON path
    """
    return _Reader(words).scenario(Node("$", read_json(text)))


class _Reader:
    """Reads the parts of a scenario, top down."""

    def __init__(self, words: Words):
        self.words = words

    def scenario(self, root: Node) -> Scenario:
        keys = root.object(("from", "until", "employees"), ("policy", "figures"))
        start, until = keys["from"].month(), keys["until"].month()
        if until < start:
            keys["until"].fail("lies before 'from'")
        if add_months(start, 600) < until:
            keys["until"].fail("more than 600 months after 'from'")
        settings, weights, tiers, rules = self.policy(keys.get("policy"))
        agents = keys["employees"].members()
        return Scenario(
            start,
            until,
            settings,
            weights,
            tiers,
            rules,
            tuple(self.agent(name, node) for name, node in agents.items()),
            self.shared(keys.get("figures")),
        )

    def shared(self, node: Node | None):
        """Figures of the company and of departments, month by month."""
        if node is None:
            return {}
        keys = node.object((), ("company", "departments"))
        groups = [("", "company", keys["company"])] if "company" in keys else []
        if "departments" in keys:
            groups += [
                (name, "department", each) for name, each in keys["departments"].members().items()
            ]
        return {
            (name, Node(each.path, key).month()): self.figures(each, subject)
            for name, subject, months in groups
            for key, each in months.members().items()
        }

    def figures(self, node: Node | None, subject: str) -> dict[str, Decimal]:
        """Values by metric code, of metrics that are typed of such a subject: of the month, or of
        the longer period in which it lies."""
        if node is None:
            return {}
        typed = self.words.figures.items()
        known = tuple(code for code, (of, grain) in typed if of == subject and grain != EVENT)
        return {
            Node(each.path, code).choice(known): each.number(4, low=None)
            for code, each in node.members().items()
        }

    def policy(self, node: Node | None):
        if node is None:
            return {}, {}, {}, None
        # the package was read before: what words there are is told by it
        keys = node.object((), ("package", "settings", "tiers", "rules"))
        settings, weights = {}, {}
        raters = {f"{code}_weight": code for code in self.words.raters}
        if "settings" in keys:
            for name, each in keys["settings"].object((), SETTINGS | raters).items():
                if name in raters:
                    weights[raters[name]] = each.number()
                    continue
                kind = SETTINGS[name]
                if kind is Decimal:
                    settings[name] = each.number()
                else:
                    settings[name] = each.whole() if kind is int else each.choice(kind)
        tiers = {}
        if "tiers" in keys:
            for code, each in keys["tiers"].object((), self.words.tiers).items():
                tiers[code] = {
                    name: amount.number(6 if name == "commission_percent" else 2)
                    for name, amount in each.object((), PAY).items()
                }
        rules = None
        if "rules" in keys:
            rules = tuple(self.rule(each) for each in keys["rules"].list())
        return settings, weights, tiers, rules

    def rule(self, node: Node) -> dict:
        keys = node.object(
            ("code", "tier", "outcome", "conditions"),
            ("match", "name", "to", "examined_in"),
        )
        return {
            "path": node.path,
            "code": keys["code"].text(),
            "tier": keys["tier"].choice(self.words.tiers),
            "outcome": keys["outcome"].choice(self.words.outcomes),
            "to": self._optional(keys, "to", lambda each: each.choice(self.words.tiers)),
            "match": keys["match"].choice(("all", "any")) if "match" in keys else "all",
            "examined_in": self._optional(keys, "examined_in", Node.text),
            "conditions": [self.condition(each) for each in keys["conditions"].list()],
        }

    def condition(self, node: Node) -> dict:
        keys = node.object(("metric", "operator", "value"), MAY_LACK)
        readers: dict[str, Callable[[Node], Any]] = {
            "metric": lambda each: each.choice(tuple(self.words.metrics)),
            "operator": lambda each: each.choice(OPERATORS),
            "value": lambda each: each.number(low=None),
            "value_max": lambda each: each.number(low=None),
            "times": lambda each: each.whole(1),
            "consecutive": Node.flag,
            "window": lambda each: each.choice(WINDOWS),
            "months": lambda each: each.whole(),
            "reading": lambda each: each.choice(READINGS),
            "group": Node.text,
            "value_from": lambda each: each.choice(("fixed", *SHARES)),
        }
        values = {
            name: readers[name](each)
            for name, each in keys.items()
            if not (each.value is None and name in MAY_LACK)
        }
        made = {name: each for name, each in values.items() if name != "value_from"}
        made |= {"share": SHARES.get(values.get("value_from"), "")}
        try:
            Condition(**made | {"metric": self.words.metrics[values["metric"]]}).check()
        except PolicyError as error:
            node.fail(str(error))
        return values

    def agent(self, name: str, node: Node) -> Agent:
        keys = node.object(
            ("department", "hired"),
            (
                "months",
                "job",
                "wage",
                "full_time",
                "tier",
                "tier_since",
                "left",
                "moves",
                "probation",
                "awards",
                "violations",
                "decisions",
                "applications",
                "approvals",
                "events",
                "periods",
                "raises",
                "trials",
                "plans",
            ),
        )
        if not name.strip():
            node.fail("an employee needs a name")
        hired = keys["hired"].date()
        left = self._optional(keys, "left", Node.date)
        since = self._optional(keys, "tier_since", Node.date) or hired
        if left and left < hired:
            keys["left"].fail("lies before 'hired'")
        if since < hired:
            keys["tier_since"].fail("lies before 'hired'")
        agent = Agent(
            path=node.path,
            name=name,
            department=keys["department"].text(),
            job=self._optional(keys, "job", Node.text),
            wage=self._optional(keys, "wage", Node.number),
            full_time=self._optional(keys, "full_time", self.percent),
            hired=hired,
            left=left,
            tier=self._optional(keys, "tier", self._tier) or self.words.tiers[0],
            tier_since=since,
            awards=self.awards(keys.get("awards")),
            months=self.months(keys.get("months"), hired, left),
            periods=self.periods(keys.get("periods")),
            measured=self.measured(keys.get("events")),
            raises=self.raises(keys.get("raises")),
            **self._dated(keys),
        )
        check_employed(agent)
        return agent

    def measured(self, node: Node | None) -> tuple[Event, ...]:
        """What happened on a day, by metric code: exams, say."""
        if node is None:
            return ()
        known = tuple(code for code, each in self.words.figures.items() if each == ("agent", EVENT))
        events = []
        for code, rows in node.members().items():
            Node(rows.path, code).choice(known)
            for event in self.events(rows, {"value": lambda each: each.number(4, low=None)}):
                events.append(Event(event.path, event.date, {"metric": code, **event.values}))
        return tuple(events)

    def _dated(self, keys) -> dict[str, tuple]:
        """What happens to an agent on a day, by its kind."""
        kinds = {
            "probation": {"knowledge": self.points, "skills": self.points},
            "violations": {
                "type": lambda each: each.choice(self.words.violation_types),
                "severity": lambda each: each.choice(SEVERITIES),
                "fine": Node.number,
            },
            "decisions": {"to": self._tier},
            "trials": {"outcome": lambda each: each.choice(ENDS[:3])},
            "plans": {"outcome": lambda each: each.choice(ENDS)},
            "applications": {"rule": Node.text},
            "approvals": {
                "rule": Node.text,
                "by": lambda each: each.choice(self.words.approvers),
                "approve": Node.flag,
            },
        }
        dated = {kind: self.events(keys.get(kind), readers) for kind, readers in kinds.items()}
        return dated | {"moves": self.moves(keys.get("moves"))}

    def moves(self, node: Node | None) -> tuple[Event, ...]:
        """Another department, job position, wage or working time, or several of them."""
        readers: dict[str, Callable[[Node], Any]] = {
            "department": Node.text,
            "job": Node.text,
            "wage": Node.number,
            "full_time": self.percent,
        }
        events = []
        for each in node.list() if node else ():
            keys = each.object(("date",), readers)
            values = {name: read(keys[name]) for name, read in readers.items() if name in keys}
            if not values:
                each.fail(f"one of the keys {', '.join(readers)} is missing")
            events.append(Event(each.path, keys["date"].date(), values))
        return tuple(events)

    def percent(self, node: Node) -> Decimal:
        """A share above nought, up to all of it."""
        value = node.number()
        if not 0 < value <= 100:
            node.fail(f"{node.value} is not above 0, up to 100 percent")
        return value

    def raises(self, node: Node | None) -> tuple[Event, ...]:
        """What is paid more of an item from a day on, as HR enters it."""
        events = []
        for each in node.list() if node else ():
            keys = each.object(("date", "amount"), ("item", "until"))
            item = self._optional(keys, "item", lambda code: code.choice(self.words.raised))
            until = self._optional(keys, "until", Node.date)
            values = {"item": item or BASE, "amount": keys["amount"].number(), "until": until}
            events.append(Event(each.path, keys["date"].date(), values))
        return tuple(events)

    def _tier(self, node: Node) -> str:
        return node.choice(self.words.tiers)

    def _optional(self, keys, name, reader):
        node = keys.get(name)
        return None if node is None or node.value is None else reader(node)

    def points(self, node: Node) -> Decimal:
        value = node.number()
        if value > 100:
            node.fail(f"{node.value} is more than 100 points")
        return value

    def events(self, node: Node | None, fields: Mapping[str, Callable]) -> tuple[Event, ...]:
        if node is None:
            return ()
        events = []
        for each in node.list():
            keys = each.object(("date", *fields))
            values = {name: reader(keys[name]) for name, reader in fields.items()}
            events.append(Event(each.path, keys["date"].date(), values))
        return tuple(events)

    def awards(self, node: Node | None) -> tuple[Event, ...]:
        if node is None:
            return ()
        events = [Event(each.path, each.month(), {}) for each in node.list()]
        seen = set()
        for event in events:
            if event.date in seen:
                raise ScenarioError(event.path, f"{month_key(event.date)} is given twice")
            seen.add(event.date)
        return tuple(events)

    def months(self, node: Node | None, hired: date, left: date | None) -> dict[date, Month]:
        if node is None:
            return {}
        months = {}
        for key, each in node.members().items():
            start = Node(each.path, key).month()
            if month_end(start) < hired or (left and start > left):
                each.fail("the agent is not employed in this month")
            months[start] = self.month(each)
        return months

    def periods(self, node: Node | None) -> dict[tuple[str, date], Month]:
        """Sheets of longer periods that have a form of their own, by kind and first day."""
        periods = {}
        for key, each in node.members().items() if node else ():
            match = PERIOD.fullmatch(key)
            kind = match and {"Q": "quarter", "H": "half", None: "year"}[match[2]]
            month = match and (int(match[3] or 1) - 1) * LENGTHS[kind] + 1
            if not match or month > 12:
                each.fail(f"{key!r} is not a quarter, half-year or year")
            sheets = self.sheets(each.object((), self.words.raters))
            start = date(int(match[1]), month, 1)
            periods[kind, start] = Month(each.path, sheets, None, None, None)
        return periods

    def sheets(self, keys: Mapping[str, Node]) -> dict[str, tuple]:
        """Code of a rater -> sheets that are given, of each the points; of colleagues a list of
        them."""
        return {
            code: tuple(self.grades(each, forms) for each in keys[code].list())
            if code in self.words.several
            else self.grades(keys[code], forms)
            for code, forms in self.words.answers.items()
            if code in keys and keys[code].value is not None
        }

    def month(self, node: Node) -> Month:
        raters = self.words.raters
        keys = node.object((), (*raters, "sales", "handled", "complaints", "figures"))
        month = Month(
            path=node.path,
            sheets=self.sheets(keys),
            # more may come back than is sold: then sales are below nought
            sales=self._optional(keys, "sales", lambda each: each.number(low=None)),
            handled=self._optional(keys, "handled", Node.whole),
            complaints=self._optional(keys, "complaints", Node.whole),
            figures=self.figures(keys.get("figures"), "agent"),
        )
        if (month.complaints or 0) > (month.handled or 0):
            keys["complaints"].fail("more complaints than customers handled")
        return month

    def grades(self, node: Node, forms: tuple[tuple[Answers, ...], ...]) -> tuple[Decimal, ...]:
        """Points of one sheet; of several forms those of any of them, as only playing tells by
        which one somebody is scored."""
        nodes = node.list()
        fitting = [answers for answers in forms if len(answers) == len(nodes)]
        if not fitting:
            known = " or ".join(str(each) for each in sorted({len(each) for each in forms}))
            node.fail(f"{len(nodes)} grades given, the scorecard has {known} items")
        for answers in fitting[:-1]:
            with suppress(ScenarioError):
                return self.answers(nodes, answers)
        return self.answers(nodes, fitting[-1])

    def answers(self, nodes: list[Node], answers: tuple[Answers, ...]) -> tuple[Decimal, ...]:
        return tuple(each.check(given) for each, given in zip(answers, nodes, strict=True))
