"""What posts earn a day, for what stops when their permission ends."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Sum

from profit.models import DayTotal
from profit.rules.entries import Account
from profit.rules.facts import Basis
from profit.rules.pnl import Pnl

DAYS = 7


@dataclass(frozen=True)
class PerDay:
    """cm3 of a post over the last seven full days, by day, in the shop's `currency`. Without
    `complete` a unit cost is missing and the amount is too high."""

    amount: Decimal
    currency: str
    complete: bool


def profit_per_day(post_ids: Collection[int], today: date) -> dict[int, PerDay]:
    """What each post earns a day; posts without a booked row are left out. A post that sells in
    two currencies counts in the one it sells more in. One query."""
    rows = (
        DayTotal.objects.filter(
            post_id__in=post_ids,
            basis=Basis.ORDER.value,
            day__gte=today - timedelta(days=DAYS),
            day__lt=today,
        )
        .exclude(account=Account.AGENCY_FEES.value)
        .order_by()
        .values_list("post_id", "currency", "account")
        .annotate(total=Sum("amount"))
    )
    sums: dict[tuple[int, str], dict[Account, Decimal]] = defaultdict(dict)
    for post_id, currency, account, total in rows:
        sums[post_id or 0, currency][Account(account)] = total
    found: dict[int, tuple[Decimal, PerDay]] = {}
    for (post_id, currency), accounts in sums.items():
        pnl = Pnl.of(accounts, currency)
        one = PerDay((pnl.cm3 / DAYS).quantize(Decimal("0.01")), currency, pnl.complete)
        if post_id not in found or pnl.gmv > found[post_id][0]:
            found[post_id] = (pnl.gmv, one)
    return {post_id: one for post_id, (_, one) in found.items()}
