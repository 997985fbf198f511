"""A shop's facts booked, and the report of one period over the entries."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from profit.rules.adjustments import adjustment_entries
from profit.rules.ads import ad_entries
from profit.rules.agency import agency_entries
from profit.rules.attribution import links, over_products
from profit.rules.context import Context
from profit.rules.costs import sample_entries
from profit.rules.creators import payment_entries
from profit.rules.entries import Account, Entry, Wanted, together
from profit.rules.facts import (
    Adjustment,
    AdRow,
    AgencyFee,
    Authorization,
    Basis,
    CreatorPayment,
    OrderFacts,
    Period,
    Sample,
    UsageRights,
)
from profit.rules.orders import order_entries
from profit.rules.permission import cover_entries
from profit.rules.pnl import (
    Dimension,
    Pnl,
    grouped_pnl,
    grouped_totals,
    in_period,
    totals,
)
from profit.rules.ratios import Ratios, ratios
from profit.rules.settled import SETTLED_RULE
from sparkops.clock import shop_day
from sparkops.money import ZERO

FLAG_ACCOUNTS = (
    Account.COMMISSION_KEPT_AFTER_REFUND,
    Account.SPEND_OUTSIDE_AUTHORIZATION,
    Account.SPEND_ON_AUTHORIZATION_BOUNDARY_DAYS,
    Account.SPEND_OUTSIDE_USAGE_RIGHTS,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShopFacts:
    """Everything known about one shop. None for a permission list means not known at all."""

    orders: tuple[OrderFacts, ...] = ()
    ad_rows: tuple[AdRow, ...] = ()
    creator_payments: tuple[CreatorPayment, ...] = ()
    samples: tuple[Sample, ...] = ()
    adjustments: tuple[Adjustment, ...] = ()
    agency_fees: tuple[AgencyFee, ...] = ()
    authorizations: tuple[Authorization, ...] | None = None
    usage_rights: tuple[UsageRights, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """Baskets, units, units refunded, and sample baskets (counted apart)."""

    orders: int
    units: int
    refunded_units: int
    sample_orders: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One period of a shop in the report currency. Groups stop at cm3 and sum to the shop."""

    pnl: Pnl
    counts: Counts
    ratios: Ratios
    platform_claimed_revenue_sum: Decimal
    by_post: Mapping[str, Pnl]
    by_product: Mapping[str, Pnl]
    by_creator: Mapping[str, Pnl]
    settlement_variance: Mapping[Account, Decimal]
    flags: Mapping[Account, Decimal]


def booked(facts: ShopFacts, context: Context) -> Wanted:
    """The wanted entries of all facts but agency fees, which need a period's P&L first."""
    parts = [order_entries(order, context) for order in facts.orders]
    parts += [ad_entries(row, context) for row in facts.ad_rows]
    parts += [
        cover_entries(row, context, facts.authorizations, facts.usage_rights)
        for row in facts.ad_rows
    ]
    parts += [payment_entries(payment, context) for payment in facts.creator_payments]
    parts += [sample_entries(sample, context) for sample in facts.samples]
    parts += [adjustment_entries(row, context) for row in facts.adjustments]
    return together(parts)


def report(facts: ShopFacts, entries: Iterable[Entry], context: Context, period: Period) -> Report:
    """The report of `period` on the context's basis, from entries that `booked` wanted."""
    currency = context.report_currency
    chosen = in_period(entries, context.basis, period)
    before_agency = Pnl.of(totals(chosen), currency)
    agency = agency_entries(facts.agency_fees, before_agency, period)
    sums = totals([*chosen, *agency.entries])
    pnl = Pnl.of(sums, currency)
    counts = period_counts(facts.orders, context, period)
    by_product = over_products(chosen, links(context.posts.values(), facts.ad_rows))
    return Report(
        pnl=pnl,
        counts=counts,
        ratios=ratios(pnl, counts.orders),
        platform_claimed_revenue_sum=sums.get(Account.PLATFORM_CLAIMED_REVENUE, ZERO),
        by_post=grouped_pnl(grouped_totals(chosen, Dimension.POST), currency),
        by_product=grouped_pnl(grouped_totals(by_product, Dimension.PRODUCT), currency),
        by_creator=grouped_pnl(grouped_totals(chosen, Dimension.CREATOR), currency),
        settlement_variance=settlement_variance(chosen),
        flags=period_flags(chosen),
    )


def period_counts(orders: Iterable[OrderFacts], context: Context, period: Period) -> Counts:
    """Baskets and units by order date; refunded units by order or refund date (P6)."""
    baskets = units = refunded = samples = 0
    zone = context.shop.timezone
    for facts in orders:
        ordered = period.holds(shop_day(facts.order.created_at, zone))
        if facts.order.is_sample:
            samples += ordered
            continue
        baskets += ordered
        units += sum(line.quantity for line in facts.order.lines) if ordered else 0
        for refund in facts.refunds:
            by_order = context.basis is Basis.ORDER
            counted = ordered if by_order else period.holds(shop_day(refund.at, zone))
            refunded += refund.quantity if counted else 0
    return Counts(orders=baskets, units=units, refunded_units=refunded, sample_orders=samples)


def settlement_variance(entries: Iterable[Entry]) -> dict[Account, Decimal]:
    """P18: settled minus estimate per fee type that has a settled row, zero included."""
    differences = (entry for entry in entries if entry.rule == SETTLED_RULE)
    return totals(differences)


def period_flags(entries: Iterable[Entry]) -> dict[Account, Decimal]:
    """P15 and P28 amounts that are not zero. A reversal cannot push an order's kept commission
    below zero, also when the refund it answers lies in another period."""
    by_order: dict[tuple[Account, str | None], Decimal] = {}
    for entry in entries:
        if entry.account in FLAG_ACCOUNTS:
            key = (entry.account, entry.order_id)
            by_order[key] = by_order.get(key, ZERO) + entry.amount
    flags: dict[Account, Decimal] = {}
    for (account, _), amount in by_order.items():
        if amount > ZERO:
            flags[account] = flags.get(account, ZERO) + amount
    return flags
