"""Unit costs from a file: columns, every row's result, all or nothing, and back (PD7)."""

import csv
import io
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import openpyxl
import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test import Client as Browser
from django.urls import reverse

from profit.actions.costs import set_unit_cost
from profit.actions.uploads import choose_columns, save_costs, take_in, undo_costs
from profit.models import Dirty, Upload
from profit.queries.uploads import columns_of, decided_costs
from profit.rules.uploads.unit_costs import Decided
from sparkops.catalog.models import Sku, UnitCost
from sparkops.errors import Refusal
from sparkops.isolation.scope import client_scope
from tests.factories.cast import Cast
from tests.profit.conftest import JO, NOW, Books, make_books, sample

D = Decimal


@pytest.fixture
def skus(books: Books) -> list[Sku]:
    books.orders(sample("orders_search_202309"))
    books.book()
    found = list(Sku.objects.order_by("sku_id")[:2])
    Sku.objects.filter(pk=found[0].pk).update(seller_sku="SERUM-30")
    Sku.objects.filter(pk=found[1].pk).update(seller_sku="BALM")
    return list(Sku.objects.order_by("sku_id")[:2])


def brought(text: str | bytes, name: str = "costs.csv") -> Upload:
    data = text if isinstance(text, bytes) else text.encode()
    return take_in("unit_costs", name, data, currency="USD", by=JO, now=NOW)


def results(upload: Upload) -> list[str]:
    return [one.result.value for one in decided_costs(upload)]


def reasons(upload: Upload) -> list[str]:
    return [one.reason for one in decided_costs(upload)]


def one_row(upload: Upload) -> Decided:
    (found,) = decided_costs(upload)
    return found


def test_every_row_is_told_before_and_saved_once_as_a_whole(skus: list[Sku]) -> None:
    serum, balm = skus
    set_unit_cost(balm, D("2.00"), "USD", date(2026, 1, 1), by=JO, now=NOW)
    upload = brought(
        "Seller SKU,Landed cost (USD),Valid from,Supplier\n"
        "SERUM-30,4.10,2026-01-01,Acme\n"
        "balm,2.00,2026-01-01,Acme\n"
        "BALM,2.50,2026-03-01,Acme\n"
        "NOBODY,9.00,2026-01-01,Acme\n"
        "SERUM-30,4.20,2026-01-01,Acme\n"
        "SERUM-30,about four,2026-02-01,Acme\n"
    )
    assert results(upload) == ["new", "known", "new", "refused", "refused", "refused"]
    why = reasons(upload)
    assert "No SKU here" in why[3] and "Row 2 has another cost" in why[4]
    assert columns_of(upload).unknown == ("Supplier",)
    assert UnitCost.objects.count() == 1  # only told so far
    counts = save_costs(upload, by=JO, now=NOW)
    assert counts == {"new": 2, "known": 1, "refused": 3}
    saved = UnitCost.objects.order_by("sku__sku_id", "effective_from")
    assert {(one.sku_id, one.amount, one.source) for one in saved} == {
        (serum.pk, D("4.10"), "costs.csv"),
        (balm.pk, D("2.00"), "entered"),
        (balm.pk, D("2.50"), "costs.csv"),
    }
    assert Dirty.objects.exists()  # what the costs concern is booked again
    with pytest.raises(Refusal, match="saved already"):
        save_costs(upload, by=JO, now=NOW)


def test_nothing_is_left_half_written(skus: list[Sku]) -> None:
    """A stop between two rows leaves no cost and no mark: the file is one transaction."""
    upload = brought("SKU,Cost\nSERUM-30,1.00\nBALM,2.00\n")
    written = 0

    def stop_at_the_second(execute, sql, params, many, context):
        nonlocal written
        if str(sql).startswith('INSERT INTO "catalog_unitcost"'):
            written += 1
            if written == 2:
                raise RuntimeError("killed")
        return execute(sql, params, many, context)

    with (
        pytest.raises(RuntimeError),
        connection.execute_wrapper(stop_at_the_second),
        transaction.atomic(),
    ):
        save_costs(upload, by=JO, now=NOW)
    assert not UnitCost.objects.exists()
    upload.refresh_from_db()
    assert upload.saved_at is None
    save_costs(upload, by=JO, now=NOW)
    assert UnitCost.objects.count() == 2


def test_taking_it_back_restores_what_was_and_keeps_later_edits(skus: list[Sku]) -> None:
    serum, balm = skus
    day = date(2026, 1, 1)
    set_unit_cost(balm, D("2.00"), "USD", day, by=JO, now=NOW)
    upload = brought("SKU,Cost,From\nSERUM-30,4,2026-01-01\nBALM,3,2026-01-01\nBALM,5,2026-06-01\n")
    save_costs(upload, by=JO, now=NOW)
    set_unit_cost(balm, D("6.00"), "USD", date(2026, 6, 1), by=JO, now=NOW)
    assert undo_costs(upload, by=JO, now=NOW) == (2, 1)
    left = {(one.sku_id, one.effective_from): one.amount for one in UnitCost.objects.all()}
    assert left == {(balm.pk, day): D("2.00"), (balm.pk, date(2026, 6, 1)): D("6.00")}
    assert serum.pk not in {sku for sku, _ in left}
    with pytest.raises(Refusal, match="taken back already"):
        undo_costs(upload, by=JO, now=NOW)


