"""Exports of Seller Center and Ads Manager, row by row, in the shape the APIs answer with.

What comes out goes through the same loaders as an answer of the API, so the same facts make the
same ledger. Amounts are decimal text, moments seconds since 1970, ids text.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from profit.rules.uploads.cells import BadCell, Reader
from profit.rules.uploads.columns import Wanted
from sparkops.clock import shop_zone
from sparkops.money import ZERO, allocate
from sparkops.reasons import Reason
from sparkops.sheets.sheet import Row
from sparkops.sheets.values import read_share

ORDERS = (
    Wanted("order", "Order ID", ("order number",), required=True),
    Wanted("status", "Order Status", ("status",), required=True),
    Wanted("sku", "SKU ID", (), required=True),
    Wanted("product", "Product ID", ()),
    Wanted("seller_sku", "Seller SKU", ("sku",)),
    Wanted("title", "Product Name", ("product",)),
    Wanted("variation", "Variation", ("variant",)),
    Wanted("quantity", "Quantity", ("qty",), required=True),
    Wanted("price", "SKU Unit Original Price", ("unit price", "original price"), required=True),
    Wanted("seller_discount", "SKU Seller Discount", ("seller discount",)),
    Wanted("platform_discount", "SKU Platform Discount", ("platform discount",)),
    Wanted("shipping", "Shipping Fee After Discount", ("shipping fee",)),
    Wanted("shipping_platform", "Shipping Fee Platform Discount", ()),
    Wanted("tax", "Taxes", ("tax",)),
    Wanted("created", "Created Time", ("order time", "created at"), required=True),
    Wanted("paid", "Paid Time", ("paid at",)),
    Wanted("ready", "RTS Time", ()),
    Wanted("shipped", "Shipped Time", ()),
    Wanted("delivered", "Delivered Time", ()),
    Wanted("canceled", "Cancelled Time", ("canceled time",)),
    Wanted("fulfillment", "Fulfillment Type", ()),
    Wanted("sample", "Sample", ("sample order", "is sample", "free sample")),
)
AFFILIATE = (
    Wanted("order", "Order ID", ("order number",), required=True),
    Wanted("sku", "SKU ID", (), required=True),
    Wanted("product", "Product ID", ()),
    Wanted("creator", "Creator Username", ("creator", "creator handle"), required=True),
    Wanted("content", "Content ID", ("video id",)),
    Wanted("content_type", "Content Type", ()),
    Wanted("rate", "Standard commission rate", ("commission rate",), required=True),
    Wanted("ads_rate", "Shop Ads commission rate", ()),
    Wanted(
        "estimated",
        "Est. standard commission payment",
        ("est commission payment", "estimated commission", "est commission"),
    ),
    Wanted("estimated_ads", "Est. Shop Ads commission payment", ("est shop ads commission",)),
    Wanted("actual", "Actual standard commission payment", ("actual commission payment",)),
    Wanted("actual_ads", "Actual Shop Ads commission payment", ()),
    Wanted("status", "Order Status", ("status",)),
    Wanted("settlement", "Settlement Status", ("order settlement status",)),
    Wanted("created", "Time Created", ("created time", "create time", "order time"), required=True),
)
ADS = (
    Wanted("ad", "Ad ID", (), required=True),
    Wanted("day", "Date", ("by day", "day", "stat time day"), required=True),
    Wanted("cost", "Cost", ("spend", "total cost"), required=True),
    Wanted("campaign", "Campaign ID", ()),
    Wanted("group", "Ad group ID", ("adgroup id",)),
    Wanted("post", "Video ID", ("tiktok post id", "tiktok item id", "post id")),
    Wanted("impressions", "Impressions", ()),
    Wanted("clicks", "Clicks (destination)", ("clicks", "clicks all")),
    Wanted("views", "Video views", ("video play actions",)),
    Wanted("views_6s", "6-second video views", ("6 second video views",)),
    Wanted("conversions", "Conversions", ()),
    Wanted("orders", "Orders (Shop)", ("sku orders", "purchases shop", "orders")),
    Wanted("revenue", "Gross revenue (Shop)", ("gross revenue", "gross revenue shop")),
)
_STATUS = {
    "unpaid": "UNPAID",
    "on hold": "ON_HOLD",
    "to ship": "AWAITING_SHIPMENT",
    "awaiting shipment": "AWAITING_SHIPMENT",
    "awaiting collection": "AWAITING_COLLECTION",
    "partially shipping": "PARTIALLY_SHIPPING",
    "shipped": "IN_TRANSIT",
    "in transit": "IN_TRANSIT",
    "delivered": "DELIVERED",
    "completed": "COMPLETED",
    "canceled": "CANCELLED",
    "cancelled": "CANCELLED",
}
YES = frozenset({"yes", "true", "1", "y", "sample", "free sample"})


@dataclass(frozen=True, slots=True)
class Refused:
    """A row that was not taken, and why. `key` is what it belongs to: none of that is taken."""

    number: int
    key: str
    reason: str


@dataclass(frozen=True, slots=True)
class Taken:
    """Records in the shape of the API, and the rows left out."""

    records: list[dict[str, Any]]
    refused: list[Refused]


def orders(rows: Sequence[Row], reader: Reader, *, zone: str, currency: str) -> Taken:
    """Orders of Seller Center's order export, a row per SKU; times are those of `zone`."""

    def one(key: str, lines: Sequence[Row]) -> dict[str, Any]:
        first = lines[0]
        created = seconds_of(reader, first, "created", zone)
        times = {
            "create_time": created,
            "paid_time": seconds_of(reader, first, "paid", zone),
            "rts_time": seconds_of(reader, first, "ready", zone),
            "collection_time": seconds_of(reader, first, "shipped", zone),
            "delivery_time": seconds_of(reader, first, "delivered", zone),
            "cancel_time": seconds_of(reader, first, "canceled", zone),
        }
        if not created:
            raise BadCell("The order has no time.")
        return {
            "id": key,
            "status": _status(reader.text(first, "status")),
            **times,
            "update_time": max(times.values()),
            "fulfillment_type": reader.text(first, "fulfillment").upper().replace(" ", "_"),
            "is_sample_order": reader.text(first, "sample").casefold() in YES,
            "payment": {
                "currency": currency,
                "shipping_fee": str(reader.amount(first, "shipping")),
                "shipping_fee_platform_discount": str(reader.amount(first, "shipping_platform")),
                "tax": str(reader.amount(first, "tax")),
            },
            "line_items": [item for line in lines for item in _units(reader, line, key, currency)],
        }

    return grouped(rows, reader, "order", one)


