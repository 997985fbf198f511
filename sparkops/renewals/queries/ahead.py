"""What lies ahead if nobody acts (N22), in the open scope: of one client, or of an agency's all."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Count, Q, QuerySet, Sum

from authorizations.queries import USABLE_WORDS
from sparkops.renewals.models import Ahead
from sparkops.renewals.queries.stakes import DayStake, if_nobody_acts

Money = dict[str, Decimal]


def lines() -> QuerySet[Ahead]:
    """Every line that still holds: a right that was renewed or lost since the last count is left
    out at once."""
    stands = Q(authorization=None) | ~Q(kind=Ahead.Kind.PAUSES)
    return Ahead.objects.filter(stands | Q(authorization__state__in=USABLE_WORDS)).select_related(
        "client", "creator"
    )


@dataclass
class Total:
    """Lines of one kind: how many, and their money by currency, `unknown` of them without any."""

    count: int = 0
    unknown: int = 0
    money: Money = field(default_factory=dict)
    per_day: Money = field(default_factory=dict)


def totals_by_client() -> dict[int, dict[str, Total]]:
    """Per client and kind. Money is never added over kinds or currencies. One query."""
    rows = (
        lines()
        .order_by()
        .values("client_id", "kind", "currency")
        .annotate(
            lines=Count("id"),
            unknown=Count("id", filter=Q(amount=None)),
            total=Sum("amount"),
            daily=Sum("per_day"),
        )
    )
    found: dict[int, dict[str, Total]] = defaultdict(lambda: defaultdict(Total))
    for row in rows:
        one = found[row["client_id"]][row["kind"]]
        one.count += row["lines"]
        one.unknown += row["unknown"]
        _add(one.money, row["currency"], row["total"])
        _add(one.per_day, row["currency"], row["daily"])
    return found


def together(by_client: dict[int, dict[str, Total]]) -> dict[str, Total]:
    """The totals of all clients by kind."""
    found: dict[str, Total] = defaultdict(Total)
    for of_client in by_client.values():
        for kind, one in of_client.items():
            found[kind].count += one.count
            found[kind].unknown += one.unknown
            for currency, amount in one.money.items():
                _add(found[kind].money, currency, amount)
            for currency, amount in one.per_day.items():
                _add(found[kind].per_day, currency, amount)
    return found


@dataclass
class DayAhead:
    """One day: what ends, what is lost on it, and what falls due. `left` is the ad spend a day that
    runs after it."""

    day: date
    stake: DayStake
    left: Money
    loses: Money = field(default_factory=dict)
    owed: Money = field(default_factory=dict)

    @property
    def cells(self) -> list[tuple[Money, str]]:
        """Its money in the order of the page's columns, each with the word for none."""
        unknown = "Not known" if self.stake.posts else "None"
        return [
            (self.stake.spend, "None"),
            (self.stake.profit, unknown),
            (self.left, "None"),
            (self.loses, "None"),
            (self.owed, "None"),
        ]


def days_ahead(now: datetime, today: date) -> tuple[Money, list[DayAhead]]:
    """The ad spend a day that runs now, and today with every later day on which something ends or
    falls due. Four queries."""
    running, ends = if_nobody_acts(now, today)
    by_day = {one.day: one for one in ends}
    owed = _owed()
    found, left = [], running
    for day in sorted({today, *by_day, *owed}):
        stake = by_day.get(day, DayStake(day, left=left))
        left = stake.left
        found.append(DayAhead(day, stake, left, owed=owed.get(day, {})))
    _add_losses(found)
    return running, found


def _owed() -> dict[date, Money]:
    found: dict[date, Money] = defaultdict(dict)
    rows = lines().filter(kind=Ahead.Kind.OWED, amount__gt=0).order_by()
    for day, currency, total in rows.values_list("day", "currency").annotate(total=Sum("amount")):
        _add(found[day], currency, total)
    return found


def _add_losses(days: list[DayAhead]) -> None:
    rows = lines().filter(kind=Ahead.Kind.LOSES).order_by()
    spans = list(rows.values_list("day", "until", "currency").annotate(total=Sum("per_day")))
    for one in days:
        for first, last, currency, total in spans:
            if first <= one.day <= last:
                _add(one.loses, currency, total)


def _add(sums: Money, currency: str, amount: Decimal | None) -> None:
    if amount:
        sums[currency] = sums.get(currency, Decimal(0)) + amount
