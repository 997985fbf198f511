"""Creating GMV Max campaigns at TikTok (contract 7).

TikTok is asked what is taken; the campaign is created switched off, read back, compared, enabled.
"""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import nullcontext, suppress
from datetime import datetime
from functools import partial
from typing import Any

from campaigns.actions import gmv_max_launch as actions
from campaigns.models import GmvMaxLaunch, Launch
from campaigns.models.launch import OFF
from campaigns.outbound.gmv_max import NOT_PRIMARY
from campaigns.outbound.lookup import id_of_named, not_off
from campaigns.queries.plans import UNDER_WAY
from sparkops.connections.apis import ads_api
from sparkops.isolation.scope import client_scope
from sparkops.outbox.models import Command
from sparkops.outbox.queue import Outcome, keep
from sparkops.tiktok import errors
from sparkops.tiktok.ads.api import AdsApi
from sparkops.tiktok.ads.drafts import GmvMaxDraft
from sparkops.tiktok.ads.gmv_max import GmvMaxPost, GmvMaxSettings, Store
from sparkops.tiktok.masking import mask_text

State = Launch.State
MOST_IDENTITIES = 20
NO_SHOP = (
    "The ad account does not reach this shop in TikTok. Give it access in the Business Center."
)
NOT_AVAILABLE = "TikTok does not offer GMV Max for this shop now. See its status in Ads Manager."
NO_HOLDER = (
    "No ad account holds the shop's GMV Max right. Give it to this one in Ads Manager; a shop has"
    " one primary ad account."
)
TAKEN = (
    "Ads already use products of the campaign ({ids}), and GMV Max would pause them. Pause them"
    " first, or plan it again and accept that they pause."
)
NOT_OFFERED = "TikTok does not offer these posts for GMV Max: {ids}. Take them out of the plan."


class _Refused(Exception):  # noqa: N818 - it carries the sentence, nothing failed
    """Nothing may be created, and why."""


def launch(client_id: int, command: Command, now: datetime) -> Outcome:
    """Go on where an earlier attempt stopped, up to the campaign that runs."""
    with client_scope(client_id):
        rows = GmvMaxLaunch.objects.select_related("ad_account", "shop")
        row = rows.get(pk=command.payload["launch"])
        picks = list(row.picks.order_by("post_id").values_list("post__item_id", flat=True))
        actions.note_gmv_max_started(row.pk)
    if row.state not in UNDER_WAY:
        return Outcome({"result": row.state})
    is_repeat = command.attempts > 1 or bool(command.payload.get("is_repeat"))
    ended = partial(actions.note_gmv_max_ended, row.pk, now=now)
    with ads_api(client_id, row.ad_account.connection_id) as api:
        if problem := row.done.get("undoing"):
            return _undone(api, client_id, row, row.done["campaign_id"], problem, now)
        try:
            campaign_id = _campaign(api, client_id, row, picks, command, is_repeat=is_repeat)
        except _Refused as refused:
            sentence = str(refused)
            return Outcome({"result": "refused"}, lambda: ended(State.REFUSED, error=sentence))
        if "compared" not in row.done and (found := _differences(api, row, picks, campaign_id)):
            return Outcome({"result": "differs"}, lambda: ended(State.DIFFERS, differences=found))
        _note(client_id, row, compared="yes")
        if problem := _refused_by_now(client_id, row, now):
            return _undone(api, client_id, row, campaign_id, problem, now)
        keep(client_id, command)
        _switch_on(api, client_id, row, campaign_id, picks)
    return Outcome({"result": "live"}, lambda: ended(State.LIVE))


def _campaign(
    api: AdsApi,
    client_id: int,
    row: GmvMaxLaunch,
    picks: Sequence[str],
    command: Command,
    *,
    is_repeat: bool,
) -> str:
    """The campaign, created unless an earlier attempt did. Raises _Refused."""
    if made := row.done.get("campaign_id"):
        return str(made)
    advertiser = row.ad_account.advertiser_id
    pages = api.gmv_max.campaign_pages(advertiser, "PRODUCT_GMV_MAX", store_ids=[row.shop.shop_id])
    campaign_id = is_repeat and id_of_named(pages, "campaign_name", row.name, "campaign_id")
    if not campaign_id:
        store = _store(api, row)
        _need_free(api, row)
        draft = _draft(api, row, store, picks)
        keep(client_id, command)
        campaign_id = _created(api, advertiser, draft)
    _note(client_id, row, campaign_id=campaign_id)
    return str(campaign_id)


def _created(api: AdsApi, advertiser: str, draft: GmvMaxDraft) -> str:
    try:
        made = api.gmv_max.create(advertiser, draft).value
    except errors.Conflict as error:
        # TikTok took a request with this id seconds ago: what it made is listed soon.
        raise errors.Server(api="ads", sentence=error.sentence) from error
    return made.campaign_id


