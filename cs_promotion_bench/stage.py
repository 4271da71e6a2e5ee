"""What a stage of a month's end is, and how two results of it are compared."""

from odoo.tools import SQL

from odoo.addons.cs_promotion.engine.calendar import day_after, quarter_start

from .history import History
from .measure import REPEATS

ROUNDS = 5  # all companies are measured in turn, so many times
SHOWN = 5  # rows that a difference names
LOG = {"id", "create_uid", "create_date", "write_uid", "write_date", "last_modified_date"}


class Disagreement(Exception):
    """A stage and its yardstick do not give the same result."""


class Case:
    """The bench's company in one transaction, and the month that is measured.

    :param kind: class of its history
    """

    def __init__(self, env, month, count, times=1, kind=History):
        self.history = kind(env, month, count, times)
        self.env = self.history.env
        self.company = self.history.company
        self.month = month
        self.cycle = self.history.find_cycle(month)
        self.quarter = self.env["cs.cycle"]._get_or_create(
            self.company, "quarter", quarter_start(month)
        )
        self.effective = day_after(self.cycle.date_end)

    @property
    def agents(self):
        return self.cycle.appraisal_ids.employee_id

    def query(self, statement, **values):
        """All rows of a query, with what is cached written first."""
        self.env.flush_all()
        return self.env.execute_query(SQL(statement, **values))

    def digest(self, table, where, without=(), joined=""):
        """Number of rows and a checksum of their content, whatever their ids and order.

        :param without: columns that are left out, besides ids and log
        :param joined: SQL of further columns, for what ids of new rows stand for
        """
        columns = self.query(
            """
            SELECT column_name, data_type = 'numeric' FROM information_schema.columns
             WHERE table_schema = 'public' AND table_name = %(table)s ORDER BY column_name
            """,
            table=table,
        )
        names = [
            f"trim_scale(own.{name})" if numeric else f"own.{name}"
            for name, numeric in columns
            if name not in LOG | set(without)
        ]
        content = ", ".join([*names, *filter(None, [joined])])
        return self.query(
            f"""
            SELECT COUNT(*), md5(string_agg(content::text, ';' ORDER BY content))
              FROM (SELECT {content} FROM {table} own WHERE {where}) content
            """,
            cycle=self.cycle.id,
            quarter=self.quarter.id,
            company=self.company.id,
        )[0]


class Stage:
    """One stage: the addons' own way in ``run``, the yardstick's in ``measure``."""

    name = title = None
    rounds = ROUNDS
    repeats = REPEATS  # in a round
    beside = None  # name of an earlier stage that is the yardstick
    has_quick_yardstick = False  # it is measured with every number of agents, not the fewest alone

    def prepare(self, case):
        """What has to be there before both."""

    def run(self, case):
        """The stage as the addons do it."""
        raise NotImplementedError

    def get_yardstick(self, case):
        """The same work by the yardstick, as a function; what it needs is made ready here."""
        raise NotImplementedError

    def result(self, case):
        """What both leave behind: a comparable value for each thing that is compared."""
        raise NotImplementedError

    def compare(self, own, yardstick):
        """Refuse results that differ, naming what does."""
        for key in own:
            if own[key] != yardstick[key]:
                ours, theirs = show_difference(own[key], yardstick[key])
                raise Disagreement(
                    f"{self.name}: {key} differ: {ours} by the addons, {theirs} by the yardstick"
                )

    def check(self, case):
        """Further checks of what the addons leave behind."""


def show_difference(one, other):
    """What only one of two values has, in short."""
    if not isinstance(one, list):
        return one, other
    found = []
    for rows, others in ((one, other), (other, one)):
        known = set(map(str, others))
        found.append([row for row in rows if str(row) not in known][:SHOWN])
    return found
