"""Statement rows, statements, reserve and payouts against each other (PD9)."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest
import time_machine
from django.test import Client as Browser
from django.urls import reverse

from profit.models import Entry, Payment, Statement, StatementLine
from profit.queries.tie_out import TieOutReport, tie_out
from profit.rules.facts import Period
from sparkops.alerts.models import Alert
from sparkops.isolation.scope import client_scope
from tests.factories.cast import Cast
from tests.profit.conftest import NOW, Books, make_books, sample

D = Decimal
ALL = Period(first=date(2026, 11, 1), last=date(2026, 11, 30))
PAID, OPEN = "7562000000000000001", "7562000000000000002"


def report_of(books: Books) -> TieOutReport:
    return tie_out(books.shop, ALL)


def test_rows_statements_and_payouts_tie_and_any_unexplained_cent_is_listed(
    sample_books: Books,
) -> None:
    """PD9: rows sum to the statement, statements to the payout less explained reserve; one cent
    in any of the comparisons is listed with the place it is in."""
    report = report_of(sample_books)
    assert (report.rows, report.settled) == (D("27.92"), D("27.92"))  # 83.27 - 55.35
    assert (report.reserve, report.payable) == (D(-5), D("22.92"))
    assert (report.paid, report.waiting) == (D("83.27"), D("-60.35"))
    assert report.unexplained == ()
    [payout] = report.payouts
    assert (payout.statements, payout.payable, payout.difference) == (1, D("83.27"), D(0))

    cent = D("0.01")
    places = (
        (Statement, PAID, "settlement_amount", "Rows against the statement"),
        (Statement, OPEN, "payable_amount", "Settled and reserve against payable"),
        (Statement, OPEN, "reserve_amount", "Reserve of the rows against the statement"),
    )
    for model, key, field, what in places:
        row = model.objects.get(statement_id=key)
        before = getattr(row, field)
        model.objects.filter(pk=row.pk).update(**{field: before + cent})
        found = {one.what: one for one in report_of(sample_books).unexplained}
        assert abs(found[what].difference) == cent
        assert found[what].statement_id == key
        model.objects.filter(pk=row.pk).update(**{field: before})
    line = StatementLine.objects.filter(statement__statement_id=PAID).first()
    StatementLine.objects.filter(pk=line.pk).update(fee_tax_amount=line.fee_tax_amount - cent)
    [one] = report_of(sample_books).unexplained
    assert (one.what[:7], one.difference) == ("Revenue", -cent)
    StatementLine.objects.filter(pk=line.pk).update(fee_tax_amount=line.fee_tax_amount)
    Payment.objects.update(settlement_amount=D("83.26"), amount=D("83.26"))
    [one] = report_of(sample_books).unexplained
    assert (one.what, one.difference) == ("Statements against their payout", cent)
    Payment.objects.update(amount=D("83.27"))
    assert report_of(sample_books).unexplained_cents == 2 * cent


def test_a_fee_nobody_listed_is_a_line_of_its_own_with_an_alert(books: Books) -> None:
    """PD9: the remainder of a section's total is listed, booked as its own account, and alerted."""
    books.orders(sample("orders_search_202309"))
    books.statements(sample("finance_statements_202309"))
    rows = sample("finance_statement_transactions_202501_sales")
    row = rows["transactions"][0]
    row["fee_tax_amount"] = str(D(row["fee_tax_amount"]) - D("0.37"))
    row["settlement_amount"] = str(D(row["settlement_amount"]) - D("0.37"))
    books.rows(rows)
    books.book()
    [one] = report_of(books).unlisted
    assert one.difference == D("-0.37")
    assert one.statement_id == PAID
    booked = Entry.objects.filter(account="other_platform_fee", order_id=row["order_id"])
    assert D("0.37") in {entry.amount for entry in booked}
    assert Alert.objects.filter(kind="unlisted_fee").exists()


@pytest.fixture
def finance(cast: Cast, client: Browser) -> Iterator[Browser]:
    with client_scope(cast.client.pk):
        books = make_books(cast.client.pk)
        books.read_samples()
        books.book()
    client.force_login(cast.members["finance"])
    with time_machine.travel(NOW, tick=False):
        yield client


def test_the_page_says_whether_every_cent_is_explained(finance: Browser, cast: Cast) -> None:
    url = reverse("profit:tie-out", kwargs={"client": cast.client.slug})
    page = finance.get(url).content.decode()
    assert "Every cent is explained" in page and "3459275187040258849" in page
    with client_scope(cast.client.pk):
        Statement.objects.filter(statement_id=PAID).update(settlement_amount=D("83.28"))
    page = finance.get(url).content.decode()
    assert "Rows against the statement" in page and "−$0.01" in page
    assert "Every cent is explained" not in page


def test_statuses_read_in_people_s_words_with_tiktok_s_beside(finance: Browser, cast: Cast) -> None:
    slug = cast.client.slug
    statements = finance.get(reverse("profit:statements", kwargs={"client": slug}))
    page = statements.content.decode()
    assert "Not paid out yet" in page and "PROCESSING" in page
    orders = finance.get(reverse("profit:orders", kwargs={"client": slug})).content.decode()
    assert ">Completed<" in orders or ">Delivered<" in orders
