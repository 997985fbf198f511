"""FQ1 at 100 clients x 2,000 posts: the same numbers for every role, and lists that hold them."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection, models
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

from authorizations.models import Authorization
from campaigns.models import Ad, AdGroup, Campaign
from creators.models import Creator, Post, PostProduct
from profit.models import ProductResult
from sparkops.catalog.models import AdAccount, Product, Shop
from sparkops.connections.models import Connection
from sparkops.isolation.scope import client_scope
from sparkops.landing.models import Cursor
from sparkops.tenants.models import Client, Membership, Organization
from sparkops.tenants.permissions import Role
from tests.factories.cast import BEGIN, make_user

pytestmark = pytest.mark.django_db
CLIENTS, POSTS = 100, 2_000
READERS = (Role.MEDIA, Role.AFFILIATE, Role.FINANCE)
NOW = BEGIN + timedelta(days=20, hours=12)
STREAMS = ("post_numbers", "authorized_posts", "ads", "orders", "ad_days")


@pytest.fixture(autouse=True)
def at_now() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def fill(model: type[models.Model], count: int, **columns: str) -> None:
    """`count` rows of the open client; a column is SQL in which `i` counts from 1. Columns that
    are not named get their defaults."""
    given = {"client_id": "current_setting('sparkops.client_id')::bigint", **columns}
    values: list[Any] = []
    for field in model._meta.concrete_fields:
        if field.column not in given and not field.primary_key:
            given[field.column] = "%s"
            default = field.get_default()
            values.append(field.get_db_prep_save(default, connection))
    names = ", ".join(f'"{name}"' for name in given)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {model._meta.db_table} ({names})"
            f" SELECT {', '.join(given.values())} FROM generate_series(1, {count}) i",
            values,
        )


def brand(organization: Organization, place: int, posts: int) -> Client:
    """A client whose answers are known from its place: see `answers`."""
    client = Client.objects.create(
        organization=organization,
        name=f"Brand {place:03}",
        slug=f"{organization.slug}-{place}",
        timezone="UTC",
        currency="USD",
        created_at=BEGIN,
    )
    with client_scope(client.pk):
        link = Connection.objects.create(
            kind="shop", external_id="1", label="Shop", connected_at=BEGIN, connected_by="T"
        )
        Cursor.objects.bulk_create(
            Cursor(connection=link, stream=one, due_at=NOW, last_ok_at=NOW) for one in STREAMS
        )
        shop = Shop.objects.create(
            connection=link, shop_id="7", cipher="c", name="S", market="US", currency="USD",
            timezone="UTC",
        )  # fmt: skip
        account = AdAccount.objects.create(
            connection=link,
            shop=shop,
            advertiser_id="8",
            name="A",
            currency="USD",
            timezone="UTC",
            utc_offset_minutes=0,
        )
        product = Product.objects.create(shop=shop, product_id="9", title="Serum")
        campaign = Campaign.objects.create(
            ad_account=account, campaign_id="1", name="C", kind="spark", seen_at=NOW
        )
        group = AdGroup.objects.create(campaign=campaign, adgroup_id="2", name="G", seen_at=NOW)
        for number in range(1, 6):
            other = Product.objects.create(shop=shop, product_id=f"9{number}", title=f"P{number}")
            ProductResult.objects.create(
                shop=shop, product=other, as_of=NOW.date(), days=30, currency="USD",
                cm3=place % 3 + 2 - number, complete=True, gmv=1, affiliate_commission=0,
                net_ad_cost=0, cm_before_ads=0,
            )  # fmt: skip
        _many(place, posts, account.pk, group.pk, product.pk)
    return client


def _many(place: int, posts: int, account: int, group: int, product: int) -> None:
    recent, old = f"'{NOW}'::timestamptz - interval '1 hour' * i", "'2026-01-01Z'::timestamptz"
    creators = place % 5 + 3
    fill(Creator, 10, creator_id="i", handle="'maker' || i", source="'t'", created_at=old)
    first_creator = Creator.objects.earliest("pk").pk
    # The first fifty posts are recent and by as many creators as `answers` says.
    fill(
        Post, posts, item_id="i", source="'t'", first_seen_at=old,
        creator_id=f"{first_creator} + mod(i, {creators})",
        published_at=f"CASE WHEN i <= 50 THEN {recent} ELSE {old} END",
    )  # fmt: skip
    first_post = Post.objects.earliest("pk").pk
    fill(PostProduct, 50, post_id=f"{first_post} + i - 1", product_id=str(product))
    days = f"CASE WHEN i <= {place % 4 + 1} THEN 9 ELSE 90 END"
    fill(
        Authorization, 20 + place % 6, kind="'video_code'", state="'verified'", source="'t'",
        post_id=f"{first_post} + i - 1", creator_id=f"{first_creator} + mod(i, {creators})",
        created_at=old, starts_at=old, verified_at=old, end_source="'api'",
        ends_at=f"'{NOW}'::timestamptz + interval '1 day' * {days}",
    )  # fmt: skip
    fill(
        Ad, 30, ad_group_id=str(group), ad_account_id=str(account), ad_id="i", name="'Ad ' || i",
        post_id=f"{first_post} + mod(i, 10)", seen_at=old, created_at=old,
        state=f"CASE WHEN i <= {place % 7 + 4} THEN 'live' ELSE 'paused' END",
    )  # fmt: skip


def answers(place: int) -> tuple[int, int, int, int, int]:
    """Creators that posted, authorized posts, live ads, permissions that end, products that made
    money, worked out from how `brand` fills a client."""
    return (place % 5 + 3, 20 + place % 6, place % 7 + 4, place % 4 + 1, place % 3 + 1)


def agency(slug: str, clients: int, posts: int) -> dict[str, Browser]:
    """An agency of brands, and a browser for each reader."""
    organization = Organization.objects.create(name=slug, slug=slug, created_at=BEGIN)
    for place in range(clients):
        brand(organization, place, posts)
    browsers = {}
    for role in READERS:
        user = make_user(f"{role.value}@{slug}.example")
        Membership.objects.create(
            user=user, organization=organization, role=role.value, created_at=BEGIN
        )
        browsers[role.value] = Browser()
        browsers[role.value].force_login(user)
    return browsers


def values(cards: list[dict[str, Any]]) -> tuple[Any, ...]:
    return tuple(one["value"] for one in cards)


def test_fq1_a_hundred_clients_with_two_thousand_posts_give_each_role_the_same_answers() -> None:
    """FQ1: per client and overall, each count opens a list of as many, statements do not grow."""
    few, many = agency("few", 4, 60), agency("many", CLIENTS, POSTS)
    statements = set()
    for url, browsers in (("/o/few/", few), ("/o/many/", many)):
        browsers["media"].get(url)  # the session's activity is noted once
        with CaptureQueriesContext(connection) as asked:
            browsers["media"].get(url)
        statements.add(len(asked))
    assert len(statements) == 1
    wanted = [answers(place) for place in range(CLIENTS)]
    for browser in many.values():
        page = browser.get("/o/many/")
        assert [values(cards) for _, cards in page.context["rows"]] == wanted
        totals = page.context["totals"]
        names = ("creators", "authorized", "live", "expiring", "made_money")
        assert tuple(totals[name] for name in names) == tuple(map(sum, zip(*wanted, strict=True)))
        for place in (41,):
            today = browser.get(f"/c/many-{place}/").context["cards"]
            assert values(today) == answers(place)
            for card in today[:4]:
                assert counted(browser.get(card["url"])) == card["value"], card["url"]


def counted(page: Any) -> int:
    """How many rows a list says it has."""
    return int(page.context["count"].value)
