"""Creating and switching at TikTok.

TikTok keeps no lasting idempotency: every create is preceded by a look-up by name once an earlier
attempt may have reached TikTok, and each id is written down before the next step.
"""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from authorizations.queries import cover_of
from campaigns.actions import launch as actions
from campaigns.actions.switch import SWITCH, note_switched
from campaigns.models import Ad, Launch
from sparkops.catalog.models import Shop
from sparkops.connections.apis import ads_api
from sparkops.isolation.scope import client_scope
from sparkops.outbox.models import Command
from sparkops.outbox.queue import Handler, OnRefusal, Outcome
from sparkops.tiktok import errors
from sparkops.tiktok.ads.api import AdsApi
from sparkops.tiktok.ads.drafts import AdGroupDraft, CampaignDraft, SparkAdDraft

# TikTok's location ids of whole countries, by market.
LOCATIONS = {"US": "6252001", "GB": "2635167", "UK": "2635167", "DE": "2921044", "FR": "3017382"}
GOALS = {
    "VIDEO_VIEWS": ("ENGAGED_VIEW", "CPV"),
    "TRAFFIC": ("CLICK", "CPC"),
    "REACH": ("REACH", "CPM"),
}
OFF = {"DISABLE"}


def switch_ad(client_id: int, command: Command, now: datetime) -> Outcome:
    """Pause or enable one ad."""
    status = command.payload["status"]
    with client_scope(client_id):
        ad = Ad.objects.select_related("ad_account").get(pk=command.payload["ad"])
    with ads_api(client_id, ad.ad_account.connection_id) as api:
        api.ads.set_status(ad.ad_account.advertiser_id, [ad.ad_id], status)
    return Outcome({"status": status}, lambda: note_switched(ad.pk, status, now=now))


def launch(client_id: int, command: Command, now: datetime) -> Outcome:
    """Create campaign, ad group and ad switched off, read them back, then enable them."""
    with client_scope(client_id):
        plan = Launch.objects.select_related("ad_account__shop", "post").get(
            pk=command.payload["launch"]
        )
        if plan.state != Launch.State.CREATING:
            return Outcome({"result": plan.state})
        location = _location(plan)
    with ads_api(client_id, plan.ad_account.connection_id) as api:
        made = _create(api, client_id, plan, location, is_repeat=command.attempts > 1)
        differences = _differences(api, plan, made)
        if differences:
            return Outcome(
                {"result": "differs"},
                lambda: actions.note_differences(plan.pk, differences, now=now),
            )
        with client_scope(client_id):
            cover = cover_of([plan.post_id], plan.starts_at, plan.ends_at)[plan.post_id]
        if not cover.covered:
            sentence = f"Cover was lost before the ad was switched on. {cover.sentence}"
            return Outcome(
                {"result": "not covered"},
                lambda: actions.note_failure(plan.pk, sentence, now=now),
            )
        advertiser = plan.ad_account.advertiser_id
        api.ads.set_status(advertiser, [made["ad_id"]], "ENABLE")
        api.ad_groups.set_status(advertiser, [made["adgroup_id"]], "ENABLE")
        api.campaigns.set_status(advertiser, [made["campaign_id"]], "ENABLE")
    return Outcome({"result": "live", **made}, lambda: actions.note_live(plan.pk, now=now))


def _create(
    api: AdsApi, client_id: int, plan: Launch, location: str, *, is_repeat: bool
) -> dict[str, str]:
    made = dict(plan.done)
    advertiser = plan.ad_account.advertiser_id
    if "campaign_id" not in made:
        made["campaign_id"] = (
            is_repeat and _campaign_named(api, advertiser, plan.name)
        ) or api.campaigns.create(advertiser, _campaign(plan)).value.campaign_id
        _note(client_id, plan, campaign_id=made["campaign_id"])
    if "adgroup_id" not in made:
        made["adgroup_id"] = (
            is_repeat and _group_named(api, advertiser, made["campaign_id"], plan.name)
        ) or api.ad_groups.create(
            advertiser, _ad_group(plan, made["campaign_id"], location)
        ).value.adgroup_id
        _note(client_id, plan, adgroup_id=made["adgroup_id"])
    if "ad_id" not in made:
        made["ad_id"] = (
            is_repeat and _ad_named(api, advertiser, made["adgroup_id"], plan.name)
        ) or api.ads.create_spark(advertiser, made["adgroup_id"], [_ad(plan, made)]).value.ad_ids[0]
        _note(client_id, plan, ad_id=made["ad_id"])
    return made


