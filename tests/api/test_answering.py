"""The inbox handled by a program: who answers, what a creator wants, saved answers."""

import pytest

from sparkops.audit.models import Event
from sparkops.isolation.scope import client_scope
from sparkops.outreach.models import Contact, Thread
from tests.api.conftest import Caller, done, refused
from tests.api.world import World
from tests.factories.cast import Cast

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("on_the_day")]


def test_a_conversation_is_read_and_given_to_a_person(
    cast: Cast, world: World, caller: Caller
) -> None:
    here = f"conversations/{world.rows['conversations']}/"
    [said] = caller.get(f"{here}messages/").json()["data"]
    assert (said["text"], said["who"]) == ("Yes, please", "")
    person = cast.members["affiliate"]
    assert done(caller, f"{here}assign/", {"to": person.email})["assigned_to"] == person.name
    # A media buyer may not edit creators, so nobody waits for an answer of theirs.
    media = {"to": cast.members["media"].email}
    assert refused(caller, f"{here}assign/", media) == "unknown_person"
    assert done(caller, f"{here}assign/", {"to": None})["assigned_to"] is None
    with client_scope(cast.client.pk):
        assert Thread.objects.get().assigned_to is None
        assert Event.objects.filter(verb="thread.assigned").count() == 2


def test_an_opt_out_holds_until_it_is_taken_back(cast: Cast, world: World, caller: Caller) -> None:
    here = f"conversations/{world.rows['conversations']}/mark/"
    done(caller, here, {"what": "opted_out"})
    with client_scope(cast.client.pk):
        assert Contact.objects.get(creator=world.creator).opted_out_at is not None
    done(caller, here, {"what": "undo"})
    with client_scope(cast.client.pk):
        assert Contact.objects.get(creator=world.creator).opted_out_at is None
    # A block wants its reason and evidence, and has an address of its own.
    assert refused(caller, here, {"what": "blocked"}) == "invalid"


def test_saved_answers_are_kept_by_name(world: World, caller: Caller) -> None:
    first = done(caller, "saved-answers/", {"name": "Thanks", "body": "Thank you, {creator}!"})
    again = done(caller, "saved-answers/", {"name": "Thanks", "body": "Thanks, {handle}!"})
    assert (again["id"], again["body"]) == (first["id"], "Thanks, {handle}!")
    wrong = caller.post("saved-answers/", {"name": "Odd", "body": "{moon}"})
    assert [one["field"] for one in wrong.json()["errors"]] == ["body"]
    assert {one["name"] for one in caller.rows("saved-answers/")} == {"one", "Thanks"}
