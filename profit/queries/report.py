"""The whole report of a period as the rules define it, read from the database."""

from decimal import Decimal

from django.db.models import Count, Q, Sum

from profit.models import Order, OrderLine, Refund
from profit.queries.groups import entries_in, grouped
from profit.queries.pnl import shop_pnl, sums
from profit.rules.entries import Account
from profit.rules.facts import Basis, Period
from profit.rules.pnl import Dimension
from profit.rules.ratios import ratios
from profit.rules.report import FLAG_ACCOUNTS, Counts, Report
from profit.rules.settled import SETTLED_RULE
from sparkops.catalog.models import Shop
from sparkops.clock import shop_day, shop_day_start, zone_or_utc
from sparkops.money import ZERO


def period_report(shop: Shop, basis: Basis, period: Period) -> Report:
    """Everything of one period: tree, counts, ratios, groups, variances and flags."""
    pnl = shop_pnl(shop, basis, period)
    found = counts(shop, basis, period)
    claimed = sums(shop, basis, period).get(Account.PLATFORM_CLAIMED_REVENUE, ZERO)
    return Report(
        pnl=pnl,
        counts=found,
        ratios=ratios(pnl, found.orders),
        platform_claimed_revenue_sum=claimed,
        by_post=grouped(shop, basis, period, Dimension.POST),
        by_product=grouped(shop, basis, period, Dimension.PRODUCT),
        by_creator=grouped(shop, basis, period, Dimension.CREATOR),
        settlement_variance=settlement_variance(shop, basis, period),
        flags=flags(shop, basis, period),
    )


def counts(shop: Shop, basis: Basis, period: Period) -> Counts:
    """Baskets and units by order date; refunded units by order or refund date (P6)."""
    orders = Order.objects.filter(
        shop=shop,
        order_day__range=(period.first, period.last),
        paid_at__isnull=False,
        is_replacement=False,
    )
    baskets = orders.aggregate(
        sold=Count("pk", filter=Q(is_sample=False)),
        samples=Count("pk", filter=Q(is_sample=True)),
    )
    units = OrderLine.objects.filter(order__in=orders.filter(is_sample=False))
    return Counts(
        orders=baskets["sold"],
        units=units.aggregate(total=Sum("quantity"))["total"] or 0,
        refunded_units=_refunded_units(shop, basis, period),
        sample_orders=baskets["samples"],
    )


def orders_sold(shop: Shop, period: Period) -> int:
    """Paid orders by order date, without samples and replacements. One query."""
    return Order.objects.filter(
        shop=shop,
        order_day__range=(period.first, period.last),
        paid_at__isnull=False,
        is_replacement=False,
        is_sample=False,
    ).count()


def settlement_variance(shop: Shop, basis: Basis, period: Period) -> dict[Account, Decimal]:
    """P18: settled minus estimate per fee account that has a settled row, zero included."""
    rows = entries_in(shop, basis, period).filter(rule=SETTLED_RULE).values_list("account")
    return {Account(account): total for account, total in rows.annotate(total=Sum("amount"))}


def flags(shop: Shop, basis: Basis, period: Period) -> dict[Account, Decimal]:
    """P15 and P28 amounts above zero, worked out per order."""
    names = [account.value for account in FLAG_ACCOUNTS]
    rows = entries_in(shop, basis, period).filter(account__in=names)
    found: dict[Account, Decimal] = {}
    per_order = rows.values_list("account", "order_id").annotate(total=Sum("amount"))
    for account, _, total in per_order:
        if total > ZERO:
            found[Account(account)] = found.get(Account(account), ZERO) + total
    return found


def _refunded_units(shop: Shop, basis: Basis, period: Period) -> int:
    rows = Refund.objects.filter(
        order__shop=shop, order__is_sample=False, order__paid_at__isnull=False
    )
    if basis is Basis.ORDER:
        rows = rows.filter(order__order_day__range=(period.first, period.last))
        return rows.aggregate(total=Sum("quantity"))["total"] or 0
    since = rows.filter(at__gte=shop_day_start(period.first, zone_or_utc(shop.timezone)))
    return sum(
        quantity
        for at, quantity in since.values_list("at", "quantity")
        if period.holds(shop_day(at, zone_or_utc(shop.timezone)))
    )
