"""Find creators: keeping what the marketplace answers, taking over, segments, pages."""

import csv
import io
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from creators.actions.blocks import block_creator
from creators.actions.market import keep_hits, own_followers, search, search_again, take_over
from creators.models import Creator, MarketHit, MarketSearch
from creators.rules.market import Wish
from sparkops.audit.record import Actor
from sparkops.catalog.models import Shop
from sparkops.errors import Refusal
from sparkops.isolation.scope import client_scope
from sparkops.outreach.models import Segment
from sparkops.outreach.queries.segments import members
from sparkops.web.keyset import PAGE_SIZE
from tests.factories.cast import Cast
from tests.factories.creators import NOW, make_creator, make_product

pytestmark = pytest.mark.django_db
BY = Actor("Ann")


@pytest.fixture(autouse=True)
def at_noon() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def browser_of(cast: Cast) -> Any:
    def signed_in(role: str) -> Browser:
        browser = Browser()
        browser.force_login(cast.members[role])
        return browser

    return signed_in


def url_of(cast: Cast, name: str, **kwargs: Any) -> str:
    return reverse(name, kwargs={"client": cast.client.slug, **kwargs})


def shop() -> Shop:
    make_product()
    return Shop.objects.get()


def hit(number: int, **fields: Any) -> MarketHit:
    return MarketHit(
        **{
            "creator_id": f"open-{number}",
            "handle": f"maker{number}",
            "follower_count": 1_000 + number,
            "gmv": Decimal(number),
            "currency": "USD",
            "fit": number % 100,
            "reasons": [{"points": 30, "most": 40, "text": "Sold at least 1,000 USD."}],
        }
        | fields
    )


def answered(*hits: MarketHit, name: str = "", wish: Wish | None = None) -> MarketSearch:
    """A search with its whole answer."""
    row = search(Shop.objects.first() or shop(), wish or Wish(), name=name, by=BY, now=NOW)
    keep_hits(row.pk, hits, is_first=True, is_last=True, more=False, now=NOW)
    row.refresh_from_db()
    return row


def test_pages_of_an_answer_add_up_and_a_repeat_replaces_them(cast: Cast) -> None:
    """A worker that dies after the first page begins anew; nobody is there twice."""
    with client_scope(cast.client.pk):
        row = search(shop(), Wish(keyword="x"), by=BY, now=NOW)
        for _ in range(2):
            first = [hit(1), hit(2)]
            keep_hits(row.pk, first, is_first=True, is_last=False, more=True, now=NOW)
        row.refresh_from_db()
        assert (row.state, row.hits) == ("waiting", 2)
        rest = [hit(2), hit(3)]
        keep_hits(row.pk, rest, is_first=False, is_last=True, more=True, now=NOW)
        row.refresh_from_db()
        assert (row.state, row.hits, row.has_more, row.read_at) == ("done", 3, True, NOW)
        handles = row.found.order_by("position").values_list("handle", flat=True)
        assert list(handles) == ["maker1", "maker2", "maker3"]
        search_again(row, by=BY, now=NOW)
        assert row.found.count() == 3
        keep_hits(row.pk, [], is_first=True, is_last=True, more=False, now=NOW)
        row.refresh_from_db()
        assert (row.state, row.hits) == ("done", 0)
        row.delete()
        kept = keep_hits(row.pk or 0, [hit(1)], is_first=True, is_last=True, more=False, now=NOW)
        assert kept == 0


def test_a_name_is_taken_once(cast: Cast) -> None:
    with client_scope(cast.client.pk):
        place = shop()
        search(place, Wish(), name="Vegan", by=BY, now=NOW)
        with pytest.raises(Refusal, match="has this name"):
            search(place, Wish(), name="Vegan", by=BY, now=NOW)
        search(place, Wish(), by=BY, now=NOW)
        search(place, Wish(), by=BY, now=NOW)


def test_taking_over_meets_by_id_leaves_out_the_blocked_and_repeats_to_nothing(
    cast: Cast,
) -> None:
    """CT2: somebody known under an older handle is the same creator under the new one."""
    with client_scope(cast.client.pk):
        renamed = make_creator("oldname", creator_id="open-1", notes="kept")
        blocked = make_creator("maker2", creator_id="open-2")
        block_creator(blocked, reason="Spam", by=BY, now=NOW)
        row = answered(hit(1), hit(2), hit(3), hit(4, is_blocked=True))
        ids = take_over(row.found.all(), by=BY, now=NOW)
        assert sorted(ids) == ["maker1", "maker3"]
        renamed.refresh_from_db()
        assert (renamed.handle, renamed.notes) == ("maker1", "kept")
        fresh = Creator.objects.get(handle="maker3")
        assert (fresh.source, fresh.creator_id, fresh.follower_count) == ("market", "open-3", 1_003)
        take_over(row.found.all(), by=BY, now=NOW)
        assert Creator.objects.count() == 3
        with pytest.raises(Refusal, match="blocked"):
            take_over(row.found.filter(handle="maker2"), by=BY, now=NOW)
        with pytest.raises(Refusal, match="Choose creators"):
            take_over([], by=BY, now=NOW)


def test_the_size_of_who_sells_needs_three_of_them(cast: Cast) -> None:
    with client_scope(cast.client.pk):
        for number, followers in enumerate((100, 300)):
            make_creator(f"a{number}", gmv_30d=5, gmv_currency="USD", follower_count=followers)
        make_creator("idle", follower_count=9_000)
        assert own_followers() is None
        make_creator("c", gmv_30d=5, gmv_currency="USD", follower_count=900)
        assert own_followers() == 300


