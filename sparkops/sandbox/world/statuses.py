"""The status words ads, ad groups and campaigns show. Derived, never stored."""

from __future__ import annotations

from datetime import datetime

from sparkops.sandbox.world.ads import Ad, AdGroup, Campaign, GmvMaxCampaign
from sparkops.sandbox.world.cover import authorized, covers
from sparkops.sandbox.world.people import Redemption
from sparkops.sandbox.world.state import World

DELIVERING = "AD_STATUS_DELIVERY_OK"
LOST = "AD_STATUS_ASSET_AUTHORIZATION_LOST"


def campaign_status(campaign: Campaign | GmvMaxCampaign, now: datetime) -> str:
    word = campaign.operation_status(now)
    return f"CAMPAIGN_STATUS_{word}"


def adgroup_status(world: World, adgroup: AdGroup, now: datetime) -> str:
    campaign = world.campaigns[adgroup.campaign_id]
    own, parent = adgroup.operation_status(now), campaign.operation_status(now)
    if own == "DELETE":
        return "ADGROUP_STATUS_DELETE"
    if parent == "DELETE":
        return "ADGROUP_STATUS_CAMPAIGN_DELETE"
    if own == "DISABLE":
        return "ADGROUP_STATUS_DISABLE"
    if parent == "DISABLE":
        return "ADGROUP_STATUS_CAMPAIGN_DISABLE"
    if adgroup.starts_at and now < adgroup.starts_at:
        return "ADGROUP_STATUS_NOT_START"
    if adgroup.ends_at and adgroup.ends_at <= now:
        return "ADGROUP_STATUS_TIME_DONE"
    has_ads = any(ad.adgroup_id == adgroup.id for ad in world.ads.values())
    return "ADGROUP_STATUS_DELIVERY_OK" if has_ads else "ADGROUP_STATUS_CREATE"


def ad_status(world: World, ad: Ad, now: datetime) -> str:
    """The ad's secondary status: switches first, then review, then what its post allows."""
    adgroup, campaign = world.adgroups[ad.adgroup_id], world.campaigns[ad.campaign_id]
    levels = (
        ("AD_STATUS", ad.operation_status(now)),
        ("AD_STATUS_ADGROUP", adgroup.operation_status(now)),
        ("AD_STATUS_CAMPAIGN", campaign.operation_status(now)),
    )
    for word in ("DELETE", "DISABLE"):
        for prefix, status in levels:
            if status == word:
                return f"{prefix}_{word}"
    if ad.review(now) != "APPROVED":
        return "AD_STATUS_AUDIT_DENY" if ad.review(now) == "REJECTED" else "AD_STATUS_AUDIT"
    if adgroup.starts_at and now < adgroup.starts_at:
        return "AD_STATUS_NOT_START"
    if adgroup.ends_at and adgroup.ends_at <= now:
        return "AD_STATUS_DONE"
    return _post_word(world, ad, now) or DELIVERING


def _post_word(world: World, ad: Ad, now: datetime) -> str:
    """What stops a Spark ad on the side of its post, or ""."""
    post = world.posts.get(ad.item_id)
    if post is None:
        return LOST if ad.item_id else ""
    if post.status(now) == "AUDIT_DELETE":
        return "AD_STATUS_AUDIT_DENY"
    if not post.is_public(now):
        return LOST
    if ad.identity_type == "AUTH_CODE":
        held = authorized(world, ad.advertiser_id, ad.item_id)
        if not covers(held, now):
            return LOST
    if post.product_ids and not post.links_product(now):
        return "AD_STATUS_ANCHOR_UNAVAILABLE"
    return ""


def ad_is_delivering(world: World, ad: Ad, now: datetime) -> bool:
    return ad_status(world, ad, now) == DELIVERING


def current_redemption(
    world: World, advertiser_id: str, item_id: str, now: datetime
) -> Redemption | None:
    """The redemption that counts for the post: the one whose code ends last, None when unbound."""
    held = [
        r
        for r in world.redemptions_of(advertiser_id)
        if r.item_id == item_id
        and (r.unbound_at is None or r.unbound_at > now)
        and r.redeemed_at <= now
    ]
    return max(
        held, key=lambda r: (world.codes[r.code_text].over_at(), r.redeemed_at), default=None
    )


def authorization_word(world: World, redemption: Redemption, now: datetime) -> str:
    """The word of ``ad_auth_status``."""
    state = world.codes[redemption.code_text].state(now)
    return {"active": "AUTHORIZED", "revoked": "UNAUTHORIZED"}.get(state, "EXPIRED")
