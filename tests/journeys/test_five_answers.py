"""The five answers on Today against the sandbox's own count, and what they say when it is silent.

The demo's own seed reads a whole small world through the clients, the streams and the booking.
"""

import socket
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import httpx
import pytest
from django.db import transaction
from django.db.models import Sum
from django.test import Client as Browser
from django.test import override_settings
from django.urls import reverse

from creators.inbound import STREAMS as CREATORS
from profit.inbound import STREAMS as PROFIT
from profit.models import ProductResult, StatementLine
from profit.queries.groups import grouped
from profit.queries.pnl import shop_pnl
from profit.queries.tie_out import tie_out
from profit.rules.facts import Basis, Period
from profit.rules.pnl import Dimension
from sparkops import clock
from sparkops.accounts.models import User
from sparkops.audit.record import SYSTEM
from sparkops.catalog.models import Shop
from sparkops.connections.models import Connection
from sparkops.demo.people import PEOPLE
from sparkops.demo.seed import Seed
from sparkops.home.today import Answers, answers_for
from sparkops.isolation.scope import client_scope
from sparkops.landing.models import Cursor
from sparkops.landing.streams import Stream, pull_due
from sparkops.tenants.actions import create_client
from sparkops.tenants.models import Client, Organization
from tests.factories.world import own_transaction
from tests.sandbox_server import SandboxServer, product_settings, running_sandbox

pytestmark = pytest.mark.journey


@pytest.fixture(scope="module")
def sandbox() -> Iterator[SandboxServer]:
    with running_sandbox("tiny") as server, override_settings(TIKTOK=product_settings(server)):
        yield server


@pytest.fixture(scope="module")
def seeded(
    django_db_setup: None, django_db_blocker: Any, sandbox: SandboxServer
) -> Iterator[list[Client]]:
    """The demo agency with everything read and booked; the sandbox's clock stands still."""
    sandbox.do("clock", frozen=True)
    with django_db_blocker.unblock(), transaction.atomic():
        lines: list[str] = []
        Seed(sandbox.credentials, lines.append).run()
        yield list(Client.objects.order_by("pk"))
        transaction.set_rollback(True)


@pytest.fixture
def clients(seeded: list[Client], django_db_blocker: Any) -> Iterator[list[Client]]:
    with own_transaction(django_db_blocker):
        yield seeded


def truths(sandbox: SandboxServer) -> dict[str, dict[str, Any]]:
    return {one["key"]: one for one in sandbox.look("world")["brands"]}


def answers_of(client: Client) -> Answers:
    with client_scope(client.pk):
        [found] = answers_for([client], now=clock.now())
        return found


def usable_posts(world: dict[str, Any]) -> set[str]:
    """Posts that ads may use: TikTok says AUTHORIZED, and the post is there for all to see."""
    return {one["item_id"] for one in world["authorized_posts"] if one["post_status"] == PUBLIC}


def items(pairs: list[list[str]]) -> set[str]:
    return {item_id for _, item_id in pairs}


def test_fq1_every_client_s_answers_equal_the_world_s_own_count(
    clients: list[Client], sandbox: SandboxServer
) -> None:
    worlds = truths(sandbox)
    assert {one.slug for one in clients} == worlds.keys()
    for client in clients:
        world, found = worlds[client.slug], answers_of(client)
        assert found.unread == (False,) * 5
        assert found.late == ()
        assert found.posted.creators == len(world["creators_posted"])
        assert found.posted.posts == sum(len(one["item_ids"]) for one in world["creators_posted"])
        authorized = usable_posts(world)
        assert found.rights.authorized_posts == len(authorized)
        assert found.rights.expiring_7 == len(items(world["expiring"]["7"]) & authorized)
        assert found.rights.expiring_30 == len(items(world["expiring"]["30"]) & authorized)
        assert found.live.live_ads == len(world["live_ads"])
        assert found.live.live_posts == len({one["item_id"] for one in world["live_ads"]})


