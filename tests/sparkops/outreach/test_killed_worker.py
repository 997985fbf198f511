"""Outreach workers that are killed with SIGKILL, again and again, in the middle of a batch (AB6).

The worker is a process of its own and runs the task that production runs. TikTok's answer is made
late for some calls, so that a kill also comes after TikTok took a message and before anyone noted
it.
"""

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection

from creators.models import Creator
from sparkops import clock
from sparkops.catalog.inbound import STREAMS as CATALOG
from sparkops.catalog.models import Product
from sparkops.isolation.scope import client_scope
from sparkops.landing.streams import pull_due
from sparkops.outbox.models import Command
from sparkops.outreach.models import Invitation, Letter, Outreach
from sparkops.outreach.queries.outreaches import counts_of
from tests.factories.cast import Cast
from tests.factories.connected import connect
from tests.sandbox_server import SandboxServer, product_settings
from tests.sparkops.outreach import reaching

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
ROOT = Path(__file__).resolve().parents[3]
MESSAGES = "/affiliate_seller/202412/conversations/"
INVITATIONS = "/affiliate_seller/202508/target_collaborations"
PEOPLE, LATE = 18, 5
WORKER = """
import json, sys
import django
from django.conf import settings
django.setup()
settings.TIKTOK = json.loads(sys.argv[2])
from sparkops.isolation.scope import client_scope
from sparkops.outbox.models import Command
from sparkops.outreach.models import Outreach
from sparkops.outreach.tasks import send
client_id, left = int(sys.argv[1]), True
while left:
    send(client_id=client_id)
    with client_scope(client_id):
        left = Command.objects.filter(state__in=["waiting", "sending"]).exists()
        left = left or Outreach.objects.filter(state="running").exists()
"""


@contextmanager
def worker(client_id: int, sandbox: SandboxServer) -> Iterator["subprocess.Popen[bytes]"]:
    """A worker process on the test's database; whatever is left of it is killed."""
    database = settings.DATABASES["default"]
    url = (
        f"postgres://{database['USER']}:{database['PASSWORD']}@{database['HOST']}"
        f":{database['PORT']}/{connection.settings_dict['NAME']}"
    )
    tiktok = {**settings.TIKTOK, **product_settings(sandbox)}
    process = subprocess.Popen(
        [sys.executable, "-c", WORKER, str(client_id), json.dumps(tiktok)],
        env={**os.environ, "DATABASE_URL": url, "PYTHONPATH": str(ROOT)},
    )
    try:
        yield process
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()


def wait_for(what: str, ready: Callable[[], bool]) -> None:
    for _ in range(3_000):
        if ready():
            return
        time.sleep(0.1)
    pytest.fail(f"{what} did not happen")


def claims_run_out(client_id: int) -> None:
    """Two minutes later the claims of a dead worker are over, and what failed is due again."""
    past = clock.now() - timedelta(seconds=1)
    with client_scope(client_id):
        Command.objects.filter(state="sending").update(claimed_until=past)
        Command.objects.filter(state="waiting").update(due_at=past)


def texts(sandbox: SandboxServer, words: str) -> Counter[str]:
    """How often TikTok holds these words in the conversation with each creator."""
    [brand] = sandbox.look("world?brand=lumen")["brands"]
    return Counter(
        creator["handle"]
        for creator in brand["reached"]
        for said in creator["written"]
        if json.loads(said["content"])["content"] == words
    )


def answered_late(sandbox: SandboxServer, path: str, *, after: int = 0) -> None:
    """One call below a path, with so many before it, is done at once; its answer comes when the
    worker is dead."""
    fault = {"kind": "slow_body", "path": path, "api": "shop", "count": 1, "after": after}
    sandbox.do("faults", **fault, seconds=20)


def is_hit(sandbox: SandboxServer) -> bool:
    return any(one["hits"] for one in sandbox.look("faults")["faults"])


def writes(sandbox: SandboxServer, path: str) -> list[dict[str, Any]]:
    log = sandbox.look(f"requests?path={path}&api=shop")["requests"]
    return [one for one in log if one["method"] == "POST"]


