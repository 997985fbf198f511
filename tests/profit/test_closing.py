"""A closed month stays as signed; what comes later is an adjustment (domain 6.8)."""

import csv
import io
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
import time_machine
from django.db import DatabaseError, transaction
from django.test import Client as Browser
from django.urls import reverse

from profit.actions.closing import close_month, reopen_month
from profit.actions.costs import CostEntered, add_custom_cost, set_unit_cost
from profit.models import Dirty, Entry, MonthClose, Order
from profit.queries.closing import booked_months, month_books, open_books, posted_here
from profit.queries.month_report import month_report
from profit.queries.pnl import shop_pnl
from profit.rules.facts import Basis, Period
from sparkops.audit.models import Event
from sparkops.catalog.models import Sku
from sparkops.errors import Refusal
from sparkops.isolation.scope import client_scope
from sparkops.tenants.permissions import Permission
from tests.factories.cast import Cast
from tests.profit.conftest import JO, Books, make_books

D = Decimal
NOVEMBER, DECEMBER = date(2026, 11, 1), date(2026, 12, 1)
# Past the end of November in Los Angeles.
LATER = datetime(2026, 12, 10, 12, tzinfo=UTC)
ALL = Period(first=date(2026, 1, 1), last=date(2026, 12, 31))


@pytest.fixture
def november(sample_books: Books) -> Books:
    """November is booked and closed; unit costs are not known yet."""
    sample_books.now = LATER
    close_month(sample_books.shop, NOVEMBER, by=JO, now=LATER)
    return sample_books


def allowed(permission: Permission) -> bool:
    return True


def refused(permission: Permission) -> bool:
    return permission is not Permission.MONTH_REOPEN


def cost_known(books: Books) -> None:
    for sku in Sku.objects.all():
        set_unit_cost(sku, D("4.00"), "USD", date(2026, 1, 1), by=JO, now=LATER)
    books.book()


def test_a_closed_month_stays_and_what_comes_later_is_posted_in_the_next(november: Books) -> None:
    signed = month_books(november.shop, NOVEMBER)
    assert signed.gmv == 108 and signed.cogs == 0 and not signed.complete
    cost_known(november)
    assert month_books(november.shop, NOVEMBER) == signed
    # Four units left at 4.00 and one came back: 12.00 of goods, posted in December.
    december = month_books(november.shop, DECEMBER)
    assert (december.cogs, december.gmv) == (12, 0)
    later = posted_here(november.shop, DECEMBER)
    assert {row.posted_on for row in later} == {DECEMBER}
    assert {row.event_day.month for row in later} == {11}
    # Nothing is lost or counted twice: the books of all months are the ledger.
    whole = shop_pnl(november.shop, Basis.EVENT, ALL)
    assert signed.net_profit + december.net_profit == whole.net_profit
    assert open_books(november.shop, NOVEMBER) == signed
    # Other views still say what a day really made.
    assert shop_pnl(november.shop, Basis.ORDER, ALL).cogs == 12
    assert november.book() == 0
    newest = booked_months(november.shop, date(2026, 12, 10))[0]
    assert (newest.month, newest.later) == (NOVEMBER, -12)


def test_booking_again_after_a_close_appends_nothing(november: Books) -> None:
    cost_known(november)
    before = Entry.objects.count()
    for order_id in Order.objects.values_list("order_id", flat=True):
        Dirty.objects.create(
            shop=november.shop, kind="order", subject=order_id, cause="again", marked_at=LATER
        )
    november.book()
    assert Entry.objects.count() == before


def test_the_database_refuses_an_entry_in_a_closed_month(november: Books) -> None:
    row = Entry.objects.filter(event_day__month=11).first()
    assert row is not None
    row.pk, row.posted_on = None, None
    with pytest.raises(DatabaseError, match="month is closed"), transaction.atomic():
        row.save(force_insert=True)
    row.posted_on = DECEMBER
    row.save(force_insert=True)


def test_reopening_takes_a_role_and_a_reason_and_is_logged(november: Books) -> None:
    who = {"by": JO, "now": LATER}
    with pytest.raises(Refusal, match="owner or account manager"):
        reopen_month(november.shop, NOVEMBER, "Costs were missing", may=refused, **who)  # type: ignore[arg-type]
    with pytest.raises(Refusal, match="Say why"):
        reopen_month(november.shop, NOVEMBER, " ", may=allowed, **who)  # type: ignore[arg-type]
    assert month_books(november.shop, NOVEMBER).cogs == 0
    reopen_month(november.shop, NOVEMBER, "Costs were missing", may=allowed, **who)  # type: ignore[arg-type]
    cost_known(november)
    assert month_books(november.shop, NOVEMBER).cogs == 12
    assert not posted_here(november.shop, DECEMBER).exists()
    close_month(november.shop, NOVEMBER, by=JO, now=LATER)
    assert MonthClose.objects.count() == 2
    verbs = Event.objects.filter(verb__startswith="month.").order_by("pk")
    assert [one.verb for one in verbs] == ["month.closed", "month.reopened", "month.closed"]
    assert verbs[1].data["reason"] == "Costs were missing"