def _note(client_id: int, plan: Launch, **ids: str) -> None:
    with client_scope(client_id):
        actions.note_step(plan.pk, **ids)


def _campaign(plan: Launch) -> CampaignDraft:
    return CampaignDraft(
        campaign_name=plan.name,
        objective_type=plan.objective,
        budget_mode="BUDGET_MODE_INFINITE",
    )


def _ad_group(plan: Launch, campaign_id: str, location: str) -> AdGroupDraft:
    goal, billing = GOALS[plan.objective]
    return AdGroupDraft(
        campaign_id=campaign_id,
        adgroup_name=plan.name,
        promotion_type="WEBSITE" if plan.landing_url else None,
        location_ids=[location],
        budget_mode="BUDGET_MODE_DAY",
        budget=plan.daily_budget,
        schedule_type="SCHEDULE_START_END",
        schedule_start_time=plan.starts_at,
        schedule_end_time=plan.ends_at,
        optimization_goal=goal,
        billing_event=billing,
        bid_type="BID_TYPE_NO_BID",
    )


def _ad(plan: Launch, made: Mapping[str, str]) -> SparkAdDraft:
    return SparkAdDraft(
        ad_name=plan.name,
        identity_type=made["identity_type"],  # type: ignore[arg-type]
        identity_id=made["identity_id"],
        tiktok_item_id=plan.post.item_id,
        landing_page_url=plan.landing_url or None,
        call_to_action="SHOP_NOW" if plan.landing_url else None,
    )


def _differences(api: AdsApi, plan: Launch, made: Mapping[str, str]) -> list[dict[str, Any]]:
    """Where what TikTok made is not what was planned (TA5)."""
    advertiser = plan.ad_account.advertiser_id
    group = next(
        row
        for page in api.ad_groups.pages(advertiser, adgroup_ids=[made["adgroup_id"]])
        for row in page.items
    )
    ad = next(
        row for page in api.ads.pages(advertiser, ad_ids=[made["ad_id"]]) for row in page.items
    )
    pairs = (
        ("Daily budget", plan.daily_budget, group.budget),
        ("Start", plan.starts_at.replace(microsecond=0), group.schedule_start_time),
        ("End", plan.ends_at.replace(microsecond=0), group.schedule_end_time),
        ("Post", plan.post.item_id, ad.tiktok_item_id),
        ("Identity", made["identity_id"], ad.identity_id),
        ("Switched off", "yes", "yes" if ad.operation_status in OFF else "no"),
    )
    return [
        {"field": name, "planned": str(planned), "made": str(found)}
        for name, planned, found in pairs
        if not _same(planned, found)
    ]


def _same(planned: Any, found: Any) -> bool:
    if isinstance(planned, Decimal) and found is not None:
        return planned == Decimal(found)
    return bool(planned == found)


def _campaign_named(api: AdsApi, advertiser: str, name: str) -> str:
    for page in api.campaigns.pages(advertiser):
        for row in page.items:
            if row.campaign_name == name:
                return row.campaign_id
    return ""


def _group_named(api: AdsApi, advertiser: str, campaign_id: str, name: str) -> str:
    for page in api.ad_groups.pages(advertiser, campaign_ids=[campaign_id]):
        for row in page.items:
            if row.adgroup_name == name:
                return row.adgroup_id
    return ""


def _ad_named(api: AdsApi, advertiser: str, adgroup_id: str, name: str) -> str:
    for page in api.ads.pages(advertiser, adgroup_ids=[adgroup_id]):
        for row in page.items:
            if row.ad_name == name:
                return row.ad_id
    return ""


def _location(plan: Launch) -> str:
    shop = plan.ad_account.shop or Shop.objects.order_by("pk").first()
    return LOCATIONS.get(shop.market if shop else "US", LOCATIONS["US"])


def _stopped(command: Command, error: errors.TikTokError, now: datetime) -> None:
    said = f" TikTok says: {error.message}" if error.message else ""
    actions.note_failure(command.payload["launch"], f"{error.sentence}{said}", now=now)


HANDLERS: Mapping[str, Handler] = {SWITCH: switch_ad, actions.LAUNCH: launch}
ON_REFUSAL: Mapping[str, OnRefusal] = {actions.LAUNCH: _stopped}
