"""Campaigns, ad groups and ads as TikTok lists them (marketing contract 6)."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from authorizations.actions.use import note_use
from campaigns.inbound.by_hand import notice
from campaigns.models import Ad, AdGroup, Campaign, Launch, Level
from campaigns.queries.room import count_spark_ads
from campaigns.rules.statuses import AdState, is_permission_loss, read_status
from creators.actions.known import know_posts
from sparkops.catalog.inbound import ad_account_parts, open_ads
from sparkops.catalog.models import AdAccount
from sparkops.connections.models import Connection
from sparkops.landing.merge import Counts, merge
from sparkops.landing.streams import Context, Stream, Window
from sparkops.tiktok.ads import entities
from sparkops.tiktok.ads.api import AdsApi

OVER = (AdState.ENDED.value, AdState.DELETED.value, AdState.REJECTED.value)


def _account(context: Context) -> AdAccount:
    return AdAccount.objects.get(advertiser_id=context.part)


def _campaign_pages(api: AdsApi, part: str, _window: Window) -> Iterator[Any]:
    return api.campaigns.pages(part)


def load_campaigns(rows: Sequence[entities.Campaign], context: Context) -> Counts:
    """Campaigns with TikTok's status words; GMV Max ones are filled by their own stream."""
    account = _account(context)
    found = [
        {
            "ad_account_id": account.pk,
            "campaign_id": row.campaign_id,
            "name": row.campaign_name,
            "kind": Campaign.Kind.SPARK.value,
            "objective": row.objective_type,
            "operation_status": row.operation_status,
            "secondary_status": row.secondary_status,
            "budget": row.budget,
            "budget_mode": row.budget_mode,
            "created_at": row.create_time,
            "modified_at": row.modify_time,
            "seen_at": context.now,
        }
        for row in rows
    ]
    notice(Level.CAMPAIGN, found, account, now=context.now)
    return merge(
        Campaign,
        found,
        key=["campaign_id"],
        insert_only=["kind"],
        unwatched=["seen_at"],
    )


def _group_pages(api: AdsApi, part: str, _window: Window) -> Iterator[Any]:
    return api.ad_groups.pages(part)


def load_ad_groups(rows: Sequence[entities.AdGroup], context: Context) -> Counts:
    """Ad groups with their schedule."""
    campaigns = _ids(Campaign, "campaign_id", [row.campaign_id for row in rows])
    found = [
        {
            "campaign_id": campaigns[row.campaign_id],
            "adgroup_id": row.adgroup_id,
            "name": row.adgroup_name,
            "operation_status": row.operation_status,
            "secondary_status": row.secondary_status,
            "budget": row.budget,
            "budget_mode": row.budget_mode,
            **_bid(row),
            "starts_at": row.schedule_start_time,
            "ends_at": row.schedule_end_time,
            "seen_at": context.now,
        }
        for row in rows
        if row.campaign_id in campaigns
    ]
    notice(Level.AD_GROUP, found, _account(context), now=context.now)
    return merge(
        AdGroup,
        found,
        key=["adgroup_id"],
        unwatched=["seen_at"],
    )


def _bid(row: entities.AdGroup) -> dict[str, Any]:
    if row.bid_price:
        return {"bid": row.bid_price, "bid_field": "bid_price"}
    if row.conversion_bid_price:
        return {"bid": row.conversion_bid_price, "bid_field": "conversion_bid_price"}
    return {"bid": None, "bid_field": ""}


def _ad_pages(api: AdsApi, part: str, _window: Window) -> Iterator[Any]:
    return api.ads.pages(part)


def load_ads(rows: Sequence[entities.Ad], context: Context) -> Counts:
    """Ads with their post, TikTok's words and the state we read from them."""
    account = _account(context)
    groups = _ids(AdGroup, "adgroup_id", [row.adgroup_id for row in rows])
    posts = know_posts(
        {row.tiktok_item_id: "" for row in rows if row.tiktok_item_id},
        now=context.now,
        source="ads",
    )
    lost = dict(
        Ad.objects.filter(ad_id__in=[row.ad_id for row in rows]).values_list(
            "ad_id", "lost_permission_at"
        )
    )
    found = [
        _ad_row(row, account, groups, posts, lost.get(row.ad_id), context.now)
        for row in rows
        if row.adgroup_id in groups
    ]
    notice(Level.AD, found, account, now=context.now)
    return merge(
        Ad,
        found,
        key=["ad_id"],
        unwatched=["seen_at"],
    )


