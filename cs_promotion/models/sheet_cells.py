"""Cells of a spreadsheet as people write them: months, days, numbers. Nothing of Odoo."""

import re
import unicodedata
from datetime import date, datetime, timedelta

EXCEL_ZERO = date(1899, 12, 30)  # a date serial counts days from here (Excel's leap bug included)
SERIALS = range(20000, 80000)  # 1954 to 2119: five digits, no year and month has so few
YEARS = range(1950, 2200)
ENGLISH = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
CHINESE = ["一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二"]

_YEAR = r"(?P<year>\d{4})"
_MONTH = r"(?P<month>\d{1,2})"
_DAY = r"(?P<day>\d{1,2})"
_SEP = r"\s*[-/.]\s*"
_CLOCK = r"(?:[ T]0{1,2}:00(?::00)?(?:\.0+)?)?"
MONTHS = [
    rf"{_YEAR}{_SEP}{_MONTH}",
    rf"{_YEAR}\s*年\s*{_MONTH}\s*月\s*份?",
    rf"{_YEAR}\s*年\s*(?P<chinese>[一二三四五六七八九十]{{1,2}})\s*月\s*份?",
    rf"{_MONTH}{_SEP}{_YEAR}",
    r"(?P<year>\d{4})(?P<month>\d{2})",
    rf"(?P<name>[a-z]{{3,9}})\.?[\s,/-]*{_YEAR}",
    rf"{_YEAR}[\s,/-]*(?P<name>[a-z]{{3,9}})\.?",
    r"(?P<name>[a-z]{3,9})\.?[\s'-]+(?P<short>\d{2})",  # Excel's mmm-yy
]
DAYS = [
    rf"{_YEAR}{_SEP}{_MONTH}{_SEP}{_DAY}{_CLOCK}",
    rf"{_YEAR}\s*年\s*{_MONTH}\s*月\s*{_DAY}\s*[日号]?",
    r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})",
    rf"{_DAY}[\s/-]+(?P<name>[a-z]{{3,9}})\.?[\s,/-]+{_YEAR}",
    rf"(?P<name>[a-z]{{3,9}})\.?\s+{_DAY}\s*,?\s+{_YEAR}",
]
MONTHS, DAYS = ([re.compile(each, re.IGNORECASE) for each in forms] for forms in (MONTHS, DAYS))
GROUPED = re.compile(r"[+-]?\d{1,3}(?:[, ]\d{3})+(?:\.\d+)?")
DIGITS = re.compile(r"(\d{5,6})(?:\.0+)?")


def plain_text(cell) -> str:
    """The cell without blanks around it, full-width digits as plain ones."""
    if cell is None or cell is False:
        return ""
    return unicodedata.normalize("NFKC", str(cell)).strip()


def read_day(cell, form: str | None = None) -> date | None:
    """The day that a cell gives, None where it gives none.

    :param form: how the file writes dates (as ``strptime`` has it), where somebody said so
    """
    return _read(cell, form, DAYS)


def read_month(cell, form: str | None = None) -> date | None:
    """The first day of the month that a cell names, by itself or by any of its days."""
    day = _read(cell, form, MONTHS) or _read(cell, form, DAYS)
    return day and day.replace(day=1)


def _read(cell, form, patterns) -> date | None:
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    text = plain_text(cell)
    digits = DIGITS.fullmatch(text)
    # digits alone first: as a date, "202611" would be taken for 1 January 2026
    if digits and len(digits[1]) == 5 and int(digits[1]) in SERIALS:
        return EXCEL_ZERO + timedelta(days=int(digits[1]))
    if digits:
        text = digits[1]
    elif form and (day := _read_form(text, form)):
        return day
    matches = filter(None, (pattern.fullmatch(text) for pattern in patterns))
    return next(filter(None, map(_read_parts, matches)), None)


def _read_form(text, form) -> date | None:
    try:
        return datetime.strptime(text, form).date()  # noqa: DTZ007 - a day has no time zone
    except ValueError:
        return None


def _read_parts(match) -> date | None:
    parts = match.groupdict()
    if parts.get("name"):
        name = parts["name"].lower()
        month = next((n for n, each in enumerate(ENGLISH, 1) if each.startswith(name)), 0)
    elif parts.get("chinese"):
        month = next((n for n, each in enumerate(CHINESE, 1) if each == parts["chinese"]), 0)
    else:
        month = int(parts["month"])
    year = int(parts.get("year") or f"20{parts['short']}")
    try:
        return date(year, month, int(parts.get("day") or 1)) if year in YEARS else None
    except ValueError:
        return None


def read_number(cell, whole: bool = False):
    """A number without what groups its digits: "1,234.00" as 1234; else the cell as it is.

    :param whole: as a whole number, where it is one: a spreadsheet writes 12 as 12.0
    """
    if not isinstance(cell, str):
        return cell
    text = plain_text(cell)
    if GROUPED.fullmatch(text):
        text = text.replace(",", "").replace(" ", "")
    if whole and re.fullmatch(r"[+-]?\d+\.0*", text):
        text = text.split(".")[0]
    return text
