"""Months and quarters in the reader's words: how they are written, and how they are found."""

import re
import unicodedata
from datetime import date
from functools import lru_cache

from babel.dates import format_date, format_skeleton

from odoo import fields
from odoo.fields import Domain
from odoo.tools.misc import babel_locale_parse, get_lang

from ..engine.calendar import add_months, month_end, month_key, month_start, quarter_key

CHINESE_QUARTERS = "一二三四"
KEY = re.compile(r"(\d{4})(?:-(\d{2})|Q([1-4]))")
# how people write a period, besides its key: skeletons of the Unicode locale data
SKELETONS = {
    "month": ("yMMMM", "yMMM", "LLLL", "LLL"),
    "quarter": ("yQQQ", "yQQQQ", "QQQ", "QQQQ"),
}


def period_name(env, kind, start):
    """``July 2026``, ``2026年7月``; ``Q2 2026``, ``2026年第2季度``: a period for its reader.

    :param kind: ``month`` or ``quarter``
    :param start: any day of it; nothing for none
    """
    if not start:
        return ""
    return _format(SKELETONS[kind][0], start, get_lang(env).code)


def month_name(env, day):
    """The month of ``day`` in the reader's words, empty without a day."""
    return period_name(env, "month", day)


def short_name(env, kind, start):
    """``Jul``, ``7月``, ``Q3``: for an axis on which the year stands apart."""
    return _format("LLL" if kind == "month" else "QQQ", start, get_lang(env).code)


def key_name(env, key):
    """The words of a key that evidence keeps: ``2026-07`` or ``2026Q2``; others as they are."""
    match = KEY.fullmatch(key or "")
    if not match:
        return key
    year, month, quarter = match.groups()
    kind = "month" if month else "quarter"
    try:
        return period_name(env, kind, date(int(year), int(month or 3 * int(quarter)), 1))
    except ValueError:  # a thirteenth month: evidence that was tampered with is shown as it is
        return key


@lru_cache(maxsize=4096)
def _format(skeleton, day, lang):
    locale = babel_locale_parse(lang)
    if skeleton.startswith("y"):
        return format_skeleton(skeleton, day, locale=locale)
    return format_date(day, skeleton, locale=locale)


@lru_cache(maxsize=4096)
def period_words(kind, start, lang):
    """All the ways to write a period that a search understands, in the reader's language, in
    English, in Chinese and in digits."""
    year, month, quarter = start.year, start.month, (start.month + 2) // 3
    words = {
        _format(skeleton, start, code)
        for skeleton in SKELETONS[kind]
        for code in (lang, "en_US", "zh_CN")
    }
    if kind == "month":
        words |= {month_key(start), f"{start:%Y/%m}", f"{start:%Y.%m}", f"{start:%m/%Y}"}
        words |= {f"{year}-{month}", f"{year}/{month}", f"{month}/{year}", f"{year}年{month:02}月"}
        words |= {f"{month}月", f"{year}年{_format('LLLL', start, 'zh_CN')}"}
    else:
        words |= {quarter_key(start), f"{year}-Q{quarter}", f"{year}年{quarter}季度"}
        for name in (quarter, CHINESE_QUARTERS[quarter - 1]):
            words |= {f"第{name}季度", f"{name}季度", f"{year}年第{name}季度"}
    return frozenset(plain_words(each) for each in words)


def plain_words(text):
    """``text`` as it is compared: without blanks, wide characters or capitals."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", f"{text}")).casefold()


def find_periods(env, periods, operator, value):
    """The periods whose name a condition matches.

    :param periods: pairs (kind, first day)
    :param operator: ``in``, or one of the likes; negations are Odoo's
    :return: list of those pairs, or NotImplemented where a name has no such order
    """
    lang = get_lang(env).code
    if operator == "in":
        wanted = {plain_words(each) for each in value if each}

        def matches(words):
            return not wanted.isdisjoint(words)

    elif operator in ("like", "ilike", "=like", "=ilike"):
        pattern = _get_pattern(value, whole=operator.startswith("="))

        def matches(words):
            return any(pattern.search(each) for each in words)

    else:
        return NotImplemented
    return [each for each in periods if matches(period_words(*each, lang))]


def _get_pattern(value, whole):
    """The regular expression of a ``like``; ``1月`` is no part of ``11月``."""
    text = plain_words(value or "")
    pattern = re.escape(text).replace("%", ".*").replace("_", ".")
    if whole:
        pattern = rf"\A{pattern}\Z"
    elif re.match(r"\d{1,2}月", text):
        pattern = rf"(?<!\d){pattern}"
    return re.compile(pattern)


def days_domain(records, name, operator, value):
    """The domain of the days that lie in a month written like ``value``.

    :param name: a date field of ``records``; its oldest and newest day bound the months
    """
    # past the rules: two days that only bound the months looked at
    [(first, last)] = records.sudo()._read_group([], [], [f"{name}:min", f"{name}:max"])
    if not first:
        return Domain.FALSE
    months, month = [], month_start(first)
    while month <= last:
        months.append(("month", month))
        month = add_months(month, 1)
    found = find_periods(records.env, months, operator, value)
    return Domain.OR(
        Domain(name, ">=", start) & Domain(name, "<=", month_end(start)) for _kind, start in found
    )


class Month(fields.Date):
    """A month, kept as its first day. An export for people has its name; one that is to be
    imported again keeps the day."""

    def convert_to_export(self, value, record):
        if value and not record.env.context.get("import_compat", True):
            return month_name(record.env, value)
        return super().convert_to_export(value, record)
