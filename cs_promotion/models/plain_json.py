"""JSON that the software writes itself, of many records at once."""

from odoo import fields


class PlainJson(fields.Json):
    """A field of JSON types only, with text as keys.

    Odoo copies what a JSON field is given by turning it into text and back, twice for each
    record created (``convert_to_cache``, ``orm/fields_misc.py``). What is plain already needs no
    copy; what is not is refused when it is written to the database.
    """

    def convert_to_cache(self, value, record, validate=True):
        return value or None
