"""Outreach against the live sandbox: every channel, exactly once (AB6, AB8, AB9)."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core import mail

from creators.models import Creator
from sparkops import clock
from sparkops.catalog.inbound import STREAMS as CATALOG
from sparkops.catalog.models import Product, Shop
from sparkops.connections.apis import shop_api
from sparkops.isolation.scope import client_scope
from sparkops.landing.models import Cursor
from sparkops.landing.streams import pull_due
from sparkops.outbox.models import Command
from sparkops.outbox.queue import drain
from sparkops.outreach.actions import inbox, steering
from sparkops.outreach.actions.outreaches import FollowUp
from sparkops.outreach.actions.sending import plan
from sparkops.outreach.inbound import CONVERSATIONS, QUOTA
from sparkops.outreach.models import Invitation, Letter, Outreach, Recipient, Reply, Thread
from sparkops.outreach.outbound import HANDLERS, ON_REFUSAL
from sparkops.outreach.queries.outreaches import counts_of
from tests.factories.cast import Cast
from tests.factories.world import own_transaction, synced_cast
from tests.sandbox_server import SandboxServer
from tests.sparkops.outreach import reaching
from tests.sparkops.renewals.test_runs_live import texts

pytestmark = pytest.mark.journey
MESSAGES = "/affiliate_seller/202412/conversations/"
INVITATIONS = "/affiliate_seller/202508/target_collaborations"


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any, sandbox: SandboxServer) -> Iterator[Cast]:
    with synced_cast(django_db_blocker, sandbox, CATALOG) as cast:
        yield cast


@pytest.fixture
def connected(world: Cast, django_db_blocker: Any, sandbox: SandboxServer) -> Iterator[int]:
    with own_transaction(django_db_blocker):
        yield world.client.pk


def send(client_id: int, *, minutes: int = 0) -> None:
    """What the outbound worker does, some minutes later."""
    later = clock.now() + timedelta(minutes=minutes)
    read_quota(client_id, later)
    with client_scope(client_id):
        plan(zone=reaching.ZONE, now=later)
    work(client_id, later)


def read_quota(client_id: int, now: datetime) -> None:
    """What comes before each batch."""
    with client_scope(client_id):
        Cursor.objects.filter(stream=QUOTA.name).update(due_at=now)
    pull_due(client_id, [QUOTA], now=lambda: now)


def work(client_id: int, now: datetime, limit: int = 1_000) -> None:
    """Perform what waits."""
    drain(client_id, HANDLERS, now=lambda: now, on_refusal=ON_REFUSAL, limit=limit)


def known(sandbox: SandboxServer, first: int, last: int) -> None:
    """Creators who posted for the brand: connected, so a message costs no quota."""
    found = sandbox.look("world?brand=lumen")["brands"][0]["creators_posted"][first:last]
    for number, one in enumerate(found):
        Creator.objects.create(
            handle=f"live{number}",
            creator_id=one["open_id"],
            email=f"live{number}@mail.example",
            source="test",
            created_at=clock.now(),
            first_posted_at=clock.now(),
        )


def sent_to_tiktok(sandbox: SandboxServer, path: str) -> list[dict[str, Any]]:
    """Writes in the sandbox's log below a path, answered or not."""
    log = sandbox.look(f"requests?path={path}&api=shop")["requests"]
    return [one for one in log if one["method"] == "POST"]


def said_to(client_id: int, handle: str) -> list[str]:
    """Our texts in the sandbox's conversation with a creator."""
    with client_scope(client_id):
        creator = Creator.objects.get(handle=handle)
    return texts(client_id, creator.creator_id)


def invitations_named(client_id: int, name: str) -> int:
    """How many target collaborations of this name the sandbox holds."""
    with client_scope(client_id):
        shop = Shop.objects.get()
    with shop_api(client_id, shop.connection_id, shop.cipher) as api:
        pages = api.collaborations.targets()
        return sum(one.name == name for page in pages for one in page.items)


def begin(**fields: Any) -> Outreach:
    now = clock.now()
    return reaching.started(reaching.everyone(now=now), now=now, **fields)


def offer() -> dict[str, Any]:
    return {
        "channel": "target",
        "body": "We would love to work with you.",
        "products": list(Product.objects.order_by("pk")[:2]),
        "rate": reaching.RATE,
        "contact_email": "partners@glow.example",
    }


