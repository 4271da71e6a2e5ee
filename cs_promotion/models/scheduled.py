"""What the scheduled actions share: steps that commit, and survive a bad record."""

import logging

from odoo.exceptions import ConcurrencyError, LockError, UserError
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import html2plaintext, plaintext2html

_logger = logging.getLogger(__name__)

CONCURRENCY = (LockError, ConcurrencyError, *PG_CONCURRENCY_EXCEPTIONS_TO_RETRY)
BATCH = 500  # records between two commits; a request does no more than that by itself
JUDGED_AT_ONCE = 2000  # agents: few are decided about, and one query serves a batch, however large
COLLISIONS = 20  # times in a row that another worker may be faster before we leave it the rest


def take_step(records, step, note=None):
    """Take a step with all records and commit; if that fails, with one half after the other.

    One bad record does not stop the rest: what it did is rolled back and noted. A record that
    another worker holds is left to it, or to the next run.

    :param step: function of the records
    :param note: function of a record for which the step fails, and the message
    :return: the records for which the step failed
    """
    cron = records.env["ir.cron"]
    try:
        step(records)
        cron._commit_progress(len(records))
        return records.browse()
    except Exception as error:
        # all that this step did, which is no more than since the last commit
        records.env.cr.rollback()
        if len(records) == 1:
            if not isinstance(error, (UserError, *CONCURRENCY)):
                _logger.exception("%s: the scheduled action failed", records)
            if note and not isinstance(error, CONCURRENCY):
                _note_failure(records, note, str(error))
            # counted as done with: what failed is not tried again in this run
            cron._commit_progress(1)
            return records
    # the bad one is found in a few steps, where one by one would take all of them by themselves
    middle = len(records) // 2
    return take_step(records[:middle], step, note) | take_step(records[middle:], step, note)


def _note_failure(record, note, message):
    """Note why a step failed; where that fails, too, it is logged, and the rest goes on."""
    try:
        note(record, message)
        record.env.flush_all()
    except Exception:
        record.env.cr.rollback()
        _logger.exception("%s: could not note that %r", record, message)


def take_batch(waiting, step, note=None, size=None):
    """Take a step with as many of these as nobody else holds, and commit.

    :param waiting: the records that wait for the step
    :param step: as in :func:`take_batches`, as are ``note`` and ``size``
    :return: the records it was taken with, those of them for which it failed, and the seconds
        that the scheduled action has left
    :raises: one of ``CONCURRENCY`` where another worker was faster: to roll back, and try again
    """
    cron = waiting.env["ir.cron"]
    batch = waiting.try_lock_for_update(allow_referencing=True, limit=size or BATCH)
    if not batch:
        return batch, batch, 0
    try:
        step(batch)
        left = len(waiting) - len(batch)
        return batch, batch.browse(), cron._commit_progress(len(batch), remaining=left)
    except CONCURRENCY:
        raise
    except Exception:  # noqa: BLE001 - taken again in halves, it is told there
        waiting.env.cr.rollback()
        return batch, take_step(batch, step, note), float("inf")


def take_batches(find, step, note=None, size=None):
    """Take a step with all that ``find`` finds, in batches that commit, until none is left.

    Workers at it at the same time share the work: each locks rows that no other holds. Killed
    half-way, a batch is as if it had never begun. Stops when the scheduled action's time is up,
    and where others hold all that is left: what they do not finish the next run finds.

    :param find: function that returns the records that wait for the step
    :param step: function of a batch of them, after which ``find`` finds them no more; it looks
        itself whether they still wait, as it may be taken again
    :param note: as in :func:`take_step`
    :param size: records between two commits, else ``BATCH``
    :return: the records for which the step failed
    """
    failed, collisions, time_left = find().browse(), 0, 1
    while time_left and collisions < COLLISIONS and (waiting := find() - failed):
        try:
            _batch, wrong, time_left = take_batch(waiting, step, note, size)
            failed, collisions = failed | wrong, 0
        # another worker was faster: what it has done is seen from a new snapshot, as after any
        # rollback
        except CONCURRENCY:
            waiting.env.cr.rollback()
            collisions += 1
        # other workers commit meanwhile, and a cache of many batches grows
        waiting.env.invalidate_all()
    return failed


def take_once(records, step, note=None, size=None):
    """Take a step with each of these once, in batches that commit; parameters as above.

    What another worker holds is left to it.

    :return: the records for which the step failed
    :raises: one of ``CONCURRENCY`` where others were faster time and again
    """
    failed, collisions = records.browse(), 0
    while records:
        some = records[: size or BATCH]
        try:
            _batch, wrong, _time_left = take_batch(some, step, note, size)
        except CONCURRENCY:
            records.env.cr.rollback()
            collisions += 1
            if collisions == COLLISIONS:
                raise
        else:
            records, failed, collisions = records - some, failed | wrong, 0
        records.env.invalidate_all()
    return failed


def take_halves(records, step):
    """Take a step with all records within a request; if that fails, with half after half.

    As :func:`take_step`, but in savepoints: the request commits, or does not, as a whole.

    :return: list of (record, message) for which the step failed, and was rolled back
    """
    if not records:
        return []
    try:
        with records.env.cr.savepoint():
            step(records)
        return []
    except CONCURRENCY:
        raise  # the whole request is taken again
    except Exception as error:
        if len(records) == 1:
            if not isinstance(error, UserError):
                _logger.exception("%s: a step failed", records)
            return [(records, str(error))]
    middle = len(records) // 2
    return take_halves(records[:middle], step) + take_halves(records[middle:], step)


def post_once(record, message):
    """Post a message on the record, unless it is the newest one there already."""

    def words(text):
        return html2plaintext(text or "").split()

    # told daily until somebody mends it, the same would fill the history
    if words(record.message_ids[:1].body) != message.split():
        record.message_post(body=plaintext2html(message))
