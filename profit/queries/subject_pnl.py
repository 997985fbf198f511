"""The P&L of one creator or one post to the cent, its commission in parts, and its payback."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Sum

from creators.models import Creator, Post
from profit.models import AffiliateOrder, DayTotal, Entry
from profit.queries.groups import entries_in
from profit.queries.pnl import signed, totals
from profit.rules.entries import Account
from profit.rules.facts import Basis, Period
from profit.rules.payback import Payback, payback
from profit.rules.pnl import UNATTRIBUTED, Pnl
from sparkops.catalog.models import Shop
from sparkops.money import ZERO

Of = dict[str, Creator | Post]
"""`{"creator": …}` or `{"post": …}`: the column of entries and rollup rows, and its value."""


@dataclass(frozen=True)
class Commission:
    """The line in parts; `standard` + `from_ads` is the line. Both are after what refunds took
    back; `given_back` says how much that was, `kept` what the creator kept of refunded orders."""

    standard: Decimal
    from_ads: Decimal
    given_back: Decimal
    kept: Decimal


def subject_pnl(shop: Shop, basis: Basis, period: Period, of: Of) -> Pnl:
    """The P&L to cm3. One query."""
    rows = _of(totals(shop, basis, period), of)
    found = rows.values_list("account").annotate(total=Sum("amount"))
    sums = {Account(account): total for account, total in found}
    sums.pop(Account.AGENCY_FEES, None)
    return Pnl.of(sums, shop.currency)


def by_product(shop: Shop, basis: Basis, period: Period, of: Of) -> dict[str, Pnl]:
    """The same P&L per product id; costs that name no product stay `unattributed`. One query."""
    rows = _of(totals(shop, basis, period), of).exclude(account=Account.AGENCY_FEES.value)
    sums: dict[str, dict[Account, Decimal]] = {}
    found = rows.values_list("product__product_id", "account").annotate(total=Sum("amount"))
    for product_id, account, total in found:
        sums.setdefault(product_id or UNATTRIBUTED, {})[Account(account)] = total
    return {key: Pnl.of(one, shop.currency) for key, one in sums.items()}


def commission_parts(shop: Shop, basis: Basis, period: Period, of: Of) -> Commission:
    """Standard and ads commission apart, and what refunds did to them (P15 to P17). Two queries.

    An order's commission is one from ads where TikTok reports an ads commission for it (P16).
    """
    rows: QuerySet[Entry] = entries_in(shop, basis, period).filter(**of)
    from_ads = AffiliateOrder.objects.filter(
        Q(estimated_ads_commission__gt=0) | Q(actual_ads_commission__gt=0),
        order_id=OuterRef("order_id"),
    )
    line = rows.filter(account=Account.AFFILIATE_COMMISSION.value)
    parts = dict(
        line.annotate(from_ads=Exists(from_ads))
        .values_list("from_ads")
        .annotate(total=Sum("amount"))
    )
    refunded = Q(account=Account.AFFILIATE_COMMISSION.value) & (
        Q(rule__startswith="P15@") | Q(rule__startswith="P17@")
    )
    kept = Q(account=Account.COMMISSION_KEPT_AFTER_REFUND.value)
    effect = rows.aggregate(taken=Sum("amount", filter=refunded), kept=Sum("amount", filter=kept))
    return Commission(
        standard=parts.get(False, ZERO),
        from_ads=parts.get(True, ZERO),
        given_back=-(effect["taken"] or ZERO),
        kept=effect["kept"] or ZERO,
    )


def payback_of(shop: Shop, of: Of, until: date) -> Payback | None:
    """When the subject paid back, over all its days by order date; None while a unit cost of what
    it sold is missing, because then nobody knows (PD7). Two queries."""
    rows = _of(
        DayTotal.objects.filter(shop=shop, basis=Basis.ORDER.value, day__lte=until), of
    ).order_by()
    gap = rows.filter(account=Account.GMV_WITHOUT_UNIT_COST.value).aggregate(sum=Sum("amount"))
    if gap["sum"]:
        return None
    days = rows.values_list("day").annotate(cm3=signed("cm3")).order_by("day")
    return payback((day, cm3 or ZERO) for day, cm3 in days)


def _of(rows: QuerySet[Any], of: Of) -> QuerySet[Any]:
    return rows.filter(**of)
