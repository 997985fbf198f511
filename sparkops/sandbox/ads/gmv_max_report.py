"""``/gmv_max/report/get/``: one shop, six levels."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from sparkops.sandbox.ads.call import Call, Data, Refused, endpoint, invalid, moment_text, number
from sparkops.sandbox.ads.gmv_max import shops_of
from sparkops.sandbox.ads.metrics import money, per
from sparkops.sandbox.ads.reports import order, span_limit
from sparkops.sandbox.world import Advertiser, GmvMaxCampaign
from sparkops.sandbox.world.audience import noise
from sparkops.sandbox.world.delivery import day_start, local_day
from sparkops.sandbox.world.gmv_max import (
    PRODUCT_CARD,
    Cell,
    authorization_type,
    cost_known,
    day_cells,
    net_of,
    removed,
)
from sparkops.sandbox.world.money import ZERO
from sparkops.sandbox.world.statuses import campaign_status

TIMES = ("stat_time_day", "stat_time_hour")
IDS = ("advertiser_id", "campaign_id", "item_group_id", "item_id", "room_id", "duration")
STATUSES = ("STATUS_DELIVERY_OK", "STATUS_DISABLE", "STATUS_DELETE", "STATUS_NOT_DELIVERY")
PROMOTION_TYPES = ("PRODUCT", "LIVE")
MOST_METRICS = 100
NUMBERS = ("cost", "net_cost", "orders", "cost_per_order", "gross_revenue", "roi")


@dataclass
class Line:
    """What a report row adds up. ``late_cost`` is the cost as late figures know it."""

    campaign: GmvMaxCampaign
    cell: Cell
    cost: Decimal = ZERO
    late_cost: Decimal = ZERO
    net_cost: Decimal = ZERO
    orders: int = 0
    revenue: Decimal = ZERO


@dataclass(frozen=True)
class Ask:
    dimensions: list[str]
    ids: list[str]
    time: str
    metrics: list[str]
    first: date
    last: date
    shop_id: str
    filtering: Data

    @property
    def level(self) -> str:
        """The finest id: account, campaign, product, creative, room or duration."""
        for name in ("duration", "room_id", "item_id", "item_group_id", "campaign_id"):
            if name in self.ids:
                return name
        return "advertiser_id"


def ask(call: Call, advertiser: Advertiser) -> Ask:
    call.need("store_ids", "dimensions", "metrics", "start_date", "end_date")
    store_ids = call.texts("store_ids")
    if len(store_ids) != 1:
        raise invalid("store_ids: Exactly one store id is allowed.")
    if store_ids[0] not in [shop.id for shop in shops_of(call, advertiser)]:
        raise Refused(40001, f"No permission to operate store {store_ids[0]}.")
    dimensions = call.texts("dimensions")
    for one in dimensions:
        if one not in (*TIMES, *IDS):
            raise invalid(f"dimensions: Invalid value {one}.")
    times = [one for one in dimensions if one in TIMES]
    if len(times) > 1:
        raise invalid("dimensions: At most one time dimension is allowed.")
    metrics = call.texts("metrics")
    if len(metrics) > MOST_METRICS:
        raise invalid(f"metrics: At most {MOST_METRICS} metrics are allowed.")
    first, last = call.day("start_date"), call.day("end_date")
    span_limit(call, times[0] if times else "", first, last)
    wanted = Ask(
        dimensions=dimensions,
        ids=[one for one in dimensions if one in IDS],
        time=times[0] if times else "",
        metrics=metrics,
        first=first,
        last=last,
        shop_id=store_ids[0],
        filtering=call.filtering(),
    )
    _check_filters(wanted)
    _check_metrics(wanted)
    return wanted


def _check_filters(wanted: Ask) -> None:
    filtering, level = wanted.filtering, wanted.level
    types = filtering.get("gmv_max_promotion_types")
    if level == "campaign_id" and not types:
        raise invalid("Missing required field(s): filtering.gmv_max_promotion_types.")
    if types and level in {"item_group_id", "item_id"}:
        raise invalid("filtering.gmv_max_promotion_types: Not supported with these dimensions.")
    for one in types or []:
        if one not in PROMOTION_TYPES:
            raise invalid(f"filtering.gmv_max_promotion_types: Invalid value {one}.")
    if level in {"item_group_id", "item_id", "room_id", "duration"}:
        _need_filter(filtering, "campaign_ids")
    if level == "item_id":
        _need_filter(filtering, "item_group_ids")
    statuses = filtering.get("campaign_statuses", [])
    if len(statuses) > len(STATUSES) or any(one not in STATUSES for one in statuses):
        raise invalid("filtering.campaign_statuses: Invalid value.")
    if filtering.get("creative_types") and filtering.get("creative_delivery_statuses"):
        raise invalid(
            "filtering: creative_types and creative_delivery_statuses cannot be used together."
        )


def _need_filter(filtering: Data, name: str) -> None:
    if not filtering.get(name):
        raise invalid(f"Missing required field(s): filtering.{name}.")


def _check_metrics(wanted: Ask) -> None:
    """``net_cost`` stops at campaigns; attributes need a single id dimension of their level."""
    if "net_cost" in wanted.metrics and wanted.level not in {"advertiser_id", "campaign_id"}:
        raise invalid("metrics: net_cost is not supported with these dimensions.")
    for name in wanted.metrics:
        if name not in NUMBERS and name not in ATTRIBUTES and name not in COUNTS:
            raise invalid(f"metrics: Invalid metric name {name}.")


def lines(call: Call, advertiser: Advertiser, wanted: Ask) -> dict[tuple[str, ...], Line]:
    """Sums by the asked dimensions."""
    found: dict[tuple[str, ...], Line] = {}
    readers = [DIMENSIONS[name] for name in wanted.dimensions]
    accepts = _cell_filter(wanted)
    today = local_day(advertiser, call.now)
    for campaign in _campaigns(call, advertiser, wanted):
        day = max(wanted.first, local_day(advertiser, campaign.created_at))
        while day <= min(wanted.last, today):
            start = day_start(advertiser, day)
            late = [cost_known(start + timedelta(hours=n), call.now) for n in range(24)]
            cells = day_cells(call.world, campaign, day, call.now)
            for (hour, product_id, item_id), cell in cells.items():
                if accepts(product_id, item_id):
                    place = Place(advertiser, campaign, day, hour, product_id, item_id)
                    key = tuple([read(place) for read in readers])
                    line = found.get(key)
                    if line is None:
                        line = found[key] = Line(campaign, cell)
                    _add(line, cell, day, late[hour])
            day += timedelta(days=1)
    if wanted.level == "item_id" and wanted.time and "campaign_id" in wanted.ids:
        return {key: line for key, line in found.items() if line.cost}
    return found


def _campaigns(call: Call, advertiser: Advertiser, wanted: Ask) -> list[GmvMaxCampaign]:
    filtering = wanted.filtering
    ids = {str(one) for one in filtering.get("campaign_ids", [])}
    types = filtering.get("gmv_max_promotion_types") or PROMOTION_TYPES
    statuses = filtering.get("campaign_statuses") or STATUSES
    name = str(filtering.get("campaign_name", ""))
    return [
        one
        for one in call.world.gmv_max.values()
        if one.advertiser_id == advertiser.id
        and one.shop_id == wanted.shop_id
        and (not ids or one.id in ids)
        and one.shopping_ads_type in types
        and _status(call, one) in statuses
        and name in one.name
    ]


def _status(call: Call, campaign: GmvMaxCampaign) -> str:
    word = campaign.operation_status(call.now)
    return "STATUS_DELIVERY_OK" if word == "ENABLE" else f"STATUS_{word}"


def _cell_filter(wanted: Ask) -> Callable[[str, str], bool]:
    """Tells by product and post whether a cell counts. No LIVE rooms exist in these worlds."""
    products = {str(one) for one in wanted.filtering.get("item_group_ids", [])}
    items = {str(one) for one in wanted.filtering.get("item_ids", [])}
    rooms = wanted.level == "room_id"

    def accepts(product_id: str, item_id: str) -> bool:
        fits = (not products or product_id in products) and (not items or item_id in items)
        return fits and not rooms

    return accepts


class Place(NamedTuple):
    """Where a cell stands."""

    advertiser: Advertiser
    campaign: GmvMaxCampaign
    day: date
    hour: int
    product_id: str
    item_id: str


DIMENSIONS: dict[str, Callable[[Place], str]] = {
    "advertiser_id": lambda place: place.advertiser.id,
    "campaign_id": lambda place: place.campaign.id,
    "item_group_id": lambda place: place.product_id,
    "item_id": lambda place: place.item_id,
    "room_id": lambda place: "",
    "duration": lambda place: (
        f"{moment_text(place.campaign.starts_at)} - "
        f"{moment_text(place.campaign.ends_at) or 'Continuously'}"
    ),
    "stat_time_day": lambda place: f"{place.day} 00:00:00",
    "stat_time_hour": lambda place: f"{place.day} {place.hour:02d}:00:00",
}


def _add(line: Line, cell: Cell, day: date, late: bool) -> None:
    line.cost += cell.cost
    if late:
        line.late_cost += cell.cost
        line.net_cost += net_of(cell.cost, day)
    line.orders += cell.orders
    line.revenue += cell.revenue


Attribute = Callable[[Call, Advertiser, Line], Any]


def _post_text(name: str) -> Attribute:
    def read(call: Call, advertiser: Advertiser, line: Line) -> str:
        post = call.world.posts.get(line.cell.item_id)
        if post is None:
            return "-1"
        creator = call.world.creators[post.creator_id]
        texts = {
            "title": post.caption,
            "tt_account_name": creator.handle,
            "tt_account_profile_image_url": (
                f"https://p16-sign.tiktokcdn.example/{creator.identity_id}.jpeg"
            ),
        }
        return texts[name]

    return read


def _authorization(call: Call, advertiser: Advertiser, line: Line) -> str:
    post = call.world.posts.get(line.cell.item_id)
    if post is None:
        return "UNSET"
    return authorization_type(call.world, line.campaign, post, call.now) or "UNSET"


def delivery_status(call: Call, line: Line) -> str:
    """The word of ``creative_delivery_status``."""
    if line.cell.item_id == PRODUCT_CARD:
        return "DELIVERING"
    post = call.world.posts.get(line.cell.item_id)
    if post is None or not post.is_public(call.now):
        return "UNAVAILABLE"
    if removed(line.campaign, post.item_id, call.now):
        return "EXCLUDED"
    if authorization_type(call.world, line.campaign, post, call.now) is None:
        return "AUTHORIZATION_NEEDED"
    if line.campaign.operation_status(call.now) != "ENABLE":
        return "NOT_DELIVERYING"
    return "LEARNING" if call.now - post.posted_at < timedelta(days=3) else "DELIVERING"


def _rates(line: Line) -> dict[str, float]:
    key = line.cell.item_id
    return {
        "2s": 30 + 20 * noise(key, "2s"),
        "6s": 12 + 12 * noise(key, "6s"),
        "p25": 22 + 14 * noise(key, "p25"),
        "p50": 11 + 9 * noise(key, "p50"),
        "p75": 6 + 6 * noise(key, "p75"),
        "p100": 3 + 4 * noise(key, "p100"),
    }


def _impressions(line: Line) -> int:
    return int(float(line.cost) * (130 + 60 * noise(line.cell.item_id, "imp"))) + line.orders * 90


def _clicks(line: Line) -> int:
    return int(_impressions(line) * (0.012 + 0.02 * noise(line.cell.item_id, "clk"))) + line.orders


def _rate(name: str) -> Attribute:
    def read(call: Call, advertiser: Advertiser, line: Line) -> str:
        return f"{_rates(line)[name]:.2f}" if line.cost else "0.00"

    return read


COUNTS: dict[str, Attribute] = {
    "product_impressions": lambda c, a, line: str(_impressions(line)),
    "product_clicks": lambda c, a, line: str(_clicks(line)),
    "product_click_rate": lambda c, a, line: per(_clicks(line), _impressions(line), 100),
    "ad_click_rate": lambda c, a, line: per(_clicks(line), _impressions(line), 100),
    "ad_conversion_rate": lambda c, a, line: per(line.orders, _clicks(line), 100),
    "ad_video_view_rate_2s": _rate("2s"),
    "ad_video_view_rate_6s": _rate("6s"),
    "ad_video_view_rate_p25": _rate("p25"),
    "ad_video_view_rate_p50": _rate("p50"),
    "ad_video_view_rate_p75": _rate("p75"),
    "ad_video_view_rate_p100": _rate("p100"),
}
ATTRIBUTES: dict[str, Attribute] = {
    "currency": lambda c, a, line: a.currency,
    "campaign_id": lambda c, a, line: line.campaign.id,
    "campaign_name": lambda c, a, line: line.campaign.name,
    "operation_status": lambda c, a, line: line.campaign.operation_status(c.now),
    "secondary_status": lambda c, a, line: campaign_status(line.campaign, c.now),
    "bid_type": lambda c, a, line: "CUSTOM",
    "schedule_type": lambda c, a, line: "Continuously",
    "schedule_start_time": lambda c, a, line: moment_text(line.campaign.starts_at) or "-",
    "schedule_end_time": lambda c, a, line: moment_text(line.campaign.ends_at) or "-",
    "target_roi_budget": lambda c, a, line: money(line.campaign.budget),
    "max_delivery_budget": lambda c, a, line: "0.00",
    "roas_bid": lambda c, a, line: str(number(line.campaign.roas_bid)),
    "item_group_id": lambda c, a, line: line.cell.product_id,
    "product_name": lambda c, a, line: c.world.products[line.cell.product_id].title,
    "product_image_url": lambda c, a, line: c.world.products[line.cell.product_id].image_url,
    "product_status": lambda c, a, line: (
        "available"
        if c.world.products[line.cell.product_id].status == "ACTIVATE"
        else "unavailable"
    ),
    "item_id": lambda c, a, line: line.cell.item_id,
    "title": _post_text("title"),
    "tt_account_name": _post_text("tt_account_name"),
    "tt_account_profile_image_url": _post_text("tt_account_profile_image_url"),
    "tt_account_authorization_type": _authorization,
    "shop_content_type": lambda c, a, line: (
        "PRODUCT_CARD" if line.cell.item_id == PRODUCT_CARD else "VIDEO"
    ),
    "creative_delivery_status": lambda c, a, line: delivery_status(c, line),
}


def metrics_of(call: Call, advertiser: Advertiser, wanted: Ask, line: Line) -> Data:
    """The row's metrics, all text; organic creative rows have no cost at all."""
    late = wanted.level in {"item_group_id", "item_id", "duration"}
    cost = line.late_cost if late else line.cost
    numbers = {
        "cost": money(cost),
        "net_cost": money(line.net_cost),
        "orders": str(line.orders),
        "cost_per_order": per(cost, line.orders),
        "gross_revenue": money(line.revenue),
        "roi": per(line.revenue, cost),
    }
    if wanted.level == "item_id" and not line.cost:
        numbers.pop("cost")
    row: Data = {}
    for name in wanted.metrics:
        if name in NUMBERS:
            if name in numbers:
                row[name] = numbers[name]
        else:
            row[name] = (ATTRIBUTES.get(name) or COUNTS[name])(call, advertiser, line)
    return row


