"""The example's year, worked out by hand: facts, a calculation with nothing of the product in
it. What it comes to stands in example_year.csv, and in docs/example_china.md with the way to it."""

import csv
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from pathlib import Path

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
# Monday to Friday; the example's calendar has no holidays
WORKING = (23, 20, 21, 22, 22, 21, 23, 21, 22, 23, 20, 23)
# tier -> base wage, appraisal pay, commission in percent
PAY = {
    "probation": (4000, 300, "0"),
    "junior": (6000, 600, "0.5"),
    "intermediate": (9000, 1000, "1"),
    "senior": (22000, 3000, "1"),
}

COLUMNS = (
    "BASE",
    "APPRAISAL",
    "COMMISSION",
    "MEAL",
    "ARREARS",
    "GROSS",
    "SOCIAL_BASE",
    "HOUSING_BASE",
    "PENSION",
    "MEDICAL",
    "UNEMPLOYMENT",
    "HOUSING",
    "SPECIAL",
    "TAXABLE",
    "YEAR",
    "TAX",
    "FINE",
    "NET",
)

AGENTS = {
    # number of the month -> (tiers and days held, score, sales); what else happened
    "Chen Jing": {
        "months": {
            1: ((("probation", 9), ("junior", 22)), 80, 100000),
            2: ((("junior", 28),), 85, 120000),
            3: ((("junior", 31),), 90, 150000),
            4: ((("junior", 30),), 70, 160000),
            5: ((("junior", 31),), 92, 140000),
            6: ((("junior", 30),), 95, 180000),
            7: ((("intermediate", 31),), 91, 200000),
            8: ((("intermediate", 31),), 93, 220000),
            9: ((("intermediate", 30),), 86, 250000),
            10: ((("intermediate", 31),), 94, 210000),
            11: ((("intermediate", 30),), 98, 520000),
            12: ((("intermediate", 31),), 90, 300000),
        },
        "fines": {3: 2000},
        "unpaid": {5: 2},
        "special": dict.fromkeys(range(9, 13), 1000),
        # 600 at 88 instead of 70 points; 250,000 of sales were 180,000, at 1 %
        "arrears": {5: ("ARREARS_APPRAISAL", 108), 10: ("ARREARS_COMMISSION", -700)},
    },
    "Liu Yang": {
        "months": {
            3: ((("probation", 15),), 80, 0),
            **{number: ((("probation", DAYS[number - 1]),), 80, 0) for number in range(4, 13)},
        },
        "worked": {3: 11},  # from Monday, 17 March, on
    },
    "Sun Qiang": {
        "months": {
            number: ((("senior", DAYS[number - 1]),), 90, 300000) for number in range(3, 13)
        },
    },
}


def cents(value):
    """Half up to the cent, exactly."""
    exact = Fraction(value)
    sign = -1 if exact < 0 else 1
    return sign * Decimal(int(abs(exact) * 100 + Fraction(1, 2))) / 100


def percent(base, rate):
    return (base * Decimal(rate) / 100).quantize(Decimal("0.01"), ROUND_HALF_UP)


def tax_on(year):
    """The year's tax by the law's own reading: each part of the income at the rate of its
    bracket, no quick deductions."""
    limits = (0, 36000, 144000, 300000, 420000, 660000, 960000, 10**12)
    rates = (3, 10, 20, 25, 30, 35, 45)
    total = Decimal(0)
    for low, high, rate in zip(limits, limits[1:], rates, strict=False):
        total += max(Decimal(0), min(year, Decimal(high)) - low) * rate / 100
    return total


def work_out(agent):
    """Number of the month -> code -> amount, in the order of the table's columns."""
    rows, income, withheld, fines = {}, Decimal(0), Decimal(0), Decimal(0)
    first = min(agent["months"])
    for number, (held, score, sales) in agent["months"].items():
        days, unpaid = DAYS[number - 1], agent.get("unpaid", {}).get(number, 0)
        due = agent.get("worked", {}).get(number, WORKING[number - 1])
        row = dict.fromkeys(COLUMNS, Decimal(0))
        wage = sum(Fraction(PAY[tier][0] * each, days) for tier, each in held)
        row["BASE"] = cents(wage * (1 - Fraction(unpaid, due)))
        bonus = sum(Fraction(PAY[tier][1] * each, days) for tier, each in held)
        row["APPRAISAL"] = cents(bonus * score / 100)
        employed = sum(each for _tier, each in held)
        rate = sum(Fraction(PAY[tier][2]) * each for tier, each in held) / employed
        row["COMMISSION"] = cents(sales * rate / 100)
        row["MEAL"] = Decimal(15) * (due - unpaid)
        _code, row["ARREARS"] = agent.get("arrears", {}).get(number, ("", Decimal(0)))
        gross = row["GROSS"] = sum(row.values())
        social, housing = (4800, 24000), (3000, 24000)
        if number >= 7:
            social, housing = (5000, 25000), (3200, 25000)
        row["SOCIAL_BASE"] = min(max(gross, Decimal(social[0])), Decimal(social[1]))
        row["HOUSING_BASE"] = min(max(gross, Decimal(housing[0])), Decimal(housing[1]))
        for code, base, part in (
            ("PENSION", "SOCIAL_BASE", "8"),
            ("MEDICAL", "SOCIAL_BASE", "2"),
            ("UNEMPLOYMENT", "SOCIAL_BASE", "0.5"),
            ("HOUSING", "HOUSING_BASE", "7"),
        ):
            row[code] = -percent(row[base], part)
        insurance = sum(row[code] for code in ("PENSION", "MEDICAL", "UNEMPLOYMENT", "HOUSING"))
        row["SPECIAL"] = Decimal(agent.get("special", {}).get(number, 0))
        row["TAXABLE"] = gross + insurance - row["SPECIAL"]
        income += row["TAXABLE"]
        row["YEAR"] = income - 5000 * (number - first + 1)
        row["TAX"] = -max(Decimal(0), cents(tax_on(row["YEAR"]) - withheld))
        withheld -= row["TAX"]
        fines += agent.get("fines", {}).get(number, 0)
        row["FINE"] = -min(fines, percent(gross, 20))
        fines += row["FINE"]
        row["NET"] = gross + insurance + row["TAX"] + row["FINE"]
        rows[number] = row
    return rows


def read_expected():
    """Name of the agent -> number of the month -> code -> amount, as worked out by hand."""
    table = {}
    with Path(__file__).with_suffix(".csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            amounts = {code: Decimal(row[code]) for code in COLUMNS}
            table.setdefault(row["agent"], {})[MONTHS.index(row["month"]) + 1] = amounts
    return table


def format_row(number, row):
    """A row of the table, as the document prints it."""
    cells = [f"{row[code]:,.2f}" for code in COLUMNS]
    return f"| {' | '.join([MONTHS[number - 1], *cells])} |"
