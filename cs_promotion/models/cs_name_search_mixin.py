import re
from datetime import datetime

from odoo import api, models
from odoo.fields import Domain
from odoo.tools.misc import get_lang

from .cs_period import days_domain

# as it stands between the parts of a name, wide Chinese signs included
PUNCTUATION = re.compile(r"[\s,;:()\u3001\uff0c\uff1b\uff1a\uff08\uff09\u2192\u00b7]+")
NUMBER = re.compile(r"\d+(\.\d+)?")


class CsNameSearchMixin(models.AbstractModel):
    """Finds records whose name is put together from others: agent, month, kind, ….

    A name is split into words, and each has to be part of one of the fields that make the
    name up: so ``Anna November`` finds what is called ``Anna Agent November 2026``.
    """

    _name = "cs.name.search.mixin"
    _description = "Records Found by the Parts of Their Name"

    _name_parts = ()  # names of the fields that the name is made from

    @api.model
    def _search_display_name(self, operator, value):
        if not self._name_parts:
            return super()._search_display_name(operator, value)
        if operator == "in":
            return Domain("id", "in", [id_ for each in value for id_ in self._find_named(each)])
        if operator not in ("like", "ilike", "=like", "=ilike"):
            return NotImplemented  # Odoo asks for the opposite instead
        return Domain.AND(self._search_name_word(word) for word in self._get_name_words(value))

    @api.model
    def _find_named(self, name):
        """Ids of the records that are called exactly so, in the reader's language."""
        if not name or not isinstance(name, str):
            return []
        found = self.search(
            Domain.AND(self._search_name_word(word) for word in self._get_name_words(name))
        )
        return [record.id for record in found if record.display_name == name]

    @api.model
    def _get_name_words(self, text):
        return [word for word in PUNCTUATION.split(f"{text or ''}".replace("%", " ")) if word]

    @api.model
    def _search_name_word(self, word):
        """The domain of what one word of a name may stand for."""
        fixed = self._get_fixed_words().casefold()
        if word.casefold() in fixed:
            return Domain.TRUE
        number, rest = NUMBER.search(word), NUMBER.sub("", word)
        if number and rest and rest.casefold() in fixed:
            word = number[0]  # in Chinese no blank stands between a number and its words
        return Domain.OR(self._search_name_part(name, word) for name in self._name_parts)

    @api.model
    def _get_fixed_words(self):
        """What every name has in it, in the reader's language."""
        return ""

    @api.model
    def _search_name_part(self, name, word):
        field = self._fields[name]
        if field.type == "selection":
            labels = field._description_selection(self.env)
            keys = [key for key, label in labels if word.casefold() in label.casefold()]
            return Domain(name, "in", keys)
        if field.type in ("integer", "float", "monetary"):
            return Domain(name, "=", float(word)) if NUMBER.fullmatch(word) else Domain.FALSE
        if field.type != "date":
            return Domain(name, "ilike", word)
        day = self._read_day(word)
        return Domain(name, "=", day) if day else days_domain(self, name, "ilike", word)

    @api.model
    def _read_day(self, word):
        """The day that a word is, as digits or as the reader's language writes it; else None."""
        for form in ("%Y-%m-%d", get_lang(self.env).date_format):
            try:
                return datetime.strptime(word, form).date()  # noqa: DTZ007 (a day has no zone)
            except ValueError:
                continue
        return None

    def _export_rows(self, fields, *, _is_toplevel_call=True):
        """A row that is no record of its own, but read from others, has no external id to be
        imported by again: its number takes that place."""
        if not self._is_an_ordinary_table():
            fields = [[".id"] if path == ["id"] else path for path in fields]
        return super()._export_rows(fields, _is_toplevel_call=_is_toplevel_call)
