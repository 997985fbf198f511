"""Sample applications, their review and what creators made of them (contract 8.7)."""

from datetime import timedelta
from typing import Any

from sparkops.sandbox.world import Post, SampleApplication
from sparkops.sandbox.world.audience import organic
from sparkops.sandbox.world.outreach import approve_sample, ship_sample

from . import errors, fields, paging
from .creators import avatar_url, average_views, content_count, withholds_gmv
from .gate import Call
from .values import fraction, money, seconds

DEFAULT_PAGE, MOST_PER_PAGE = 20, 50
POST_WITHIN = timedelta(days=14)
CANCELLED_AFTER = timedelta(days=21)
SHIPPED_AFTER_APPROVAL = timedelta(hours=46)
STATUSES = (
    "PENDING",
    "AWAITING_SHIPMENT",
    "SHIPPED",
    "CONTENT_PENDING",
    "COMPLETED",
    "REJECT_CANCELLED",
    "OVERDUE_CANCELLED",
    "UNFULFILL_CANCELLED",
    "DEL_OPEN_COLLAB",
    "SELLER_NOT_SHIP_CANCELLED",
    "WITHDRAW_CANCELLED",
    "UNFULFILLABLE_CANCELLED",
    "OPS_CANCELLED",
    "OPS_FAILED",
    "OPS_COMPLETED",
)
REVIEW_RESULTS = ("APPROVE", "REJECT")
REJECT_REASONS = ("NOT_MATCH", "OFFLINE", "OUT_OF_STOCK", "OTHER")
NOT_APPROVABLE, NOT_OPEN = 16030100, 16030101
CONTENT_FORMATS = ("VIDEO", "LIVE")
DEEPLINK_DAYS = 7


def search(call: Call) -> dict[str, Any]:
    size = fields.page_size(call.query, most=MOST_PER_PAGE, default=DEFAULT_PAGE)
    found = [one for one in _own(call) if _matches(call, one)]
    shown, token = paging.page(
        found,
        size=size,
        token=fields.page_token(call.query),
        query=call.page_key(),
        position=lambda one: (seconds(one.created_at), one.id),
        descending=True,
    )
    return {
        "total_count": len(found),
        "next_page_token": token,
        "sample_applications": [_object(call, one) for one in shown],
    }


def review(call: Call) -> dict[str, Any]:
    """Approval makes a sample order, which the warehouse ships two days later."""
    one = _one(call)
    result = fields.text(call.body, "review_result", required=True)
    if result not in REVIEW_RESULTS:
        raise errors.invalid_field("review_result", "must be APPROVE or REJECT")
    reason = fields.text(call.body, "reject_reason", required=result == "REJECT")
    if result == "REJECT" and reason not in REJECT_REASONS:
        raise errors.invalid_field("reject_reason", f"must be of {', '.join(REJECT_REASONS)}")
    if status_of(call, one) != "PENDING":
        raise errors.refused(NOT_OPEN, "The sample application is not waiting for a review.")
    if result == "REJECT":
        one.rejected_at, one.reject_reason = call.now, reason
        return {}
    if _reasons_against(call, one):
        raise errors.refused(NOT_APPROVABLE, "The sample application cannot be approved.")
    approve_sample(call.world, one, call.now)
    ship_sample(call.world, one, call.now + SHIPPED_AFTER_APPROVAL, int(one.id[-12:]))
    return {}


def fulfillments(call: Call) -> dict[str, Any]:
    """The contents that fulfil a sample: the link from the sample to the post."""
    one = _one(call)
    kind = fields.text(call.body, "content_format")
    if kind and kind not in CONTENT_FORMATS:
        raise errors.invalid_field("content_format", "must be VIDEO or LIVE")
    product = call.world.products[one.product_id]
    return {
        "fulfillments": [
            {
                "product": {"id": product.id, "main_image_url": product.image_url},
                "content": _content(call, post),
            }
            for post in _contents(call, one)
            if kind in ("", "VIDEO")
        ]
    }


def deeplink(call: Call) -> dict[str, Any]:
    """A link for a QR code by which a creator asks for a sample."""
    product_id, sku_id = call.query.get("product_id", ""), call.query.get("sku_id", "")
    if not product_id:
        raise errors.missing_field("product_id")
    days = fields.whole_number(call.query, "valid_days") or DEEPLINK_DAYS
    if not 1 <= days <= 14:
        raise errors.invalid_field("valid_days", "must be between 1 and 14")
    until = seconds(call.now + timedelta(days=days))
    query = f"product_id={product_id}&sku_id={sku_id}&expire={until}"
    return {"deeplink": f"https://affiliate.sandbox.example/sample?{query}"}


def status_of(call: Call, one: SampleApplication) -> str:
    """The status word at the time of the call."""
    now = call.now
    if one.cancelled_at and one.cancelled_at <= now:
        return one.cancelled_status
    if one.rejected_at and one.rejected_at <= now:
        return "REJECT_CANCELLED"
    if one.approved_at is None or one.approved_at > now:
        return "PENDING" if one.approve_by > now else "OVERDUE_CANCELLED"
    if one.shipped_at is None or one.shipped_at > now:
        late = one.shipped_at is None and one.ship_by is not None and one.ship_by <= now
        return "SELLER_NOT_SHIP_CANCELLED" if late else "AWAITING_SHIPMENT"
    if one.delivered_at is None or one.delivered_at > now:
        return "SHIPPED"
    if _contents(call, one):
        return "COMPLETED"
    return "CONTENT_PENDING" if one.delivered_at + CANCELLED_AFTER > now else "UNFULFILL_CANCELLED"


