"""Which month an amount is posted in once months are closed (domain 6.8)."""

from collections.abc import Set
from datetime import MAXYEAR, date, timedelta


def month_after(month: date) -> date:
    """The first day of the next month."""
    return (month.replace(day=1) + timedelta(days=31)).replace(day=1)


def month_named(text: str) -> date:
    """The first day of a month such as 2026-06. Raises ValueError for what is none, and in the last
    year of the calendar, where a month has no month after it."""
    first = date.fromisoformat(f"{text}-01")
    if first.year == MAXYEAR:
        raise ValueError(text)
    return first


def posting_day(event_day: date, closed: Set[date]) -> date | None:
    """The day an adjustment after close is posted on: the first day of the first open month after
    the one it belongs to. None where that month is open: the amount is posted on its own day.

    `closed` holds first days of months.
    """
    month = event_day.replace(day=1)
    if month not in closed:
        return None
    while month in closed:
        month = month_after(month)
    return month
