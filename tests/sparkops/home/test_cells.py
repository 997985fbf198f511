"""Editing cells of lists in place, and pasting a block of a spreadsheet (SS3)."""

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client as Browser

from authorizations.models import Authorization, Fee
from creators.actions.creators import edit_creator
from creators.models import Creator, Post
from sparkops.audit.models import Change
from sparkops.audit.record import Actor
from sparkops.isolation.scope import client_scope
from tests.factories import rights
from tests.factories.cast import Cast
from tests.factories.creators import NOW, make_creator, make_post

pytestmark = pytest.mark.django_db
MINA = Actor("Mina", 7)
CELLS = "/c/glow/cells/"


@pytest.fixture
def browser(cast: Cast) -> Browser:
    browser = Browser()
    browser.force_login(cast.members["manager"])
    return browser


def know(cast: Cast, *handles: str) -> list[int]:
    with client_scope(cast.client.pk):
        return [make_creator(one, notes=f"Note of {one}").pk for one in handles]


def notes(cast: Cast) -> dict[str, str]:
    with client_scope(cast.client.pk):
        return dict(Creator.objects.values_list("handle", "notes"))


def write(browser: Browser, path: str, value: str, seen: str) -> Any:
    return browser.post(f"{CELLS}{path}/", {"value": value, "seen": seen})


def test_ss3_a_cell_is_written_in_its_place_with_history(cast: Cast, browser: Browser) -> None:
    """SS3: the editor brings what is there; the answer is what the cell says from now on."""
    [mia] = know(cast, "mia")
    editor = browser.get(f"{CELLS}creator/{mia}/notes/").content.decode()
    assert 'aria-label="Notes of @mia"' in editor and ">Note of mia</textarea>" in editor
    answer = write(browser, f"creator/{mia}/notes", "  <b>Likes</b> serum ", '"Note of mia"')
    assert answer.content.decode().strip() == "&lt;b&gt;Likes&lt;/b&gt; serum"
    assert notes(cast) == {"mia": "<b>Likes</b> serum"}
    with client_scope(cast.client.pk):
        change = Change.objects.get()
    assert (change.actor, change.before) == ("Account manager North", "Note of mia")


def test_ss3_two_people_on_one_cell_get_both_values_and_choose(
    cast: Cast, browser: Browser
) -> None:
    """SS3: no silent loss: 409 with both values; writing mine then replaces what was shown."""
    [mia] = know(cast, "mia")
    with client_scope(cast.client.pk):
        edit_creator(Creator.objects.get(), email="", notes="Theirs", timezone="", by=MINA, now=NOW)
    answer = write(browser, f"creator/{mia}/notes", "Mine", '"Note of mia"')
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "Somebody changed it meanwhile." in text and "Theirs" in text and "Mine" in text
    assert notes(cast) == {"mia": "Theirs"}
    assert 'name="seen" value="&quot;Theirs&quot;"' in text
    assert write(browser, f"creator/{mia}/notes", "Mine", '"Theirs"').status_code == 200
    assert notes(cast) == {"mia": "Mine"}
    same = write(browser, f"creator/{mia}/notes", "Mine", '"of long ago"')
    assert same.status_code == 200


@pytest.mark.parametrize(
    ("field", "value", "why"),
    [
        ("email", "nonsense", "Write a whole e-mail address"),
        ("timezone", "Mars/Base", "is not a time zone"),
        ("notes", "x" * 10_001, "at most 10,000"),
    ],
)
def test_ss3_a_value_that_cannot_be_stays_in_the_editor_with_the_reason(
    cast: Cast, browser: Browser, field: str, value: str, why: str
) -> None:
    [mia] = know(cast, "mia")
    answer = write(browser, f"creator/{mia}/{field}", value, '""')
    assert answer.status_code == 422
    assert why in answer.content.decode() and value in answer.content.decode()
    assert notes(cast) == {"mia": "Note of mia"}


