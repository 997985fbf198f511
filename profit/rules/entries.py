"""Wanted ledger entries: the accounts, the entry itself, and what keeps one from being made."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from profit.rules.facts import Basis, Stage


class Account(StrEnum):
    """Leaves of the P&L tree (6.4) and memo accounts that never enter it.

    Costs are positive and subtracted; a negative cost is a cost given back. `adjustments` and
    `shipping_revenue` carry the seller's sign.
    """

    GMV = "gmv"
    REFUNDED_ITEM_REVENUE = "refunded_item_revenue"
    SHIPPING_REVENUE = "shipping_revenue"
    OUTPUT_VAT = "output_vat"
    COGS = "cogs"
    REFERRAL_FEE = "referral_fee"
    REFUND_ADMIN_FEE = "refund_admin_fee"
    FULFILMENT_COST = "fulfilment_cost"
    RETURN_SHIPPING_COST = "return_shipping_cost"
    OTHER_PLATFORM_FEE = "other_platform_fee"
    ADJUSTMENTS = "adjustments"
    AFFILIATE_COMMISSION = "affiliate_commission"
    AD_SPEND = "ad_spend"
    AD_CREDIT = "ad_credit"
    CREATOR_FEES = "creator_fees"
    SAMPLE_COST = "sample_cost"
    CUSTOM_COST = "custom_cost"
    AGENCY_FEES = "agency_fees"

    PLATFORM_CLAIMED_REVENUE = "platform_claimed_revenue"
    COMMISSION_KEPT_AFTER_REFUND = "commission_kept_after_refund"
    SPEND_OUTSIDE_AUTHORIZATION = "spend_outside_authorization"
    SPEND_ON_AUTHORIZATION_BOUNDARY_DAYS = "spend_on_authorization_boundary_days"
    SPEND_OUTSIDE_USAGE_RIGHTS = "spend_outside_usage_rights"
    GMV_WITHOUT_UNIT_COST = "gmv_without_unit_cost"


MEMO_ACCOUNTS = frozenset(
    {
        Account.PLATFORM_CLAIMED_REVENUE,
        Account.COMMISSION_KEPT_AFTER_REFUND,
        Account.SPEND_OUTSIDE_AUTHORIZATION,
        Account.SPEND_ON_AUTHORIZATION_BOUNDARY_DAYS,
        Account.SPEND_OUTSIDE_USAGE_RIGHTS,
        Account.GMV_WITHOUT_UNIT_COST,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One amount on one account.

    `amount` is in `currency`, the report currency; `raw_amount` is what it was converted from.
    `key` is the identity of what is booked: `<source row>/<part>`, where the source row is all
    before the last slash. `rule` is the P rule and its version, such as `P11@1`. `source` says
    in words or by reference where the fact came from and is no part of the identity.
    """

    key: str
    account: Account
    amount: Decimal
    currency: str
    raw_amount: Decimal
    raw_currency: str
    order_day: date
    event_day: date
    settlement_day: date | None
    stage: Stage
    rule: str
    order_id: str | None = None
    line_id: str | None = None
    product_id: str | None = None
    creator_id: str | None = None
    post_id: str | None = None
    ad_id: str | None = None
    source: str = ""

    @property
    def row(self) -> str:
        """The source row: entries of one row share a split over products (P24)."""
        return self.key.rpartition("/")[0]

    def day(self, basis: Basis) -> date | None:
        """The day this entry counts on (P6); None on the settlement basis while unsettled."""
        if basis is Basis.ORDER:
            return self.order_day
        return self.event_day if basis is Basis.EVENT else self.settlement_day


class GapKind(StrEnum):
    MISSING_UNIT_COST = "missing_unit_cost"
    MISSING_FX_RATE = "missing_fx_rate"
    MISSING_FEE_RULE = "missing_fee_rule"


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """An input that is missing, and the sentence a person reads about it (6.10)."""

    kind: GapKind
    day: date
    sentence: str
    order_id: str | None = None
    line_id: str | None = None
    product_id: str | None = None
    sku_id: str | None = None
    currency: str | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """The entries some facts ask for, and what kept others from being made."""

    entries: tuple[Entry, ...] = ()
    gaps: tuple[Gap, ...] = ()


def together(parts: Iterable[Wanted]) -> Wanted:
    """All entries and gaps of `parts`, in order."""
    entries: list[Entry] = []
    gaps: list[Gap] = []
    for part in parts:
        entries.extend(part.entries)
        gaps.extend(part.gaps)
    return Wanted(tuple(entries), tuple(gaps))


def missing_rate(currency: str, report_currency: str, day: date, **subject: str | None) -> Gap:
    return Gap(
        kind=GapKind.MISSING_FX_RATE,
        day=day,
        currency=currency,
        sentence=(
            f"There is no exchange rate from {currency} to {report_currency} on or before {day}; "
            "enter one so that this amount can be booked."
        ),
        **subject,
    )


def missing_cost(product_id: str, day: date, **subject: str | None) -> Gap:
    return Gap(
        kind=GapKind.MISSING_UNIT_COST,
        day=day,
        product_id=product_id,
        sentence=(
            f"Product {product_id} has no unit cost in force on {day}; "
            "enter one so that its profit is complete."
        ),
        **subject,
    )
