"""``/report/integrated/get/``: numbers of ads by day and hour, at four levels."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import product
from math import prod
from typing import Any

from sparkops.sandbox.ads.call import Call, Data, endpoint, invalid
from sparkops.sandbox.ads.metrics import Sum, is_name, value
from sparkops.sandbox.world import Ad, Advertiser
from sparkops.sandbox.world.delivery import Numbers, ad_day, ad_hours, day_start, local_day
from sparkops.sandbox.world.gmv_max import cost_known, day_cells
from sparkops.sandbox.world.money import ZERO, cents
from sparkops.sandbox.world.statuses import ad_status

REPORT_TYPES = ("BASIC", "AUDIENCE", "PLAYABLE_MATERIAL", "CATALOG", "BC", "TT_SHOP")
LEVELS = {
    "AUCTION_ADVERTISER": "advertiser_id",
    "AUCTION_CAMPAIGN": "campaign_id",
    "AUCTION_ADGROUP": "adgroup_id",
    "AUCTION_AD": "ad_id",
}
AD_ALIASES = ("ad_id_v2", "post_id")
TIMES = ("stat_time_day", "stat_time_hour")
# Shares of an audience, for AUDIENCE reports.
AUDIENCES: dict[str, tuple[tuple[str, float], ...]] = {
    "gender": (("FEMALE", 0.71), ("MALE", 0.27), ("NONE", 0.02)),
    "age": (
        ("AGE_18_24", 0.34),
        ("AGE_25_34", 0.38),
        ("AGE_35_44", 0.18),
        ("AGE_45_54", 0.07),
        ("AGE_55_100", 0.03),
    ),
    "platform": (("ANDROID", 0.44), ("IPHONE", 0.56)),
    "ac": (("WIFI", 0.8), ("4G", 0.2)),
    "language": (("en", 1.0),),
    "placement": (("TikTok", 1.0),),
    "interest_category": (("Beauty", 1.0),),
}
MOST_DAYS_BY_HOUR = 1
MOST_DAYS_BY_DAY = 30
MOST_DAYS = 365
MOST_ADVERTISERS = 5


@dataclass(frozen=True)
class Ask:
    """A checked report request."""

    id_dimension: str
    time_dimension: str
    audiences: list[str]
    metrics: list[str]
    first: date
    last: date
    with_deleted: bool
    ids: dict[str, set[str]]


@dataclass
class Piece:
    """One hour of one ad, or one day when nobody asks for hours (``hour`` is -1 then).

    ``billed`` is what billing knows of the spend.
    """

    ad: Ad
    day: date
    hour: int
    numbers: Numbers
    billed: Decimal


def span_limit(call: Call, time_dimension: str, first: date, last: date) -> None:
    """Refuses a range that is longer than the dimension allows."""
    days = (last - first).days + 1
    if days < 1:
        raise invalid("end_date: Must not be before start_date.")
    most = MOST_DAYS
    if time_dimension == "stat_time_hour":
        most = MOST_DAYS_BY_HOUR
    elif time_dimension == "stat_time_day":
        most = MOST_DAYS_BY_DAY
    if days > most:
        raise invalid(f"The time range is too long: {days} days, the maximum is {most} days.")


def ask(call: Call, advertiser: Advertiser) -> Ask:
    report_type = call.choice("report_type", REPORT_TYPES, call.needed("report_type"))
    call.choice("service_type", ["AUCTION", "RESERVATION"], "AUCTION")
    if report_type in {"BASIC", "AUDIENCE", "CATALOG"}:
        call.need("data_level")
    level = call.choice("data_level", list(LEVELS))
    call.need("dimensions")
    dimensions = call.texts("dimensions")
    times = [one for one in dimensions if one in TIMES]
    ids = [one for one in dimensions if one in (*LEVELS.values(), *AD_ALIASES)]
    audiences = [one for one in dimensions if one in AUDIENCES or one == "country_code"]
    unknown = [one for one in dimensions if one not in (*times, *ids, *audiences)]
    if unknown:
        raise invalid(f"dimensions: Invalid value {unknown[0]}.")
    if len(ids) > 1 or len(times) > 1:
        raise invalid("dimensions: At most one id dimension and one time dimension are allowed.")
    if audiences and report_type != "AUDIENCE":
        raise invalid(f"dimensions: {audiences[0]} is only allowed in AUDIENCE reports.")
    id_dimension = ids[0] if ids else "advertiser_id"
    wanted = LEVELS.get(level)
    if wanted and id_dimension != wanted and not (wanted == "ad_id" and id_dimension in AD_ALIASES):
        raise invalid(f"dimensions: {id_dimension} does not match data_level {level}.")
    metrics = call.texts("metrics") or ["spend", "impressions"]
    bad = [one for one in metrics if not is_name(one)]
    if bad:
        raise invalid(f"metrics: Invalid metric name {bad[0]}.")
    first, last = _range(call, advertiser, times[0] if times else "")
    with_deleted, chosen = _filters(call)
    return Ask(
        id_dimension,
        times[0] if times else "",
        audiences,
        metrics,
        first,
        last,
        with_deleted,
        chosen,
    )


def _range(call: Call, advertiser: Advertiser, time_dimension: str) -> tuple[date, date]:
    if call.flag("query_lifetime"):
        if time_dimension:
            raise invalid("query_lifetime: Not allowed together with a time dimension.")
        return local_day(advertiser, advertiser.created_at), local_day(advertiser, call.now)
    first, last = call.day("start_date"), call.day("end_date")
    span_limit(call, time_dimension, first, last)
    return first, last


def _filters(call: Call) -> tuple[bool, dict[str, set[str]]]:
    """Whether deleted objects count, and id sets by ``campaign_id`` and the like."""
    with_deleted, ids = False, {}
    for one in call.json("filtering", list):
        if not isinstance(one, dict):
            raise invalid("filtering: Must be a list of objects.")
        name, raw = str(one.get("field_name", "")), one.get("filter_value")
        values = _filter_values(raw)
        if name in {"campaign_status", "adgroup_status", "ad_status"}:
            with_deleted = with_deleted or bool({"STATUS_ALL", "STATUS_DELETE"} & set(values))
        elif name.removesuffix("s") in LEVELS.values():
            ids[name.removesuffix("s")] = set(values)
        else:
            raise invalid(f"filtering: The field {name} is not supported.")
    return with_deleted, ids


def _filter_values(raw: Any) -> list[str]:
    if isinstance(raw, str):
        try:
            raw = json.loads(raw)
        except ValueError:
            return [raw]
    return [str(value) for value in raw] if isinstance(raw, list) else [str(raw)]


def pieces(call: Call, advertiser: Advertiser, wanted: Ask) -> Iterator[Piece]:
    """Everything with delivery in the asked range."""
    ads = [ad for ad in call.world.ads.values() if ad.advertiser_id == advertiser.id]
    ads = [ad for ad in ads if _counts(call, ad, wanted)]
    today = local_day(advertiser, call.now)
    for ad in ads:
        day = max(wanted.first, local_day(advertiser, ad.created_at))
        while day <= min(wanted.last, today):
            whole = ad_day(call.world, ad, day, call.now)
            if whole.spend and wanted.time_dimension == "stat_time_hour":
                yield from _hours(call, advertiser, ad, day)
            elif whole.spend:
                yield Piece(ad, day, -1, whole, _billed(call, advertiser, ad, day, whole))
            day += timedelta(days=1)


def _hours(call: Call, advertiser: Advertiser, ad: Ad, day: date) -> Iterator[Piece]:
    start = day_start(advertiser, day)
    for hour, numbers in enumerate(ad_hours(call.world, ad, day, call.now)):
        if numbers.spend:
            known = cost_known(start + timedelta(hours=hour), call.now)
            yield Piece(ad, day, hour, numbers, numbers.spend if known else ZERO)


def _billed(call: Call, advertiser: Advertiser, ad: Ad, day: date, whole: Numbers) -> Decimal:
    if cost_known(day_start(advertiser, day) + timedelta(hours=23), call.now):
        return whole.spend
    return sum((piece.billed for piece in _hours(call, advertiser, ad, day)), ZERO)


def _counts(call: Call, ad: Ad, wanted: Ask) -> bool:
    values = {"campaign_id": ad.campaign_id, "adgroup_id": ad.adgroup_id, "ad_id": ad.id}
    for name, chosen in wanted.ids.items():
        if values.get(name, ad.advertiser_id) not in chosen:
            return False
    return wanted.with_deleted or not ad_status(call.world, ad, call.now).endswith("DELETE")


def dimension_of(piece: Piece, name: str) -> str:
    ad = piece.ad
    if name == "stat_time_day":
        return f"{piece.day} 00:00:00"
    if name == "stat_time_hour":
        return f"{piece.day} {piece.hour:02d}:00:00"
    values = {
        "advertiser_id": ad.advertiser_id,
        "campaign_id": ad.campaign_id,
        "adgroup_id": ad.adgroup_id,
        "ad_id": ad.id,
        "ad_id_v2": ad.id,
        "post_id": ad.item_id,
    }
    return values[name]


def report_rows(call: Call, advertiser: Advertiser, wanted: Ask) -> tuple[list[Data], Sum]:
    """Sorted rows ``{dimensions, metrics}`` and the total."""
    names = [one for one in (wanted.id_dimension, wanted.time_dimension) if one]
    sums: dict[tuple[str, ...], Sum] = {}
    samples: dict[tuple[str, ...], Ad] = {}
    total = Sum()
    for piece in pieces(call, advertiser, wanted):
        key = tuple(dimension_of(piece, name) for name in names)
        sums.setdefault(key, Sum()).add(piece.numbers, piece.billed)
        samples.setdefault(key, piece.ad)
        total.add(piece.numbers, piece.billed)
    rows = []
    for key in sorted(sums, key=lambda one: one[::-1], reverse=True):
        dimensions = dict(zip(names, key, strict=True))
        attributes = _attributes(call, advertiser, samples[key], wanted.id_dimension)
        for audience, part in _audience_parts(advertiser, wanted.audiences, sums[key]):
            rows.append(
                {
                    "metrics": {
                        one: attributes.get(one, value(one, part)) for one in wanted.metrics
                    },
                    "dimensions": {**dimensions, **audience},
                }
            )
    return rows, total


def _attributes(call: Call, advertiser: Advertiser, ad: Ad, level: str) -> dict[str, Any]:
    campaign, adgroup = call.world.campaigns[ad.campaign_id], call.world.adgroups[ad.adgroup_id]
    known: dict[str, Any] = {
        "currency": advertiser.currency,
        "advertiser_name": advertiser.name,
        "advertiser_id": advertiser.id,
        "timezone": advertiser.display_timezone,
    }
    deeper: dict[str, Any] = {
        "campaign_name": campaign.name,
        "campaign_id": campaign.id,
        "objective_type": campaign.objective_type,
        "adgroup_name": adgroup.name,
        "adgroup_id": adgroup.id,
        "promotion_type": adgroup.fields.get("promotion_type") or "-",
        "placement_type": adgroup.fields.get("placement_type", "PLACEMENT_TYPE_NORMAL"),
        "ad_name": ad.name,
        "ad_id": ad.id,
        "ad_text": ad.fields.get("ad_text", ""),
        "tiktok_item_id": ad.item_id or "-",
        "tt_app_id": "0",
    }
    depth = {"advertiser_id": 0, "campaign_id": 3, "adgroup_id": 7}.get(level, len(deeper))
    for place, (name, text) in enumerate(deeper.items()):
        known[name] = text if place < depth else "-"
    return known


def _audience_parts(
    advertiser: Advertiser, audiences: list[str], total: Sum
) -> Iterator[tuple[dict[str, str], Sum]]:
    """The total divided by audience: every combination of the asked dimensions."""
    if not audiences:
        yield {}, total
        return
    shares = [AUDIENCES.get(one, ((advertiser.country, 1.0),)) for one in audiences]
    for combination in product(*shares):
        words = {name: word for name, (word, _) in zip(audiences, combination, strict=True)}
        share = prod(part for _, part in combination)
        numbers = total.numbers
        part = Numbers(
            spend=cents(numbers.spend * Decimal(share)),
            impressions=int(numbers.impressions * share),
            clicks=int(numbers.clicks * share),
            plays=int(numbers.plays * share),
            conversions=int(numbers.conversions * share),
            value=cents(numbers.value * Decimal(share)),
        )
        yield words, Sum(part, cents(total.billed * Decimal(share)))


def order(call: Call, rows: list[Data]) -> list[Data]:
    field = call.text("order_field") or call.text("sort_field")
    if not field:
        return rows
    kind = call.choice("order_type", ["ASC", "DESC"], call.text("sort_type", "DESC"))
    return sorted(rows, key=lambda row: _sortable(row, field), reverse=kind == "DESC")


def _sortable(row: Data, field: str) -> tuple[float, str]:
    text = str(row["metrics"].get(field, row["dimensions"].get(field, "")))
    try:
        return float(text), text
    except ValueError:
        return 0.0, text


@endpoint("GET", "/report/integrated/get/")
def integrated(call: Call) -> Data:
    ids = call.texts("advertiser_ids", MOST_ADVERTISERS)
    advertisers = [call.reach(one) for one in ids] or [call.advertiser()]
    rows: list[Data] = []
    total = Sum()
    metrics: list[str] = []
    for advertiser in advertisers:
        wanted = ask(call, advertiser)
        metrics = wanted.metrics
        found, part = _rows_of_type(call, advertiser, wanted)
        total.add(part.numbers, part.billed)
        for row in found:
            if ids:
                row["dimensions"]["advertiser_id"] = advertiser.id
                row["metrics"] |= {
                    "currency": advertiser.currency,
                    "timezone": advertiser.display_timezone,
                }
            rows.append(row)
    shown, page_info = call.page(order(call, rows))
    data: Data = {"page_info": page_info, "list": shown}
    if call.flag("enable_total_metrics") and page_info["page"] == 1:
        data["total_metrics"] = {name: value(name, total) for name in metrics}
    return data


def _rows_of_type(call: Call, advertiser: Advertiser, wanted: Ask) -> tuple[list[Data], Sum]:
    report_type = call.text("report_type")
    if report_type in {"BASIC", "AUDIENCE"}:
        return report_rows(call, advertiser, wanted)
    if report_type == "TT_SHOP":
        return _shop_rows(call, advertiser, wanted)
    return [], Sum()


def _shop_rows(call: Call, advertiser: Advertiser, wanted: Ask) -> tuple[list[Data], Sum]:
    """The older account-level report of GMV Max: spend and billed_cost."""
    sums: dict[str, Sum] = {}
    total = Sum()
    today = local_day(advertiser, call.now)
    for campaign in call.world.gmv_max.values():
        if campaign.advertiser_id != advertiser.id:
            continue
        day = max(wanted.first, local_day(advertiser, campaign.created_at))
        while day <= min(wanted.last, today):
            for cell in day_cells(call.world, campaign, day, call.now).values():
                billed = cell.cost if cost_known(cell.starts_at, call.now) else ZERO
                key = _cell_time(advertiser, cell.starts_at, wanted.time_dimension)
                for one in (sums.setdefault(key, Sum()), total):
                    one.add(Numbers(spend=cell.cost), billed)
            day += timedelta(days=1)
    rows = []
    for key in sorted(sums, reverse=True):
        dimensions = {"advertiser_id": advertiser.id}
        if wanted.time_dimension:
            dimensions[wanted.time_dimension] = key
        metrics = {name: value(name, sums[key]) for name in wanted.metrics}
        rows.append({"metrics": metrics, "dimensions": dimensions})
    return rows, total


def _cell_time(advertiser: Advertiser, moment: datetime, time_dimension: str) -> str:
    local = moment.astimezone(advertiser.zone)
    if time_dimension == "stat_time_day":
        return f"{local:%Y-%m-%d} 00:00:00"
    return f"{local:%Y-%m-%d %H}:00:00" if time_dimension else ""
