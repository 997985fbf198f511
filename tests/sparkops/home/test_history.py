"""The history of a field, and putting a value back (SS6, U9)."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client as Browser

from creators.actions.creators import edit_creator
from creators.models import Creator
from sparkops.audit.models import Change, Event
from sparkops.audit.record import Actor
from sparkops.home.history import words
from sparkops.isolation.scope import client_scope
from sparkops.talk.actions import assign
from sparkops.talk.models import Task
from sparkops.talk.queries.subjects import find_subject
from sparkops.tenants.actions import change_settings
from sparkops.tenants.models import Client
from tests.factories.cast import Cast
from tests.factories.creators import NOW, make_creator

pytestmark = pytest.mark.django_db
MINA = Actor("Mina", 7)
LATER = NOW + timedelta(hours=1)


@pytest.fixture(autouse=True)
def at_now() -> Iterator[None]:
    with time_machine.travel(LATER, tick=False):
        yield


def edited(cast: Cast) -> Creator:
    """A creator whose e-mail was set and then changed."""
    with client_scope(cast.client.pk):
        row = make_creator("mia")
        for email, at in (("mia@old.example", NOW), ("mia@new.example", LATER)):
            edit_creator(row, email=email, notes="Likes serum", timezone="", by=MINA, now=at)
        return row


def browser_of(cast: Cast, role: str) -> Browser:
    browser = Browser()
    browser.force_login(cast.members[role])
    return browser


def stored(cast: Cast, row: Creator) -> Creator:
    with client_scope(cast.client.pk):
        return Creator.objects.get(pk=row.pk)


def newest(cast: Cast, field: str) -> Change:
    with client_scope(cast.client.pk):
        return Change.objects.filter(field=field).latest("pk")


def test_the_history_of_a_field_says_who_when_from_and_to(cast: Cast) -> None:
    """SS6: one click from the field; only what became another value is listed."""
    row = edited(cast)
    browser = browser_of(cast, "affiliate")
    here = f"/c/glow/history/creator/{row.pk}/email/"
    assert f'href="{here}"' in browser.get(f"/c/glow/creators/{row.pk}/").content.decode()
    changes = browser.get(here).context["changes"]
    assert [(one.actor, one.at, before, after) for one, before, after in changes] == [
        ("Mina", LATER, "mia@old.example", "mia@new.example"),
        ("Mina", NOW, "empty", "mia@old.example"),
    ]
    notes = browser.get(here.replace("email", "notes")).context["changes"]
    assert len(notes) == 1
    never = browser.get(here.replace("email", "timezone")).content.decode()
    assert "It was never changed here" in never


def test_a_value_is_put_back_after_a_card_says_what_changes_and_that_is_history_too(
    cast: Cast,
) -> None:
    """SS6, U9: before and after on a card, confirm, and the way back again."""
    row, browser = edited(cast), browser_of(cast, "affiliate")
    restore = f"/c/glow/history/creator/{row.pk}/email/{newest(cast, 'email').pk}/"
    card = browser.get(restore)
    assert (card.context["before"], card.context["after"]) == (
        "mia@new.example",
        "mia@old.example",
    )
    assert stored(cast, row).email == "mia@new.example"
    browser.post(restore, {"seen": card.context["seen"]})
    assert stored(cast, row).email == "mia@old.example"
    assert stored(cast, row).notes == "Likes serum"
    change = newest(cast, "email")
    assert (change.actor, change.before) == ("Affiliate manager North", "mia@new.example")
    again = f"/c/glow/history/creator/{row.pk}/email/{change.pk}/"
    browser.post(again, {"seen": browser.get(again).context["seen"]})
    assert stored(cast, row).email == "mia@new.example"


def test_what_somebody_changed_meanwhile_is_not_lost(cast: Cast) -> None:
    """U9: the card was about another value, so nothing happens and it says what is there now."""
    row, browser = edited(cast), browser_of(cast, "affiliate")
    restore = f"/c/glow/history/creator/{row.pk}/email/{newest(cast, 'email').pk}/"
    seen = browser.get(restore).context["seen"]
    with client_scope(cast.client.pk):
        edit_creator(row, email="third@x.example", notes="", timezone="", by=MINA, now=LATER)
    answer = browser.post(restore, {"seen": seen})
    assert answer.status_code == 422
    assert "it is “third@x.example” now" in answer.content.decode()
    assert stored(cast, row).email == "third@x.example"


def test_who_may_not_see_a_field_sees_no_history_of_it(cast: Cast) -> None:
    row = edited(cast)
    change = newest(cast, "email").pk
    here = f"/c/glow/history/creator/{row.pk}/email/"
    assert browser_of(cast, "finance").get(here).status_code == 403
    with client_scope(cast.client.pk):
        edit_creator(row, email="", notes="", timezone="Europe/Rome", by=MINA, now=LATER)
    zone = f"/c/glow/history/creator/{row.pk}/timezone/"
    assert browser_of(cast, "viewer").get(zone).status_code == 200
    assert "Put back" not in browser_of(cast, "viewer").get(zone).content.decode()
    assert (
        browser_of(cast, "viewer").get(f"{zone}{newest(cast, 'timezone').pk}/").status_code == 403
    )
    owner = browser_of(cast, "owner")
    # A change of another field, another client's settings, and a field that is none.
    assert owner.get(f"{zone}{change}/").status_code == 404
    assert owner.get(f"/c/glow/history/client/{cast.sister.pk}/timezone/").status_code == 404
    assert owner.get(f"/c/glow/history/creator/{row.pk}/handle/").status_code == 404


def test_the_log_says_that_contact_changed_and_not_to_what(cast: Cast) -> None:
    edited(cast)
    with client_scope(cast.client.pk):
        said = str(list(Event.objects.values_list("data", flat=True)))
    assert "email" in said
    assert "example" not in said


def test_settings_of_a_client_are_put_back(cast: Cast) -> None:
    """SS6: reminder steps are a list and stay one."""
    common: dict[str, Any] = {
        "timezone": "UTC",
        "safety_buffer_hours": 24,
        "hold_codes_until_paid": True,
        "by": MINA,
    }
    change_settings(cast.client, reminder_days=[21, 7], **common, now=NOW)
    change_settings(cast.client, reminder_days=[3], **common, now=LATER)
    restore = f"/c/glow/history/client/{cast.client.pk}/reminder_days/"
    restore += f"{newest(cast, 'reminder_days').pk}/"
    browser = browser_of(cast, "manager")
    card = browser.get(restore)
    assert card.context["after"] == "21, 7"
    browser.post(restore, {"seen": card.context["seen"]})
    assert Client.objects.get(pk=cast.client.pk).reminder_days == [21, 7]


def test_a_task_gets_its_person_and_day_back(cast: Cast) -> None:
    """SS6: an assignee is a person, shown by name."""
    media, owner = cast.members["media"], cast.members["owner"]
    with client_scope(cast.client.pk):
        subject = find_subject("creator", make_creator("zoe").pk, "glow")
        assert subject is not None
        assign(subject, assignee=media, due_on=date(2026, 11, 21), by=MINA, now=NOW)
        assign(subject, assignee=owner, due_on=None, by=MINA, now=LATER)
        task = Task.objects.get()
    for field, shown in (("assignee", "Media buyer North"), ("due_on", "2026-11-21")):
        restore = f"/c/glow/history/task/{task.pk}/{field}/{newest(cast, field).pk}/"
        browser = browser_of(cast, "affiliate")
        card = browser.get(restore)
        assert card.context["after"] == shown
        assert browser.post(restore, {"seen": card.context["seen"]}).status_code == 302
    with client_scope(cast.client.pk):
        task.refresh_from_db()
    assert (task.assignee, task.due_on) == (media, date(2026, 11, 21))


@pytest.mark.parametrize(
    ("value", "said"), [(None, "empty"), ("", "empty"), ([], "empty"), (True, "yes"), (0, "0")]
)
def test_values_are_said_in_words(value: Any, said: str) -> None:
    assert words("reminder_days", value) == said
