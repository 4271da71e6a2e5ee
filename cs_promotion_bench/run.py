"""Running the bench: fresh databases, every stage beside its yardstick, how it grows."""

import shutil
from collections import defaultdict
from contextlib import closing
from functools import partial
from statistics import median
from typing import NamedTuple

from odoo import sql_db
from odoo.modules.registry import Registry
from odoo.service import db as databases
from odoo.tools import SQL, config

from .measure import Measured, in_process, repeated
from .pages import Pages
from .stage import Case

FEW = 20  # agents of the company whose pages are the yardstick
PAGE_ROUNDS, PAGE_REPEATS = 3, 12
TABLES = (
    "hr_employee",
    "cs_appraisal",
    "cs_appraisal_sheet",
    "cs_appraisal_sheet_line",
    "cs_decision",
    "cs_violation",
    "cs_figure",
    "cs_measure",
    "hr_version",
    "hr_payslip",
    "hr_payslip_line",
    "cs_pay_difference",
    "cs_settlement",
)


class Company(NamedTuple):
    """A company of the bench, alone in its database."""

    database: str
    count: int  # agents that are drawn
    times: int = 1  # how often these are repeated


class Bench:
    """Measures companies of several sizes, each in a copy of the same database.

    :param template: a database with the addons installed and nothing else
    :param month: first day of the month that is measured
    :param tell: function that shows what is being done
    :param preset: :class:`~.presets.Preset`
    """

    def __init__(self, template, month, tell, preset):
        self.template = template
        self.month = month
        self.tell = tell
        self.preset = preset
        self.made = []

    def measure(self, count, sizes):
        """All stages and pages with so many agents, and with several times as many.

        A machine is quicker in one minute than in another, so the companies take turns: each
        stage is measured in all of them before the next one.

        :param sizes: how many times as many; yardsticks that take minutes are measured beside the
            first alone
        :return: for each of ``sizes``: stage -> dict of seconds, yardstick_seconds, ratio,
            queries, peak_mb; and the same for each page
        """
        Registry(self.template)  # imports the addons, once for all processes
        Registry.delete(self.template)
        companies = [self._make_company(str(size * count), count, size) for size in sizes]
        few = [self._make_company("few", FEW)] if self.preset.has_pages else []
        stages = [{} for _size in sizes]
        for stage in (kind() for kind in self.preset.stages):
            self.tell(stage.title)
            for company in (*companies, *few):
                self._in_case(company, stage.prepare, keep=True)
                self._analyze(company.database)
            for rows, row in zip(stages, self._measure_stage(companies, stage), strict=True):
                rows[stage.name] = row
            if stage.beside:
                set_beside(stages[0], stage)
            for company in (*companies, *few):
                self._in_case(company, stage.run, keep=True)
            self._in_case(companies[0], stage.check)
        if not few:
            return [(rows, {}) for rows in stages]
        self.tell("Load the pages")
        *pages, yardstick = self._measure_pages([*companies, *few])
        return [
            add_pages(rows, loads, yardstick) for rows, loads in zip(stages, pages, strict=True)
        ]

    def drop(self):
        """Drop the databases that were made."""
        for database in self.made:
            drop_database(database)

    def _make_company(self, suffix, count, times=1):
        company = Company(f"{self.template}_{suffix}", count, times)
        self.tell(f"{times * count} agents: a fresh database")
        drop_database(company.database)  # what an earlier run may have left
        databases.exp_duplicate_database(self.template, company.database)
        self.made.append(company.database)

        def tell(text):
            self.tell(f"{times * count} agents: {text}")

        def make(env):
            self.preset.history.make(env, self.month, count, times, tell, env.cr.commit)

        in_process(company.database, make, keep=True)
        return company

    def _measure_stage(self, companies, stage):
        """The row of each company, with the yardstick where it is measured."""
        first = companies[0]

        def has_yardstick(company):
            return not stage.beside and (company == first or stage.has_quick_yardstick)

        def run(beside, case):
            look = (partial(stage.result, case),) if beside else ()
            return self._repeat(case, partial(stage.run, case), *look, times=stage.repeats)

        def run_yardstick(case):
            works = stage.get_yardstick(case), partial(stage.result, case)
            return self._repeat(case, *works, times=stage.repeats)

        own, yardsticks = defaultdict(list), defaultdict(list)
        for _round in range(stage.rounds):
            for company in companies:
                beside = has_yardstick(company)
                measured, result = self._in_case(company, partial(run, beside))
                own[company].append(measured)
                if beside:
                    measured, other = self._in_case(company, run_yardstick)
                    yardsticks[company].append(measured)
                    stage.compare(result, other)
        return [
            get_row(
                get_middle(own[company]),
                get_middle(yardsticks[company]) if has_yardstick(company) else None,
            )
            for company in companies
        ]

    def _measure_pages(self, companies):
        """For each company: name of each page -> what it took to load it."""
        for company in companies:
            self._in_case(company, lambda case: Pages(case).prepare(), keep=True)
            self._analyze(company.database)

        def load(case):
            return {
                name: self._repeat(case, load, times=PAGE_REPEATS)[0]
                for name, load in Pages(case).loads.items()
            }

        rounds = [
            [self._in_case(company, load) for company in companies] for _round in range(PAGE_ROUNDS)
        ]
        return [
            {name: get_middle([loads[name] for loads in turns]) for name in turns[0]}
            for turns in zip(*rounds, strict=True)
        ]

    @staticmethod
    def _repeat(case, *works, **options):
        """Repeat work, each time in a transaction of its own; what it needs is there for good."""
        case.env.cr.commit()
        return repeated(case.env, *works, renew=case.env.cr.rollback, **options)

    def _in_case(self, company, work, keep=False):
        def run(env):
            kind = self.preset.history
            return work(Case(env, self.month, company.count, company.times, kind))

        return in_process(company.database, run, keep)

    def _analyze(self, database):
        """No stage has to clean up after another, and the planner knows what there is."""
        for table in TABLES:
            execute_alone(database, SQL("VACUUM ANALYZE %s", SQL.identifier(table)))


