"""Dates as people write them, with the order of day and month settled per column."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from enum import StrEnum

from sparkops.reasons import Reason
from sparkops.sheets.sheet import Cell

EARLIEST_YEAR, LATEST_YEAR = 2015, 2099
LONGEST_TEXT = 60
EXCEL_EPOCH = date(1899, 12, 30)
_SERIALS = range((date(EARLIEST_YEAR, 1, 1) - EXCEL_EPOCH).days, 73051)

_MONTH_NAMES = (
    "jan january januar janner enero ene", "feb february februar febrero",
    "mar march marz maerz mrz marzo", "apr april abril abr", "may mai mayo",
    "jun june juni junio", "jul july juli julio", "aug august agosto ago",
    "sep sept september septiembre setiembre", "oct october oktober okt octubre",
    "nov november noviembre", "dec december dezember dez diciembre dic",
)  # fmt: skip
_MONTHS = {name: at for at, names in enumerate(_MONTH_NAMES, 1) for name in names.split()}
_PLAIN_LETTERS = str.maketrans("äáéíóúü", "aaeiouu")

_CLOCK = (
    r"(?:[T,]?\s*(?:at\s+)?(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:\.\d+)?)?"
    r"\s*(?P<half>[AaPp]\.?[Mm]\.?)?\s*(?P<zone>Z|UTC|GMT|[+-]\d{2}:?\d{2})?)?"
)
_WEEKDAY = (
    r"(?:(?:mon|tue|wed|thu|fri|sat|sun|mo|di|mi|do|fr|sa|so|lun|mar|mie|jue|vie|sab|dom)"
    r"[a-z]*\.?,?\s+)?"
)
_YEAR_FIRST = re.compile(rf"^(?P<y>\d{{4}})[-/.](?P<m>\d{{1,2}})[-/.](?P<d>\d{{1,2}}){_CLOCK}$")
_PACKED = re.compile(r"^(?P<y>20\d{2})(?P<m>[01]\d)(?P<d>[0-3]\d)$")
_NUMERIC = re.compile(
    rf"^{_WEEKDAY}(?P<a>\d{{1,2}})\s?(?P<sep>[-/.])\s?(?P<b>\d{{1,2}})\s?(?P=sep)\s?"
    rf"(?P<y>\d{{4}}|\d{{2}})\.?{_CLOCK}$",
    re.IGNORECASE,
)
_DAY_NAME = re.compile(
    rf"^{_WEEKDAY}(?P<d>\d{{1,2}})(?:st|nd|rd|th|\.)?[\s/-]*(?:(?:of|de)\s+)?(?P<name>[a-z]+)\.?[\s,/-]*"
    rf"(?:(?:de|del)\s+)?(?P<y>\d{{4}}|\d{{2}}){_CLOCK}$",
    re.IGNORECASE,
)
_NAME_DAY = re.compile(
    rf"^{_WEEKDAY}(?P<name>[a-z]+)\.?[\s-]*(?P<d>\d{{1,2}})(?:st|nd|rd|th)?[\s,-]+"
    rf"(?P<y>\d{{4}}|\d{{2}}){_CLOCK}$",
    re.IGNORECASE,
)
_NO_YEAR = re.compile(r"^(\d{1,2}[./-]\d{1,2}\.?|\d{1,2}\.?\s+[a-z]+|[a-z]+\s+\d{1,2})$", re.I)
_DURATION = re.compile(
    r"^(\d+)\s*(d|days?|tage?|dias?|weeks?|months?|monate?|mes(es)?|years?)$", re.I
)
_ENDLESS = frozenset({"forever", "unlimited", "perpetual", "perpetuity", "in perpetuity", "no end",
    "lifetime", "none", "unbegrenzt", "unbefristet", "ilimitado", "siempre", "indefinite",
    "infinite"})  # fmt: skip
_OPEN = frozenset({"-", "–", "—", "?", "n/a", "na", "tbd", "tbc", "unknown", "pending", "offen",
    "unbekannt", "pendiente", "asap", "x"})  # fmt: skip


class DayOrder(StrEnum):
    """Which number comes first in 03/04/2026."""

    DAY_FIRST = "day_first"
    MONTH_FIRST = "month_first"


_ORDER_WORDS = {
    DayOrder.DAY_FIRST: "day/month/year",
    DayOrder.MONTH_FIRST: "month/day/year",
}


@dataclass(frozen=True, slots=True)
class ColumnOrder:
    """How a column's numeric dates are read.

    `settled` is False when no date in the column shows the order, or some show one and some the
    other; then every date that has two readings is marked ambiguous. `sentence` tells the person.
    """

    order: DayOrder
    settled: bool
    sentence: str


@dataclass(frozen=True, slots=True)
class DateRead:
    """A day as written, with the time of day if there was one.

    `moment` is set when a time was written: aware when a zone stood with it, otherwise naive, and
    the caller knows whose zone it is. `other` is the second reading of an ambiguous date.
    """

    value: date
    reading: str
    moment: datetime | None = None
    ambiguous: bool = False
    other: date | None = None


def column_order(cells: Iterable[Cell], *, default: DayOrder = DayOrder.MONTH_FIRST) -> ColumnOrder:
    """The order of day and month in a column, from the dates that have only one reading.

    `default` is used when nothing shows it (the reader's own habit). Dates with dots always put
    the day first and show nothing about the others.
    """
    day_first, month_first = "", ""
    for cell in cells:
        match = _NUMERIC.match(cell.strip()[:LONGEST_TEXT]) if isinstance(cell, str) else None
        if not match or match["sep"] == ".":
            continue
        first, second = int(match["a"]), int(match["b"])
        if first > 12 >= second:
            day_first = day_first or match[0]
        elif second > 12 >= first:
            month_first = month_first or match[0]
    return _decided(day_first, month_first, default)


def _decided(day_first: str, month_first: str, default: DayOrder) -> ColumnOrder:
    if day_first and month_first:
        return ColumnOrder(
            default,
            False,
            f"Both orders occur: “{day_first}” puts the day first, “{month_first}” the month. "
            f"Dates that fit both were read as {_ORDER_WORDS[default]}: check them.",
        )
    if day_first or month_first:
        order = DayOrder.DAY_FIRST if day_first else DayOrder.MONTH_FIRST
        shown = day_first or month_first
        return ColumnOrder(
            order,
            True,
            f"Dates are read as {_ORDER_WORDS[order]}, because “{shown}” fits only that.",
        )
    return ColumnOrder(
        default, False, f"Dates that could be read two ways are read as {_ORDER_WORDS[default]}."
    )


def read_date(cell: Cell, order: ColumnOrder) -> DateRead | Reason | None:
    """The day in a cell; None when it is empty.

    A number is taken as an Excel day count. Words for "no end" are refused: an unknown end is
    never forever.
    """
    if isinstance(cell, datetime):
        return _in_range(cell.date(), "date cell", moment=cell)
    if isinstance(cell, date):
        return _in_range(cell, "date cell")
    if isinstance(cell, Decimal):
        return _from_serial(cell)
    text = cell.strip()
    if not text:
        return None
    if len(text) > LONGEST_TEXT:
        return Reason("not_a_date", f"“{text[:LONGEST_TEXT]}…” is a text, not a date.")
    if re.fullmatch(r"\d{5}(\.\d+)?", text):
        return _from_serial(Decimal(text))
    for pattern, reader in _READERS:
        match = pattern.match(text.translate(_PLAIN_LETTERS))
        if match:
            return reader(match, order, text)
    return _no_date(text)


def _year_first(match: re.Match[str], _order: ColumnOrder, text: str) -> DateRead | Reason:
    return _dated(match, int(match["m"]), int(match["d"]), text, "year-month-day")


def _named_month(match: re.Match[str], _order: ColumnOrder, text: str) -> DateRead | Reason:
    month = _MONTHS.get(match["name"].lower())
    if month is None:
        return _no_date(text)
    return _dated(match, month, int(match["d"]), text, "month by name")


def _numeric(match: re.Match[str], order: ColumnOrder, text: str) -> DateRead | Reason:
    first, second = int(match["a"]), int(match["b"])
    if match["sep"] == "." or first > 12:
        return _dated(match, second, first, text, "day/month/year")
    if second > 12:
        return _dated(match, first, second, text, "month/day/year")
    day_first = order.order is DayOrder.DAY_FIRST
    month, day = (second, first) if day_first else (first, second)
    read = _dated(match, month, day, text, _ORDER_WORDS[order.order])
    if order.settled or first == second or isinstance(read, Reason):
        return read
    other = date(read.value.year, day, month)
    return DateRead(read.value, read.reading, read.moment, ambiguous=True, other=other)


_READERS = (
    (_YEAR_FIRST, _year_first),
    (_PACKED, _year_first),
    (_NUMERIC, _numeric),
    (_DAY_NAME, _named_month),
    (_NAME_DAY, _named_month),
)


def _dated(
    match: re.Match[str], month: int, day: int, text: str, reading: str
) -> DateRead | Reason:
    year = int(match["y"])
    try:
        value = date(year + 2000 if year < 100 else year, month, day)
        moment = _moment(match, value)
    except ValueError:
        return Reason("no_such_day", f"“{text}” is no day of the calendar. Check day and month.")
    return _in_range(value, reading, moment=moment)


def _moment(match: re.Match[str], day: date) -> datetime | None:
    parts = match.groupdict()
    if parts.get("hour") is None:
        return None
    hour = int(parts["hour"])
    half = (parts["half"] or "").lower().replace(".", "")
    if half:
        if not 1 <= hour <= 12:
            raise ValueError("an hour of a twelve-hour clock")
        hour = hour % 12 + (12 if half == "pm" else 0)
    clock = time(hour, int(parts["minute"]), int(parts["second"] or 0))
    return datetime.combine(day, clock, tzinfo=_zone(parts["zone"]))


def _zone(text: str | None) -> timezone | None:
    if not text:
        return None
    if not text.startswith(("+", "-")):
        return UTC
    hours, minutes = int(text[1:3]), int(text[-2:])
    offset = timedelta(hours=hours, minutes=minutes)
    return timezone(-offset if text[0] == "-" else offset)


def _from_serial(number: Decimal) -> DateRead | Reason:
    if int(number) not in _SERIALS:
        return Reason(
            "not_a_date", f"{number:f} is a number, not a date. Write the date like 2026-12-31."
        )
    return DateRead(EXCEL_EPOCH + timedelta(days=int(number)), "Excel day number")


def _in_range(value: date, reading: str, *, moment: datetime | None = None) -> DateRead | Reason:
    if not EARLIEST_YEAR <= value.year <= LATEST_YEAR:
        return Reason(
            "year_out_of_range",
            f"The year of {value.isoformat()} cannot be right. "
            f"Use one from {EARLIEST_YEAR} to {LATEST_YEAR}.",
        )
    return DateRead(value, reading, moment)


def _no_date(text: str) -> Reason:
    folded = text.casefold().strip(" .")
    if folded in _ENDLESS:
        return Reason(
            "endless",
            f"“{text}” is not an end date, and an unknown end is never taken as forever. "
            "The end is read from TikTok when the code is redeemed.",
        )
    if folded in _OPEN:
        return Reason("no_date", f"“{text}” gives no date. Enter one, or leave the cell empty.")
    if _DURATION.match(folded):
        return Reason(
            "duration", f"“{text}” is a length of time, not a date. Enter the day it ends."
        )
    if _NO_YEAR.match(folded):
        return Reason("no_year", f"“{text}” has no year. Write it like 2026-12-31.")
    return Reason("not_a_date", f"“{text}” is not a date. Write it like 2026-12-31.")
