"""One order line as the rules see it, and what they say about it in its own currency."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from profit.rules.context import Context
from profit.rules.entries import Account
from profit.rules.facts import Line, Order, OrderFacts, Refund, Stage
from sparkops.clock import shop_day
from sparkops.money import ZERO, allocate, round_money


@dataclass(frozen=True, slots=True)
class DatedRefund:
    """A refund and its day in the shop's zone."""

    refund: Refund
    day: date

    @property
    def event(self) -> str:
        return f"refund-{self.refund.refund_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class LineCase:
    """A line with its share of order-level amounts and its refunds in time order.

    `day` is the order date (P4). `shipping` is the line's share of what the buyer paid for it.
    """

    order: Order
    line: Line
    day: date
    currency: str
    shipping: Decimal
    fulfilment_cost: Decimal
    refunds: tuple[DatedRefund, ...]

    @property
    def shipping_credited(self) -> Decimal:
        """P8: the part of `shipping` that reaches the seller."""
        return self.shipping if self.order.shipping_credited_to_seller else ZERO


@dataclass(frozen=True, slots=True, kw_only=True)
class Posting:
    """One amount of a line on one account, before conversion.

    `part` names the event within the line. `fx_on_order_day` pins the exchange rate to the order
    date on every basis (P19).
    """

    account: Account
    raw_amount: Decimal
    raw_currency: str
    part: str
    event_day: date
    rule: str
    stage: Stage
    settlement_day: date | None = None
    fx_on_order_day: bool = False
    source: str = ""


SALE = "sale"
SETTLED = "settled"


def line_cases(facts: OrderFacts, context: Context) -> tuple[LineCase, ...]:
    """P4 and P8: the order's lines with local days and allocated order-level amounts.

    Raises ValueError when a refund names a line that the order does not have.
    """
    order, currency = facts.order, context.shop.currency
    refunds = _refunds_by_line(facts, context.shop.timezone)
    shipping = split_over_lines(order, order.shipping_paid_by_customer, currency)
    fulfilment = split_over_lines(order, order.fulfilment_cost, currency)
    day = shop_day(order.created_at, context.shop.timezone)
    return tuple(
        LineCase(
            order=order,
            line=line,
            day=day,
            currency=currency,
            shipping=shipping[line.line_id],
            fulfilment_cost=fulfilment[line.line_id],
            refunds=refunds.get(line.line_id, ()),
        )
        for line in order.lines
    )


def split_over_lines(order: Order, amount: Decimal, currency: str) -> dict[str, Decimal]:
    """P8: an order-level amount by line, weighted by item revenue (P3)."""
    weights = {line.line_id: max(line.item_revenue, ZERO) for line in order.lines}
    return allocate(round_money(amount, currency), weights, currency) if weights else {}


def order_line(order: Order, line_id: str) -> Line:
    """The line called `line_id`. Raises ValueError with a sentence when the order has none."""
    for line in order.lines:
        if line.line_id == line_id:
            return line
    raise ValueError(f"Order {order.order_id} has no line {line_id}.")


def sale_posting(case: LineCase, account: Account, amount: Decimal, rule: str) -> Posting:
    """An amount that the sale itself brings, on the order date."""
    return Posting(
        account=account,
        raw_amount=round_money(amount, case.currency),
        raw_currency=case.currency,
        part=SALE,
        event_day=case.day,
        rule=rule,
        stage=case.order.stage,
    )


def refund_posting(
    case: LineCase, refund: DatedRefund, account: Account, amount: Decimal, rule: str
) -> Posting:
    """An effect of a refund, on its own day."""
    return Posting(
        account=account,
        raw_amount=round_money(amount, case.currency),
        raw_currency=case.currency,
        part=refund.event,
        event_day=refund.day,
        rule=rule,
        stage=case.order.stage,
    )


def _refunds_by_line(facts: OrderFacts, zone: str) -> dict[str, tuple[DatedRefund, ...]]:
    by_line: dict[str, list[DatedRefund]] = {}
    for refund in _in_time_order(facts):
        order_line(facts.order, refund.line_id)
        dated = DatedRefund(refund, shop_day(refund.at, zone))
        by_line.setdefault(refund.line_id, []).append(dated)
    return {line_id: tuple(refunds) for line_id, refunds in by_line.items()}


def _in_time_order(facts: OrderFacts) -> Iterator[Refund]:
    yield from sorted(facts.refunds, key=lambda refund: (refund.at, refund.refund_id))
