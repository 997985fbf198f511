"""What creators read and when they are asked, changed by a program."""

from typing import Any

import pytest

from sparkops.audit.models import Event
from sparkops.isolation.scope import client_scope
from sparkops.renewals.models import Cadence, SavedMessage
from sparkops.renewals.rules.texts import SHIPPED, Kind
from sparkops.tenants.models import Client
from sparkops.tenants.permissions import Permission
from tests.api.conftest import Caller, done, make_caller, refused
from tests.factories.cast import Cast

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("on_the_day")]


def fields(answer: Any) -> set[str]:
    assert answer.status_code == 422, answer.content
    return {one["field"] for one in answer.json()["errors"]}


def german(caller: Caller) -> dict[str, Any]:
    [found] = [
        one
        for one in caller.get("message-texts/").json()["data"]
        if (one["kind"], one["language"]) == ("renewal", "de")
    ]
    return dict(found)


def test_a_message_is_written_and_forgotten(cast: Cast, caller: Caller) -> None:
    shipped = SHIPPED["de"][Kind.RENEWAL]
    before = german(caller)
    assert (before["subject"], before["own"]) == (shipped.subject, False)
    words = {
        "kind": "renewal", "language": "de", "subject": "Nochmal?", "body": "Hallo! {link}",
    }  # fmt: skip
    assert done(caller, "message-texts/", words) == {**words, "own": True}
    assert german(caller) == {**words, "own": True}
    assert fields(caller.post("message-texts/", {**words, "body": "{moon} {link}"})) == {"body"}
    assert fields(caller.post("message-texts/", {**words, "language": "xx"})) == {"language"}
    which = {"kind": "renewal", "language": "de"}
    assert done(caller, "message-texts/shipped/", which) == before
    with client_scope(cast.client.pk):
        assert not SavedMessage.objects.exists()
        verbs = Event.objects.filter(verb__startswith="renewal_message.").order_by("pk")
        assert [one.verb for one in verbs] == [
            "renewal_message.saved", "renewal_message.forgotten",
        ]  # fmt: skip


def test_the_cadence_is_changed_in_parts(cast: Cast, caller: Caller) -> None:
    Client.objects.filter(pk=cast.client.pk).update(hold_codes_until_paid=True)
    before = caller.get("cadence/").json()
    assert (before["sends"], before["quiet_starts"], before["price"]) == (False, "21:00", None)
    media = cast.members["media"]
    asked = {
        "sends": True, "reminder_days": [7, 30, 14], "quiet_starts": "20:30", "price": "45",
        "escalate_to": media.email,
    }  # fmt: skip
    after = caller.patch("cadence/", asked).json()
    assert after == {
        **before, "sends": True, "reminder_days": [30, 14, 7], "quiet_starts": "20:30",
        "price": {"amount": "45.00", "currency": "USD"}, "escalate_to": media.email,
    }  # fmt: skip
    assert caller.get("cadence/").json() == after
    assert caller.patch("cadence/", {"escalate_to": None}).json() == {**after, "escalate_to": None}
    same = {"quiet_starts": "08:00", "quiet_ends": "08:00"}
    assert fields(caller.patch("cadence/", same)) == {"quiet_ends"}
    viewer = caller.patch("cadence/", {"escalate_to": cast.members["viewer"].email})
    assert fields(viewer) == {"escalate_to"}
    nobody = caller.patch("cadence/", {"escalate_to": "nobody@north.example"})
    assert nobody.json()["code"] == "unknown_person"
    with client_scope(cast.client.pk):
        assert Cadence.objects.get().sends
        assert Client.objects.get(pk=cast.client.pk).hold_codes_until_paid
    narrow = make_caller(cast.agency, cast.client, scopes=[Permission.AUTHORIZATION_EDIT])
    assert narrow.patch("cadence/", {"sends": False}).status_code == 403
    assert refused(narrow, "message-texts/", {}) == "invalid"
