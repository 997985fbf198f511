"""Campaigns against the live sandbox: sync, lost permission, launch."""

import json
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import httpx
import pytest
from django.db.models import Sum

from authorizations.actions.terms import record_terms
from campaigns.actions.launch import plan_launch, resume_launch
from campaigns.actions.permission import watch_permission
from campaigns.actions.switch import ask_to_enable, ask_to_pause
from campaigns.inbound import STREAMS
from campaigns.inbound.hierarchy import ADS
from campaigns.models import Ad, AdDay, AdGroup, Campaign, Incident, Launch
from campaigns.outbound import HANDLERS
from campaigns.queries import live_answers
from sparkops import clock
from sparkops.alerts.models import Alert
from sparkops.audit.models import Event
from sparkops.clock import shop_day
from sparkops.errors import Refusal
from sparkops.isolation.scope import client_scope
from sparkops.outbox.models import Command
from tests.campaigns.synced import (
    MINA,
    a_covered_authorization,
    brand,
    clear_faults,
    drain_all,
    fault,
    plan_for,
    read,
)
from tests.factories.cast import Cast
from tests.sandbox_server import SandboxServer

pytestmark = pytest.mark.journey


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


def asked_of_tiktok(sandbox: SandboxServer) -> list[tuple[str, str | None]]:
    """Path and switch of every request of the sandbox's log, but for the music."""
    found = []
    for one in sandbox.look("requests?api=ads")["requests"]:
        path = str(one["path"]).removeprefix("/open_api/v1.3")
        body = json.loads(one["body"] or "{}")
        [part] = body.get("creatives", [body])
        if "music" not in path:
            found.append((path, part.get("operation_status")))
    return found


def test_a_launch_is_created_off_read_back_and_enabled(
    connected: int, sandbox: SandboxServer
) -> None:
    """TA5: the requests in their order: three creates that send DISABLE, three reads, three times
    ENABLE from the ad upwards."""
    with client_scope(connected):
        launch = plan_launch(plan_for(a_covered_authorization()), by=MINA, now=clock.now())
        assert launch.state == "creating", launch.error
    httpx.delete(f"{sandbox.base_url}/_sandbox/requests", timeout=30).raise_for_status()
    drain_all(connected)
    assert asked_of_tiktok(sandbox) == [
        ("/campaign/create/", "DISABLE"),
        ("/adgroup/create/", "DISABLE"),
        ("/ad/create/", "DISABLE"),
        ("/campaign/get/", None),
        ("/adgroup/get/", None),
        ("/ad/get/", None),
        ("/ad/status/update/", "ENABLE"),
        ("/adgroup/status/update/", "ENABLE"),
        ("/campaign/status/update/", "ENABLE"),
    ]
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


@pytest.mark.parametrize(
    "kept",
    [
        ("music",),
        ("music", "campaign_id"),
        ("music", "campaign_id", "adgroup_id"),
        ("music", "campaign_id", "adgroup_id", "ad_id", "compared"),
    ],
)
def test_a_launch_that_died_after_a_step_creates_nothing_twice(
    connected: int, kept: tuple[str, ...]
) -> None:
    with client_scope(connected):
        launch = plan_launch(plan_for(a_covered_authorization()), by=MINA, now=clock.now())
        command = Command.objects.get(kind="campaigns.launch")
        command.state, command.attempts, command.claimed_until = "sending", 1, clock.now()
        command.save()
    HANDLERS["campaigns.launch"](connected, command, clock.now())  # everything reached TikTok
    with client_scope(connected):
        launch.refresh_from_db()
        identity = ("identity_id", "identity_type")
        launch.done = {key: launch.done[key] for key in (*identity, *kept)}
        launch.save()
        Command.objects.filter(pk=command.pk).update(state="waiting", attempts=1)
    drain_all(connected)
    read(connected, STREAMS)
    with client_scope(connected):
        launch.refresh_from_db()
        assert Campaign.objects.filter(name=launch.name).count() == 1
        assert Ad.objects.filter(name=launch.name).count() == 1
        # Had it died before the comparison, the ad was off; here it is on, and that is told.
        assert launch.state == ("live" if "compared" in kept else "differs")
        assert Launch.objects.count() == 1


def test_music_is_asked_for_the_flight_and_kept_with_the_checks(connected: int) -> None:
    with client_scope(connected):
        launch = plan_launch(plan_for(a_covered_authorization()), by=MINA, now=clock.now())
        [waiting] = [check for check in launch.checks if check["waits"]]
        assert waiting["name"] == "music"
    drain_all(connected)
    with client_scope(connected):
        launch.refresh_from_db()
        assert launch.done["music"] in {"WITHOUT_SONG_ID", "WITH_FULL_AUTHORIZATION"}
        assert not any(check["waits"] for check in launch.checks)
        assert all(check["passed"] for check in launch.checks if check["blocking"])


