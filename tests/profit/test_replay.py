"""The same pages in any order and twice give the same ledger; ad spend keeps its raw amount."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from random import Random
from typing import Any

import pytest
import time_machine
from django.db.models import Sum
from django.test import Client as Browser
from django.urls import reverse

from profit.actions.costs import set_fx_rate
from profit.actions.watching import mark_changes_elsewhere
from profit.models import Entry
from profit.queries.pnl import shop_pnl
from profit.rules.facts import Basis, Period
from sparkops.isolation.scope import client_scope
from tests.factories.cast import Cast
from tests.profit.conftest import JO, NOW, Books, make_books, sample
from tests.profit.test_booking import spark_campaign, spend

D = Decimal
PLACE = ("key", "account", "order_day", "event_day", "settlement_day", "stage")


def standing() -> dict[tuple[Any, ...], Decimal]:
    """The net amount per key and place of the open client."""
    rows = Entry.objects.order_by().values_list(*PLACE).annotate(total=Sum("amount"))
    return {tuple(place): total for *place, total in rows if total}


def readings(books: Books) -> list[Any]:
    def statement(name: str) -> Any:
        def read() -> None:
            books.statements(sample("finance_statements_202309"))
            books.rows(sample(name))

        return read

    return [
        lambda: books.orders(sample("orders_search_202309")),
        lambda: books.returns(sample("returns_search_202602")),
        lambda: books.affiliate(sample("affiliate_seller_orders_search_202410")),
        statement("finance_statement_transactions_202501_sales"),
        statement("finance_statement_transactions_202501_refund_adjust_reserve"),
        lambda: books.payments(sample("finance_payments_202605")),
    ]


@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_pages_in_any_order_and_twice_give_the_same_ledger(cast: Cast, seed: int) -> None:
    with client_scope(cast.sister.pk):
        straight = make_books(cast.sister.pk)
        for read in readings(straight):
            read()
        straight.book()
        wanted = standing()
    with client_scope(cast.client.pk):
        books = make_books(cast.client.pk)
        ways = readings(books) * 2
        Random(seed).shuffle(ways)
        for read in ways:
            read()
            books.book()
        assert standing() == wanted
        assert len(wanted) > 15


@pytest.fixture
def euros(cast: Cast, client: Browser) -> Iterator[Browser]:
    with client_scope(cast.client.pk):
        books = make_books(cast.client.pk)
        books.read_samples()
        for day, rate in ((date(2026, 11, 1), "1.10"), (date(2026, 11, 12), "1.20")):
            set_fx_rate("EUR", "USD", day, D(rate), source="Bank", by=JO, now=NOW)
        ad = spark_campaign(books, currency="EUR")
        spend(ad, "10.00", date(2026, 11, 10))
        spend(ad, "10.00", date(2026, 11, 13))
        mark_changes_elsewhere(now=NOW)
        books.book()
    client.force_login(cast.members["finance"])
    with time_machine.travel(NOW, tick=False):
        yield client


def test_ad_spend_counts_at_the_dated_rate_and_shows_what_was_reported(
    euros: Browser, cast: Cast
) -> None:
    """PD8: spend of a euro account is booked on its day in the shop's currency by the rate of
    that day; the raw amount stands beside it on the page and in the file."""
    with client_scope(cast.client.pk):
        rows = Entry.objects.filter(account="ad_spend").order_by("order_day")
        assert [(row.order_day.day, row.amount, row.raw_amount) for row in rows] == [
            (10, D("11.00"), D("10.00")),
            (13, D("12.00"), D("10.00")),
        ]
        days = Period(first=date(2026, 11, 1), last=date(2026, 11, 20))
        assert shop_pnl(rows[0].shop, Basis.ORDER, days).ad_spend == D("23.00")
    url = reverse("profit:entries", kwargs={"client": cast.client.slug})
    page = euros.get(f"{url}?account=ad_spend").content.decode()
    assert "$11.00" in page and "€10.00" in page
    text = euros.get(f"{url}?account=ad_spend&export=csv").content.decode()
    assert "As reported currency" in text and "EUR" in text
