"""Orders: one row per basket, its units folded into one line per SKU and price."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from profit.actions.marking import mark
from profit.models import Dirty, Order, OrderLine
from profit.rules.fulfilment import shipping_credited
from sparkops.catalog.inbound import open_shop, shop_parts
from sparkops.catalog.models import Product, Shop, Sku
from sparkops.clock import shop_day
from sparkops.connections.models import Connection
from sparkops.isolation.scope import client_scope
from sparkops.landing.merge import Counts, merge
from sparkops.landing.streams import Context, Stream, Window
from sparkops.money import ZERO
from sparkops.tiktok.shop.api import ShopApi
from sparkops.tiktok.shop.orders import MAX_ORDER_IDS, LineItem, Payment
from sparkops.tiktok.shop.orders import Order as ApiOrder

# Orders known by id alone are asked for in each read until they are this old.
ASK_FOR = timedelta(days=2)
NOT_PAID = frozenset({"UNPAID", "CANCELLED"})


@dataclass(frozen=True)
class OrdersToRead:
    """The API of a shop, and the orders that other streams named before they were read."""

    api: ShopApi
    named: Sequence[str]


@contextmanager
def open_orders(client_id: int, connection: int, part: str) -> Iterator[OrdersToRead]:
    """The shop's API with the ids of orders that are known by id alone."""
    with client_scope(client_id):
        bare = Order.objects.filter(shop__shop_id=part, status="").order_by("-read_at")
        named = list(bare.values_list("order_id", "read_at")[:500])
    newest = max((read_at for _, read_at in named), default=None)
    wanted = [order_id for order_id, read_at in named if newest and read_at > newest - ASK_FOR]
    with open_shop(client_id, connection, part) as api:
        yield OrdersToRead(api, wanted)


def _pages(source: OrdersToRead, _part: str, window: Window) -> Iterator[Any]:
    yield from source.api.orders.search(
        update_time_ge=window.since, update_time_lt=window.until, page_size=100
    )
    for begin in range(0, len(source.named), MAX_ORDER_IDS):
        yield source.api.orders.details(source.named[begin : begin + MAX_ORDER_IDS])


def load_orders(orders: Sequence[ApiOrder], context: Context) -> Counts:
    """Orders with their lines. The shop's currency follows its orders."""
    shop = Shop.objects.get(shop_id=context.part)
    counts = merge(
        Order,
        [_order_row(one, shop, context.now) for one in orders],
        key=["order_id"],
        unwatched=["read_at"],
    )
    ids = [one.id for one in orders]
    own_ids = dict(Order.objects.filter(order_id__in=ids).values_list("order_id", "pk"))
    lines = [line for one in orders for line in folded(one)]
    skus = known_skus(shop, lines)
    rows = [_line_row(line, own_ids[line.order_id], skus[line.sku_id]) for line in lines]
    line_counts = merge(OrderLine, rows, key=["order_id", "line_id"])
    _drop_lost_lines(own_ids.values(), rows)
    if counts.added or counts.changed or line_counts.added or line_counts.changed:
        mark(shop.pk, Dirty.Kind.ORDER, ids, cause="The order changed", now=context.now)
    return counts


@dataclass(frozen=True)
class FoldedLine:
    """Units of one SKU at one list price. Discounts are line totals, in the order's currency."""

    order_id: str
    line_id: str
    sku_id: str
    product_id: str
    title: str
    sku_name: str
    seller_sku: str
    currency: str
    quantity: int
    unit_price: Decimal
    seller_discount: Decimal
    platform_discount: Decimal


def folded(order: ApiOrder) -> list[FoldedLine]:
    """The order's units by SKU and price. The first line of a SKU carries the SKU's id."""
    units: dict[tuple[str, Decimal], list[LineItem]] = {}
    for item in order.line_items:
        price = item.original_price if item.original_price is not None else item.sale_price
        units.setdefault((item.sku_id or item.id, price or ZERO), []).append(item)
    seen: dict[str, int] = {}
    lines = []
    for (sku_id, price), items in units.items():
        seen[sku_id] = seen.get(sku_id, 0) + 1
        line_id = sku_id if seen[sku_id] == 1 else f"{sku_id}-{seen[sku_id]}"
        lines.append(_folded(order, line_id, sku_id, price, items))
    return lines


def _folded(
    order: ApiOrder, line_id: str, sku_id: str, price: Decimal, items: Sequence[LineItem]
) -> FoldedLine:
    first = items[0]
    return FoldedLine(
        order_id=order.id,
        line_id=line_id,
        sku_id=sku_id,
        product_id=first.product_id or sku_id,
        title=first.product_name,
        sku_name=first.sku_name,
        seller_sku=first.seller_sku,
        currency=first.currency,
        quantity=len(items),
        unit_price=price,
        seller_discount=sum((one.seller_discount or ZERO for one in items), ZERO),
        platform_discount=sum((one.platform_discount or ZERO for one in items), ZERO),
    )


