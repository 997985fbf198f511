"""Platform adjustments (P26, 6.7, 6.8)."""

from collections.abc import Iterator
from dataclasses import replace

from profit.rules.context import Context
from profit.rules.entries import Account, Entry, Wanted, missing_rate
from profit.rules.facts import Adjustment, Basis, Order, Stage
from profit.rules.lines import split_over_lines
from sparkops.clock import shop_day
from sparkops.money import ZERO, round_money

_CASH_ONLY = frozenset(
    {
        "reserve",
        "gmv_payment_for_ads",
        "net_earnings_balance",
        "bill_payment_(negative_balance)",
        "bill payment (negative balance)",
        "sales proceed (negative balance)",
        "bill deduction for negative balance",
    }
)
_SAMPLE_SHIPPING = "sample_shipping_fee"
_CREATOR_REWARDS = "cofunded_creator_rewards"


def adjustment_account(kind: str) -> Account | None:
    """Where an adjustment of this type belongs; None when it only moves cash.

    A reserve, a balance carried over and ads paid out of shop money (6.7) are no profit: the ad
    cost itself comes from the ad account. Sample shipping is a sample cost and co-funded creator
    rewards are creator fees. Every other type, also one never seen before, is an adjustment.
    """
    word = kind.strip().lower()
    if word in _CASH_ONLY:
        return None
    if word == _SAMPLE_SHIPPING:
        return Account.SAMPLE_COST
    return Account.CREATOR_FEES if word == _CREATOR_REWARDS else Account.ADJUSTMENTS


def adjustment_entries(
    adjustment: Adjustment, context: Context, order: Order | None = None
) -> Wanted:
    """P26: an adjustment on its day; with its order, on that order's lines and order date.

    Raises ValueError when the adjustment names an order and another one, or none, is given.
    """
    if adjustment.order_id != (order.order_id if order else None):
        raise ValueError(
            f"Adjustment {adjustment.adjustment_id} needs order {adjustment.order_id}."
        )
    account = adjustment_account(adjustment.type)
    raw = round_money(adjustment.amount, adjustment.currency)
    if account is None or raw == ZERO:
        return Wanted()
    order_day = shop_day(order.created_at, context.shop.timezone) if order else adjustment.on
    fx_day = order_day if context.basis is Basis.ORDER else adjustment.on
    report = context.report_currency
    converted = context.fx.convert(raw, adjustment.currency, report, fx_day)
    if converted is None:
        gap = missing_rate(adjustment.currency, report, fx_day, order_id=adjustment.order_id)
        return Wanted(gaps=(gap,))
    sign = 1 if account is Account.ADJUSTMENTS else -1
    whole = Entry(
        key=f"adjustment/{adjustment.adjustment_id}/whole",
        account=account,
        amount=sign * converted,
        currency=report,
        raw_amount=sign * raw,
        raw_currency=adjustment.currency,
        order_day=order_day,
        event_day=adjustment.on,
        settlement_day=adjustment.on,
        stage=Stage.SETTLED,
        rule="P26@1",
        order_id=adjustment.order_id,
        source=adjustment.reference or adjustment.type,
    )
    return Wanted((whole,) if order is None else tuple(_on_lines(whole, order)))


def _on_lines(whole: Entry, order: Order) -> Iterator[Entry]:
    """P26: tied to an order, the amount sits on its lines by item revenue (P3)."""
    amounts = split_over_lines(order, whole.amount, whole.currency)
    raw_amounts = split_over_lines(order, whole.raw_amount, whole.raw_currency)
    for line in order.lines:
        if amounts[line.line_id] == ZERO and raw_amounts[line.line_id] == ZERO:
            continue
        yield replace(
            whole,
            key=f"{whole.row}/line-{line.line_id}",
            amount=amounts[line.line_id],
            raw_amount=raw_amounts[line.line_id],
            line_id=line.line_id,
            product_id=line.product_id,
            creator_id=order.creator_id,
            post_id=order.post_id,
        )
