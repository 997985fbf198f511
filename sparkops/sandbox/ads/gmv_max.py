"""GMV Max: shops, rights, identities, posts and products."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from sparkops.sandbox.ads.call import Call, Data, Refused, endpoint, invalid
from sparkops.sandbox.ads.posts import file_facts
from sparkops.sandbox.world import Advertiser, GmvMaxCampaign, Identity, Post, Product, Shop
from sparkops.sandbox.world.audience import organic
from sparkops.sandbox.world.cover import authorized, covers
from sparkops.sandbox.world.gmv_max import orders_between
from sparkops.sandbox.world.money import text
from sparkops.sandbox.world.statuses import ad_is_delivering

SORT_FIELDS = (
    "GMV",
    "POST_TIME",
    "VIDEO_VIEWS",
    "VIDEO_LIKES",
    "CLICK_THROUGH_RATE",
    "ORDER_RATE",
    "PRODUCT_CLICKS",
)
MOST_IDENTITIES = 20


def shops_of(call: Call, advertiser: Advertiser) -> list[Shop]:
    bc = call.world.business_centers[advertiser.bc_id]
    return [call.world.shops[one] for one in bc.shop_ids]


def the_shop(call: Call, advertiser: Advertiser, name: str = "store_id") -> Shop:
    """The shop of ``store_id``, which the ad account's Business Center must hold."""
    store_id = call.needed(name)
    for shop in shops_of(call, advertiser):
        if shop.id == store_id:
            return shop
    raise Refused(40001, f"No permission to operate store {store_id}.")


def running(call: Call, shop: Shop) -> list[GmvMaxCampaign]:
    """The shop's GMV Max campaigns that are switched on."""
    return [
        one
        for one in call.world.gmv_max.values()
        if one.shop_id == shop.id and one.operation_status(call.now) == "ENABLE"
    ]


def right_holder(call: Call, shop: Shop) -> Data:
    holder = call.world.advertisers.get(shop.exclusive_advertiser_id)
    if holder is None:
        return {}
    return {
        "advertiser_id": holder.id,
        "advertiser_name": holder.name,
        "advertiser_status": holder.status,
    }


@endpoint("GET", "/gmv_max/store/list/")
def stores(call: Call) -> Data:
    advertiser = call.advertiser()
    bc = call.world.business_centers[advertiser.bc_id]
    rows = []
    for shop in shops_of(call, advertiser):
        row = {
            "is_gmv_max_available": True,
            "is_owner_bc": True,
            "store_authorized_bc_id": bc.id,
            "store_authorized_bc_info": {
                "bc_id": bc.id,
                "bc_name": bc.name,
                "bc_profile_image": f"https://p16-sign.tiktokcdn.example/{bc.id}.png",
                "user_role": "ADMIN",
            },
            "store_code": shop.code,
            "store_id": shop.id,
            "store_name": shop.name,
            "store_role": "AD_PROMOTION",
            "store_status": "ACTIVE",
            "targeting_region_codes": [shop.region],
            "thumbnail_url": f"https://p16-sign.tiktokcdn.example/{shop.id}.png",
        }
        holder = right_holder(call, shop)
        if holder:
            row["exclusive_authorized_advertiser_info"] = holder
        rows.append(row)
    return {"store_list": rows}


@endpoint("GET", "/gmv_max/exclusive_authorization/get/")
def right(call: Call) -> Data:
    advertiser = call.advertiser()
    call.need("store_id", "store_authorized_bc_id")
    shop = the_shop(call, advertiser)
    if not shop.exclusive_advertiser_id:
        return {"authorization_status": "UNAUTHORIZED", "store_id": shop.id}
    official = next((i for i in call.world.identities if i.shop_id == shop.id), None)
    data = {
        "authorization_status": "EFFECTIVE",
        **right_holder(call, shop),
        "store_id": shop.id,
    }
    if official:
        data["identity_id"] = official.identity_id
    return data


@endpoint("POST", "/gmv_max/exclusive_authorization/create/")
def take_right(call: Call) -> Data:
    """Takes the right from the other account, whose campaigns pause."""
    advertiser = call.advertiser()
    call.need("store_id", "store_authorized_bc_id")
    shop = the_shop(call, advertiser)
    if shop.exclusive_advertiser_id != advertiser.id:
        for campaign in running(call, shop):
            campaign.switch("DISABLE", call.now)
        shop.exclusive_advertiser_id = advertiser.id
    return {}


@endpoint("GET", "/gmv_max/store/shop_ad_usage_check/")
def usage(call: Call) -> Data:
    shop = the_shop(call, call.advertiser())
    return {
        "promote_all_products_allowed": not running(call, shop),
        "is_running_custom_shop_ads": False,
    }


