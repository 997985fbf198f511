"""The pages of an import, for those who may and those who may not."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client as Browser
from django.urls import reverse

from creators.models import Creator
from sparkops.intake.actions.running import run_batch
from sparkops.intake.actions.start import start_pasted
from sparkops.intake.actions.undoing import undo_batch
from sparkops.intake.models import Import
from sparkops.isolation.scope import client_scope
from tests.factories.cast import Cast
from tests.sparkops.intake import tracker300 as sheet
from tests.sparkops.intake.bringing import BY, NOW, bring, check, make_ad_account, make_shop

HOSTILE = "<script>alert(1)</script>"
TEXT = (
    "Creator\tVideo\tSpark code\tE-mail\tVibe\n"
    f"@maya\t{sheet.item_id(1)}\t{sheet.code(1)}\tmaya@example.com\t=HYPERLINK(1)\n"
    f"{HOSTILE}\t\t\t\t{HOSTILE}\n"
    f"{sheet.code(9)}\t\t\t\t{sheet.code(8)}\n"
)


@pytest.fixture
def browser(cast: Cast) -> Browser:
    browser = Browser()
    browser.force_login(cast.members["manager"])
    return browser


def url(cast: Cast, name: str, pk: int | None = None) -> str:
    kwargs = {"client": cast.client.slug} | ({"pk": pk} if pk else {})
    return reverse(f"intake:{name}", kwargs=kwargs)


def latest(cast: Cast) -> Import:
    with client_scope(cast.client.pk):
        return Import.objects.latest("pk")


def work(cast: Cast) -> None:
    """What the worker does."""
    with client_scope(cast.client.pk):
        pk = Import.objects.latest("pk").pk
        while run_batch(pk, now=NOW) or undo_batch(pk, now=NOW):
            pass


def mapped(cast: Cast, **changes: str) -> dict[str, str]:
    """The form of the mapping page as it is proposed."""
    batch = latest(cast)
    data = {f"column_{at}": one["field"] or "" for at, one in enumerate(batch.proposal)}
    extra = {"currency": "USD", "day_order": "", "fee_kind": "flat_fee", "fee_day": "2026-11-24"}
    return data | extra | changes


@pytest.mark.django_db
def test_ss1_the_whole_way_through_the_pages(cast: Cast, browser: Browser) -> None:
    page = browser.get(url(cast, "imports"))
    assert "Nothing was imported yet" in page.text
    page = browser.post(url(cast, "imports"), {"pasted": TEXT}, follow=True)
    batch = latest(cast)
    assert page.redirect_chain[-1][0] == url(cast, "map", batch.pk)
    assert "The header says creator handle" in page.text
    page = browser.post(url(cast, "map", batch.pk), mapped(cast), follow=True)
    assert page.redirect_chain[-1][0] == url(cast, "preview", batch.pk)
    assert "New creator @maya, e-mail of @maya, new post …0001" in page.text
    # Problems stand first.
    assert page.text.index("has signs that TikTok handles cannot have") < page.text.index("@maya")
    with client_scope(cast.client.pk):
        assert not Creator.objects.exists()
    page = browser.post(url(cast, "run", batch.pk), follow=True)
    assert page.redirect_chain[-1][0] == url(cast, "progress", batch.pk)
    assert "0 of 3" in page.text
    work(cast)
    piece = browser.get(
        url(cast, "progress", batch.pk), headers={"HX-Request": "true", "HX-Target": "work"}
    )
    assert piece.headers["HX-Redirect"] == url(cast, "result", batch.pk)
    page = browser.get(url(cast, "import", batch.pk), follow=True)
    with client_scope(cast.client.pk):
        maya = Creator.objects.get()
    assert reverse("creators:creator", kwargs={"client": "glow", "pk": maya.pk}) in page.text
    question = browser.get(
        url(cast, "undo", batch.pk), headers={"HX-Request": "true", "HX-Target": "dialog-body"}
    )
    assert question.text.lstrip().startswith("<form") and "Keep the import" in question.text
    browser.post(url(cast, "undo", batch.pk))
    work(cast)
    page = browser.get(url(cast, "import", batch.pk), follow=True)
    assert "Everything this import made is taken back" in page.text
    with client_scope(cast.client.pk):
        assert not Creator.objects.exists()


@pytest.mark.django_db
def test_hostile_cells_are_shown_as_text(cast: Cast, browser: Browser) -> None:
    browser.post(url(cast, "imports"), {"pasted": TEXT})
    batch = latest(cast)
    pages = [browser.get(url(cast, "map", batch.pk))]
    browser.post(url(cast, "map", batch.pk), mapped(cast))
    pages.append(browser.get(url(cast, "preview", batch.pk)))
    browser.post(url(cast, "run", batch.pk))
    work(cast)
    pages.append(browser.get(url(cast, "result", batch.pk)))
    for page in pages:
        assert page.status_code == 200
        assert HOSTILE not in page.text
        assert "&lt;script&gt;" in page.text


@pytest.mark.django_db
def test_the_rows_to_mend_come_as_a_sheet_that_runs_nothing(cast: Cast, browser: Browser) -> None:
    text = TEXT + f"@zoe\thttps://vm.tiktok.com/ZMabc123/\t{sheet.code(3)}\t\t=cmd|' /C calc'!A0\n"
    with client_scope(cast.client.pk):
        batch = bring(text)
    answer = browser.get(url(cast, "refused", batch.pk))
    assert answer.headers["Content-Disposition"].startswith("attachment")
    lines = answer.content.decode("utf-8-sig").splitlines()
    assert lines[0] == "Row,Result,What to do,Creator,Video,Spark code,E-mail,Vibe"
    assert [line.split(",")[0] for line in lines[1:]] == ["3", "4", "5"]
    assert ",'=cmd|' /C calc'!A0" in lines[3]
    assert lines[3].count("short link") == 1
    assert "@maya" not in answer.text


def stored() -> Iterator[str]:
    """Every row of every table of the test database, as text."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        for (table,) in cursor.fetchall():
            cursor.execute(f"SELECT t::text FROM {connection.ops.quote_name(table)} t")
            yield from (row[0] for row in cursor.fetchall())


