"""Guards against the live sandbox: every action at every level, GMV Max, and a TikTok that is down
(TA7, TA8). What a test switches or changes at TikTok stays so there; the order is theirs."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from campaigns.actions.guards import accept, run_rule
from campaigns.actions.parts import MODELS, Change, ask_change
from campaigns.actions.permission import watch_permission
from campaigns.inbound import STREAMS
from campaigns.inbound.gmv_max import GMV_MAX_SETTINGS
from campaigns.models import Ad, AdGroup, Campaign, GuardCheck, GuardRule, HandChange
from campaigns.queries.guards import posts_of
from campaigns.rules.guards import Condition, Metric, Op
from campaigns.tasks import run_guards
from creators.models import Post
from sparkops import clock
from sparkops.alerts.models import Alert
from sparkops.connections.apis import ads_api
from sparkops.isolation.scope import client_scope
from sparkops.landing.models import Cursor
from sparkops.landing.streams import pull_due
from sparkops.outbox.models import Command
from sparkops.tiktok.ads.drafts import AdGroupPatch, GmvMaxPatch
from tests.campaigns.synced import (
    MINA,
    clear_faults,
    drain_all,
    fault,
    read,
)
from tests.campaigns.test_guards import a_rule
from tests.factories.ads import covered
from tests.factories.cast import Cast
from tests.sandbox_server import SandboxServer

pytestmark = pytest.mark.journey
ANY = (Condition(Metric.SPEND, Op.ABOVE, Decimal(0)),)


def a_group() -> AdGroup:
    """An ad group with a daily budget and a live ad."""
    found = AdGroup.objects.filter(ads__state="live", budget_mode="BUDGET_MODE_DAY")
    return found.select_related("campaign__ad_account").order_by("pk").distinct()[0]


def in_gmv_max() -> Campaign:
    found = Campaign.objects.filter(kind="gmv_max_product", operation_status="ENABLE")
    return found.select_related("ad_account").order_by("pk")[0]


DAMAGED = (
    "numeric_ids", "unknown_words", "iso_times", "unknown_fields", "dash_metrics", "missing_keys",
    "missing_data", "empty_page", "broken_json", "drop", "drop_after", "server_error", "code",
)  # fmt: skip


def test_ta8_damaged_settings_of_gmv_max_change_nothing(
    connected: int, sandbox: SandboxServer
) -> None:
    """TA8: each way in which an answer can be damaged, one at a time: budgets and targets stay as
    they were, and nobody is said to have changed them."""

    def known() -> set[tuple[str, Decimal | None, Decimal | None]]:
        rows = Campaign.objects.filter(kind="gmv_max_product")
        return set(rows.values_list("campaign_id", "budget", "roi_target"))

    with client_scope(connected):
        before = known()
        assert all(budget and target for _, budget, target in before)
    for kind in DAMAGED:
        options = {"code": 59_999, "message": "Never heard of."} if kind == "code" else {}
        fault(sandbox, kind, "/campaign/gmv_max/info/", count=9, **options)
        with client_scope(connected):
            Cursor.objects.update(due_at=clock.now() - timedelta(seconds=1))
        pull_due(connected, (GMV_MAX_SETTINGS,), now=clock.now)
        clear_faults(sandbox)
        with client_scope(connected):
            assert known() == before, kind
            assert not HandChange.objects.exists(), kind
    read(connected, STREAMS)
    with client_scope(connected):
        assert known() == before


def test_ta7_gmv_max_takes_budget_and_target_from_a_rule(connected: int) -> None:
    """TA7: both are read from TikTok, changed there, and no hand is suspected."""
    with client_scope(connected):
        campaign = in_gmv_max()
        budget, target = campaign.budget, campaign.roi_target
        assert budget
        assert target == Decimal("3.5")
        for action, name in (("budget", "More"), ("target", "Higher")):
            a_rule(
                "ramp", "act", name=name, level="campaign", action=action, conditions=ANY,
                window_days=30,
            )  # fmt: skip
    run_guards(client_id=connected)
    drain_all(connected)
    with client_scope(connected):
        # Two changes of one campaign do not cross: the second waits for the next round.
        GuardCheck.objects.filter(outcome="refused").delete()
    run_guards(client_id=connected)
    drain_all(connected)
    read(connected, STREAMS)
    with client_scope(connected):
        campaign.refresh_from_db()
        assert campaign.budget == (budget * Decimal("1.2")).quantize(Decimal("0.01"))
        assert campaign.roi_target == Decimal("4.2")
        assert not HandChange.objects.exists()


def test_ta8_a_target_that_somebody_changed_in_ads_manager_is_noticed_and_kept(
    connected: int,
) -> None:
    """TA8: a change that starts from another target writes nothing, and the next reading labels
    what the person did."""
    with client_scope(connected):
        campaign = in_gmv_max()
        change = Change("campaign", campaign.pk, "target", str(campaign.roi_target), "9.9")
        ask_change(change, key="test", reason="A test.", by=MINA, now=clock.now())
        account = campaign.ad_account
    with ads_api(connected, account.connection_id) as api:
        patch = GmvMaxPatch(roas_bid=Decimal("2.8"), budget=Decimal(71))
        api.gmv_max.update(account.advertiser_id, campaign.campaign_id, patch)
    drain_all(connected)
    read(connected, STREAMS)
    with client_scope(connected):
        campaign.refresh_from_db()
        assert (campaign.roi_target, campaign.budget) == (Decimal("2.8"), Decimal(71))
        assert "somebody changed it there" in Alert.objects.get(kind="part.not_changed").body
        seen = {one.field: one.after for one in HandChange.objects.all()}
        assert seen == {"roi_target": "2.80", "budget": "71.00"}


def test_ta7_a_rule_lowers_the_bid_of_an_ad_group(connected: int) -> None:
    """TA7: an ad group with a bid of its own at TikTok, by a tenth; those without say why."""
    with client_scope(connected):
        group = a_group()
        account = group.campaign.ad_account
    with ads_api(connected, account.connection_id) as api:
        bid = AdGroupPatch(bid_price=Decimal("2.00"))
        api.ad_groups.update(account.advertiser_id, group.adgroup_id, bid)
    read(connected, STREAMS)
    with client_scope(connected):
        group.refresh_from_db()
        assert (group.bid, group.bid_field) == (Decimal(2), "bid_price")
        a_rule("ramp", "act", action="bid", percent=Decimal(-10), conditions=ANY, window_days=30)
    run_guards(client_id=connected)
    drain_all(connected)
    read(connected, STREAMS)
    with client_scope(connected):
        group.refresh_from_db()
        assert group.bid == Decimal("1.80")
        assert not HandChange.objects.filter(field="bid", after="1.80").exists()
        refused = GuardCheck.objects.filter(outcome="refused").values_list("sentence", flat=True)
        assert set(refused) == {"It has no bid of its own that could be changed."}


@pytest.mark.parametrize("level", ["ad", "ad_group", "campaign"])
def test_ta7_a_rule_tells_people_at_its_level_and_changes_nothing(
    connected: int, level: str
) -> None:
    """TA7: notify; TikTok is not written to."""
    with client_scope(connected):
        a_rule("budget_spent", "act", level=level, action="notify", conditions=ANY, window_days=30)
    run_guards(client_id=connected)
    with client_scope(connected):
        told = GuardCheck.objects.filter(outcome="told", level=level).count()
        assert told > 0
        assert Alert.objects.filter(kind="guard.notice").count() == told
        assert not Command.objects.exists()


def a_covered_target(level: str) -> Any:
    """One with a live ad; a code and usage terms of every post of it last for a while."""
    found = MODELS[level].objects.filter(pk__in=live_targets(level)).order_by("pk")[0]
    for post in Post.objects.filter(pk__in=posts_of(level, found)):
        covered(post, now=clock.now())
    return found


def live_targets(level: str) -> set[int]:
    path = {"ad": "pk", "ad_group": "ad_group_id", "campaign": "ad_group__campaign_id"}[level]
    return set(Ad.objects.filter(state="live").values_list(path, flat=True))


@pytest.mark.parametrize("level", ["ad", "ad_group", "campaign"])
def test_ta7_a_rule_switches_on_again_at_its_level(connected: int, level: str) -> None:
    """TA7: what a guard paused comes on again, and nothing else is touched."""
    with client_scope(connected):
        row = a_covered_target(level)
        pause = a_rule("budget_spent", level=level, action="pause", conditions=ANY, window_days=0)
        run_rule(pause.pk, now=clock.now())
        accept(
            GuardCheck.objects.get(**{f"{level}_id": row.pk}, outcome="suggested"),
            by=MINA, now=clock.now(),
        )  # fmt: skip
        GuardRule.objects.update(mode="off")
    drain_all(connected)
    with client_scope(connected):
        row.refresh_from_db()
        assert row.operation_status == "DISABLE"
        a_rule("budget_spent", "act", level=level, action="enable", conditions=ANY, window_days=0)
    run_guards(client_id=connected)
    drain_all(connected)
    read(connected, STREAMS)
    with client_scope(connected):
        row.refresh_from_db()
        assert row.operation_status == "ENABLE"
        assert GuardCheck.objects.filter(outcome="asked").count() == 2


@pytest.mark.parametrize("level", ["ad_group", "campaign"])
def test_ta7_a_pause_that_cannot_reach_tiktok_is_told_within_one_cycle(
    connected: int, world: Cast, sandbox: SandboxServer, level: str
) -> None:
    """TA7, AR6: TikTok is down when a guard pauses; people know at the next look, and are let off
    once it is done."""
    with client_scope(connected):
        row = a_group() if level == "ad_group" else in_gmv_max()
        change = Change(level, row.pk, "status", "ENABLE", "DISABLE")
        ask_change(change, key="test", reason="A test.", by=MINA, now=clock.now())
    where = "adgroup" if level == "ad_group" else "campaign"
    fault(sandbox, "http_status", f"/{where}/status/update/", status=503, count=9)
    drain_all(connected)
    clear_faults(sandbox)
    with client_scope(connected):
        watch_permission(world.client, now=clock.now())
        watch_permission(world.client, now=clock.now())
        alert = Alert.objects.get(kind="ad.pause_stuck")
        number = row.adgroup_id if isinstance(row, AdGroup) else row.campaign_id
        assert f"{number} in Ads Manager" in alert.body
        assert alert.severity == "critical"
    drain_all(connected)
    with client_scope(connected):
        alert.refresh_from_db()
        assert alert.resolved_at is not None
