"""TA8: what people change in Ads Manager is noticed within one sync and labelled."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client as Browser
from django.urls import reverse

from campaigns.actions.launch import plan_launch
from campaigns.actions.parts import Change, ask_change
from campaigns.actions.permission import watch_permission
from campaigns.actions.switch import ask_to_pause
from campaigns.inbound import STREAMS
from campaigns.models import Ad, HandChange
from campaigns.queries import hand_changes
from sparkops import clock
from sparkops.alerts.models import Alert
from sparkops.audit.models import Event
from sparkops.connections.apis import ads_api
from sparkops.isolation.scope import client_scope
from sparkops.tiktok.ads.drafts import AdGroupPatch, CampaignPatch
from tests.campaigns.synced import MINA, a_covered_authorization, drain_all, plan_for, read
from tests.campaigns.test_cover_guard import a_live_ad_until
from tests.factories.cast import Cast

pytestmark = pytest.mark.journey


def a_live_ad(number: int) -> Ad:
    """The n-th campaign's live ad: what a test changes at TikTok stays changed there."""
    rows = Ad.objects.filter(state="live", ad_group__budget_mode="BUDGET_MODE_DAY")
    rows = rows.exclude(post=None).select_related("ad_account", "ad_group__campaign", "post")
    return rows.order_by("post_id", "pk").distinct("post_id")[number]


def test_ta8_changes_by_a_person_are_noticed_in_one_sync_and_labelled(
    connected: int, world: Cast
) -> None:
    """TA8: a budget, a name and a switch, each with before and after; shown on the ad."""
    with client_scope(connected):
        ad = a_live_ad(0)
        budget = ad.ad_group.budget
    account = ad.ad_account
    with ads_api(connected, account.connection_id) as api:
        patch = AdGroupPatch(budget=Decimal("88.00"))
        api.ad_groups.update(account.advertiser_id, ad.ad_group.adgroup_id, patch)
        renamed = CampaignPatch(campaign_name="Renamed by Jo")
        api.campaigns.update(account.advertiser_id, ad.ad_group.campaign.campaign_id, renamed)
        api.ads.set_status(account.advertiser_id, [ad.ad_id], "DISABLE")
    read(connected, STREAMS)
    with client_scope(connected):
        rows = HandChange.objects.all()
        found = {(one.level, one.field): (one.before, one.after) for one in rows}
        assert found == {
            ("ad_group", "budget"): (f"{budget:.2f}", "88.00"),
            ("campaign", "name"): (ad.ad_group.campaign.name, "Renamed by Jo"),
            ("ad", "operation_status"): ("ENABLE", "DISABLE"),
        }
        assert Event.objects.filter(verb="part.changed_by_hand").count() == 3
        assert Alert.objects.filter(kind="hand_change").count() == 3
    read(connected, STREAMS)
    with client_scope(connected):
        assert HandChange.objects.count() == 3
    browser = Browser()
    browser.force_login(world.members["viewer"])
    page = reverse("campaigns:ad", kwargs={"client": world.client.slug, "pk": ad.pk})
    assert "Renamed by Jo" in browser.get(page).content.decode()
    listed = reverse("campaigns:list", kwargs={"client": world.client.slug})
    assert "changed in Ads Manager" in browser.get(f"{listed}?q={ad.ad_id}").content.decode()
    changes = reverse("campaigns:changes", kwargs={"client": world.client.slug})
    assert "Renamed by Jo" in browser.get(changes).content.decode()


def test_ta8_what_sparkops_changes_itself_is_no_change_by_a_person(connected: int) -> None:
    """TA8: a launch, a pause and a budget; the pause is read back before it is written down."""
    with client_scope(connected):
        launch = plan_launch(plan_for(a_covered_authorization()), by=MINA, now=clock.now())
    drain_all(connected)
    read(connected, STREAMS)
    with client_scope(connected):
        launch.refresh_from_db()
        assert launch.state == "live", launch.error
        ad = a_live_ad(1)
        group = ad.ad_group
        ask_to_pause(ad, key="by hand", reason="Paused by hand.", by=MINA, now=clock.now())
        change = Change("ad_group", group.pk, "budget", str(group.budget), "91.00")
        ask_change(change, key="test", reason="A test.", by=MINA, now=clock.now())
    drain_all(connected)
    with client_scope(connected):
        before = clock.now() - timedelta(hours=1)
        Ad.objects.filter(pk=ad.pk).update(operation_status="ENABLE", state="live", seen_at=before)
    read(connected, STREAMS)
    with client_scope(connected):
        ad.refresh_from_db()
        assert ad.operation_status == "DISABLE"
        assert list(hand_changes(ad).filter(campaign=None)) == []
        assert launch.ad is not None
        assert list(hand_changes(launch.ad)) == []


def test_ta8_a_person_who_switches_on_what_has_no_cover_is_seen_and_the_ad_is_paused_again(
    connected: int, world: Cast
) -> None:
    """TA8, AR6: not silently: the change is kept and told, the pause is logged with its reason."""
    with client_scope(connected):
        ad, end = a_live_ad_until(1, 5)
        watch_permission(world.client, now=end)
    drain_all(connected)
    with ads_api(connected, ad.ad_account.connection_id) as api:
        api.ads.set_status(ad.ad_account.advertiser_id, [ad.ad_id], "ENABLE")
    read(connected, STREAMS)
    with client_scope(connected):
        seen = HandChange.objects.get(ad=ad, field="operation_status")
        assert (seen.before, seen.after) == ("DISABLE", "ENABLE")
        watch_permission(world.client, now=end + timedelta(hours=1))
        reasons = Event.objects.filter(verb="ad.pause_asked", subject_id=str(ad.pk))
        assert reasons.count() == 2
