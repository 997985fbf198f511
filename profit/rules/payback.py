"""When what was put into a creator or a post came back (N11)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sparkops.money import ZERO


@dataclass(frozen=True, slots=True)
class Payback:
    """How far the running CM3 fell and when it came back, in the currency of the amounts.

    `invested` is how deep it ever was, above zero; `began` the day it first fell below zero, None
    when it never did. `on` is the first day since which it has not been below zero again; None
    while it is. `open` is what is still missing.
    """

    invested: Decimal
    began: date | None
    on: date | None
    open: Decimal


def payback(days: Iterable[tuple[date, Decimal]]) -> Payback:
    """From CM3 per day, oldest first; days without an amount may be left out.

    A day that falls below zero again takes the date back: it counts from the last return.
    """
    running, deepest = ZERO, ZERO
    began: date | None = None
    since: date | None = None
    for day, amount in days:
        was_below = running < ZERO
        running += amount
        deepest = min(deepest, running)
        if running < ZERO:
            began, since = began or day, None
        elif was_below:
            since = day
    return Payback(-deepest, began, since, max(-running, ZERO))
