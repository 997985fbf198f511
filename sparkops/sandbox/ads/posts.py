"""Spark posts of an ad account: apply a code, look it up, list, unbind."""

from __future__ import annotations

import hashlib
from datetime import datetime

from sparkops.sandbox.ads.call import Call, Data, Refused, endpoint, invalid, moment_text
from sparkops.sandbox.world import Advertiser, Code, Post, Redemption, World
from sparkops.sandbox.world.audience import noise
from sparkops.sandbox.world.statuses import authorization_word, current_redemption

UNKNOWN_CODE = "The authorization code is invalid."
EXPIRED_CODE = "The authorization code has expired."
USED_CODE = "The authorization code has already been used."
GONE_POST = "The post does not exist or has been deleted."
ORIGINAL_NEEDED = "original_post_auth_code is required for this post."
CODE_LENGTHS = range(20, 256)
ITEM_TYPES = ("VIDEO", "CAROUSEL")


def usable_code(call: Call, text: str) -> Code:
    """The code of that text, if it can be applied now. Raises the contract's refusals."""
    code = call.world.codes.get(text.strip())
    if code is None or len(text.strip()) not in CODE_LENGTHS or not text.strip().startswith("#"):
        raise invalid(UNKNOWN_CODE)
    state = code.state(call.now)
    if state in {"pending", "revoked"}:
        raise invalid(UNKNOWN_CODE)
    if not call.world.posts[code.item_id].exists(call.now):
        raise invalid(GONE_POST)
    if state == "expired":
        raise invalid(EXPIRED_CODE)
    return code


@endpoint("POST", "/tt_video/authorize/")
def authorize(call: Call) -> Data:
    advertiser = call.advertiser()
    code = usable_code(call, call.needed("auth_code"))
    post = call.world.posts[code.item_id]
    if post.original_item_id and not call.text("original_post_auth_code"):
        raise invalid(ORIGINAL_NEEDED)
    if any(
        r.code_text == code.text and r.unbound_at is None
        for r in call.world.redemptions_of(advertiser.id)
    ):
        raise invalid(USED_CODE)
    call.world.redemptions.append(Redemption(advertiser.id, post.item_id, code.text, call.now))
    return {}


def poster(item_id: str) -> str:
    return f"https://p16-sign.tiktokcdn.example/{item_id}/poster.jpeg"


def file_facts(post: Post) -> Data:
    """Size, bit rate and the like: fixed per post."""
    bit_rate = 1_200_000 + int(noise(post.item_id, "bit_rate") * 1_500_000)
    return {
        "duration": post.duration,
        "bit_rate": bit_rate,
        "height": 1280,
        "width": 720,
        "signature": hashlib.md5(post.item_id.encode(), usedforsecurity=False).hexdigest(),
        "size": int(bit_rate / 8 * post.duration),
        "poster_url": poster(post.item_id),
    }


def anchors(world: World, post: Post, now: datetime) -> list[Data] | None:
    """The post's product links, or None without any."""
    if not post.links_product(now):
        return None
    shop = world.shop_of(post.brand_key)
    return [
        {
            "id": f"{post.item_id[:15]}{position:04d}",
            "title": world.products[product_id].title,
            "status": "CHECK_SUCCESS",
            "product_regions": post.regions or [shop.region],
            "url": f"https://shop.tiktok.example/view/product/{product_id}",
            "spu_id": product_id,
            "spu_name": world.products[product_id].title,
            "store_id": shop.id,
        }
        for position, product_id in enumerate(post.product_ids, start=1)
    ]


def carousel(post: Post) -> Data | None:
    if post.item_type != "CAROUSEL":
        return None
    images = [
        {
            "image_url": f"https://p16-sign.tiktokcdn.example/{post.item_id}/{n}.jpeg",
            "image_height": 1440,
            "image_width": 1080,
        }
        for n in range(1, 5)
    ]
    music = None
    if post.music:
        music = {
            "music_url": f"https://sf16.tiktokcdn.example/{post.music.id}.mp3",
            "music_duration": 30.0,
        }
    return {"image_info": images, "music_info": music}


def preview(post: Post, now: datetime, word: str) -> str:
    shown = post.is_public(now) and word == "AUTHORIZED"
    return f"https://v16m-default.tiktokcdn.example/{post.item_id}/preview.mp4" if shown else ""


