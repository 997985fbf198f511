"""Open collaborations: products any creator may promote (contract 8.4)."""

from typing import Any

from sparkops.sandbox.world import OpenCollaboration, Post, Product

from . import errors, fields, paging, products
from .gate import Call
from .values import amount, basis_points, seconds

DEFAULT_PAGE = 20
PRODUCTS_PER_PAGE = 20
KEYWORD_TYPES = ("PRODUCT_ID", "PRODUCT_NAME")


def search(call: Call) -> dict[str, Any]:
    size = fields.page_size(call.query, default=DEFAULT_PAGE)
    sort = fields.sort_field(call.query, ("product_original_price",), required=False)
    found = [
        one
        for one in call.world.open_collaborations.values()
        if one.shop_id == call.shop.id and one.created_at <= call.now and _matches(call, one)
    ]
    shown, token = paging.page(
        found,
        size=size,
        token=fields.page_token(call.query),
        query=[sort, call.page_key()],
        position=lambda one: (float(_prices(call.world.products[one.product_id])[0]), one.id),
        descending=fields.descending(call.query, default="ASC"),
    )
    return {
        "total_count": len(found),
        "next_page_token": token,
        "open_collaborations": [_object(call, one) for one in shown],
    }


def settings(call: Call) -> dict[str, Any]:
    rate = call.shop.auto_add_rate
    return {
        "auto_add_product": {
            "enable": rate is not None,
            "commission_rate": basis_points(rate) if rate is not None else 0,
        }
    }


def sample_rules(call: Call) -> dict[str, Any]:
    """The sample rule of each product asked for that has an open collaboration."""
    product_ids = fields.comma_list(call.query, "product_ids", most=100)
    if not product_ids:
        raise errors.missing_field("product_ids")
    offered = {one.product_id for one in call.world.open_collaborations.values()}
    rules = []
    for product_id in product_ids:
        product = products.own(call, product_id)
        if product and product_id in offered:
            rules.append({"product_id": product_id, "sample_rule": _rule(call, product)})
    return {"sample_rules": rules}


def content_details(call: Call) -> dict[str, Any]:
    """How many contents each creator made for a product; no content ids."""
    product_id = call.query.get("product_id", "")
    if not product_id:
        raise errors.missing_field("product_id")
    counts: dict[str, int] = {}
    for post in _posts_with(call, product_id):
        counts[post.creator_id] = counts.get(post.creator_id, 0) + 1
    shown, token = paging.page(
        sorted(counts),
        size=fields.page_size(call.query, default=DEFAULT_PAGE),
        token=fields.page_token(call.query),
        query=call.page_key(),
        position=lambda creator_id: (-counts[creator_id], creator_id),
    )
    return {
        "total_count": len(counts),
        "next_page_token": token,
        "creator_content_details": [
            {
                "creator_profile": {
                    "creator_open_id": call.world.creators[creator_id].open_id,
                    "username": call.world.creators[creator_id].handle,
                    "follower_count": call.world.creators[creator_id].follower_count,
                },
                "video_count": counts[creator_id],
                "live_count": 0,
                "promotion_status": "NORMAL",
                "promotion_end_time": 0,
            }
            for creator_id in shown
        ],
    }


def search_products(call: Call) -> dict[str, Any]:
    """Products of the whole market place that have an open collaboration."""
    titles = [word.lower() for word in fields.texts(call.body, "title_keywords")]
    plans = {
        one.product_id: one
        for one in call.world.open_collaborations.values()
        if one.created_at <= call.now and _is_running(one, call)
    }
    found = [
        call.world.products[product_id]
        for product_id in plans
        if call.world.shops[plans[product_id].shop_id].region == call.shop.region
        and all(word in call.world.products[product_id].title.lower() for word in titles)
    ]
    shown, token = paging.page(
        found,
        size=fields.page_size(call.query, most=PRODUCTS_PER_PAGE, default=10),
        token=fields.page_token(call.query),
        query=call.page_key(),
        position=lambda product: (seconds(product.created_at), product.id),
    )
    return {
        "total_count": len(found),
        "next_page_token": token,
        "products": [_offer(call, product, plans[product.id]) for product in shown],
    }


