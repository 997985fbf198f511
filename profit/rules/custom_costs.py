"""Costs that a person named: rent of a studio, an editor, a test order (PD1)."""

from datetime import date
from decimal import Decimal

from profit.rules.context import Context
from profit.rules.creators import spread
from profit.rules.entries import Account, Entry, Wanted, missing_rate
from profit.rules.facts import CustomCost, Stage
from sparkops.clock import days_of
from sparkops.money import ZERO, round_money


def custom_cost_entries(cost: CustomCost, context: Context) -> Wanted:
    """The cost day by day over its window, by the same cumulative rounding as a retainer (P22).

    A cost of one day is one entry. A foreign amount is converted once, at the rate of the first
    day, and then spread (P27). It belongs to what it names and is never shared over anything else.
    Raises ValueError when the window ends before it starts.
    """
    if cost.ends_on < cost.starts_on:
        raise ValueError(f"The cost {cost.name} ends before it starts.")
    report = context.report_currency
    raw = round_money(cost.amount, cost.currency)
    converted = context.fx.convert(raw, cost.currency, report, cost.starts_on)
    if converted is None:
        return Wanted(gaps=(missing_rate(cost.currency, report, cost.starts_on),))
    days = days_of(cost.starts_on, cost.ends_on)
    rows = zip(
        days,
        spread(converted, len(days), report),
        spread(raw, len(days), cost.currency),
        strict=True,
    )
    return Wanted(
        tuple(
            _entry(cost, report, day, amount, raw_share)
            for day, amount, raw_share in rows
            if amount != ZERO or raw_share != ZERO
        )
    )


def _entry(cost: CustomCost, report: str, day: date, amount: Decimal, raw: Decimal) -> Entry:
    return Entry(
        key=f"cost/{cost.cost_id}/{day}",
        account=Account.CUSTOM_COST,
        amount=amount,
        currency=report,
        raw_amount=raw,
        raw_currency=cost.currency,
        order_day=day,
        event_day=day,
        settlement_day=None,
        stage=Stage.SETTLED,
        rule="PD1@1",
        product_id=cost.product_id,
        creator_id=cost.creator_id,
        source=cost.name,
    )
