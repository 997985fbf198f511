"""Answers and reminders of samples against the live sandbox: exactly once."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from creators.actions.answers import answer
from creators.actions.reminders import remind
from creators.inbound import SAMPLES
from creators.models import Sample, SampleAnswer, SampleReminder
from creators.outbound import HANDLERS, ON_REFUSAL
from sparkops import clock
from sparkops.audit.record import Actor
from sparkops.catalog.inbound import STREAMS as CATALOG
from sparkops.isolation.scope import client_scope
from sparkops.landing.models import Cursor
from sparkops.landing.streams import pull_due
from sparkops.outbox.models import Command
from sparkops.outbox.queue import drain
from tests.factories.cast import Cast
from tests.factories.world import own_transaction, synced_cast
from tests.sandbox_server import SandboxServer

pytestmark = pytest.mark.journey
BY = Actor("Ann")
REVIEW = "/affiliate_seller/202507/sample_applications/"
SEND = "/affiliate_seller/202412/conversations/"


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any, sandbox: SandboxServer) -> Iterator[Cast]:
    with synced_cast(django_db_blocker, sandbox, CATALOG, (SAMPLES,)) as cast:
        yield cast


@pytest.fixture
def client(world: Cast, django_db_blocker: Any) -> Iterator[Cast]:
    with own_transaction(django_db_blocker):
        yield world


def send(cast: Cast, *, minutes: int) -> None:
    """What the outbound worker does, some minutes later."""
    later = clock.now() + timedelta(minutes=minutes)
    drain(cast.client.pk, HANDLERS, now=lambda: later, on_refusal=ON_REFUSAL)


def posted_to(sandbox: SandboxServer, path: str, ending: str) -> int:
    """Writes of one kind that reached the sandbox."""
    found = sandbox.look(f"requests?path={path}")["requests"]
    return [one["method"] for one in found if one["path"].endswith(ending)].count("POST")


def open_requests(cast: Cast) -> list[Sample]:
    return list(Sample.objects.filter(state="requested").order_by("-approve_by"))


def test_ts3_requests_carry_tiktok_s_figures_of_their_creators(client: Cast) -> None:
    """TS3: fulfilment, GMV and followers come with the request; reading again changes nothing."""
    with client_scope(client.client.pk):
        rows = list(Sample.objects.select_related("creator"))
        assert rows
        assert all(0 <= one.creator_fulfilment <= 1 for one in rows)
        assert any(one.creator_gmv for one in rows)
        assert all(one.creator.follower_count for one in rows)
        before = sorted(Sample.objects.values_list("pk", "state", "due_on", "extended_at"))
        Cursor.objects.update(due_at=clock.now() - timedelta(minutes=1))
    pull_due(client.client.pk, (SAMPLES,), now=clock.now)
    with client_scope(client.client.pk):
        after = Sample.objects.values_list("pk", "state", "due_on", "extended_at")
        assert sorted(after) == before


def test_ts3_an_approval_whose_answer_is_lost_is_not_given_twice(
    client: Cast, sandbox: SandboxServer
) -> None:
    """TS3: the request is looked at before every attempt; TikTok makes one order."""
    with client_scope(client.client.pk):
        sample = open_requests(client)[0]
        answer(sample, "approve", client=client.client, by=BY, now=clock.now())
    send(client, minutes=0)
    assert posted_to(sandbox, f"{REVIEW}{sample.sample_id}", "/review") == 0
    sandbox.do("faults", kind="drop_after", path=REVIEW + sample.sample_id, api="shop", count=1)
    send(client, minutes=1)
    send(client, minutes=9)
    with client_scope(client.client.pk):
        assert SampleAnswer.objects.get().state == "done"
        sample.refresh_from_db()
        assert (sample.state, sample.status) == ("approved", "AWAITING_SHIPMENT")
    assert posted_to(sandbox, f"{REVIEW}{sample.sample_id}", "/review") == 1


def test_a_worker_that_dies_after_tiktok_s_yes_declines_once(
    client: Cast, sandbox: SandboxServer
) -> None:
    with client_scope(client.client.pk):
        sample = open_requests(client)[1]
        answer(sample, "decline", reason="OTHER", client=client.client, by=BY, now=clock.now())
        command = Command.objects.get()
    HANDLERS[command.kind](client.client.pk, command, clock.now())
    send(client, minutes=3)
    with client_scope(client.client.pk):
        assert SampleAnswer.objects.get().state == "done"
        sample.refresh_from_db()
        assert sample.state == "rejected"
    assert posted_to(sandbox, f"{REVIEW}{sample.sample_id}", "/review") == 1


def test_a_request_that_was_answered_otherwise_in_tiktok_stays_so(
    client: Cast, sandbox: SandboxServer
) -> None:
    with client_scope(client.client.pk):
        sample = Sample.objects.filter(status="REJECT_CANCELLED")[0]
        Sample.objects.filter(pk=sample.pk).update(status="PENDING", state="requested")
        answer(sample, "approve", client=client.client, by=BY, now=clock.now())
    send(client, minutes=1)
    with client_scope(client.client.pk):
        found = SampleAnswer.objects.get()
        assert found.state == "refused"
        assert "reject cancelled" in found.problem
    assert posted_to(sandbox, f"{REVIEW}{sample.sample_id}", "/review") == 0


def test_a_reminder_whose_answer_is_lost_reaches_the_creator_once(
    client: Cast, sandbox: SandboxServer
) -> None:
    with client_scope(client.client.pk):
        waiting = Sample.objects.filter(
            state__in=["delivered", "overdue"], delivered_at__lt=clock.now() - timedelta(days=7)
        )
        sample = waiting.exclude(creator__creator_id="").order_by("-delivered_at")[0]
        remind(sample, client.client, by=BY, now=clock.now())
    before = posted_to(sandbox, SEND, "/messages")
    sandbox.do("faults", kind="drop_after", path=SEND, api="shop", count=1)
    send(client, minutes=0)
    send(client, minutes=9)
    with client_scope(client.client.pk):
        reminder = SampleReminder.objects.get()
        assert (reminder.state, bool(reminder.message_id)) == ("sent", True)
    assert posted_to(sandbox, SEND, "/messages") == before + 1
