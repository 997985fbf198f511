"""Ad cost and what the platform claims for it (P5, P23, P24, P25), ROI protection (6.7)."""

from decimal import Decimal

from profit.rules.context import Context
from profit.rules.entries import Account, Entry, Wanted, missing_rate
from profit.rules.facts import AdRow
from sparkops.money import ZERO, round_money

_PROTECTED_SHARE = Decimal("0.9")
_PROTECTED_ORDERS = 20


def ad_entries(row: AdRow, context: Context) -> Wanted:
    """P23: spend and consumed credit of one reported ad day; P25: the revenue it claims.

    Booked on the ad account's day (P5) at that day's rate (P27), for the ad's post and that
    post's creator (P24). The product, unless given, is found per period by `attribution`.
    """
    amounts = (
        (Account.AD_SPEND, "ad_spend", row.cost, "P23@1"),
        (Account.AD_SPEND, "tax", row.non_recoverable_tax, "P23@1"),
        (Account.AD_CREDIT, "ad_credit", row.credit_used, "P23@1"),
        (Account.PLATFORM_CLAIMED_REVENUE, "claimed", row.platform_gross_revenue, "P25@1"),
    )
    rate = context.fx.rate(row.currency, context.report_currency, row.day)
    if rate is None:
        return Wanted(gaps=(missing_rate(row.currency, context.report_currency, row.day),))
    return Wanted(
        tuple(
            ad_entry(row, context, account, part, amount, rate, rule)
            for account, part, amount, rule in amounts
            if amount != ZERO
        )
    )


def ad_entry(
    row: AdRow,
    context: Context,
    account: Account,
    part: str,
    amount: Decimal,
    rate: Decimal,
    rule: str,
) -> Entry:
    """An entry of one ad day; `rate` is report currency per unit of the row's currency."""
    return Entry(
        key=f"ad/{row.row_id}/{part}",
        account=account,
        amount=round_money(amount * rate, context.report_currency),
        currency=context.report_currency,
        raw_amount=amount,
        raw_currency=row.currency,
        order_day=row.day,
        event_day=row.day,
        settlement_day=None,
        stage=row.stage,
        rule=rule,
        product_id=row.product_id,
        creator_id=context.creator_of(row.post_id),
        post_id=row.post_id,
        ad_id=row.ad_id,
        source=row.reference or f"Ad account {row.ad_account_id}, campaign {row.campaign_id}",
    )


def roi_protection_credit(
    *,
    cost: Decimal,
    gross_revenue: Decimal,
    target_roi: Decimal,
    daily_orders: int,
    target_edited: bool,
    campaign_paused: bool,
    currency: str,
) -> Decimal:
    """6.7: the credit TikTok owes for a GMV Max campaign day; zero when the day is not eligible."""
    promised = _PROTECTED_SHARE * target_roi
    eligible = daily_orders > _PROTECTED_ORDERS and not target_edited and not campaign_paused
    if not eligible or promised <= 0 or gross_revenue >= promised * cost:
        return round_money(ZERO, currency)
    return round_money(cost - gross_revenue / promised, currency)