def _store(api: AdsApi, row: GmvMaxLaunch) -> Store:
    """The shop as this account reaches it, if it holds the shop's right. Raises _Refused."""
    advertiser = row.ad_account.advertiser_id
    stores = [
        one for one in api.gmv_max.stores(advertiser).items if one.store_id == row.shop.shop_id
    ]
    if not stores:
        raise _Refused(NO_SHOP)
    store = next((one for one in stores if one.is_owner_bc), stores[0])
    holder = store.exclusive_authorized_advertiser_info
    if holder is None or not holder.advertiser_id:
        raise _Refused(NO_HOLDER)
    if holder.advertiser_id != advertiser:
        name = holder.advertiser_name or holder.advertiser_id
        raise _Refused(NOT_PRIMARY.format(holder=name))
    if store.is_gmv_max_available is False or store.store_status not in ("ACTIVE", ""):
        raise _Refused(NOT_AVAILABLE)
    return store


def _need_free(api: AdsApi, row: GmvMaxLaunch) -> None:
    """Running shop ads with the same products would be paused by TikTok. Raises _Refused."""
    if row.takes_over:
        return
    taken: set[str] = set()
    for product in row.product_ids:
        ads = api.gmv_max.occupied_ads(
            row.ad_account.advertiser_id, row.shop.shop_id, "SPU", product
        )
        taken |= {one.ad_id for one in ads.items}
    if taken:
        raise _Refused(TAKEN.format(ids=", ".join(sorted(taken))))


def _draft(api: AdsApi, row: GmvMaxLaunch, store: Store, picks: Sequence[str]) -> GmvMaxDraft:
    only = row.posts == GmvMaxLaunch.Posts.ONLY
    return GmvMaxDraft(
        request_id=str(10**12 + row.pk),
        store_id=row.shop.shop_id,
        store_authorized_bc_id=store.store_authorized_bc_id,
        campaign_name=row.name,
        item_group_ids=list(row.product_ids),
        roas_bid=row.target_roas,
        budget=row.daily_budget,
        schedule_start_time=row.starts_at,
        schedule_end_time=row.ends_at,
        product_video_specific_type="CUSTOM_SELECTION" if only else "AUTO_SELECTION",
        identity_list=None if only else _identities(api, row, store),
        item_list=_items(api, row, store, picks) if only else None,
        affiliate_posts_enabled=None if only else row.with_affiliates,
    )


def _identities(api: AdsApi, row: GmvMaxLaunch, store: Store) -> list[dict[str, str]]:
    """The accounts whose posts TikTok may choose from, at most as many as it takes."""
    found = api.gmv_max.identities(
        row.ad_account.advertiser_id, row.shop.shop_id, store.store_authorized_bc_id
    )
    usable = [one for one in found.items if one.product_gmv_max_available]
    return [
        {
            name: value
            for name in ("identity_id", "identity_type", "identity_authorized_bc_id",
                         "identity_authorized_shop_id", "store_id")
            if (value := getattr(one, name))
        }
        for one in usable[:MOST_IDENTITIES]
    ]  # fmt: skip


def _items(
    api: AdsApi, row: GmvMaxLaunch, store: Store, picks: Sequence[str]
) -> list[dict[str, Any]]:
    """The chosen posts as TikTok lists them for GMV Max. Raises _Refused for one that it does
    not."""
    pages = api.gmv_max.post_pages(
        row.ad_account.advertiser_id,
        row.shop.shop_id,
        store.store_authorized_bc_id,
        spu_ids=row.product_ids,
    )
    offered = {post.item_id: post for page in pages for post in page.items}
    if missing := [one for one in picks if one not in offered]:
        raise _Refused(NOT_OFFERED.format(ids=", ".join(missing)))
    return [_item(offered[one], row.product_ids) for one in picks]


def _item(post: GmvMaxPost, products: Sequence[str]) -> dict[str, Any]:
    item: dict[str, Any] = {
        "item_id": post.item_id,
        "spu_id_list": [one for one in post.spu_id_list if one in products],
    }
    if post.identity_info is not None:
        told = post.identity_info.model_dump()
        names = ("identity_id", "identity_type", "identity_authorized_bc_id",
                 "identity_authorized_shop_id", "store_id")  # fmt: skip
        item["identity_info"] = {name: told[name] for name in names if told[name]}
    if post.video_info is not None and post.video_info.video_id:
        item["video_info"] = {"video_id": post.video_info.video_id}
    return item