def test_music_without_a_licence_refuses_before_anything_is_created(
    connected: int, sandbox: SandboxServer
) -> None:
    with client_scope(connected):
        launch = plan_launch(plan_for(a_covered_authorization()), by=MINA, now=clock.now())
    fault(sandbox, "unknown_words", "/identity/music/authorization/")
    drain_all(connected)
    read(connected, STREAMS)
    with client_scope(connected):
        launch.refresh_from_db()
        assert launch.state == "refused"
        assert "SANDBOX_UNKNOWN_WORD" in launch.error
        assert not {"campaign_id", "adgroup_id", "ad_id"} & launch.done.keys()
        assert not Campaign.objects.filter(name=launch.name).exists()


STEPS = (
    "/campaign/create/",
    "/adgroup/create/",
    "/ad/create/",
    "/ad/get/",
    "/ad/status/update/",
    "/adgroup/status/update/",
    "/campaign/status/update/",
)


LOST = {"kind": "drop_after"}
CUT = {"kind": "broken_json"}
REFUSED = {"kind": "code", "code": 40002, "message": "No."}


@pytest.mark.parametrize(
    ("path", "broken"),
    # An answer that is lost at each step, the other two in turns.
    [(path, LOST) for path in STEPS]
    + [(path, (CUT, REFUSED)[place % 2]) for place, path in enumerate(STEPS)],
    ids=lambda one: one["kind"] if isinstance(one, dict) else one,
)
def test_ta5_a_fault_at_any_step_leaves_nothing_enabled_or_all_and_creates_nothing_twice(
    connected: int, sandbox: SandboxServer, path: str, broken: dict[str, Any]
) -> None:
    """TA5: an answer that is lost or cut after TikTok acted, and a refusal; resumed, it goes live.
    Only a refusal ends a launch: what TikTok may have done is looked at and gone on with."""
    with client_scope(connected):
        launch = plan_launch(plan_for(a_covered_authorization()), by=MINA, now=clock.now())
    fault(sandbox, path=path, **broken)
    drain_all(connected)
    clear_faults(sandbox)
    read(connected, STREAMS)
    with client_scope(connected):
        launch.refresh_from_db()
        of_it = Campaign.objects.filter(name=launch.name, operation_status="ENABLE")
        assert of_it.exists() == (launch.state == "live"), (launch.state, launch.error)
        if broken["kind"] != "code":
            assert launch.state != "failed", launch.error
        if launch.state == "failed":
            resume_launch(launch, by=MINA, now=clock.now())
    drain_all(connected)
    read(connected, STREAMS)
    with client_scope(connected):
        launch.refresh_from_db()
        assert launch.state == "live", (launch.error, launch.differences)
        for model in (Campaign, AdGroup, Ad):
            [made] = model.objects.filter(name=launch.name)
            assert made.operation_status == "ENABLE"


def test_ta5_a_failure_while_switching_on_leaves_nothing_enabled_and_can_be_resumed(
    connected: int, sandbox: SandboxServer
) -> None:
    """TA5: the last of three switches is refused; the other two are undone."""
    with client_scope(connected):
        launch = plan_launch(plan_for(a_covered_authorization()), by=MINA, now=clock.now())
    fault(sandbox, "code", "/campaign/status/update/", code=40002, message="No.")
    drain_all(connected)
    clear_faults(sandbox)
    read(connected, STREAMS)
    with client_scope(connected):
        launch.refresh_from_db()
        assert launch.state == "failed"
        assert "No." in launch.error
        ad = Ad.objects.select_related("ad_group__campaign").get(name=launch.name)
        assert ad.operation_status == "DISABLE"
        assert ad.ad_group.operation_status == "DISABLE"
        assert ad.ad_group.campaign.operation_status == "DISABLE"
        resume_launch(launch, by=MINA, now=clock.now())
    drain_all(connected)
    read(connected, STREAMS)
    with client_scope(connected):
        launch.refresh_from_db()
        assert launch.state == "live"
        ad = Ad.objects.get(name=launch.name)
        assert ad.operation_status == "ENABLE"
        assert launch.ad == ad


def test_a_plan_sent_twice_is_launched_once(connected: int) -> None:
    with client_scope(connected):
        plan = plan_for(a_covered_authorization())
        plan_launch(plan, by=MINA, now=clock.now())
        with pytest.raises(Refusal, match="under way"):
            plan_launch(plan, by=MINA, now=clock.now())


