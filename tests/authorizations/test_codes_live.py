"""Codes handed in and read back, against the live sandbox (TA1, AR1, AR4, AR9, N19)."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from authorizations.actions.codes import open_code, reveal_code
from authorizations.actions.hand_in import hand_in_codes
from authorizations.inbound import STREAMS
from authorizations.models import Authorization, Redemption, Transition
from authorizations.outbound import HANDLERS, ON_REFUSAL
from sparkops import clock
from sparkops.audit.models import Event
from sparkops.audit.record import Actor
from sparkops.catalog.inbound import STREAMS as CATALOG
from sparkops.catalog.models import AdAccount
from sparkops.isolation.scope import client_scope
from sparkops.landing.models import Cursor, Page
from sparkops.landing.streams import pull_due
from sparkops.outbox.models import Command
from sparkops.outbox.queue import drain
from tests.factories.cast import Cast
from tests.factories.world import own_transaction, synced_cast
from tests.sandbox_server import SandboxServer

pytestmark = pytest.mark.journey
MINA = Actor("Mina", 7)


def truth(sandbox: SandboxServer) -> dict:
    return sandbox.look("world?brand=lumen")["brands"][0]


def read(client_id: int) -> None:
    with client_scope(client_id):
        Cursor.objects.update(due_at=clock.now() - timedelta(seconds=1))
    pull_due(client_id, STREAMS, now=clock.now)


def send(client_id: int) -> None:
    with client_scope(client_id):
        Command.objects.filter(state="waiting").update(due_at=clock.now())
    drain(client_id, HANDLERS, now=clock.now, on_refusal=ON_REFUSAL)


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any, sandbox: SandboxServer) -> Iterator[Cast]:
    with synced_cast(django_db_blocker, sandbox, CATALOG) as cast:
        yield cast


@pytest.fixture
def connected(world: Cast, django_db_blocker: Any) -> Iterator[int]:
    with own_transaction(django_db_blocker):
        yield world.client.pk


def accounts() -> list[AdAccount]:
    return list(AdAccount.objects.order_by("advertiser_id"))


def test_authorized_posts_equal_the_sandbox_s_own_count(
    connected: int, sandbox: SandboxServer
) -> None:
    read(connected)
    world = truth(sandbox)
    with client_scope(connected):
        assert not Cursor.objects.exclude(last_error="").exists()
        usable = Authorization.objects.filter(
            kind="video_code", state__in=["verified", "in_use", "expiring"]
        )
        # A permission on a post that nobody can see is no use: it is listed apart.
        listed = {
            row["item_id"]: row
            for row in world["authorized_posts"]
            if row["post_status"] == "HESITATE_RECOMMEND"
        }
        assert set(usable.values_list("post__item_id", flat=True)) == set(listed)
        for row in usable.select_related("post"):
            end = datetime.fromisoformat(listed[row.post.item_id]["ends_at"])
            assert row.ends_at == end
            assert row.end_source == "api"
        stored = json.dumps(list(Page.objects.values_list("payload", flat=True)))
        for row in usable:
            assert open_code(row).strip("#") not in stored


def test_reading_twice_changes_nothing(connected: int) -> None:
    read(connected)
    with client_scope(connected):
        before = sorted(Authorization.objects.values_list("pk", "state", "ends_at"))
        moves = Transition.objects.count()
        Page.objects.all().delete()
    read(connected)
    with client_scope(connected):
        assert sorted(Authorization.objects.values_list("pk", "state", "ends_at")) == before
        assert Transition.objects.count() == moves


def test_ta1_a_pasted_code_returns_post_and_times(connected: int, sandbox: SandboxServer) -> None:
    """TA1, N19: paste a chat, get handle, caption, duration, start and end from the API."""
    codes = truth(sandbox)["unredeemed_codes"]
    working = next(one for one in codes if one["state"] == "active")
    text = f"[10:02] maya: here you go {working['auth_code']} 🙂\nsee you"
    with client_scope(connected):
        lines = hand_in_codes(text, ad_accounts=accounts()[:1], by=MINA, now=clock.now())
        assert [line.result for line in lines] == ["new"]
        assert working["auth_code"] not in str(lines)
    send(connected)
    with client_scope(connected):
        row = Authorization.objects.select_related("post__creator").get(
            pk=lines[0].authorization_id
        )
        assert row.state in {"verified", "expiring"}
        assert row.post is not None
        assert row.post.item_id == working["item_id"]
        assert row.post.caption
        assert row.post.duration_seconds
        assert row.post.duration_seconds <= 600
        assert row.ends_at == datetime.fromisoformat(working["ends_at"])
        assert row.end_source == "api"
        one = Redemption.objects.get(authorization=row)
        assert one.state == "redeemed"
        assert one.identity_id


def test_ar1_every_move_records_actor_time_and_reason(
    connected: int, sandbox: SandboxServer
) -> None:
    read(connected)
    with client_scope(connected):
        for row in Transition.objects.all():
            assert row.actor
            assert row.reason
            assert row.at


def test_ta1_wrong_codes_say_what_to_do(connected: int) -> None:
    wrong = "#kZ3xQ9vT1mWb7LrYc5NdPf2GhJ8sAe4UiOo6RtXyVwBqEz0CnMlKjHgFdSa+PqRs="
    with client_scope(connected):
        [line] = hand_in_codes(wrong, ad_accounts=accounts()[:1], by=MINA, now=clock.now())
    send(connected)
    with client_scope(connected):
        row = Authorization.objects.get(pk=line.authorization_id)
        assert row.state == "rejected"
        assert row.problem
        assert row.next_action
        assert Redemption.objects.get(authorization=row).state == "refused"


def test_ar9_codes_are_sealed_masked_and_revealed_with_an_audit_entry(
    connected: int, sandbox: SandboxServer
) -> None:
    read(connected)
    with client_scope(connected):
        row = Authorization.objects.exclude(code=None).first()
        assert row is not None
        plain = reveal_code(row, by=MINA, now=clock.now())
        assert plain.startswith("#")
        assert plain.encode() not in bytes(row.code or b"")
        assert plain not in row.code_mask
        event = Event.objects.get(verb="authorization.code_revealed")
        assert event.actor == "Mina"
        assert plain not in json.dumps(event.data)


def test_a_worker_that_dies_after_tiktok_s_answer_redeems_once(
    connected: int, sandbox: SandboxServer
) -> None:
    working = next(one for one in truth(sandbox)["unredeemed_codes"] if one["state"] == "active")
    with client_scope(connected):
        [line] = hand_in_codes(
            working["auth_code"], ad_accounts=accounts()[:1], by=MINA, now=clock.now()
        )
        command = Command.objects.get(kind="authorizations.redeem")
    command.attempts = 1
    HANDLERS["authorizations.redeem"](connected, command, clock.now())  # answered, not recorded
    send(connected)
    with client_scope(connected):
        command.refresh_from_db()
        assert command.state == "done"
        row = Authorization.objects.get(pk=line.authorization_id)
        assert row.state in {"verified", "expiring"}
        assert Redemption.objects.filter(authorization=row).count() == 1
