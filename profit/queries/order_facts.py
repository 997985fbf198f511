"""Orders with everything that decides their entries, a batch at a time and without N+1."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from creators.models import Sample
from profit.models import AffiliateOrder, Order, OrderLine, Refund, StatementLine, UnsettledLine
from profit.rules import facts
from profit.rules.statement_fields import COMMISSION_ROWS, ORDER_ROW, Section, settled_type
from sparkops.money import ZERO

DELIVERED = frozenset({"DELIVERED", "COMPLETED"})


@dataclass(frozen=True)
class _Parts:
    affiliate: Mapping[str, list[AffiliateOrder]]
    settled: Mapping[str, list[StatementLine]]
    commission: Mapping[str, list[StatementLine]]
    unsettled: Collection[str]
    sample_handles: Mapping[str, str]


def order_facts(order_ids: Collection[str], *, ads_reported: bool) -> list[facts.OrderFacts]:
    """Facts of paid orders of the open scope; orders known by id alone have none.

    `ads_reported` says that ad accounts report GMV Max cost, so that the same cost inside a
    settlement is no second cost (contract 6.4).
    """
    orders = list(
        Order.objects.filter(order_id__in=order_ids)
        .exclude(status="")
        .exclude(paid_at=None)
        .prefetch_related("lines__sku", "lines__product", "refunds")
    )
    parts = _parts([order.order_id for order in orders])
    return [_facts(order, parts, ads_reported) for order in orders if not order.is_replacement]


def _parts(ids: Collection[str]) -> _Parts:
    lines = list(
        StatementLine.objects.filter(order_id__in=ids).select_related("statement").order_by("pk")
    )
    samples = Sample.objects.filter(order_id__in=ids).select_related("creator")
    return _Parts(
        affiliate=_grouped(
            AffiliateOrder.objects.filter(order_id__in=ids)
            .select_related("creator", "post")
            .order_by("pk")
        ),
        settled=_grouped(row for row in lines if row.type == ORDER_ROW),
        commission=_grouped(row for row in lines if row.type in COMMISSION_ROWS),
        unsettled=set(
            UnsettledLine.objects.filter(order_id__in=ids).values_list("order_id", flat=True)
        ),
        sample_handles={row.order_id: row.creator.handle for row in samples},
    )


def _grouped(rows: Iterable[AffiliateOrder] | Iterable[StatementLine]) -> dict[str, list]:  # type: ignore[type-arg]
    found: dict[str, list] = defaultdict(list)  # type: ignore[type-arg]
    for row in rows:
        found[row.order_id].append(row)
    return found


def _facts(order: Order, parts: _Parts, ads_reported: bool) -> facts.OrderFacts:
    affiliate = {row.sku_id: row for row in parts.affiliate.get(order.order_id, [])}
    settled = _best_rows(parts.settled.get(order.order_id, []))
    return facts.OrderFacts(
        order=_order(order, affiliate, settled, parts),
        refunds=tuple(_refund(order, row) for row in order.refunds.all()),  # type: ignore[attr-defined]
        settled=tuple(amount for row in settled for amount in _amounts(order, row, ads_reported)),
        commission_adjustments=tuple(
            facts.CommissionAdjustment(
                adjustment_id=f"{row.statement.statement_id}-{row.row_key}",
                order_id=order.order_id,
                on=row.statement.business_day,
                amount=-row.settlement_amount,
                reason="reversal" if row.settlement_amount > ZERO else row.type,
            )
            for row in parts.commission.get(order.order_id, [])
        ),
    )


def _order(
    order: Order,
    affiliate: Mapping[str, AffiliateOrder],
    settled: Collection[StatementLine],
    parts: _Parts,
) -> facts.Order:
    claim = next((row for row in affiliate.values() if row.creator_id), None)
    handle = claim.creator.handle if claim and claim.creator else None
    if order.is_sample:
        handle = parts.sample_handles.get(order.order_id, handle)
    days = [row.statement.business_day for row in settled]
    return facts.Order(
        order_id=order.order_id,
        created_at=order.created_at,
        lines=tuple(_line(line, affiliate) for line in order.lines.all()),  # type: ignore[attr-defined]
        creator_id=handle,
        post_id=claim.post.item_id if claim and claim.post else None,
        source=_source(order, claim),
        is_sample=order.is_sample,
        commission_settled_on=_commission_settled_on(affiliate.values()),
        shipping_paid_by_customer=order.shipping_paid + order.shipping_platform_discount,
        shipping_credited_to_seller=order.shipping_credited,
        sales_tax=order.tax,
        stage=_stage(order, settled, parts),
        settled_on=min(days, default=None),
        reference=f"Order {order.order_id}",
    )


def _line(line: OrderLine, affiliate: Mapping[str, AffiliateOrder]) -> facts.Line:
    sku_id = line.sku.sku_id
    claim = affiliate.get(sku_id)
    return facts.Line(
        line_id=line.line_id,
        product_id=line.product.product_id,
        sku_id=sku_id,
        quantity=line.quantity,
        unit_price=line.unit_price,
        seller_discount=line.seller_discount,
        platform_discount=line.platform_discount,
        commission_rate=_rate(claim) if claim else None,
    )


def from_ads(claim: AffiliateOrder) -> bool:
    """Whether ads won the order: then the Shop Ads rate is what TikTok estimates (P16)."""
    return bool(claim.estimated_ads_commission)


def _rate(claim: AffiliateOrder) -> Decimal | None:
    if from_ads(claim) and claim.shop_ads_rate is not None:
        return claim.shop_ads_rate
    return claim.standard_rate


def _source(order: Order, claim: AffiliateOrder | None) -> str:
    if order.is_sample:
        return "sample"
    if claim is None:
        return "unknown"
    return "affiliate_ads" if from_ads(claim) else "affiliate_organic"


def _commission_settled_on(claims: Iterable[AffiliateOrder]) -> date | None:
    days = [claim.settled_on for claim in claims]
    known = [day for day in days if day is not None]
    return max(known) if known and len(known) == len(days) else None


def _stage(order: Order, settled: Collection[StatementLine], parts: _Parts) -> facts.Stage:
    if settled and order.order_id not in parts.unsettled:
        return facts.Stage.SETTLED
    if settled or order.status in DELIVERED:
        return facts.Stage.PROCESSING
    return facts.Stage.ESTIMATED


def _refund(order: Order, row: Refund) -> facts.Refund:
    stage = facts.RefundStage.BEFORE_SHIPMENT
    if not row.before_shipment:
        stage = facts.RefundStage.AFTER_SHIPMENT
    return facts.Refund(
        refund_id=row.refund_id,
        order_id=order.order_id,
        line_id=row.line_id,
        at=row.at,
        stage=stage,
        quantity=row.quantity,
        customer_item_refund=row.customer_item_refund,
        platform_discount_refund=row.platform_discount_refund,
        shipping_refund=row.shipping_refund,
        restocked_quantity=row.restocked_quantity,
        return_shipping_cost=row.return_shipping_cost,
    )


def _best_rows(rows: Collection[StatementLine]) -> list[StatementLine]:
    """Rows per SKU where a statement has them, else the statement's own rows of the order."""
    detailed = {row.statement_id for row in rows if row.sku_id}
    return [row for row in rows if row.sku_id or row.statement_id not in detailed]


def _amounts(order: Order, row: StatementLine, ads_reported: bool) -> Iterable[facts.SettledAmount]:
    for section in (Section.SHIPPING, Section.FEE, Section.TAX):
        for name, text in row.fields.get(section.value, {}).items():
            kind = settled_type(section, name, ads_reported=ads_reported)
            if kind is not None:
                yield _settled(order, row, kind, -Decimal(text))
    for part in row.unlisted.values():
        kind = facts.SettledType.OTHER_PLATFORM_FEE
        yield _settled(order, row, kind, -Decimal(part["amount"]))


def _settled(
    order: Order, row: StatementLine, kind: facts.SettledType, amount: Decimal
) -> facts.SettledAmount:
    known = {line.line_id for line in order.lines.all()}  # type: ignore[attr-defined]
    return facts.SettledAmount(
        order_id=order.order_id,
        line_id=row.sku_id if row.sku_id in known else None,
        type=kind,
        amount=amount,
        settled_on=row.statement.business_day,
        reference=f"Statement {row.statement.statement_id}, row {row.row_key}",
    )
