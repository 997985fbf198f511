"""What a creator and a post netted, to the cent (N11, PD3)."""

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.test import Client as Browser
from django.urls import reverse

import profit.queries.groups as groups
from creators.models import Creator, Post
from profit.actions.costs import add_creator_fee, set_unit_cost
from profit.actions.watching import mark_changes_elsewhere
from profit.queries.entries import entries_of
from profit.queries.groups import group_page, grouped
from profit.queries.subject_pnl import by_product, commission_parts, payback_of, subject_pnl
from profit.rules.facts import Basis, Period
from profit.rules.pnl import UNATTRIBUTED, Dimension
from sparkops.catalog.models import Sku
from sparkops.isolation.scope import client_scope
from tests.factories.cast import Cast
from tests.profit.conftest import JO, NOW, Books, make_books, sample
from tests.profit.test_booking import SAMPLE, THIRD, spark_campaign, spend

D = Decimal
ALL = Period(first=date(2026, 1, 1), last=date(2026, 12, 31))
MASK_SKU = "1729500000000000202"


def filled(books: Books) -> Post:
    """Mia sold orders 1 to 3, the third was given back; she got a sample and a flat fee, and her
    post ran as an ad. Every unit costs 4.00."""
    books.read_samples()
    for sku in Sku.objects.all():
        set_unit_cost(sku, D("4.00"), "USD", date(2026, 1, 1), by=JO, now=NOW)
    claims = sample("affiliate_seller_orders_search_202410")["orders"][0]
    shipped = sample("orders_search_202309")["orders"][3]
    third = {
        **claims["skus"][0],
        "sku_id": MASK_SKU,
        "settlement_status": "UNSETTLED",
    }
    books.orders({"orders": [shipped | {"status": "IN_TRANSIT", "rts_time": 1794600000}]})
    books.affiliate({"orders": [claims | {"id": SAMPLE}, claims | {"id": THIRD, "skus": [third]}]})
    ad = spark_campaign(books)
    spend(ad, "5.00")
    mia = Creator.objects.get(handle="mia.skin")
    add_creator_fee(
        mia,
        kind="flat_fee",
        amount=D("40.00"),
        currency="USD",
        starts_on=date(2026, 11, 1),
        by=JO,
        now=NOW,
    )
    mark_changes_elsewhere(now=NOW)
    books.book()
    return Post.objects.get(item_id="7493990579714164574")


def test_a_creator_and_a_post_are_stated_to_the_cent_with_a_payback_date(books: Books) -> None:
    """N11: sample, shipping, flat fee, standard and ads commission, refunds clawed back and ad
    spend are in a creator's and a post's P&L to the cent, with the day it paid back."""
    post = filled(books)
    mia = Creator.objects.get(handle="mia.skin")
    pnl = subject_pnl(books.shop, Basis.ORDER, ALL, {"creator": mia})
    expected = {
        "gmv": D("108.00"),  # 28 + 56 + 24
        "refunded_item_revenue": D("24.00"),
        "cogs": D("12.00"),  # 4 + 8 + 4 - 4 restocked
        "referral_fee": D("5.04"),  # 1.68 + 3.36 + 1.44 - 1.44
        "refund_admin_fee": D("0.29"),  # a fifth of 1.44
        "fulfilment_cost": D("8.62"),  # 4.31 + 4.31 by the statement
        "return_shipping_cost": D("5.00"),
        "other_platform_fee": D("0.25"),
        "affiliate_commission": D("9.38"),  # 3.78 + 5.60 + 3.60 - 3.60
        "ad_spend": D("5.00"),
        "creator_fees": D("40.00"),
        "sample_cost": D("4.00"),
    }
    assert {name: getattr(pnl, name) for name in expected} == expected
    # 108 - 24 - 12 - 5.04 - 0.29 - 8.62 - 5 - 0.25 - 9.38 - 5 - 40 - 4
    assert pnl.cm3 == D("-5.58")
    parts = commission_parts(books.shop, Basis.ORDER, ALL, {"creator": mia})
    assert (parts.standard, parts.from_ads) == (D("3.78"), D("5.60"))
    assert parts.given_back == D("3.60")  # 15% of 24.00, not settled when it was given back
    # 40.00 on the 1st, 53.02 back on the 9th: even that day. Then order 3 costs 9.60 on the 10th.
    found = payback_of(books.shop, {"creator": mia}, date(2026, 11, 9))
    assert found is not None
    assert (found.invested, found.began, found.on) == (40, date(2026, 11, 1), date(2026, 11, 9))
    later = payback_of(books.shop, {"creator": mia}, NOW.date())
    assert later is not None and later.on is None and later.open == D("5.58")
    for name, amount in expected.items():
        filters = {"account": name, "creator": "mia.skin"}
        rows = entries_of(books.shop, Basis.ORDER, ALL, filters)
        assert sum(row.amount for row in rows) == amount, name

    of_post = subject_pnl(books.shop, Basis.ORDER, ALL, {"post": post})
    assert (of_post.ad_spend, of_post.creator_fees) == (5, 0)  # the fee names no post
    assert of_post.affiliate_commission == D("9.38")
    for of, whole in (({"creator": mia}, pnl), ({"post": post}, of_post)):
        split = by_product(books.shop, Basis.ORDER, ALL, of)  # type: ignore[arg-type]
        assert sum(one.cm3 for one in split.values()) == whole.cm3


def test_pages_of_groups_hold_every_group_once_in_order(
    books: Books, monkeypatch: pytest.MonkeyPatch
) -> None:
    """PD3: all pages with Unallocated are the groups of the shop, each once, best first."""
    filled(books)
    monkeypatch.setattr(groups, "GROUPS_SHOWN", 1)
    for dimension in Dimension:
        whole = grouped(books.shop, Basis.ORDER, ALL, dimension)
        rest = whole.pop(UNATTRIBUTED)
        seen: list[str] = []
        cursor: str | None = ""
        while cursor is not None:
            page = group_page(books.shop, Basis.ORDER, ALL, dimension, cursor)
            assert page.rest == rest
            assert all(page.groups[key] == whole[key] for key in page.groups)
            seen += page.groups
            assert (page.previous is None) == (len(seen) == len(page.groups))
            cursor = page.next
        assert sorted(seen) == sorted(whole)
        assert [whole[key].cm3 for key in seen] == sorted(
            (one.cm3 for one in whole.values()), reverse=True
        )


@pytest.fixture
def finance(cast: Cast, client: Browser) -> Iterator[Browser]:
    with client_scope(cast.client.pk):
        filled(make_books(cast.client.pk))
    client.force_login(cast.members["finance"])
    with time_machine.travel(NOW, tick=False):
        yield client


def test_the_pages_say_what_came_back_and_how_commission_is_made(
    finance: Browser, cast: Cast, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    slug = {"client": cast.client.slug}
    for name, kwargs in (
        ("creator", {"handle": "mia.skin"}),
        ("post", {"item_id": "7493990579714164574"}),
    ):
        url = reverse(f"profit:{name}", kwargs={**slug, **kwargs})
        table = reverse("profit:table", kwargs={**slug, "view": f"{name}s"})
        assert f'href="{url}?' in finance.get(table).content.decode()
        finance.get(url)
        with django_assert_max_num_queries(35):
            page = finance.get(f"{url}?days=90").content.decode()
        for words in ("Payback", "From ads", "$5.60", "$3.60", "Glow Serum 30ml"):
            assert words in page, words
    assert finance.get(reverse("profit:creator", kwargs={**slug, "handle": "x"})).status_code == 404
