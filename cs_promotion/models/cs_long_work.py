from typing import NamedTuple

from odoo import api, models

from . import scheduled


class Step(NamedTuple):
    """A long step by its names, so that another process can take it, too."""

    name: str  # what kind of step it is, for whoever shares the work out
    method: str  # of the records; it looks itself whether they still wait
    note: str | None = None  # method of a record for which it fails, told the message
    about: str | None = None  # many2one of the records: what people watch it on
    size: int | None = None  # records between two commits, else ``scheduled.BATCH``

    def take(self, records):
        return getattr(records, self.method)()

    def tell(self, record, message):
        if self.note:
            getattr(record, self.note)(message)


class CsLongWork(models.AbstractModel):
    """Work on more records than one transaction should hold, begun by a scheduled action.

    A work is a method that finds by itself how far it has come: called again, it goes on. On its
    way it takes steps with many records at once. Here one process does it all; an addon that
    has others help extends the two methods.
    """

    _name = "cs.long.work"
    _description = "Long CS Work"

    @api.model
    def _begin(self, records, method):
        """Do a work, or go on with it.

        :param records: whose work it is; a model's as a whole is without any
        :param method: name of their method
        """
        getattr(records, method)()

    @api.model
    def _take_batches(self, find, step):
        """Take a step of a work with all that ``find`` finds, until none is left.

        :param find: function that returns the records that wait for the step
        :param step: a :class:`Step`
        :return: the records for which it failed in this work
        """
        return scheduled.take_batches(find, step.take, step.tell, step.size)