def test_ss3_owner_and_tags_of_posts_and_the_fee_of_an_authorization(
    cast: Cast, browser: Browser
) -> None:
    """SS3: the tracker's other columns, each by the action that its page has."""
    with client_scope(cast.client.pk):
        post = make_post("mia", caption="routine")
        row = rights.authorized(post, ends_at=NOW, code=rights.CODE)
    media = cast.members["media"]
    assert write(browser, f"post/{post.pk}/owner", str(media.pk), "null").status_code == 200
    assert write(browser, f"post/{post.pk}/owner", "999999", str(media.pk)).status_code == 422
    answer = write(browser, f"post/{post.pk}/tags", "Hook, #ugc, hook", "[]")
    assert answer.content.decode().strip() == "hook, ugc"
    answer = write(browser, f"authorization/{row.pk}/fee", "1,250.5", "null")
    assert answer.content.decode().strip() == "1250.50 USD"
    for wrong in ("", "lots", "-3 USD", "5 EURO", "NaN USD"):
        seen = '["1250.50", "USD"]'
        assert write(browser, f"authorization/{row.pk}/fee", wrong, seen).status_code == 422
    with client_scope(cast.client.pk):
        kept = Post.objects.get()
        assert kept.owner == media
        assert sorted(tag.name for tag in kept.tags.all()) == ["hook", "ugc"]
        assert Fee.objects.get().amount == Decimal("1250.5")
        assert Authorization.objects.count() == 1


def test_ss3_roles_and_other_clients(cast: Cast, browser: Browser) -> None:
    """SS3: a cell is edited by who may edit its field; a foreign row is not there."""
    [mia] = know(cast, "mia")
    with client_scope(cast.sister.pk):
        hers = make_creator("hers").pk
    assert browser.get(f"{CELLS}creator/{hers}/notes/").status_code == 404
    assert write(browser, f"creator/{hers}/notes", "x", '""').status_code == 404
    for path in ("creator/1/handle/", "nobody/1/notes/", "client/1/timezone/"):
        assert browser.get(CELLS + path).status_code == 404
    for role in ("media", "finance", "viewer"):
        browser.force_login(cast.members[role])
        assert write(browser, f"creator/{mia}/notes", "x", '"Note of mia"').status_code == 403
        assert "data-field" not in browser.get("/c/glow/creators/").content.decode()
    assert notes(cast) == {"mia": "Note of mia"}


def paste(browser: Browser, block: str, ids: list[int], fields: list[str]) -> Any:
    return browser.post(f"{CELLS}creator/paste/", {"block": block, "id": ids, "field": fields})


def test_ss3_a_pasted_block_is_shown_first_then_changes_those_cells_only(
    cast: Cast, browser: Browser
) -> None:
    """SS3: two columns over two of three rows; one cell is wrong, one is the same; then undo."""
    ids = know(cast, "mia", "zoe", "kim")
    block = 'new@x.example\t"Two\nlines"\r\nnonsense\tNote of zoe\r\n'
    shown = paste(browser, block, ids, ["email", "notes"])
    found = shown.context["found"]
    assert [(one.name, one.field, one.was, one.becomes) for one in found.edits] == [
        ("@mia", "email", "empty", "new@x.example"),
        ("@mia", "notes", "Note of mia", "Two\nlines"),
    ]
    assert [one.where for one in found.problems] == ["Row 2, column 1"]
    before = notes(cast)
    assert before["mia"] == "Note of mia"
    done = browser.post(f"{CELLS}creator/confirm/", {"seal": shown.context["seal"]})
    assert notes(cast) == before | {"mia": "Two\nlines"}
    again = browser.post(f"{CELLS}creator/confirm/", {"seal": shown.context["seal"]})
    assert again.context["result"].done == ()
    browser.post(f"{CELLS}creator/confirm/", {"seal": done.context["seal"], "undo": "1"})
    assert notes(cast) == before


def test_ss3_what_a_block_cannot_change_is_named(cast: Cast, browser: Browser) -> None:
    ids = know(cast, "mia")
    found = paste(browser, "a\tb\nc\td", ids, ["", "notes"]).context["found"]
    assert [one.becomes for one in found.edits] == ["b"]
    assert [(one.where, one.why) for one in found.problems] == [
        ("Row 1, column 1", "This column cannot be edited here."),
        ("Row 2", "It lies below the last row of the page, or its row is gone."),
    ]
    assert paste(browser, "\t".join("x" * 2_001), ids, ["notes"]).status_code == 422
    assert paste(browser, "", ids, ["notes"]).context["found"].edits == ()
    shown = paste(browser, "b", ids, ["notes"])
    with client_scope(cast.client.pk):
        edit_creator(Creator.objects.get(), email="", notes="Third", timezone="", by=MINA, now=NOW)
    left = browser.post(f"{CELLS}creator/confirm/", {"seal": shown.context["seal"]})
    assert notes(cast) == {"mia": "Third"}
    assert "Somebody changed it meanwhile: it is “Third” now." in left.content.decode()
    browser.force_login(cast.members["viewer"])
    assert paste(browser, "x", ids, ["notes"]).context["found"].edits == ()
    assert browser.post(f"{CELLS}creator/confirm/", {"seal": "x"}).status_code == 422
