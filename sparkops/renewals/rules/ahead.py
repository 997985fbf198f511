"""When what is owed falls due, and how much of it within the next 30 days (N22)."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from sparkops.money import round_money

DAYS_AHEAD = 30
COMMISSION_AFTER = 15
"""Days from an order to the day on which TikTok pays its commission at the earliest (domain 4)."""
SPREAD = frozenset({"usage_fee", "renewal_fee", "retainer"})
"""Payments that are earned day by day over their window (P22)."""


def last_day(today: date) -> date:
    """The last of the next 30 days, today included."""
    return today + timedelta(days=DAYS_AHEAD - 1)


@dataclass(frozen=True, slots=True)
class Due:
    """An amount and its day; what is overdue falls on today and says since when in `note`."""

    day: date
    amount: Decimal
    note: str = ""


def payment_due(
    kind: str, amount: Decimal, currency: str, starts_on: date, ends_on: date, *, today: date
) -> Due | None:
    """What of an unpaid payment to a creator is due by the last of the next 30 days, or None.

    A flat fee or bonus is due on its date. The other kinds are due when they are earned, on the
    last day of their window; of a window that is longer, the share earned by the last of the 30
    days is (P22: the total times the days gone by the days of the window).
    """
    if kind not in SPREAD:
        return on_its_day(amount, starts_on, today=today)
    if starts_on > last_day(today):
        return None
    if ends_on <= last_day(today):
        return on_its_day(amount, ends_on, today=today)
    days, gone = (ends_on - starts_on).days + 1, (last_day(today) - starts_on).days + 1
    share = round_money(amount * gone / days, currency)
    return Due(last_day(today), share, f"{gone} of {days} days of its window")


def on_its_day(amount: Decimal, day: date, *, today: date) -> Due | None:
    """An amount that is due on one day, or None after the next 30."""
    if day > last_day(today):
        return None
    return Due(max(day, today), amount, f"since {day:%-d %b %Y}" if day < today else "")


def commission_day(ordered_on: date, *, today: date) -> date | None:
    """When the commission of a day's orders is paid at the earliest; None after the 30 days."""
    day = ordered_on + timedelta(days=COMMISSION_AFTER)
    return max(day, today) if day <= last_day(today) else None
