"""Payments to creators outside TikTok (P22)."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from itertools import pairwise

from profit.rules.context import Context
from profit.rules.entries import Account, Entry, Wanted, missing_rate
from profit.rules.facts import CreatorPayment, PaymentKind, Stage
from sparkops.clock import days_of
from sparkops.money import ZERO, round_money

SPREAD_KINDS = frozenset({PaymentKind.USAGE_FEE, PaymentKind.RENEWAL_FEE, PaymentKind.RETAINER})


def payment_entries(payment: CreatorPayment, context: Context) -> Wanted:
    """P22: a flat fee or bonus on its date; the other kinds day by day over their window.

    Each day carries the difference of two cumulative amounts, so any period gets exactly its
    share. A foreign amount is converted once, at the rate of the first day, and then spread.
    Raises ValueError when the window ends before it starts.
    """
    if payment.ends_on < payment.starts_on:
        raise ValueError(f"Payment {payment.payment_id} ends before it starts.")
    report = context.report_currency
    raw = round_money(payment.amount, payment.currency)
    converted = context.fx.convert(raw, payment.currency, report, payment.starts_on)
    if converted is None:
        return Wanted(gaps=(missing_rate(payment.currency, report, payment.starts_on),))
    days = recognition_days(payment)
    rows = zip(
        days,
        spread(converted, len(days), report),
        spread(raw, len(days), payment.currency),
        strict=True,
    )
    return Wanted(
        tuple(
            _entry(payment, context, day, amount, raw_share)
            for day, amount, raw_share in rows
            if amount != ZERO or raw_share != ZERO
        )
    )


def recognition_days(payment: CreatorPayment) -> list[date]:
    """P22: the days a payment is a cost of."""
    if payment.kind in SPREAD_KINDS:
        return days_of(payment.starts_on, payment.ends_on)
    return [payment.starts_on]


def spread(total: Decimal, days: int, currency: str) -> Iterator[Decimal]:
    """P22: through day k of n the amount is round(total x k / n); yields each day's difference."""
    through = (round_money(total * day / days, currency) for day in range(days + 1))
    return (until - before for before, until in pairwise(through))


def _entry(
    payment: CreatorPayment, context: Context, day: date, amount: Decimal, raw_amount: Decimal
) -> Entry:
    return Entry(
        key=f"payment/{payment.payment_id}/{day}",
        account=Account.CREATOR_FEES,
        amount=amount,
        currency=context.report_currency,
        raw_amount=raw_amount,
        raw_currency=payment.currency,
        order_day=day,
        event_day=day,
        settlement_day=None,
        stage=Stage.SETTLED,
        rule="P22@1",
        product_id=payment.product_id,
        creator_id=payment.creator_id or context.creator_of(payment.post_id),
        post_id=payment.post_id,
        source=payment.reference or f"{payment.kind} {payment.payment_id}",
    )
