"""What the scheduled actions share: steps that commit, and survive a bad record."""

import logging

from odoo.exceptions import ConcurrencyError, LockError, UserError
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import html2plaintext

_logger = logging.getLogger(__name__)

CONCURRENCY = (LockError, ConcurrencyError, *PG_CONCURRENCY_EXCEPTIONS_TO_RETRY)


def take_step(records, step, note=None):
    """Take a step with all records and commit; if that fails, with one after the other.

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
        records.env.cr.rollback()
        if len(records) == 1:
            if not isinstance(error, (UserError, *CONCURRENCY)):
                _logger.exception("%s: the scheduled action failed", records)
            if note and not isinstance(error, CONCURRENCY):
                note(records, str(error))
            cron._commit_progress(1)
            return records
    return records.browse(id_ for record in records for id_ in take_step(record, step, note).ids)


def post_once(record, message):
    """Post a message on the record, unless it is the newest one there already."""

    def words(text):
        return html2plaintext(text or "").split()

    if words(record.message_ids[:1].body) != message.split():
        record.message_post(body=message)
