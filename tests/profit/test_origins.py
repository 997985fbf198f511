"""The P&L by campaign and by source: what TikTok tells, and the rest unattributed (PD3, N14)."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from decimal import Decimal

import pytest
import time_machine
from django.http import HttpResponse
from django.test import Client as Browser
from django.urls import reverse

from campaigns.models import Ad, Campaign, GmvMaxDay
from profit.actions.watching import mark_changes_elsewhere
from profit.models import AffiliateOrder, Entry, Order
from profit.queries.entries import entries_of
from profit.queries.groups import entries_in
from profit.queries.origins import origin_names, origin_table
from profit.queries.pnl import shop_pnl
from profit.rules.entries import Account
from profit.rules.facts import Basis, Period
from profit.rules.origins import Origin
from profit.rules.pnl import UNATTRIBUTED, Pnl
from sparkops.isolation.scope import client_scope
from tests.factories.cast import Cast
from tests.profit.conftest import NOW, Books, make_books
from tests.profit.test_booking import FIRST, SECOND, spend
from tests.profit.test_subjects import filled

D = Decimal
ALL = Period(first=date(2026, 1, 1), last=date(2026, 12, 31))
LINES = tuple(name for name in Pnl.__annotations__ if name not in ("currency", "complete"))


@pytest.fixture
def ad(books: Books) -> Ad:
    """A Spark ad on the post that sold the orders, with 7.00 on the day of the order that TikTok
    says ads brought, and 5.00 on another; a sample and a fee went to the creator."""
    filled(books)
    ad = Ad.objects.get()
    spend(ad, "7.00", day_of(SECOND))
    return ad


def day_of(order_id: str) -> date:
    return Order.objects.get(order_id=order_id).order_day


def table_of(books: Books, origin: Origin, basis: Basis = Basis.ORDER) -> dict[str, Pnl]:
    """The groups of the table, after booking what changed."""
    mark_changes_elsewhere(now=NOW)
    books.book()
    return origin_table(books.shop, basis, ALL, origin).groups


def booked(rows: Iterable[Entry]) -> Pnl:
    """The P&L of ledger rows."""
    sums: dict[Account, Decimal] = {}
    for row in rows:
        account = Account(row.account)
        sums[account] = sums.get(account, D(0)) + row.amount
    return Pnl.of(sums, "USD")


@pytest.mark.parametrize("origin", list(Origin))
@pytest.mark.parametrize("basis", list(Basis))
def test_pd3_rows_and_unallocated_sum_to_the_shop_and_open_their_entries(
    books: Books, ad: Ad, basis: Basis, origin: Origin
) -> None:
    """PD1, PD3, N14: a row is the sum of the entries that it opens, Unallocated that of those
    which no row opens, and together they are the shop on every basis."""
    groups = table_of(books, origin, basis)
    assert len(groups) > 1
    whole = shop_pnl(books.shop, basis, ALL)
    for line in LINES:
        total = sum((getattr(pnl, line) for pnl in groups.values()), D(0))
        assert total == getattr(whole, line), line
    opened: set[int] = set()
    for key in set(groups) - {UNATTRIBUTED}:
        rows = list(entries_of(books.shop, basis, ALL, {origin.value: key}))
        assert booked(rows) == groups[key], key
        assert not opened & {row.pk for row in rows}
        opened |= {row.pk for row in rows}
    rest = entries_in(books.shop, basis, ALL).exclude(pk__in=opened)
    assert booked(rest) == groups[UNATTRIBUTED]


def test_a_campaign_has_its_cost_and_the_orders_that_ads_brought_to_it_alone(
    books: Books, ad: Ad
) -> None:
    """N12: what TikTok claims for a campaign (500.00 a day here) adds nothing; an order counts
    where its commission is that of ads and no other campaign spent on its post that day."""
    found = table_of(books, Origin.CAMPAIGN)
    assert set(found) == {"1801", UNATTRIBUTED}
    mine = found["1801"]
    assert (mine.gmv, mine.affiliate_commission) == (D("56.00"), D("5.60"))
    assert (mine.ad_spend, mine.creator_fees) == (D("12.00"), 0)
    assert found[UNATTRIBUTED].gmv == D("52.00")  # 28 without ads, 24 given back later

    other = Campaign.objects.create(
        ad_account=ad.ad_account,
        campaign_id="1900",
        name="GMV Max",
        kind="gmv_max_product",
        seen_at=NOW,
    )
    for grain, post, cost in (("campaign", None, "9.00"), ("creative", ad.post, "6.00")):
        GmvMaxDay.objects.create(
            campaign=other,
            grain=grain,
            key=grain,
            day=day_of(SECOND),
            post=post,
            currency="USD",
            cost=D(cost),
            read_at=NOW,
        )
    found = table_of(books, Origin.CAMPAIGN)
    assert origin_names(Origin.CAMPAIGN, found)["1900"] == "GMV Max"
    Campaign.objects.update(name="Autumn")
    assert origin_names(Origin.CAMPAIGN, found)["1900"] == "Autumn (1900)"
    assert (found["1801"].gmv, found["1801"].ad_spend) == (0, D("12.00"))
    assert (found["1900"].gmv, found["1900"].ad_spend) == (0, D("9.00"))
    assert found[UNATTRIBUTED].gmv == D("108.00")


def test_sources_are_what_the_affiliate_orders_say(books: Books, ad: Ad) -> None:
    """Domain 6.6: ads before LIVE before the rest of what creators sold; nobody guesses at the
    shop tab or at search."""
    found = table_of(books, Origin.SOURCE)
    assert {key: pnl.gmv for key, pnl in found.items()} == {
        "affiliate_ads": D("56.00"),
        "affiliate_organic": D("52.00"),
        "sample": 0,
        UNATTRIBUTED: 0,
    }
    assert found["affiliate_ads"].ad_spend == D("12.00")
    assert found["sample"].sample_cost == D("4.00")
    assert found[UNATTRIBUTED].creator_fees == D("40.00")

    AffiliateOrder.objects.filter(order_id__in=[FIRST, SECOND]).update(content_type="LIVE")
    found = table_of(books, Origin.SOURCE)
    assert (found["live"].gmv, found["affiliate_ads"].gmv) == (D("28.00"), D("56.00"))
    assert found["affiliate_organic"].gmv == D("24.00")


def test_an_unknown_line_opens_nothing(books: Books, ad: Ad) -> None:
    for origin in Origin:
        assert not entries_of(books.shop, Basis.ORDER, ALL, {origin.value: "nobody"}).exists()


@pytest.fixture
def shown(cast: Cast, client: Browser) -> Iterator[Callable[[str, str], HttpResponse]]:
    """Opens a table of profit of the filled shop, with 7.00 of ads on the day of the order."""
    with client_scope(cast.client.pk):
        books = make_books(cast.client.pk)
        filled(books)
        spend(Ad.objects.get(), "7.00", day_of(SECOND))
        mark_changes_elsewhere(now=NOW)
        books.book()
    client.force_login(cast.members["finance"])

    def get(view: str, query: str = "") -> HttpResponse:
        url = reverse("profit:table", kwargs={"client": cast.client.slug, "view": view})
        return client.get(f"{url}?{query}")

    with time_machine.travel(NOW, tick=False):
        yield get


@pytest.mark.parametrize(
    ("view", "name", "opens"),
    [
        ("campaigns", "Spark", "campaign=1801"),
        ("sources", "Ads on creators&#x27; posts", "source=affiliate_ads"),
    ],
)
def test_u5_the_tables_show_course_stage_and_rest_and_can_be_taken_away(
    shown: Callable[[str, str], HttpResponse], view: str, name: str, opens: str
) -> None:
    """U5, PD10: a small line and a badge per row, its entries one click away, Unallocated and the
    shop below; the file has the same rows and its last one is the shop."""
    page = shown(view, "").content.decode()
    row = page.partition(f">{name}<")[2].partition("</tr>")[0]
    assert 'class="spark' in row and "ettled" in row and "$56.00" in row
    assert opens in page and "Unallocated" in page and "$108.00" in page
    lines = shown(view, "export=csv").content.decode().splitlines()
    assert lines[-1].startswith("Shop,108.00")
    assert any(line.startswith("Unallocated,") for line in lines)
