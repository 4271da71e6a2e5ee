"""Months and quarters in the reader's words: how they are written, and how they are found."""

import re
import unicodedata
from datetime import date
from functools import lru_cache

from babel.dates import format_date, format_skeleton

from odoo import fields, tools
from odoo.fields import Domain
from odoo.tools.misc import babel_locale_parse, get_lang

from ..engine.calendar import add_months, month_end, month_key, month_start, period_key
from ..engine.vocabulary import LENGTHS

# the kinds of periods that are reviewed, the shortest first
KINDS = [("month", "Month"), ("quarter", "Quarter"), ("half", "Half-year"), ("year", "Year")]
CHINESE_NUMBERS = "一二三四"
CHINESE_HALVES = "上下"
KEY = re.compile(r"(\d{4})(?:-(\d{2})|([QH])([1-4]))?")
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
# how people write a period, besides its key: skeletons of the Unicode locale data
SKELETONS = {
    "month": ("yMMMM", "yMMM", "LLLL", "LLL"),
    "quarter": ("yQQQ", "yQQQQ", "QQQ", "QQQQ"),
    "year": ("y",),
}


def period_name(env, kind, start):
    """``July 2026``, ``2026年7月``; ``Q2 2026``, ``2026年第2季度``; ``H1 2026``, ``2026年上半年``;
    ``2026``, ``2026年``: a period for its reader.

    :param kind: ``month``, ``quarter``, ``half`` or ``year``
    :param start: any day of it; nothing for none
    """
    if not start:
        return ""
    lang = get_lang(env).code
    return _half(start, lang) if kind == "half" else _format(SKELETONS[kind][0], start, lang)


def month_name(env, day):
    """The month of ``day`` in the reader's words, empty without a day."""
    return period_name(env, "month", day)


def short_name(env, kind, start):
    """``Jul``, ``7月``, ``Q3``, ``H2``: for an axis on which the year stands apart."""
    lang = get_lang(env).code
    if kind == "half":
        return _half(start, lang, year=False)
    return _format({"month": "LLL", "quarter": "QQQ", "year": "y"}[kind], start, lang)


def key_name(env, key):
    """The words of a key that evidence keeps: ``2026-07``, ``2026Q2``, ``2026H1``, ``2026`` or the
    day ``2026-07-15``; others as they are."""
    match = KEY.fullmatch(key or "")
    if not match:
        return _day_name(env, key)
    year, month, letter, number = match.groups()
    kind = "month" if month else {"Q": "quarter", "H": "half"}.get(letter, "year")
    try:
        month = int(month or LENGTHS[kind] * int(number or 1))
        return period_name(env, kind, date(int(year), month, 1))
    except ValueError:  # a thirteenth month: evidence that was tampered with is shown as it is
        return key


def _day_name(env, key):
    if not DAY.fullmatch(key or ""):  # weeks would do for Python
        return key
    try:
        return tools.format_date(env, date.fromisoformat(key))
    except ValueError:
        return key


@lru_cache(maxsize=4096)
def _format(skeleton, day, lang):
    locale = babel_locale_parse(lang)
    if skeleton.startswith("y"):
        return format_skeleton(skeleton, day, locale=locale)
    return format_date(day, skeleton, locale=locale)


def _half(start, lang, year=True):
    """``H1 2026``, ``2026年上半年``: no locale data has halves of a year."""
    number = (start.month + 5) // 6
    if babel_locale_parse(lang).language == "zh":
        return (
            f"{start.year}年{CHINESE_HALVES[number - 1]}半年"
            if year
            else f"{CHINESE_HALVES[number - 1]}半年"
        )
    return f"H{number} {start.year}" if year else f"H{number}"


@lru_cache(maxsize=4096)
def period_words(kind, start, lang):
    """All the ways to write a period that a search understands, in the reader's language, in
    English, in Chinese and in digits."""
    year, month, number = start.year, start.month, (start.month - 1) // LENGTHS[kind] + 1
    words = {
        _format(skeleton, start, code)
        for skeleton in SKELETONS.get(kind, ())
        for code in (lang, "en_US", "zh_CN")
    }
    words.add(period_key(kind, start))
    if kind == "month":
        words |= {month_key(start), f"{start:%Y/%m}", f"{start:%Y.%m}", f"{start:%m/%Y}"}
        words |= {f"{year}-{month}", f"{year}/{month}", f"{month}/{year}", f"{year}年{month:02}月"}
        words |= {f"{month}月", f"{year}年{_format('LLLL', start, 'zh_CN')}"}
    elif kind == "quarter":
        words |= {f"{year}-Q{number}", f"{year}年{number}季度"}
        for name in (number, CHINESE_NUMBERS[number - 1]):
            words |= {f"第{name}季度", f"{name}季度", f"{year}年第{name}季度"}
    elif kind == "half":
        words |= {f"{year}-H{number}", f"H{number} {year}", f"H{number}"}
        name = CHINESE_HALVES[number - 1]
        words |= {f"{year}年{name}半年", f"{year}{name}半年", f"{name}半年"}
    else:
        words |= {f"{year}年", f"{year}年度", f"{year}全年"}
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
