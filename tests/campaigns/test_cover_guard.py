"""Nothing spends after the end of its permission: late and early clocks, outages (AR6)."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta

import pytest

from authorizations.actions.terms import record_terms
from campaigns.actions.launch import plan_launch
from campaigns.actions.permission import watch_permission
from campaigns.actions.stuck import tell_stuck_pauses
from campaigns.actions.switch import ask_to_pause, note_switched
from campaigns.models import Ad
from campaigns.outbound import HANDLERS, ON_REFUSAL
from sparkops import clock
from sparkops.alerts.models import Alert
from sparkops.audit.models import Event
from sparkops.clock import shop_day_start
from sparkops.isolation.scope import client_scope, current_client_id
from sparkops.outbox.models import Command
from sparkops.outbox.queue import drain
from sparkops.tenants.models import Client
from tests.campaigns.synced import (
    MINA,
    a_covered_authorization,
    clear_faults,
    drain_all,
    fault,
    plan_for,
)
from tests.factories.cast import Cast
from tests.sandbox_server import SandboxServer

pytestmark = pytest.mark.journey
HOUR = timedelta(hours=1)


@pytest.fixture
def at(connected: int, sandbox: SandboxServer) -> Iterator[Callable[[datetime], set[str]]]:
    """Moves TikTok's clock to a moment and says which ads deliver then; put back at the end."""
    begun = datetime.fromisoformat(sandbox.look("clock")["now"])

    def move(moment: datetime) -> set[str]:
        sandbox.do("clock", set=moment.isoformat())
        [found] = sandbox.look("world?brand=lumen")["brands"]
        return {one["ad_id"] for one in found["live_ads"]}

    yield move
    sandbox.do("clock", set=begun.isoformat())


def a_live_ad_until(days: int, number: int = 0) -> tuple[Ad, datetime]:
    """The n-th live ad by a code that lasts, with usage terms that end sooner: when in UTC."""
    now = clock.now()
    zone = Client.objects.get(pk=current_client_id()).timezone
    ads = (
        Ad.objects.filter(
            state="live",
            post__creator__isnull=False,
            post__authorizations__state__in=["in_use", "verified"],
            post__authorizations__ends_at__gt=now + timedelta(days=days + 4),
        )
        .select_related("post__creator", "ad_account")
        .order_by("post_id")
        .distinct("post_id")
    )
    ad = ads[number]
    assert ad.post is not None
    assert ad.post.creator_id is not None
    ends_on = now.date() + timedelta(days=days)
    record_terms(
        creator_id=ad.post.creator_id,
        post_id=ad.post_id,
        starts_on=date(2026, 1, 1),
        ends_on=ends_on,
        hold_until=None,
        by=MINA,
        now=now,
    )
    return ad, shop_day_start(ends_on + timedelta(days=1), zone)


def guard(client: Cast, moment: datetime) -> None:
    """One cycle of the guard and of the outbox, with the worker's clock at `moment`."""
    with client_scope(client.client.pk):
        watch_permission(client.client, now=moment)
    drain(client.client.pk, HANDLERS, now=lambda: moment, on_refusal=ON_REFUSAL)


@pytest.mark.parametrize(
    ("number", "skew"), [(0, -23 * HOUR), (1, timedelta(0)), (2, 20 * HOUR)], ids=str
)
def test_nothing_spends_after_the_end_whatever_the_guard_s_clock_says(
    connected: int,
    world: Cast,
    at: Callable[[datetime], set[str]],
    number: int,
    skew: timedelta,
) -> None:
    """AR6: a guard whose clock is up to a buffer late still stops the ad before the end."""
    with client_scope(connected):
        ad, end = a_live_ad_until(3, number)
    assert ad.ad_id in at(end - 50 * HOUR)
    for before in (50 * HOUR, 25 * HOUR, HOUR / 2):
        at(end - before)
        guard(world, end - before + skew)
    for after in (-HOUR / 4, timedelta(0), HOUR, 30 * HOUR):
        assert ad.ad_id not in at(end + after)
    with client_scope(connected):
        asked = Event.objects.get(verb="ad.pause_asked", subject_id=str(ad.pk))
        assert asked.reason.startswith("The usage terms end on")