def _differences(
    api: AdsApi, row: GmvMaxLaunch, picks: Sequence[str], campaign_id: str
) -> list[dict[str, Any]]:
    """Where what TikTok made is not what was planned."""
    made = api.gmv_max.campaign_info(row.ad_account.advertiser_id, campaign_id).value
    if made.operation_status == "ENABLE":
        # TikTok documents no way to create it switched off: off it goes before anything is seen.
        api.campaigns.set_status(row.ad_account.advertiser_id, [campaign_id], "DISABLE")
        made = api.gmv_max.campaign_info(row.ad_account.advertiser_id, campaign_id).value
    return [
        {"field": name, "planned": str(planned), "made": str(found)}
        for name, planned, found in _pairs(row, picks, made)
        if planned != found
    ]


def _pairs(
    row: GmvMaxLaunch, picks: Sequence[str], made: GmvMaxSettings
) -> Iterable[tuple[str, Any, Any]]:
    only = row.posts == GmvMaxLaunch.Posts.ONLY
    yield "Shop", row.shop.shop_id, made.store_id
    yield "Products", sorted(row.product_ids), sorted(made.item_group_ids)
    yield "Daily budget", row.daily_budget, made.budget
    yield "Target ROAS", row.target_roas, made.roas_bid
    yield "Start", row.starts_at.replace(microsecond=0), made.schedule_start_time
    yield "End", row.ends_at.replace(microsecond=0), made.schedule_end_time
    selection = "CUSTOM_SELECTION" if only else "AUTO_SELECTION"
    yield "Choice of posts", selection, made.product_video_specific_type
    if only:
        yield "Posts", sorted(picks), sorted(one.item_id for one in made.item_list)
    else:
        yield "Posts of affiliates", row.with_affiliates, made.affiliate_posts_enabled
    yield "Campaign", OFF, made.operation_status


def _refused_by_now(client_id: int, row: GmvMaxLaunch, now: datetime) -> str:
    """What the gate says now that it is about to run; time has passed since it was planned."""
    if now >= row.ends_at:
        return "The flight was over before the campaign was switched on. Plan it again."
    with client_scope(client_id):
        # A flight that has begun is no reason to stop: it was in time when it was asked for.
        row.starts_at = max(row.starts_at, now)
        found = actions.check_gmv_max(row, now=now)
    return " ".join(found.refused)


def _switch_on(
    api: AdsApi, client_id: int, row: GmvMaxLaunch, campaign_id: str, picks: Sequence[str]
) -> None:
    """Enable it and take out the posts that it must not use; a failure switches it off again."""
    advertiser = row.ad_account.advertiser_id
    _note(client_id, row, switching="yes")
    try:
        api.campaigns.set_status(advertiser, [campaign_id], "ENABLE")
        if row.posts == GmvMaxLaunch.Posts.BUT and picks:
            # TikTok takes posts out of running campaigns only.
            out = dict.fromkeys(picks, row.product_ids)
            api.gmv_max.choose_posts(advertiser, campaign_id, "REMOVE", out)
    except errors.TikTokError as error:
        is_open = error.retryable or error.outcome_unknown
        if not is_open:
            _note(client_id, row, undoing=_words(error))
        with suppress(errors.TikTokError) if is_open else nullcontext():
            _switch_off(api, client_id, row, campaign_id)
        raise


def _switch_off(api: AdsApi, client_id: int, row: GmvMaxLaunch, campaign_id: str) -> None:
    """Raises Server, to be tried again whatever TikTok said, until it confirmed it."""
    try:
        api.campaigns.set_status(row.ad_account.advertiser_id, [campaign_id], "DISABLE")
    except errors.TikTokError as error:
        raise not_off(error) from error
    _note(client_id, row, switching="")


def _undone(
    api: AdsApi,
    client_id: int,
    row: GmvMaxLaunch,
    campaign_id: str,
    problem: str,
    now: datetime,
) -> Outcome:
    """End it switched off. Raises what TikTok says when it cannot be: it is tried again."""
    _note(client_id, row, undoing=problem)
    _switch_off(api, client_id, row, campaign_id)
    return Outcome(
        {"result": "switched off"},
        lambda: actions.note_gmv_max_ended(row.pk, State.FAILED, now=now, error=problem),
    )


def _note(client_id: int, row: GmvMaxLaunch, **brought: Any) -> None:
    with client_scope(client_id):
        actions.note_gmv_max_step(row.pk, **brought)


def _stopped(command: Command, error: errors.TikTokError, now: datetime) -> None:
    pk = command.payload["launch"]
    actions.note_gmv_max_ended(pk, State.FAILED, now=now, error=_words(error))


def _words(error: errors.TikTokError) -> str:
    said = f" TikTok says: {mask_text(error.message)}" if error.message else ""
    return f"{error.sentence}{said}"


HANDLERS = {actions.LAUNCH: launch}
ON_REFUSAL: Mapping[str, Any] = {actions.LAUNCH: _stopped}
