"""GMV Max campaigns: list, settings, create, change, posts in and out, sessions."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from sparkops.sandbox.ads.call import (
    Call,
    Data,
    Refused,
    endpoint,
    invalid,
    moment_text,
    number,
    parse_moment,
)
from sparkops.sandbox.ads.entities import check_name, check_request_id, common, note_change, select
from sparkops.sandbox.ads.gmv_max import running, the_shop
from sparkops.sandbox.world import Advertiser, GmvMaxCampaign, Shop, Switch
from sparkops.sandbox.world.statuses import campaign_status

LIST_TYPES = {"PRODUCT_GMV_MAX": "PRODUCT", "LIVE_GMV_MAX": "LIVE"}
AGE_GROUPS = ["AGE_18_24", "AGE_25_34", "AGE_35_44", "AGE_45_54", "AGE_55_100"]
MOST_PRODUCTS = 400
MOST_REMOVALS = 400
SESSION_MINIMUM = Decimal(10)
BID_TYPES = ("NO_BID", "CREATIVE_NO_BID")


def of_advertiser(call: Call, advertiser: Advertiser) -> list[GmvMaxCampaign]:
    return [c for c in call.world.gmv_max.values() if c.advertiser_id == advertiser.id]


def named(call: Call, advertiser: Advertiser, campaign_id: str | None = None) -> GmvMaxCampaign:
    campaign = call.world.gmv_max.get(campaign_id or call.needed("campaign_id"))
    if campaign is None or campaign.advertiser_id != advertiser.id:
        raise Refused(40007, "The campaign does not exist in this ad account.")
    return campaign


@endpoint("GET", "/gmv_max/campaign/get/")
def get(call: Call) -> Data:
    advertiser = call.advertiser()
    call.need("filtering")
    filtering = call.filtering()
    types = filtering.get("gmv_max_promotion_types")
    if not types:
        raise invalid("Missing required field(s): filtering.gmv_max_promotion_types.")
    if not isinstance(types, list) or any(one not in LIST_TYPES for one in types):
        raise invalid("filtering.gmv_max_promotion_types: Allowed: PRODUCT_GMV_MAX, LIVE_GMV_MAX.")
    wanted = {LIST_TYPES[one] for one in types}
    stores = {str(one) for one in filtering.get("store_ids", [])}
    if len(stores) > 10:
        raise Refused(40011, "filtering.store_ids: At most 10 ids are allowed.")
    name = str(filtering.get("campaign_name", ""))
    found = [
        one
        for one in select(
            call,
            of_advertiser(call, advertiser),
            lambda one: campaign_status(one, call.now),
            {"campaign_ids": lambda one: one.id},
        )
        if one.shopping_ads_type in wanted
        and (not stores or one.shop_id in stores)
        and name in one.name
    ]
    rows, page_info = call.page(found, most=100)
    shown = [call.only_fields(list_row(call, one), ["campaign_id"]) for one in rows]
    return {"list": shown, "page_info": page_info}


def list_row(call: Call, campaign: GmvMaxCampaign) -> Data:
    return {
        "campaign_name": campaign.name,
        "objective_type": "PRODUCT_SALES",
        "secondary_status": campaign_status(campaign, call.now),
        "campaign_id": campaign.id,
        "operation_status": campaign.operation_status(call.now),
        "roi_protection_compensation_status": "NOT_ELIGIBLE",
        **common(campaign),
    }


def settings(call: Call, campaign: GmvMaxCampaign) -> Data:
    """All settings; keys without a value are left out."""
    fields = campaign.fields
    data: Data = {
        "advertiser_id": campaign.advertiser_id,
        "age_groups": AGE_GROUPS,
        "budget": number(campaign.budget),
        "campaign_id": campaign.id,
        "campaign_name": campaign.name,
        "custom_anchor_video_list": fields.get("custom_anchor_video_list", []),
        "deep_bid_type": "VO_MIN_ROAS",
        "identity_list": campaign.identities,
        "item_group_ids": campaign.product_ids,
        "item_list": fields.get("item_list", []),
        "location_ids": fields.get("location_ids", []),
        "operation_status": campaign.operation_status(call.now),
        "optimization_goal": "VALUE",
        "placements": ["PLACEMENT_TIKTOK"],
        "product_specific_type": fields.get("product_specific_type", "CUSTOMIZED_PRODUCTS"),
        "product_video_specific_type": fields.get("product_video_specific_type", "AUTO_SELECTION"),
        "affiliate_posts_enabled": campaign.affiliate_posts,
        "roas_bid": number(campaign.roas_bid),
        "schedule_start_time": moment_text(campaign.starts_at),
        "schedule_type": fields.get("schedule_type", "SCHEDULE_FROM_NOW"),
        "shopping_ads_type": campaign.shopping_ads_type,
        "store_authorized_bc_id": campaign.bc_id,
        "store_id": campaign.shop_id,
        "roi_protection_enabled": True,
    }
    if campaign.ends_at:
        data["schedule_end_time"] = moment_text(campaign.ends_at)
    for name in ("promotion_days", "auto_budget_enabled"):
        if name in fields:
            data[name] = fields[name]
    return data


@endpoint("GET", "/campaign/gmv_max/info/")
def info(call: Call) -> Data:
    return settings(call, named(call, call.advertiser()))


@endpoint("POST", "/campaign/gmv_max/create/")
def create(call: Call) -> Data:
    advertiser = call.advertiser()
    call.need(
        "request_id", "store_id", "store_authorized_bc_id", "campaign_name", "shopping_ads_type",
        "optimization_goal", "deep_bid_type", "roas_bid", "budget", "schedule_type",
        "schedule_start_time",
    )  # fmt: skip
    shop = the_shop(call, advertiser)
    if shop.exclusive_advertiser_id != advertiser.id:
        raise Refused(40001, "The ad account has no GMV Max right for this store.")
    kind = call.choice("shopping_ads_type", ["PRODUCT", "LIVE"])
    call.choice("optimization_goal", ["VALUE"])
    call.choice("deep_bid_type", ["VO_MIN_ROAS"])
    products = _products(call, shop, kind)
    name = check_name(
        call, call.text("campaign_name"), "campaign_name", of_advertiser(call, advertiser)
    )
    check_request_id(call, required=True)
    campaign = GmvMaxCampaign(
        id=call.world.new_id("gmv_max"),
        advertiser_id=advertiser.id,
        name=name,
        created_at=call.now,
        modified_at=call.now,
        switches=[
            Switch(call.now, call.choice("operation_status", ["ENABLE", "DISABLE"], "ENABLE"))
        ],
        budgets=[(call.now, call.amount("budget") or Decimal(0))],
        shop_id=shop.id,
        bc_id=call.text("store_authorized_bc_id"),
        shopping_ads_type=kind,
        product_ids=products,
        starts_at=parse_moment(call.text("schedule_start_time"), "schedule_start_time"),
    )
    _apply(call, campaign)
    call.world.gmv_max[campaign.id] = campaign
    note_change(call, campaign, "CAMPAIGN", "CREATE", "", name)
    return settings(call, campaign)


def _products(call: Call, shop: Shop, kind: str) -> list[str]:
    """The products to promote; each must be sellable and in no other running campaign."""
    if kind == "LIVE":
        call.need("identity_list")
        return []
    call.need("product_specific_type", "product_video_specific_type")
    mine = [p.id for p in call.world.products.values() if p.shop_id == shop.id]
    taken = {one for campaign in running(call, shop) for one in campaign.product_ids}
    if call.choice("product_specific_type", ["ALL", "CUSTOMIZED_PRODUCTS"]) == "ALL":
        if taken:
            raise invalid("product_specific_type: ALL is not allowed for this store.")
        return mine
    call.need("item_group_ids")
    wanted = call.texts("item_group_ids", MOST_PRODUCTS)
    for one in wanted:
        if one not in mine:
            raise invalid(f"item_group_ids: The product {one} is not in the store.")
        if one in taken:
            raise invalid(f"item_group_ids: The product {one} is used by another campaign.")
    return wanted


def _apply(call: Call, campaign: GmvMaxCampaign) -> None:
    """What create and update have in common; lists replace the old lists."""
    params = call.params
    for name in ("schedule_type", "product_specific_type", "product_video_specific_type"):
        if name in params:
            campaign.fields[name] = params[name]
    for name in ("custom_anchor_video_list", "promotion_days", "auto_budget_enabled"):
        if name in params:
            campaign.fields[name] = params[name]
    if "roas_bid" in params:
        campaign.roas_bid = call.amount("roas_bid") or Decimal(0)
    if "identity_list" in params:
        campaign.identities = call.json("identity_list", list)
    if "item_list" in params:
        items = call.json("item_list", list)
        campaign.fields["item_list"] = items
        campaign.item_ids = [str(item.get("item_id")) for item in items]
    if "affiliate_posts_enabled" in params:
        campaign.affiliate_posts = call.flag("affiliate_posts_enabled")
    if "schedule_end_time" in params:
        campaign.ends_at = parse_moment(call.text("schedule_end_time"), "schedule_end_time")


@endpoint("POST", "/campaign/gmv_max/update/")
def update(call: Call) -> Data:
    advertiser = call.advertiser()
    campaign = named(call, advertiser)
    if campaign.operation_status(call.now) == "DELETE":
        raise invalid("campaign_id: The campaign is deleted.")
    others = [one for one in of_advertiser(call, advertiser) if one is not campaign]
    if "campaign_name" in call.params:
        campaign.name = check_name(call, call.text("campaign_name"), "campaign_name", others)
    if "item_group_ids" in call.params:
        campaign.product_ids = call.texts("item_group_ids", MOST_PRODUCTS)
    budget = call.amount("budget")
    if budget is not None:
        note_change(call, campaign, "CAMPAIGN", "BUDGET", str(campaign.budget), str(budget))
        campaign.set_budget(budget, call.now)
    _apply(call, campaign)
    campaign.modified_at = call.now
    return settings(call, campaign)


@endpoint("POST", "/campaign/gmv_max/creative/update/")
def creatives(call: Call) -> Data:
    campaign = named(call, call.advertiser())
    call.need("action", "item_list")
    gone = call.choice("action", ["REMOVE", "ADD"]) == "REMOVE"
    items: list[Any] = call.json("item_list", list)
    if len(items) > MOST_REMOVALS:
        raise Refused(40011, f"item_list: At most {MOST_REMOVALS} posts are allowed.")
    if campaign.operation_status(call.now) != "ENABLE" or campaign.item_ids:
        raise invalid("campaign_id: The campaign must be active and select posts automatically.")
    for item in items:
        if not isinstance(item, dict) or not item.get("item_id") or not item.get("spu_id_list"):
            raise invalid("Missing required field(s): item_list.item_id, item_list.spu_id_list.")
    campaign.removed += [(call.now, str(item["item_id"]), gone) for item in items]
    return {}


def _session(call: Call, session: Any) -> Data:
    if not isinstance(session, dict):
        raise invalid("session: Must be an object.")
    missing = [name for name in ("budget", "product_list") if not session.get(name)]
    if missing:
        raise invalid(f"Missing required field(s): session.{missing[0]}.")
    if Decimal(str(session["budget"])) < SESSION_MINIMUM:
        raise invalid(f"session.budget: The budget must be at least {SESSION_MINIMUM}.")
    if len(session["product_list"]) != 1:
        raise invalid("session.product_list: Exactly one product is allowed.")
    if session.get("bid_type", "NO_BID") not in BID_TYPES:
        raise invalid(f"session.bid_type: Allowed: {', '.join(BID_TYPES)}.")
    return {"bid_type": "NO_BID", **session}


@endpoint("POST", "/campaign/gmv_max/session/create/")
def session_create(call: Call) -> Data:
    campaign = named(call, call.advertiser())
    call.need("store_id", "session")
    session = _session(call, call.params["session"])
    session |= {"session_id": call.world.new_id("session"), "campaign_id": campaign.id}
    campaign.sessions.append(session)
    return {"session_id": session["session_id"]}


def _find_session(campaign: GmvMaxCampaign, session_id: str) -> Data:
    for session in campaign.sessions:
        if session["session_id"] == session_id:
            return session
    raise Refused(40007, f"The session {session_id} does not exist.")


@endpoint("POST", "/campaign/gmv_max/session/update/")
def session_update(call: Call) -> Data:
    campaign = named(call, call.advertiser())
    call.need("session_id", "session")
    session = _find_session(campaign, call.text("session_id"))
    changed = _session(call, {**session, **call.json("session", dict)})
    session.update(changed)
    return {"session_id": session["session_id"]}


@endpoint("POST", "/campaign/gmv_max/session/delete/")
def session_delete(call: Call) -> Data:
    campaign = named(call, call.advertiser())
    campaign.sessions.remove(_find_session(campaign, call.needed("session_id")))
    return {}


@endpoint("GET", "/campaign/gmv_max/session/list/")
def session_list(call: Call) -> Data:
    return {"session_list": named(call, call.advertiser()).sessions}


@endpoint("GET", "/campaign/gmv_max/session/get/")
def session_get(call: Call) -> Data:
    advertiser = call.advertiser()
    call.need("session_ids")
    wanted = call.texts("session_ids", 20)
    mine = [s for one in of_advertiser(call, advertiser) for s in one.sessions]
    return {"session_list": [s for s in mine if s["session_id"] in wanted]}
