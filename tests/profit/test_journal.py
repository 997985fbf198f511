"""A month as a balanced journal in three layouts."""

import csv
import io
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
import time_machine
from django.test import Client as Browser
from django.urls import reverse

from profit.actions.closing import close_month
from profit.actions.costs import set_unit_cost
from profit.rules.entries import Account
from profit.rules.journal import CLEARING, journal
from profit.rules.pnl import Pnl
from sparkops.catalog.models import Shop, Sku
from sparkops.isolation.scope import client_scope
from tests.factories.cast import Cast
from tests.profit.conftest import JO, NOW, Books, make_books

D = Decimal


def test_debits_equal_credits_and_clearing_takes_the_result() -> None:
    pnl = Pnl.of(
        {
            Account.GMV: D("108.00"),
            Account.REFUNDED_ITEM_REVENUE: D("24.00"),
            Account.ADJUSTMENTS: D("-3.00"),
            Account.AD_SPEND: D("10.00"),
            Account.AD_CREDIT: D("2.00"),
        },
        "USD",
    )
    lines = {line.account: (line.debit, line.credit) for line in journal(pnl)}
    assert lines["GMV"] == (0, D("108.00"))
    assert lines["Refunds"] == (D("24.00"), 0)
    assert lines["Adjustments"] == (D("3.00"), 0)
    assert lines["Ad credit"] == (0, D("2.00"))
    assert lines[CLEARING] == (D("73.00"), 0)  # 108 - 24 - 3 - 10 + 2
    assert sum(debit for debit, _ in lines.values()) == sum(one for _, one in lines.values())


@pytest.fixture
def finance(cast: Cast, client: Browser) -> Iterator[Browser]:
    with client_scope(cast.client.pk):
        books = make_books(cast.client.pk)
        books.read_samples()
        books.book()
    client.force_login(cast.members["finance"])
    with time_machine.travel(NOW, tick=False):
        yield client


def test_the_file_has_the_layout_of_the_program(finance: Browser, cast: Cast) -> None:
    url = reverse("profit:journal", kwargs={"client": cast.client.slug})
    page = finance.get(f"{url}?month=2026-11").content.decode()
    assert CLEARING in page and "$108.00" in page
    assert (
        "Nothing was booked in this month" in finance.get(f"{url}?month=2026-03").content.decode()
    )

    def rows(layout: str) -> list[list[str]]:
        answer = finance.get(f"{url}?month=2026-11&layout={layout}&export=csv")
        return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))

    generic, xero, quickbooks = rows("generic"), rows("xero"), rows("quickbooks")
    assert generic[1][:3] == ["2026-11-30", "gmv", "GMV"]
    assert sum(D(row[4]) for row in generic[1:]) == sum(D(row[5]) for row in generic[1:]) > 0
    assert xero[0][0] == "*Narration" and sum(D(row[5]) for row in xero[1:]) == 0
    assert quickbooks[0][:2] == ["*JournalNo", "*JournalDate"]
    sums = [sum(D(row[at] or 0) for row in quickbooks[1:]) for at in (5, 6)]
    assert sums[0] == sums[1] > 0


LATER = datetime(2026, 12, 10, 12, tzinfo=UTC)


def test_pd10_the_journal_of_a_closed_month_stays_and_the_next_one_takes_what_came_later(
    finance: Browser, cast: Cast
) -> None:
    """PD10: the files are tied to the close: the closed month's are the same to the byte, the
    correction stands in the month after, and both balance. A shop's name starts no formula."""
    with client_scope(cast.client.pk):
        Shop.objects.update(name="=HYPERLINK(0)")
    url = reverse("profit:journal", kwargs={"client": cast.client.slug})

    def file(month: str, layout: str) -> str:
        query = f"month={month}&layout={layout}&export=csv"
        with time_machine.travel(LATER, tick=False):
            return finance.get(f"{url}?{query}").content.decode("utf-8-sig")

    assert "November 2026 (not closed yet)" in file("2026-11", "generic")
    with client_scope(cast.client.pk):
        shop = Shop.objects.get()
        close_month(shop, date(2026, 11, 1), by=JO, now=LATER)
    layouts = ("generic", "xero", "quickbooks")
    signed = {layout: file("2026-11", layout) for layout in layouts}
    assert "not closed" not in signed["xero"]
    for text in signed.values():
        cells = [cell for row in csv.reader(io.StringIO(text)) for cell in row]
        assert any(cell == "'=HYPERLINK(0), November 2026" for cell in cells)
        assert not any(cell.startswith(("=", "+", "@")) for cell in cells)
    with client_scope(cast.client.pk):
        for sku in Sku.objects.all():
            set_unit_cost(sku, D("4.00"), "USD", date(2026, 1, 1), by=JO, now=LATER)
        books = make_books_again(shop)
        books.book()
    assert {layout: file("2026-11", layout) for layout in layouts} == signed
    december = list(csv.DictReader(io.StringIO(file("2026-12", "generic"))))
    assert {row["Code"]: D(row["Debit"]) - D(row["Credit"]) for row in december} == {
        "cogs": 12,
        "clearing": -12,
    }
    numbers = {
        row["*JournalNo"]
        for text in (signed["quickbooks"], file("2026-12", "quickbooks"))
        for row in csv.DictReader(io.StringIO(text))
    }
    assert numbers == {f"SPARK-202611-{shop.pk}", f"SPARK-202612-{shop.pk}"}


def make_books_again(shop: Shop) -> Books:
    """The books of a shop that is there already, later."""
    return Books(shop.client_id, shop, shop.connection, LATER)


@pytest.mark.parametrize("currency", ["USD", "JPY", "VND"])
def test_a_journal_balances_in_every_currency(currency: str) -> None:
    pnl = Pnl.of(
        {
            Account.GMV: D("100.404"),
            Account.REFERRAL_FEE: D("33.404"),
            Account.COGS: D("33.404"),
            Account.AD_SPEND: D("33.404"),
        },
        currency,
    )
    lines = journal(pnl)
    assert sum(one.debit for one in lines) == sum(one.credit for one in lines) > 0
