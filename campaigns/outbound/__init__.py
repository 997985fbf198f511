"""Creating and switching at TikTok.

TikTok keeps no lasting idempotency: every create is preceded by a look-up by name once an earlier
attempt may have reached TikTok, and each id is written down before the next step.
"""

from collections.abc import Iterable, Mapping
from contextlib import nullcontext, suppress
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal

from authorizations.queries import cover_of
from campaigns.actions import launch as actions
from campaigns.actions.switch import SWITCH, note_switch_failed, note_switched
from campaigns.models import Ad, Launch
from campaigns.models.launch import OFF
from campaigns.outbound import comments, gmv_max, gmv_max_launch, parts
from campaigns.outbound.lookup import id_of_named, not_off, read_back
from campaigns.queries.caps import stop_by_cap
from campaigns.rules.budgets import DAILY
from campaigns.rules.delivery import EVERYWHERE, GOALS
from sparkops.catalog.models import Shop
from sparkops.connections.apis import ads_api
from sparkops.isolation.scope import client_scope
from sparkops.outbox.models import Command
from sparkops.outbox.queue import Handler, OnRefusal, Outcome, keep
from sparkops.tiktok import errors
from sparkops.tiktok.ads.api import AdsApi
from sparkops.tiktok.ads.drafts import AdGroupDraft, CampaignDraft, SparkAdDraft
from sparkops.tiktok.ads.entities import AdGroup
from sparkops.tiktok.ads.identities import IdentityRef
from sparkops.tiktok.masking import mask_text

# TikTok's location ids of whole countries, by market.
LOCATIONS = {"US": "6252001", "GB": "2635167", "UK": "2635167", "DE": "2921044", "FR": "3017382"}


def switch_ad(client_id: int, command: Command, now: datetime) -> Outcome:
    """Pause or enable one ad."""
    status = command.payload["status"]
    with client_scope(client_id):
        ad = Ad.objects.select_related("ad_account").get(pk=command.payload["ad"])
    with ads_api(client_id, ad.ad_account.connection_id) as api:
        api.ads.set_status(ad.ad_account.advertiser_id, [ad.ad_id], status)
    return Outcome({"status": status}, lambda: note_switched(ad.pk, status, now=now))


def launch(client_id: int, command: Command, now: datetime) -> Outcome:
    """Check the music, create campaign, ad group and ad switched off, read them back, enable them.

    Every step is kept before the next one, so a worker that died goes on where it stopped.
    """
    with client_scope(client_id):
        plan = Launch.objects.select_related("ad_account__shop", "post", "template").get(
            pk=command.payload["launch"]
        )
        location = _location(plan)
        actions.note_started(plan.pk)
    if plan.state not in actions.UNDER_WAY:
        return Outcome({"result": plan.state})
    is_repeat = command.attempts > 1 or bool(command.payload.get("is_repeat"))
    with ads_api(client_id, plan.ad_account.connection_id) as api:
        if undoing := plan.done.get("undoing"):
            return _undone(api, client_id, plan, plan.done, undoing, now)
        if not _music_is_cleared(api, client_id, plan, location, now):
            return Outcome({"result": "refused"})
        made = _create(api, client_id, plan, location, command, is_repeat=is_repeat)
        if "compared" not in made:
            differences = _differences(api, plan, made)
            if differences:
                return Outcome(
                    {"result": "differs"},
                    lambda: actions.note_differences(plan.pk, differences, now=now),
                )
            _note(client_id, plan, compared="yes")
        problem = _uncovered(client_id, plan, now)
        if problem:
            return _undone(api, client_id, plan, made, problem, now)
        keep(client_id, command)
        _switch_on(api, client_id, plan, made)
    return Outcome({"result": "live"}, lambda: actions.note_live(plan.pk, now=now))


def _undone(
    api: AdsApi,
    client_id: int,
    plan: Launch,
    made: Mapping[str, str],
    problem: str,
    now: datetime,
) -> Outcome:
    """End it switched off. Raises what TikTok says when it cannot be: it is tried again."""
    _note(client_id, plan, undoing=problem)
    _switch_off(api, client_id, plan, made)
    return Outcome(
        {"result": "switched off"}, lambda: actions.note_failure(plan.pk, problem, now=now)
    )


def _music_is_cleared(
    api: AdsApi, client_id: int, plan: Launch, location: str, now: datetime
) -> bool:
    """It depends on the ad group's places and dates, so it is asked with them (contract 5.3)."""
    if actions.MUSIC in plan.done:
        return True
    answer = api.posts.music_authorization(
        plan.ad_account.advertiser_id,
        _identity(plan.done),
        plan.post.item_id,
        location_ids=[location],
        start_time=plan.starts_at,
        end_time=plan.ends_at,
    )
    words = [row.music_status for row in answer.items if row.item_id == plan.post.item_id]
    with client_scope(client_id):
        return actions.note_music(plan.pk, words[0] if words else "NO_ANSWER", now=now)


