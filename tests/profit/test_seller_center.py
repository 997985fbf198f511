"""Sales counted as TikTok counts them equal TikTok's own export (TS1)."""

import csv
import io
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.test import Client as Browser
from django.urls import reverse

from profit.inbound import STREAMS
from profit.queries.seller_center import By, Sold, all_sold
from profit.rules.facts import Period
from sparkops.catalog.inbound import STREAMS as CATALOG
from sparkops.catalog.models import Shop
from sparkops.clock import shop_day_start
from sparkops.connections.apis import shop_api
from sparkops.isolation.scope import client_scope
from tests.factories.cast import Cast
from tests.factories.world import own_transaction, synced_cast
from tests.profit.conftest import NOW, Books, make_books, sample
from tests.sandbox_server import SandboxServer

D = Decimal
NOVEMBER = Period(first=date(2026, 11, 1), last=date(2026, 11, 30))
VIDEO, SERUM = "7493990579714164574", "1729500000000000101"


def found(books: Books, by: By) -> dict[str, Sold]:
    return {one.key: one for one in all_sold(books.shop, NOVEMBER, by)}


def read_sales(books: Books) -> None:
    """Orders 1 to 3 of the contract's samples; the claim of order 1 came from a LIVE."""
    books.orders(sample("orders_search_202309"))
    books.returns(sample("returns_search_202602"))
    claims = sample("affiliate_seller_orders_search_202410")
    claims["orders"][0]["skus"][0] |= {"content_type": "LIVE", "content_id": "7400000000000000001"}
    books.affiliate(claims)


def test_the_samples_are_counted_to_the_cent_and_unit(books: Books) -> None:
    """TS1: GMV, orders, items, refunds and estimated commission per creator, product, video and
    LIVE equal what the contract's samples add up to by hand."""
    read_sales(books)
    live = Sold("7400000000000000001", D(28), 1, 1, 1, D(0), D("3.78"))
    video = Sold(VIDEO, D(56), 1, 1, 2, D(0), D("5.60"))
    assert found(books, By.LIVES) == {live.key: live}
    assert found(books, By.VIDEOS) == {video.key: video}
    mia = Sold("mia.skin", D(84), 2, 2, 3, D(0), D("9.38"))
    assert found(books, By.CREATORS) == {"mia.skin": mia}
    products = found(books, By.PRODUCTS)
    assert products[SERUM] == Sold(SERUM, D(84), 2, 2, 3, D(0), D("9.38"))
    (mask,) = (one for key, one in products.items() if key != SERUM)
    assert (mask.gmv, mask.orders, mask.items) == (D(24), 1, 1)
    assert (mask.refunds, mask.commission) == (D(24), D(0))


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any, sandbox: SandboxServer) -> Iterator[Cast]:
    with synced_cast(django_db_blocker, sandbox, CATALOG, STREAMS) as cast:
        yield cast


@pytest.mark.journey
def test_figures_equal_the_sandbox_s_own_export(
    world: Cast, django_db_blocker: Any, sandbox: SandboxServer
) -> None:
    """TS1: what TikTok's analytics, its creator export and its affiliate orders say of thirty
    days is what we counted, to the cent and unit."""
    truth = sandbox.look("world?brand=lumen")["brands"][0]
    last = date.fromisoformat(truth["window"]["to"]) - timedelta(days=1)  # complete days
    first, end = last - timedelta(days=29), last + timedelta(days=1)
    with own_transaction(django_db_blocker):
        with client_scope(world.client.pk):
            shop = Shop.objects.get()
            period = Period(first=first, last=last)
            ours = {by: list(all_sold(shop, period, by)) for by in By}
        with shop_api(world.client.pk, shop.connection_id, shop.cipher) as api:
            products = rows_of(api.analytics.products(first, end, page_size=100))
            videos = rows_of(api.analytics.videos(first, end, page_size=100))
            lives = rows_of(api.analytics.lives(first, end, page_size=100))
            begin, stop = (shop_day_start(day, shop.timezone) for day in (first, end))
            claims = rows_of(
                api.affiliate.orders(create_time_ge=begin, create_time_lt=stop, page_size=100)
            )
    assert len(ours[By.PRODUCTS]) > 3 and len(ours[By.VIDEOS]) > 3
    assert {one.key: (one.gmv, one.orders, one.items) for one in ours[By.PRODUCTS]} == {
        one.id: (whole.gmv.amount, whole.orders, whole.items_sold)
        for one in products
        if (whole := one.overall_performance).orders
    }
    assert {one.key: (one.gmv, one.sku_orders, one.items) for one in ours[By.VIDEOS]} == {
        one.id: (one.gmv.amount, one.sku_orders, one.items_sold) for one in videos if one.sku_orders
    }
    assert ours[By.LIVES] == lives == []  # no brand of the sandbox goes LIVE
    back = {one["product_id"]: D(one["refunded_item_revenue"]) for one in truth_of(sandbox, period)}
    for product in ours[By.PRODUCTS]:
        assert product.refunds == back[product.key], product
    creators: dict[str, list[Decimal]] = defaultdict(lambda: [D(0), D(0)])
    for video in videos:
        creators[video.username][0] += video.gmv.amount
    for sku in (sku for order in claims for sku in order.skus):
        kinds = (sku.estimated_paid_commission, sku.estimated_paid_shop_ads_commission)
        creators[sku.creator_username][1] += sum((one.amount for one in kinds if one), D(0))
    assert {one.key: [one.gmv, one.commission] for one in ours[By.CREATORS]} == {
        handle: sums for handle, sums in creators.items() if any(sums)
    }


def rows_of(found: Iterator[Any]) -> list[Any]:
    return [row for page in found for row in page.items]


def truth_of(sandbox: SandboxServer, period: Period) -> list[dict[str, Any]]:
    asked = f"world?brand=lumen&from={period.first}&to={period.last}"
    return sandbox.look(asked)["brands"][0]["products"]


@pytest.fixture
def finance(cast: Cast, client: Browser) -> Iterator[Browser]:
    with client_scope(cast.client.pk):
        read_sales(make_books(cast.client.pk))
    client.force_login(cast.members["finance"])
    with time_machine.travel(NOW, tick=False):
        yield client


@pytest.mark.parametrize(
    ("by", "row"),
    [
        ("products", ["Glow Serum 30ml", SERUM, "84", "2", "2", "3", "0", "9.38"]),
        ("creators", ["@mia.skin", "mia.skin", "84", "2", "2", "3", "0", "9.38"]),
        ("videos", [VIDEO, VIDEO, "56", "1", "1", "2", "0", "5.60"]),
        ("lives", ["7400000000000000001"] * 2 + ["28", "1", "1", "1", "0", "3.78"]),
    ],
)
def test_the_page_and_its_file_say_the_same(
    finance: Browser, cast: Cast, by: str, row: list[str]
) -> None:
    url = reverse("profit:seller-center", kwargs={"client": cast.client.slug, "by": by})
    page = finance.get(url).content.decode()
    assert row[0] in page and f"${D(row[2]):.2f}" in page and f"${row[7]}" in page
    text = finance.get(f"{url}?export=csv").content.decode("utf-8-sig")
    lines = [[line[0].lstrip("'"), *line[1:8]] for line in csv.reader(io.StringIO(text))][1:]
    assert [*row[:2], *map(D, row[2:])] in [[*one[:2], *map(D, one[2:])] for one in lines]