def test_the_page_says_who_is_new_known_and_blocked_and_why_they_fit(
    cast: Cast, browser_of: Any
) -> None:
    with client_scope(cast.client.pk):
        known = make_creator("maker1", creator_id="open-1")
        block_creator(make_creator("maker2"), reason="Spam", by=BY, now=NOW)
        row = answered(
            hit(1),
            hit(2),
            hit(3),
            hit(4, fit=None, reasons=[], gmv=None, gmv_least=100, gmv_most=1000),
        )
    url = url_of(cast, "creators:found", pk=row.pk)
    assert browser_of("viewer").get(url).status_code == 403
    page = browser_of("affiliate").get(url).content.decode()
    for word in (
        ">Known<", ">Blocked<", ">New<", "too little is known", "100 to 1,000 USD",
        "Sold at least 1,000 USD.", url_of(cast, "creators:creator", pk=known.pk),
        url_of(cast, "creators:market-add", pk=row.pk),
        url_of(cast, "outreach:market-segment", pk=row.pk),
    ):  # fmt: skip
        assert word in page, word
    new = browser_of("affiliate").get(f"{url}?here=new").content.decode()
    assert "2 creators" in new
    assert "@maker1" not in new
    only = browser_of("affiliate").get(f"{url}?here=known&q=maker1").content.decode()
    assert "1 creator" in only
    sheet = browser_of("affiliate").get(f"{url}?export=csv").content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(sheet)))
    assert [row["Creator"].lstrip("'@") for row in rows] == [f"maker{n}" for n in (3, 2, 1, 4)]


def test_ct9_all_that_a_search_found_become_creators_and_a_segment(
    cast: Cast, browser_of: Any
) -> None:
    """CT9: not only the page, and the segment holds exactly them."""
    many = PAGE_SIZE + 3
    with client_scope(cast.client.pk):
        make_creator("other")
        row = answered(*(hit(number) for number in range(many)), name="Vegan")
    browser = browser_of("affiliate")
    add = url_of(cast, "creators:market-add", pk=row.pk)
    assert f"Add {many} creators" in browser.get(f"{add}?all=1").content.decode()
    assert browser.post(add, {"all": "1"}).status_code == 302
    with client_scope(cast.client.pk):
        assert Creator.objects.filter(source="market").count() == many
    segment = url_of(cast, "outreach:market-segment", pk=row.pk)
    asked = browser.get(f"{segment}?all=1").content.decode()
    assert f"A segment of {many} creators" in asked
    assert 'value="Vegan"' in asked
    assert browser.post(segment, {"all": "1", "name": ""}).status_code == 422
    assert browser.post(segment, {"all": "1", "name": "Vegans"}).status_code == 302
    assert browser.post(segment, {"all": "1", "name": "Vegans"}).status_code == 422
    with client_scope(cast.client.pk):
        found = members(Segment.objects.get(name="Vegans"), zone="UTC", now=NOW)
        assert set(found.values_list("source", flat=True)) == {"market"}
        assert found.count() == many


def test_a_search_is_asked_from_the_page_saved_asked_again_and_deleted(
    cast: Cast, browser_of: Any
) -> None:
    browser, url = browser_of("affiliate"), url_of(cast, "creators:market")
    assert "Connect the shop first" in browser.get(url).content.decode()
    with client_scope(cast.client.pk):
        place = shop()
    page = browser.get(url).content.decode()
    assert "10,000 and more" in page
    data = {"shop": place.pk, "followers_least": "900", "followers_most": "100", "gender": "MALE"}
    wrong = browser.post(url, data)
    assert wrong.status_code == 422
    assert "“At most” is below “at least”." in wrong.content.decode()
    assert "Choose both" in wrong.content.decode()
    data = {"shop": place.pk, "gmv": ["GMV_RANGE_0_100"], "name": "Small", "not_invited": "on"}
    sent = browser.post(url, data)
    assert sent.status_code == 302
    waiting = browser.get(sent.headers["Location"]).content.decode()
    assert "TikTok is being asked" in waiting
    assert browser.post(url, data).status_code == 422
    with client_scope(cast.client.pk):
        row = MarketSearch.objects.get()
        assert row.filters == {"gmv": ["GMV_RANGE_0_100"], "not_invited": True}
    assert "GMV under 100, not invited in 90 days" in browser.get(url).content.decode()
    for name in ("creators:market-again", "creators:market-drop"):
        assert browser_of("viewer").post(url_of(cast, name, pk=row.pk)).status_code == 403
        assert browser.post(url_of(cast, name, pk=row.pk)).status_code == 302
    with client_scope(cast.client.pk):
        assert not MarketSearch.objects.exists()


def test_a_page_of_hits_costs_the_same_queries_for_more(cast: Cast, browser_of: Any) -> None:
    with client_scope(cast.client.pk):
        few = answered(hit(1))
        make_creator("maker2", creator_id="open-2")
        many = answered(*(hit(number) for number in range(40)))
    browser, counts = browser_of("affiliate"), []
    browser.get(url_of(cast, "creators:found", pk=few.pk))
    for row in (few, many):
        with CaptureQueriesContext(connection) as seen:
            browser.get(url_of(cast, "creators:found", pk=row.pk))
        counts.append(len(seen))
    assert counts[0] == counts[1]