@pytest.mark.django_db
def test_no_code_in_clear_on_a_page_in_a_table_or_in_a_log(
    cast: Cast,
    browser: Browser,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    """Codes in the code column, in a handle cell, in notes and in an unmapped column."""
    codes = [sheet.code(number) for number in (1, 3, 8, 9)]
    text = TEXT.replace("E-mail", "Notes").replace("maya@example.com", f"took {sheet.code(3)}")
    shown = []
    browser.post(url(cast, "imports"), {"pasted": text})
    batch = latest(cast)
    shown.append(browser.get(url(cast, "map", batch.pk)).text)
    browser.post(url(cast, "map", batch.pk), mapped(cast))
    shown.append(browser.get(url(cast, "preview", batch.pk)).text)
    browser.post(url(cast, "run", batch.pk))
    shown.append(browser.get(url(cast, "progress", batch.pk)).text)
    work(cast)
    shown.append(browser.get(url(cast, "result", batch.pk)).text)
    shown.append(browser.get(url(cast, "refused", batch.pk)).content.decode())
    shown.append(browser.get(url(cast, "imports")).text)
    with client_scope(cast.client.pk):
        everything = "\n".join(stored())
    assert "@maya" in everything  # it did read the rows
    logged = caplog.text + "".join(capfd.readouterr())
    for code in codes:
        bare = code[1:]
        for place in (*shown, everything, logged):
            assert bare not in place and bare[:30] not in place
        assert bare[:30].encode().hex() not in everything  # how bytes are printed
    assert any("#" in page and "••••" in page for page in shown)


@pytest.mark.django_db
def test_addresses_are_masked_for_roles_that_may_not_see_them(cast: Cast) -> None:
    with client_scope(cast.client.pk):
        batch = check(start_pasted(TEXT, by=BY, now=NOW))
    for role, seen in (("manager", True), ("media", False)):
        browser = Browser()
        browser.force_login(cast.members[role])
        page = browser.get(url(cast, "preview", batch.pk))
        assert ("maya@example.com" in page.text) is seen, role
        assert "@maya" in page.text


@pytest.mark.django_db
def test_an_import_of_another_client_does_not_exist(cast: Cast, browser: Browser) -> None:
    with client_scope(cast.sister.pk):
        other = bring(TEXT)
    with client_scope(cast.foreign.pk):
        foreign = bring(TEXT)
    for pk in (other.pk, foreign.pk):
        for name in ("import", "map", "preview", "progress", "result", "undo", "refused"):
            assert browser.get(url(cast, name, pk)).status_code == 404, name
        for name in ("sheet", "discard", "run", "undo", "retry", "map"):
            assert browser.post(url(cast, name, pk)).status_code == 404, name
    page = browser.get(reverse("intake:imports", kwargs={"client": cast.foreign.slug}))
    assert page.status_code == 404
    viewer = Browser()
    viewer.force_login(cast.members["viewer"])
    assert viewer.get(url(cast, "imports")).status_code == 403


@pytest.mark.django_db
def test_wrong_input_comes_back_with_its_reason(cast: Cast, browser: Browser) -> None:
    start = url(cast, "imports")
    page = browser.post(start, {"pasted": "  "})
    assert page.status_code == 422 and "Paste your rows, or choose a file." in page.text
    file = SimpleUploadedFile("t.csv", b"")
    page = browser.post(start, {"pasted": "", "file": file})
    assert page.status_code == 422 and "“t.csv” is empty" in page.text
    file = SimpleUploadedFile("photo.png", b"\x89PNG\r\n" + b"x" * 50)
    page = browser.post(start, {"pasted": "", "file": file})
    assert page.status_code == 422 and "is a picture, not a table" in page.text
    with client_scope(cast.client.pk):
        assert not Import.objects.exists()
    browser.post(start, {"pasted": TEXT})
    batch = latest(cast)
    nothing = mapped(cast) | {f"column_{at}": "" for at in range(5)}
    page = browser.post(url(cast, "map", batch.pk), nothing)
    assert page.status_code == 422 and "Choose at least one." in page.text
    # Run before the preview, or twice.
    assert browser.post(url(cast, "run", batch.pk)).status_code == 422
    browser.post(url(cast, "map", batch.pk), mapped(cast))
    browser.post(url(cast, "run", batch.pk))
    assert browser.post(url(cast, "run", batch.pk)).status_code == 422


@pytest.mark.django_db
def test_a_file_goes_the_same_way(cast: Cast, browser: Browser) -> None:
    with client_scope(cast.client.pk):
        make_ad_account()
        shop = make_shop()
    file = SimpleUploadedFile("Autumn.xlsx", sheet.as_xlsx())
    page = browser.post(url(cast, "imports"), {"pasted": "", "file": file}, follow=True)
    assert "Dates are read as day/month/year, because “31/12/2026” fits only that." in page.text
    assert "10 empty rows were left out." in page.text
    assert "Glow Ads" in page.text
    batch = latest(cast)
    page = browser.post(url(cast, "map", batch.pk), mapped(cast, shop=str(shop.pk)), follow=True)
    assert "Import 292 rows" in page.text
    refused = browser.get(url(cast, "preview", batch.pk) + "?view=refused")
    assert refused.text.count("reads like a display name") == sheet.JUNK


@pytest.mark.django_db
def test_a_page_of_rows_costs_the_same_at_any_size(
    cast: Cast, browser: Browser, django_assert_max_num_queries: Any
) -> None:
    with client_scope(cast.client.pk):
        batch = bring("Handle\n" + "\n".join(f"@creator_{at}" for at in range(120)))
    with django_assert_max_num_queries(23):
        page = browser.get(url(cast, "result", batch.pk))
    assert "50 of 120 rows" in page.text
