"""A thousand codes at once and a worker that is killed in the middle (N19)."""

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from django.conf import settings
from django.db import connection

from authorizations.actions.hand_in import hand_in_codes
from authorizations.models import Authorization, Redemption
from sparkops import clock
from sparkops.audit.record import Actor
from sparkops.catalog.inbound import STREAMS as CATALOG
from sparkops.catalog.models import AdAccount
from sparkops.connections.apis import ads_api
from sparkops.isolation.scope import client_scope
from sparkops.landing.streams import pull_due
from sparkops.outbox.models import Command
from tests.factories.cast import Cast
from tests.factories.connected import connect
from tests.sandbox_server import SandboxServer, product_settings

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
ROOT = Path(__file__).resolve().parents[2]
CODES = 1_000
WORKER = """
import json, sys
import django
from django.conf import settings
django.setup()
settings.TIKTOK = json.loads(sys.argv[2])
from authorizations.tasks import send_commands
from sparkops.isolation.scope import client_scope
from sparkops.outbox.models import Command
client_id, left = int(sys.argv[1]), True
while left:
    send_commands(client_id=client_id)
    with client_scope(client_id):
        left = Command.objects.filter(state__in=["waiting", "sending"]).exists()
"""


def start_worker(client_id: int, sandbox: SandboxServer) -> "subprocess.Popen[bytes]":
    """A worker process of its own on the test's database."""
    database = settings.DATABASES["default"]
    url = (
        f"postgres://{database['USER']}:{database['PASSWORD']}@{database['HOST']}"
        f":{database['PORT']}/{connection.settings_dict['NAME']}"
    )
    tiktok = {**settings.TIKTOK, **product_settings(sandbox)}
    return subprocess.Popen(
        [sys.executable, "-c", WORKER, str(client_id), json.dumps(tiktok)],
        env={**os.environ, "DATABASE_URL": url, "PYTHONPATH": str(ROOT)},
    )


def wait_for(what: str, ready: Callable[[], bool]) -> None:
    for _ in range(3_000):
        if ready():
            return
        time.sleep(0.1)
    pytest.fail(f"{what} did not happen")


def fresh_codes(sandbox: SandboxServer) -> dict[str, str]:
    """Codes by the post they are of, from one creator."""
    handle = sandbox.look("world?brand=lumen")["brands"][0]["creators_posted"][0]["handle"]
    found = {}
    # One connection for all: to open two thousand takes longer than the test itself.
    with httpx.Client(base_url=f"{sandbox.base_url}/_sandbox", timeout=60) as control:
        for _ in range(CODES):
            post = control.post("/new_post", json={"handle": handle, "caption": "glow"}).json()
            code = control.post("/new_code", json={"item_id": post["item_id"]}).json()
            found[post["item_id"]] = code["auth_code"]
    return found


def test_n19_a_thousand_codes_with_a_killed_worker_are_redeemed_once_each(
    cast: Cast, sandbox: SandboxServer
) -> None:
    """N19: 1,000 codes pasted at once, the worker killed with SIGKILL in the middle; every code is
    verified and bound to its own post, exactly once, each with its own result."""
    client_id = cast.client.pk
    connect(cast.client, sandbox, "lumen")
    pull_due(client_id, CATALOG, now=clock.now)
    codes = fresh_codes(sandbox)
    with client_scope(client_id):
        account = AdAccount.objects.order_by("advertiser_id")[0]
        chat = "\n".join(f"Hi! here you go {code}" for code in codes.values())
        lines = hand_in_codes(chat, ad_accounts=[account], by=Actor("Mina", 7), now=clock.now())
    assert Counter(line.result for line in lines) == {"new": CODES}

    def done() -> int:
        with client_scope(client_id):
            return Command.objects.filter(state="done").count()

    worker = start_worker(client_id, sandbox)
    try:
        wait_for("the first codes", lambda: done() >= 100)
    finally:
        worker.send_signal(signal.SIGKILL)
        worker.wait()
    assert worker.returncode == -signal.SIGKILL
    assert 100 <= done() < CODES
    with client_scope(client_id):
        # Two minutes later the dead worker's claim has run out.
        past = clock.now() - timedelta(seconds=1)
        Command.objects.filter(state="sending").update(claimed_until=past)

    follower = start_worker(client_id, sandbox)
    try:
        wait_for("the end", lambda: follower.poll() is not None)
    finally:
        follower.kill()
        follower.wait()
    assert follower.returncode == 0

    with client_scope(client_id):
        rows = Redemption.objects.select_related("authorization__post").filter(state="redeemed")
        assert rows.count() == Redemption.objects.count() == CODES
        assert {row.authorization.post.item_id for row in rows if row.authorization.post} == set(
            codes
        )
        assert Authorization.objects.filter(state="verified").count() == CODES
        assert set(Command.objects.values_list("state", flat=True)) == {"done"}
    with ads_api(client_id, account.connection_id) as api:
        listed = Counter(
            one.item_info.item_id
            for page in api.posts.pages(account.advertiser_id)
            for one in page.items
            if one.item_info.item_id in codes
        )
    assert listed == dict.fromkeys(codes, 1)
