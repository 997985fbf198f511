"""Objects that reports name before, or without, their lists: bare rows, so that no spend is lost.

A report can be ahead of the lists by minutes, and TikTok's lists leave out some kinds of ads whose
spend it reports (contract 6.7). The lists fill these rows when they name them.
"""

from collections.abc import Iterable
from datetime import datetime

from campaigns.models import Ad, AdGroup, Campaign
from creators.actions.known import know_posts
from sparkops.catalog.models import AdAccount
from sparkops.landing.merge import merge
from sparkops.tiktok.ads.reports import ReportRow

# What a report row is asked for besides numbers, to place an ad that no list named.
PLACE = ("campaign_id", "adgroup_id", "tiktok_item_id")


def know_ads(
    rows: Iterable[ReportRow], account: AdAccount, *, kind: str, now: datetime
) -> dict[str, int]:
    """Own ids by TikTok's for every ad of the rows; unknown ones are made, state unknown."""
    named = {ad_id: row for row in rows if (ad_id := row.id_of("ad_id"))}
    known = dict(Ad.objects.filter(ad_id__in=named).values_list("ad_id", "pk"))
    missing = {ad_id: row for ad_id, row in named.items() if ad_id not in known}
    if not missing:
        return known
    campaigns = know_campaigns(
        {_campaign_of(row, account) for row in missing.values()}, account, kind=kind, now=now
    )
    groups = _know_groups(missing.values(), campaigns, account, now)
    items = {ad_id: row.attribute("tiktok_item_id") for ad_id, row in missing.items()}
    posts = know_posts({item: "" for item in items.values() if item}, now=now, source="ads")
    Ad.objects.bulk_create(
        [
            Ad(
                ad_id=ad_id,
                ad_group_id=groups[_group_of(row, account)],
                ad_account=account,
                post_id=posts.get(items[ad_id]),
                name=ad_id,
                item_id=items[ad_id],
                state=Ad.State.UNKNOWN.value,
                seen_at=now,
            )
            for ad_id, row in missing.items()
        ]
    )
    return known | dict(Ad.objects.filter(ad_id__in=missing).values_list("ad_id", "pk"))


def know_campaigns(
    campaign_ids: Iterable[str], account: AdAccount, *, kind: str, now: datetime
) -> dict[str, int]:
    """Own ids by TikTok's for every campaign named; unknown ones are made with that `kind`."""
    wanted = sorted(set(campaign_ids) - {""})
    merge(
        Campaign,
        [
            {
                "ad_account_id": account.pk,
                "campaign_id": one,
                "name": one,
                "kind": kind,
                "seen_at": now,
            }
            for one in wanted
        ],
        key=["campaign_id"],
        insert_only=["ad_account_id", "name", "kind", "seen_at"],
    )
    return dict(Campaign.objects.filter(campaign_id__in=wanted).values_list("campaign_id", "pk"))


def _know_groups(
    rows: Iterable[ReportRow], campaigns: dict[str, int], account: AdAccount, now: datetime
) -> dict[str, int]:
    placed = {_group_of(row, account): campaigns[_campaign_of(row, account)] for row in rows}
    merge(
        AdGroup,
        [
            {"campaign_id": campaign, "adgroup_id": group, "name": group, "seen_at": now}
            for group, campaign in placed.items()
        ],
        key=["adgroup_id"],
        insert_only=["campaign_id", "name", "seen_at"],
    )
    return dict(AdGroup.objects.filter(adgroup_id__in=placed).values_list("adgroup_id", "pk"))


def _campaign_of(row: ReportRow, account: AdAccount) -> str:
    return row.attribute("campaign_id") or f"unlisted-{account.advertiser_id}"


def _group_of(row: ReportRow, account: AdAccount) -> str:
    return row.attribute("adgroup_id") or f"unlisted-{account.advertiser_id}"
