"""Comments under ads, and subscriptions to ad events."""

from __future__ import annotations

from datetime import timedelta

from sparkops.sandbox.ads.call import Call, Data, Refused, endpoint, invalid
from sparkops.sandbox.world import Advertiser, Comment
from sparkops.sandbox.world.audience import noise

ENTITIES = (
    "AD_ACCOUNT_SUSPENSION",
    "AD_GROUP",
    "AD",
    "CREATIVE_FATIGUE",
    "REPORT_DATA_CHANGE",
    "API_SERVICE_STATUS",
    "LEAD",
    "TCM_VIDEOS",
    "TCM_SPARK_ADS",
)


def row(call: Call, comment: Comment) -> Data:
    world = call.world
    ad = world.ads[comment.ad_id]
    replies = sum(1 for c in world.comments.values() if c.original_comment_id == comment.id)
    return {
        "likes": comment.likes,
        "create_time": f"{comment.created_at:%Y-%m-%d %H:%M:%S} +0000 UTC",
        "comment_type": "REPLY" if comment.original_comment_id else "COMMENT",
        "hit_blockedword": False,
        "ad_text": "",
        "campaign_name": world.campaigns[ad.campaign_id].name,
        "adgroup_name": world.adgroups[ad.adgroup_id].name,
        "ad_id": ad.id,
        "replies": replies,
        "comment_status": comment.status,
        "original_comment_id": comment.original_comment_id or None,
        "campaign_id": ad.campaign_id,
        "adgroup_id": ad.adgroup_id,
        "ad_name": ad.name,
        "comment_id": comment.id,
        "content": comment.text,
        "app": None,
        "tiktok_item_id": ad.item_id,
        "identity_id": ad.identity_id,
        "identity_type": ad.identity_type,
        "is_pinned": False,
        "can_delete": False,
        "user_name": comment.user_name,
        "user_id": f"6800{int(noise(comment.user_name) * 10**8):08d}",
        "user_avatar_url": f"https://p16-sign.tiktokcdn.example/{comment.user_name}.jpeg",
        "is_auth_comment_manage_scope": True,
    }


@endpoint("GET", "/comment/list/")
def listing(call: Call) -> Data:
    advertiser = call.advertiser()
    call.need("search_field", "search_value", "start_time", "end_time")
    call.choice("search_field", ["ADGROUP_ID"])
    first, last = call.day("start_time"), call.day("end_time")
    kinds = call.texts("comment_type") or ["ALL"]
    sort = call.choice("sort_field", ["CREATE_TIME", "LIKES", "REPLIES"], "CREATE_TIME")
    found = [
        comment
        for comment in call.world.comments.values()
        if call.world.ads[comment.ad_id].advertiser_id == advertiser.id
        and call.world.ads[comment.ad_id].adgroup_id == call.text("search_value")
        and first <= comment.created_at.date() <= last
        and comment.created_at <= call.now
        and ("ALL" in kinds or _kind(comment) in kinds)
    ]
    field = {"CREATE_TIME": "create_time", "LIKES": "likes", "REPLIES": "replies"}[sort]
    rows = sorted((row(call, one) for one in found), key=lambda one: one[field], reverse=True)
    shown, page_info = call.page(rows, most=100)
    return {"comments": shown, "page_info": page_info}


def _kind(comment: Comment) -> str:
    return "REPLY" if comment.original_comment_id else "COMMENT"


def _comment(call: Call, advertiser: Advertiser, comment_id: str) -> Comment:
    comment = call.world.comments.get(comment_id)
    if comment is None or call.world.ads[comment.ad_id].advertiser_id != advertiser.id:
        raise Refused(40007, f"The comment {comment_id} does not exist.")
    return comment


@endpoint("GET", "/comment/reference/")
def thread(call: Call) -> Data:
    comment = _comment(call, call.advertiser(), call.needed("comment_id"))
    first_id = comment.original_comment_id or comment.id
    members = [
        one for one in call.world.comments.values() if first_id in (one.id, one.original_comment_id)
    ]
    return {"comments": [row(call, one) for one in members]}


@endpoint("POST", "/comment/status/update/")
def status(call: Call) -> Data:
    advertiser = call.advertiser()
    call.need("comment_ids", "operation")
    operation = call.choice("operation", ["HIDDEN", "PUBLIC"])
    comments = [_comment(call, advertiser, one) for one in call.texts("comment_ids", 20)]
    for comment in comments:
        comment.status = operation
    return {}


@endpoint("POST", "/comment/post/")
def reply(call: Call) -> Data:
    """A reply to a comment. Not possible under a creator's post that runs by code."""
    advertiser = call.advertiser()
    call.need("ad_id", "tiktok_item_id", "comment_id", "comment_type", "text", "identity_type")
    call.choice("comment_type", ["REPLY"])
    if call.text("identity_type") == "AUTH_CODE":
        raise invalid("identity_type: AUTH_CODE identities cannot reply to comments.")
    original = _comment(call, advertiser, call.text("comment_id"))
    comment = Comment(
        id=call.world.new_id("comment"),
        ad_id=original.ad_id,
        text=call.text("text"),
        user_name=advertiser.name,
        created_at=call.now,
        original_comment_id=original.id,
    )
    call.world.comments[comment.id] = comment
    return {"comment_id": comment.id}


@endpoint("POST", "/comment/delete/")
def delete(call: Call) -> Data:
    comment = _comment(call, call.advertiser(), call.needed("comment_id"))
    del call.world.comments[comment.id]
    return {}


@endpoint("POST", "/subscription/subscribe/", token=False)
def subscribe(call: Call) -> Data:
    call.need("app_id", "secret", "subscribe_entity", "callback_url", "subscription_detail")
    entity = call.choice("subscribe_entity", ENTITIES)
    address = call.text("callback_url")
    if not address.startswith("https://"):
        raise invalid("callback_url: Must be an HTTPS address.")
    app = call.world.ads_apps.get(call.text("app_id"))
    if app is None or app.secret != call.text("secret"):
        raise Refused(40101, "The app_id and the secret do not match.")
    subscription_id = call.world.new_id("subscription")
    call.world.subscriptions[subscription_id] = {
        "subscription_id": subscription_id,
        "subscribe_entity": entity,
        "callback_url": address,
        "subscription_detail": {
            name: value
            for name, value in call.json("subscription_detail", dict).items()
            if name != "access_token"
        },
        "app_id": app.app_id,
        "expires_at": (call.now + timedelta(days=365)).isoformat(),
    }
    return {"subscription_id": subscription_id}


@endpoint("GET", "/subscription/get/", token=False)
def subscriptions(call: Call) -> Data:
    call.need("app_id", "secret")
    found = [s for s in call.world.subscriptions.values() if s["app_id"] == call.text("app_id")]
    rows, page_info = call.page(found, most=100)
    return {"subscriptions": rows, "page_info": page_info}


@endpoint("POST", "/subscription/unsubscribe/", token=False)
def unsubscribe(call: Call) -> Data:
    call.need("app_id", "secret", "subscription_id")
    if call.world.subscriptions.pop(call.text("subscription_id"), None) is None:
        raise Refused(40007, "The subscription does not exist.")
    return {"subscription_id": call.text("subscription_id")}
