"""More of the table *How to say it* of ``docs/policy_package.md``: what support desks, hotlines
and shops write down, played to the score, the step and the payslip."""

from odoo.tests import tagged

from .sayings_common import LADDER, PACKAGE, SayingsCase

SENIOR = {"tier": "saying_senior", "name": "Senior", "base_wage": 3500}


def bands(code, *steps, rest=0):
    """A scale of (operator, bound, value), and what is left."""
    rows = [{"operator": sign, "bound": bound, "value": value} for sign, bound, value in steps]
    rows.append({"is_rest": True, "value": rest})
    return {"code": code, "name": code, "mode": "bands", "steps": rows}


def asks(metric, operator, value, **more):
    """A condition or a proviso."""
    return {"metric": metric, "operator": operator, "value": value, **more}


def rule(code, outcome, *conditions, tier="saying_agent", **more):
    """A rule of all these conditions."""
    given = {"code": code, "name": code, "tier": tier, "outcome": outcome}
    return {**given, "conditions": [*conditions], **more}


def made(code, kind, one, **more):
    """A metric that is made of another."""
    return {"code": code, "name": code, "kind": kind, "one": one, **more}


@tagged("post_install", "-at_install", "cs_promotion")
class TestSayingsOfDesks(SayingsCase):
    def _violate(self, *days, code="saying_rude"):
        return [{"date": day, "type": code, "severity": "minor", "fine": 0} for day in days]

    def _offence(self, points):
        given = {"type": "saying_rude", "name": "Rude", "severity": "minor"}
        return {**given, "points": points, "fine_method": "none"}

    def _others(self, found, name):
        return [(each["date"], each["rule"]) for each in found[name].get("others", ())]

    def _changes(self, found, name):
        return [(each["date"], each["rule"]) for each in found[name]["changes"]]

    def test_few_ratings_and_a_critical_mistake_concern_their_item_alone(self):
        """Fewer than five ratings are left out; a critical mistake leaves no point for quality."""
        items = [
            {"name": "Ratings", "metric": "saying_satisfied", "maximum": 40},
            {"name": "Quality", "metric": "saying_quality", "maximum": 60},
        ]
        measured = {"source": "measured", "percent": True, "missing": "left_out"}
        items = [{**each, **measured} for each in items]
        package = {
            "scales": [
                bands("saying_enough", (">=", 5, 1)),
                bands("saying_no_mistake", ("=", 0, 1)),
            ],
            "metrics": [
                {"code": code, "name": code}
                for code in ("saying_good", "saying_all", "saying_audits", "saying_critical")
            ]
            + [
                made("saying_many", "scaled", "saying_all", scale="saying_enough"),
                made("saying_rated", "product", "saying_all", other="saying_many"),
                made(
                    "saying_satisfied", "ratio", "saying_good", other="saying_rated", percent=True
                ),
                made("saying_right", "scaled", "saying_critical", scale="saying_no_mistake"),
                made("saying_quality", "product", "saying_audits", other="saying_right"),
            ],
            "form": {"name": "Month", "sections": [{"code": "A", "name": "A", "items": items}]},
        }
        people = {"MANY": (4, 5, 80, 0), "FEW": (1, 4, 80, 0), "WRONG": (5, 5, 95, 1)}
        codes = ("saying_good", "saying_all", "saying_audits", "saying_critical")
        found = self._play(
            package,
            {
                name: {
                    "tier": "saying_agent",
                    "months": {
                        "2026-01": {
                            "superior": [],
                            "figures": dict(zip(codes, values, strict=True)),
                        }
                    },
                }
                for name, values in people.items()
            },
        )
        scores = {name: each["months"]["2026-01"]["score"] for name, each in found.items()}
        self.assertEqual(scores, {"MANY": 80, "FEW": 80, "WRONG": 40})

    def test_newcomers_are_ranked_apart(self):
        """Of the first three months the form is another one, and so are the ranks."""
        forms = [
            {"tenure": "1, 2", "form": {**PACKAGE["form"], "name": "Newcomer"}},
            {"tenure": "1*", "form": {**PACKAGE["form"], "name": "Regular"}},
        ]
        package = {
            "settings": PACKAGE["settings"] | {"rank_by_form": True, "rank_least": 2},
            "forms": forms,
        }
        people = {
            "OLD": self._agent(*[70] * 5),
            "ELDER": self._agent(*[80] * 5),
            "NEW": self._agent(*[90] * 5) | {"hired": "2026-01-01"},
        }
        found = self._play(package, people, last="2026-05")
        ranks = [found["NEW"]["months"][f"2026-{month:02}"].get("rank") for month in range(1, 6)]
        self.assertEqual(ranks, [None, None, None, 1, 1])  # three months are complete on 1 April
        ranks = [found["OLD"]["months"][f"2026-{month:02}"].get("rank") for month in range(1, 6)]
        self.assertEqual(ranks, [2, 2, 2, 3, 3])

    def test_the_best_fifth_the_last_tenth_and_all_others(self):
        classes = [
            {"code": "A", "name": "A", "share": 20},
            {"code": "B", "name": "B", "given_by": "rest"},
            {"code": "C", "name": "C", "share": 10},
        ]
        settings = PACKAGE["settings"] | {"class_rounding": "half_up"}
        scores = {"AN": 90, "BO": 80, "CY": 70, "DI": 60, "ED": 50}
        found = self._play(
            {"settings": settings, "classes": classes},
            {name: self._agent(score) for name, score in scores.items()},
        )
        given = [each["months"]["2026-01"]["class"] for each in found.values()]
        self.assertEqual("".join(given), "ABBBC")

    def test_points_of_classes_since_the_last_step(self):
        """Three for S, one for B, one less for C: six since the step lead up, and begin anew."""
        package = {
            "ladder": [LADDER[0], SENIOR, {"tier": "saying_top", "name": "Top"}],
            "classes": [
                {"code": code, "name": code, "given_by": "score", "score": score}
                for code, score in (("S", 90), ("B", 60), ("C", 0))
            ],
            "scales": [bands("saying_points", ("=", 1, 3), ("=", 2, 1), rest=-1)],
            "metrics": [made("saying_collected", "scaled", "month_class", scale="saying_points")],
            "rules": [
                rule(
                    f"up_{tier}",
                    "promote",
                    asks("saying_collected", ">=", 6, window="tier", reading="sum"),
                    tier=tier,
                )
                for tier in ("saying_agent", "saying_senior")
            ],
        }
        people = {
            "AN": self._agent(95, 50, 95, 70, 95, 70, 70, 70),
            "BO": self._agent(*[70] * 5, 50, 70, 70),
        }
        found = self._play(package, people, last="2026-08")
        # 3 - 1 + 3 + 1, then 3 + 1 + 1 + 1
        self.assertEqual(
            self._changes(found, "AN"),
            [("2026-05-01", "up_saying_agent"), ("2026-09-01", "up_saying_senior")],
        )
        self.assertEqual(self._changes(found, "BO"), [("2026-09-01", "up_saying_agent")])

    def test_at_most_one_bad_month_within_six(self):
        package = {
            "ladder": [LADDER[0], SENIOR],
            "classes": [
                {"code": code, "name": code, "given_by": "score", "score": score}
                for code, score in (("B", 60), ("C", 0))
            ],
            "scales": [bands("saying_c", ("=", 2, 1))],
            "metrics": [made("saying_bad", "scaled", "month_class", scale="saying_c")],
            "rules": [
                rule(
                    "up",
                    "promote",
                    asks("saying_bad", "<=", 1, window="last_months", months=6, reading="sum"),
                    examined_in="6, 7",
                )
            ],
        }
        people = {
            "ONE": self._agent(80, 50, 80, 80, 80, 80, 80),
            "TWO": self._agent(50, 50, 80, 80, 80, 80, 80),
        }
        found = self._play(package, people, last="2026-07")
        self.assertEqual(self._changes(found, "ONE"), [("2026-07-01", "up")])
        self.assertEqual(self._changes(found, "TWO"), [("2026-08-01", "up")])

    def test_a_quarters_bonus_halved_by_its_points(self):
        """A quarter without any has none, and is paid in full."""
        points = made("saying_points", "period", "violation_points", grain="quarter", gather="sum")
        package = {
            "offences": [self._offence(2)],
            "scales": [bands("saying_halved", ("<", 6, 1), rest=0.5)],
            "metrics": [points],
            "pay_items": [
                {
                    "code": "BONUS",
                    "name": "Bonus",
                    "months": "3",
                    "amounts": [{"amount": 900}],
                    "factors": [
                        {"kind": "metric", "metric": "saying_points", "scale": "saying_halved"}
                    ],
                }
            ],
        }
        agent = self._agent(80, 80, 80)
        found = self._play(
            package,
            {
                "CLEAN": agent,
                "TWICE": agent | {"violations": self._violate("2026-01-05", "2026-03-31")},
                "OFTEN": agent
                | {"violations": self._violate("2026-01-05", "2026-02-05", "2026-03-31")},
            },
            "2026-03",
        )
        paid = self._paid(found, "BONUS", "2026-03")
        self.assertEqual(paid, {"CLEAN": 900, "TWICE": 900, "OFTEN": 450})

    def test_warnings_in_turn_by_points_that_lapse(self):
        """At four points of six months a first warning, at six a second, at ten a review."""
        points = {"window": "last_months", "months": 6}
        package = {
            "settings": PACKAGE["settings"] | {"repeat_violations": 99},
            "offences": [self._offence(2)],
            "rules": [
                rule(
                    "first",
                    "warning",
                    asks("violation_points", ">=", 4, **points),
                    asks("warnings", "=", 0, **points),
                ),
                rule(
                    "second",
                    "warning",
                    asks("violation_points", ">=", 6, **points),
                    asks("warnings", "=", 1, **points),
                ),
                rule("over", "dismissal_review", asks("violation_points", ">=", 10, **points)),
            ],
        }
        days = {
            "AN": ("2026-01-05", "2026-01-06", "2026-02-03"),
            "BO": ("2026-01-05", "2026-07-06"),
            "CY": [f"2026-01-{day:02}" for day in range(5, 10)],
        }
        people = {
            name: self._agent(*[80] * 7) | {"violations": self._violate(*ours)}
            for name, ours in days.items()
        }
        found = self._play(package, people, last="2026-07")
        self.assertEqual(
            self._others(found, "AN"), [("2026-02-01", "first"), ("2026-03-01", "second")]
        )
        self.assertEqual(self._others(found, "BO"), [])
        self.assertEqual(found["CY"]["reviews"], [{"date": "2026-02-01", "rule": "over"}])

    def test_a_probation_is_extended_once(self):
        """The mean of the first three months decides, or else that of the first four."""

        def mean(count, operator):
            given = {"window": "first_months", "months": count, "reading": "mean"}
            tenure = asks("tenure_months", "=", count)
            return tenure, asks("month_score", operator, 70, **given)

        package = {
            "ladder": [LADDER[0], SENIOR],
            "rules": [
                rule("three", "promote", *mean(3, ">=")),
                rule("four", "promote", *mean(4, ">=")),
                rule("failed", "dismissal_review", *mean(4, "<")),
            ],
        }
        scores = {"AN": (60, 70, 80, 80), "BO": (60, 60, 80, 80), "CY": (60, 60, 60, 80)}
        people = {
            name: self._agent(*ours) | {"hired": "2026-01-01"} for name, ours in scores.items()
        }
        found = self._play(package, people, last="2026-05")
        self.assertEqual(self._changes(found, "AN"), [("2026-04-01", "three")])
        self.assertEqual(self._changes(found, "BO"), [("2026-05-01", "four")])
        self.assertEqual(found["CY"]["reviews"], [{"date": "2026-05-01", "rule": "failed"}])

    def test_a_prize_is_split_by_those_in_the_first_place(self):
        package = {
            "settings": PACKAGE["settings"] | {"rank_within": "company"},
            "scales": [bands("saying_first", ("=", 1, 1))],
            "metrics": [
                {"code": "saying_prize", "name": "Prize", "subject": "company"},
                made("saying_is_first", "scaled", "month_rank", scale="saying_first"),
            ],
            "pay_items": [
                {
                    "code": "PRIZE",
                    "name": "Prize",
                    "of": "pool",
                    "metric": "saying_prize",
                    "share_by": "saying_is_first",
                    "amounts": [{"amount": 1}],
                }
            ],
        }
        people = {"AN": self._agent(90), "BO": self._agent(90), "CY": self._agent(80)}
        prize = {"company": {"2026-01": {"saying_prize": 300}}}
        found = self._play(package, people, figures=prize)
        self.assertEqual(self._paid(found, "PRIZE"), {"AN": 150, "BO": 150, "CY": 0})

    def test_lateness_from_the_third_time_on_and_a_campaign(self):
        """A rate below nought is taken like an amount below nought."""
        third = [{"bound": 0, "value": 0}, {"bound": 2, "value": -50}]
        item = {"of": "metric", "metric": "saying_late"}
        package = {
            "scales": [{"code": "saying_third", "name": "3", "mode": "marginal", "steps": third}],
            "metrics": [
                {"code": "saying_late", "name": "Late"},
                {"code": "saying_campaign", "name": "Campaign", "subject": "company"},
            ],
            "pay_items": [
                {"code": "LATE", "name": "Late", "scale": "saying_third", **item},
                {
                    "code": "SALES",
                    "name": "Commission",
                    "of": "metric",
                    "metric": "sales",
                    "percent": True,
                    "amounts": [{"amount": 1}],
                    "factors": [{"kind": "metric", "metric": "saying_campaign"}],
                },
            ],
        }
        people = {"AN": self._agent(80, 80, saying_late=2), "BO": self._agent(80, saying_late=5)}
        for month in people["AN"]["months"].values():
            month["sales"] = 10000
        campaign = {"2026-01": {"saying_campaign": 1}, "2026-02": {"saying_campaign": "1.5"}}
        found = self._play(package, people, last="2026-02", figures={"company": campaign})
        self.assertEqual(self._paid(found, "LATE"), {"AN": 0, "BO": -150})
        self.assertEqual(self._paid(found, "GROSS")["BO"], 2850)
        sales = [self._paid(found, "SALES", month)["AN"] for month in ("2026-01", "2026-02")]
        self.assertEqual(sales, [100, 150])

    def test_pay_by_the_violations_of_the_month(self):
        """30 off for each, 200 for a month without any: how many there were is one number."""
        package = {
            "settings": PACKAGE["settings"] | {"repeat_violations": 99},
            "offences": [self._offence(1)],
            "metrics": [
                {
                    "code": "saying_rude_days",
                    "name": "Rude",
                    "kind": "violations",
                    "grain": "event",
                    "gather": "count",
                    "types": ["saying_rude"],
                },
                made("saying_rude_month", "period", "saying_rude_days", gather="count"),
            ],
            "pay_items": [
                {
                    "code": "RUDE",
                    "name": "Rude",
                    "of": "metric",
                    "metric": "saying_rude_month",
                    "amounts": [{"amount": -30}],
                },
                {
                    "code": "POLITE",
                    "name": "Polite",
                    "amounts": [{"amount": 200}],
                    "provisos": [asks("saying_rude_month", "=", 0)],
                },
            ],
        }
        rude = self._violate("2026-01-06", "2026-01-07", "2026-01-09")
        people = {"AN": self._agent(80, 80) | {"violations": rude}, "BO": self._agent(80, 80)}
        found = self._play(package, people, last="2026-02")
        self.assertEqual(self._paid(found, "RUDE"), {"AN": -90, "BO": 0})
        self.assertEqual(self._paid(found, "POLITE"), {"AN": 0, "BO": 200})
        self.assertEqual(self._paid(found, "POLITE", "2026-02"), {"AN": 200, "BO": 200})

    def test_a_title_and_a_plan_are_paid_by_what_was_then(self):
        """The title is of the month that is closed; a bonus that a plan held back is not paid
        when the plan is passed."""
        package = {
            "rules": [
                rule("best", "award", asks("month_score", ">=", 90)),
                rule("plan", "plan", asks("month_score", "<", 60), plan_months=1),
                rule("kept", "keep", asks("month_score", ">=", 60), during="plan"),
            ],
            "pay_items": [
                {
                    "code": "TITLE",
                    "name": "Title",
                    "of": "metric",
                    "metric": "awards",
                    "amounts": [{"amount": 500}],
                },
                {
                    "code": "BONUS",
                    "name": "Bonus",
                    "amounts": [{"amount": 300}],
                    "provisos": [asks("plan_months", "<", 1)],
                },
            ],
        }
        people = {"AN": self._agent(50, 80, 80, 80), "BO": self._agent(80, 95, 80, 80)}
        found = self._play(package, people, last="2026-04")
        months = [f"2026-{number:02}" for number in range(1, 5)]
        bonus = [self._paid(found, "BONUS", month)["AN"] for month in months]
        self.assertEqual(bonus, [300, 0, 300, 300])
        settled = [self._paid(found, "ARREARS_BONUS", month)["AN"] for month in months]
        self.assertEqual(settled, [0, 0, 0, 0])
        title = [
            self._paid(found, code, month)["BO"]
            for month in months
            for code in ("TITLE", "ARREARS_TITLE")
        ]
        # announced on the day after the month: it is settled with the next payslip
        self.assertEqual(title, [0, 0, 0, 0, 0, 500, 0, 0])

    def test_half_at_once_and_half_six_months_later(self):
        """And 500 on completing six months of service."""
        item = {"name": "Referral", "of": "metric", "metric": "saying_referred"}
        half = [{"amount": 400}]
        package = {
            "scales": [bands("saying_stay", ("=", 6, 500))],
            "metrics": [{"code": "saying_referred", "name": "Referred"}],
            "pay_items": [
                {"code": "REFER", **item, "amounts": half},
                {"code": "REFER_LATER", **item, "amounts": half, "later": 6},
                {
                    "code": "STAY",
                    "name": "Stayed",
                    "of": "metric",
                    "metric": "tenure_months",
                    "scale": "saying_stay",
                },
            ],
        }
        agent = self._agent(80, saying_referred=2) | {"hired": "2025-11-10"}
        found = self._play(package, {"AN": agent}, last="2026-07")
        paid = {
            month: tuple(pay.get(code, 0) for code in ("REFER", "REFER_LATER", "STAY"))
            for month, pay in found["AN"]["payslips"].items()
        }
        self.assertEqual(paid["2026-01"], (800, 0, 0))
        self.assertEqual(paid["2026-05"], (0, 0, 500))
        self.assertEqual(paid["2026-07"], (0, 800, 0))
        self.assertEqual(sum(map(sum, paid.values())), 2100)
