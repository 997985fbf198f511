"""A creator's own login (Accounts API): short-term tokens, and codes made through it."""

from __future__ import annotations

from collections.abc import Callable

from sparkops.sandbox.ads.call import Call, Data, Refused, endpoint, invalid, moment_text
from sparkops.sandbox.ads.posts import poster
from sparkops.sandbox.world import Code, Creator, CreatorToken, Post
from sparkops.sandbox.world.access import issue_creator_token, make_code
from sparkops.sandbox.world.audience import Organic, organic
from sparkops.sandbox.world.statuses import ad_is_delivering

DAYS = (7, 30, 60, 180, 365)
DEFAULT_DAYS = 30
SCOPE = "user.info.basic,video.list,biz.spark.auth"
RUNNING = "The post is used by a running ad, so its authorization cannot be turned off."


def _check_app(call: Call) -> str:
    call.need("client_id", "client_secret")
    app = call.world.ads_apps.get(call.text("client_id"))
    if app is None:
        raise Refused(40113, "The app is blocked, does not exist or its secret is wrong.")
    if app.secret != call.text("client_secret"):
        raise Refused(40101, "The client_id and the client_secret do not match.")
    return app.app_id


def _answer(call: Call, token: CreatorToken) -> Data:
    return {
        "access_token": token.access_token,
        "expires_in": int((token.access_expires_at - call.now).total_seconds()),
        "refresh_token": token.refresh_token,
        "refresh_token_expires_in": int((token.refresh_expires_at - call.now).total_seconds()),
        "open_id": token.open_id,
        "scope": SCOPE,
        "token_type": "Bearer",
    }


@endpoint("POST", "/tt_user/oauth2/token/", token=False)
def token(call: Call) -> Data:
    app_id = _check_app(call)
    call.need("grant_type", "auth_code", "redirect_uri")
    call.choice("grant_type", ["authorization_code"])
    code = call.world.oauth_codes.get(call.text("auth_code"))
    if code is None or code.api != "creator" or code.app != app_id:
        raise Refused(40101, "The auth_code is invalid.")
    if code.used_at or call.now >= code.expires_at:
        raise Refused(
            40110,
            "The auth_code is canceled. Please re-authorize and try again with a new auth_code.",
        )
    code.used_at = call.now
    return _answer(call, issue_creator_token(call.world, code.owner_id, call.now))


@endpoint("POST", "/tt_user/oauth2/refresh_token/", token=False)
def refresh(call: Call) -> Data:
    _check_app(call)
    call.need("grant_type", "refresh_token")
    call.choice("grant_type", ["refresh_token"])
    old = next(
        (
            one
            for one in call.world.creator_tokens.values()
            if one.refresh_token == call.text("refresh_token")
        ),
        None,
    )
    if old is None or old.ended_at:
        raise Refused(40107, "The refresh token is invalid.")
    if call.now >= old.refresh_expires_at:
        raise Refused(40103, "The refresh token has expired.")
    old.ended_at = call.now
    return _answer(call, issue_creator_token(call.world, old.creator_id, call.now))


@endpoint("POST", "/tt_user/oauth2/revoke/", token=False)
def revoke(call: Call) -> Data:
    _check_app(call)
    held = call.world.creator_tokens.get(call.needed("access_token"))
    if held is None or held.ended_at:
        raise Refused(40105, "Access token is incorrect or has been revoked.")
    held.ended_at = call.now
    return {}


def _creator(call: Call) -> Creator:
    """The creator whose token and ``business_id`` the call carries."""
    text = call.request.headers.get("access-token")
    if not text:
        raise Refused(
            40104, "Access token is null, you should set it in http header with key Access-Token."
        )
    held = call.world.creator_tokens.get(text)
    if held is None or held.ended_at:
        raise Refused(40105, "Access token is incorrect or has been revoked.")
    if call.now >= held.access_expires_at:
        raise Refused(40102, "Access token has expired.")
    if call.needed("business_id") != held.open_id:
        raise Refused(40106, "The access token does not belong to this business_id.")
    return call.world.creators[held.creator_id]


def _post(call: Call, creator: Creator) -> Post:
    post = call.world.posts.get(call.needed("item_id"))
    if post is None or post.creator_id != creator.id or not post.exists(call.now):
        raise Refused(40007, f"The post {call.text('item_id')} does not exist.")
    return post


def _days(call: Call) -> int:
    days = call.whole("authorization_days", DEFAULT_DAYS, 1, 365)
    if days not in DAYS:
        raise invalid(f"authorization_days: Allowed: {', '.join(map(str, DAYS))}.")
    return days


def _newest(call: Call, post: Post) -> Code | None:
    codes = [code for code in call.world.codes_of(post.item_id) if code.starts_at <= call.now]
    return max(codes, key=lambda code: code.starts_at, default=None)


