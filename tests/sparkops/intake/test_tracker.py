"""SS1: three hundred messy rows, pasted and as files, from preview to undo."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction

from authorizations.actions.codes import open_code
from authorizations.models import Authorization
from creators.models import Creator, Post
from profit.models import CreatorFee
from sparkops.intake.actions.start import start_pasted, start_upload
from sparkops.intake.models import Import, ImportRow, Touch
from sparkops.intake.queries import row_of
from sparkops.isolation.scope import client_scope
from tests.factories.cast import build_cast
from tests.factories.world import own_transaction
from tests.sparkops.intake import tracker300 as sheet
from tests.sparkops.intake.bringing import (
    BY,
    NOW,
    check,
    choices,
    domain,
    make_shop,
    remarks,
    results,
    run,
    take_back,
)

FIRST = 3
"""The number of the first record: a title and the headers stand above."""


@dataclass(frozen=True)
class World:
    """A client before the import, what was announced, and the import that ran."""

    client_id: int
    shop_id: int
    before: dict[str, Any]
    preview: Import
    forecast: dict[int, tuple[str, str]]
    batch: Import


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """The tracker imported once. One creator and two posts of it were known before, one of the
    posts without its creator."""
    with django_db_blocker.unblock(), transaction.atomic():
        client_id = build_cast().client.pk
        with client_scope(client_id):
            known = Creator.objects.create(handle="creator.7", source="sync", created_at=NOW)
            for at, creator in ((7, known), (9, None)):
                Post.objects.create(
                    item_id=sheet.item_id(at), creator=creator, source="sync", first_seen_at=NOW
                )
            shop, before = make_shop(), domain()
            preview = check(pasted(), choices(shop=shop.pk))
            assert domain() == before  # a preview writes nothing
            forecast = results(preview)
            batch = run(Import.objects.get(pk=preview.pk))
        yield World(client_id, shop.pk, before, preview, forecast, batch)
        transaction.set_rollback(True)


@pytest.fixture
def imported(world: World, django_db_blocker: Any) -> Iterator[World]:
    with own_transaction(django_db_blocker), client_scope(world.client_id):
        yield world


def pasted() -> Import:
    return start_pasted(sheet.as_paste(), by=BY, now=NOW)


def test_ss1_preview_says_what_every_row_does(imported: World) -> None:
    preview = imported.preview
    assert preview.state == "previewed"
    counts = {key: value for key, value in preview.counts.items() if key in sheet.RESULTS}
    assert counts == sheet.RESULTS
    assert preview.counts["attention"] == sheet.ATTENTION
    assert preview.counts["repeats"] == sheet.REPEATS
    assert preview.counts["links"] == sheet.SHORT
    assert preview.empty_rows == sheet.EMPTY


def test_ss1_run_brings_every_row_once_with_its_own_result(imported: World) -> None:
    assert imported.batch.state == "done"
    # What was announced is what happened.
    assert results(imported.batch) == imported.forecast
    assert Creator.objects.count() == sheet.CREATORS
    assert Post.objects.count() == sheet.POSTS
    assert Authorization.objects.count() == sheet.CODES
    # Each amount in its own currency, as it stands in its row.
    assert Counter(CreatorFee.objects.values_list("currency", "amount")) == {
        ("USD", Decimal("1234.5000")): 50,
        ("GBP", Decimal("250.0000")): 50,
        ("EUR", Decimal("1234.5000")): 50,
    }


def test_ss1_a_row_is_bound_together(imported: World) -> None:
    post = Post.objects.get(item_id=sheet.item_id(1))
    assert post.creator is not None and post.creator.handle == "creator.1"
    [code] = Authorization.objects.filter(post=post)
    assert open_code(code) == sheet.code(1)
    assert code.creator == post.creator
    # 31/12/2026 is a day in Los Angeles, and the code works until that day is over.
    assert code.stated_ends_at == datetime(2027, 1, 1, 7, 59, 59, tzinfo=UTC)
    assert code.end_source == "creator_stated"
    [fee] = post.fees.all()  # type: ignore[attr-defined]
    assert (fee.creator, fee.currency) == (post.creator, "GBP")
    assert fee.reference == f"Pasted rows, row {FIRST + 1}"
    two = Authorization.objects.filter(post__item_id=sheet.item_id(400))
    assert {open_code(one) for one in two} == {sheet.code(300), sheet.code(301)}


def test_ss1_what_cannot_be_read_is_kept_and_listed(imported: World) -> None:
    batch = imported.batch
    repeat = FIRST + sheet.GOOD + sheet.PAIRS
    short = repeat + sheet.REPEATS
    pending = short + sheet.SHORT
    stolen = pending + sheet.PENDING
    junk, total = stolen + sheet.STOLEN, FIRST + 300
    assert remarks(batch, short) == ["short_link"]
    assert remarks(batch, pending) == ["no_date", "not_a_code", "no_amount"]
    assert remarks(batch, stolen) == ["code_of_another"]
    assert remarks(batch, junk) == ["handle_is_name"]
    assert results(batch)[junk][0] == "refused"
    assert results(batch)[repeat] == ("skipped", f"It repeats row {FIRST}.")
    assert results(batch)[total][0] == "skipped"
    assert "total row" in results(batch)[total][1]
    # Every cell of every row is there, the unmapped column included.
    kept = {row.number: row_of(row).cells for row in ImportRow.objects.filter(batch=batch)}
    for number, cells in enumerate(sheet.table(), 1):
        if number != 2 and any(cells):
            assert [str(cell) for cell in kept[number]] == [cell.strip() for cell in cells], number


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_ss1_files_come_to_the_same_as_the_paste(imported: World, kind: str) -> None:
    data = sheet.as_csv() if kind == "csv" else sheet.as_xlsx()
    chosen = choices(shop=imported.shop_id)
    upload = check(start_upload(f"t.{kind}", data, by=BY, now=NOW), chosen)
    assert upload.kind == kind
    assert results(upload) == results(check(pasted(), chosen))


def test_ss1_bringing_it_again_changes_nothing(imported: World) -> None:
    before = domain()
    # On another day, so that fees without a date of their own would get another one.
    later = choices(shop=imported.shop_id, fee_day=datetime(2026, 12, 1, tzinfo=UTC).date())
    again = run(check(pasted(), later))
    assert domain() == before
    assert "created" not in again.counts and "updated" not in again.counts
    assert again.counts["unchanged"] == sheet.RESULTS["created"]


def test_ss1_undo_restores_exactly(imported: World) -> None:
    known = Post.objects.get(item_id=sheet.item_id(9))
    assert known.creator is not None
    batch = take_back(Import.objects.get(pk=imported.batch.pk))
    assert batch.state == "undone"
    assert batch.counts["kept"] == 0
    assert domain() == imported.before
    # The sheet and what was done with it stay.
    assert ImportRow.objects.filter(batch=batch).count() == 300 - sheet.EMPTY + 2
    assert not Touch.objects.exclude(verb="found").filter(undone_at=None).exists()
    # And the same sheet can be brought again.
    assert results(check(pasted(), choices(shop=imported.shop_id))) == imported.forecast
