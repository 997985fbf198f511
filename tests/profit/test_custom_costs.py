"""Costs that a person named: spread, carried by what they name, taken back (PD1)."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest
import time_machine
from django.test import Client as Browser
from django.urls import reverse

from creators.models import Creator
from profit.actions.costs import (
    CostEntered,
    add_custom_cost,
    remove_custom_cost,
    set_fx_rate,
)
from profit.models import CustomCost, Entry, Restatement
from profit.queries.entries import entries_of
from profit.queries.groups import grouped
from profit.queries.pnl import shop_pnl
from profit.rules.facts import Basis, Period
from profit.rules.pnl import UNATTRIBUTED, Dimension
from sparkops.audit.models import Event
from sparkops.catalog.models import Product
from sparkops.errors import Refusal
from sparkops.isolation.scope import client_scope
from tests.factories.cast import Cast
from tests.profit.conftest import JO, NOW, Books, make_books, sample

D = Decimal
NOVEMBER = Period(first=date(2026, 11, 1), last=date(2026, 11, 30))
FIRST_TEN = Period(first=date(2026, 11, 1), last=date(2026, 11, 10))


def spent(books: Books, period: Period = NOVEMBER) -> Decimal:
    return shop_pnl(books.shop, Basis.ORDER, period).custom_cost


def add(books: Books, amount: str = "100.00", currency: str = "USD", **more: object) -> CustomCost:
    entered = CostEntered(
        name="Studio",
        amount=D(amount),
        currency=currency,
        **{"starts_on": date(2026, 11, 1), "ends_on": date(2026, 11, 30), **more},  # type: ignore[arg-type]
    )
    cost = add_custom_cost(entered, by=JO, now=NOW)
    books.book()
    return cost


def test_a_cost_lowers_net_and_its_entries_sum_to_the_line(books: Books) -> None:
    """PD1: custom cost is a line of net, spread over its days so that any period gets its share,
    and the line opens the entries that sum to it to the cent."""
    before = shop_pnl(books.shop, Basis.ORDER, NOVEMBER)
    add(books)
    after = shop_pnl(books.shop, Basis.ORDER, NOVEMBER)
    assert after.custom_cost == D(100)
    assert after.cm3 == before.cm3 - 100
    assert after.net_profit == before.net_profit - 100
    # Through day 10 of 30 a hundred dollars are round(100 x 10 / 30).
    assert spent(books, FIRST_TEN) == D("33.33")
    rows = entries_of(books.shop, Basis.ORDER, FIRST_TEN, {"account": "custom_cost"})
    assert sum(row.amount for row in rows) == D("33.33")
    assert {(row.rule, row.source, row.stage) for row in rows} == {("PD1@1", "Studio", "settled")}
    for basis in (Basis.ORDER, Basis.EVENT):
        assert shop_pnl(books.shop, basis, NOVEMBER).custom_cost == D(100)


def test_it_belongs_to_what_it_names(books: Books) -> None:
    books.orders(sample("orders_search_202309"))
    books.affiliate(sample("affiliate_seller_orders_search_202410"))
    product = Product.objects.order_by("pk").first()
    creator = Creator.objects.order_by("pk").first()
    assert product is not None and creator is not None
    add(books, "30.00", product=product)
    add(books, "7.00", creator=creator)
    add(books, "2.00")
    by_product = grouped(books.shop, Basis.ORDER, NOVEMBER, Dimension.PRODUCT)
    assert by_product[product.product_id].custom_cost == D(30)
    assert by_product[UNATTRIBUTED].custom_cost == D(9)
    by_creator = grouped(books.shop, Basis.ORDER, NOVEMBER, Dimension.CREATOR)
    assert by_creator[creator.handle].custom_cost == D(7)
    assert by_creator[UNATTRIBUTED].custom_cost == D(32)


def test_a_foreign_cost_follows_the_rate_of_its_first_day(books: Books) -> None:
    add(books, "10.00", "EUR")
    assert not Entry.objects.exists()  # nobody knows what it is in dollars yet
    set_fx_rate("EUR", "USD", date(2026, 11, 1), D("1.1"), source="Bank", by=JO, now=NOW)
    set_fx_rate("EUR", "USD", date(2026, 11, 2), D("2"), source="Bank", by=JO, now=NOW)
    books.book()
    assert spent(books) == D("11.00")
    raw = Entry.objects.filter(raw_currency="EUR").values_list("raw_amount", flat=True)
    assert sum(raw) == D("10.00")


def test_taken_back_it_is_reversed_and_told(books: Books) -> None:
    cost = add(books)
    assert books.book() == 0
    remove_custom_cost(cost, by=JO, now=NOW)
    books.book()
    assert spent(books) == 0
    row = Restatement.objects.get()
    assert (row.kind, row.before, row.after, row.effect) == ("custom_cost", 100, 0, 100)
    verbs = Event.objects.filter(verb__startswith="custom_cost").order_by("pk")
    assert [one.verb for one in verbs] == ["custom_cost.added", "custom_cost.removed"]


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("name", {"name": " "}),
        ("amount", {"amount": D("-1")}),
        ("amount", {"amount": D("NaN")}),
        ("ends_on", {"ends_on": date(2026, 10, 31)}),
        ("ends_on", {"ends_on": date(2046, 10, 31)}),
        ("currency", {"currency": "dollar"}),
    ],
)
def test_what_does_not_fit_is_refused(books: Books, field: str, wrong: dict[str, object]) -> None:
    right = {"name": "Studio", "amount": D(1), "currency": "USD", "starts_on": date(2026, 11, 1)}
    with pytest.raises(Refusal) as refused:
        add_custom_cost(CostEntered(**{**right, **wrong}), by=JO, now=NOW)  # type: ignore[arg-type]
    assert refused.value.field == field
    assert not CustomCost.objects.exists()


@pytest.fixture
def finance(cast: Cast, client: Browser) -> Iterator[Browser]:
    with client_scope(cast.client.pk):
        make_books(cast.client.pk).orders(sample("orders_search_202309"))
    client.force_login(cast.members["finance"])
    with time_machine.travel(NOW, tick=False):
        yield client


def test_the_page_enters_checks_and_takes_back(finance: Browser, cast: Cast) -> None:
    slug = {"client": cast.client.slug}
    url = reverse("profit:custom-costs", kwargs=slug)
    assert "No custom cost yet" in finance.get(url).content.decode()
    cost = {"name": "Studio", "amount": "90", "currency": "usd", "starts_on": "2026-11-01"}
    for wrong, words in (
        ({"creator": "@nobody"}, "No creator is called @nobody"),
        ({"product": "404"}, "No product is called 404"),
        ({"ends_on": "2026-10-01"}, "before the first one"),
    ):
        answer = finance.post(url, {**cost, **wrong})
        assert answer.status_code == 422 and words in answer.content.decode()
    assert finance.post(url, cost).status_code == 302
    assert "Studio" in finance.get(url).content.decode()
    with client_scope(cast.client.pk):
        row = CustomCost.objects.get()
    gone = reverse("profit:custom-cost-remove", kwargs={**slug, "pk": row.pk})
    assert finance.post(gone).status_code == 302
    with client_scope(cast.client.pk):
        assert not CustomCost.objects.exists()
    finance.force_login(cast.members["viewer"])
    assert finance.get(url).status_code == 403
