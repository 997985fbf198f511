"""TikTok accounts an ad account may advertise as, their posts and the rights of their music."""

from __future__ import annotations

from sparkops.sandbox.ads.call import Call, Data, Refused, endpoint, invalid, parse_moment
from sparkops.sandbox.ads.posts import anchors, applied, carousel, file_facts
from sparkops.sandbox.world import Advertiser, Identity, Post
from sparkops.sandbox.world.statuses import authorization_word, current_redemption

TYPES = ("CUSTOMIZED_USER", "AUTH_CODE", "TT_USER", "BC_AUTH_TT")
MOST_COUNT = 20


def of_advertiser(call: Call, advertiser: Advertiser) -> list[Identity]:
    """Linked accounts, custom ones, and one identity per creator whose code was applied."""
    linked = [
        one
        for one in call.world.identities
        if advertiser.id in one.advertiser_ids and one.identity_type in TYPES
    ]
    creators = {call.world.posts[r.item_id].creator_id: None for r in applied(call, advertiser)}
    coded = [
        Identity(
            identity_id=call.world.creators[one].identity_id,
            identity_type="AUTH_CODE",
            advertiser_ids=[advertiser.id],
            display_name=call.world.creators[one].display_name,
            username=call.world.creators[one].handle,
            creator_id=one,
        )
        for one in creators
    ]
    return linked + coded


def row(identity: Identity) -> Data:
    own = identity.identity_type in {"TT_USER", "BC_AUTH_TT"}
    return {
        "profile_image": f"https://p16-sign.tiktokcdn.example/{identity.identity_id}.jpeg",
        "identity_type": identity.identity_type,
        "identity_id": identity.identity_id,
        "can_pull_video": identity.identity_type != "CUSTOMIZED_USER",
        "display_name": identity.display_name,
        "identity_authorized_bc_id": identity.bc_id or None,
        "can_push_video": own,
        "can_use_live_ads": own,
        "can_manage_message": own,
        "available_status": identity.available_status if own else None,
        "username": identity.username,
        "ads_only_mode": False,
    }


@endpoint("GET", "/identity/get/")
def get(call: Call) -> Data:
    advertiser = call.advertiser()
    kind = call.choice("identity_type", TYPES)
    if kind == "BC_AUTH_TT":
        call.need("identity_authorized_bc_id")
    bc_id = call.text("identity_authorized_bc_id")
    keyword = str(call.filtering().get("keyword", "")).lower()
    found = [
        one
        for one in of_advertiser(call, advertiser)
        if kind in ("", one.identity_type)
        and (not bc_id or one.bc_id == bc_id)
        and keyword in one.display_name.lower()
    ]
    rows, page_info = call.page(found, size=20, most=100)
    return {"page_info": page_info, "identity_list": [row(one) for one in rows]}


def named(call: Call, advertiser: Advertiser) -> Identity:
    """The identity of ``identity_id`` and ``identity_type``."""
    call.need("identity_type", "identity_id")
    kind = call.choice("identity_type", TYPES)
    if kind == "BC_AUTH_TT":
        call.need("identity_authorized_bc_id")
    return find(call, advertiser, kind, call.text("identity_id"))


def find(call: Call, advertiser: Advertiser, kind: str, identity_id: str) -> Identity:
    for one in of_advertiser(call, advertiser):
        if one.identity_id == identity_id and one.identity_type == kind:
            return one
    raise invalid(f"identity_id: The identity {identity_id} does not exist in this ad account.")


@endpoint("GET", "/identity/info/")
def info(call: Call) -> Data:
    shown = row(named(call, call.advertiser()))
    shown["profile_image_url"] = shown.pop("profile_image")
    return {"identity_info": shown}


def _posts(call: Call, advertiser: Advertiser, identity: Identity) -> list[Post]:
    """AUTH_CODE: the creator's posts applied here; own accounts: the account's posts."""
    if identity.identity_type == "AUTH_CODE":
        posts = [call.world.posts[r.item_id] for r in applied(call, advertiser)]
        return [post for post in posts if post.creator_id == identity.creator_id]
    return []


def _video(call: Call, advertiser: Advertiser, post: Post) -> Data:
    facts = file_facts(post)
    held = current_redemption(call.world, advertiser.id, post.item_id, call.now)
    auth = None
    if held:
        code = call.world.codes[held.code_text]
        auth = {
            "auth_start_time": f"{code.starts_at:%Y-%m-%dT%H:%M:%SZ}",
            "auth_end_time": f"{code.ends_at:%Y-%m-%dT%H:%M:%SZ}",
            "invite_start_time": f"{held.redeemed_at:%Y-%m-%dT%H:%M:%SZ}",
            "ad_auth_status": authorization_word(call.world, held, call.now),
        }
    return {
        "auth_info": auth,
        "anchor_list": anchors(call.world, post, call.now),
        "text": post.caption,
        "status": f"ITEM_STATUS_{post.status(call.now)}",
        "item_id": post.item_id,
        "item_type": post.item_type,
        "carousel_info": carousel(post),
        "video_info": {
            "format": "mp4",
            "bit_rate": facts["bit_rate"],
            "height": facts["height"],
            "signature": facts["signature"],
            "duration": facts["duration"],
            "url": f"https://v16m-default.tiktokcdn.example/{post.item_id}/play.mp4",
            "size": facts["size"],
            "poster_url": facts["poster_url"],
            "width": facts["width"],
        },
    }


