"""What finance sees and takes away: money, targets, nobody's contact data (PD10, PD11, N14)."""

import csv
import io
import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import openpyxl
import pytest
import time_machine
from django.test import Client as Browser
from django.urls import reverse

from campaigns.queries import break_even_of
from creators.models import Creator, Post, PostProduct
from profit.actions.costs import set_unit_cost
from profit.actions.publish import publish
from profit.queries.groups import grouped
from profit.queries.pnl import shop_pnl
from profit.queries.products import units_sold
from profit.rules.facts import Basis, Period
from profit.rules.pnl import UNATTRIBUTED, Dimension
from profit.views.frame import VIEWS
from sparkops.catalog.models import Product, ProductTarget, Sku
from sparkops.isolation.scope import client_scope
from tests.factories.cast import Cast
from tests.profit.conftest import JO, NOW, Books, make_books

D = Decimal
LAST_30 = Period(first=date(2026, 10, 22), last=date(2026, 11, 20))
EMAIL, PHONE = "mia.private@mail.example", "+1 555 0100"


@pytest.fixture
def books(cast: Cast) -> Iterator[Books]:
    """The samples, booked and fully costed; one product is named like a formula."""
    with client_scope(cast.client.pk):
        books = make_books(cast.client.pk)
        books.read_samples()
        for sku in Sku.objects.all():
            set_unit_cost(sku, D("4.00"), "USD", date(2026, 1, 1), by=JO, now=NOW)
        books.book()
        publish(books.shop, now=NOW)
        Product.objects.filter(title__startswith="Glow").update(title='=HYPERLINK("http://x")')
        Creator.objects.filter(handle="mia.skin").update(email=EMAIL)
    return books


@pytest.fixture
def finance(books: Books, cast: Cast, client: Browser) -> Iterator[Browser]:
    client.force_login(cast.members["finance"])
    with time_machine.travel(NOW, tick=False):
        yield client


def money(text: str) -> Decimal:
    return D(text.replace("−", "-").replace("$", "").replace(",", ""))


def shop_line(page: str) -> list[Decimal]:
    """The amounts of the table's last line, as they are shown."""
    foot = page.partition("<tfoot")[2].partition("</tfoot>")[0]
    return [money(one) for one in re.findall(r">(−?\$[\d.,]+)<", foot)]


@pytest.mark.parametrize("view", VIEWS)
def test_finance_sees_all_money_no_contact_and_files_total_what_the_screen_totals(
    finance: Browser, cast: Cast, view: str
) -> None:
    """PD10: all money and no creator contact data; CSV and XLSX totals equal the screen."""
    slug = {"client": cast.client.slug}
    pages = [
        reverse(f"profit:{name}", kwargs=slug)
        for name in ("overview", "orders", "entries", "statements", "tie-out", "restatements")
    ]
    url = reverse("profit:table", kwargs={**slug, "view": view})
    with client_scope(cast.client.pk):
        mia = Creator.objects.get(handle="mia.skin").pk
    people = [
        reverse("creators:creators", kwargs=slug),
        reverse("creators:creator", kwargs={**slug, "pk": mia}),
    ]
    for address in [*pages, url, *people]:
        answer = finance.get(address)
        assert answer.status_code == 200, address
        assert EMAIL not in answer.content.decode(), address

    shown = shop_line(finance.get(url).content.decode())
    assert shown[0] == D("108.00")
    text = finance.get(f"{url}?export=csv").content.decode("utf-8-sig")
    lines = list(csv.reader(io.StringIO(text)))
    assert not any(cell.startswith(("=", "+", "@")) for line in lines for cell in line)
    sheet = openpyxl.load_workbook(io.BytesIO(finance.get(f"{url}?export=xlsx").content)).active
    assert sheet is not None
    rows = list(sheet.iter_rows(values_only=True))
    assert {cell.data_type for line in sheet.iter_rows() for cell in line} <= {"s", "n"}
    for number, total in enumerate(shown, start=1):
        assert D(str(rows[-1][number])).quantize(D("0.01")) == total
        parts = sum((D(str(row[number])) for row in rows[1:-1]), D(0))
        assert parts.quantize(D("0.01")) == total
    assert [D(cell).quantize(D("0.01")) for cell in lines[-1][1 : len(shown) + 1]] == shown
    if view == "products":
        assert any(row[0] == '=HYPERLINK("http://x")' for row in rows)


def test_a_viewer_may_not_take_tables_away(books: Books, cast: Cast, client: Browser) -> None:
    client.force_login(cast.members["viewer"])
    url = reverse("profit:table", kwargs={"client": cast.client.slug, "view": "products"})
    for kind in ("csv", "xlsx"):
        assert client.get(f"{url}?export={kind}").status_code == 403
    assert "export=" not in client.get(url).content.decode()


def test_what_a_product_can_bear_is_shown_published_and_read_by_campaigns(
    finance: Browser, cast: Cast, books: Books
) -> None:
    """PD11: break-even ROAS and the highest commission per product are shown, published with
    their day, and are what campaigns compares a post's ads with."""
    with client_scope(cast.client.pk):
        groups = grouped(books.shop, Basis.ORDER, LAST_30, Dimension.PRODUCT)
        units = units_sold(books.shop, LAST_30)
        for product in Product.objects.filter(product_id__in=groups.keys() & units.keys()):
            pnl, target = groups[product.product_id], ProductTarget.objects.get(product=product)
            assert target.as_of == date(2026, 11, 20)
            if pnl.cm_before_ads <= 0:
                assert (target.break_even_roas, target.max_commission_rate) == (None, None)
                continue
            assert target.break_even_roas == (pnl.gmv / pnl.cm_before_ads).quantize(D("0.0001"))
            assert target.max_commission_rate == (pnl.cm2 / pnl.gmv).quantize(D("0.0001"))
        post = Post.objects.first()
        target = ProductTarget.objects.exclude(break_even_roas=None).first()
        assert post is not None and target is not None
        PostProduct.objects.create(post=post, product=target.product)
        assert break_even_of([post.pk]) == {post.pk: target.break_even_roas}
    slug = cast.client.slug
    table = finance.get(reverse("profit:table", kwargs={"client": slug, "view": "products"}))
    page = table.content.decode()
    for words in ("Break-even ROAS is GMV over CM before ads", "Highest commission"):
        assert words in page
    assert f">{target.break_even_roas:.2f}<" in page
    assert f"{target.max_commission_rate * 100:.1f}%" in page


def test_unallocated_is_a_row_and_the_rows_sum_to_the_shop(
    finance: Browser, cast: Cast, books: Books
) -> None:
    """N14: what cannot be tied to a product, creator or post is the row Unallocated, and totals
    tie to the source."""
    with client_scope(cast.client.pk):
        whole = shop_pnl(books.shop, Basis.ORDER, LAST_30)
        for dimension in Dimension:
            groups = grouped(books.shop, Basis.ORDER, LAST_30, dimension)
            assert sum((pnl.cm3 for pnl in groups.values()), D(0)) == whole.cm3
        assert grouped(books.shop, Basis.ORDER, LAST_30, Dimension.PRODUCT)[
            UNATTRIBUTED
        ].adjustments == D("12.50")
    for view in VIEWS:
        url = reverse("profit:table", kwargs={"client": cast.client.slug, "view": view})
        assert "Unallocated" in finance.get(url).content.decode()
