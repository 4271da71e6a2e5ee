"""Measuring: time, queries and memory of a piece of work, undone again or kept."""

import os
import pickle
import re
import sys
import traceback
from contextlib import closing, contextmanager
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import NamedTuple

from odoo import SUPERUSER_ID, api, sql_db
from odoo.modules.registry import Registry

REPEATS = 2  # the first run warms the caches


class Measured(NamedTuple):
    """What a piece of work took."""

    seconds: float
    queries: int
    peak_mb: float


@contextmanager
def undone(env):
    """Whatever happens within is undone, and nothing stays in the cache."""
    env.flush_all()
    with closing(env.cr.savepoint()):
        yield
        env.flush_all()
    env.invalidate_all(flush=False)


def timed(env, work):
    """Do some work with an empty cache, and write it down."""
    env.flush_all()
    env.invalidate_all()
    before, start = env.cr.sql_log_count, perf_counter()
    work()
    env.flush_all()
    return perf_counter() - start, env.cr.sql_log_count - before


def repeated(env, work, look=lambda: None, times=REPEATS, renew=lambda: None):
    """Repeat work, each time undone; the first run of several is left out.

    :param look: function that tells what the work left behind, before it is undone
    :param renew: function that begins another transaction: in the same one PostgreSQL keeps what
        was undone, and every run would find fuller pages than the one before
    :return: what it took (the median of the seconds), and what ``look`` returned
    """
    runs, peak = [], 0.0
    for _time in range(times):
        with undone(env):
            reset_peak()
            runs.append(timed(env, work))
            peak = max(peak, read_peak())
            seen = look()
        renew()
    warm = runs[1:] or runs
    return Measured(median(seconds for seconds, _queries in warm), warm[-1][1], peak), seen


def reset_peak():
    """Let the kernel begin anew with the peak of this process's memory."""
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")


def read_peak():
    """Peak of this process's memory in MB since it was reset."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(re.search(r"VmHWM:\s+(\d+)", status)[1]) / 1024


def in_process(database, work, keep=False):
    """Do ``work(env)`` in a process and transaction of its own; return what it returns.

    Memory taken by one stage is none of the next one's peak.

    :param keep: whether what is done is committed
    """
    sql_db.close_all()
    reader, writer = os.pipe()
    child = os.fork()
    if not child:
        os.close(reader)
        _work_in_child(database, work, keep, writer)
    os.close(writer)
    with os.fdopen(reader, "rb") as file:
        content = file.read()
    _child, status = os.waitpid(child, 0)
    if status:
        raise ChildProcessError(f"a measurement in {database} failed")
    return pickle.loads(content)


def _work_in_child(database, work, keep, writer):
    """Do the work, send what it returns, and end this process."""
    status = 1
    try:
        with Registry(database).cursor() as cr:
            result = work(api.Environment(cr, SUPERUSER_ID, {"lang": "en_US"}))
            if not keep:
                cr.rollback()
        with os.fdopen(writer, "wb") as file:
            pickle.dump(result, file)
        status = 0
    except Exception:  # noqa: BLE001 - the parent tells that it failed
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(status)
