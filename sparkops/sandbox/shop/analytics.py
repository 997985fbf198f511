"""Analytics of shop, products, SKUs and LIVE sessions (contract section 10)."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sparkops.sandbox.world import Order, OrderLine

from . import errors, fields, paging
from .gate import Call
from .performance import (
    Period,
    asked_period,
    complete,
    counts,
    dated,
    gmv_of,
    intervals,
    lines_sold,
    parsed_day,
    posts_of_shop,
    shown_money,
    watched,
)
from .values import ZERO, share

DEFAULT_PAGE = 10
PRODUCT_SORTS = ("gmv", "items_sold", "orders")
SKU_SORTS = ("gmv", "sku_orders", "units_sold")
PRODUCT_FILTERS = ("LIVE", "INACTIVE", "ALL")
TOP = 100
HOURS_BACK_DAYS = 30
# Where the GMV of an order is counted.
CHANNELS = {"VIDEO": "VIDEO", "LIVE": "LIVE"}
Lines = list[tuple[Order, OrderLine]]


def shop(call: Call) -> dict[str, Any]:
    period = asked_period(call)
    rows = [_shop_interval(call, part) for part in intervals(call, period)]
    return dated(call, {"performance": {"intervals": rows}})


def shop_hours(call: Call) -> dict[str, Any]:
    """The hours of one shop-local day of the last 30, today included."""
    day = parsed_day(call.params["date"])
    period = Period.between(call, day, day + timedelta(days=1))
    if period.starts_at > call.now or period.ends_at < call.now - timedelta(HOURS_BACK_DAYS):
        raise errors.invalid_dates()
    orders = [
        order
        for order in call.world.orders.values()
        if order.shop_id == call.shop.id
        and not order.is_sample
        and period.has(order.created_at)
        and order.created_at <= call.now
    ]
    rows = []
    for index in range(24):
        start = period.starts_at + timedelta(hours=index)
        lines = [
            (order, line)
            for order in orders
            if start <= order.created_at < start + timedelta(hours=1)
            for line in order.lines
        ]
        rows.append({"index": index, **_hour(call, lines)})
    every = [(order, line) for order in orders for line in order.lines]
    return {
        "latest_available_timestamp": int(call.now.timestamp()),
        "performance": {"overall": _hour(call, every), "intervals": rows},
    }


def products(call: Call) -> dict[str, Any]:
    period = asked_period(call)
    status = call.query.get("product_status_filter") or "ALL"
    if status not in PRODUCT_FILTERS:
        raise errors.invalid_field("product_status_filter", "must be LIVE, INACTIVE or ALL")
    sold = _grouped(lines_sold(call, period), lambda line: line.product_id)
    rows = [
        {
            "id": product.id,
            "overall_performance": {
                "gmv": shown_money(call, gmv_of(sold.get(product.id, []))),
                "orders": counts(sold.get(product.id, []))["orders"],
                "items_sold": counts(sold.get(product.id, []))["items_sold"],
            },
        }
        for product in call.world.products.values()
        if product.shop_id == call.shop.id
        and (status == "ALL" or (product.status == "ACTIVATE") == (status == "LIVE"))
    ]
    return _listed(call, rows, "products", PRODUCT_SORTS, lambda row: row["overall_performance"])


def product(call: Call) -> dict[str, Any]:
    """One product by interval, with its best creators and contents."""
    period = asked_period(call)
    wanted = call.params["product_id"]
    found = call.world.products.get(wanted)
    if found is None or found.shop_id != call.shop.id:
        raise errors.no_such_product()
    lines = _lines_of(call, period, wanted)
    rows = [
        {
            "start_date": part.first.isoformat(),
            "end_date": part.end.isoformat(),
            **_product_interval(call, part, _lines_of(call, part, wanted)),
        }
        for part in intervals(call, period)
    ]
    return dated(
        call,
        {
            "performance": {
                "intervals": rows,
                "ratings": [],
                "top_creators": _top_creators(call, lines),
                "top_contents": [{"type": "VIDEO", "contents": _top_contents(call, lines)}],
            }
        },
    )


def skus(call: Call) -> dict[str, Any]:
    """SKU and product ids are JSON integers here."""
    period = asked_period(call)
    sold = _grouped(lines_sold(call, period), lambda line: line.sku_id)
    rows = [
        {
            "id": int(sku.id),
            "product_id": int(one.id),
            **_sku_sales(call, sold.get(sku.id, [])),
        }
        for one in call.world.products.values()
        if one.shop_id == call.shop.id
        for sku in one.skus
    ]
    return _listed(call, rows, "skus", SKU_SORTS, lambda row: row)


def sku(call: Call) -> dict[str, Any]:
    period = asked_period(call)
    wanted = call.params["sku_id"]
    rows = [
        {
            "start_date": part.first.isoformat(),
            "end_date": part.end.isoformat(),
            **_sku_sales(call, [one for one in lines_sold(call, part) if one[1].sku_id == wanted]),
        }
        for part in intervals(call, period)
    ]
    return dated(call, {"performance": {"intervals": rows}})


def lives(call: Call) -> dict[str, Any]:
    """No brand of the sandbox goes LIVE: a list without sessions."""
    asked_period(call)
    return dated(call, {"total_count": 0, "next_page_token": "", "live_stream_sessions": []})


def lives_overview(call: Call) -> dict[str, Any]:
    nothing = {
        "gmv": shown_money(call, ZERO),
        "sku_orders": 0,
        "customers": 0,
        "items_sold": 0,
        "click_to_order_rate": "0%",
    }
    rows = [
        {"start_date": part.first.isoformat(), "end_date": part.end.isoformat(), **nothing}
        for part in intervals(call, asked_period(call))
    ]
    return dated(call, {"performance": {"intervals": rows}})


def no_live(call: Call) -> dict[str, Any]:
    """Details of a LIVE session: there is none to tell about."""
    raise errors.invalid_field("live_id", "names no LIVE session of this shop")


def _shop_interval(call: Call, part: Period) -> dict[str, Any]:
    lines = lines_sold(call, part)
    number = counts(lines)
    kept = [(order, line) for order, line in lines if order.status(call.now) != "CANCELLED"]
    views = [watched(call, post, part) for post in posts_of_shop(call, part.ends_at)]
    visitors = sum(one.product_clicks for one in views) + 9 * number["orders"]
    days = max(1, complete(call, part).days)
    rate = share(number["customers"], visitors)
    return {
        "start_date": part.first.isoformat(),
        "end_date": part.end.isoformat(),
        "sales": {
            "gmv": {
                "overall": shown_money(call, gmv_of(lines)),
                "breakdowns": [
                    {"type": kind, "gmv": shown_money(call, gmv_of(_of_channel(lines, kind)))}
                    for kind in ("VIDEO", "LIVE", "PRODUCT_CARD")
                ],
            },
            "gross_revenue": {
                "overall": shown_money(call, gmv_of(kept)),
                "breakdowns": _revenue_split(call, kept),
            },
            "orders_count": number["orders"],
            "sku_orders_count": number["sku_orders"],
            "items_sold": number["items_sold"],
            "avg_customers_count": round(number["customers"] / days),
            "refunds": shown_money(call, _refunded(call, part)),
        },
        "traffic": {
            "avg_visitors": round(visitors / days),
            "avg_page_views": round(visitors * 1.8 / days),
            # The description spells it one way, its example the other.
            "avg_conversation_rate": rate,
            "avg_conversion_rate": rate,
        },
    }


def _revenue_split(call: Call, lines: Lines) -> list[dict[str, Any]]:
    """Ads against organic, told in the UK and the EU only."""
    if call.shop.region == "US":
        return []
    ads = [one for one in lines if one[0].affiliate and one[0].affiliate.ad_driven]
    organic = [one for one in lines if one not in ads]
    return [
        {"type": kind, "gross_revenue": shown_money(call, gmv_of(part))}
        for kind, part in (("ADS", ads), ("ORGANIC", organic))
    ]


def _of_channel(lines: Lines, kind: str) -> Lines:
    return [
        (order, line)
        for order, line in lines
        if CHANNELS.get(order.affiliate.content_type if order.affiliate else "", "PRODUCT_CARD")
        == kind
    ]


def _refunded(call: Call, part: Period) -> Any:
    limit = complete(call, part)
    return sum(
        (
            one.item_refund + one.shipping_refund
            for one in call.world.returns.values()
            if one.shop_id == call.shop.id
            and limit.has(one.completed_at)
            and one.status(call.now).endswith("_COMPLETE")
        ),
        ZERO,
    )


def _hour(call: Call, lines: Lines) -> dict[str, Any]:
    number = counts(lines)
    return {
        "gmv": shown_money(call, gmv_of(lines)),
        "customers": number["customers"],
        "visitors": 9 * number["orders"],
        "items_sold": number["items_sold"],
    }


def _lines_of(call: Call, part: Period, product_id: str) -> Lines:
    return [one for one in lines_sold(call, part) if one[1].product_id == product_id]


def _product_interval(call: Call, part: Period, lines: Lines) -> dict[str, Any]:
    number = counts(lines)
    cancelled = sum(1 for order, _ in lines if order.status(call.now) == "CANCELLED")
    returned = {
        line_id
        for one in call.world.returns.values()
        if one.shop_id == call.shop.id and one.status(call.now).endswith("_COMPLETE")
        for line_id in one.line_ids
    }
    back = sum(1 for _, line in lines if line.id in returned)
    return {
        "sales": {
            "gmv": {
                "overall": shown_money(call, gmv_of(lines)),
                "breakdowns": [
                    {"type": kind, "gmv": shown_money(call, gmv_of(_of_channel(lines, kind)))}
                    for kind in ("VIDEO", "LIVE", "PRODUCT_CARD")
                ],
            },
            "orders": number["orders"],
            "items_sold": number["items_sold"],
            "avg_customers": round(number["customers"] / max(1, complete(call, part).days)),
        },
        "traffic": {"page_views": 12 * number["orders"], "breakdowns": []},
        "cancel_and_refunds": {
            "canceled": cancelled,
            "refunded": back,
            "returned": back,
            "replacements": 0,
        },
    }


def _top_creators(call: Call, lines: Lines) -> list[dict[str, Any]]:
    by_creator: dict[str, Lines] = {}
    for order, line in lines:
        if order.affiliate:
            by_creator.setdefault(order.affiliate.creator_id, []).append((order, line))
    rows = sorted(by_creator.items(), key=lambda item: -gmv_of(item[1]))[:TOP]
    return [
        {
            "creator_open_id": call.world.creators[creator_id].open_id,
            "creator_name": call.world.creators[creator_id].handle,
            "gmv": shown_money(call, gmv_of(part)),
            "items_sold": len(part),
        }
        for creator_id, part in rows
    ]


def _top_contents(call: Call, lines: Lines) -> list[dict[str, Any]]:
    by_content: dict[str, Lines] = {}
    for order, line in lines:
        if order.affiliate and order.affiliate.content_type == "VIDEO":
            by_content.setdefault(order.affiliate.content_id, []).append((order, line))
    rows = sorted(by_content.items(), key=lambda item: -gmv_of(item[1]))[:TOP]
    return [
        {
            "content_id": content_id,
            "gmv": shown_money(call, gmv_of(part)),
            "items_sold": len(part),
        }
        for content_id, part in rows
    ]


def _sku_sales(call: Call, lines: Lines) -> dict[str, Any]:
    return {
        "gmv": shown_money(call, gmv_of(lines)),
        "sku_orders": counts(lines)["sku_orders"],
        "units_sold": len(lines),
    }


def _grouped(lines: Lines, key: Callable[[OrderLine], str]) -> dict[str, Lines]:
    groups: dict[str, Lines] = {}
    for order, line in lines:
        groups.setdefault(key(line), []).append((order, line))
    return groups


def _listed(
    call: Call,
    rows: list[dict[str, Any]],
    name: str,
    sorts: tuple[str, ...],
    metrics: Callable[[dict[str, Any]], dict[str, Any]],
) -> dict[str, Any]:
    sort = fields.sort_field(call.query, sorts, required=False)

    def position(row: dict[str, Any]) -> tuple[float, str]:
        value = metrics(row)[sort]
        return float(value["amount"] if isinstance(value, dict) else value), str(row["id"])

    shown, token = paging.page(
        rows,
        size=fields.page_size(call.query, default=DEFAULT_PAGE),
        token=fields.page_token(call.query),
        query=call.page_key(),
        position=position,
        descending=fields.descending(call.query, default="DESC"),
    )
    return dated(call, {"total_count": len(rows), "next_page_token": token, name: shown})
