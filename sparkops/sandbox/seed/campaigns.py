"""Spark and GMV Max campaigns of the seeded brands."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from sparkops.sandbox.seed.posts import PlannedAd
from sparkops.sandbox.world import (
    Ad,
    AdGroup,
    Brand,
    Campaign,
    Comment,
    GmvMaxCampaign,
    Post,
    Switch,
    World,
)

REVIEW_TIME = timedelta(minutes=40)
ADS_PER_GROUP = 5
GROUP_BUDGET = Decimal(30)
# How much of its budget a group finds buyers for.
GROUP_PACE = Decimal("0.36")
COMMENTS = (
    ("where did you get this??", "rosie.k"),
    ("does it work on sensitive skin", "tallulah"),
    ("third time I see this, ordering now", "bookish_ben"),
    ("mine arrived broken :(", "user88213"),
    ("thank you for being honest", "annelie"),
)


def add_campaigns(world: World, brand: Brand, planned: list[PlannedAd]) -> None:
    """Per ad account: live traffic and conversion campaigns, one paused; plus GMV Max."""
    for advertiser_id in brand.advertiser_ids:
        mine = [one for one in planned if _redeemed_in(world, one.post, advertiser_id)]
        half = (len(mine) + 1) // 2
        _spark(world, brand, advertiser_id, "TRAFFIC", mine[:half])
        _spark(world, brand, advertiser_id, "WEB_CONVERSIONS", mine[half:])
        paused = [one for one in mine if one.plan.fate == "live"][:2]
        _spark(world, brand, advertiser_id, "VIDEO_VIEWS", paused, paused=True)
    if planned:
        _gmv_max(world, brand)


def _redeemed_in(world: World, post: Post, advertiser_id: str) -> bool:
    return any(r.item_id == post.item_id for r in world.redemptions_of(advertiser_id))


def _spark(
    world: World,
    brand: Brand,
    advertiser_id: str,
    objective: str,
    planned: list[PlannedAd],
    *,
    paused: bool = False,
) -> None:
    if not planned:
        return
    began = min(one.redeemed_at for one in planned) + timedelta(hours=2)
    # A campaign that is paused today ran for three weeks.
    stopped = max(began, world.started_at - timedelta(days=18))
    switches = [Switch(began, "ENABLE")]
    if paused:
        began = min(began, stopped - timedelta(days=21))
        switches = [Switch(began, "ENABLE"), Switch(stopped, "DISABLE")]
    campaign = Campaign(
        id=world.new_id("campaign"),
        advertiser_id=advertiser_id,
        name=f"SPK | {brand.name} | {objective.lower()}",
        created_at=began,
        modified_at=stopped if paused else began,
        switches=switches,
        fields={"campaign_type": "REGULAR_CAMPAIGN"},
        objective_type=objective,
    )
    world.campaigns[campaign.id] = campaign
    for start in range(0, len(planned), ADS_PER_GROUP):
        _adgroup(world, brand, campaign, planned[start : start + ADS_PER_GROUP])


GROUP_SETTINGS = {
    "TRAFFIC": ("WEBSITE", "CLICK", "CPC"),
    "WEB_CONVERSIONS": ("WEBSITE", "CONVERT", "OCPM"),
    "VIDEO_VIEWS": (None, "ENGAGED_VIEW", "CPV"),
}
LOCATIONS = {"US": "6252001", "GB": "2635167", "DE": "2921044"}


def _adgroup(world: World, brand: Brand, campaign: Campaign, planned: list[PlannedAd]) -> None:
    promotion_type, goal, billing = GROUP_SETTINGS[campaign.objective_type]
    number = sum(1 for group in world.adgroups.values() if group.campaign_id == campaign.id) + 1
    adgroup = AdGroup(
        id=world.new_id("adgroup"),
        advertiser_id=campaign.advertiser_id,
        name=f"{brand.market} 18-44 #{number}",
        created_at=campaign.created_at,
        modified_at=campaign.created_at,
        switches=[Switch(campaign.created_at, "ENABLE")],
        fields={
            "promotion_type": promotion_type,
            "optimization_goal": goal,
            "billing_event": billing,
            "location_ids": [LOCATIONS[brand.market]],
            "schedule_type": "SCHEDULE_FROM_NOW",
            "pacing": "PACING_MODE_SMOOTH",
            "bid_type": "BID_TYPE_NO_BID",
        },
        budgets=[(campaign.created_at, GROUP_BUDGET)],
        campaign_id=campaign.id,
        starts_at=campaign.created_at,
        ends_at=campaign.created_at + timedelta(days=3652),
    )
    world.adgroups[adgroup.id] = adgroup
    for one in planned:
        _ad(world, brand, campaign, adgroup, one, GROUP_PACE / len(planned))


def _ad(
    world: World,
    brand: Brand,
    campaign: Campaign,
    adgroup: AdGroup,
    one: PlannedAd,
    pace: Decimal,
) -> None:
    creator = world.creators[one.post.creator_id]
    created_at = max(campaign.created_at, one.redeemed_at + timedelta(hours=3))
    created_at = created_at.replace(microsecond=0)
    ad = Ad(
        id=world.new_id("ad"),
        advertiser_id=campaign.advertiser_id,
        name=f"SPK {creator.handle} {one.post.posted_at:%m%d}",
        created_at=created_at,
        modified_at=created_at,
        switches=[Switch(created_at, "ENABLE")],
        fields={
            "call_to_action": "SHOP_NOW",
            "landing_page_url": f"https://{brand.key}.example/shop",
            "dark_post_status": "OFF",
        },
        campaign_id=campaign.id,
        adgroup_id=adgroup.id,
        item_id=one.post.item_id,
        identity_type="AUTH_CODE",
        identity_id=creator.identity_id,
        pace=pace,
        reviews=[Switch(created_at + REVIEW_TIME, "APPROVED")],
    )
    world.ads[ad.id] = ad
    _comments(world, ad)


def _comments(world: World, ad: Ad) -> None:
    rng = world.random("comments", ad.id)
    for text, name in rng.sample(COMMENTS, k=rng.randrange(0, 4)):
        comment_id = world.new_id("comment")
        world.comments[comment_id] = Comment(
            id=comment_id,
            ad_id=ad.id,
            text=text,
            user_name=name,
            created_at=ad.created_at + timedelta(hours=rng.uniform(2, 72)),
            likes=rng.randrange(0, 40),
        )


def _gmv_max(world: World, brand: Brand) -> None:
    """One running product campaign on part of the range, and one that was switched off."""
    products = [p.id for p in world.products.values() if p.shop_id == brand.shop_id]
    began = world.started_at - timedelta(days=55)
    ended = world.started_at - timedelta(days=33)
    _gmv_max_campaign(world, brand, "core range", products[:2], Decimal(62), [(began, "ENABLE")])
    _gmv_max_campaign(
        world,
        brand,
        "autumn test",
        products[2:3],
        Decimal(40),
        [(began, "ENABLE"), (ended, "DISABLE")],
    )


def _gmv_max_campaign(
    world: World,
    brand: Brand,
    label: str,
    product_ids: list[str],
    budget: Decimal,
    switches: list[tuple],
) -> None:
    began = switches[0][0]
    own = [i for i in world.identities if i.advertiser_ids == brand.advertiser_ids]
    campaign = GmvMaxCampaign(
        id=world.new_id("gmv_max"),
        advertiser_id=brand.advertiser_ids[0],
        name=f"GMVMAX | {brand.name} | {label}",
        created_at=began,
        modified_at=switches[-1][0],
        switches=[Switch(at, status) for at, status in switches],
        fields={
            "schedule_type": "SCHEDULE_FROM_NOW",
            "location_ids": [LOCATIONS[brand.market]],
            "product_video_specific_type": "AUTO_SELECTION",
        },
        budgets=[(began, budget)],
        shop_id=brand.shop_id,
        bc_id=brand.bc_id,
        roas_bid=Decimal("3.5"),
        product_ids=product_ids,
        starts_at=began,
        identities=[
            {"identity_id": i.identity_id, "identity_type": i.identity_type}
            | ({"identity_authorized_bc_id": i.bc_id} if i.bc_id else {})
            for i in own
            if i.identity_type != "TTS_TT"
        ],
    )
    world.gmv_max[campaign.id] = campaign
