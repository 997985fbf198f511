"""Ads Manager's export of GMV Max by day, in the shape of a report row."""

from collections.abc import Sequence
from typing import Any

from profit.rules.uploads.cells import BadCell, Reader
from profit.rules.uploads.columns import Wanted
from profit.rules.uploads.exports import Refused, Taken, needed
from sparkops.sheets.sheet import Row

GMV_MAX = (
    Wanted("campaign", "Campaign ID", (), required=True),
    Wanted("day", "Date", ("by day", "day", "stat time day"), required=True),
    Wanted("cost", "Cost", ("spend", "total cost"), required=True),
    Wanted("net_cost", "Net cost", ()),
    Wanted("orders", "SKU orders", ("orders", "orders sku")),
    Wanted("revenue", "Gross revenue", ("gross revenue shop", "revenue")),
    Wanted("product", "Product ID", ("item group id",)),
    Wanted("post", "Video ID", ("tiktok post id", "post id", "item id")),
    Wanted("type", "Campaign type", ("promotion type", "gmv max type")),
)
PRODUCT_CARD = "-1"


def gmv_max_days(rows: Sequence[Row], reader: Reader) -> Taken:
    """Days of GMV Max campaigns, of their products or of their videos, in the account's own days
    and currency. `live` says which campaigns promote LIVEs."""
    taken, refused = [], []
    for row in rows:
        try:
            taken.append(_day(row, reader))
        except BadCell as problem:
            refused.append(Refused(row.number, reader.text(row, "campaign"), str(problem)))
    return Taken(taken, refused)


def _day(row: Row, reader: Reader) -> dict[str, Any]:
    campaign = needed(reader, row, "campaign", "campaign")
    if not campaign.isdigit():
        raise BadCell("The row names no campaign.")
    day = reader.moment(row, "day")
    if day is None:
        raise BadCell("The row has no day.")
    net = reader.text(row, "net_cost")
    return {
        "live": "live" in reader.text(row, "type").casefold(),
        "dimensions": {
            "campaign_id": campaign,
            "stat_time_day": f"{day:%Y-%m-%d} 00:00:00",
            **_creative(row, reader),
        },
        "metrics": {
            "cost": str(reader.amount(row, "cost")),
            **({"net_cost": str(reader.amount(row, "net_cost"))} if net else {}),
            "orders": str(reader.number(row, "orders")),
            "gross_revenue": str(reader.amount(row, "revenue")),
        },
    }


def _creative(row: Row, reader: Reader) -> dict[str, str]:
    """The product and its video; a product's own card is no video and goes by TikTok's -1."""
    product, post = reader.text(row, "product"), reader.text(row, "post")
    if not product.isdigit():
        return {}
    if post:
        return {"item_group_id": product, "item_id": post if post.isdigit() else PRODUCT_CARD}
    return {"item_group_id": product}
