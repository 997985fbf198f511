"""GMV Max and affiliates claim the same orders; the ledger counts each once (PD6, N12, TS5)."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest
import time_machine
from django.test import Client as Browser
from django.urls import reverse

from campaigns.models import Campaign, GmvMaxDay
from profit.actions.watching import mark_changes_elsewhere
from profit.models import AffiliateOrder, Entry, Order
from profit.queries.overlap import claimed_orders, overlap
from profit.queries.pnl import shop_pnl
from profit.rules.facts import Basis, Period
from sparkops.catalog.models import Product
from sparkops.isolation.scope import client_scope
from tests.factories.cast import Cast
from tests.profit.conftest import NOW, Books, make_books
from tests.profit.test_booking import FIRST, MASK, SECOND, SERUM, THIRD, spark_campaign

D = Decimal
LAST_30 = Period(first=date(2026, 10, 22), last=date(2026, 11, 20))


def promote(books: Books, product_id: str, *order_ids: str) -> None:
    """GMV Max promotes a product on the days of some orders and claims all of their revenue."""
    account = spark_campaign(books).ad_account if not Campaign.objects.exists() else None
    account = account or Campaign.objects.get(campaign_id="1801").ad_account
    campaign, _ = Campaign.objects.get_or_create(
        ad_account=account, campaign_id="1900", name="GMV Max", kind="gmv_max_product", seen_at=NOW
    )
    for day in set(
        Order.objects.filter(order_id__in=order_ids).values_list("order_day", flat=True)
    ):
        GmvMaxDay.objects.create(
            campaign=campaign,
            grain="product",
            key=product_id,
            day=day,
            product=Product.objects.get(product_id=product_id),
            currency="USD",
            cost=D(5),
            gross_revenue=D(100),
            read_at=NOW,
        )


def with_overlap(books: Books) -> None:
    """The first order is claimed by both; the third has no affiliate, the mask is promoted."""
    books.read_samples()
    AffiliateOrder.objects.exclude(order_id__in=[FIRST, SECOND]).delete()
    promote(books, SERUM, FIRST)
    promote(books, MASK, THIRD)
    mark_changes_elsewhere(now=NOW)
    books.book()


def test_an_order_claimed_twice_counts_once_and_is_listed(books: Books) -> None:
    """PD6, N12: GMV Max and the affiliate both claim an order; it is in the list of both and in
    revenue once; what the ad reports claim is shown and never added."""
    with_overlap(books)
    rows = {
        row.order_id: (row.by_affiliate, row.by_ads) for row in claimed_orders(books.shop, LAST_30)
    }
    assert rows[FIRST] == (True, True)
    assert rows[THIRD] == (False, True)
    found = overlap(books.shop, LAST_30)
    assert sum(part.orders for part in found.parts.values()) == len(rows)
    assert found.gmv == shop_pnl(books.shop, Basis.ORDER, LAST_30).gmv == D(108)
    assert found.parts["both"].gmv >= D(28)
    once = Entry.objects.filter(order_id=FIRST, account="gmv").values_list("amount", flat=True)
    assert sum(once, D(0)) == D(28)
    assert found.platform_claimed >= D(200)


@pytest.fixture
def finance(cast: Cast, client: Browser) -> Iterator[Browser]:
    with client_scope(cast.client.pk):
        with_overlap(make_books(cast.client.pk))
    client.force_login(cast.members["finance"])
    with time_machine.travel(NOW, tick=False):
        yield client


def test_the_view_tells_ads_affiliate_and_both_and_opens_the_orders(
    finance: Browser, cast: Cast
) -> None:
    """TS5: ads-only, affiliate-only and both, each leading to its orders."""
    slug = {"client": cast.client.slug}
    url = reverse("profit:overlap", kwargs=slug)
    page = finance.get(url).content.decode()
    for words in ("Claimed by both", "GMV Max only", "Affiliate only", "platform-attributed"):
        assert words in page

    def listed(claim: str) -> str:
        return finance.get(f"{url}?claim={claim}").content.decode()

    assert reverse("profit:order", kwargs={**slug, "order_id": FIRST}) in listed("both")
    assert "@mia.skin" in listed("both")
    assert THIRD in listed("ads") and THIRD not in listed("both") + listed("affiliate")
    assert FIRST not in listed("ads") + listed("affiliate") + listed("neither")
