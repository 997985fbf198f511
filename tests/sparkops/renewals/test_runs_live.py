"""Asking many creators at once against the live sandbox: AR8, U1, exactly once."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail

from sparkops import clock
from sparkops.catalog.inbound import STREAMS as CATALOG
from sparkops.catalog.models import AdAccount, Shop
from sparkops.connections.apis import shop_api
from sparkops.connections.models import Connection
from sparkops.isolation.scope import client_scope
from sparkops.outbox.models import Command
from sparkops.outbox.queue import drain
from sparkops.renewals.actions.runs import retry_failed
from sparkops.renewals.models import Ask, Run
from sparkops.renewals.outbound import HANDLERS, ON_REFUSAL
from sparkops.renewals.queries.asks import messaging_shop
from tests.factories.cast import Cast
from tests.factories.world import own_transaction, synced_cast
from tests.sandbox_server import SandboxServer
from tests.sparkops.renewals import asking

pytestmark = pytest.mark.journey
SEND = "/affiliate_seller/202412/conversations/"


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any, sandbox: SandboxServer) -> Iterator[Cast]:
    with synced_cast(django_db_blocker, sandbox, CATALOG) as cast:
        yield cast


@pytest.fixture
def connected(world: Cast, django_db_blocker: Any, sandbox: SandboxServer) -> Iterator[int]:
    with own_transaction(django_db_blocker):
        yield world.client.pk


def open_ids(sandbox: SandboxServer) -> list[str]:
    """Creators who posted for the brand: they are connected, so a message costs no quota."""
    found = sandbox.look("world?brand=lumen")["brands"][0]["creators_posted"]
    return [one["open_id"] for one in found]


def send(client_id: int, *, minutes: int = 0) -> None:
    """What the outbound worker does, some minutes later."""
    later = clock.now() + timedelta(minutes=minutes)
    drain(client_id, HANDLERS, now=lambda: later, on_refusal=ON_REFUSAL, limit=1_000)


def texts(client_id: int, open_id: str) -> list[str]:
    """What the sandbox holds of a conversation, newest first."""
    with client_scope(client_id):
        shop = Shop.objects.get()
    with shop_api(client_id, shop.connection_id, shop.cipher) as api:
        thread = api.messages.open(open_id)
        pages = api.messages.messages(thread.conversation_id)
        bodies = [one.message_body for page in pages for one in page.items]
        return [one.words for one in bodies if one and one.sender_id != thread.creator_im_id]


def test_ar8_two_hundred_at_once_with_a_result_for_each(
    connected: int, sandbox: SandboxServer
) -> None:
    """AR8, U1: bulk "request renewal" works for 200 at once with per-row results; progress adds up
    at every moment; failures can be tried again."""
    ids, now = open_ids(sandbox)[:12], clock.now()
    with client_scope(connected):
        rows = asking.permissions(200, now=now, account=AdAccount.objects.first())
        for number, open_id in enumerate(ids):
            asking.address(number, creator_id=open_id)
        for number in range(12, 100):
            asking.address(number, email=f"maker{number}@mail.example", region="VN")
        run = asking.start(rows, now=now)
        assert asking.tally(run) == {"waiting": 200, "total": 200}
        asking.write_all(run, now=now)
        assert asking.tally(run) == {"sending": 100, "copy": 100, "total": 200, "done": 100}
        assert run.state == Run.State.RUNNING
    send(connected)
    with client_scope(connected):
        run.refresh_from_db()
        assert asking.tally(run) == {"sent": 100, "copy": 100, "total": 200, "done": 200}
        assert run.state == Run.State.DONE
        found = asking.asks(run)
        ways = Counter(one.channel for one in found.values())
        assert ways == {"shop": 12, "email": 88, "copy": 100}
        assert found["maker150"].reason.startswith("Neither a TikTok id nor an e-mail address")
        assert found["maker150"].text.startswith("Hi @maker150, the ad authorization of your post")
        requested = {row.authorization.next.state for row in found.values()}
        assert requested == {"requested"}
    assert len(mail.outbox) == 88
    assert mail.outbox[0].to == ["maker12@mail.example"]
    assert mail.outbox[0].body.startswith("Chào @maker12, ủy quyền quảng cáo")
    for number, open_id in enumerate(ids):
        assert found[f"maker{number}"].text in texts(connected, open_id)


def test_u1_refused_rows_take_the_next_way_and_failed_ones_are_tried_again(
    connected: int, sandbox: SandboxServer
) -> None:
    """U1: TikTok knows no such creator: by e-mail, else by hand, with TikTok's reason."""
    now = clock.now()
    with client_scope(connected):
        rows = asking.permissions(3, now=now)
        asking.address(0, creator_id="nobody-a", email="maker0@mail.example")
        asking.address(1, creator_id="nobody-b")
        run = asking.start(rows, now=now)
        asking.write_all(run, now=now)
    send(connected)
    with client_scope(connected):
        found = asking.asks(run)
        assert [(one.channel, one.state) for _, one in sorted(found.items())] == [
            ("email", "sent"), ("copy", "copy"), ("copy", "copy"),
        ]  # fmt: skip
        assert "TikTok" in found["maker1"].reason
        Ask.objects.filter(pk=found["maker1"].pk).update(state="failed", reason="Lost.")
        Run.objects.filter(pk=run.pk).update(state="done")
        asking.address(1, email="maker1@mail.example", creator_id="")
        words = found["maker1"].text
        assert retry_failed(run, by=asking.MINA, now=now) == 1
        asking.write_all(run, now=now)
    send(connected)
    with client_scope(connected):
        again = asking.asks(run)["maker1"]
        assert (again.state, again.channel, again.text) == ("sent", "email", words)
        assert Run.objects.get().state == Run.State.DONE
    assert [one.to for one in mail.outbox] == [["maker0@mail.example"], ["maker1@mail.example"]]


