"""Ads: Spark ads on existing posts, their review and their switches."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from sparkops.sandbox.ads import adgroups
from sparkops.sandbox.ads.call import Call, Data, Refused, endpoint, invalid
from sparkops.sandbox.ads.entities import (
    check_name,
    check_request_id,
    common,
    note_change,
    select,
    update_status,
)
from sparkops.sandbox.ads.identities import find as find_identity
from sparkops.sandbox.world import Ad, AdGroup, Advertiser, Switch
from sparkops.sandbox.world.cover import authorized, covers
from sparkops.sandbox.world.statuses import ad_status

REVIEW_TIME = timedelta(minutes=15)
MOST_CREATIVES = 20
FORMATS = ("SINGLE_VIDEO", "CAROUSEL_ADS", "SINGLE_IMAGE", "LIVE_CONTENT", "CATALOG_CAROUSEL")
IDENTITY_TYPES = ("CUSTOMIZED_USER", "AUTH_CODE", "TT_USER", "BC_AUTH_TT")
NOT_PROMOTABLE = "tiktok_item_id: The post cannot be used for ads: {reason}."


def row(call: Call, ad: Ad) -> Data:
    fields = ad.fields
    spark = bool(ad.item_id)
    adgroup, campaign = call.world.adgroups[ad.adgroup_id], call.world.campaigns[ad.campaign_id]
    return {
        "ad_name": ad.name,
        "avatar_icon_web_uri": "",
        "creative_type": fields.get("creative_type"),
        "adgroup_id": ad.adgroup_id,
        "campaign_id": ad.campaign_id,
        "playable_url": "",
        "operation_status": ad.operation_status(call.now),
        "secondary_status": ad_status(call.world, ad, call.now),
        "brand_safety_vast_url": None,
        "impression_tracking_url": fields.get("impression_tracking_url"),
        "viewability_postbid_partner": "UNSET",
        "viewability_vast_url": None,
        "identity_id": ad.identity_id,
        "identity_type": ad.identity_type,
        "identity_authorized_bc_id": fields.get("identity_authorized_bc_id"),
        "display_name": fields.get("display_name", ""),
        "page_id": None,
        "ad_id": ad.id,
        "landing_page_url": fields.get("landing_page_url", ""),
        "campaign_name": campaign.name,
        "landing_page_urls": None,
        "profile_image_url": f"https://p16-sign.tiktokcdn.example/{ad.identity_id}.jpeg",
        "ad_text": fields.get("ad_text", ""),
        "is_new_structure": True,
        "call_to_action_id": fields.get("call_to_action_id"),
        "video_id": fields.get("video_id"),
        "adgroup_name": adgroup.name,
        "creative_authorized": False,
        "deeplink_type": fields.get("deeplink_type", "NORMAL"),
        "tracking_pixel_id": fields.get("tracking_pixel_id", 0),
        "is_aco": False,
        "brand_safety_postbid_partner": "UNSET",
        "image_ids": fields.get("image_ids", []),
        "deeplink": fields.get("deeplink", ""),
        "fallback_type": "UNSET",
        "app_name": "",
        "vast_moat_enabled": False,
        "ad_format": fields.get("ad_format", "SINGLE_VIDEO"),
        "optimization_event": None,
        "ad_texts": None,
        "click_tracking_url": fields.get("click_tracking_url"),
        "call_to_action": fields.get("call_to_action"),
        "card_id": None,
        "tiktok_item_id": ad.item_id or None,
        "dark_post_status": fields.get("dark_post_status", "OFF") if spark else None,
        "promotional_music_disabled": fields.get("promotional_music_disabled", True),
        "item_duet_status": fields.get("item_duet_status"),
        "item_stitch_status": fields.get("item_stitch_status"),
        **common(ad),
    }


def of_advertiser(call: Call, advertiser: Advertiser) -> list[Ad]:
    return [ad for ad in call.world.ads.values() if ad.advertiser_id == advertiser.id]


@endpoint("GET", "/ad/get/")
def get(call: Call) -> Data:
    advertiser = call.advertiser()
    found = select(
        call,
        of_advertiser(call, advertiser),
        lambda one: ad_status(call.world, one, call.now),
        {
            "campaign_ids": lambda one: one.campaign_id,
            "adgroup_ids": lambda one: one.adgroup_id,
            "ad_ids": lambda one: one.id,
        },
    )
    rows, page_info = call.page(found)
    shown = [call.only_fields(row(call, one), ["ad_id"]) for one in rows]
    return {"list": shown, "page_info": page_info}


@endpoint("POST", "/ad/create/")
def create(call: Call) -> Data:
    """All creatives or none."""
    advertiser = call.advertiser()
    adgroup = adgroups.named(call, advertiser, call.needed("adgroup_id"))
    call.need("creatives")
    creatives = call.json("creatives", list)
    if not 1 <= len(creatives) <= MOST_CREATIVES:
        raise Refused(40061, f"creatives: Between 1 and {MOST_CREATIVES} creatives are allowed.")
    checked = [_checked(call, advertiser, adgroup, one, n) for n, one in enumerate(creatives)]
    check_request_id(call)
    made = [_make(call, advertiser, adgroup, one, len(checked)) for one in checked]
    return {
        "ad_ids": [ad.id for ad in made],
        "need_audit": True,
        "creatives": [row(call, ad) for ad in made],
    }


def _checked(
    call: Call, advertiser: Advertiser, adgroup: AdGroup, creative: Any, place: int
) -> Data:
    if not isinstance(creative, dict):
        raise invalid(f"creatives[{place}]: Must be an object.")
    names = ["ad_format", "identity_type", "identity_id"]
    missing = [name for name in names if not creative.get(name)]
    if "ad_name" not in creative:
        missing.insert(0, "ad_name")
    if missing:
        raise invalid(f"Missing required field(s): {', '.join(missing)}.")
    for name, options in (("ad_format", FORMATS), ("identity_type", IDENTITY_TYPES)):
        if creative[name] not in options:
            raise invalid(f"{name}: Invalid value {creative[name]}.")
    check_identity(call, advertiser, creative)
    siblings = [ad for ad in of_advertiser(call, advertiser) if ad.adgroup_id == adgroup.id]
    name = str(creative["ad_name"])
    if name:
        check_name(call, name, "ad_name", siblings)
    return creative


def check_identity(call: Call, advertiser: Advertiser, creative: Data) -> None:
    """The identity exists here and, for a Spark ad, its post may be promoted now."""
    kind, item_id = creative["identity_type"], str(creative.get("tiktok_item_id") or "")
    if kind == "BC_AUTH_TT" and not creative.get("identity_authorized_bc_id"):
        raise invalid("Missing required field(s): identity_authorized_bc_id.")
    find_identity(call, advertiser, kind, str(creative["identity_id"]))
    if kind == "AUTH_CODE" and not item_id:
        raise invalid("Missing required field(s): tiktok_item_id.")
    if item_id:
        reason = why_not_promotable(call, advertiser, kind, item_id, str(creative["identity_id"]))
        if reason:
            raise invalid(NOT_PROMOTABLE.format(reason=reason))
    elif not creative.get("video_id") and not creative.get("image_ids"):
        raise invalid("Missing required field(s): video_id.")


def why_not_promotable(
    call: Call, advertiser: Advertiser, kind: str, item_id: str, identity_id: str
) -> str:
    """Why no ad can be made on the post, or ""."""
    post = call.world.posts.get(item_id)
    if post is None or not post.exists(call.now):
        return "it does not exist or has been deleted"
    if not post.is_public(call.now):
        return "it is not public"
    if kind == "AUTH_CODE":
        if call.world.creators[post.creator_id].identity_id != identity_id:
            return "it does not belong to this identity"
        if not covers(authorized(call.world, advertiser.id, item_id), call.now):
            return "its authorization is missing or has expired"
    if post.product_ids and not post.links_product(call.now):
        return "its product link is not available"
    return ""


def _make(
    call: Call, advertiser: Advertiser, adgroup: AdGroup, creative: Data, together: int
) -> Ad:
    known = ("ad_name", "identity_type", "identity_id", "tiktok_item_id", "operation_status")
    siblings = [ad for ad in of_advertiser(call, advertiser) if ad.adgroup_id == adgroup.id]
    ad_id = call.world.new_id("ad")
    status = "DISABLE" if creative.get("operation_status") == "DISABLE" else "ENABLE"
    taken = sum((ad.pace for ad in siblings), Decimal(0))
    left = max(Decimal("0.1"), Decimal("0.95") - taken) / together
    ad = Ad(
        id=ad_id,
        advertiser_id=advertiser.id,
        name=str(creative["ad_name"]) or ad_id,
        created_at=call.now,
        modified_at=call.now,
        switches=[Switch(call.now, status)],
        fields={k: v for k, v in creative.items() if k not in known and v is not None},
        campaign_id=adgroup.campaign_id,
        adgroup_id=adgroup.id,
        item_id=str(creative.get("tiktok_item_id") or ""),
        identity_type=creative["identity_type"],
        identity_id=str(creative["identity_id"]),
        pace=left,
        reviews=[Switch(call.now + REVIEW_TIME, "APPROVED")],
    )
    call.world.ads[ad.id] = ad
    note_change(call, ad, "AD", "CREATE", "", ad.name)
    return ad


@endpoint("POST", "/ad/update/")
def update(call: Call) -> Data:
    """Patch mode changes what is sent; without it unset fields go back to their defaults."""
    advertiser = call.advertiser()
    adgroup = adgroups.named(call, advertiser, call.needed("adgroup_id"))
    call.need("creatives")
    patch = call.flag("patch_update")
    changed = []
    for creative in call.json("creatives", list):
        ad = call.world.ads.get(str(creative.get("ad_id", "")))
        if ad is None or ad.adgroup_id != adgroup.id:
            raise Refused(40007, f"The ad {creative.get('ad_id')} does not exist in the ad group.")
        merged = {
            "identity_type": ad.identity_type,
            "identity_id": ad.identity_id,
            "tiktok_item_id": ad.item_id,
            **(ad.fields if patch else {}),
            **creative,
        }
        check_identity(call, advertiser, merged)
        changed.append((ad, creative, merged))
    for ad, creative, merged in changed:
        ad.name = str(creative.get("ad_name") or ad.name)
        ad.identity_type, ad.identity_id = merged["identity_type"], str(merged["identity_id"])
        if str(merged["tiktok_item_id"]) != ad.item_id:
            ad.item_id = str(merged["tiktok_item_id"])
            ad.reviews += [Switch(call.now, "AUDIT"), Switch(call.now + REVIEW_TIME, "APPROVED")]
        handled = {"ad_id", "ad_name", "identity_type", "identity_id", "tiktok_item_id"}
        ad.fields = {k: v for k, v in merged.items() if k not in handled}
        ad.modified_at = call.now
        note_change(call, ad, "AD", "UPDATE", "", ", ".join(sorted(creative)))
    return {
        "ad_ids": [ad.id for ad, _, _ in changed],
        "need_audit": True,
        "creatives": [row(call, ad) for ad, _, _ in changed],
    }


@endpoint("POST", "/ad/status/update/")
def status_update(call: Call) -> Data:
    if call.texts("aco_ad_ids") and not call.texts("ad_ids"):
        raise Refused(40007, "The object does not exist in this ad account.")
    known: dict[str, Any] = dict(call.world.ads)
    return update_status(call, "ad_ids", known, "AD")


@endpoint("GET", "/ad/review_info/")
def review_info(call: Call) -> Data:
    advertiser = call.advertiser()
    call.need("ad_ids")
    shown = {}
    for ad_id in call.texts("ad_ids", 100):
        ad = call.world.ads.get(ad_id)
        if ad is None or ad.advertiser_id != advertiser.id:
            raise Refused(40007, f"The ad {ad_id} does not exist in this ad account.")
        approved = ad.review(call.now) == "APPROVED"
        denied = ad.review(call.now) == "REJECTED"
        shown[ad_id] = {
            "is_approved": approved,
            "review_status": "ALL_AVAILABLE" if approved else "UNAVAILABLE",
            "reject_info": (
                [{"reasons": [ad.rejected_reason], "suggestion": "", "content_info": None}]
                if denied
                else []
            ),
            "forbidden_placements": [],
            "forbidden_locations": [],
            "appeal_status": None,
            "last_audit_time": None,
        }
    return {"ad_review_map": shown}


def _no_smart_plus(call: Call) -> Data:
    """No Smart+ campaigns exist in the seeded worlds; the lists are there and empty."""
    call.advertiser()
    _, page_info = call.page([])
    return {"list": [], "page_info": page_info}


for _level in ("campaign", "adgroup", "ad"):
    endpoint("GET", f"/smart_plus/{_level}/get/")(_no_smart_plus)