def test_fq1_products_made_money_by_the_world_s_own_amounts(
    clients: list[Client], sandbox: SandboxServer
) -> None:
    worlds = truths(sandbox)
    for client in clients:
        world = worlds[client.slug]
        window = world["window"]
        period = Period(
            first=date.fromisoformat(window["from"]), last=date.fromisoformat(window["to"])
        )
        answer = answers_of(client).products
        with client_scope(client.pk):
            found = grouped(Shop.objects.get(), Basis.ORDER, period, Dimension.PRODUCT)
            told = {one.product.product_id: one for one in ProductResult.objects.all()}
        sold = {one["product_id"]: one for one in world["products"] if Decimal(one["gmv"])}
        assert answer.made_money + answer.lost_money + answer.unknown >= len(sold)
        assert sold.keys() <= told.keys()
        for product_id, truth in sold.items():
            assert found[product_id].gmv == Decimal(truth["gmv"])
            assert found[product_id].refunded_item_revenue == Decimal(
                truth["refunded_item_revenue"]
            )
            assert told[product_id].cm3 == found[product_id].cm3
            assert told[product_id].complete == found[product_id].complete
        complete = [one for one in told.values() if one.complete]
        assert answer.made_money == sum(one.cm3 > 0 for one in complete)


def test_pd9_every_cent_of_every_statement_is_in_the_ledger(
    clients: list[Client], sandbox: SandboxServer
) -> None:
    """PD9: over all time rows, statements and payouts tie without an unexplained cent, and what the
    ledger says was settled is what TikTok says it settled, but for ads that were paid out of it."""
    always = Period(first=date(2020, 1, 1), last=date(2039, 12, 31))
    worlds = truths(sandbox)
    for client in clients:
        with client_scope(client.pk):
            shop = Shop.objects.get()
            report = tie_out(shop, always)
            assert report.statements > 0 and report.unread == 0
            assert report.unexplained == ()
            assert report.settled == Decimal(worlds[client.slug]["totals"]["settled_all_time"])
            told = shop_pnl(shop, Basis.SETTLEMENT, always)
            paid_for_ads = StatementLine.objects.filter(sku_id="", type="GMV_PAYMENT_FOR_ADS")
            ads = paid_for_ads.aggregate(sum=Sum("settlement_amount"))["sum"] or Decimal(0)
            # Goods and VAT are between the seller and others, on no statement of TikTok's.
            assert told.cm3 + told.cogs + told.output_vat + ads == report.rows
            assert sum((one.difference for one in report.unlisted), Decimal(0)) == (
                -told.other_platform_fee
            )


def test_fq1_the_agency_s_answers_are_the_sum_and_every_role_reads_the_same(
    clients: list[Client], sandbox: SandboxServer
) -> None:
    worlds = truths(sandbox).values()
    [agency] = Organization.objects.all()
    url = reverse("portfolio", kwargs={"organization": agency.slug})
    seen = set()
    for person in PEOPLE:
        browser = signed_in(person.email)
        page = browser.get(url)
        if page.status_code == 404:  # people of one client have no portfolio
            continue
        seen.add(tuple(sorted(page.context["totals"].items())))
    [totals] = [dict(one) for one in seen]
    assert totals["creators"] == sum(len(one["creators_posted"]) for one in worlds)
    assert totals["live"] == sum(len(one["live_ads"]) for one in worlds)
    assert totals["authorized"] == sum(len(usable_posts(one)) for one in worlds)


def signed_in(email: str) -> Browser:
    browser = Browser()
    browser.force_login(User.objects.get(email=email))
    return browser


def read_again(client: Client, *streams: Stream) -> None:
    with client_scope(client.pk):
        Cursor.objects.update(due_at=clock.now() - timedelta(seconds=1))
    pull_due(client.pk, streams, now=clock.now)


def today(client: Client) -> str:
    page = signed_in("media@demo.example").get(
        reverse("home:today", kwargs={"client": client.slug})
    )
    assert page.status_code == 200
    return page.content.decode()


