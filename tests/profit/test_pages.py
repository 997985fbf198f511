"""The pages of profit: who opens them, what they say, and what they cost in queries."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import time_machine
from django.test import Client as Browser
from django.urls import reverse

from profit.models import Statement
from profit.views.frame import VIEWS
from sparkops.catalog.models import AdAccount, Shop
from sparkops.isolation.scope import client_scope
from tests.factories.cast import Cast
from tests.profit.conftest import NOW, make_books

FIRST = "577430000000000001"
SERUM = "1729500000000000101"
STATEMENT = "7562000000000000002"

Get = Callable[..., str]


@pytest.fixture
def pages(cast: Cast, client: Browser) -> Iterator[Get]:
    """Opens a page of the client's booked samples as finance, on the day of the samples."""
    with client_scope(cast.client.pk):
        books = make_books(cast.client.pk)
        books.read_samples()
        books.book()
    client.force_login(cast.members["finance"])

    def get(name: str, query: str = "", **kwargs: Any) -> str:
        url = reverse(f"profit:{name}", kwargs={"client": cast.client.slug, **kwargs})
        response = client.get(f"{url}?{query}")
        assert response.status_code == 200, (name, response.status_code)
        return response.content.decode()

    with time_machine.travel(NOW, tick=False):
        yield get


def test_the_statement_prints_every_level_with_its_formula(pages: Get) -> None:
    page = pages("overview")
    assert "$108.00" in page
    assert "Net revenue − Cost of goods" in page
    assert "Incomplete" in page and "Enter costs" in page


def test_a_line_opens_the_entries_it_is_the_sum_of(pages: Get) -> None:
    page = pages("entries", "account=referral_fee")
    assert FIRST in page
    assert "affiliate_commission" not in page
    assert "the sum of these entries" in page and "$5.04" in page
    assert '<input type="hidden" name="account" value="referral_fee">' in page


@pytest.mark.parametrize("view", VIEWS)
def test_u3_a_table_of_profit_offers_to_save_its_span_as_a_view(pages: Get, view: str) -> None:
    page = pages("table", "days=7", view=view)
    assert f"page=profit%2Fby%2F{view}%2F&query=days%3D7" in page.replace("&amp;", "&")


@pytest.mark.parametrize("view", VIEWS)
def test_tables_show_what_belongs_to_nobody(pages: Get, view: str) -> None:
    assert "Unallocated" in pages("table", view=view)


def test_a_product_without_a_cost_shows_no_profit(pages: Get) -> None:
    page = pages("product", product_id=SERUM)
    assert "Profit is incomplete" in page
    assert "$84.00" in page


def test_an_order_tells_where_its_figures_come_from(pages: Get) -> None:
    page = pages("order", order_id=FIRST)
    for words in ("mia.skin", "Glow Serum 30ml", "7562000000000000001", "P18@1"):
        assert words in page
    assert FIRST in pages("orders", f"order={FIRST}")


def test_a_statement_lists_its_checks_to_the_cent(pages: Get, cast: Cast) -> None:
    page = pages("statement", statement_id=STATEMENT)
    assert "GMV_PAYMENT_FOR_ADS" in page
    assert page.count(">ties<") >= 4
    with client_scope(cast.client.pk):
        Statement.objects.filter(statement_id=STATEMENT).update(settlement_amount="-55.36")
    assert "0.01" in pages("statement", statement_id=STATEMENT)
    assert "tone-bad" in pages("statements")


@pytest.mark.parametrize(
    ("name", "kwargs", "most"),
    [
        ("overview", {}, 28),
        ("table", {"view": "products"}, 30),
        ("table", {"view": "creators"}, 25),
        ("table", {"view": "posts"}, 25),
        ("table", {"view": "campaigns"}, 27),
        ("table", {"view": "sources"}, 27),
        ("orders", {}, 30),
        ("order", {"order_id": FIRST}, 30),
        ("product", {"product_id": SERUM}, 40),
        ("statements", {}, 25),
    ],
)
def test_a_page_costs_a_fixed_number_of_queries(
    pages: Get,
    django_assert_max_num_queries: Any,
    name: str,
    kwargs: dict[str, Any],
    most: int,
) -> None:
    pages(name, **kwargs)
    with django_assert_max_num_queries(most):
        pages(name, **kwargs)


def test_u5_rows_of_tables_show_their_course_and_the_stage_of_their_money(
    pages: Get, cast: Cast
) -> None:
    """U4, U5: a small line per row, a badge, and what it means one click away."""
    page = pages("table", view="products")
    serum = page.partition("Glow Serum 30ml")[2].partition("</tr>")[0]
    assert 'class="spark' in serum and "in the second half" in serum
    assert "settled" in serum.lower()
    assert "What the stages mean" in page and "it does not change any more" in page
    unallocated = page.partition("Unallocated")[2].partition("</tr>")[0]
    assert 'class="spark' not in unallocated


def test_a_zone_that_cannot_be_read_gives_utc_and_a_notice(pages: Get, cast: Cast) -> None:
    assert "Days are UTC" not in pages("overview")
    with client_scope(cast.client.pk):
        Shop.objects.update(timezone="<script>alert(1)</script>")
        AdAccount.objects.update(timezone="<script>alert(1)</script>")
    for name in ("overview", "tie-out", "overlap", "orders", "journal"):
        page = pages(name)
        assert "<script>alert" not in page
    assert "Days are UTC" in pages("overview")
    assert "&lt;script&gt;alert(1)" in pages("table", view="products")
    assert FIRST in pages("order", order_id=FIRST)


def test_an_unknown_order_is_not_found(pages: Get, client: Browser, cast: Cast) -> None:
    url = reverse("profit:order", kwargs={"client": cast.client.slug, "order_id": "404"})
    assert client.get(url).status_code == 404


def test_what_if_works_over_what_really_happened(pages: Get, client: Browser, cast: Cast) -> None:
    page = pages("what-if", "price=10&days=30")
    assert "$108.00" in page and "$118.80" in page
    assert "$84.00" in pages("what-if", f"product={SERUM}")
    url = reverse("profit:what-if", kwargs={"client": cast.client.slug})
    assert f'value="Glow Serum 30ml ({SERUM})"' in page and 'list="product-choices"' in page
    assert "$84.00" in pages("what-if", f"product=Glow+Serum+30ml+({SERUM})")
    assert "$84.00" in pages("what-if", "product=serum")
    for query, words in (
        ("product=404", "No product is called 404"),
        ("product=m", "Several products are called m"),
        ("price=x", "a number"),
    ):
        answer = client.get(f"{url}?{query}")
        assert answer.status_code == 422 and words in answer.content.decode()


@pytest.mark.parametrize("name", ["orders", "overlap"])
def test_a_list_says_its_period_and_keeps_it_when_filtered(pages: Get, name: str) -> None:
    asked = pages(name)
    chosen = asked.partition('name="days"')[2].partition("</select>")[0]
    assert chosen.index("Last 30 days") < chosen.index("Last 7 days")
    assert 'value="7" selected' in pages(name, "days=7")
