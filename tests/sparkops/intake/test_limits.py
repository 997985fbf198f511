"""What cannot be brought, and what a member may not; CT1: five thousand handles."""

import io
import zipfile
from collections.abc import Callable

import openpyxl
import pytest

from creators.models import Creator
from sparkops.errors import Refusal
from sparkops.intake.actions.checking import choose_mapping
from sparkops.intake.actions.running import start_run
from sparkops.intake.actions.start import LIMITS, choose_sheet, start_pasted, start_upload
from sparkops.intake.models import Import, ImportRow
from sparkops.intake.rules.layout import PERMITTED_BY
from sparkops.isolation.scope import client_scope
from sparkops.sheets.headers import Field
from sparkops.tenants.permissions import Permission, Role, role_may
from tests.factories.cast import Cast
from tests.sparkops.intake.bringing import (
    BY,
    NOW,
    bring,
    check,
    choices,
    domain,
    make_shop,
    may_all,
    results,
)
from tests.sparkops.intake.tracker300 import code, item_id


def workbook(**sheets: list[list[str]]) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        page = book.create_sheet(name)
        for row in rows:
            page.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def bomb() -> bytes:
    """A small archive that unpacks to more than is read."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"<a/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * (LIMITS.unpacked_bytes + 1))
    return out.getvalue()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "data", "part"),
    [
        pytest.param("a.csv", b"", "is empty", id="empty"),
        pytest.param("a.csv", b"Creator,Video\n", "no row with data", id="headers only"),
        pytest.param("a.pdf", b"%PDF-1.7 ...", "is a PDF", id="wrong type"),
        pytest.param(
            "a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 600, "old .xls", id="xls"
        ),
        pytest.param(
            "a.xlsx",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
            "protected with a password",
            id="locked",
        ),
        pytest.param("a.xlsx", bomb(), "", id="zip bomb"),
        pytest.param("a.csv", b"x" * (LIMITS.upload_bytes + 1), "larger than 10 MB", id="large"),
        pytest.param("a.csv", b"h\n" + b"@a\n" * (LIMITS.rows + 2), "20,000", id="too many rows"),
        pytest.param("a.zip", b"PK\x03\x04" + b"x" * 50, "not an Excel workbook", id="zip"),
    ],
)
def test_bad_files_are_refused_with_a_sentence_and_leave_nothing(
    cast: Cast, name: str, data: bytes, part: str
) -> None:
    with client_scope(cast.client.pk):
        with pytest.raises(Refusal) as refusal:
            start_upload(name, data, by=BY, now=NOW)
        assert part in refusal.value.sentence
        assert refusal.value.sentence.endswith(".")
        assert not Import.objects.exists()
        assert not ImportRow.objects.exists()


@pytest.mark.django_db
def test_another_sheet_of_the_workbook_can_be_read_instead(cast: Cast) -> None:
    data = workbook(
        Tracker=[["Creator", "Fee"], ["@maya", "1"], ["@zoe", "2"]],
        Archive=[["Creator", "Notes"], ["@old.one", "a"], ["@older.one", "b"]],
    )
    with client_scope(cast.client.pk):
        batch = check(start_upload("t.xlsx", data, by=BY, now=NOW), choices(shop=make_shop().pk))
        assert (batch.sheet_name, batch.other_sheets) == ("Tracker", ["Archive"])
        choose_sheet(batch, "Archive", by=BY, now=NOW)
        batch.refresh_from_db()
        assert (batch.sheet_name, batch.state, batch.layout) == ("Archive", "draft", {})
        assert [row["field"] for row in batch.proposal] == ["handle", "notes"]
        with pytest.raises(Refusal, match="no sheet"):
            choose_sheet(batch, "Nowhere", by=BY, now=NOW)


@pytest.mark.django_db
def test_a_mapping_must_name_something_and_each_field_once(cast: Cast) -> None:
    with client_scope(cast.client.pk):
        batch = start_pasted("Creator\tVibe\n@maya\t1\n@zoe\t2\n", by=BY, now=NOW)

        def choose(*fields: Field | None, **changes: object) -> str:
            with pytest.raises(Refusal) as refusal:
                choose_mapping(batch, fields, choices(**changes), may=may_all, by=BY, now=NOW)
            return refusal.value.code

        assert choose(None, Field.NOTES) == "mapping"
        assert choose(Field.HANDLE, Field.HANDLE) == "mapping"
        assert choose(Field.HANDLE, Field.FEE) == "no_shop"
        assert choose(Field.HANDLE, None, ad_accounts=(987654,)) == "ad_account"


@pytest.mark.django_db
def test_a_role_imports_only_what_it_may_edit(cast: Cast) -> None:
    """Media buyers hand in codes but book no fees, finance the other way round."""

    def of(role: Role) -> Callable[[Permission], bool]:
        return lambda permission: role_may(role, permission)

    with client_scope(cast.client.pk):
        shop = make_shop()
        text = f"Creator\tSpark code\tFee\n@maya\t{code(1)}\t10 USD\n@zoe\t\t\n"
        batch = start_pasted(text, by=BY, now=NOW)
        fields = {"code": (Field.HANDLE, Field.CODE, None), "fee": (Field.HANDLE, None, Field.FEE)}
        for role, allowed in ((Role.MEDIA, "code"), (Role.FINANCE, "fee")):
            for kind, chosen in fields.items():
                options = choices(shop=shop.pk)
                if kind == allowed:
                    choose_mapping(batch, chosen, options, may=of(role), by=BY, now=NOW)
                    continue
                with pytest.raises(Refusal, match="Your role may not") as refusal:
                    choose_mapping(batch, chosen, options, may=of(role), by=BY, now=NOW)
                assert refusal.value.code == "not_permitted"
        # Whoever presses the button needs the same.
        checked = check(batch, choices(shop=shop.pk))
        with pytest.raises(Refusal, match="Your role may not"):
            start_run(checked, may=of(Role.MEDIA), by=BY, now=NOW)


def test_every_field_names_a_permission_that_exists() -> None:
    assert {Permission(word) for word in PERMITTED_BY.values()} == {
        Permission.AUTHORIZATION_EDIT,
        Permission.COST_EDIT,
        Permission.CREATOR_EDIT,
    }


@pytest.mark.django_db
def test_nothing_is_required_that_the_sheet_does_not_have(cast: Cast) -> None:
    """SS1: only links, only handles, only codes."""
    with client_scope(cast.client.pk):
        links = bring(f"https://www.tiktok.com/@maya/video/{item_id(1)}\n{item_id(2)}\n")
        assert links.counts["created"] == 2
        assert bring("@zoe\n@ben\n").counts["created"] == 2
        assert bring(f"{code(1)}\n{code(2)}\n").counts["created"] == 2
        assert {row["handle"] for row in domain()["Creator"]} == {"maya", "zoe", "ben"}


@pytest.mark.django_db
def test_e_mail_and_notes_fill_gaps_and_replace_only_when_asked(cast: Cast) -> None:
    with client_scope(cast.client.pk):
        text = "Creator\tE-mail\tNotes\n@maya\tm@example.com\twarm\n@zoe\tnot an address\t\n"
        first = bring(text)
        assert results(first)[2] == ("created", "New creator @maya, e-mail and notes of @maya.")
        other = text.replace("m@example.com", "new@example.com").replace("warm", "cold")
        assert bring(other).counts["attention"] == 2
        maya = Creator.objects.get(handle="maya")
        assert (maya.email, maya.notes) == ("m@example.com", "warm\ncold")
        bring(other, choices(replace=True))
        maya.refresh_from_db()
        assert (maya.email, maya.notes) == ("new@example.com", "cold")


@pytest.mark.django_db
def test_ct1_five_thousand_handles(cast: Cast) -> None:
    """1,000 creators, each written in four or five ways, and 500 cells that are no handle."""
    cells = [f"@Creator_{at}" for at in range(1000)]
    cells += [f"https://www.tiktok.com/@creator_{at}?lang=en" for at in range(1000)]
    cells += [f"CREATOR_{at}" for at in range(1000)]
    cells += [f"creator_{at}" for at in range(1000)]
    cells += [f"tiktok.com/@creator_{at}" for at in range(500)]
    cells += [f"Some Name {at}" for at in range(500)]
    with client_scope(cast.client.pk):
        batch = bring("Handle\n" + "\n".join(cells))
        assert batch.counts["created"] == 1000
        assert batch.counts["skipped"] == 3500  # each says which row it repeats
        assert batch.counts["refused"] == 500
        assert batch.counts["total"] == 5000
        assert Creator.objects.count() == 1000
        before = domain()
        again = bring("Handle\n" + "\n".join(cells))
        assert domain() == before
        assert again.counts["unchanged"] == 1000
