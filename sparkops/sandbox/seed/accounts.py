"""Apps, brands, ad accounts, shops, products and creators."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from sparkops.sandbox.seed.plans import AdvertiserPlan, BrandPlan, Scale
from sparkops.sandbox.world import (
    AdsApp,
    AdsUser,
    Advertiser,
    Brand,
    BusinessCenter,
    Creator,
    Identity,
    OutreachQuota,
    Product,
    Seller,
    Shop,
    ShopApp,
    Sku,
    World,
)

AGENCY_USER = "agency"
ADS_SCOPE = [1, 2, 4, 5, 6, 9, 15000000, 18000000, 19000000]
SHOP_SCOPES = [
    "seller.authorization.info",
    "seller.shop.info",
    "seller.product.basic",
    "seller.order.info",
    "seller.return_refund.basic",
    "seller.finance.info",
    "seller.creator_marketplace.read",
    "seller.affiliate_collaboration.read",
    "seller.affiliate_collaboration.write",
    "seller.affiliate_messages.read",
    "seller.affiliate_messages.write",
    "data.shop_analytics.public.read",
]


def add_apps(world: World) -> None:
    ads = AdsApp("7398000000000000001", world.new_secret("ads_app"), "SparkOps", [], ADS_SCOPE)
    world.ads_apps[ads.app_id] = ads
    shop = ShopApp(
        app_key="6sparkops0001",
        app_secret=world.new_secret("shop_app"),
        service_id="7399000000000000001",
        name="SparkOps",
        scopes=SHOP_SCOPES,
    )
    world.shop_apps[shop.app_key] = shop
    world.ads_users[AGENCY_USER] = AdsUser(AGENCY_USER, "Fieldnotes Agency", [], [])


def add_brand(world: World, plan: BrandPlan) -> Brand:
    """The brand with its Business Center, ad accounts, seller, shop and products."""
    number = len(world.brands) + 1
    shop_id = world.new_id("shop")
    bc = BusinessCenter(
        world.new_id("bc"), f"{plan.name} BC", plan.currency, plan.zone, plan.market, [], [shop_id]
    )
    world.business_centers[bc.id] = bc
    brand = Brand(
        key=plan.key,
        name=plan.name,
        market=plan.market,
        currency=plan.currency,
        zone=plan.zone,
        language=plan.language,
        prices_include_tax=plan.prices_include_tax,
        tax_rate=Decimal(plan.tax_rate),
        referral_rate=Decimal(plan.referral_rate),
        shop_id=shop_id,
        seller_id=f"seller-{plan.key}",
        bc_id=bc.id,
        ads_user_id=f"user-{plan.key}",
    )
    world.brands[brand.key] = brand
    for advertiser_plan in plan.advertisers:
        _add_advertiser(world, brand, bc, advertiser_plan)
    for user_id in (brand.ads_user_id, AGENCY_USER):
        user = world.ads_users.setdefault(
            user_id, AdsUser(user_id, f"{plan.name} marketing", [], [])
        )
        user.advertiser_ids += brand.advertiser_ids
        user.bc_ids.append(bc.id)
    _add_shop(world, brand, plan, number)
    for product in plan.products:
        variants = [
            Sku(
                world.new_id("sku"),
                f"{product.sku}-{position}",
                name,
                Decimal(price),
                40 + 97 * position,
            )
            for position, (name, price) in enumerate(product.variants, start=1)
        ]
        added = Product(
            id=world.new_id("product"),
            shop_id=shop_id,
            title=product.title,
            category=product.category,
            created_at=world.started_at - timedelta(days=400),
            updated_at=world.started_at - timedelta(days=60),
            skus=variants,
            image_url=f"https://p16-oec.tiktokcdn.example/{product.sku.lower()}.jpeg",
        )
        world.products[added.id] = added
    return brand


def _add_advertiser(world: World, brand: Brand, bc: BusinessCenter, plan: AdvertiserPlan) -> None:
    advertiser = Advertiser(
        id=world.new_id("advertiser"),
        name=f"{brand.name} {plan.suffix}",
        company=f"{brand.name} Ltd",
        brand_key=brand.key,
        bc_id=bc.id,
        currency=plan.currency,
        country=plan.country,
        timezone=plan.timezone,
        display_timezone=plan.display_timezone,
        utc_offset_hours=plan.utc_offset_hours,
        created_at=world.started_at - timedelta(days=430),
        fx=Decimal(plan.fx),
        balance=Decimal("1840.25"),
    )
    world.advertisers[advertiser.id] = advertiser
    brand.advertiser_ids.append(advertiser.id)
    bc.advertiser_ids.append(advertiser.id)


def _add_shop(world: World, brand: Brand, plan: BrandPlan, number: int) -> None:
    world.sellers[brand.seller_id] = Seller(
        id=brand.seller_id,
        open_id=f"IKb2{world.new_secret('seller_open_id', 44)}",
        name=plan.name,
        region=plan.market,
        shop_ids=[brand.shop_id],
    )
    world.shops[brand.shop_id] = Shop(
        id=brand.shop_id,
        brand_key=brand.key,
        seller_id=brand.seller_id,
        name=plan.name,
        region=plan.market,
        currency=plan.currency,
        zone=plan.zone,
        cipher=f"GCP_{world.new_secret('shop_cipher', 32)}",
        code=f"{plan.market}LC{plan.key.upper()[:4]}{number:04d}",
        warehouse_id=world.new_id("warehouse"),
        exclusive_advertiser_id=brand.advertiser_ids[0],
    )
    week = timedelta(days=world.started_at.weekday())
    monday = (world.started_at - week).replace(hour=0, minute=0, second=0)
    world.quotas[brand.shop_id] = OutreachQuota(brand.shop_id, 2, 2000, 0, monday)
    for suffix, kind in (("official", "TT_USER"), ("studio", "BC_AUTH_TT"), ("shop", "TTS_TT")):
        world.identities.append(
            Identity(
                identity_id=_uuid(world, f"identity-{suffix}"),
                identity_type=kind,
                advertiser_ids=list(brand.advertiser_ids),
                display_name=plan.name if kind != "BC_AUTH_TT" else f"{plan.name} Studio",
                username=f"{plan.key}.{suffix}",
                bc_id=brand.bc_id if kind == "BC_AUTH_TT" else "",
                shop_id=brand.shop_id if kind == "TTS_TT" else "",
            )
        )


def _uuid(world: World, kind: str) -> str:
    text = world.new_secret(kind, 32)
    return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))


def add_creators(world: World, brand: Brand, plan: BrandPlan, scale: Scale) -> list[Creator]:
    """Creators with their own accounts; four in ten let the shop boost all their posts."""
    rng = world.random("creators", brand.key)
    added = []
    for index in range(scale.creators):
        base, round_number = plan.handles[index % len(plan.handles)], index // len(plan.handles)
        handle = base if not round_number else f"{base}{round_number + 1}"
        since = world.started_at - timedelta(days=rng.uniform(20, 200))
        creator = Creator(
            id=world.new_id("creator"),
            open_id=f"uACaf{world.new_secret('creator_open_id', 50)}",
            im_id=world.new_id("creator_im"),
            identity_id=_uuid(world, "creator_identity"),
            handle=handle,
            display_name=plan.names[index % len(plan.names)],
            market=brand.market,
            language=brand.language,
            follower_count=int(10 ** rng.uniform(3.4, 5.6)),
            brand_key=brand.key,
            gmv_30d=Decimal(round(10 ** rng.uniform(2, 4.3), 2)).quantize(Decimal("0.01")),
            fulfilment_rate=Decimal(rng.randrange(60, 100)) / 100,
            affiliate_authorized_from=since if index % 5 in (0, 3) else None,
        )
        if index % 20 == 13 and creator.affiliate_authorized_from:
            creator.affiliate_authorized_until = world.started_at - timedelta(days=4)
        if index % 9 == 4:
            creator.earlier_handles.append(f"{base}.old")
        world.creators[creator.id] = creator
        added.append(creator)
    return added