def affiliate_orders(rows: Sequence[Row], reader: Reader, *, zone: str, currency: str) -> Taken:
    """Orders of the affiliate export, a row per SKU that a creator brought."""

    def money(row: Row, name: str) -> dict[str, str]:
        return {"amount": str(reader.amount(row, name)), "currency": currency}

    def sku(row: Row) -> dict[str, Any]:
        return {
            "sku_id": needed(reader, row, "sku", "SKU"),
            "product_id": reader.text(row, "product"),
            "creator_username": reader.text(row, "creator").lstrip("@"),
            "content_id": reader.text(row, "content"),
            "content_type": reader.text(row, "content_type").upper().replace(" ", "_"),
            "commission_rate": _hundredths(reader.text(row, "rate")),
            "shop_ads_commission_rate": _hundredths(reader.text(row, "ads_rate")),
            "estimated_paid_commission": money(row, "estimated"),
            "estimated_paid_shop_ads_commission": money(row, "estimated_ads"),
            "actual_paid_commission": money(row, "actual"),
            "actual_paid_shop_ads_commission": money(row, "actual_ads"),
            "settlement_status": reader.text(row, "settlement").upper(),
        }

    def one(key: str, lines: Sequence[Row]) -> dict[str, Any]:
        return {
            "id": key,
            "create_time": seconds_of(reader, lines[0], "created", zone),
            "status": reader.text(lines[0], "status").upper(),
            "skus": [sku(line) for line in lines],
        }

    return grouped(rows, reader, "order", one)


def ad_days(rows: Sequence[Row], reader: Reader) -> Taken:
    """Days of ads of an Ads Manager report, in the account's own days and currency."""
    taken, refused = [], []
    for row in rows:
        try:
            taken.append(_ad_day(row, reader))
        except BadCell as problem:
            refused.append(Refused(row.number, reader.text(row, "ad"), str(problem)))
    return Taken(taken, refused)


