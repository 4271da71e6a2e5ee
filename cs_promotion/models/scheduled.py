"""What the scheduled actions share: steps that commit, and survive a bad record."""

import logging

from odoo.exceptions import UserError
from odoo.tools import html2plaintext

_logger = logging.getLogger(__name__)


def take_step(records, step, note=None):
    """Take a step with all records and commit; if that fails, with one after the other.

    One bad record does not stop the rest: what it did is rolled back and noted.

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
            if not isinstance(error, UserError):
                _logger.exception("%s: the scheduled action failed", records)
            if note:
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
