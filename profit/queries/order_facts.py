"""Facts of orders from their rows: lines, refunds, who brought them, what settled.

A batch costs the same few queries for any number of orders.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from creators.models import Sample
from profit.models import (
    AffiliateOrder,
    FeeRule,
    Order,
    OrderLine,
    Refund,
    StatementLine,
    UnsettledLine,
)
from profit.queries.context import key_of, product_rates
from profit.queries.settled_facts import (
    Settled,
    estimated_shipping,
    refunds_are_settled,
    settled_of,
)
from profit.rules import facts
from profit.rules.commission import Plan, PlanKind, commission_rate_for_order
from profit.rules.effective import in_force
from profit.rules.lines import split_over_lines
from profit.rules.statement_fields import COMMISSION_ROWS, ORDER_ROW
from sparkops.catalog.models import Shop
from sparkops.money import ZERO

CANCELLED = "CANCELLED"


@dataclass
class OrderRows:
    """Everything stored of one order."""

    order: Order
    lines: list[OrderLine] = field(default_factory=list)
    refunds: list[Refund] = field(default_factory=list)
    affiliate: list[AffiliateOrder] = field(default_factory=list)
    settlement: list[StatementLine] = field(default_factory=list)
    unsettled: list[UnsettledLine] = field(default_factory=list)
    sample: Sample | None = None


def rows_of_orders(order_ids: Collection[str]) -> dict[str, OrderRows]:
    """The stored rows of orders by order id. Seven queries."""
    ids = set(order_ids)
    found = {one.order_id: OrderRows(one) for one in Order.objects.filter(order_id__in=ids)}
    lines = OrderLine.objects.filter(order__order_id__in=ids)
    for line in lines.select_related("order", "sku", "product").order_by("pk"):
        found[line.order.order_id].lines.append(line)
    refunds = Refund.objects.filter(order__order_id__in=ids).select_related("order")
    for refund in refunds.order_by("at", "pk"):
        found[refund.order.order_id].refunds.append(refund)
    affiliate = AffiliateOrder.objects.filter(order_id__in=ids).select_related("post")
    _deal(found, "affiliate", affiliate.order_by("sku_id"))
    settlement = StatementLine.objects.filter(
        order_id__in=ids, type__in=[ORDER_ROW, *COMMISSION_ROWS]
    ).select_related("statement")
    _deal(found, "settlement", settlement.order_by("statement__statement_time", "pk"))
    _deal(found, "unsettled", UnsettledLine.objects.filter(order_id__in=ids).order_by("pk"))
    for sample in Sample.objects.filter(order_id__in=ids).select_related("post"):
        if sample.order_id in found:
            found[sample.order_id].sample = sample
    return found


def _deal(found: Mapping[str, OrderRows], name: str, rows: Iterable[object]) -> None:
    for row in rows:
        own = found.get(row.order_id)  # type: ignore[attr-defined]
        if own is not None:
            getattr(own, name).append(row)


def order_facts(
    shop: Shop, rows: Mapping[str, OrderRows], *, ads_reported: bool
) -> dict[str, facts.OrderFacts]:
    """Facts by order id; orders that are no sale yet (unpaid, or known by id alone) have none.

    `ads_reported` says whether an ad account reports this shop's GMV Max cost.
    """
    products = {line.product.product_id for one in rows.values() for line in one.lines}
    rates = product_rates(shop, products)
    return {
        order_id: _facts(one, rates, ads_reported=ads_reported)
        for order_id, one in rows.items()
        if one.order.status and one.order.paid_at is not None and one.lines
    }


def _facts(
    rows: OrderRows, product_rules: Mapping[str, Sequence[FeeRule]], *, ads_reported: bool
) -> facts.OrderFacts:
    settled = settled_of(
        rows.settlement,
        {line.sku.sku_id: line.line_id for line in reversed(rows.lines)},
        ads_reported=ads_reported,
    )
    order = _order(rows, settled, product_rules)
    refunds = _refunds(rows, order)
    return facts.OrderFacts(
        order=order,
        refunds=refunds,
        settled=_settled(order, refunds, settled),
        commission_adjustments=_commission_adjustments(rows),
    )


def _order(
    rows: OrderRows, settled: Settled, product_rules: Mapping[str, Sequence[FeeRule]]
) -> facts.Order:
    order = rows.order
    credited = order.shipping_credited
    if settled.buyer_shipping is not None and order.shipping_paid > ZERO:
        credited = settled.buyer_shipping > ZERO
    claim = _claim(rows)
    shipping = estimated_shipping(rows.unsettled)
    if order.is_sample:  # Samples are not sold: what their parcel settled at is their shipping.
        shipping += settled.shipping_cost
    return facts.Order(
        order_id=order.order_id,
        created_at=order.created_at,
        lines=tuple(_line(rows, line, product_rules) for line in rows.lines),
        creator_id=_creator(rows, claim),
        post_id=_post(rows, claim),
        is_sample=order.is_sample,
        commission_settled_on=_commission_day(rows, settled),
        shipping_paid_by_customer=ZERO if order.is_replacement else order.shipping_paid,
        shipping_credited_to_seller=credited,
        sales_tax=order.tax,
        fulfilment_cost=shipping,
        stage=_stage(rows, settled),
        settled_on=settled.first_day,
        reference=f"Order {order.order_id}",
    )


def _line(
    rows: OrderRows, line: OrderLine, product_rules: Mapping[str, Sequence[FeeRule]]
) -> facts.Line:
    """A line; a replacement or exchange brings no new revenue, only its goods."""
    own_rule = in_force(product_rules.get(line.product.product_id, ()), rows.order.order_day)
    free = rows.order.is_replacement
    return facts.Line(
        line_id=line.line_id,
        product_id=line.product.product_id,
        sku_id=line.sku.sku_id,
        quantity=line.quantity,
        unit_price=ZERO if free else line.unit_price,
        seller_discount=ZERO if free else line.seller_discount,
        platform_discount=ZERO if free else line.platform_discount,
        commission_rate=None if free else _commission_rate(rows, line),
        referral_rate=own_rule.rate if own_rule else None,
    )


def _commission_rate(rows: OrderRows, line: OrderLine) -> Decimal | None:
    """P16 over the plan that TikTok says paid; ads rates only where ads brought the order."""
    claim = next((one for one in rows.affiliate if one.sku_id == line.sku.sku_id), None)
    if claim is None or (claim.standard_rate is None and claim.shop_ads_rate is None):
        return None
    from_ads = (claim.estimated_ads_commission or ZERO) + (claim.actual_ads_commission or ZERO) > 0
    plan = Plan(
        standard_rate=claim.standard_rate or ZERO,
        shop_ads_rate=claim.shop_ads_rate,
    )
    kind = PlanKind(claim.plan) if claim.plan else PlanKind.OPEN
    return commission_rate_for_order({kind: plan}, from_ads=from_ads)


def _claim(rows: OrderRows) -> AffiliateOrder | None:
    """The one creator's claim on the basket: the one on its most valuable lines (domain 6.6)."""
    worth: dict[str, Decimal] = {}
    for line in rows.lines:
        value = line.unit_price * line.quantity - line.seller_discount
        worth[line.sku.sku_id] = worth.get(line.sku.sku_id, ZERO) + value
    claims = [one for one in rows.affiliate if one.creator_id or one.post_id]
    return max(claims, key=lambda one: (worth.get(one.sku_id, ZERO), one.sku_id), default=None)


