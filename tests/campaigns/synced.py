"""Reading a brand of the sandbox into a client, and planning a launch in it."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import httpx

from authorizations.actions.terms import record_terms
from authorizations.models import Authorization
from campaigns.actions.launch import LaunchPlan
from campaigns.outbound import HANDLERS, ON_REFUSAL
from sparkops import clock
from sparkops.audit.record import Actor
from sparkops.isolation.scope import client_scope
from sparkops.landing.models import Cursor
from sparkops.landing.streams import pull_due
from sparkops.outbox.models import Command
from sparkops.outbox.queue import drain
from tests.sandbox_server import SandboxServer

MINA = Actor("Mina", 7)


def brand(sandbox: SandboxServer, key: str = "lumen") -> dict[str, Any]:
    """The sandbox's own count of a brand."""
    return sandbox.look(f"world?brand={key}")["brands"][0]


def read(client_id: int, *streams: Any) -> None:
    with client_scope(client_id):
        Cursor.objects.update(due_at=clock.now() - timedelta(seconds=1))
    for some in streams:
        pull_due(client_id, some, now=clock.now)
    with client_scope(client_id):
        failed = Cursor.objects.exclude(last_error="").values_list("stream", "last_error")
        assert list(failed) == []


def usable() -> list[Authorization]:
    """Usable codes on public posts that end late enough for a launch, the last to end first."""
    rows = Authorization.objects.filter(
        kind="video_code",
        state__in=["verified", "in_use", "expiring"],
        ends_at__gt=clock.now() + timedelta(days=8),
        post__availability="public",
    )
    return list(rows.select_related("post__creator").order_by("-ends_at"))


def cover(row: Authorization) -> Authorization:
    """The authorization after usage terms that last as long were recorded."""
    now = clock.now()
    assert row.post is not None
    assert row.post.creator is not None
    record_terms(
        creator_id=row.post.creator_id,
        post_id=row.post_id,
        starts_on=(now - timedelta(days=5)).date(),
        ends_on=(now + timedelta(days=60)).date(),
        hold_until=(now + timedelta(days=67)).date(),
        by=MINA,
        now=now,
    )
    return row


def a_covered_authorization() -> Authorization:
    """A usable authorization with usage terms that last as long."""
    return cover(usable()[0])


def plan_for(row: Authorization, days: int = 4) -> LaunchPlan:
    now = clock.now().replace(microsecond=0)
    assert row.post is not None
    redemption = row.redemptions.select_related("ad_account").first()
    return LaunchPlan(
        post=row.post,
        ad_account=redemption.ad_account,
        objective="VIDEO_VIEWS",
        daily_budget=Decimal("60.00"),
        starts_at=now + timedelta(hours=1),
        ends_at=now + timedelta(days=days),
    )


def drain_all(client_id: int) -> None:
    with client_scope(client_id):
        Command.objects.filter(state="waiting").update(due_at=clock.now())
    drain(client_id, HANDLERS, now=clock.now, on_refusal=ON_REFUSAL)


def fault(sandbox: SandboxServer, kind: str, path: str, **options: Any) -> None:
    """Make the sandbox misbehave on a path, `count` times (1 unless told)."""
    spec = {"kind": kind, "path": f"/open_api/v1.3{path}", "api": "ads", "count": 1, **options}
    httpx.post(f"{sandbox.base_url}/_sandbox/faults", json=spec, timeout=30).raise_for_status()


def clear_faults(sandbox: SandboxServer) -> None:
    """Let the sandbox behave again."""
    httpx.delete(f"{sandbox.base_url}/_sandbox/faults", timeout=30).raise_for_status()


def was_carried_out(entry: dict[str, Any]) -> bool:
    """Whether TikTok did what a request of the sandbox's log asked, also where its answer was lost
    or spoiled on its way."""
    return bool(entry["outcome"] == 0)
