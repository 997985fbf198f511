"""Leaderboards and look-alikes over what was booked, posted and sent."""

import csv
import io
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from creators.actions.blocks import block_creator
from creators.actions.creator_batches import assign_creators, tag_creators
from creators.models import Creator, MarketHit, MarketSearch
from profit.models import DayTotal
from sparkops.audit.record import Actor
from sparkops.catalog.models import Product, Shop
from sparkops.isolation.scope import client_scope
from sparkops.outreach.actions.segments import save_segment
from tests.factories.cast import Cast
from tests.factories.creators import (
    NOW,
    TODAY,
    day_numbers,
    make_creator,
    make_post,
    make_product,
    make_sample,
)

pytestmark = pytest.mark.django_db
BY = Actor("Ann")
LAST_MONTH = TODAY - timedelta(days=30)


@pytest.fixture(autouse=True)
def at_noon() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def browser(cast: Cast) -> Browser:
    found = Browser()
    found.force_login(cast.members["owner"])
    return found


def url_of(cast: Cast, name: str, **kwargs: Any) -> str:
    return reverse(name, kwargs={"client": cast.client.slug, **kwargs})


def booked(
    creator: Creator | None, gmv: str, day: date = TODAY, *, product: Product | None = None,
    account: str = "gmv",
) -> None:  # fmt: skip
    """A row of the rollup, on the day of the order."""
    DayTotal.objects.create(
        shop=Shop.objects.get(),
        basis="order",
        day=day,
        account=account,
        stage="settled",
        creator=creator,
        product=product,
        amount=Decimal(gmv),
        currency="USD",
    )


def two_creators() -> tuple[Creator, Creator, Product]:
    """Mia sold 100.00 (80.00 before), zoe 60.00 for 20.00 of goods; 7.00 are of no creator."""
    serum = make_product()
    mia, zoe = make_creator("mia"), make_creator("zoe")
    make_post("zoe", product=serum, days={TODAY: day_numbers(900, orders=4)})
    make_sample(mia, "posted", product=serum)
    make_sample(zoe, "shipped", product=serum)
    make_sample(zoe, "rejected", product=serum)
    booked(mia, "100.00", product=serum)
    booked(mia, "80.00", LAST_MONTH, product=serum)
    booked(zoe, "60.00", product=serum)
    booked(zoe, "20.00", account="cogs", product=serum)
    booked(None, "7.00")
    return mia, zoe, serum


def sheet(browser: Browser, url: str) -> list[dict[str, str]]:
    text = browser.get(f"{url}&export=csv").content.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def test_ab10_creators_by_gmv_against_the_period_before_and_the_export_is_the_page(
    cast: Cast, browser: Browser
) -> None:
    """AB10: 100 against 80 is a quarter more; with what is of no creator it is the shop."""
    with client_scope(cast.client.pk):
        two_creators()
    url = url_of(cast, "outreach:leaders") + "?of=creator&figure=gmv"
    page = browser.get(url).content.decode()
    for text in ("@mia", "$100.00", "$80.00", "@zoe", "$60.00", "No creator", "$7.00"):
        assert text in page, text
    rows = sheet(browser, url)
    assert [(row["Place"], row["Creators"].lstrip("'"), row["GMV"]) for row in rows] == [
        ("1", "@mia", "100.00"),
        ("2", "@zoe", "60.00"),
        ("", "No creator", "7.00"),
    ]
    assert [row["Change"] for row in rows] == ["0.2500", "", ""]
    assert {row["Currency"] for row in rows} == {"USD"}


@pytest.mark.parametrize(
    ("figure", "label", "expected"),
    [
        (
            "cm3",
            "Profit (cm3)",
            [("@mia", "100.00"), ("@zoe", "40.00"), ("No creator", "7.00")],
        ),
        ("value", "cm3 per sample and month", [("@mia", "100.00"), ("@zoe", "40.00")]),
        ("posts", "Posts", [("@zoe", "1")]),
        ("orders", "Orders from posts", [("@zoe", "4")]),
        ("views", "Organic views", [("@zoe", "900")]),
        ("samples", "Samples sent", [("@mia", "1"), ("@zoe", "1")]),
    ],
)  # fmt: skip
def test_every_figure_ranks(
    cast: Cast, browser: Browser, figure: str, label: str, expected: list[tuple[str, str]]
) -> None:
    with client_scope(cast.client.pk):
        two_creators()
    rows = sheet(browser, url_of(cast, "outreach:leaders") + f"?figure={figure}")
    assert [(row["Creators"].lstrip("'"), row[label]) for row in rows] == expected