def test_ab8_shop_messages_with_a_reason_for_who_is_not_reached(
    connected: int, sandbox: SandboxServer
) -> None:
    """AB8: sent as the shop; TikTok's refusal and a missing id are told in words."""
    with client_scope(connected):
        known(sandbox, 0, 3)
        for handle, open_id in (("stranger", "nobody-knows"), ("without", "")):
            Creator.objects.create(
                handle=handle, creator_id=open_id, source="test", created_at=clock.now()
            )
        found = begin()
    send(connected)
    with client_scope(connected):
        assert counts_of(found) == {"sent": 3, "queued": 0, "skipped": 1, "failed": 1}
        reasons = dict(
            Recipient.objects.exclude(reason="").values_list("creator__handle", "reason")
        )
        assert reasons["without"] == "TikTok's id of this creator is not known yet."
        assert "TikTok" in reasons["stranger"]
        assert Outreach.objects.get().state == "done"
        assert Letter.objects.filter(state="sent").exclude(message_id="").count() == 3


def test_ab8_e_mails_leave_at_their_own_pace(connected: int, sandbox: SandboxServer) -> None:
    """AB8: a hundred a minute by e-mail, whatever the other channels do."""
    now = clock.now()
    with client_scope(connected):
        for one in reaching.people(130, now=now):
            Creator.objects.filter(pk=one.pk).update(email=f"{one.handle}@mail.example")
        found = begin(channel="email", subject="Hello {handle}", body="Dear {creator}")
    send(connected)
    assert len(mail.outbox) == 100
    send(connected)
    assert len(mail.outbox) == 100
    with client_scope(connected):
        assert counts_of(found) == {"sent": 100, "queued": 30, "skipped": 0, "failed": 0}
    send(connected, minutes=2)
    assert Counter(len(one.to) for one in mail.outbox) == {1: 130}
    assert len({one.to[0] for one in mail.outbox}) == 130
    assert mail.outbox[0].subject.startswith("Hello @maker")


def test_ab8_invitations_are_cut_into_calls(connected: int, sandbox: SandboxServer) -> None:
    """AB8: 60 creators are two calls of at most fifty; who TikTok does not know says so."""
    with client_scope(connected):
        known(sandbox, 0, 2)
        reaching.people(58, now=clock.now())
        found = begin(**offer())
    before = len(sent_to_tiktok(sandbox, f"{INVITATIONS}"))
    send(connected)
    with client_scope(connected):
        calls = len(sent_to_tiktok(sandbox, INVITATIONS)) - before
        assert calls == 2
        sizes = [one.letters.count() for one in Invitation.objects.order_by("number")]
        assert sizes == [50, 10]
        counts = counts_of(found)
        assert counts["failed"] == 58
        assert counts["sent"] + counts["skipped"] == 2
        assert sum(counts.values()) == 60


def test_ab6_a_worker_killed_in_mid_batch_sends_nothing_twice(
    connected: int, sandbox: SandboxServer
) -> None:
    """AB6: dead after TikTok took a message and before it was noted; the next worker looks."""
    now = clock.now()
    with client_scope(connected):
        known(sandbox, 4, 8)
        found = begin(body="Killed once, {creator}")
        plan(zone=reaching.ZONE, now=now)
        assert plan(zone=reaching.ZONE, now=now) == 0
    work(connected, now, limit=2)
    with client_scope(connected):
        third = Command.objects.filter(state="waiting").order_by("pk")[0]
        third.state, third.attempts = "sending", 1
        third.claimed_until = now + timedelta(minutes=2)
        third.save()
    HANDLERS[third.kind](connected, third, now)
    send(connected)
    send(connected, minutes=3)
    with client_scope(connected):
        assert counts_of(found)["sent"] == 4
        ids = list(Letter.objects.values_list("message_id", flat=True))
        assert len(set(ids)) == 4
    for number in range(4):
        assert said_to(connected, f"live{number}").count(f"Killed once, @live{number}") == 1


def test_ab6_a_lost_answer_makes_no_second_invitation(
    connected: int, sandbox: SandboxServer
) -> None:
    """AB6: TikTok created it, the answer was lost: it is found by its name."""
    with client_scope(connected):
        known(sandbox, 10, 14)
        found = begin(name="Lost answer", **offer())
    sandbox.do("faults", kind="drop_after", path=INVITATIONS, api="shop", count=1)
    send(connected)
    assert invitations_named(connected, "Lost answer · 1") == 1
    with client_scope(connected):
        assert counts_of(found)["queued"] == 4
    send(connected, minutes=5)
    with client_scope(connected):
        counts, invitation = counts_of(found), Invitation.objects.get()
        assert counts["queued"] == counts["failed"] == 0
        assert counts["sent"] >= 1
        assert invitation.collaboration_id != ""
    assert invitations_named(connected, "Lost answer · 1") == 1