def test_the_usd_minimum_of_an_ad_group_is_checked_before_tiktok_is_asked(connected: int) -> None:
    with client_scope(connected):
        plan = plan_for(a_covered_authorization())
        assert plan.ad_account.currency == "USD"
        launch = plan_launch(replace(plan, daily_budget=Decimal(20)), by=MINA, now=clock.now())
        assert launch.state == "refused"
        assert launch.error == "The daily budget must be more than 20.00 USD."


def test_an_incident_and_its_alert_end_when_the_ad_delivers_again(
    connected: int, world: Cast
) -> None:
    with client_scope(connected):
        watch_permission(world.client, now=clock.now())
        incident = Incident.objects.filter(closed_at=None).order_by("pk").first()
        assert incident is not None
        Ad.objects.filter(pk=incident.ad_id).update(state="live", lost_permission_at=None)
        watch_permission(world.client, now=clock.now())
        incident.refresh_from_db()
        assert incident.closed_at is not None
        alert = Alert.objects.get(kind="ad.lost_permission", subject_id=incident.ad_id)
        assert alert.resolved_at is not None


def test_ar6_a_live_ad_is_paused_inside_the_buffer_and_after_a_missed_end(
    connected: int, world: Cast
) -> None:
    """Two ads: usage terms of one post end tomorrow, those of the other ended last week."""
    now = clock.now()
    with client_scope(connected):
        ads = list(
            Ad.objects.filter(state="live", post__creator__isnull=False)
            .select_related("post__creator", "ad_account")
            .order_by("post_id")
            .distinct("post_id")[:3]
        )
        for ad, days in zip(ads, (0, -7, 30), strict=True):
            ends_on = shop_day(now, world.client.timezone) + timedelta(days=days)
            record_terms(
                creator_id=ad.post.creator_id,
                post_id=ad.post_id,
                starts_on=ends_on - timedelta(days=40),
                ends_on=ends_on,
                hold_until=None,
                by=MINA,
                now=now,
            )
        watch_permission(world.client, now=now)
        watch_permission(world.client, now=now)
        asked = Command.objects.filter(kind="campaigns.switch_ad").values_list(
            "payload__ad", flat=True
        )
        own = {ad.pk for ad in ads}
        assert sorted(one for one in asked if one in own) == sorted([ads[0].pk, ads[1].pk])
        reasons = Event.objects.filter(verb="ad.pause_asked", subject_id=ads[1].pk)
        assert [event.reason for event in reasons][0].startswith("The usage terms ended on")
    drain_all(connected)
    read(connected, (ADS,))
    with client_scope(connected):
        assert Ad.objects.get(pk=ads[0].pk).operation_status == "DISABLE"
        assert Ad.objects.get(pk=ads[1].pk).state == "paused"
        assert Ad.objects.get(pk=ads[2].pk).operation_status == "ENABLE"
        with pytest.raises(Refusal) as refused:
            ask_to_enable(Ad.objects.get(pk=ads[1].pk), by=MINA, now=now)
        assert refused.value.code == "not_covered"
        with pytest.raises(Refusal) as refused:
            ask_to_enable(Ad.objects.get(pk=ads[0].pk), by=MINA, now=now)
        assert refused.value.code == "ends_too_soon"


def test_a_pause_that_tiktok_refuses_is_a_critical_alert(
    connected: int, sandbox: SandboxServer
) -> None:
    with client_scope(connected):
        ad = Ad.objects.filter(state="live").select_related("ad_account").first()
        ask_to_pause(ad, key="by hand", reason="Paused by hand.", by=MINA, now=clock.now())
    fault(sandbox, "code", "/ad/status/update/", code=40002, message="Cannot be paused.")
    drain_all(connected)
    with client_scope(connected):
        ad.refresh_from_db()
        assert ad.state == "live"
        alert = Alert.objects.get(kind="ad.switch_failed")
        assert alert.severity == "critical"
        assert "Cannot be paused." in alert.body


def test_an_unknown_status_word_is_kept_and_counts_as_nothing(
    connected: int, sandbox: SandboxServer
) -> None:
    fault(sandbox, "unknown_words", "/ad/get/", count=10)
    read(connected, (ADS,))
    with client_scope(connected):
        words = set(Ad.objects.values_list("state", "secondary_status"))
        assert words == {("unknown", "SANDBOX_UNKNOWN_WORD")}
        assert live_answers(clock.now())[connected].live_ads == 0
    clear_faults(sandbox)
    read(connected, (ADS,))
    with client_scope(connected):
        assert Ad.objects.filter(state="live").count() == len(brand(sandbox)["live_ads"])
