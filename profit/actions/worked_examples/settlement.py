"""Settled fees, adjustments and expected shipping of a worked example, as statement rows."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from profit.actions.marking import mark
from profit.models import Dirty, Statement, StatementLine, UnsettledLine
from profit.rules import facts
from profit.rules.statement_fields import REFUND, Section
from profit.rules.worked_examples import ShopCase
from sparkops.catalog.models import Shop
from sparkops.money import ZERO

FIELDS = {
    facts.SettledType.REFERRAL_FEE: (Section.FEE, "referral_fee_amount"),
    facts.SettledType.REFUND_ADMIN_FEE: (Section.FEE, "refund_administration_fee_amount"),
    facts.SettledType.AFFILIATE_COMMISSION: (Section.FEE, "affiliate_commission_amount"),
    facts.SettledType.FULFILMENT_COST: (Section.SHIPPING, "actual_shipping_fee_amount"),
    facts.SettledType.RETURN_SHIPPING_COST: (Section.SHIPPING, "return_shipping_fee_amount"),
    facts.SettledType.OTHER_PLATFORM_FEE: (Section.FEE, "transaction_fee_amount"),
}


def write_settlement(case: ShopCase, shop: Shop, now: datetime) -> None:
    """Everything of a case that only statements and TikTok's own estimates can say."""
    for one in case.facts.orders:
        if not one.order.is_sample:
            _expect_shipping(one.order.order_id, one.order.fulfilment_cost, shop, now)
        for number, settled in enumerate(one.settled):
            day = one.order.commission_settled_on or case.period.last
            _settle(one, settled, number, _statement(shop, day))
        for change in one.commission_adjustments:
            _change_commission(change, _statement(shop, change.on))
        for adjustment in one.adjustments:
            _adjust(adjustment, shop, now)
    for adjustment in case.facts.adjustments:
        _adjust(adjustment, shop, now)
    sent = sample_orders(case)
    for sample in case.facts.samples:
        _expect_shipping(sent[sample.sample_id], sample.shipping_cost, shop, now)


def sample_orders(case: ShopCase) -> dict[str, str]:
    """The order that sent each sample: a sample order of the case with the same goods, or an order
    of its own."""
    free = [one.order for one in case.facts.orders if one.order.is_sample]
    found: dict[str, str] = {}
    for sample in case.facts.samples:
        goods = [(sample.product_id, sample.quantity)]
        own = next(
            (
                order
                for order in free
                if [(line.product_id, line.quantity) for line in order.lines] == goods
                and order.creator_id in (None, sample.creator_id)
            ),
            None,
        )
        if own is not None:
            free.remove(own)
        found[sample.sample_id] = own.order_id if own else f"sample-{sample.sample_id}"
    return found


def _statement(shop: Shop, day: date, currency: str = "") -> Statement:
    found, _ = Statement.objects.get_or_create(
        statement_id=f"{day:%Y%m%d}{currency}",
        defaults={
            "shop": shop,
            "statement_time": datetime.combine(day + timedelta(days=1), time(), UTC),
            "business_day": day,
            "currency": currency or shop.currency,
            "settlement_amount": ZERO,
        },
    )
    return found


def _expect_shipping(order_id: str, cost: Decimal, shop: Shop, now: datetime) -> None:
    if cost != ZERO:
        UnsettledLine.objects.create(
            shop=shop,
            row_key=order_id,
            order_id=order_id,
            estimated_amount=-cost,
            fields={Section.SHIPPING.value: {"actual_shipping_fee_amount": str(-cost)}},
            read_at=now,
        )


def _settle(
    one: facts.OrderFacts, settled: facts.SettledAmount, number: int, statement: Statement
) -> None:
    """One settled amount as a row of its SKU; the first also shows what was refunded."""
    section, name = FIELDS[settled.type]
    fields = {section.value: {name: str(-settled.amount)}}
    refunded = sum((refund.item_refund for refund in one.refunds), ZERO)
    StatementLine.objects.create(
        statement=statement,
        row_key=f"{one.order.order_id}-{number}",
        type="ORDER",
        order_id=one.order.order_id,
        sku_id=_sku(one.order, settled.line_id),
        settlement_amount=-settled.amount,
        fields=fields,
    )
    if number == 0 and refunded:
        StatementLine.objects.create(
            statement=statement,
            row_key=f"{one.order.order_id}-refund",
            type="ORDER",
            order_id=one.order.order_id,
            settlement_amount=-refunded,
            fields={REFUND[0].value: {REFUND[1]: str(-refunded)}},
        )


def _sku(order: facts.Order, line_id: str | None) -> str:
    line = next((line for line in order.lines if line.line_id == line_id), None)
    return f"{line.product_id}/{line.line_id}" if line else ""


def _change_commission(change: facts.CommissionAdjustment, statement: Statement) -> None:
    StatementLine.objects.create(
        statement=statement,
        row_key=f"{change.order_id}-{change.adjustment_id}",
        type="AFFILIATE_COMMISSION_ADJUSTMENT",
        order_id=change.order_id,
        settlement_amount=-change.amount,
        adjustment_amount=-change.amount,
        fields={"reason": change.reason},
    )


def _adjust(adjustment: facts.Adjustment, shop: Shop, now: datetime) -> None:
    statement = _statement(shop, adjustment.on, adjustment.currency)
    key = f"adjustment-{adjustment.adjustment_id}"
    StatementLine.objects.create(
        statement=statement,
        row_key=key,
        type=adjustment.type,
        order_id=adjustment.order_id or "",
        adjustment_id=adjustment.adjustment_id,
        settlement_amount=adjustment.amount,
        adjustment_amount=adjustment.amount,
    )
    subject = f"{statement.statement_id}:{key}"
    mark(shop.pk, Dirty.Kind.ADJUSTMENT, [subject], cause="", now=now)