def _uncovered(client_id: int, plan: Launch, now: datetime) -> str:
    """Why the ad must not be switched on, "" when the rest of its flight is covered (N3)
    or somebody with the permission launched it against that."""
    if now >= plan.ends_at:
        return "The flight was over before the ad was switched on. Launch the post again."
    with client_scope(client_id):
        stop = stop_by_cap(plan.post_id, plan.currency, now)
    if stop:
        return f"{stop} Nothing was switched on."
    if "cover" in plan.overridden:
        return ""
    begin = max(now, plan.starts_at)
    with client_scope(client_id):
        cover = cover_of([plan.post_id], begin, plan.ends_at)[plan.post_id]
    if cover.covered:
        return ""
    return f"Cover was lost before the ad was switched on. {cover.sentence}"


def _switch_on(api: AdsApi, client_id: int, plan: Launch, made: Mapping[str, str]) -> None:
    """From the ad upwards: nothing delivers before the last step, and a failure undoes them.

    A refusal ends the launch only once TikTok confirmed that all is off again.
    """
    advertiser = plan.ad_account.advertiser_id
    _note(client_id, plan, switching="yes")
    try:
        api.ads.set_status(advertiser, [made["ad_id"]], "ENABLE")
        api.ad_groups.set_status(advertiser, [made["adgroup_id"]], "ENABLE")
        api.campaigns.set_status(advertiser, [made["campaign_id"]], "ENABLE")
    except errors.TikTokError as error:
        is_open = error.retryable or error.outcome_unknown
        if not is_open:
            _note(client_id, plan, undoing=_words(error))
        with suppress(errors.TikTokError) if is_open else nullcontext():
            _switch_off(api, client_id, plan, made)
        raise


def _switch_off(api: AdsApi, client_id: int, plan: Launch, made: Mapping[str, str]) -> None:
    """From the campaign downwards, each as far as TikTok lets us. Raises Server, to be tried again
    whatever TikTok said, while it has not confirmed that all three are off."""
    advertiser = plan.ad_account.advertiser_id
    problems = []
    for switch, key in (
        (api.campaigns.set_status, "campaign_id"),
        (api.ad_groups.set_status, "adgroup_id"),
        (api.ads.set_status, "ad_id"),
    ):
        try:
            switch(advertiser, [made[key]], "DISABLE")
        except errors.TikTokError as error:
            problems.append(error)
    if problems:
        raise not_off(problems[0])
    _note(client_id, plan, switching="")


def _create(
    api: AdsApi,
    client_id: int,
    plan: Launch,
    location: str,
    command: Command,
    *,
    is_repeat: bool,
) -> dict[str, str]:
    made = dict(plan.done)
    advertiser = plan.ad_account.advertiser_id
    if "campaign_id" not in made:
        keep(client_id, command)
        made["campaign_id"] = (
            is_repeat
            and id_of_named(
                api.campaigns.pages(advertiser), "campaign_name", plan.name, "campaign_id"
            )
        ) or api.campaigns.create(advertiser, _campaign(plan)).value.campaign_id
        _note(client_id, plan, campaign_id=made["campaign_id"])
    if "adgroup_id" not in made:
        keep(client_id, command)
        made["adgroup_id"] = (
            is_repeat
            and id_of_named(
                api.ad_groups.pages(advertiser, campaign_ids=[made["campaign_id"]]),
                "adgroup_name",
                plan.name,
                "adgroup_id",
            )
        ) or api.ad_groups.create(
            advertiser, _ad_group(plan, made["campaign_id"], location)
        ).value.adgroup_id
        _note(client_id, plan, adgroup_id=made["adgroup_id"])
    if "ad_id" not in made:
        keep(client_id, command)
        made["ad_id"] = (
            is_repeat
            and id_of_named(
                api.ads.pages(advertiser, adgroup_ids=[made["adgroup_id"]]),
                "ad_name",
                plan.name,
                "ad_id",
            )
        ) or api.ads.create_spark(advertiser, made["adgroup_id"], [_ad(plan, made)]).value.ad_ids[0]
        _note(client_id, plan, ad_id=made["ad_id"])
    return made


def _note(client_id: int, plan: Launch, **brought: str) -> None:
    with client_scope(client_id):
        actions.note_step(plan.pk, **brought)


def _campaign(plan: Launch) -> CampaignDraft:
    return CampaignDraft(
        campaign_name=plan.name,
        objective_type=plan.objective,
        budget_mode="BUDGET_MODE_INFINITE",
    )


def _ad_group(plan: Launch, campaign_id: str, location: str) -> AdGroupDraft:
    how = plan.delivery
    return AdGroupDraft(
        campaign_id=campaign_id,
        adgroup_name=plan.name,
        promotion_type="WEBSITE" if plan.landing_url else None,
        placement_type=_placement(plan),
        placements=None if how.placement == EVERYWHERE else ["PLACEMENT_TIKTOK"],
        location_ids=[location],
        budget_mode=DAILY,
        budget=plan.daily_budget,
        schedule_type="SCHEDULE_START_END",
        schedule_start_time=plan.starts_at,
        schedule_end_time=plan.ends_at,
        optimization_goal=how.goal,
        billing_event=GOALS[plan.objective][how.goal],
        bid_type="BID_TYPE_NO_BID" if how.bid is None else "BID_TYPE_CUSTOM",
        bid_price=None if how.is_conversion_bid else how.bid,
        conversion_bid_price=how.bid if how.is_conversion_bid else None,
    )