def _fulfillment_status(call: Call, one: SampleApplication) -> str:
    status = status_of(call, one)
    if status == "CONTENT_PENDING" and one.delivered_at:
        return "ONGOING" if one.delivered_at + POST_WITHIN > call.now else "OVERDUE"
    known = {
        "PENDING": "PENDING",
        "AWAITING_SHIPMENT": "PENDING",
        "SHIPPED": "PENDING",
        "COMPLETED": "SUCCEED",
        "UNFULFILL_CANCELLED": "FAILED",
    }
    return known.get(status, "CANCELLED")


def _own(call: Call) -> list[SampleApplication]:
    return [
        one
        for one in call.world.samples.values()
        if one.shop_id == call.shop.id and one.created_at <= call.now
    ]


def _one(call: Call) -> SampleApplication:
    wanted = call.params["application_id"]
    one = next((each for each in _own(call) if each.id == wanted), None)
    if one is None:
        raise errors.not_found("sample application")
    return one


def _matches(call: Call, one: SampleApplication) -> bool:
    """Two of the filters are spelled as TikTok spells them."""
    body = call.body
    status = fields.text(body, "status")
    if status and status not in STATUSES:
        raise errors.invalid_field("status", f"must be of {', '.join(STATUSES)}")
    creator = call.world.creators[one.creator_id]
    product = call.world.products[one.product_id]
    wanted = {
        "product_id": one.product_id,
        "order_id": one.order_id,
        "username": creator.handle,
        "creator_user_oepn_id": creator.open_id,
        "target_collabration_id": one.target_collaboration_id,
    }
    return (
        (not status or status_of(call, one) == status)
        and fields.text(body, "title").lower() in product.title.lower()
        and all(fields.text(body, name) in ("", value) for name, value in wanted.items())
    )


def _reasons_against(call: Call, one: SampleApplication) -> list[str]:
    product = call.world.products[one.product_id]
    reasons = []
    if product.status != "ACTIVATE":
        reasons.append("PRODUCT_OFFLINE")
    if not _stock(call, one):
        reasons.append("OUT_OF_STOCK")
    return reasons


def _stock(call: Call, one: SampleApplication) -> int:
    skus = call.world.products[one.product_id].skus
    return next((sku.stock for sku in skus if sku.id == one.sku_id), 0)


def _object(call: Call, one: SampleApplication) -> dict[str, Any]:
    status = status_of(call, one)
    pending = status == "PENDING"
    reasons = _reasons_against(call, one) if pending else []
    shipped = one.shipped_at is not None and one.shipped_at <= call.now
    approved = one.approved_at is not None and one.approved_at <= call.now
    return {
        "id": one.id,
        "status": status,
        "fulfillment_status": _fulfillment_status(call, one),
        "commission_rate": fraction(one.commission_rate),
        "order_id": one.order_id if approved else "",
        "tracking_number": one.tracking_number if shipped else "",
        "available_quantity": _stock(call, one),
        "is_approvable": pending and not reasons,
        "disapprovable_reasons": reasons,
        "approve_expiration_time": seconds(one.approve_by),
        "shipment_expiration_time": seconds(one.ship_by) if approved else 0,
        "partner_name": "",
        "creator": _creator(call, one),
        "product": _product(call, one),
    }


def _creator(call: Call, one: SampleApplication) -> dict[str, Any]:
    creator = call.world.creators[one.creator_id]
    shown = money(creator.gmv_30d, call.shop.currency)
    hidden = {"amount": "", "currency": call.shop.currency}
    return {
        "creator_open_id": creator.open_id,
        "username": creator.handle,
        "nickname": creator.display_name,
        "follower_count": creator.follower_count,
        "avatar_url": avatar_url(creator),
        "gmv": hidden if withholds_gmv(creator) else shown,
        "content_count": content_count(call, creator),
        "fulfillment_percentage": f"{creator.fulfilment_rate * 100:.2f}",
        "ec_video_view": average_views(call, creator),
    }


def _product(call: Call, one: SampleApplication) -> dict[str, Any]:
    product = call.world.products[one.product_id]
    sku = next((each for each in product.skus if each.id == one.sku_id), product.skus[0])
    return {
        "id": product.id,
        "title": product.title,
        "sku_id": sku.id,
        "sku_name": sku.name,
        "sku_image_url": product.image_url,
    }


def _contents(call: Call, one: SampleApplication) -> list[Post]:
    posts = (call.world.posts[item_id] for item_id in one.item_ids)
    return [post for post in posts if post.posted_at <= call.now]


def _content(call: Call, post: Post) -> dict[str, Any]:
    creator = call.world.creators[post.creator_id]
    numbers = organic(call.world, post, post.posted_at, call.now)
    address = f"https://www.tiktok.com/@{creator.handle}/video/{post.item_id}"
    return {
        "id": post.item_id,
        "format": "VIDEO",
        "url": address,
        "page_link": address,
        "description": post.caption,
        "create_time": seconds(post.posted_at),
        "live_end_time": 0,
        "view_count": numbers.views,
        "like_count": numbers.likes,
        "comment_count": numbers.comments,
        "paid_order_count": _paid_orders(call, post),
    }


def _paid_orders(call: Call, post: Post) -> int:
    return sum(
        1
        for order in call.world.orders.values()
        if order.affiliate
        and order.affiliate.content_id == post.item_id
        and order.paid_at
        and order.paid_at <= call.now
    )