def identity_row(identity: Identity, shop: Shop) -> Data:
    """Keys without a value are left out, as these endpoints do."""
    row: Data = {
        "identity_id": identity.identity_id,
        "identity_type": identity.identity_type,
        "is_running_custom_shop_ads": False,
        "live_gmv_max_available": identity.identity_type == "TT_USER",
        "product_gmv_max_available": identity.identity_type != "TTS_TT",
    }
    if identity.identity_type == "TTS_TT":
        row["store_id"] = shop.id
    else:
        row |= {
            "display_name": identity.display_name,
            "profile_image": f"https://p16-sign.tiktokcdn.example/{identity.identity_id}.jpeg",
            "user_name": identity.username,
        }
    if identity.bc_id:
        row["identity_authorized_bc_id"] = identity.bc_id
    if not row["live_gmv_max_available"]:
        row["unavailable_reason"] = "UNAUTHORIZED"
    return row


def identities_of(call: Call, advertiser: Advertiser) -> list[Identity]:
    kinds = {"TT_USER", "BC_AUTH_TT", "TTS_TT"}
    return [
        one
        for one in call.world.identities
        if advertiser.id in one.advertiser_ids and one.identity_type in kinds
    ]


@endpoint("GET", "/gmv_max/identity/get/")
def identities(call: Call) -> Data:
    advertiser = call.advertiser()
    call.need("store_id", "store_authorized_bc_id")
    shop = the_shop(call, advertiser)
    return {"identity_list": [identity_row(one, shop) for one in identities_of(call, advertiser)]}


@endpoint("GET", "/gmv_max/video/get/")
def videos(call: Call) -> Data:
    """Posts a campaign may use. Without identities and without codes asked for: none."""
    advertiser = call.advertiser()
    call.need("store_id", "store_authorized_bc_id")
    shop = the_shop(call, advertiser)
    if len(call.json("identity_list", list)) > MOST_IDENTITIES:
        raise Refused(40011, "identity_list: At most 20 identities are allowed.")
    sort = call.choice("sort_field", SORT_FIELDS, "POST_TIME")
    descending = call.choice("sort_type", ["ASC", "DESC"], "DESC") == "DESC"
    products = set(call.texts("spu_id_list"))
    keyword = call.text("keyword").lower()
    posts = []
    if call.flag("need_auth_code_video"):
        posts = [
            post
            for post in call.world.posts.values()
            if covers(authorized(call.world, advertiser.id, post.item_id), call.now)
            and post.is_public(call.now)
            and (not products or products & set(post.product_ids))
            and keyword in post.caption.lower()
        ]
    posts.sort(key=lambda post: _sort_key(call, shop, post, sort), reverse=descending)
    rows, page_info = call.page(posts, most=50)
    return {"item_list": [_video_row(call, post) for post in rows], "page_info": page_info}


def _sort_key(call: Call, shop: Shop, post: Post, field: str) -> tuple[float, str]:
    if field == "POST_TIME":
        return post.posted_at.timestamp(), post.item_id
    if field == "GMV":
        orders = orders_between(call.world, shop.id, post.posted_at, call.now)
        mine = (o for o in orders if o.affiliate and o.affiliate.content_id == post.item_id)
        return float(sum(o.item_revenue for o in mine)), post.item_id
    numbers = organic(call.world, post, post.posted_at, call.now)
    values = {
        "VIDEO_VIEWS": numbers.views,
        "VIDEO_LIKES": numbers.likes,
        "PRODUCT_CLICKS": numbers.product_clicks,
    }
    return float(values.get(field, numbers.product_clicks / max(1, numbers.views))), post.item_id


def _video_row(call: Call, post: Post) -> Data:
    creator = call.world.creators[post.creator_id]
    facts = file_facts(post)
    return {
        "item_id": post.item_id,
        "text": post.caption,
        "spu_id_list": post.product_ids,
        "identity_info": {
            "identity_id": creator.identity_id,
            "identity_type": "AUTH_CODE",
            "display_name": creator.display_name,
            "user_name": creator.handle,
            "profile_image": f"https://p16-sign.tiktokcdn.example/{creator.identity_id}.jpeg",
        },
        "video_info": {
            "video_id": f"v10033g50000{post.item_id}",
            "duration": facts["duration"],
            "width": facts["width"],
            "height": facts["height"],
            "fps": 30,
            "bit_rate": facts["bit_rate"],
            "size": facts["size"],
            "definition": "720p",
            "format": "mp4",
            "signature": facts["signature"],
            "preview_url": f"https://v16m-default.tiktokcdn.example/{post.item_id}/preview.mp4",
            "video_cover_url": facts["poster_url"],
        },
        "can_change_anchor": True,
    }