def execute_alone(database, statement):
    """Execute a statement that PostgreSQL allows outside of transactions only."""
    with closing(sql_db.db_connect(database).cursor()) as cr:
        cr._cnx.autocommit = True
        cr.execute(statement)


def drop_database(database):
    """Drop a database, if it exists, with its files."""
    Registry.delete(database)
    sql_db.close_db(database)
    statement = SQL("DROP DATABASE IF EXISTS %s WITH (FORCE)", SQL.identifier(database))
    execute_alone("postgres", statement)
    shutil.rmtree(config.filestore(database), ignore_errors=True)


def get_middle(turns):
    """The median of what several turns took; the memory of the one that took most."""
    peak_mb = max(each.peak_mb for each in turns)
    return turns[0]._replace(seconds=median(each.seconds for each in turns), peak_mb=peak_mb)


def add_up(parts):
    """What several pieces of work took together."""
    seconds, queries, peaks = zip(*parts, strict=True)
    return Measured(sum(seconds), sum(queries), max(peaks))


def add_pages(stages, pages, few):
    """The rows of all stages, with all pages together as the last one; and a row for each page.

    :param few: the same pages with few agents
    """
    rows = {name: get_row(own, few[name]) for name, own in pages.items()}
    return {**stages, "pages": get_row(add_up(pages.values()), add_up(few.values()))}, rows


def get_row(own, yardstick=None):
    """What is told of a stage or page; without a yardstick, of itself alone."""
    row = {
        "seconds": round(own.seconds, 4),
        "yardstick_seconds": None,
        "ratio": None,
        "queries": own.queries,
        "peak_mb": round(own.peak_mb, 1),
    }
    if yardstick:
        row["yardstick_seconds"] = round(yardstick.seconds, 4)
        row["ratio"] = round(own.seconds / yardstick.seconds, 2)
    return row


def set_beside(rows, stage):
    """The row of a stage whose yardstick is an earlier one."""
    row, seconds = rows[stage.name], rows[stage.beside]["seconds"]
    row["yardstick_seconds"] = seconds
    row["ratio"] = round(row["seconds"] / seconds, 2)


def get_growth(first, *others):
    """Stage -> how many times as long it took with more agents, for each of ``others``."""
    return {
        name: [round(other[name]["seconds"] / row["seconds"], 2) for other in others]
        for name, row in first.items()
    }
