"""The P&L tree (6.4) from sums per account, and sums per account from entries."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from typing import Self

from profit.rules.entries import Account, Entry
from profit.rules.facts import Basis, Period
from sparkops.money import ZERO, round_money

UNATTRIBUTED = "unattributed"

Totals = Mapping[Account, Decimal]


class Dimension(StrEnum):
    """What a group view groups by; the value is the entry's field."""

    PRODUCT = "product_id"
    CREATOR = "creator_id"
    POST = "post_id"


@dataclass(frozen=True, slots=True)
class Level:
    """A computed line of the tree and the formula printed next to its number."""

    name: str
    formula: str


TREE: tuple[Account | Level, ...] = (
    Account.GMV,
    Account.REFUNDED_ITEM_REVENUE,
    Account.SHIPPING_REVENUE,
    Account.OUTPUT_VAT,
    Level("net_revenue", "gmv - refunded_item_revenue + shipping_revenue - output_vat"),
    Account.COGS,
    Level("cm1", "net_revenue - cogs"),
    Account.REFERRAL_FEE,
    Account.REFUND_ADMIN_FEE,
    Account.FULFILMENT_COST,
    Account.RETURN_SHIPPING_COST,
    Account.OTHER_PLATFORM_FEE,
    Account.ADJUSTMENTS,
    Level(
        "cm2",
        "cm1 - referral_fee - refund_admin_fee - fulfilment_cost - return_shipping_cost"
        " - other_platform_fee + adjustments",
    ),
    Account.AFFILIATE_COMMISSION,
    Level("cm_before_ads", "cm2 - affiliate_commission"),
    Account.AD_SPEND,
    Account.AD_CREDIT,
    Level("net_ad_cost", "ad_spend - ad_credit"),
    Account.CREATOR_FEES,
    Account.SAMPLE_COST,
    Account.CUSTOM_COST,
    Level("cm3", "cm_before_ads - net_ad_cost - creator_fees - sample_cost - custom_cost"),
    Account.AGENCY_FEES,
    Level("net_profit", "cm3 - agency_fees"),
)


_ACCOUNTS = tuple(account.value for account in Account)
_LEAVES = tuple(item.value for item in TREE if isinstance(item, Account))
# The accounts that a P&L keeps as lines.
_KEPT = (*(item for item in TREE if isinstance(item, Account)), Account.GMV_WITHOUT_UNIT_COST)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pnl:
    """One P&L in `currency`; lines as in `TREE`. Group views stop at cm3: they carry no agency
    fees. `complete` is False when goods were sold whose cost is not known."""

    currency: str
    gmv: Decimal
    refunded_item_revenue: Decimal
    shipping_revenue: Decimal
    output_vat: Decimal
    net_revenue: Decimal
    cogs: Decimal
    cm1: Decimal
    referral_fee: Decimal
    refund_admin_fee: Decimal
    fulfilment_cost: Decimal
    return_shipping_cost: Decimal
    other_platform_fee: Decimal
    adjustments: Decimal
    cm2: Decimal
    affiliate_commission: Decimal
    cm_before_ads: Decimal
    ad_spend: Decimal
    ad_credit: Decimal
    net_ad_cost: Decimal
    creator_fees: Decimal
    sample_cost: Decimal
    custom_cost: Decimal
    cm3: Decimal
    agency_fees: Decimal
    net_profit: Decimal
    gmv_without_unit_cost: Decimal
    complete: bool

    @classmethod
    def of(cls, totals: Totals, currency: str) -> Self:
        """6.4 from sums per account; an account that is not in `totals` is zero."""
        nothing = round_money(ZERO, currency)
        # A page makes a hundred of these: what is the same in each is worked out once.
        line = dict.fromkeys(_ACCOUNTS, nothing)
        for account, amount in totals.items():
            line[account.value] = amount
        leaves = {name: line[name] for name in _LEAVES}
        net_revenue = (
            line["gmv"]
            - line["refunded_item_revenue"]
            + line["shipping_revenue"]
            - line["output_vat"]
        )
        cm1 = net_revenue - line["cogs"]
        platform = line["referral_fee"] + line["refund_admin_fee"] + line["other_platform_fee"]
        logistics = line["fulfilment_cost"] + line["return_shipping_cost"]
        cm2 = cm1 - platform - logistics + line["adjustments"]
        cm_before_ads = cm2 - line["affiliate_commission"]
        net_ad_cost = line["ad_spend"] - line["ad_credit"]
        own = line["creator_fees"] + line["sample_cost"] + line["custom_cost"]
        cm3 = cm_before_ads - net_ad_cost - own
        return cls(
            currency=currency,
            **leaves,
            net_revenue=net_revenue,
            cm1=cm1,
            cm2=cm2,
            cm_before_ads=cm_before_ads,
            net_ad_cost=net_ad_cost,
            cm3=cm3,
            net_profit=cm3 - line["agency_fees"],
            gmv_without_unit_cost=line["gmv_without_unit_cost"],
            complete=line["gmv_without_unit_cost"] == ZERO,
        )


def together(pnls: Collection[Pnl]) -> Pnl:
    """The P&L of several shops as one, complete only when each is. Every level is a sum, so the
    sums of the accounts give it. Raises ValueError for several currencies, or for no P&L."""
    [currency] = {one.currency for one in pnls}
    sums = {account: sum((getattr(one, account.value) for one in pnls), ZERO) for account in _KEPT}
    return replace(Pnl.of(sums, currency), complete=all(one.complete for one in pnls))


def in_period(entries: Iterable[Entry], basis: Basis, period: Period) -> list[Entry]:
    """The entries that count in `period` on `basis` (P6)."""
    return [entry for entry in entries if period.holds(entry.day(basis))]


def totals(entries: Iterable[Entry]) -> dict[Account, Decimal]:
    """Sums per account; totals are sums of rounded rows (P2)."""
    sums: dict[Account, Decimal] = {}
    for entry in entries:
        sums[entry.account] = sums.get(entry.account, ZERO) + entry.amount
    return sums


def grouped_totals(
    entries: Iterable[Entry], dimension: Dimension
) -> dict[str, dict[Account, Decimal]]:
    """Sums per account of each group to cm3, rows without a key under `unattributed` (6.4).

    Agency fees belong to the shop alone (P26). For products, split the shared rows first:
    `attribution.over_products`.
    """
    groups: dict[str, list[Entry]] = {}
    for entry in entries:
        if entry.account is not Account.AGENCY_FEES:
            key = getattr(entry, dimension) or UNATTRIBUTED
            groups.setdefault(key, []).append(entry)
    return {key: totals(rows) for key, rows in groups.items()}


def grouped_pnl(groups: Mapping[str, Totals], currency: str) -> dict[str, Pnl]:
    """A P&L per group; with the unattributed one they sum to the shop's lines exactly."""
    return {key: Pnl.of(sums, currency) for key, sums in groups.items()}