def _creator(rows: OrderRows, claim: AffiliateOrder | None) -> str | None:
    if claim is not None:
        return key_of(claim.creator_id)
    return key_of(rows.sample.creator_id) if rows.sample else None


def _post(rows: OrderRows, claim: AffiliateOrder | None) -> str | None:
    holder = claim if claim is not None else rows.sample
    return holder.post.item_id if holder is not None and holder.post is not None else None


def _commission_day(rows: OrderRows, settled: Settled) -> date | None:
    if settled.commission_day is not None:
        return settled.commission_day
    return min((one.settled_on for one in rows.affiliate if one.settled_on), default=None)


def _stage(rows: OrderRows, settled: Settled) -> facts.Stage:
    if settled.first_day is not None:
        return facts.Stage.SETTLED
    on_its_way = rows.order.delivered_at is not None
    return facts.Stage.PROCESSING if on_its_way else facts.Stage.ESTIMATED


def _refunds(rows: OrderRows, order: facts.Order) -> tuple[facts.Refund, ...]:
    known = {line.line_id for line in rows.lines}
    found = tuple(_refund(rows.order.order_id, one) for one in rows.refunds if one.line_id in known)
    if found or rows.order.status != CANCELLED:
        return () if rows.order.is_replacement else found
    return _whole_refund(rows.order, order)