def _ad_day(row: Row, reader: Reader) -> dict[str, Any]:
    day = reader.moment(row, "day")
    if day is None:
        raise BadCell("The row has no day.")
    return {
        "dimensions": {
            "ad_id": needed(reader, row, "ad", "ad"),
            "stat_time_day": f"{day:%Y-%m-%d} 00:00:00",
        },
        "metrics": {
            "spend": str(reader.amount(row, "cost")),
            "campaign_id": reader.text(row, "campaign"),
            "adgroup_id": reader.text(row, "group"),
            "tiktok_item_id": reader.text(row, "post"),
            "impressions": str(reader.number(row, "impressions")),
            "clicks": str(reader.number(row, "clicks")),
            "video_play_actions": str(reader.number(row, "views")),
            "video_watched_6s": str(reader.number(row, "views_6s")),
            "conversion": str(reader.number(row, "conversions")),
            "onsite_shopping": str(reader.number(row, "orders")),
            "total_onsite_shopping_value": str(reader.amount(row, "revenue")),
        },
    }


def grouped(
    rows: Sequence[Row],
    reader: Reader,
    by: str,
    one: Callable[[str, Sequence[Row]], dict[str, Any]],
) -> Taken:
    """One record per id in the column `by`, such as `order`. A record with a bad row is left out as
    a whole: half an order would be a wrong amount."""
    by_id: dict[str, list[Row]] = {}
    refused = []
    for row in rows:
        key = reader.text(row, by)
        if key.isdigit():
            by_id.setdefault(key, []).append(row)
        else:
            refused.append(Refused(row.number, key, f"The row has no {by} id."))
    taken = []
    for key, lines in by_id.items():
        try:
            taken.append(one(key, lines))
        except BadCell as problem:
            refused += [Refused(line.number, key, str(problem)) for line in lines]
    return Taken(taken, sorted(refused, key=lambda row: row.number))


def _units(reader: Reader, line: Row, order: str, currency: str) -> list[dict[str, Any]]:
    """The API names every unit; an export gives discounts of the whole line, split to the cent."""
    quantity = reader.number(line, "quantity")
    if not quantity:
        raise BadCell("The row has no quantity.")
    ids = [f"{order}-{line.number}-{unit}" for unit in range(quantity)]
    even = dict.fromkeys(ids, Decimal(1))
    seller = allocate(abs(reader.amount(line, "seller_discount")), even, currency)
    platform = allocate(abs(reader.amount(line, "platform_discount")), even, currency)
    price = reader.amount(line, "price")
    return [
        {
            "id": unit,
            "sku_id": needed(reader, line, "sku", "SKU"),
            "product_id": reader.text(line, "product"),
            "seller_sku": reader.text(line, "seller_sku"),
            "product_name": reader.text(line, "title"),
            "sku_name": reader.text(line, "variation"),
            "currency": currency,
            "original_price": str(price),
            "seller_discount": str(seller[unit]),
            "platform_discount": str(platform[unit]),
            "sale_price": str(price - seller[unit] - platform[unit]),
        }
        for unit in ids
    ]


def seconds_of(reader: Reader, row: Row, key: str, zone: str) -> int:
    """The moment in a cell, written in `zone` unless it names one; 0 where there is none."""
    moment: datetime | None = reader.moment(row, key)
    if moment is None:
        return 0
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=shop_zone(zone))
    return int(moment.timestamp())


def _status(text: str) -> str:
    plain = text.casefold().replace("_", " ").strip()
    if plain not in _STATUS:
        raise BadCell(f"“{text[:40]}” is no status of an order that is known here.")
    return _STATUS[plain]


def _hundredths(text: str) -> str:
    """A rate as the API writes it: 15 % is 1500."""
    read = read_share(text)
    if isinstance(read, Reason):
        raise BadCell(read.sentence)
    value = read.value if read else ZERO
    return str((value * 10_000).quantize(Decimal(1)))


def needed(reader: Reader, row: Row, key: str, word: str) -> str:
    """The text of a cell that may not be empty. Raises BadCell."""
    text = reader.text(row, key)
    if not text:
        raise BadCell(f"The row names no {word}.")
    return text