def promotion_link(call: Call) -> dict[str, Any]:
    """The address to share for one product."""
    product = products.own(call, call.params["product_id"])
    if product is None:
        raise errors.no_such_product()
    return {"product_promotion_link": f"https://affiliate.sandbox.example/product/{product.id}"}


def _matches(call: Call, one: OpenCollaboration) -> bool:
    keyword = fields.text(call.body, "keyword").lower()
    kind = fields.text(call.body, "keyword_type") or "PRODUCT_NAME"
    if kind not in KEYWORD_TYPES:
        raise errors.invalid_field("keyword_type", f"must be of {', '.join(KEYWORD_TYPES)}")
    category = fields.text(call.body, "top_level_category_id")
    product = call.world.products[one.product_id]
    hit = keyword in product.title.lower() if kind == "PRODUCT_NAME" else keyword == product.id
    return (not keyword or hit) and category in ("", products.top_of(product))


def _object(call: Call, one: OpenCollaboration) -> dict[str, Any]:
    product = call.world.products[one.product_id]
    creators = {post.creator_id for post in _posts_with(call, product.id)}
    low, high = _prices(product)
    return {
        "id": one.id,
        "status": "NORMAL" if _is_running(one, call) else "TERMINATING",
        "current_commission": {
            "rate": basis_points(one.rate),
            "start_time": seconds(one.created_at),
            "end_time": seconds(one.ends_at),
        },
        "product": {
            "id": product.id,
            "title": product.title,
            "inventory": sum(sku.stock for sku in product.skus),
            "status": "LIVE" if product.status == "ACTIVATE" else "INACTIVE",
            "original_price": {
                "currency": call.shop.currency,
                "minimum_amount": amount(low),
                "maximum_amount": amount(high),
            },
        },
        "showcase_creator_count": len(creators),
        "content_creator_count": len(creators),
    }


def _offer(call: Call, product: Product, plan: OpenCollaboration) -> dict[str, Any]:
    shop = call.world.shops[product.shop_id]
    low, high = _prices(product)
    return {
        "id": product.id,
        "title": product.title,
        "main_image_url": product.image_url,
        "has_inventory": any(sku.stock for sku in product.skus),
        "shop": {"name": shop.name},
        "original_price": {
            "currency": shop.currency,
            "minimum_amount": amount(low),
            "maximum_amount": amount(high),
        },
        "commission": {"rate": basis_points(plan.rate), "currency": shop.currency},
        "units_sold": 0,
    }


def _rule(call: Call, product: Product) -> dict[str, Any]:
    left = sum(sku.stock for sku in product.skus)
    own = call.shop.sample_rules.get(product.id, {})
    quota = fields.whole_number(own, "sample_quota") or 50
    defaults = {
        "activate_status": "ACTIVATE",
        "sample_quota": quota,
        "is_sample_time_unlimited": True,
        "start_time": seconds(product.created_at),
        "end_time": 0,
        "thresholds": {
            "minimum_follower_count": 5000,
            "minimum_gmv": {"amount": "0", "currency": call.shop.currency},
            "avg_ec_video_views": 0,
            "category_ids": [],
            "predicted_fulfillment_rank": "ALL",
        },
    }
    return {
        **defaults,
        **own,
        "available_quantity": min(quota, left),
        "status": "ONGOING" if left else "NO_LEFT_COUNT",
    }


def _is_running(one: OpenCollaboration, call: Call) -> bool:
    return one.ends_at is None or one.ends_at > call.now


def _posts_with(call: Call, product_id: str) -> list[Post]:
    return [
        post
        for post in call.world.posts.values()
        if product_id in post.product_ids and post.exists(call.now)
    ]


def _prices(product: Product) -> tuple[Any, Any]:
    prices = [sku.price for sku in product.skus]
    return min(prices), max(prices)
