"""What is at stake, in the open scope: of one client, or of all of an agency."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, DateField, DateTimeField, F, Func, Max, QuerySet, Sum
from django.db.models.functions import Cast

from authorizations.queries import USABLE_WORDS
from sparkops.renewals.models import Stake

DAYS_AHEAD = 30
ZERO = Decimal(0)


def stakes(now: datetime) -> QuerySet[Stake]:
    """Posts whose right to spend ends from now on, with `day`, the end's day in the client's zone.

    A permission that was renewed or lost since the last count is left out at once.
    """
    in_zone = Func(
        F("client__timezone"), F("ends_at"), function="timezone", output_field=DateTimeField()
    )
    return (
        Stake.objects.filter(authorization__state__in=USABLE_WORDS, ends_at__gt=now)
        .annotate(day=Cast(in_zone, DateField()))
        .select_related("client", "post__creator")
    )


def on_day(now: datetime, first: date, last: date) -> QuerySet[Stake]:
    """Those that end from `first` to `last`, both included."""
    between: dict[str, Any] = {"day__range": (first, last)}
    return stakes(now).filter(**between)


def counted_at() -> datetime | None:
    """When it was counted last."""
    found: datetime | None = Stake.objects.aggregate(newest=Max("counted_at"))["newest"]
    return found


@dataclass
class DayStake:
    """What ends on one day: posts, and per day and currency the spend and profit that stop.
    `left` is the spend a day, by currency, that still runs after the day."""

    day: date
    posts: int = 0
    spend: dict[str, Decimal] = field(default_factory=dict)
    profit: dict[str, Decimal] = field(default_factory=dict)
    left: dict[str, Decimal] = field(default_factory=dict)


def by_day(now: datetime, first: date, last: date) -> dict[date, DayStake]:
    """What ends on each day, both included. One query, whatever the number of clients."""
    # The type checker does not know of the annotated day.
    ends: Any = on_day(now, first, last).order_by()
    rows = ends.values("day", "spend_currency", "profit_currency").annotate(
        posts=Count("id"), cost=Sum("spend"), made=Sum("profit")
    )
    found: dict[date, DayStake] = {}
    for row in rows:
        one = found.setdefault(row["day"], DayStake(row["day"]))
        one.posts += row["posts"]
        _add(one.spend, row["spend_currency"], row["cost"])
        _add(one.profit, row["profit_currency"], row["made"])
    return found


def if_nobody_acts(now: datetime, today: date) -> tuple[dict[str, Decimal], list[DayStake]]:
    """The spend a day that runs now, and the days of the next thirty on which something ends, each
    with what still runs after it (N22). Two queries."""
    running: dict[str, Decimal] = {}
    usable = Stake.objects.filter(authorization__state__in=USABLE_WORDS, spend__gt=0)
    for currency, amount in (
        usable.order_by().values_list("spend_currency").annotate(total=Sum("spend"))
    ):
        _add(running, currency, amount)
    days = sorted(
        by_day(now, today - timedelta(days=1), today + timedelta(days=DAYS_AHEAD)).values(),
        key=lambda one: one.day,
    )
    left = dict(running)
    for one in days:
        for currency, amount in one.spend.items():
            _add(left, currency, -amount)
        one.left = dict(left)
    return running, days


def _add(sums: dict[str, Decimal], currency: str, amount: Decimal | None) -> None:
    if amount:
        sums[currency] = sums.get(currency, ZERO) + amount