def _placement(plan: Launch) -> Literal["PLACEMENT_TYPE_AUTOMATIC", "PLACEMENT_TYPE_NORMAL"]:
    everywhere = plan.delivery.placement == EVERYWHERE
    return "PLACEMENT_TYPE_AUTOMATIC" if everywhere else "PLACEMENT_TYPE_NORMAL"


def _identity(made: Mapping[str, str]) -> IdentityRef:
    # Launches that were planned before Business Centers were kept hold no id of one.
    return IdentityRef(made["identity_id"], made["identity_type"], made.get("identity_bc_id", ""))


def _ad(plan: Launch, made: Mapping[str, str]) -> SparkAdDraft:
    return SparkAdDraft(
        ad_name=plan.name,
        identity_type=made["identity_type"],  # type: ignore[arg-type]
        identity_id=made["identity_id"],
        identity_authorized_bc_id=_identity(made).identity_authorized_bc_id or None,
        tiktok_item_id=plan.post.item_id,
        landing_page_url=plan.landing_url or None,
        call_to_action="SHOP_NOW" if plan.landing_url else None,
    )


def _differences(api: AdsApi, plan: Launch, made: Mapping[str, str]) -> list[dict[str, Any]]:
    """Where what TikTok made is not what was planned (TA5)."""
    advertiser = plan.ad_account.advertiser_id
    ids = {key: made[key] for key in ("campaign_id", "adgroup_id", "ad_id")}
    campaign = read_back(api.campaigns.pages(advertiser, campaign_ids=[ids["campaign_id"]]), ids)
    group = read_back(api.ad_groups.pages(advertiser, adgroup_ids=[ids["adgroup_id"]]), ids)
    ad = read_back(api.ads.pages(advertiser, ad_ids=[ids["ad_id"]]), ids)
    pairs = (
        ("Daily budget", plan.daily_budget, group.budget),
        ("Start", plan.starts_at.replace(microsecond=0), group.schedule_start_time),
        ("End", plan.ends_at.replace(microsecond=0), group.schedule_end_time),
        *_delivered(plan, group),
        ("Post", plan.post.item_id, ad.tiktok_item_id),
        ("Identity", made["identity_id"], ad.identity_id),
        ("Objective", plan.objective, campaign.objective_type),
        ("Campaign", OFF, campaign.operation_status),
        ("Ad group", OFF, group.operation_status),
        ("Ad", OFF, ad.operation_status),
    )
    return [
        {"field": name, "planned": str(planned), "made": str(found)}
        for name, planned, found in pairs
        if not _same(planned, found)
    ]


def _delivered(plan: Launch, group: AdGroup) -> Iterable[tuple[str, Any, Any]]:
    """How the ad group was to be run, and how TikTok runs it."""
    how = plan.delivery
    yield "Goal", how.goal, group.optimization_goal
    yield "Placement", _placement(plan), group.placement_type
    if how.bid is not None:
        made = group.conversion_bid_price if how.is_conversion_bid else group.bid_price
        yield "Bid", how.bid, made


def _same(planned: Any, found: Any) -> bool:
    if isinstance(planned, Decimal) and found is not None:
        return planned == Decimal(found)
    return bool(planned == found)


def _location(plan: Launch) -> str:
    shop = plan.ad_account.shop or Shop.objects.order_by("pk").first()
    return LOCATIONS.get(shop.market if shop else "US", LOCATIONS["US"])


def _not_switched(command: Command, error: errors.TikTokError, now: datetime) -> None:
    note_switch_failed(command, _words(error), now=now)


def _stopped(command: Command, error: errors.TikTokError, now: datetime) -> None:
    actions.note_failure(command.payload["launch"], _words(error), now=now)


def _words(error: errors.TikTokError) -> str:
    said = f" TikTok says: {mask_text(error.message)}" if error.message else ""
    return f"{error.sentence}{said}"


HANDLERS: Mapping[str, Handler] = {
    SWITCH: switch_ad,
    actions.LAUNCH: launch,
    **comments.HANDLERS,
    **gmv_max.HANDLERS,
    **gmv_max_launch.HANDLERS,
    **parts.HANDLERS,
}
ON_REFUSAL: Mapping[str, OnRefusal] = {
    SWITCH: _not_switched,
    actions.LAUNCH: _stopped,
    **comments.ON_REFUSAL,
    **gmv_max.ON_REFUSAL,
    **gmv_max_launch.ON_REFUSAL,
    **parts.ON_REFUSAL,
}