def _refund(order_id: str, row: Refund) -> facts.Refund:
    stage = facts.RefundStage
    return facts.Refund(
        refund_id=row.refund_id,
        order_id=order_id,
        line_id=row.line_id,
        at=row.at,
        stage=stage.BEFORE_SHIPMENT if row.before_shipment else stage.AFTER_SHIPMENT,
        quantity=row.quantity,
        customer_item_refund=row.customer_item_refund,
        platform_discount_refund=row.platform_discount_refund,
        shipping_refund=row.shipping_refund,
        restocked_quantity=row.restocked_quantity,
        return_shipping_cost=row.return_shipping_cost,
    )


def _whole_refund(row: Order, order: facts.Order) -> tuple[facts.Refund, ...]:
    """A cancelled order whose cancellation was not read (yet) sold nothing all the same."""
    shipping = split_over_lines(order, order.shipping_paid_by_customer, row.currency)
    stage = facts.RefundStage
    return tuple(
        facts.Refund(
            refund_id="cancelled",
            order_id=order.order_id,
            line_id=line.line_id,
            at=row.canceled_at or row.updated_at,
            stage=stage.AFTER_SHIPMENT if row.shipped_at else stage.BEFORE_SHIPMENT,
            quantity=line.quantity,
            customer_item_refund=line.customer_item_payment,
            platform_discount_refund=line.platform_discount,
            shipping_refund=shipping[line.line_id],
            restocked_quantity=0 if row.shipped_at else line.quantity,
        )
        for line in order.lines
    )


def _settled(
    order: facts.Order, refunds: Sequence[facts.Refund], settled: Settled
) -> tuple[facts.SettledAmount, ...]:
    """P18, but fees wait while a refund is booked that no statement shows yet: what settled so
    far is then not the final amount."""
    waiting = not refunds_are_settled(refunds, settled)
    has_commission = any(line.commission_rate is not None for line in order.lines)
    kept = []
    for one in settled.amounts:
        kind = one.type
        if waiting and kind in _FEES:
            continue
        says_something = {
            facts.SettledType.REFERRAL_FEE: True,
            facts.SettledType.AFFILIATE_COMMISSION: has_commission,
            facts.SettledType.REFUND_ADMIN_FEE: bool(refunds),
        }
        if one.amount != ZERO or says_something.get(kind, False):
            kept.append(
                facts.SettledAmount(
                    order_id=order.order_id,
                    line_id=one.line_id,
                    type=kind,
                    amount=one.amount,
                    settled_on=one.day,
                    reference=one.reference,
                )
            )
    return tuple(kept)


_FEES = frozenset(
    {
        facts.SettledType.REFERRAL_FEE,
        facts.SettledType.REFUND_ADMIN_FEE,
        facts.SettledType.AFFILIATE_COMMISSION,
    }
)


def _commission_adjustments(rows: OrderRows) -> tuple[facts.CommissionAdjustment, ...]:
    """P17: explicit later changes of the creator's commission. Positive is more cost."""
    return tuple(
        facts.CommissionAdjustment(
            adjustment_id=row.row_key,
            order_id=row.order_id,
            on=row.statement.business_day,
            amount=-row.settlement_amount,
            reason=str(row.fields.get("reason", "")),
        )
        for row in rows.settlement
        if row.type in COMMISSION_ROWS
    )
