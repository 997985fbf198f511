"""Analytics: days of the shop's zone, sums over orders, and what is refused."""

import base64
import csv
import io
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from .caller import Caller

SHOP = "/analytics/202509/shop/performance"
VIDEOS = "/analytics/202605/shop_videos/performance"
PRODUCTS = "/analytics/202605/shop_products/performance"
COMPASS = "/affiliate_seller/202603/compass"


def today(caller: Caller) -> date:
    return caller.world.now().astimezone(ZoneInfo(caller.shop.zone)).date()


def span(first: date, end: date, **more: Any) -> dict[str, Any]:
    return {"start_date_ge": first.isoformat(), "end_date_lt": end.isoformat()} | more


def sold_on(caller: Caller, day: date) -> Decimal:
    """Item GMV of the shop-local day, counted from the world: paid, samples left out."""
    zone = ZoneInfo(caller.shop.zone)
    return sum(
        (
            line.original_price - line.seller_discount
            for order in caller.world.orders.values()
            if order.shop_id == caller.shop.id
            and not order.is_sample
            and order.paid_at
            and order.paid_at <= caller.world.now()
            and order.created_at.astimezone(zone).date() == day
            for line in order.lines
        ),
        Decimal(0),
    )


@pytest.mark.parametrize("brand", ["lumen", "harbour", "kornblume"])
def test_daily_gmv_equals_the_orders_of_the_local_day(reader: Caller, brand: str) -> None:
    caller = reader.of(brand)
    end = today(caller)
    data = caller.get(SHOP, span(end - timedelta(days=6), end, granularity="1D")).data
    rows = data["performance"]["intervals"]
    assert len(rows) == 6
    for row in rows:
        day = date.fromisoformat(row["start_date"])
        gmv = row["sales"]["gmv"]
        assert Decimal(gmv["overall"]["amount"]) == sold_on(caller, day)
        assert sum(Decimal(part["gmv"]["amount"]) for part in gmv["breakdowns"]) == Decimal(
            gmv["overall"]["amount"]
        )


def test_whole_range_is_the_sum_of_its_days(reader: Caller) -> None:
    query = span(today(reader) - timedelta(days=10), today(reader))
    days = reader.get(SHOP, query | {"granularity": "1D"}).data["performance"]["intervals"]
    whole = reader.get(SHOP, query).data["performance"]["intervals"]
    assert len(whole) == 1
    assert whole[0]["sales"]["orders_count"] == sum(d["sales"]["orders_count"] for d in days)
    assert whole[0]["sales"]["items_sold"] == sum(d["sales"]["items_sold"] for d in days)


def test_today_has_no_data_yet(reader: Caller) -> None:
    end = today(reader)
    data = reader.get(SHOP, span(end, end + timedelta(days=1))).data
    assert data["latest_available_date"] == (end - timedelta(days=1)).isoformat()
    sales = data["performance"]["intervals"][0]["sales"]
    assert (sales["gmv"]["overall"]["amount"], sales["orders_count"]) == ("0", 0)


@pytest.mark.parametrize(
    "query",
    [
        {"start_date_ge": "2026-11-10", "end_date_lt": "2026-11-10"},
        {"start_date_ge": "2026-11-10", "end_date_lt": "2026-11-09"},
        {"start_date_ge": "2026-09-01", "end_date_lt": "2026-11-01"},
        {"start_date_ge": "10.11.2026", "end_date_lt": "2026-11-12"},
    ],
)
def test_date_ranges_that_are_refused(reader: Caller, query: dict[str, str]) -> None:
    answer = reader.get(SHOP, query)
    assert (answer.status, answer.code) == (400, 28001022)


def test_sixty_days_are_allowed(reader: Caller) -> None:
    end = today(reader)
    assert reader.get(SHOP, span(end - timedelta(days=60), end)).code == 0


def test_missing_dates(reader: Caller) -> None:
    answer = reader.get(SHOP)
    assert (answer.status, answer.code) == (400, 36009004)
    assert "start_date_ge" in answer.body["message"]


def test_dollars_on_request(reader: Caller) -> None:
    caller = reader.of("harbour")
    query = span(today(caller) - timedelta(days=3), today(caller))
    local = caller.get(PRODUCTS, query).data["products"][0]["overall_performance"]["gmv"]
    dollars = caller.get(PRODUCTS, query | {"currency": "USD"}).data["products"][0]
    assert (local["currency"], dollars["overall_performance"]["gmv"]["currency"]) == ("GBP", "USD")


