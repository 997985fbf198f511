"""Exports in the shown order, and bringing an edited one back with a difference first (SS2)."""

import csv
import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client as Browser
from django.urls import reverse

from creators.actions.creators import edit_creator
from creators.models import Creator
from sparkops.audit.models import Change
from sparkops.audit.record import Actor
from sparkops.isolation.scope import client_scope
from tests.factories.cast import Cast
from tests.factories.creators import NOW, make_creator
from tests.guards.test_gate import client_pages

pytestmark = pytest.mark.django_db
MINA = Actor("Mina", 7)
LIST, HERE, CONFIRM = "/c/glow/creators/", "/c/glow/creators/edited/", "edited/confirm/"


@pytest.fixture
def browser(cast: Cast) -> Browser:
    browser = Browser()
    browser.force_login(cast.members["affiliate"])
    return browser


def know(cast: Cast, *handles: str) -> None:
    """Creators with a note each."""
    with client_scope(cast.client.pk):
        for one in handles:
            email, notes = f"{one}@x.example", f"=Note of\n{one}"
            edit_creator(make_creator(one), email=email, notes=notes, timezone="", by=MINA, now=NOW)


def rows_of(answer: Any) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))


def bring(browser: Browser, rows: list[dict[str, str]]) -> Any:
    """Upload rows as a CSV file."""
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    file = SimpleUploadedFile("creators.csv", out.getvalue().encode("utf-8-sig"))
    return browser.post(HERE, {"file": file})


def emails(cast: Cast) -> dict[str, str]:
    with client_scope(cast.client.pk):
        return dict(Creator.objects.values_list("handle", "email"))


def test_every_table_exports_its_shown_columns_in_their_order(cast: Cast) -> None:
    """SS2: each list page of a client offers the export of what is filtered."""
    browser = Browser()
    browser.force_login(cast.members["owner"])
    tables = 0
    for name, _ in client_pages():
        page = browser.get(reverse(name, kwargs={"client": "glow"}), {"q": "zzz"})
        if page.status_code != 200 or not page.context or "export_url" not in page.context:
            continue
        url, table = page.context["export_url"], page.context.get("table")
        assert "q=zzz" in url, name
        if table is None:
            continue
        shown = [column.label for column in table.columns if column.exported]
        header = browser.get(url).content.decode("utf-8-sig").splitlines()[0]
        labels = next(csv.reader([header]))
        assert [label for label in labels if label in shown] == shown, name
        tables += 1
    assert tables >= 8


def test_an_untouched_export_changes_nothing(cast: Cast, browser: Browser) -> None:
    """SS2: neither a guarded formula sign nor a line end that a spreadsheet changes is an edit."""
    know(cast, "mia", "zoe")
    rows = rows_of(browser.get(f"{LIST}?export=csv"))
    assert {row["Notes"] for row in rows} == {"'=Note of\nmia", "'=Note of\nzoe"}
    for row in rows:
        row["Notes"] = row["Notes"].replace("\n", "\r\n")
    assert bring(browser, rows).context["found"].edits == ()


def test_an_edited_export_shows_its_difference_then_changes_those_rows_only(
    cast: Cast, browser: Browser
) -> None:
    """SS2: two of three rows are in the file, one cell of one differs; undo takes it back."""
    know(cast, "mia", "zoe", "kim")
    rows = [row for row in rows_of(browser.get(f"{LIST}?export=csv")) if row["Creator"] != "kim"]
    for row in rows:
        row["Posts"] = "999"
        if row["Creator"] == "mia":
            row["E-mail"] = "new@x.example"
    shown = bring(browser, rows)
    [edit] = shown.context["found"].edits
    assert (edit.name, edit.field, edit.before, edit.after) == (
        "@mia",
        "email",
        "mia@x.example",
        "new@x.example",
    )
    before = emails(cast)
    assert before["mia"] == "mia@x.example"
    done = browser.post(LIST + CONFIRM, {"seal": shown.context["seal"]})
    assert len(done.context["result"].done) == 1
    assert emails(cast) == before | {"mia": "new@x.example"}
    with client_scope(cast.client.pk):
        assert Change.objects.latest("pk").actor == "Affiliate manager North"
    again = browser.post(LIST + CONFIRM, {"seal": shown.context["seal"]})
    assert again.context["result"].done == ()
    browser.post(LIST + CONFIRM, {"seal": done.context["seal"], "undo": "1"})
    assert emails(cast) == before


def test_what_somebody_changed_meanwhile_stays(cast: Cast, browser: Browser) -> None:
    know(cast, "mia")
    [row] = rows_of(browser.get(f"{LIST}?export=csv"))
    shown = bring(browser, [{**row, "E-mail": "new@x.example", "Time zone": "Europe/Rome"}])
    with client_scope(cast.client.pk):
        mia = Creator.objects.get()
        edit_creator(mia, email="third@x.example", notes="", timezone="", by=MINA, now=NOW)
    result = browser.post(LIST + CONFIRM, {"seal": shown.context["seal"]}).context["result"]
    assert [one.field for one in result.done] == ["timezone"]
    assert [one.why for one in result.left] == [
        "Somebody changed it meanwhile: it is “third@x.example” now."
    ]


def test_wrong_cells_and_foreign_rows_are_named_and_left_out(cast: Cast, browser: Browser) -> None:
    know(cast, "mia")
    with client_scope(cast.sister.pk):
        theirs = make_creator("hers").pk
    [row] = rows_of(browser.get(f"{LIST}?export=csv"))
    bad = {**row, "E-mail": "nonsense", "Time zone": "Mars"}
    found = bring(browser, [bad, {**row, "SparkOps id": str(theirs)}, row]).context["found"]
    assert found.edits == ()
    # Line ends within a note do not count as rows of the file.
    parts = [one.where.partition(", ")[2] for one in found.problems]
    assert parts == ["E-mail", "Time zone", "", ""]
    assert "It names no creator of this client" in found.problems[2].why
    other = bring(browser, [{"Handle": "mia", "E-mail": "a@b.example"}])
    assert other.status_code == 422
    assert "It has no column “SparkOps id”" in other.content.decode()


def test_nothing_but_what_was_shown_to_the_person_can_be_confirmed(
    cast: Cast, browser: Browser
) -> None:
    know(cast, "mia")
    [row] = rows_of(browser.get(f"{LIST}?export=csv"))
    seal = bring(browser, [{**row, "E-mail": "new@x.example"}]).context["seal"]
    assert browser.post(LIST + CONFIRM, {"seal": f"{seal}x"}).status_code == 422
    assert browser.post(f"/c/peak/creators/{CONFIRM}", {"seal": seal}).status_code == 422
    browser.force_login(cast.members["owner"])
    assert browser.post(LIST + CONFIRM, {"seal": seal}).status_code == 422
    assert emails(cast) == {"mia": "mia@x.example"}
