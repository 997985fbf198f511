"""What moved since somebody looked: estimates replaced, refunds, costs, rules (PD2, N13)."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.db import DatabaseError, transaction
from django.test import Client as Browser
from django.urls import reverse

from profit.actions.costs import set_unit_cost
from profit.actions.marking import mark
from profit.actions.restating import mark_seen
from profit.models import Dirty, Entry, FeeRule, Order, Restatement
from profit.queries.pnl import shop_pnl, stages
from profit.queries.restatements import moved_since, seen_until
from profit.rules.facts import Basis, Period, Stage
from sparkops.catalog.models import Sku
from sparkops.isolation.scope import client_scope
from tests.factories.cast import Cast
from tests.profit.conftest import JO, NOW, Books, make_books, sample

D = Decimal
ALL = Period(first=date(2026, 1, 1), last=date(2026, 12, 31))
MONTH = date(2026, 11, 1)
FIRST, SECOND = "577430000000000001", "577430000000000002"
LATER = NOW + timedelta(hours=1)


def cm3(books: Books) -> Decimal:
    return shop_pnl(books.shop, Basis.ORDER, ALL).cm3


def read_sales_only(books: Books) -> None:
    books.orders(sample("orders_search_202309"))
    books.affiliate(sample("affiliate_seller_orders_search_202410"))
    books.book()


def settle(books: Books) -> None:
    books.now = LATER
    books.statements(sample("finance_statements_202309"))
    books.rows(sample("finance_statement_transactions_202501_sales"))
    books.book()


def test_replacing_an_estimate_writes_before_after_and_cause(books: Books) -> None:
    """PD2: every entry has its stage; a settled amount replaces the estimate with before, after
    and cause, and the restatements sum to what the result moved."""
    read_sales_only(books)
    assert not Restatement.objects.exists()
    assert not Entry.objects.filter(account="referral_fee", stage="settled").exists()
    assert set(Entry.objects.values_list("stage", flat=True)) <= {*Stage}
    estimated = stages(books.shop, Basis.ORDER, ALL)
    before = cm3(books)
    settle(books)
    rows = Restatement.objects.filter(order_id=FIRST, account="affiliate_commission")
    [row] = rows
    assert (row.kind, row.stage_after) == ("settled", "settled")
    assert row.stage_before in {"estimated", "processing"}
    booked = Entry.objects.filter(order_id=FIRST, account="affiliate_commission")
    assert row.after == sum(booked.values_list("amount", flat=True))
    assert row.before == sum(
        booked.filter(booked_at__lt=LATER).values_list("amount", flat=True), D(0)
    )
    assert "Statement 7562" in row.cause
    effect = sum(Restatement.objects.values_list("effect", flat=True), D(0))
    adjustments = Entry.objects.filter(account="adjustments")
    first_booked = sum(adjustments.values_list("amount", flat=True), D(0))
    assert cm3(books) - before == effect + first_booked
    settled = stages(books.shop, Basis.ORDER, ALL)
    assert estimated.settled == 0
    assert settled.settled > 0


def test_since_you_last_looked_names_the_month_the_sum_and_the_reasons(
    books: Books, cast: Cast
) -> None:
    """N13: "since you last looked, November net moved": orders settled, a refund, a fee rule."""
    person = cast.members["finance"]
    read_sales_only(books)
    mark_seen(person, until=NOW)
    assert moved_since(seen_until(person)) == []
    before = cm3(books)
    books.now = LATER
    books.returns(sample("returns_search_202602"))
    books.book()
    FeeRule.objects.create(
        market="US",
        kind="referral",
        rate=D("0.08"),
        base="item_revenue_plus_shipping",
        effective_from=date(2026, 10, 1),
        source="Category change",
    )
    mark(books.shop.pk, Dirty.Kind.ORDER, [FIRST], cause="Fee rule", now=LATER)
    books.book()
    settle(books)
    [moved] = moved_since(seen_until(person))
    assert moved.month == MONTH
    assert moved.things["settled"] >= 1
    assert moved.things["refund"] == 1
    assert moved.rules == ("P11@2026-10-01",)
    assert "1 refund" in moved.reasons and "fee rule of 2026-10-01" in moved.reasons
    adjustments = Entry.objects.filter(account="adjustments")
    first_booked = sum(adjustments.values_list("amount", flat=True), D(0))
    assert moved.effect == cm3(books) - before - first_booked
    mark_seen(person, until=LATER)
    assert moved_since(seen_until(person)) == []
    mark_seen(person, until=NOW)
    assert seen_until(person) == LATER


def test_a_new_cost_says_so_and_booking_again_restates_nothing(sample_books: Books) -> None:
    first = Restatement.objects.count()
    books = sample_books
    for sku in Sku.objects.all():
        set_unit_cost(sku, D("4.00"), "USD", date(2026, 1, 1), by=JO, now=NOW)
    books.book()
    rows = Restatement.objects.filter(account="cogs")
    assert {row.kind for row in rows} == {"unit_cost"}
    assert all("Unit cost from 2026-01-01" in row.cause for row in rows)
    known = Restatement.objects.count()
    assert known > first
    ids = Order.objects.values_list("order_id", flat=True)
    mark(books.shop.pk, Dirty.Kind.ORDER, ids, cause="again", now=NOW)
    books.book()
    assert Restatement.objects.count() == known


def test_the_first_amounts_of_an_order_are_not_explained_by_what_was_read_last(
    books: Books,
) -> None:
    books.orders(sample("orders_search_202309"))
    books.affiliate(sample("affiliate_seller_orders_search_202410"))
    books.book()
    assert set(Entry.objects.filter(order_id=FIRST).values_list("cause", flat=True)) == {
        "first booked"
    }


def test_restatements_refuse_changes(books: Books) -> None:
    read_sales_only(books)
    settle(books)
    with pytest.raises(DatabaseError), transaction.atomic():
        Restatement.objects.update(after=0)
    with pytest.raises(DatabaseError), transaction.atomic():
        Restatement.objects.all()[:1].get().delete()


@pytest.fixture
def finance(cast: Cast, client: Browser) -> Iterator[Browser]:
    with client_scope(cast.client.pk):
        books = make_books(cast.client.pk)
        read_sales_only(books)
        settle(books)
    client.force_login(cast.members["finance"])
    with time_machine.travel(LATER + timedelta(hours=1), tick=False):
        yield client


def test_pages_tell_it_until_it_was_seen(finance: Browser, cast: Cast) -> None:
    slug = {"client": cast.client.slug}
    for name in ("profit:overview", "home:today"):
        assert "November 2026" in finance.get(reverse(name, kwargs=slug)).content.decode()
    url = reverse("profit:restatements", kwargs=slug)
    page = finance.get(url).content.decode()
    assert "net moved" in page and "settled amount" in page and FIRST in page
    seen = reverse("profit:restatements-seen", kwargs=slug)
    assert finance.get(seen).status_code == 405
    assert finance.post(seen, {"until": LATER.isoformat()}).status_code == 302
    assert "Since you last looked" in (page := finance.get(url).content.decode())
    assert "Nothing was restated" in page
    assert (
        "Since you last"
        not in finance.get(reverse("profit:overview", kwargs=slug)).content.decode()
    )
    assert FIRST in finance.get(f"{url}?since=all&month=2026-11").content.decode()
    csv = finance.get(f"{url}?since=all&export=csv").content.decode()
    assert "Before currency" in csv