def test_a_lost_answer_sends_no_second_message(connected: int, sandbox: SandboxServer) -> None:
    """The work was done but the answer was lost: the conversation is read before a repeat."""
    open_id, now = open_ids(sandbox)[14], clock.now()
    with client_scope(connected):
        rows = asking.permissions(1, now=now)
        asking.address(0, creator_id=open_id)
        run = asking.start(rows, now=now)
        asking.write_all(run, now=now)
        text = asking.asks(run)["maker0"].text
    before = texts(connected, open_id)
    sandbox.do("faults", kind="drop_after", path=SEND, api="shop", count=1)
    send(connected)
    with client_scope(connected):
        assert asking.asks(run)["maker0"].state == "sending"
    assert texts(connected, open_id) == [text, *before]
    send(connected, minutes=5)
    with client_scope(connected):
        one = asking.asks(run)["maker0"]
        assert (one.state, bool(one.message_id)) == ("sent", True)
        assert Run.objects.get().state == Run.State.DONE
    assert texts(connected, open_id) == [text, *before]


def test_a_worker_that_dies_after_sending_sends_no_second_message(
    connected: int, sandbox: SandboxServer
) -> None:
    """Killed between TikTok's answer and its record: the claim runs out and the next worker looks
    before it sends."""
    open_id, now = open_ids(sandbox)[15], clock.now()
    with client_scope(connected):
        rows = asking.permissions(1, now=now)
        asking.address(0, creator_id=open_id)
        run = asking.start(rows, now=now)
        asking.write_all(run, now=now)
        command = Command.objects.get()
        command.state, command.attempts = "sending", 1
        command.claimed_until = now + timedelta(minutes=2)
        command.save()
        text = asking.asks(run)["maker0"].text
    HANDLERS[command.kind](connected, command, now)
    send(connected)
    with client_scope(connected):
        assert asking.asks(run)["maker0"].state == "sending"
    send(connected, minutes=3)
    with client_scope(connected):
        assert asking.asks(run)["maker0"].state == "sent"
    assert texts(connected, open_id).count(text) == 1


def test_without_the_right_to_message_nothing_is_sent_as_the_shop(connected: int) -> None:
    now = clock.now()
    with client_scope(connected):
        assert messaging_shop() is not None
        rows = asking.permissions(1, now=now)
        asking.address(0, creator_id="someone")
        Connection.objects.filter(kind="shop").update(scopes=["seller.shop.info"])
        run = asking.start(rows, now=now)
        asking.write_all(run, now=now)
        one = asking.asks(run)["maker0"]
        assert one.state == "copy"
        assert not Command.objects.exists()