def test_video_gmv_is_what_its_orders_sold(reader: Caller) -> None:
    end = today(reader)
    first = end - timedelta(days=14)
    rows = reader.every("GET", VIDEOS, "videos", span(first, end, page_size=100))
    gmv = [Decimal(row["gmv"]["amount"]) for row in rows]
    assert gmv == sorted(gmv, reverse=True)
    zone = ZoneInfo(reader.shop.zone)
    for row in rows[:15]:
        expected = sum(
            (
                line.original_price - line.seller_discount
                for order in reader.world.orders.values()
                if order.shop_id == reader.shop.id
                and order.affiliate
                and order.affiliate.content_id == row["id"]
                and order.paid_at
                and order.paid_at <= reader.world.now()
                and first <= order.created_at.astimezone(zone).date() < end
                for line in order.lines
            ),
            Decimal(0),
        )
        assert Decimal(row["gmv"]["amount"]) == expected
        post = reader.world.posts[row["id"]]
        assert row["video_post_time"] == f"{post.posted_at:%Y-%m-%d %H:%M:%S}"


def test_video_days_add_up_to_the_list(reader: Caller) -> None:
    end = today(reader)
    query = span(end - timedelta(days=5), end)
    row = reader.get(VIDEOS, query).data["videos"][0]
    path = f"/analytics/202509/shop_videos/{row['id']}/performance"
    days = reader.get(path, query | {"granularity": "1D"}).data["performance"]["intervals"]
    assert sum(day["sales"]["overall"]["items_sold"] for day in days) == row["items_sold"]
    assert abs(sum(day["traffic"]["views"] for day in days) - row["views"]) == 0
    products = reader.get(f"/analytics/202509/shop_videos/{row['id']}/products/performance", query)
    assert sum(one["units_sold"] for one in products.data["products"]) == row["items_sold"]


def test_sku_ids_are_integers_and_pages_work(reader: Caller) -> None:
    end = today(reader)
    query = span(end - timedelta(days=5), end, page_size=3)
    rows = reader.every("GET", "/analytics/202509/shop_skus/performance", "skus", query)
    expected = [
        sku.id
        for product in reader.world.products.values()
        if product.shop_id == reader.shop.id
        for sku in product.skus
    ]
    assert all(type(row["id"]) is int and type(row["product_id"]) is int for row in rows)
    assert sorted(str(row["id"]) for row in rows) == sorted(expected)


def test_hours_of_today(reader: Caller) -> None:
    path = f"/analytics/202510/shop/performance/{today(reader)}/performance_per_hour"
    data = reader.get(path).data
    assert [row["index"] for row in data["performance"]["intervals"]] == list(range(24))
    assert data["latest_available_timestamp"] == int(reader.world.now().timestamp())
    total = sum(Decimal(row["gmv"]["amount"]) for row in data["performance"]["intervals"])
    assert total == Decimal(data["performance"]["overall"]["gmv"]["amount"])


def test_compass_export_of_yesterday(writer: Caller) -> None:
    day = today(writer) - timedelta(days=1)
    body = {"doc_type": "CREATOR", "date": day.isoformat()}
    task = writer.post(f"{COMPASS}/offline_task", body).data["task_id"]
    listed = writer.get(f"{COMPASS}/offline_tasks", {"doc_type": "CREATOR"}).data["tasks"]
    assert [one["task_id"] for one in listed] == [task]
    file = writer.get(f"{COMPASS}/offline_tasks/{task}/file").data["file"]
    rows = list(csv.DictReader(io.StringIO(base64.b64decode(file).decode())))
    zone = ZoneInfo(writer.shop.zone)
    credited = {
        order.id
        for order in writer.world.orders.values()
        if order.affiliate
        and order.paid_at
        and not order.is_sample
        and order.created_at.astimezone(zone).date() == day
    }
    assert sum(int(row["orders"]) for row in rows) == len(credited)


def test_compass_day_that_is_not_ready(reader: Caller) -> None:
    body = {"doc_type": "BASE", "date": today(reader).isoformat()}
    answer = reader.post(f"{COMPASS}/offline_task", body)
    assert (answer.status, answer.code) == (400, 13017003)
