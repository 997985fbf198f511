"""Campaigns against the live sandbox: sync, lost permission, launch."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db.models import Sum

from authorizations.actions.terms import record_terms
from authorizations.inbound import STREAMS as RIGHTS
from authorizations.models import Authorization
from campaigns.actions.launch import LaunchPlan, plan_launch
from campaigns.actions.permission import watch_permission
from campaigns.inbound import STREAMS
from campaigns.models import Ad, AdDay, Campaign, Incident, Launch
from campaigns.outbound import HANDLERS, ON_REFUSAL
from campaigns.queries import live_answers
from sparkops import clock
from sparkops.alerts.models import Alert
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
MINA = Actor("Mina", 7)


def brand(sandbox: SandboxServer) -> dict[str, Any]:
    return sandbox.look("world?brand=lumen")["brands"][0]


def read(client_id: int, *streams: Any) -> None:
    with client_scope(client_id):
        Cursor.objects.update(due_at=clock.now() - timedelta(seconds=1))
    for some in streams:
        pull_due(client_id, some, now=clock.now)
    with client_scope(client_id):
        failed = Cursor.objects.exclude(last_error="").values_list("stream", "last_error")
        assert list(failed) == []


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any, sandbox: SandboxServer) -> Iterator[Cast]:
    with synced_cast(django_db_blocker, sandbox, CATALOG, RIGHTS, STREAMS) as cast:
        yield cast


@pytest.fixture
def connected(world: Cast, django_db_blocker: Any) -> Iterator[int]:
    with own_transaction(django_db_blocker):
        yield world.client.pk


def a_covered_authorization() -> Authorization:
    """A usable authorization with usage terms that last as long."""
    now = clock.now()
    row = (
        Authorization.objects.filter(
            kind="video_code",
            state__in=["verified", "in_use", "expiring"],
            ends_at__gt=now + timedelta(days=8),
            post__availability="public",
        )
        .select_related("post__creator")
        .order_by("-ends_at")
        .first()
    )
    assert row is not None
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
        music="WITH_FULL_AUTHORIZATION",
    )


def drain_all(client_id: int) -> None:
    with client_scope(client_id):
        Command.objects.filter(state="waiting").update(due_at=clock.now())
    drain(client_id, HANDLERS, now=clock.now, on_refusal=ON_REFUSAL)


def test_ads_and_spend_equal_the_sandbox_s_own_count(
    connected: int, sandbox: SandboxServer
) -> None:
    truth = brand(sandbox)
    with client_scope(connected):
        assert set(Ad.objects.filter(state="live").values_list("ad_id", flat=True)) == {
            one["ad_id"] for one in truth["live_ads"]
        }
        answer = live_answers(clock.now())[connected]
        assert answer.live_ads == len(truth["live_ads"])
        first, last = truth["window"]["from"], truth["window"]["to"]
        spent = {
            row["ad__ad_account__advertiser_id"]: row["total"]
            for row in AdDay.objects.filter(day__gte=first, day__lte=last)
            .values("ad__ad_account__advertiser_id")
            .annotate(total=Sum("spend"))
        }
        told = truth["totals"]["spark_spend_in_account_currency"]
        assert {k: Decimal(v) for k, v in told.items() if Decimal(v)} == spent


def test_an_ad_that_lost_permission_opens_one_incident_and_one_alert(
    connected: int, world: Cast
) -> None:
    with client_scope(connected):
        lost = Ad.objects.filter(state="lost_permission").count()
        assert lost > 0
        assert watch_permission(world.client, now=clock.now()) == lost
        assert watch_permission(world.client, now=clock.now()) == 0
        assert Incident.objects.filter(closed_at=None).count() == lost
        alerts = Alert.objects.filter(kind="ad.lost_permission")
        assert alerts.count() == lost
        assert all("/authorizations/" in alert.path for alert in alerts)


def test_a_launch_is_created_off_read_back_and_enabled(
    connected: int, sandbox: SandboxServer
) -> None:
    with client_scope(connected):
        launch = plan_launch(plan_for(a_covered_authorization()), by=MINA, now=clock.now())
        assert launch.state == "creating", launch.error
    drain_all(connected)
    with client_scope(connected):
        launch.refresh_from_db()
        assert launch.state == "live", (launch.error, launch.differences)
        assert set(launch.done) >= {"campaign_id", "adgroup_id", "ad_id"}
    read(connected, STREAMS)
    with client_scope(connected):
        ad = Ad.objects.get(ad_id=launch.done["ad_id"])
        assert ad.operation_status == "ENABLE"
        assert ad.post_id == launch.post_id


def test_n3_a_launch_without_cover_is_refused_with_every_reason(connected: int) -> None:
    with client_scope(connected):
        row = a_covered_authorization()
        launch = plan_launch(plan_for(row, days=400), by=MINA, now=clock.now())
        assert launch.state == "refused"
        assert launch.error
        failed = [check for check in launch.checks if check["blocking"] and not check["passed"]]
        assert any(check["name"] == "cover" for check in failed)
        assert not Command.objects.filter(kind="campaigns.launch").exists()


@pytest.mark.parametrize("kept", [(), ("campaign_id",), ("campaign_id", "adgroup_id")])
def test_a_launch_that_died_after_a_step_creates_nothing_twice(
    connected: int, kept: tuple[str, ...]
) -> None:
    with client_scope(connected):
        launch = plan_launch(plan_for(a_covered_authorization()), by=MINA, now=clock.now())
        command = Command.objects.get(kind="campaigns.launch")
    command.attempts = 1
    HANDLERS["campaigns.launch"](connected, command, clock.now())  # everything reached TikTok
    with client_scope(connected):
        launch.refresh_from_db()
        identity = ("identity_id", "identity_type")
        launch.done = {key: launch.done[key] for key in (*identity, *kept)}
        launch.save()
        Command.objects.filter(pk=command.pk).update(attempts=1)
    drain_all(connected)
    read(connected, STREAMS)
    with client_scope(connected):
        launch.refresh_from_db()
        assert Campaign.objects.filter(name=launch.name).count() == 1
        assert Ad.objects.filter(name=launch.name).count() == 1
        assert launch.state in {"live", "differs"}
        assert Launch.objects.count() == 1
