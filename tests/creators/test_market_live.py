"""Marketplace searches against the live sandbox: landed first, by TikTok's filters, once."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import httpx
import pytest
from django.forms import ChoiceField

from creators.actions.market import search, search_again
from creators.forms.market import MarketForm
from creators.inbound import MARKET
from creators.models import MarketHit, MarketSearch
from creators.queries.market import categories
from creators.rules.market import Wish
from creators.tasks import search_market
from sparkops import clock
from sparkops.audit.record import Actor
from sparkops.catalog.inbound import STREAMS as CATALOG
from sparkops.catalog.models import Product, Shop
from sparkops.isolation.scope import client_scope
from sparkops.landing.actions import load_again
from sparkops.landing.models import Cursor, Page
from sparkops.landing.streams import pull_due
from tests.factories.cast import Cast
from tests.factories.world import own_transaction, synced_cast
from tests.sandbox_server import SandboxServer

pytestmark = pytest.mark.journey
[CATEGORIES] = [one for one in CATALOG if one.name == "product_categories"]
BY = Actor("Ann")


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any, sandbox: SandboxServer) -> Iterator[Cast]:
    with synced_cast(django_db_blocker, sandbox, CATALOG, ()) as cast:
        yield cast


@pytest.fixture
def client(world: Cast, django_db_blocker: Any) -> Iterator[Cast]:
    with own_transaction(django_db_blocker):
        yield world


def ask(cast: Cast, *wishes: Wish) -> list[MarketSearch]:
    with client_scope(cast.client.pk):
        place = Shop.objects.order_by("pk").first()
        assert place is not None
        rows = [search(place, wish, by=BY, now=clock.now()) for wish in wishes]
    search_market(client_id=cast.client.pk)
    with client_scope(cast.client.pk):
        return [MarketSearch.objects.get(pk=row.pk) for row in rows]


def test_an_answer_is_landed_read_and_scored(client: Cast) -> None:
    everyone, few = ask(client, Wish(), Wish(followers_least=20_000))
    with client_scope(client.client.pk):
        assert {everyone.state, few.state} == {"done"}
        assert everyone.hits == everyone.found.count() > few.hits
        assert all(one.follower_count >= 20_000 for one in few.found.all())
        pages = Page.objects.filter(stream=MARKET.name)
        assert pages.exclude(loaded_at=None).count() == pages.count() >= 2
        assert {one.payload["asked_for"]["search"] for one in pages} == {everyone.pk, few.pk}
        scored = everyone.found.exclude(fit=None)
        assert scored.exists()
        assert all(one.reasons for one in scored)
        told = everyone.found.exclude(gmv=None)
        assert set(told.values_list("currency", flat=True)) == {everyone.shop.currency}
        hidden = everyone.found.filter(gmv=None)
        assert all(one.gmv_least is not None for one in hidden)


def test_categories_are_offered_by_name_and_asked_for_by_number(client: Cast) -> None:
    """What products tell of their categories is the choice; whoever sells in another is not
    found."""
    with client_scope(client.client.pk):
        assert categories() == {"601450": "Beauty & Personal Care"}
        assert set(Product.objects.values_list("category_id", flat=True)) == {"601450"}
        field = MarketForm().fields["category"]
        assert isinstance(field, ChoiceField)
        assert field.choices == [("", "Any"), ("601450", "Beauty & Personal Care")]
    everyone, beauty, food = ask(client, Wish(), Wish(category="601450"), Wish(category="700437"))
    assert everyone.hits == beauty.hits > food.hits == 0


def test_a_search_again_finds_the_same_once_and_a_refused_one_does_not_stop_others(
    client: Cast,
) -> None:
    [row] = ask(client, Wish())
    with client_scope(client.client.pk):
        before = set(row.found.values_list("creator_id", flat=True))
        search_again(row, by=BY, now=clock.now())
    wrong, right = ask(client, Wish(gmv=("GMV_RANGE_OF_MINE",)), Wish(keyword="no such name here"))
    with client_scope(client.client.pk):
        row.refresh_from_db()
        assert set(row.found.values_list("creator_id", flat=True)) == before
        assert MarketHit.objects.filter(search=row).count() == len(before)
        assert wrong.state == "refused"
        assert wrong.problem
        assert (right.state, right.hits) == ("done", 0)
        cursors = Cursor.objects.filter(stream=MARKET.name, last_ok_at__isnull=False)
        assert set(cursors.values_list("state", flat=True)) == {"fresh"}


def test_products_that_a_broken_off_reading_did_not_reach_are_asked_about_next(
    client: Cast, sandbox: SandboxServer
) -> None:
    def pull() -> set[str]:
        with client_scope(client.client.pk):
            Cursor.objects.update(due_at=clock.now() - timedelta(seconds=1))
        pull_due(client.client.pk, [CATEGORIES], now=clock.now)
        with client_scope(client.client.pk):
            return set(Product.objects.values_list("category_id", flat=True))

    with client_scope(client.client.pk):
        everyone = Product.objects.count()
        assert everyone > 1
        Product.objects.update(category_id="", category_name="", category_read_at=None)
        load_again(CATEGORIES.name, Shop.objects.get().shop_id)
    fault = {"kind": "server_error", "path": "/product/202309/products/", "after": 1, "count": None}
    httpx.post(f"{sandbox.base_url}/_sandbox/faults", json=fault, timeout=30).raise_for_status()
    assert pull() == {"", "601450"}
    with client_scope(client.client.pk):
        assert Product.objects.filter(category_read_at=None).count() == everyone - 1
    httpx.delete(f"{sandbox.base_url}/_sandbox/faults", timeout=30).raise_for_status()
    assert pull() == {"601450"}
