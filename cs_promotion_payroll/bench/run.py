"""Running the bench: fresh databases, every stage beside its yardstick, how it grows."""

import shutil
from contextlib import closing

from odoo import sql_db
from odoo.modules.registry import Registry
from odoo.service import db as databases
from odoo.tools import SQL, config

from .history import History
from .measure import Measured, in_process, repeated
from .pages import Pages
from .stages import STAGES, Case

FEW = 20  # agents of the company whose pages are the yardstick
TABLES = (
    "cs_appraisal",
    "cs_appraisal_sheet",
    "cs_appraisal_sheet_line",
    "cs_decision",
    "cs_violation",
    "cs_figure",
    "hr_version",
    "hr_payslip",
    "hr_payslip_line",
)


class Bench:
    """Measures companies of several sizes, each in a copy of the same database.

    :param template: a database with the addons installed and nothing else
    :param month: first day of the month that is measured
    :param tell: function that shows what is being done
    """

    def __init__(self, template, month, tell):
        self.template = template
        self.month = month
        self.tell = tell
        self.made = []

    def measure(self, count, yardsticks=True):
        """All stages and pages with ``count`` agents.

        :return: stage -> dict of seconds, yardstick_seconds, ratio, queries, peak_mb; and the
            same for each page
        """
        database = self._make_database(count)
        stages = {
            stage.name: self._measure_stage(database, count, stage, yardsticks)
            for stage in (kind() for kind in STAGES)
        }
        pages = self._load_pages(database, count)
        few = {}
        if yardsticks:
            few = self._load_pages(self._make_database(FEW), FEW, through=True)
        rows = {
            name: get_row(own, few[name].seconds if few else None) for name, own in pages.items()
        }
        seconds = sum(each.seconds for each in few.values()) if few else None
        stages["pages"] = get_row(add_up(pages.values()), seconds)
        return stages, rows

    def drop(self):
        """Drop the databases that were made."""
        for database in self.made:
            drop_database(database)

    def _make_database(self, count):
        database = f"{self.template}_{count}"
        self.tell(f"{count} agents: a fresh database")
        Registry.delete_all()  # no company's peak of memory has another one's in it
        drop_database(database)  # what an earlier run may have left
        databases.exp_duplicate_database(self.template, database)
        self.made.append(database)

        def tell(text):
            self.tell(f"{count} agents: {text}")

        def make(env):
            History.make(env, self.month, count, tell, env.cr.commit)

        in_process(database, make, keep=True)
        return database

    def _measure_stage(self, database, count, stage, yardsticks):
        self.tell(f"{count} agents: {stage.title.lower()}")
        self._in_case(database, count, stage.prepare, keep=True)
        self._analyze(database)

        def run(case):
            return self._repeat(case, lambda: stage.run(case), lambda: stage.result(case))

        def run_yardstick(case):
            work = stage.get_yardstick(case)
            return self._repeat(case, work, lambda: stage.result(case))

        own, result = self._in_case(database, count, run)
        yardstick_seconds = []
        if yardsticks:
            yardstick, other = self._in_case(database, count, run_yardstick)
            stage.compare(result, other)
            again = self._in_case(database, count, run_yardstick)[0]
            yardstick_seconds = [yardstick.seconds, again.seconds]
        again = self._in_case(database, count, run)[0]  # the other way round
        own = own._replace(seconds=min(own.seconds, again.seconds))
        self._in_case(database, count, stage.run, keep=True)
        if yardsticks:
            self._in_case(database, count, stage.check)
        return get_row(own, min(yardstick_seconds, default=None))

    @staticmethod
    def _repeat(case, *works):
        """Repeat work, each time in a transaction of its own; what it needs is there for good."""
        case.env.cr.commit()
        return repeated(case.env, *works, renew=case.env.cr.rollback)

    def _load_pages(self, database, count, through=False):
        """Name of each page -> what it took to load it.

        :param through: go through all stages first
        """
        self.tell(f"{count} agents: load the pages")

        def load(case):
            for stage in (kind() for kind in STAGES[:-1] if through):
                stage.prepare(case)
                stage.run(case)
            pages = Pages(case)
            return {name: self._repeat(case, load)[0] for name, load in pages.loads.items()}

        self._analyze(database)
        return self._in_case(database, count, load)

    def _in_case(self, database, count, work, keep=False):
        return in_process(database, lambda env: work(Case(env, self.month, count)), keep)

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


def add_up(parts):
    """What several pieces of work took together."""
    seconds, queries, peaks = zip(*parts, strict=True)
    return Measured(sum(seconds), sum(queries), max(peaks))


def get_row(own, yardstick_seconds=None):
    """What is told of a stage or page; without a yardstick, of itself alone."""
    row = {
        "seconds": round(own.seconds, 4),
        "yardstick_seconds": None,
        "ratio": None,
        "queries": own.queries,
        "peak_mb": round(own.peak_mb, 1),
    }
    if yardstick_seconds is not None:
        row["yardstick_seconds"] = round(yardstick_seconds, 4)
        row["ratio"] = round(own.seconds / yardstick_seconds, 2)
    return row


def get_growth(first, *others):
    """Stage -> how many times as long it took with more agents, for each of ``others``."""
    return {
        name: [round(other[name]["seconds"] / row["seconds"], 2) for other in others]
        for name, row in first.items()
    }