def test_a_launch_stops_by_itself_before_the_end_while_no_worker_runs(
    connected: int, sandbox: SandboxServer, at: Callable[[datetime], set[str]]
) -> None:
    """AR6: an outage from the launch on; the gate let it through because cover outlasts it."""
    with client_scope(connected):
        row = a_covered_authorization()
        launch = plan_launch(plan_for(row, days=4), by=MINA, now=clock.now())
    drain_all(connected)
    with client_scope(connected):
        launch.refresh_from_db()
        assert launch.state == "live", launch.error
    sandbox.do("approve_ad", ad_id=launch.done["ad_id"])
    assert launch.done["ad_id"] in at(launch.ends_at - HOUR)
    assert launch.done["ad_id"] not in at(launch.ends_at)
    assert row.ends_at is not None
    assert launch.done["ad_id"] not in at(row.ends_at + HOUR)


def test_the_first_cycle_after_an_outage_stops_what_ran_past_its_end(
    connected: int, world: Cast, at: Callable[[datetime], set[str]]
) -> None:
    """AR6: nobody looked from before the buffer until two days after the end."""
    with client_scope(connected):
        ad, end = a_live_ad_until(1, 3)
    late = end + 48 * HOUR
    assert ad.ad_id in at(late)
    guard(world, late)
    assert ad.ad_id not in at(late + HOUR / 60)


def test_an_ad_in_review_is_stopped_as_well_it_would_begin_by_itself(
    connected: int, world: Cast
) -> None:
    """AR6: switched on and waiting for TikTok's review when its terms end."""
    with client_scope(connected):
        ad, end = a_live_ad_until(1)
        Ad.objects.filter(pk=ad.pk).update(state="in_review", operation_status="ENABLE")
        watch_permission(world.client, now=end - HOUR)
        assert Command.objects.filter(kind="campaigns.switch_ad", payload__ad=ad.pk).exists()


def test_a_guard_that_cannot_reach_tiktok_tells_a_person_within_one_cycle(
    connected: int, world: Cast, sandbox: SandboxServer
) -> None:
    """AR6: TikTok is down when the pause is sent; it is tried again and people know at once."""
    now = clock.now()
    with client_scope(connected):
        ad, _ = a_live_ad_until(20)
        ask_to_pause(ad, key="by hand", reason="Paused by hand.", by=MINA, now=now)
        assert tell_stuck_pauses(now=now) == 0
    fault(sandbox, "http_status", "/ad/status/update/", status=503, count=9)
    drain_all(connected)
    clear_faults(sandbox)
    with client_scope(connected):
        assert Command.objects.get(payload__ad=ad.pk).state == "waiting"
        watch_permission(world.client, now=now)
        watch_permission(world.client, now=now)
        alert = Alert.objects.get(kind="ad.pause_stuck", subject_id=ad.pk)
        assert alert.severity == "critical"
        assert f"pause ad {ad.ad_id} in Ads Manager" in alert.body
        note_switched(ad.pk, "DISABLE", now=now)
        alert.refresh_from_db()
        assert alert.resolved_at == now


def test_a_pause_that_no_worker_sends_is_told_after_five_minutes(connected: int) -> None:
    now = clock.now()
    with client_scope(connected):
        ad, _ = a_live_ad_until(20)
        ask_to_pause(ad, key="by hand", reason="Paused by hand.", by=MINA, now=now)
        assert tell_stuck_pauses(now=now + timedelta(minutes=4, seconds=59)) == 0
        assert tell_stuck_pauses(now=now + timedelta(minutes=5)) == 1