@pytest.fixture
def client_id(cast: Cast, sandbox: SandboxServer) -> int:
    """A connected client that knows creators who posted for it: no message costs quota."""
    connect(cast.client, sandbox, "lumen")
    pull_due(cast.client.pk, CATALOG[:3], now=clock.now)
    people = sandbox.look("world?brand=lumen")["brands"][0]["creators_posted"][:PEOPLE]
    with client_scope(cast.client.pk):
        for one in people:
            Creator.objects.create(
                handle=one["handle"],
                creator_id=one["open_id"],
                source="test",
                created_at=clock.now(),
                first_posted_at=clock.now(),
            )
    return cast.client.pk


def begin(**fields: Any) -> Outreach:
    now = clock.now()
    return reaching.started(reaching.everyone(now=now), now=now, **fields)


def test_ab6_workers_killed_at_random_points_send_every_message_once(
    client_id: int, sandbox: SandboxServer
) -> None:
    """AB6: four kills, the first after TikTok took a message and before it was noted; then two
    workers at once, as when a task is delivered twice. TikTok's log has every message once."""
    seed = random.randrange(10**6)
    first, *points = sorted(random.Random(seed).sample(range(1, PEOPLE - LATE), 4))
    words = f"Killed again and again, number {seed}"
    with client_scope(client_id):
        found = begin(body=words)

    def noted() -> int:
        with client_scope(client_id):
            return Letter.objects.exclude(message_id="").count()

    answered_late(sandbox, MESSAGES, after=first)
    with worker(client_id, sandbox):
        wait_for(f"call {first} without an answer (seed {seed})", lambda: is_hit(sandbox))
        wait_for("TikTok to take it", lambda: texts(sandbox, words).total() > first)
    assert noted() == first, seed
    sandbox.forget("faults")
    claims_run_out(client_id)
    for point in points:
        with worker(client_id, sandbox):
            wait_for(f"message {point} (seed {seed})", lambda at=point: noted() >= at)  # type: ignore[misc]
        claims_run_out(client_id)
    with worker(client_id, sandbox) as one, worker(client_id, sandbox) as two:
        wait_for("the end", lambda: one.poll() is not None and two.poll() is not None)
        assert (one.returncode, two.returncode) == (0, 0)
    held = texts(sandbox, words)
    assert len(held) == PEOPLE, seed
    assert set(held.values()) == {1}, seed

    def sent() -> int:
        return sum(one["path"].endswith("/messages") for one in writes(sandbox, MESSAGES))

    # The call that was answered late stands in the log once its answer was given.
    wait_for("the log", lambda: sent() >= PEOPLE)
    assert sent() == PEOPLE, seed
    with client_scope(client_id):
        assert counts_of(found) == {"sent": PEOPLE, "queued": 0, "skipped": 0, "failed": 0}
        assert set(Command.objects.values_list("state", flat=True)) == {"done"}
        ids = list(Letter.objects.values_list("message_id", flat=True))
        assert len(set(ids)) == PEOPLE


def test_ab6_a_worker_killed_while_it_invites_makes_one_invitation(
    client_id: int, sandbox: SandboxServer
) -> None:
    """AB6: dead after TikTok created the target collaboration; the next worker finds it by name."""
    with client_scope(client_id):
        found = begin(
            name="Killed while inviting",
            channel="target",
            body="We would love to work with you.",
            products=list(Product.objects.order_by("pk")[2:4]),
            rate=reaching.RATE,
            contact_email="partners@glow.example",
        )
    before = len(writes(sandbox, INVITATIONS))
    answered_late(sandbox, INVITATIONS)

    def invited() -> set[str]:
        [brand] = sandbox.look("world?brand=lumen")["brands"]
        return {
            creator["handle"]
            for creator in brand["reached"]
            for one in creator["invited"]
            if one["name"] == "Killed while inviting · 1"
        }

    with worker(client_id, sandbox):
        wait_for("the invitation", lambda: is_hit(sandbox) and bool(invited()))
    sandbox.forget("faults")
    claims_run_out(client_id)
    with worker(client_id, sandbox) as process:
        wait_for("the end", lambda: process.poll() is not None)
        assert process.returncode == 0

    def created() -> int:
        return sum(one["path"] == INVITATIONS for one in writes(sandbox, INVITATIONS)[before:])

    wait_for("the log", lambda: created() >= 1)
    assert created() == 1
    with client_scope(client_id):
        counts = counts_of(found)
        assert counts["queued"] == counts["failed"] == 0
        assert counts["sent"] == len(invited())
        assert Invitation.objects.get().collaboration_id
