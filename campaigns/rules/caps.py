"""When a spend cap or the end of a term stops ads (N8)."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

NEARLY = Decimal("0.8")
HOURS = 24


class Standing(StrEnum):
    """Where a cap stands."""

    FREE = "free"
    NEARLY = "nearly"
    REACHED = "reached"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class Cap:
    """`amount` in `currency`, None for no cap; `ends_on` is the last day, None for no end."""

    amount: Decimal | None
    currency: str
    ends_on: date | None


@dataclass(frozen=True, slots=True)
class Spent:
    """Since the cap counts: in all, and on the day before today."""

    total: Decimal = Decimal(0)
    yesterday: Decimal = Decimal(0)


def standing_of(cap: Cap, spent: Spent, today: date) -> Standing:
    """Where a cap stands on the client's day `today`.

    It is reached an hour's spend early, because TikTok's numbers come late.
    """
    if cap.ends_on is not None and today > cap.ends_on:
        return Standing.OVER
    if cap.amount is None:
        return Standing.FREE
    if spent.total + spent.yesterday / HOURS >= cap.amount:
        return Standing.REACHED
    return Standing.NEARLY if spent.total >= NEARLY * cap.amount else Standing.FREE


def sentence_of(cap: Cap, standing: Standing, whose: str) -> str:
    """Why ads stop, for a person; "" while they may run."""
    if standing is Standing.OVER and cap.ends_on is not None:
        return f"The term agreed for {whose} ended on {cap.ends_on:%d %b %Y}."
    if standing is Standing.REACHED:
        return f"The spend cap of {cap.amount:,.2f} {cap.currency} for {whose} is reached."
    return ""