def test_groups_sum_their_creators_and_a_choice_narrows_creators_and_products(
    cast: Cast, browser: Browser
) -> None:
    """AB10: by owner and segment; whoever is in both counts in both."""
    owner = cast.members["affiliate"]
    with client_scope(cast.client.pk):
        mia, zoe, serum = two_creators()
        assign_creators([mia.pk, zoe.pk], owner, by=BY, now=NOW)
        tag_creators([zoe.pk], "vegan", by=BY, now=NOW)
        vegan, _ = save_segment("Vegan", filters={"tag": "vegan"}, handles="", by=BY, now=NOW)
        save_segment("All", filters={"owner": str(owner.pk)}, handles="", by=BY, now=NOW)
    url = url_of(cast, "outreach:leaders")
    rows = sheet(browser, f"{url}?of=owner")
    assert [(row["Owners"], row["GMV"]) for row in rows] == [(str(owner), "160.00")]
    rows = sheet(browser, f"{url}?of=segment")
    assert [(row["Segments"], row["GMV"]) for row in rows] == [
        ("All", "160.00"),
        ("Vegan", "60.00"),
    ]
    among = f"{url}?among=segment-{vegan.pk}"
    assert [row["Creators"].lstrip("'") for row in sheet(browser, among)] == ["@zoe"]
    rows = sheet(browser, f"{among}&of=product&figure=cm3")
    assert [(row["Products"], row["Profit (cm3)"]) for row in rows] == [(str(serum), "40.00")]
    rows = sheet(browser, f"{url}?of=product")
    assert [(row["Products"], row["GMV"]) for row in rows] == [
        (str(serum), "160.00"),
        ("No product", "7.00"),
    ]
    for figure, count in (("posts", "1"), ("orders", "4"), ("views", "900"), ("samples", "2")):
        [row] = sheet(browser, f"{url}?of=product&figure={figure}")
        assert count in row.values(), figure
    wrong = browser.get(f"{among}&of=segment")
    assert wrong.status_code == 422
    assert "Groups are ranked with all of their creators." in wrong.content.decode()


def test_a_leaderboard_costs_the_same_queries_for_more_creators(
    cast: Cast, browser: Browser
) -> None:
    with client_scope(cast.client.pk):
        two_creators()
    url, counts = url_of(cast, "outreach:leaders"), []
    browser.get(url)
    for _ in range(2):
        with CaptureQueriesContext(connection) as seen:
            browser.get(url)
        counts.append(len(seen))
        with client_scope(cast.client.pk):
            for n in range(20):
                booked(make_creator(f"more{n}"), "3.00")
    assert counts[0] == counts[1]


def test_without_a_shop_both_pages_say_what_to_do(cast: Cast, browser: Browser) -> None:
    for name in ("outreach:leaders", "outreach:look-alikes"):
        assert "Connect it first" in browser.get(url_of(cast, name)).content.decode()


def test_look_alikes_are_held_against_the_best_by_value(cast: Cast, browser: Browser) -> None:
    """Domain 5.7: by cm3 per sample and month, not by GMV; the blocked are neither model nor
    candidate, and who had a sample is no candidate."""
    with client_scope(cast.client.pk):
        serum = make_product()
        url = url_of(cast, "outreach:look-alikes")
        for name, followers, gmv in (
            ("a", 10_000, "90"),
            ("b", 20_000, "180"),
            ("c", 40_000, "30"),
        ):
            best = make_creator(name, follower_count=followers, region="US")
            make_sample(best, "posted", product=serum)
            booked(best, gmv)
        spam = make_creator("spam", follower_count=9_000_000, region="US")
        make_sample(spam, "posted", product=serum)
        booked(spam, "9000")
        block_creator(spam, reason="Spam", by=BY, now=NOW)
        idle = make_creator("idle", follower_count=7, region="US")
        make_sample(idle, "posted", product=serum)
        make_creator("twin", follower_count=15_000, region="US")
        make_creator("far", follower_count=900_000, region="DE")
        search = MarketSearch.objects.create(shop=serum.shop, asked_at=NOW, asked_by="Ann")
        facts = {"search": search, "currency": "USD", "region": "US", "position": 0}
        MarketHit.objects.create(
            creator_id="open-1", handle="market.twin", follower_count=21_000, **facts
        )
        MarketHit.objects.create(
            creator_id="open-2", handle="bad", follower_count=21_000, is_blocked=True, **facts
        )
    page = browser.get(url).content.decode()
    alike, best_part = page.split("Your best creators")
    assert "@twin" in alike and "@market.twin" in alike
    for name in ("@far", "@idle", "@bad", "@spam"):
        assert name not in alike, name
    assert "15,000 followers; your best have 10,000 to 40,000." in alike
    # 180 in 90 days from one sample: 60 a month.
    assert best_part.index("@b<") < best_part.index("@a<") < best_part.index("@c<")
    assert "$60.00" in best_part
    assert "@spam" not in best_part


def test_look_alikes_need_three_to_compare_with(cast: Cast, browser: Browser) -> None:
    with client_scope(cast.client.pk):
        two_creators()
    page = browser.get(url_of(cast, "outreach:look-alikes")).content.decode()
    assert "Too few to compare with" in page
