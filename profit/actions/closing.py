"""Closing a month, and reopening it with a reason."""

from collections.abc import Callable
from datetime import date, datetime

from profit.models import MonthClose
from profit.queries.closing import close_of, is_booking, month_period, open_books
from profit.rules.entries import Account
from profit.rules.pnl import TREE
from sparkops.audit.record import Actor, record
from sparkops.catalog.models import Shop
from sparkops.clock import shop_day, zone_or_utc
from sparkops.errors import Refusal
from sparkops.tenants.permissions import Permission

May = Callable[[Permission], bool]
SHORTEST_REASON = 5


def close_month(shop: Shop, month: date, *, by: Actor, now: datetime) -> MonthClose:
    """Sign a month as it stands: from now on it takes no entry, and what comes later is posted in
    the first open month after it.

    Under the shop's lock, as booking is, so that no entry slips in between. Raises Refusal for a
    month that is not over, is closed already, or of which something still waits to be booked.
    """
    shop = Shop.objects.select_for_update(no_key=True).get(pk=shop.pk)
    month = month.replace(day=1)
    if month_period(month).last >= shop_day(now, zone_or_utc(shop.timezone)):
        raise Refusal("not_over", f"{month:%B %Y} is not over yet.", field="month")
    if close_of(shop, month) is not None:
        raise Refusal("closed", f"{month:%B %Y} is closed already.", field="month")
    if is_booking(shop):
        raise Refusal(
            "booking", "Something still waits to be booked. Try again in a minute.", field="month"
        )
    books = open_books(shop, month)
    accounts = [item.value for item in TREE if isinstance(item, Account)]
    names = [*accounts, Account.GMV_WITHOUT_UNIT_COST.value]
    close = MonthClose.objects.create(
        shop=shop,
        month=month,
        currency=shop.currency,
        sums={name: str(getattr(books, name)) for name in names},
        net_profit=books.net_profit,
        complete=books.complete,
        closed_at=now,
        closed_by=by.label,
    )
    data = {"month": f"{month:%Y-%m}", "net_profit": str(books.net_profit)}
    record("month.closed", close, by=by, now=now, data=data)
    return close


def reopen_month(
    shop: Shop, month: date, reason: str, *, may: May, by: Actor, now: datetime
) -> MonthClose:
    """Let a month take entries again. What was posted elsewhere in the meantime stays there.

    Raises Refusal without the permission, without a reason, or when the month is open.
    """
    if not may(Permission.MONTH_REOPEN):
        raise Refusal("role", "Only an owner or account manager reopens a closed month.")
    reason = reason.strip()
    if len(reason) < SHORTEST_REASON:
        raise Refusal("reason", "Say why the month is reopened.", field="reason")
    shop = Shop.objects.select_for_update(no_key=True).get(pk=shop.pk)
    close = close_of(shop, month.replace(day=1))
    if close is None:
        raise Refusal("open", f"{month:%B %Y} is open.", field="month")
    close.reopened_at, close.reopened_by, close.reason = now, by.label, reason[:300]
    close.save(update_fields=["reopened_at", "reopened_by", "reason"])
    data = {"month": f"{close.month:%Y-%m}", "reason": close.reason}
    record("month.reopened", close, by=by, now=now, data=data)
    return close