@pytest.mark.parametrize(
    ("data", "amount", "currency", "day"),
    [
        ("SKU;Kosten;Ab\nBALM;4,50 €;01.02.2026\n".encode("cp1252"), "4.50", "EUR", (2, 1)),
        ("SKU\tCost\tFrom\nBALM\t4.5\t2026-02-01\n".encode("utf-16"), "4.5", "USD", (2, 1)),
        ("SKU,Cost,Currency\nBALM,12,gbp\n".encode("utf-8-sig"), "12", "GBP", (11, 20)),
        (b"SKU,Cost\n'=BALM,1\nBALM,3\n", "3", "USD", (11, 20)),
    ],
)
def test_files_as_programs_write_them(
    skus: list[Sku], data: bytes, amount: str, currency: str, day: tuple[int, int]
) -> None:
    found = decided_costs(brought(data))[-1]
    assert found.cost is not None
    assert (found.cost.amount, found.cost.currency) == (D(amount), currency)
    assert found.day == date(2026, *day)


def test_a_workbook_is_read_too(skus: list[Sku]) -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.append(["Seller SKU", "COGS", "Effective from"])
    book.active.append(["BALM", 2.75, date(2026, 5, 4)])
    out = io.BytesIO()
    book.save(out)
    found = one_row(brought(out.getvalue(), "costs.xlsx"))
    assert found.cost is not None and found.cost.amount == D("2.75")
    assert found.day == date(2026, 5, 4)


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        ("SKU,Cost\nBALM,-1\n", "cannot be what one unit costs"),
        ("SKU,Cost\nBALM,1.23456\n", "more than 4 decimals"),
        ("SKU,Cost,Currency\nBALM,1,doubloons\n", "is no currency"),
        ("SKU,Cost,From\nBALM,1,03/04/2026\n", "Choose the order of dates"),
        ("SKU,Cost,From\nBALM,1,soon\n", "soon"),
        ("SKU,Cost,Currency\nBALM,,USD\n", "no cost"),
    ],
)
def test_what_cannot_be_taken_says_why(skus: list[Sku], rows: str, why: str) -> None:
    upload = brought(rows)
    assert why in one_row(upload).reason
    with pytest.raises(Refusal, match="No row can be saved"):
        save_costs(upload, by=JO, now=NOW)


def test_other_columns_can_be_chosen(skus: list[Sku]) -> None:
    upload = brought("Thing,Wert\nBALM,3.00\n")
    assert columns_of(upload).missing == ("SKU", "Unit cost")
    with pytest.raises(Refusal, match="Say which column"):
        save_costs(upload, by=JO, now=NOW)
    with pytest.raises(Refusal, match="one thing only"):
        choose_columns(upload, {"sku": 0, "cost": 0}, upload.choices)
    choose_columns(upload, {"sku": 0, "cost": 1}, upload.choices)
    upload.refresh_from_db()
    assert results(upload) == ["refused", "new"]  # nothing shows that the first row is a header


@pytest.fixture
def finance(cast: Cast, client: Browser) -> Iterator[Browser]:
    with client_scope(cast.client.pk):
        make_books(cast.client.pk).orders(sample("orders_search_202309"))
        Sku.objects.filter(pk=Sku.objects.order_by("sku_id")[0].pk).update(seller_sku="BALM")
    client.force_login(cast.members["finance"])
    with time_machine.travel(NOW, tick=False):
        yield client


def test_the_pages_take_a_file_from_upload_to_undo(finance: Browser, cast: Cast) -> None:
    slug = {"client": cast.client.slug}
    url = reverse("profit:cost-files", kwargs=slug)
    assert "No file yet" in finance.get(url).content.decode()
    assert finance.post(url, {}).status_code == 422
    pdf = SimpleUploadedFile("costs.csv", b"%PDF-1.4 not a table")
    assert "is a PDF" in finance.post(url, {"file": pdf}).content.decode()
    file = SimpleUploadedFile("costs.csv", b"SKU,Cost,Colour\nBALM,3.00,red\n=1+1,2.00,blue\n")
    answer = finance.post(url, {"file": file})
    assert answer.status_code == 302
    page = finance.get(answer["Location"]).content.decode()
    assert "Nothing is saved yet" in page and "1 column is" in page and "Colour" in page
    report = finance.get(f"{answer['Location']}?export=csv").content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(report)))
    assert rows[2][1] == "'=1+1"  # no program runs it
    with client_scope(cast.client.pk):
        pk = Upload.objects.get().pk
    save, undo = (
        reverse(f"profit:cost-file-{name}", kwargs={**slug, "pk": pk}) for name in ("save", "undo")
    )
    assert "1 costs are saved" in finance.post(save, follow=True).content.decode()
    assert "saved already" in finance.post(save, follow=True).content.decode()
    assert "1 costs are as they were" in finance.post(undo, follow=True).content.decode()
    with client_scope(cast.client.pk):
        assert not UnitCost.objects.exists()
    finance.force_login(cast.members["viewer"])
    assert finance.get(url).status_code == 403
