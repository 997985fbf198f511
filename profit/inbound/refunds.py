"""Returns and cancellations as refunds of order lines (P9)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from profit.actions.marking import mark
from profit.inbound.orders import name_orders
from profit.models import Dirty, Order, OrderLine, Refund
from sparkops.catalog.inbound import open_shop, shop_parts
from sparkops.catalog.models import Shop
from sparkops.connections.models import Connection
from sparkops.landing.merge import Counts, merge
from sparkops.landing.streams import Context, Stream, Window
from sparkops.money import ZERO, allocate, round_money
from sparkops.tiktok.shop.api import ShopApi
from sparkops.tiktok.shop.returns import Cancellation, CancelLine, Return, ReturnLine

RESTOCKING = "RETURN_AND_REFUND"
CANCELLED = frozenset({"CANCELLATION_REQUEST_SUCCESS", "CANCELLATION_REQUEST_COMPLETE"})


@dataclass(frozen=True)
class MovedMoney:
    """A return or cancellation whose money moved. Amounts are in the order's currency.

    `platform_discount` is None where TikTok says nothing of it; the lines' own shares are used.
    """

    refund_id: str
    order_id: str
    at: datetime
    cancelled: bool
    restocked: bool
    item_refund: Decimal
    shipping_refund: Decimal
    platform_discount: Decimal | None
    return_shipping: Decimal
    lines: Sequence[ReturnLine | CancelLine]


def _return_pages(api: ShopApi, _part: str, window: Window) -> Iterator[Any]:
    return api.returns.search(
        update_time_ge=window.since, update_time_lt=window.until, page_size=50
    )


def _cancellation_pages(api: ShopApi, _part: str, window: Window) -> Iterator[Any]:
    return api.returns.cancellations(
        update_time_ge=window.since, update_time_lt=window.until, page_size=50
    )


def load_returns(returns: Sequence[Return], context: Context) -> Counts:
    """Returns whose money moved; others wait for it."""
    return _load([_of_return(one, context.now) for one in returns if one.money_moved], context)


def load_cancellations(cancellations: Sequence[Cancellation], context: Context) -> Counts:
    """Cancellations that went through."""
    done = [one for one in cancellations if one.cancel_status in CANCELLED]
    return _load([_of_cancellation(one, context.now) for one in done], context)


def _of_return(one: Return, now: datetime) -> MovedMoney:
    refund, discounts = one.refund_amount, one.discount_amount
    labels = (fee.seller_paid_return_shipping_fee for fee in one.shipping_fee_amount)
    platform = [discount.product_platform_discount or ZERO for discount in discounts]
    return MovedMoney(
        refund_id=one.return_id,
        order_id=one.order_id,
        at=one.update_time or one.create_time or now,
        cancelled=False,
        restocked=one.return_type == RESTOCKING and not one.can_buyer_keep_item,
        item_refund=(refund and refund.refund_subtotal) or ZERO,
        shipping_refund=(refund and refund.refund_shipping_fee) or ZERO,
        platform_discount=sum(platform, ZERO) if discounts else None,
        return_shipping=sum((label or ZERO for label in labels), ZERO),
        lines=one.return_line_items,
    )


def _of_cancellation(one: Cancellation, now: datetime) -> MovedMoney:
    refund = one.refund_amount
    return MovedMoney(
        refund_id=one.cancel_id,
        order_id=one.order_id,
        at=one.update_time or one.create_time or now,
        cancelled=True,
        restocked=True,
        item_refund=(refund and refund.refund_subtotal) or ZERO,
        shipping_refund=(refund and refund.refund_shipping_fee) or ZERO,
        platform_discount=None,
        return_shipping=ZERO,
        lines=one.cancel_line_items,
    )


def _load(moved: Sequence[MovedMoney], context: Context) -> Counts:
    if not moved:
        return Counts()
    shop = Shop.objects.get(shop_id=context.part)
    name_orders(shop, {one.order_id: one.at for one in moved}, now=context.now)
    ids = {one.order_id for one in moved}
    orders = {order.order_id: order for order in Order.objects.filter(order_id__in=ids)}
    lines = _lines_by_order(orders.values())
    rows = [
        row
        for one in moved
        if one.order_id in orders
        for row in _rows(one, orders[one.order_id], lines.get(one.order_id, {}))
    ]
    # The first moment seen stays: later steps of the same return are no second refund.
    counts = merge(Refund, rows, key=["order_id", "refund_id", "line_id"], insert_only=["at"])
    if counts.added or counts.changed:
        mark(shop.pk, Dirty.Kind.ORDER, ids, cause="Refund", now=context.now)
    return counts


def _lines_by_order(orders: Iterable[Order]) -> dict[str, dict[str, OrderLine]]:
    found: dict[str, dict[str, OrderLine]] = {}
    rows = OrderLine.objects.filter(order__in=list(orders)).select_related("order", "sku")
    for line in rows.order_by("pk"):
        found.setdefault(line.order.order_id, {}).setdefault(line.sku.sku_id, line)
    return found


def _rows(
    one: MovedMoney, order: Order, lines: Mapping[str, OrderLine]
) -> Iterator[dict[str, Any]]:
    units: dict[str, list[ReturnLine | CancelLine]] = {}
    for item in one.lines:
        units.setdefault(item.sku_id, []).append(item)
    if not units:  # TikTok names no line: the whole order goes back.
        units = {sku_id: [] for sku_id in lines}
    currency = order.currency
    items = _split(one.item_refund, _stated(units), lines, currency)
    shipping = _split(one.shipping_refund, {}, lines, currency, within=units)
    labels = _split(one.return_shipping, {}, lines, currency, within=units)
    platform = _platform_parts(one, units, lines, items, currency)
    before_shipment = one.cancelled and (order.shipped_at is None or one.at <= order.shipped_at)
    for sku_id, parts in units.items():
        line = lines.get(sku_id)
        quantity = len(parts) or (line.quantity if line else 0)
        yield {
            "order_id": order.pk,
            "line_id": line.line_id if line else sku_id,
            "refund_id": one.refund_id,
            "at": one.at,
            "before_shipment": before_shipment,
            "quantity": quantity,
            "restocked_quantity": quantity if one.restocked else 0,
            "customer_item_refund": items[sku_id],
            "platform_discount_refund": platform[sku_id],
            "shipping_refund": shipping[sku_id],
            "return_shipping_cost": labels[sku_id],
        }


def _stated(units: Mapping[str, Sequence[ReturnLine | CancelLine]]) -> dict[str, Decimal]:
    """What TikTok says went back per SKU."""
    return {
        sku_id: sum(
            ((part.refund_amount and part.refund_amount.refund_subtotal) or ZERO for part in parts),
            ZERO,
        )
        for sku_id, parts in units.items()
    }


def _split(
    total: Decimal,
    stated: Mapping[str, Decimal],
    lines: Mapping[str, OrderLine],
    currency: str,
    *,
    within: Iterable[str] = (),
) -> dict[str, Decimal]:
    """`total` over SKUs: as stated when that adds up, else by what the lines were worth (P3)."""
    if stated and sum(stated.values(), ZERO) == total:
        return dict(stated)
    weights = {
        sku_id: stated.get(sku_id) or (_worth(lines[sku_id]) if sku_id in lines else ZERO)
        for sku_id in (stated or within)
    }
    return allocate(round_money(total, currency), weights, currency) if weights else {}


def _worth(line: OrderLine) -> Decimal:
    return line.unit_price * line.quantity - line.seller_discount


def _platform_parts(
    one: MovedMoney,
    units: Mapping[str, Sequence[ReturnLine | CancelLine]],
    lines: Mapping[str, OrderLine],
    items: Mapping[str, Decimal],
    currency: str,
) -> dict[str, Decimal]:
    """The platform's discount given back per SKU: as stated, else the line's own share of it."""
    own = {
        sku_id: _own_platform_part(lines.get(sku_id), items[sku_id], currency) for sku_id in units
    }
    if one.platform_discount is None:
        return own
    total = round_money(one.platform_discount, currency)
    return allocate(total, own if any(own.values()) else dict.fromkeys(units, ZERO), currency)


def _own_platform_part(line: OrderLine | None, item_refund: Decimal, currency: str) -> Decimal:
    if line is None:
        return ZERO
    paid = _worth(line) - line.platform_discount
    share = item_refund / paid if paid > ZERO else ZERO
    return round_money(line.platform_discount * min(share, Decimal(1)), currency)


RETURNS = Stream(
    name="returns",
    label="Returns",
    kind=Connection.Kind.SHOP,
    every=timedelta(minutes=30),
    parts=shop_parts,
    open=open_shop,
    pages=_return_pages,
    load=load_returns,
)
CANCELLATIONS = Stream(
    name="cancellations",
    label="Cancellations",
    kind=Connection.Kind.SHOP,
    every=timedelta(minutes=30),
    parts=shop_parts,
    open=open_shop,
    pages=_cancellation_pages,
    load=load_cancellations,
)