PUBLIC = "HESITATE_RECOMMEND"
"""TikTok's word for a post that all may see (marketing contract 3); no other may be promoted."""
POSTS = next(one for one in CREATORS if one.name == "post_numbers")
ORDERS = next(one for one in PROFIT if one.name == "orders")


def fault(sandbox: SandboxServer, kind: str) -> None:
    spec = {"kind": kind, "count": None}
    httpx.post(f"{sandbox.base_url}/_sandbox/faults", json=spec, timeout=30).raise_for_status()


@pytest.fixture
def no_faults(sandbox: SandboxServer) -> Iterator[None]:
    yield
    httpx.delete(f"{sandbox.base_url}/_sandbox/faults", timeout=30).raise_for_status()


def test_a_stopped_tiktok_leaves_the_last_numbers_and_says_how_old_they_are(
    clients: list[Client], sandbox: SandboxServer
) -> None:
    client = clients[0]
    before = answers_of(client)
    with socket.create_server(("127.0.0.1", 0)) as server:
        gone = f"http://127.0.0.1:{server.getsockname()[1]}"
    silent = product_settings(sandbox) | {"ads_url": gone, "shop_url": gone, "auth_url": gone}
    with override_settings(TIKTOK=silent):
        read_again(client, POSTS, ORDERS)
    after = answers_of(client)
    assert (after.posted, after.products) == (before.posted, before.products)
    assert after.posted.creators
    assert after.unread == (False,) * 5
    page = today(client)
    assert "Some numbers are old." in page
    assert "The numbers are from" in page


def test_ts7_a_lost_token_names_the_pages_that_keep_old_numbers_and_the_way_back(
    clients: list[Client], sandbox: SandboxServer, no_faults: None
) -> None:
    """TS7: the banner names the affected pages, the numbers stay, Connections leads back."""
    client = clients[0]
    before = answers_of(client)
    fault(sandbox, "revoked_token")
    read_again(client, POSTS)
    with client_scope(client.pk):
        lost = Connection.objects.get(kind=Connection.Kind.SHOP)
        assert lost.state == Connection.State.LOST
    assert answers_of(client).posted == before.posted
    here = f"{lost.label} is no longer connected."
    pages = "Connections, Creators, Outreach, Posts, Profit, Today show the last numbers read."
    connections = reverse("connections:list", kwargs={"client": client.slug})
    owner = signed_in("owner@demo.example")
    for name, kwargs in (
        ("home:today", {}),
        ("creators:creators", {}),
        ("creators:posts", {}),
        ("profit:overview", {}),
        ("profit:table", {"view": "products"}),
    ):
        page = owner.get(reverse(name, kwargs={"client": client.slug, **kwargs})).content.decode()
        assert here in page, name
        assert pages in page, name
        assert connections in page, name
    assert "Connect again" in owner.get(connections).content.decode()


def test_a_throttled_app_is_late_and_not_zero(
    clients: list[Client], sandbox: SandboxServer, no_faults: None
) -> None:
    client = clients[0]
    before = answers_of(client)
    fault(sandbox, "throttle")
    read_again(client, POSTS)
    with client_scope(client.pk):
        cursor = Cursor.objects.get(stream="post_numbers")
        assert cursor.state == Cursor.State.LATE
        assert cursor.due_at > clock.now()
        assert Connection.objects.filter(state=Connection.State.LOST).count() == 0
    assert answers_of(client).posted == before.posted
    assert "Some numbers are old." in today(client)


def test_ts7_a_client_that_was_never_read_shows_no_zero(clients: list[Client]) -> None:
    """TS7: what was never read is a dash with its reason."""
    [agency] = Organization.objects.all()
    fresh = create_client(
        agency, "New Brand", timezone="UTC", currency="USD", by=SYSTEM, now=clock.now()
    )
    assert answers_of(fresh).unread == (True,) * 5
    page = signed_in("owner@demo.example").get(reverse("home:today", kwargs={"client": fresh.slug}))
    assert [card["value"] for card in page.context["cards"]] == ["–"] * 5
    assert page.content.decode().count("Not read from TikTok yet") == 5