def test_what_was_posted_later_stays_there_when_the_month_is_reopened(november: Books) -> None:
    cost_known(november)
    reopen_month(november.shop, NOVEMBER, "Signed too early", may=allowed, by=JO, now=LATER)
    assert month_books(november.shop, NOVEMBER).cogs == 0
    assert month_books(november.shop, DECEMBER).cogs == 12


def test_only_a_finished_booked_month_can_be_closed_once(november: Books) -> None:
    for month, words in ((DECEMBER, "not over"), (NOVEMBER, "closed already")):
        with pytest.raises(Refusal, match=words):
            close_month(november.shop, month, by=JO, now=LATER)
    entered = CostEntered(name="Studio", amount=D(1), currency="USD", starts_on=date(2026, 10, 5))
    add_custom_cost(entered, by=JO, now=LATER)
    with pytest.raises(Refusal, match="waits to be booked"):
        close_month(november.shop, date(2026, 10, 1), by=JO, now=LATER)
    november.book()
    close_month(november.shop, date(2026, 10, 1), by=JO, now=LATER)
    assert month_books(november.shop, date(2026, 10, 1)).custom_cost == 1


@pytest.fixture
def people(cast: Cast, client: Browser) -> Iterator[Browser]:
    with client_scope(cast.client.pk):
        books = make_books(cast.client.pk)
        books.read_samples()
        books.book()
    with time_machine.travel(LATER, tick=False):
        yield client


def test_the_journal_of_a_closed_month_is_the_same_file_for_ever(
    people: Browser, cast: Cast
) -> None:
    slug = {"client": cast.client.slug}
    months = reverse("profit:months", kwargs=slug)
    month = {**slug, "month": "2026-11"}
    close, reopen, later = (
        reverse(f"profit:month-{name}", kwargs=month) for name in ("close", "reopen", "later")
    )
    journal = f"{reverse('profit:journal', kwargs=slug)}?month=2026-11&layout=xero&export=csv"
    people.force_login(cast.members["viewer"])
    assert people.post(close).status_code == 403
    people.force_login(cast.members["finance"])
    assert "is closed" in people.post(close, follow=True).content.decode()
    before = people.get(journal).content
    with client_scope(cast.client.pk):
        books = Books(cast.client.pk, MonthClose.objects.get().shop, None, LATER)  # type: ignore[arg-type]
        cost_known(books)
    assert people.get(journal).content == before
    page = people.get(months).content.decode()
    assert "Closed" in page and later in page
    assert "Cost of goods" in people.get(later).content.decode()
    assert "stays as it is" in people.get(journal.partition("&export")[0]).content.decode()
    december = people.get(journal.replace("2026-11", "2026-12")).content.decode("utf-8-sig")
    goods = [row for row in csv.reader(io.StringIO(december)) if row[2:3] == ["Cost of goods"]]
    assert [D(row[5]) for row in goods] == [D("12.00")]
    assert people.post(reopen, {"reason": "Costs were missing"}).status_code == 403
    people.force_login(cast.members["manager"])
    assert "Say why" in people.post(reopen, {"reason": ""}, follow=True).content.decode()
    answer = people.post(reopen, {"reason": "Costs were missing"}, follow=True)
    assert "is open again" in answer.content.decode()


def test_the_report_is_a_pdf_with_the_signed_statement(people: Browser, cast: Cast) -> None:
    month = {"client": cast.client.slug, "month": "2026-11"}
    url = reverse("profit:month-report", kwargs=month)
    people.force_login(cast.members["viewer"])
    assert people.get(url).status_code == 403
    people.force_login(cast.members["finance"])
    people.post(reverse("profit:month-close", kwargs=month))
    answer = people.get(url)
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-")
    with client_scope(cast.client.pk):
        close = MonthClose.objects.get()
        books = Books(cast.client.pk, close.shop, None, LATER)  # type: ignore[arg-type]
        cost_known(books)
        report = month_report(close.shop, NOVEMBER)
        assert report.state.startswith("Closed on 10 Dec 2026 by ")
        assert report.books.cogs == 0 and report.later == -12
        whole = shop_pnl(close.shop, Basis.EVENT, Period(first=NOVEMBER, last=date(2026, 11, 30)))
        for groups in report.groups.values():
            assert sum(pnl.cm3 for pnl in groups.values()) == whole.cm3
    wrong = reverse("profit:month-report", kwargs={**month, "month": "x"})
    assert people.get(wrong).status_code == 404
    # A month in which nothing happened is a report of zeros.
    quiet = people.get(reverse("profit:month-report", kwargs={**month, "month": "2025-03"}))
    assert (quiet.status_code, quiet.content[:5]) == (200, b"%PDF-")