def _ad_row(
    row: entities.Ad,
    account: AdAccount,
    groups: dict[str, int],
    posts: dict[str, int],
    lost_at: datetime | None,
    now: datetime,
) -> dict[str, Any]:
    read = read_status(row.secondary_status, operation=row.operation_status)
    return {
        "ad_group_id": groups[row.adgroup_id],
        "ad_account_id": account.pk,
        "post_id": posts.get(row.tiktok_item_id),
        "ad_id": row.ad_id,
        "name": row.ad_name or row.ad_id,
        "state": read.state.value,
        "operation_status": row.operation_status,
        "secondary_status": row.secondary_status,
        "identity_type": row.identity_type,
        "identity_id": row.identity_id,
        "identity_bc_id": row.identity_authorized_bc_id,
        "item_id": row.tiktok_item_id,
        "lost_permission_at": (lost_at or now) if is_permission_loss(read) else None,
        "created_at": row.create_time,
        "seen_at": now,
    }


def close_ads(context: Context) -> Counts:
    """After the last page: ads gone from the list are deleted, launches find the ads they made,
    and the ledger learns which posts are used and how full the account is."""
    gone = _delete_unlisted(context)
    _join_launches()
    used = Ad.objects.exclude(state__in=OVER).exclude(post=None).values_list("post_id", flat=True)
    note_use(set(used), now=context.now)
    count_spark_ads(_account(context))
    return Counts(changed=gone)


def _delete_unlisted(context: Context) -> int:
    listed = context.run.landed_pages.values_list("payload", flat=True)
    ids = {row["ad_id"] for payload in listed for row in payload.get("list", [])}
    if not ids:
        # An account never empties at once: such an answer is not taken as the end of every ad.
        return 0
    return (
        Ad.objects.filter(ad_account=_account(context))
        .exclude(ad_id__in=ids)
        .exclude(state=Ad.State.DELETED)
        # Known from reports only: TikTok's list leaves out some kinds of ads (contract 6.7).
        .exclude(state=Ad.State.UNKNOWN, secondary_status="", operation_status="")
        .update(state=Ad.State.DELETED.value, lost_permission_at=None)
    )


def _join_launches() -> None:
    made = {
        launch.done["ad_id"]: launch
        for launch in Launch.objects.filter(ad=None, done__has_key="ad_id")
    }
    if made:
        for ad in Ad.objects.filter(ad_id__in=made):
            made[ad.ad_id].ad = ad
        Launch.objects.bulk_update(made.values(), ["ad"])


def _ids(model: Any, name: str, values: Sequence[str]) -> dict[str, int]:
    return dict(model.objects.filter(**{f"{name}__in": values}).values_list(name, "pk"))


CAMPAIGNS = Stream(
    name="campaigns",
    label="Campaigns",
    kind=Connection.Kind.ADS,
    every=timedelta(minutes=10),
    parts=ad_account_parts,
    open=open_ads,
    pages=_campaign_pages,
    load=load_campaigns,
    first=None,
    skip_equal_pages=False,
)
AD_GROUPS = Stream(
    name="ad_groups",
    label="Ad groups",
    kind=Connection.Kind.ADS,
    every=timedelta(minutes=10),
    parts=ad_account_parts,
    open=open_ads,
    pages=_group_pages,
    load=load_ad_groups,
    first=None,
    skip_equal_pages=False,
)
ADS = Stream(
    name="ads",
    label="Ads and their status",
    kind=Connection.Kind.ADS,
    every=timedelta(minutes=5),
    parts=ad_account_parts,
    open=open_ads,
    pages=_ad_pages,
    load=load_ads,
    finish=close_ads,
    first=None,
    skip_equal_pages=False,
)