def user_info(world: World, post: Post) -> Data:
    creator = world.creators[post.creator_id]
    return {
        "tiktok_name": creator.handle,
        "identity_id": creator.identity_id,
        "identity_type": "AUTH_CODE",
    }


def _video_info(post: Post, now: datetime, word: str) -> Data:
    names = ("duration", "preview_url", "bit_rate", "height", "width", "signature", "size")
    if post.item_type == "CAROUSEL" or not post.exists(now):
        return dict.fromkeys((*names, "poster_url"))
    return {"preview_url": preview(post, now, word), **file_facts(post)}


def list_row(call: Call, redemption: Redemption) -> Data:
    world, now = call.world, call.now
    post, code = world.posts[redemption.item_id], world.codes[redemption.code_text]
    word = authorization_word(world, redemption, now)
    return {
        "user_info": user_info(world, post),
        "item_info": {
            "anchor_list": anchors(world, post, now),
            "text": post.caption,
            "status": post.status(now),
            "auth_code": code.text,
            "item_id": post.item_id,
            "item_type": post.item_type,
            "carousel_info": carousel(post),
        },
        "auth_info": {
            "auth_start_time": moment_text(code.starts_at),
            "ad_auth_status": word,
            "invite_start_time": moment_text(redemption.redeemed_at),
            "auth_end_time": moment_text(code.ends_at),
        },
        "video_info": _video_info(post, now, word),
    }


def applied(call: Call, advertiser: Advertiser) -> list[Redemption]:
    """The redemption that counts for each post of the ad account, newest first."""
    item_ids = {r.item_id for r in call.world.redemptions_of(advertiser.id)}
    held = (
        current_redemption(call.world, advertiser.id, item_id, call.now) for item_id in item_ids
    )
    return sorted(
        (r for r in held if r is not None),
        key=lambda r: (r.redeemed_at, r.item_id),
        reverse=True,
    )


@endpoint("GET", "/tt_video/list/")
def listing(call: Call) -> Data:
    advertiser = call.advertiser()
    types = call.texts("item_types") or list(ITEM_TYPES)
    for one in types:
        if one not in ITEM_TYPES:
            raise invalid(f"item_types: Invalid value {one}. Allowed: VIDEO, CAROUSEL.")
    keyword = call.text("keyword")
    if len(keyword) > 500:
        raise invalid("keyword: At most 500 characters are allowed.")
    found = [
        r
        for r in applied(call, advertiser)
        if call.world.posts[r.item_id].item_type in types
        and _matches(call.world.posts[r.item_id], keyword)
    ]
    rows, page_info = call.page(found, size=20, most=50)
    return {"page_info": page_info, "list": [list_row(call, r) for r in rows]}


def _matches(post: Post, keyword: str) -> bool:
    if keyword.isdigit() and len(keyword) >= 19:
        return post.item_id == keyword
    return keyword.lower() in post.caption.lower()


@endpoint("GET", "/tt_video/info/")
def info(call: Call) -> Data:
    call.advertiser()
    code = usable_code(call, call.needed("auth_code"))
    post = call.world.posts[code.item_id]
    video: Data = {"file_name": "", **_video_info(post, call.now, "AUTHORIZED")}
    video["video_id"] = f"v10033g50000{post.item_id}"
    return {
        "auth_info": {
            "auth_start_time": moment_text(code.starts_at),
            "auth_end_time": moment_text(code.ends_at),
        },
        "video_info": video,
        "item_info": {
            "stitch_original_item_id": post.original_item_id or "0",
            "auth_code": code.text,
            "item_id": post.item_id,
            "anchor_list": anchors(call.world, post, call.now),
            "text": post.caption,
            "is_multi_duet_stitch": False,
            "duet_original_item_id": "0",
            "carousel_info": carousel(post),
            "item_type": post.item_type,
            "mentioned_item_ids": [],
        },
        "user_info": user_info(call.world, post),
    }


@endpoint("POST", "/tt_video/unbind/")
def unbind(call: Call) -> Data:
    advertiser = call.advertiser()
    item_id = call.needed("item_id")
    held = [
        r
        for r in call.world.redemptions_of(advertiser.id)
        if r.item_id == item_id and r.unbound_at is None
    ]
    if not held:
        raise Refused(40007, f"The post {item_id} is not authorized in this ad account.")
    for redemption in held:
        redemption.unbound_at = call.now
    return {}