@endpoint("GET", "/gmv_max/report/get/")
def report(call: Call) -> Data:
    advertiser = call.advertiser()
    wanted = ask(call, advertiser)
    found = lines(call, advertiser, wanted)
    statuses = wanted.filtering.get("creative_delivery_statuses")
    if statuses and wanted.level == "item_id":
        found = {k: v for k, v in found.items() if delivery_status(call, v) in statuses}
    rows = [
        {
            "dimensions": dict(zip(wanted.dimensions, key, strict=True)),
            "metrics": metrics_of(call, advertiser, wanted, line),
        }
        for key, line in sorted(found.items())
    ]
    shown, page_info = call.page(order(call, rows))
    data: Data = {"list": shown, "page_info": page_info}
    if call.flag("enable_total_metrics") and page_info["page"] == 1:
        data["total_metrics"] = _totals(wanted, list(found.values()))
    return data


def _totals(wanted: Ask, found: list[Line]) -> Data:
    cost = sum((line.cost for line in found), ZERO)
    revenue = sum((line.revenue for line in found), ZERO)
    orders = sum(line.orders for line in found)
    totals = {
        "cost": money(cost),
        "net_cost": money(sum((line.net_cost for line in found), ZERO)),
        "orders": str(orders),
        "cost_per_order": per(cost, orders),
        "gross_revenue": money(revenue),
        "roi": per(revenue, cost),
    }
    return {name: text for name, text in totals.items() if name in wanted.metrics}