def test_ab9_pause_holds_from_the_next_send_and_resume_goes_on(
    connected: int, sandbox: SandboxServer
) -> None:
    """AB9: two are out, the pause keeps the other two; after it each is sent once."""
    now = clock.now()
    with client_scope(connected):
        known(sandbox, 14, 18)
        found = begin(body="Paused, {creator}")
        plan(zone=reaching.ZONE, now=now)
    work(connected, now, limit=2)
    with client_scope(connected):
        steering.pause(found, by=reaching.MINA, now=now)
    send(connected)
    with client_scope(connected):
        assert counts_of(found) == {"sent": 2, "queued": 2, "skipped": 0, "failed": 0}
        assert Letter.objects.filter(state="held").count() == 2
        steering.resume(found, by=reaching.MINA, now=now)
    send(connected, minutes=1)
    with client_scope(connected):
        assert counts_of(found) == {"sent": 4, "queued": 0, "skipped": 0, "failed": 0}
        assert Letter.objects.count() == 4


def test_ab9_stop_leaves_nothing_scheduled(connected: int, sandbox: SandboxServer) -> None:
    """AB9: after a stop no command waits, and nothing leaves any more."""
    now = clock.now()
    with client_scope(connected):
        known(sandbox, 18, 22)
        found = begin()
        plan(zone=reaching.ZONE, now=now)
    work(connected, now, limit=1)
    with client_scope(connected):
        steering.stop(found, by=reaching.MINA, now=now)
        assert not Command.objects.filter(state__in=["waiting", "sending"]).exists()
    send(connected, minutes=60)
    with client_scope(connected):
        assert counts_of(found) == {"sent": 1, "queued": 0, "skipped": 3, "failed": 0}
        assert set(Recipient.objects.filter(state="skipped").values_list("reason", flat=True)) == {
            "Stopped by Mina."
        }


def test_ab9_a_message_in_a_worker_s_hands_keeps_its_own_result(
    connected: int, sandbox: SandboxServer
) -> None:
    """AB9: stopped while a worker holds a command: its recipient is not left out before."""
    now = clock.now()
    with client_scope(connected):
        known(sandbox, 22, 23)
        found = begin()
        plan(zone=reaching.ZONE, now=now)
        Command.objects.update(
            state="sending", attempts=1, claimed_until=now + timedelta(minutes=2)
        )
        steering.stop(found, by=reaching.MINA, now=now)
        assert counts_of(found)["queued"] == 1
    work(connected, now + timedelta(minutes=3))
    with client_scope(connected):
        assert counts_of(found)["skipped"] == 1
        assert Recipient.objects.get().reason == "The outreach was stopped."


def test_ab5_an_answer_on_tiktok_ends_the_sequence_in_one_cycle(
    connected: int, sandbox: SandboxServer
) -> None:
    """AB5: the creator writes back in TikTok; the next read ends what would follow."""
    now = clock.now()
    with client_scope(connected):
        known(sandbox, 8, 9)
        [creator] = Creator.objects.all()
        found = begin(follow_ups=[FollowUp(3, "Did you see it?")])
    send(connected)
    with client_scope(connected):
        assert Recipient.objects.get().next_at is not None
        shop = Shop.objects.get()
    people = sandbox.look("world?brand=lumen")["brands"][0]["creators_posted"]
    handle = next(one["handle"] for one in people if one["open_id"] == creator.creator_id)
    with client_scope(connected):
        Creator.objects.update(handle=handle)
    # The sandbox's clock stood still since before the outreach began.
    sandbox.do("clock", advance_seconds=3600)
    sandbox.do("creator_message", shop_id=shop.shop_id, handle=handle, text="No thanks!")
    pull_due(connected, [CONVERSATIONS], now=lambda: now + timedelta(minutes=1))
    with client_scope(connected):
        row = Recipient.objects.get()
        assert (row.next_at, row.reason) == (None, "The creator declined.")
        assert Reply.objects.get(creator=creator).text == "No thanks!"
    send(connected, minutes=5 * 24 * 60)
    with client_scope(connected):
        assert Letter.objects.count() == 1
        found.refresh_from_db()
        assert found.state == "done"


def test_ab6_a_person_s_answer_leaves_once(connected: int, sandbox: SandboxServer) -> None:
    """AB6: the answer was lost on its way back; the conversation is read before a repeat."""
    now = clock.now()
    with client_scope(connected):
        known(sandbox, 9, 10)
        thread = Thread.objects.create(creator=Creator.objects.get(), last_at=now)
        one = inbox.answer(thread, "Yes, with pleasure.", by=reaching.MINA, now=now)
    sandbox.do("faults", kind="drop_after", path=MESSAGES, api="shop", count=1)
    work(connected, now)
    work(connected, now + timedelta(minutes=5))
    with client_scope(connected):
        one.refresh_from_db()
        assert (one.state, bool(one.message_id)) == ("sent", True)
    assert said_to(connected, "live0").count("Yes, with pleasure.") == 1