@endpoint("GET", "/gmv_max/bid/recommend/")
def bid(call: Call) -> Data:
    advertiser = call.advertiser()
    call.need("shopping_ads_type", "optimization_goal")
    the_shop(call, advertiser)
    call.choice("shopping_ads_type", ["PRODUCT", "LIVE"])
    call.choice("optimization_goal", ["VALUE"])
    return {"budget": 80, "roas_bid": 3.2}


@endpoint("GET", "/gmv_max/occupied_custom_shop_ads/list/")
def occupied(call: Call) -> Data:
    the_shop(call, call.advertiser())
    call.need("occupied_asset_type", "asset_ids")
    call.choice(
        "occupied_asset_type",
        ["IDENTITY_TT_USER", "IDENTITY_BC_AUTH_TT", "IDENTITY_TTS_TT", "SPU", "SHOP"],
    )
    if len(call.texts("asset_ids")) != 1:
        raise invalid("asset_ids: Exactly one id is allowed.")
    return {"occupied_custom_shop_ads": []}


@endpoint("GET", "/gmv_max/custom_anchor_video_list/get/")
def anchor_videos(call: Call) -> Data:
    call.advertiser()
    call.need("campaign_custom_anchor_video_id", "custom_anchor_video_list")
    return {"custom_anchor_video_list": []}


@endpoint("GET", "/store/list/")
def store_list(call: Call) -> Data:
    advertiser = call.advertiser()
    wanted = call.text("store_id")
    return {
        "stores": [
            {
                "store_id": shop.id,
                "store_name": shop.name,
                "store_type": "TIKTOK_SHOP",
                "store_code": shop.code,
                "store_authorized_bc_id": advertiser.bc_id,
                "catalog_id": f"77{shop.id[2:]}",
                "targeting_region_codes": [shop.region],
            }
            for shop in shops_of(call, advertiser)
            if wanted in ("", shop.id)
        ]
    }


@endpoint("GET", "/store/product/get/")
def products(call: Call) -> Data:
    call.need("bc_id", "store_id")
    bc = call.world.business_centers.get(call.text("bc_id"))
    token_bcs = call.world.ads_users[call.token.user_id].bc_ids if call.token else []
    if bc is None or bc.id not in token_bcs or call.text("store_id") not in bc.shop_ids:
        raise Refused(40001, f"No permission to operate store {call.text('store_id')}.")
    shop = call.world.shops[call.text("store_id")]
    filtering = call.filtering()
    if filtering.get("ad_creation_eligible"):
        call.advertiser()
    ids = {str(one) for one in filtering.get("item_group_ids", [])}
    name = str(filtering.get("product_name", "")).lower()
    found = [
        product
        for product in call.world.products.values()
        if product.shop_id == shop.id
        and (not ids or product.id in ids)
        and name in product.title.lower()
    ]
    sort = call.choice("sort_field", ["min_price", "historical_sales"])
    if sort:
        found.sort(key=lambda p: _product_sort(call, shop, p, sort), reverse=True)
    rows, page_info = call.page(found, most=100)
    return {
        "store_products": [_product_row(call, shop, product) for product in rows],
        "page_info": page_info,
    }


def _product_sort(call: Call, shop: Shop, product: Product, field: str) -> Decimal:
    if field == "min_price":
        return min(sku.price for sku in product.skus)
    return Decimal(_sold(call, shop, product))


def _sold(call: Call, shop: Shop, product: Product) -> int:
    beginning = datetime.fromtimestamp(0, tz=call.now.tzinfo)
    orders = orders_between(call.world, shop.id, beginning, call.now)
    return sum(1 for order in orders for line in order.lines if line.product_id == product.id)


def _product_row(call: Call, shop: Shop, product: Product) -> Data:
    taken = any(product.id in one.product_ids for one in running(call, shop))
    custom = any(
        ad_is_delivering(call.world, ad, call.now)
        and call.world.adgroups[ad.adgroup_id].fields.get("store_id") == shop.id
        for ad in call.world.ads.values()
    )
    prices = [sku.price for sku in product.skus]
    sellable = product.status == "ACTIVATE" and any(sku.stock for sku in product.skus)
    return {
        "item_group_id": product.id,
        "title": product.title,
        "product_image_url": product.image_url,
        "min_price": text(min(prices)),
        "max_price": text(max(prices)),
        "currency": shop.currency,
        "historical_sales": _sold(call, shop, product),
        "category": product.category,
        "status": "AVAILABLE" if sellable else "NOT_AVAILABLE",
        "gmv_max_ads_status": "OCCUPIED" if taken else "UNOCCUPIED",
        "is_running_custom_shop_ads": custom,
        "quantity": sum(sku.stock for sku in product.skus),
    }