def _code_answer(code: Code) -> Data:
    return {
        "item_id": code.item_id,
        "auth_code": code.text,
        "auth_code_start_time": moment_text(code.starts_at),
        "auth_code_end_time": moment_text(code.ends_at),
        "authorization_days": (code.ends_at - code.starts_at).days,
    }


def _check_not_running(call: Call, post: Post) -> None:
    if any(
        ad.item_id == post.item_id and ad_is_delivering(call.world, ad, call.now)
        for ad in call.world.ads.values()
    ):
        raise invalid(RUNNING)


@endpoint("POST", "/business/post/authorize/setting/", token=False)
def setting(call: Call) -> Data:
    """Switches ad authorization on (with a code) or off."""
    creator = _creator(call)
    post = _post(call, creator)
    call.need("is_ad_promotable")
    code = _newest(call, post)
    if not call.flag("is_ad_promotable"):
        _check_not_running(call, post)
        if code and code.state(call.now) == "active":
            code.revoked_at = call.now
        return {"item_id": post.item_id}
    days = _days(call)
    if code is None or code.state(call.now) != "active":
        code = make_code(call.world, post.item_id, call.now, days)
    return _code_answer(code)


@endpoint("POST", "/business/post/authorize/", token=False)
def renew(call: Call) -> Data:
    """Adds days to the existing period, or makes a new code when the old one was deleted."""
    creator = _creator(call)
    post = _post(call, creator)
    days = _days(call)
    code = _newest(call, post)
    if code is None or code.state(call.now) == "revoked":
        return _code_answer(make_code(call.world, post.item_id, call.now, days))
    code.extend(days, call.now)
    return _code_answer(code)


@endpoint("GET", "/business/post/authorize/status/", token=False)
def status(call: Call) -> Data:
    post = _post(call, _creator(call))
    code = _newest(call, post)
    if code is None:
        raise Refused(40007, "The post has no authorization code.")
    used = any(r.code_text == code.text for r in call.world.redemptions)
    words = {"expired": "EXPIRED", "revoked": "DELETED"}
    word = words.get(code.state(call.now), "IN_USE" if used else "NOT_USED")
    return {**_code_answer(code), "auth_code_status": word}


@endpoint("POST", "/business/post/authorize/delete/", token=False)
def delete(call: Call) -> Data:
    post = _post(call, _creator(call))
    code = _newest(call, post)
    if code is None or code.state(call.now) == "revoked":
        raise Refused(40007, "The post has no authorization code.")
    _check_not_running(call, post)
    code.revoked_at = call.now
    return {"item_id": post.item_id, "auth_code_status": "DELETED"}


Field = Callable[[Call, Post], object]


VIDEO_FIELDS: dict[str, Field] = {
    "item_id": lambda call, post: post.item_id,
    "caption": lambda call, post: post.caption,
    "create_time": lambda call, post: str(int(post.posted_at.timestamp())),
    "thumbnail_url": lambda call, post: poster(post.item_id),
    "share_url": lambda call, post: (
        f"https://www.tiktok.example/@{call.world.creators[post.creator_id].handle}"
        f"/video/{post.item_id}"
    ),
    "video_duration": lambda call, post: post.duration,
    "video_views": lambda call, post: _organic(call, post).views,
    "likes": lambda call, post: _organic(call, post).likes,
    "comments": lambda call, post: _organic(call, post).comments,
    "shares": lambda call, post: _organic(call, post).shares,
    "is_ad": lambda call, post: any(ad.item_id == post.item_id for ad in call.world.ads.values()),
}


def _organic(call: Call, post: Post) -> Organic:
    return organic(call.world, post, post.posted_at, call.now)


@endpoint("GET", "/business/video/list/", token=False)
def videos(call: Call) -> Data:
    """The creator's posts, newest first; ``fields`` chooses the keys."""
    creator = _creator(call)
    fields = call.texts("fields") or list(VIDEO_FIELDS)
    unknown = [name for name in fields if name not in VIDEO_FIELDS]
    if unknown:
        raise invalid(f"fields: Invalid value {unknown[0]}.")
    most = call.whole("max_count", 20, 1, 20)
    cursor = call.whole("cursor", 0, 0, 10**12)
    posts = sorted(
        (
            post
            for post in call.world.posts.values()
            if post.creator_id == creator.id and post.is_public(call.now)
        ),
        key=lambda post: post.posted_at,
        reverse=True,
    )
    shown = posts[cursor : cursor + most]
    return {
        "videos": [{name: VIDEO_FIELDS[name](call, post) for name in fields} for post in shown],
        "cursor": cursor + len(shown),
        "has_more": cursor + len(shown) < len(posts),
    }
