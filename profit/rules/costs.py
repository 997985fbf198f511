"""Cost of goods, logistics and samples (P19 to P21)."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from profit.rules.context import Context, UnitCosts
from profit.rules.effective import in_force
from profit.rules.entries import (
    Account,
    Entry,
    Gap,
    Wanted,
    missing_cost,
    missing_rate,
    together,
)
from profit.rules.facts import Order, Sample, Stage, UnitCost
from profit.rules.lines import LineCase, Posting, refund_posting, sale_posting, split_over_lines
from sparkops.clock import shop_day
from sparkops.money import ZERO, round_money


def unit_cost_on(costs: UnitCosts, day: date, *item_ids: str | None) -> UnitCost | None:
    """P19: the cost in force on a day, of the SKU if it has one, else of its product."""
    return in_force(costs.of(*item_ids), day)


def cogs_postings(case: LineCase, cost: UnitCost) -> Iterator[Posting]:
    """P19: goods leave at the cost of the order date; restocked ones return at the same cost."""
    rule = f"P19@{cost.version}"
    yield _goods(cost, case.line.quantity, "sale", case.day, rule)
    for dated in case.refunds:
        yield _goods(cost, -dated.refund.restocked_quantity, dated.event, dated.day, rule)


def _goods(cost: UnitCost, quantity: int, part: str, day: date, rule: str) -> Posting:
    return Posting(
        account=Account.COGS,
        raw_amount=round_money(cost.amount * quantity, cost.currency),
        raw_currency=cost.currency,
        part=part,
        event_day=day,
        rule=rule,
        stage=Stage.SETTLED,
        fx_on_order_day=True,
    )


def uncosted_posting(case: LineCase) -> Posting:
    """6.10: marks the line's gmv as profit nobody can state, because its cost is unknown."""
    return sale_posting(case, Account.GMV_WITHOUT_UNIT_COST, case.line.item_revenue, "P19@1")


def missing_line_cost(case: LineCase) -> Gap:
    return missing_cost(
        case.line.product_id,
        case.day,
        order_id=case.order.order_id,
        line_id=case.line.line_id,
        sku_id=case.line.sku_id,
    )


def logistics_postings(case: LineCase) -> Iterator[Posting]:
    """P20: outbound cost stays when goods come back; each refund has its return cost."""
    yield sale_posting(case, Account.FULFILMENT_COST, case.fulfilment_cost, "P20@1")
    for dated in case.refunds:
        cost = dated.refund.return_shipping_cost
        yield refund_posting(case, dated, Account.RETURN_SHIPPING_COST, cost, "P20@1")


def sample_entries(sample: Sample, context: Context) -> Wanted:
    """P21: goods and shipping of a sample on its ship date, for creator, product and post."""
    cost = unit_cost_on(context.unit_costs, sample.shipped_on, sample.sku_id, sample.product_id)
    shipping = _sample_part(
        sample, context, "shipping", sample.shipping_cost, context.shop.currency
    )
    if cost is None:
        gap = missing_cost(sample.product_id, sample.shipped_on, sku_id=sample.sku_id)
        return together([Wanted(gaps=(gap,)), shipping])
    goods = _sample_part(sample, context, "goods", cost.amount * sample.quantity, cost.currency)
    return together([goods, shipping])


def _sample_part(
    sample: Sample, context: Context, part: str, amount: Decimal, currency: str
) -> Wanted:
    raw = round_money(amount, currency)
    if raw == ZERO:
        return Wanted()
    day = sample.shipped_on
    converted = context.fx.convert(raw, currency, context.report_currency, day)
    if converted is None:
        gap = missing_rate(currency, context.report_currency, day, product_id=sample.product_id)
        return Wanted(gaps=(gap,))
    entry = Entry(
        key=f"sample/{sample.sample_id}/{part}",
        account=Account.SAMPLE_COST,
        amount=converted,
        currency=context.report_currency,
        raw_amount=raw,
        raw_currency=currency,
        order_day=day,
        event_day=day,
        settlement_day=None,
        stage=Stage.SETTLED,
        rule="P21@1",
        product_id=sample.product_id,
        creator_id=sample.creator_id,
        post_id=sample.post_id,
        source=sample.reference or f"Sample {sample.sample_id}",
    )
    return Wanted((entry,))


def samples_of_order(order: Order, context: Context) -> tuple[Sample, ...]:
    """The samples inside a sample order, for shops that ship them as ordinary orders.

    Their shipping cost is the order's fulfilment cost, split over the lines (P8). Use this only
    for a sample order that no sample request describes, else the cost would count twice.
    """
    currency = context.shop.currency
    shipping = split_over_lines(order, order.fulfilment_cost, currency)
    return tuple(
        Sample(
            sample_id=f"{order.order_id}-{line.line_id}",
            product_id=line.product_id,
            sku_id=line.sku_id,
            quantity=line.quantity,
            shipped_on=shop_day(order.created_at, context.shop.timezone),
            shipping_cost=shipping[line.line_id],
            creator_id=order.creator_id,
            post_id=order.post_id,
            reference=order.reference or f"Sample order {order.order_id}",
        )
        for line in order.lines
    )