def known_skus(shop: Shop, lines: Sequence[FoldedLine]) -> dict[str, Sku]:
    """SKUs by id; bare products and SKUs are made for those that no product page had."""
    merge(
        Product,
        [
            {
                "shop_id": shop.pk,
                "product_id": line.product_id,
                "title": line.title[:300] or line.product_id,
            }
            for line in lines
        ],
        key=["product_id"],
        insert_only=["shop_id", "title"],
    )
    products = dict(
        Product.objects.filter(product_id__in={line.product_id for line in lines}).values_list(
            "product_id", "pk"
        )
    )
    merge(
        Sku,
        [
            {
                "product_id": products[line.product_id],
                "sku_id": line.sku_id,
                "seller_sku": line.seller_sku[:120],
                "name": line.sku_name[:200],
            }
            for line in lines
        ],
        key=["sku_id"],
        insert_only=["product_id", "seller_sku", "name"],
    )
    found = Sku.objects.filter(sku_id__in={line.sku_id for line in lines})
    return {sku.sku_id: sku for sku in found}


def name_orders(shop: Shop, named: dict[str, datetime], *, now: datetime) -> None:
    """Make a bare row for orders that were only named, with the time that names them."""
    known = set(Order.objects.filter(order_id__in=named).values_list("order_id", flat=True))
    merge(
        Order,
        [
            {
                "shop_id": shop.pk,
                "order_id": order_id,
                "status": "",
                "currency": shop.currency,
                "created_at": at,
                "updated_at": at,
                "order_day": shop_day(at, shop.timezone),
                "read_at": now,
            }
            for order_id, at in named.items()
            if order_id and order_id not in known
        ],
        key=["order_id"],
        insert_only=[
            "shop_id",
            "status",
            "currency",
            "created_at",
            "updated_at",
            "order_day",
            "read_at",
        ],
    )


def _order_row(order: ApiOrder, shop: Shop, now: datetime) -> dict[str, Any]:
    payment = order.payment or Payment()
    created = order.create_time or order.update_time or now
    discounts = (payment.shipping_fee_platform_discount, payment.shipping_fee_cofunded_discount)
    return {
        "shop_id": shop.pk,
        "order_id": order.id,
        "status": order.status or "UNKNOWN",
        "currency": payment.currency or shop.currency,
        "created_at": created,
        "updated_at": order.update_time or created,
        "order_day": shop_day(created, shop.timezone),
        "paid_at": _paid_at(order, created),
        "shipped_at": order.collection_time or order.rts_time,
        "delivered_at": order.delivery_time,
        "canceled_at": order.cancel_time,
        "is_sample": bool(order.is_sample_order),
        "is_replacement": bool(order.is_replacement_order or order.is_exchange_order),
        "fulfillment_type": order.fulfillment_type,
        "shipping_paid": payment.shipping_fee or ZERO,
        "shipping_platform_discount": sum((one or ZERO for one in discounts), ZERO),
        "shipping_credited": shipping_credited(shop.market, order.fulfillment_type),
        "tax": payment.tax or ZERO,
        "read_at": now,
    }


def _paid_at(order: ApiOrder, created: datetime) -> datetime | None:
    """When the order became a sale: paid, or ordered where payment is on delivery."""
    if order.paid_time is not None:
        return order.paid_time
    return created if order.is_cod or order.status not in NOT_PAID else None


def _line_row(line: FoldedLine, order_id: int, sku: Sku) -> dict[str, Any]:
    return {
        "order_id": order_id,
        "line_id": line.line_id,
        "sku_id": sku.pk,
        "product_id": sku.product_id,
        "quantity": line.quantity,
        "unit_price": line.unit_price,
        "seller_discount": line.seller_discount,
        "platform_discount": line.platform_discount,
    }


def _drop_lost_lines(order_ids: Any, rows: Sequence[dict[str, Any]]) -> None:
    """Remove lines that the orders no longer have: a price split differently than before."""
    kept = {(row["order_id"], row["line_id"]) for row in rows}
    known = OrderLine.objects.filter(order_id__in=list(order_ids))
    lost = [
        pk
        for pk, order_id, line_id in known.values_list("pk", "order_id", "line_id")
        if (order_id, line_id) not in kept
    ]
    if lost:
        OrderLine.objects.filter(pk__in=lost).delete()


ORDERS = Stream(
    name="orders",
    label="Orders",
    kind=Connection.Kind.SHOP,
    every=timedelta(minutes=10),
    parts=shop_parts,
    open=open_orders,
    pages=_pages,
    load=load_orders,
    overlap=timedelta(minutes=15),
)