@endpoint("GET", "/identity/video/get/")
def videos(call: Call) -> Data:
    advertiser = call.advertiser()
    identity = named(call, advertiser)
    kind = call.choice("item_type", ["VIDEO", "CAROUSEL"], "VIDEO")
    keyword = call.text("keyword").lower()
    found = [
        post
        for post in _posts(call, advertiser, identity)
        if post.item_type == kind and keyword in post.caption.lower()
    ]
    found.sort(key=lambda post: post.posted_at, reverse=True)
    cursor, count = call.text("cursor"), call.whole("count", MOST_COUNT, 1, MOST_COUNT)
    if cursor:
        if not cursor.isdigit():
            raise invalid("cursor: Invalid value.")
        found = [post for post in found if int(post.posted_at.timestamp()) < int(cursor)]
    shown = found[:count]
    last = int(shown[-1].posted_at.timestamp()) if shown else 0
    return {
        "has_more": len(found) > count,
        "cursor": str(last),
        "video_list": [_video(call, advertiser, post) for post in shown],
    }


@endpoint("GET", "/identity/video/info/")
def video_info(call: Call) -> Data:
    advertiser = call.advertiser()
    identity = named(call, advertiser)
    item_ids = call.texts("item_ids", 20)
    if not item_ids:
        call.need("item_id")
    posts = {post.item_id: post for post in _posts(call, advertiser, identity)}
    if item_ids:
        known = [posts[one] for one in item_ids if one in posts]
        return {"video_details": [_video(call, advertiser, post) for post in known]}
    post = posts.get(call.text("item_id"))
    if post is None:
        raise Refused(40007, f"The post {call.text('item_id')} does not exist.")
    return {"video_detail": _video(call, advertiser, post)}


@endpoint("GET", "/identity/live/get/")
def lives(call: Call) -> Data:
    named(call, call.advertiser())
    return {"live_rooms": []}


@endpoint("GET", "/identity/music/authorization/")
def music(call: Call) -> Data:
    advertiser = call.advertiser()
    named(call, advertiser)
    call.need("item_id", "locations", "start_time", "end_time")
    call.texts("locations")
    parse_moment(call.text("start_time"), "start_time")
    parse_moment(call.text("end_time"), "end_time")
    post = call.world.posts.get(call.text("item_id"))
    if post is None:
        raise Refused(40007, f"The post {call.text('item_id')} does not exist.")
    song = post.music
    if song is None:
        return {
            "music_authorization": [
                {
                    "music_status": "WITHOUT_SONG_ID",
                    "item_id": post.item_id,
                    "authorization_infos": [],
                }
            ]
        }
    return {
        "music_authorization": [
            {
                "music_status": (
                    "WITH_FULL_AUTHORIZATION" if song.licensed else "AUTHORIZATION_MISSING"
                ),
                "item_id": post.item_id,
                "authorization_infos": [
                    {
                        "title": song.title,
                        "composer": "",
                        "author": song.author,
                        "publisher": "",
                        "lyricist": "",
                        "labels": ["Indie Label"],
                        "authorization_type": "AUTHORIZED" if song.licensed else "NOT_AUTHORIZED",
                        "music_id": song.id,
                    }
                ],
            }
        ]
    }


@endpoint("POST", "/identity/create/")
def create(call: Call) -> Data:
    advertiser = call.advertiser()
    identity = Identity(
        identity_id=call.world.new_secret("custom_identity", 24),
        identity_type="CUSTOMIZED_USER",
        advertiser_ids=[advertiser.id],
        display_name=call.needed("display_name"),
        username="",
    )
    call.world.identities.append(identity)
    return {"identity_id": identity.identity_id}


@endpoint("POST", "/identity/delete/")
def delete(call: Call) -> Data:
    advertiser = call.advertiser()
    identity = find(call, advertiser, "CUSTOMIZED_USER", call.needed("identity_id"))
    call.world.identities.remove(identity)
    return {}


@endpoint("GET", "/asset/bind/quota/")
def bind_quota(call: Call) -> Data:
    advertiser = call.advertiser()
    used = {
        identity_id: sum(1 for ad in call.world.ads.values() if ad.identity_id == identity_id)
        for identity_id in (one.identity_id for one in of_advertiser(call, advertiser))
    }
    return {
        "quota_list": [
            {"asset_id": one, "asset_type": "IDENTITY", "quota": 10000, "used": count}
            for one, count in used.items()
        ]
    }
