"""Follow-ups that stop by themselves, and creators whom somebody contacted before."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import reverse

from creators.models import Creator
from sparkops.audit.models import Event
from sparkops.isolation.scope import client_scope
from sparkops.outbox.models import Command
from sparkops.outreach.actions import contacts
from sparkops.outreach.actions.outreaches import FollowUp
from sparkops.outreach.actions.replies import Said, keep_replies
from sparkops.outreach.actions.sending import keep_sent, plan
from sparkops.outreach.models import Letter, Outreach, Recipient, Reply
from sparkops.outreach.outbound import HANDLERS
from sparkops.outreach.queries.collisions import contacted_elsewhere
from tests.factories.cast import Cast
from tests.factories.creators import NOW
from tests.sparkops.outreach import reaching

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
STEPS = [FollowUp(3, "Did you see it, {creator}?"), FollowUp(4, "Last time, {creator}.")]


@pytest.fixture(autouse=True)
def frozen(time_machine: Any) -> None:
    time_machine.move_to(NOW, tick=False)


def go(now: Any, **more: Any) -> int:
    """A batch that arrives at once."""
    count = plan(zone=reaching.ZONE, now=now, **more)
    for letter in Letter.objects.filter(state="sending").select_related("recipient"):
        keep_sent(letter, f"m{letter.pk}", now=now)
    Command.objects.update(state="done")
    return count


def texts() -> list[str]:
    return list(Letter.objects.order_by("pk").values_list("text", flat=True))


def only(outreach: Outreach) -> Recipient:
    return Recipient.objects.get(outreach=outreach)


def test_ab5_follow_ups_come_in_their_days_and_end(cast: Cast) -> None:
    """AB5: day 0, day 3, four days later, then done; none comes a day early or twice."""
    with client_scope(cast.client.pk):
        reaching.people(1, now=NOW, first_posted_at=NOW)
        found = reaching.started(reaching.everyone(now=NOW), now=NOW, follow_ups=STEPS)
        assert [go(NOW), go(NOW)] == [1, 0]
        assert go(NOW + 3 * DAY - timedelta(minutes=1)) == 0
        assert [go(NOW + 3 * DAY), go(NOW + 3 * DAY)] == [1, 0]
        assert go(NOW + 6 * DAY) == 0
        assert Outreach.objects.get().state == "running"
        assert go(NOW + 7 * DAY) == 1
        assert go(NOW + 60 * DAY) == 0
        assert texts()[1:] == ["Did you see it, @maker0?", "Last time, @maker0."]
        found.refresh_from_db()
        assert (found.state, only(found).state) == ("done", "sent")


@pytest.mark.parametrize(
    ("what", "why"),
    [
        ("answered", "The creator answered."),
        ("declined", "The creator declined."),
        ("opted_out", "The creator wants no more messages."),
        ("blocked", "The creator is blocked."),
    ],
)
def test_ab5_it_stops_in_every_outreach_of_the_client(cast: Cast, what: str, why: str) -> None:
    """AB5: a follow-up that waits and a first message that is queued elsewhere both end."""
    with client_scope(cast.client.pk):
        [creator] = reaching.people(1, now=NOW, first_posted_at=NOW)
        segment = reaching.everyone(now=NOW)
        first = reaching.started(segment, now=NOW, follow_ups=STEPS)
        go(NOW)
        second = reaching.started(segment, now=NOW, name="Second", follow_ups=STEPS)
        contacts.note(creator, what, at=NOW + DAY, by=reaching.MINA, now=NOW + DAY)
        assert only(first).next_at is None
        assert only(first).state == "sent"
        assert only(first).reason.startswith(why)
        assert only(second).state == "skipped"
        assert only(second).reason.startswith(why)
        assert [go(NOW + days * DAY) for days in (3, 7, 30)] == [0, 0, 0]
        assert set(Outreach.objects.values_list("state", flat=True)) == {"done"}
        assert Event.objects.get(verb=f"contact.{what}").subject_id == str(creator.pk)


def test_ab5_a_message_that_waits_in_the_outbox_is_looked_at_again(cast: Cast) -> None:
    """AB5: written, then the answer comes: it does not leave."""
    with client_scope(cast.client.pk):
        [creator] = reaching.people(1, now=NOW, first_posted_at=NOW)
        found = reaching.started(reaching.everyone(now=NOW), now=NOW)
        plan(zone=reaching.ZONE, now=NOW)
        later = NOW + timedelta(minutes=1)
        contacts.note(creator, "answered", at=NOW, by=reaching.MINA, now=later)
        command = Command.objects.get()
    done = HANDLERS[command.kind](cast.client.pk, command, later)
    assert done.effects is not None
    with client_scope(cast.client.pk):
        done.effects()
        assert only(found).state == "skipped"
        assert only(found).reason.startswith("The creator answered.")


def test_ab5_who_opted_out_is_in_no_later_outreach_and_who_answered_may_be(cast: Cast) -> None:
    """AB5: an opt-out and a block hold until they are taken back."""
    with client_scope(cast.client.pk):
        out, friend = reaching.people(2, now=NOW, first_posted_at=NOW)
        contacts.note(out, "opted_out", at=NOW, by=reaching.MINA, now=NOW)
        contacts.note(friend, "answered", at=NOW, by=reaching.MINA, now=NOW)
        segment = reaching.everyone(now=NOW)
        found = reaching.started(segment, now=NOW + DAY)
        assert go(NOW + DAY) == 1
        assert Recipient.objects.get(outreach=found, creator=out).state == "skipped"
        contacts.unblock(out, by=reaching.MINA, now=NOW + DAY)
        reaching.started(segment, now=NOW + DAY, name="Later")
        assert go(NOW + DAY) == 2


def test_ab5_answers_are_kept_once_and_old_ones_end_nothing_new(cast: Cast) -> None:
    """AB5: a message that was written before the outreach began answers nothing in it."""
    with client_scope(cast.client.pk):
        reaching.people(1, now=NOW, first_posted_at=NOW)
        found = reaching.started(reaching.everyone(now=NOW), now=NOW, follow_ups=STEPS)
        go(NOW)
        old = Said("maker0", "c1", "m-old", "Hello!", NOW - DAY)
        assert [keep_replies([old], now=NOW), keep_replies([old], now=NOW)] == [1, 0]
        assert only(found).next_at == NOW + 3 * DAY
        said = Said("@Maker0", "c1", "m-new", "Not interested", NOW + DAY)
        assert keep_replies([said, old], now=NOW + DAY) == 1
        assert only(found).next_at is None
        assert only(found).reason == "The creator declined."
        assert Reply.objects.count() == 2


def test_ab7_a_sister_outreach_skips_with_who_and_when(cast: Cast) -> None:
    """AB7: skipped, naming who and when; also when both start at the same moment."""
    with client_scope(cast.client.pk):
        reaching.people(2, now=NOW, first_posted_at=NOW)
        segment = reaching.everyone(now=NOW)
        reaching.started(segment, now=NOW, quiet_days=14)
        second = reaching.started(segment, now=NOW, name="Second", quiet_days=14)
        assert go(NOW) == 2
        rows = Recipient.objects.filter(outreach=second)
        assert set(rows.values_list("state", "reason")) == {
            ("skipped", "Mina contacted this creator on Nov 20, 2026 in “Autumn”.")
        }
        reaching.started(segment, now=NOW, name="Third", quiet_days=14)
        assert go(NOW + 14 * DAY) == 2


def test_ab7_an_override_is_logged_and_sends_once(cast: Cast) -> None:
    """AB7: a person gives a reason; the log keeps it with what it overrode."""
    with client_scope(cast.client.pk):
        reaching.people(1, now=NOW, first_posted_at=NOW)
        segment = reaching.everyone(now=NOW)
        reaching.started(segment, now=NOW, quiet_days=14)
        second = reaching.started(segment, now=NOW, name="Second", quiet_days=14)
        go(NOW)
        row = only(second)
    browser = Browser()
    browser.force_login(cast.members["affiliate"])
    here = reverse("outreach:override", kwargs={"client": "glow", "pk": row.pk})
    page = browser.get(reverse("outreach:outreach", args=["glow", second.pk])).content.decode()
    assert here in page
    assert "Mina contacted this creator" in browser.get(here).content.decode()
    assert browser.post(here, {"reason": ""}).status_code == 422
    assert browser.post(here, {"reason": "She asked for it."}).status_code == 302
    assert browser.post(here, {"reason": "Again."}).status_code == 422
    with client_scope(cast.client.pk):
        event = Event.objects.get(verb="outreach.overridden")
        assert event.reason == "She asked for it."
        assert event.data["was"].startswith("Mina contacted")
        assert event.actor_id == cast.members["affiliate"].pk
        assert [go(NOW), go(NOW)] == [1, 0]
        assert only(second).state == "sent"


def test_n17_another_client_s_contact_skips_without_its_name(cast: Cast) -> None:
    """N17: the same person by TikTok's id; nothing of the other client shows, and a stranger's
    client counts for nothing."""
    for other in (cast.sister, cast.foreign):
        with client_scope(other.pk):
            reaching.people(2 if other == cast.foreign else 1, now=NOW, first_posted_at=NOW)
            reaching.started(reaching.everyone(now=NOW), now=NOW, name=f"Secret of {other.name}")
            go(NOW)
    elsewhere = contacted_elsewhere(cast.client, NOW + DAY)
    assert elsewhere == {"open-0": NOW}
    with client_scope(cast.client.pk):
        reaching.people(2, now=NOW, first_posted_at=NOW)
        found = reaching.started(reaching.everyone(now=NOW), now=NOW, quiet_days=14)
        assert go(NOW + DAY, elsewhere=elsewhere) == 1
        mine = Creator.objects.get(handle="maker0")
        row = Recipient.objects.get(creator=mine)
        assert row.reason == (
            "Another client of your agency contacted this creator on Nov 20, 2026."
        )
        assert found.total == 2
