"""A month as a balanced journal in three layouts."""

import csv
import io
from collections.abc import Iterator
from decimal import Decimal

import pytest
import time_machine
from django.test import Client as Browser
from django.urls import reverse

from profit.rules.entries import Account
from profit.rules.journal import CLEARING, journal
from profit.rules.pnl import Pnl
from sparkops.isolation.scope import client_scope
from tests.factories.cast import Cast
from tests.profit.conftest import NOW, make_books

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
