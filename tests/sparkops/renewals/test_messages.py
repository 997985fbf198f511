"""Saved messages with a live preview, and the settings of the cadence (U7, N5)."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import reverse

from creators.models import Creator
from sparkops.audit.models import Event
from sparkops.isolation.scope import client_scope
from sparkops.renewals.models import Cadence, SavedMessage
from tests.factories import rights
from tests.factories.cast import Cast
from tests.factories.rights import NOW

pytestmark = pytest.mark.django_db
BODY = "Ciao {creator}: {post} {until} {days_left} {price} {spend} {new_until} {brand} {link}"


@pytest.fixture(autouse=True)
def frozen(time_machine: Any) -> None:
    time_machine.move_to(NOW, tick=False)


def browse(cast: Cast, role: str = "manager") -> Browser:
    browser = Browser()
    browser.force_login(cast.members[role])
    return browser


def url(name: str, **kwargs: str) -> str:
    return reverse(f"renewals:{name}", kwargs={"client": "glow", **kwargs})


def four_creators(cast: Cast) -> None:
    with client_scope(cast.client.pk):
        for number in range(4):
            post = rights.post(f"760000000000000000{number}", f"maker{number}")
            rights.authorized(
                post, ends_at=NOW + timedelta(days=number + 1), code=f"#{number}{rights.CODE[2:]}"
            )
            rights.spend(post, "40.00")


def test_u7_a_message_previews_on_three_real_creators(cast: Cast) -> None:
    """U7: saved messages with variables, shown as three real creators would read them."""
    four_creators(cast)
    page = browse(cast).post(
        url("preview", kind="renewal", language="it"), {"subject": "S {brand}", "body": BODY}
    )
    shown = page.content.decode()
    assert [f"@maker{n}" in shown for n in range(4)] == [True, True, True, False]
    # The permission of maker0 ends tomorrow; thirty days are asked for at no named price.
    first = "https://www.tiktok.com/@maker0/video/7600000000000000000"
    assert f"Ciao @maker0: {first} 11 Settembre 2026 1 giorno come concordato $40.00" in shown
    assert "11 Ottobre 2026 Glow Skincare Nell&#x27;app di TikTok" in shown
    with client_scope(cast.client.pk):
        assert not SavedMessage.objects.exists()


def test_u7_an_unknown_variable_is_refused(cast: Cast) -> None:
    """U7: a message with a variable that does not exist is neither saved nor previewed."""
    browser, words = browse(cast), {"subject": "S", "body": "Hi {name} {link}"}
    preview = browser.post(url("preview", kind="renewal", language="en"), words)
    assert "“{name}” is no variable" in preview.content.decode()
    answer = browser.post(url("message", kind="renewal", language="en"), words)
    assert answer.status_code == 422
    assert "“{name}” is no variable" in answer.content.decode()
    subject = {"subject": "{x}", "body": "{link}"}
    assert browser.post(url("message", kind="request", language="en"), subject).status_code == 422
    with client_scope(cast.client.pk):
        assert not SavedMessage.objects.exists()


def test_u7_own_words_take_the_place_of_the_shipped_ones_and_go_again(cast: Cast) -> None:
    browser, here = browse(cast), url("message", kind="renewal", language="de")
    assert "As shipped" in browser.get(here).content.decode()
    assert (
        browser.post(here, {"subject": "Neu", "body": "Hallo {creator} {link}"}).status_code == 302
    )
    page = browser.get(here).content.decode()
    assert "Hallo {creator} {link}" in page
    assert "In your own words since" in page
    assert "1 message in your own words" in browser.get(url("messages")).content.decode()
    browser.post(url("forget", kind="renewal", language="de"))
    assert "As shipped" in browser.get(here).content.decode()
    with client_scope(cast.client.pk):
        verbs = list(Event.objects.order_by("pk").values_list("verb", flat=True))
        assert verbs == ["renewal_message.saved", "renewal_message.forgotten"]
        saved = Event.objects.get(verb="renewal_message.saved")
        assert saved.data["before"]["subject"] == (
            "{brand}: Deine Anzeigenfreigabe endet am {until}"
        )
    with client_scope(cast.sister.pk):
        assert not SavedMessage.objects.exists()


def test_no_such_message(cast: Cast) -> None:
    browser = browse(cast)
    assert browser.get(url("message", kind="renewal", language="xx")).status_code == 404
    assert browser.get(url("message", kind="nothing", language="en")).status_code == 404


def form(**changes: Any) -> dict[str, Any]:
    return {
        "sends": "on",
        "reminder_days": "10, 3",
        "quiet_starts": "22:00",
        "quiet_ends": "07:30",
        "escalate_after": "2",
        "escalate_to": "",
        "language": "es",
        "days": "37",
        "price": "120.50",
        "reply_to": "rights@glow.example",
        **changes,
    }


def test_n5_the_cadence_is_a_setting_of_the_client(cast: Cast) -> None:
    """N5: steps, quiet hours, escalation and what is offered, per client and audited."""
    browser = browse(cast)
    assert (
        "Nothing is sent to creators until you decide"
        in browser.get(url("settings")).content.decode()
    )
    chosen = form(escalate_to=str(cast.members["affiliate"].pk))
    assert browser.post(url("settings"), chosen).status_code == 302
    cast.client.refresh_from_db()
    assert cast.client.reminder_days == [10, 3]
    with client_scope(cast.client.pk):
        cadence = Cadence.objects.get()
        assert cadence.sends
        assert (str(cadence.quiet_starts), str(cadence.quiet_ends)) == ("22:00:00", "07:30:00")
        assert cadence.escalate_to == cast.members["affiliate"]
        assert (str(cadence.price), cadence.currency) == ("120.5000", "USD")
        event = Event.objects.get(verb="renewal_cadence.changed")
        assert event.data["escalate_to"] == "affiliate@north.example"
    with client_scope(cast.sister.pk):
        assert not Cadence.objects.exists()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"reminder_days": "soon"}, "whole numbers of days"),
        ({"reminder_days": "0, 3"}, "between 1 and 365"),
        ({"quiet_starts": "08:00", "quiet_ends": "08:00"}, "leave no time to write"),
        ({"quiet_starts": "25:00"}, "valid time"),
        ({"escalate_after": "9"}, "enter 5 or less"),
        ({"days": "400"}, "enter 365 or less"),
        ({"language": "xx"}, "Select a valid choice"),
        ({"escalate_to": "999999"}, "Select a valid choice"),
        ({"reply_to": "nobody"}, "valid email"),
    ],
)
def test_a_wrong_setting_is_explained(cast: Cast, changes: dict[str, str], sentence: str) -> None:
    answer = browse(cast).post(url("settings"), form(**changes))
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    with client_scope(cast.client.pk):
        assert not Cadence.objects.exists()


def test_who_may_not_be_told_cannot_be_chosen(cast: Cast) -> None:
    outsider = form(escalate_to=str(cast.members["viewer"].pk))
    assert browse(cast).post(url("settings"), outsider).status_code == 422


def test_a_creator_s_own_name_is_used(cast: Cast) -> None:
    four_creators(cast)
    with client_scope(cast.client.pk):
        Creator.objects.filter(handle="maker0").update(display_name="Maya {price}")
    page = browse(cast).get(url("message", kind="renewal", language="en"))
    assert "Hi Maya {price}, the ad authorization" in page.content.decode()
