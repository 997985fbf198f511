"""Closed months, what came after them, and the books of a month."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Min, QuerySet, Sum

from profit.models import Dirty, Entry, MonthClose
from profit.queries.pnl import Sums, shop_pnl
from profit.rules.closing import month_after
from profit.rules.entries import Account
from profit.rules.facts import Basis, Period
from profit.rules.pnl import TREE, Pnl
from sparkops.catalog.models import Shop
from sparkops.money import ZERO

MONTHS_SHOWN = 36


@dataclass(frozen=True)
class BookedMonth:
    """A month of a shop. `close` is None while it is open; `later` is what came after the close,
    as net profit, and `entries` how many rows that is."""

    month: date
    close: MonthClose | None
    net_profit: Decimal
    complete: bool
    later: Decimal
    entries: int


def month_period(month: date) -> Period:
    """The days of a calendar month."""
    return Period(first=month, last=month_after(month) - timedelta(days=1))


def closed_months(shop: Shop) -> set[date]:
    """First days of the closed months of a shop. One query."""
    rows = MonthClose.objects.filter(shop=shop, reopened_at=None)
    return set(rows.values_list("month", flat=True))


def close_of(shop: Shop, month: date) -> MonthClose | None:
    """The close that holds for a month."""
    return MonthClose.objects.filter(shop=shop, month=month, reopened_at=None).first()


def month_books(shop: Shop, month: date) -> Pnl:
    """What the books say of a month by event date (P6): of a closed one what was signed, of an open
    one its own entries and the adjustments to closed months that are posted in it."""
    close = close_of(shop, month)
    if close is not None:
        signed = {Account(name): Decimal(amount) for name, amount in close.sums.items()}
        return Pnl.of(signed, close.currency)
    return open_books(shop, month)


def open_books(shop: Shop, month: date) -> Pnl:
    """The books of a month from the ledger. Four queries, and one per month with an agency fee."""
    period = month_period(month)
    whole = shop_pnl(shop, Basis.EVENT, period)
    sums: Sums = {account: getattr(whole, account.value) for account in _accounts()}
    sums[Account.GMV_WITHOUT_UNIT_COST] = whole.gmv_without_unit_cost
    for account, total in _sums(posted_elsewhere(shop, month)):
        sums[account] = sums.get(account, ZERO) - total
    for account, total in _sums(posted_here(shop, month)):
        sums[account] = sums.get(account, ZERO) + total
    return Pnl.of(sums, shop.currency)


def posted_elsewhere(shop: Shop, month: date) -> QuerySet[Entry]:
    """Entries of a month that came after its close and stand in a later one."""
    period = month_period(month)
    return Entry.objects.filter(
        shop=shop, event_day__range=(period.first, period.last), posted_on__isnull=False
    )


def posted_here(shop: Shop, month: date) -> QuerySet[Entry]:
    """Adjustments to closed months that are posted in this one."""
    period = month_period(month)
    return Entry.objects.filter(shop=shop, posted_on__range=(period.first, period.last))


def booked_months(shop: Shop, today: date) -> list[BookedMonth]:
    """The complete months since the first booked day, newest first. Five queries, and those of
    `open_books` per open month with entries."""
    first = Entry.objects.filter(shop=shop).aggregate(day=Min("event_day"))["day"]
    if first is None:
        return []
    closes = {one.month: one for one in MonthClose.objects.filter(shop=shop, reopened_at=None)}
    found: list[BookedMonth] = []
    month = (today.replace(day=1) - timedelta(days=1)).replace(day=1)
    while month >= first.replace(day=1) and len(found) < MONTHS_SHOWN:
        found.append(booked_month(shop, month, closes.get(month)))
        month = (month - timedelta(days=1)).replace(day=1)
    return found


def booked_month(shop: Shop, month: date, close: MonthClose | None) -> BookedMonth:
    """A month with the close that holds for it."""
    books = close or open_books(shop, month)
    later = posted_elsewhere(shop, month)
    return BookedMonth(
        month=month,
        close=close,
        net_profit=books.net_profit,
        complete=books.complete,
        later=Pnl.of(dict(_sums(later)), shop.currency).net_profit,
        entries=later.count(),
    )


def is_booking(shop: Shop) -> bool:
    """Whether something of the shop still waits to be booked."""
    return Dirty.objects.filter(shop=shop).exists()


def _accounts() -> list[Account]:
    return [item for item in TREE if isinstance(item, Account)]


def _sums(rows: QuerySet[Entry]) -> list[tuple[Account, Decimal]]:
    found = rows.order_by().values_list("account").annotate(total=Sum("amount"))
    return [(Account(account), total) for account, total in found]
