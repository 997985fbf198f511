"""``/_sandbox/``: what only tests and demos may do. JSON in and out, no token.

Actions are POST with a JSON object; what happens, happens at the world's present moment. A
mistake is answered with HTTP 400 and ``{"error": ...}``.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from sparkops.sandbox import credentials, truth
from sparkops.sandbox.ads.limits import LIMITER, TIERS
from sparkops.sandbox.faults import Faults
from sparkops.sandbox.server import LogEntry
from sparkops.sandbox.wire import Api, Handler, Request, Response
from sparkops.sandbox.world import Code, Comment, Creator, Post, Switch, World
from sparkops.sandbox.world.access import issue_creator_code, make_code

Action = Callable[[dict[str, Any], World, datetime], dict[str, Any]]
ACTIONS: dict[str, Action] = {}
DEFAULT_CODE_DAYS = 30


class ControlError(Exception):
    """The control request cannot be done; the text says why."""


def action(handler: Action) -> Action:
    """Registers ``POST /_sandbox/<name of the function>``."""
    ACTIONS[handler.__name__] = handler
    return handler


def gate(handler: Handler, request: Request, world: World) -> Response:
    try:
        return handler(request, world)
    except (ControlError, ValueError, TypeError) as error:
        return Response.json({"error": str(error)}, 400)
    except KeyError as error:
        return Response.json({"error": f"Missing or unknown: {error}."}, 400)


def not_found(request: Request, world: World) -> Response:
    known = ", ".join(sorted(ACTIONS))
    text = f"There is no {request.path}. Actions: {known}; see sparkops/sandbox/control.py."
    return Response.json({"error": text}, 404)


def wrong_method(request: Request, world: World) -> Response:
    return Response.json({"error": f"{request.method} is not offered here."}, 405)


def make_api(faults: Faults, log: deque[LogEntry]) -> Api:
    """The control routes over these faults and this request log."""
    api = Api("control", ("/_sandbox/",), not_found, wrong_method, gate)

    @api.route("GET", "/_sandbox/health")
    def health(request: Request, world: World) -> Response:
        return Response.json({"ok": True, "world": world.name, "now": request.now.isoformat()})

    @api.route("GET", "/_sandbox/clock")
    def clock(request: Request, world: World) -> Response:
        return Response.json(_clock(world))

    @api.route("POST", "/_sandbox/clock")
    def set_clock(request: Request, world: World) -> Response:
        _set_clock(world, request.json())
        return Response.json(_clock(world))

    @api.route("GET", "/_sandbox/requests")
    def requests(request: Request, world: World) -> Response:
        path, of_api = request.get("path") or "", request.get("api")
        shown = [
            entry.as_json()
            for entry in log
            if entry.target.startswith(path) and of_api in (None, entry.api)
        ]
        return Response.json({"requests": shown})

    @api.route("DELETE", "/_sandbox/requests", writes=False)
    def forget_requests(request: Request, world: World) -> Response:
        log.clear()
        return Response.json({"requests": []})

    @api.route("GET", "/_sandbox/faults")
    def list_faults(request: Request, world: World) -> Response:
        return Response.json({"faults": [fault.as_json() for fault in faults.listed()]})

    @api.route("POST", "/_sandbox/faults", writes=False)
    def add_fault(request: Request, world: World) -> Response:
        spec = request.json()
        specs = spec if isinstance(spec, list) else [spec]
        return Response.json({"faults": [faults.add(one).as_json() for one in specs]})

    @api.route("DELETE", "/_sandbox/faults", writes=False)
    def clear_faults(request: Request, world: World) -> Response:
        faults.clear()
        return Response.json({"faults": []})

    @api.route("GET", "/_sandbox/world")
    def ground_truth(request: Request, world: World) -> Response:
        window = truth.Window.of(request, world)
        return Response.json(truth.of_world(world, request.now, window, request.get("brand")))

    @api.route("GET", "/_sandbox/seed")
    def seed(request: Request, world: World) -> Response:
        return Response.json(truth.listing(world, request.now))

    @api.route("POST", "/_sandbox/credentials")
    def issue_credentials(request: Request, world: World) -> Response:
        return Response.json(credentials.issue(world, request.now))

    @api.route("POST", "/_sandbox/{name}")
    def act(request: Request, world: World) -> Response:
        name = request.params["name"]
        if name not in ACTIONS:
            return not_found(request, world)
        return Response.json(ACTIONS[name](request.json(), world, request.now))

    return api


def _clock(world: World) -> dict[str, Any]:
    return {"now": world.now().isoformat(), "frozen": world.clock.frozen}


def _set_clock(world: World, body: dict[str, Any]) -> None:
    if "set" in body:
        moment = datetime.fromisoformat(body["set"])
        if moment.tzinfo is None:
            raise ControlError("The time needs an offset, as in 2026-11-24T12:00:00+00:00.")
        world.clock.set(moment.astimezone(UTC))
    if "advance_seconds" in body:
        world.clock.advance(float(body["advance_seconds"]))
    if "frozen" in body:
        world.clock.freeze(bool(body["frozen"]))
    world.time_moved()


def _post(body: dict[str, Any], world: World) -> Post:
    post = world.posts.get(str(body["item_id"]))
    if post is None:
        raise ControlError(f"There is no post {body['item_id']}.")
    return post


def _code(body: dict[str, Any], world: World) -> Code:
    """The code named by ``auth_code``, or the newest code of ``item_id``."""
    if "auth_code" in body:
        code = world.codes.get(body["auth_code"])
        if code is None:
            raise ControlError("There is no such code.")
        return code
    codes = world.codes_of(_post(body, world).item_id)
    if not codes:
        raise ControlError(f"Post {body['item_id']} has no code.")
    return max(codes, key=lambda code: code.starts_at)


def _code_json(code: Code, now: datetime) -> dict[str, Any]:
    return {
        "auth_code": code.text,
        "item_id": code.item_id,
        "starts_at": code.starts_at.isoformat(),
        "ends_at": code.ends_at.isoformat(),
        "state": code.state(now),
    }


def _post_json(post: Post, now: datetime) -> dict[str, Any]:
    return {
        "item_id": post.item_id,
        "status": post.status(now),
        "links_product": post.links_product(now),
    }


@action
def revoke_code(body: dict[str, Any], world: World, now: datetime) -> dict[str, Any]:
    """The creator switches the authorization off."""
    code = _code(body, world)
    code.revoked_at = now
    return _code_json(code, now)


@action
def extend_code(body: dict[str, Any], world: World, now: datetime) -> dict[str, Any]:
    """The creator adds ``days`` to the code."""
    code = _code(body, world)
    if code.state(now) == "revoked":
        raise ControlError("A revoked code cannot be extended; make a new one with new_code.")
    code.extend(int(body.get("days", DEFAULT_CODE_DAYS)), now)
    return _code_json(code, now)


@action
def expire_code(body: dict[str, Any], world: World, now: datetime) -> dict[str, Any]:
    """The code's time is over now."""
    code = _code(body, world)
    code.ends_at = min(code.ends_at, now)
    return _code_json(code, now)


@action
def new_code(body: dict[str, Any], world: World, now: datetime) -> dict[str, Any]:
    """The creator makes a code of ``days`` days for the post ``item_id``."""
    post = _post(body, world)
    code = make_code(world, post.item_id, now, int(body.get("days", DEFAULT_CODE_DAYS)))
    return _code_json(code, now)


@action
def delete_post(body: dict[str, Any], world: World, now: datetime) -> dict[str, Any]:
    """``by``: "user" (default) or "review"."""
    post = _post(body, world)
    if body.get("by") == "review":
        post.audit_removed_at = now
    else:
        post.deleted_at = now
    return _post_json(post, now)


@action
def make_private(body: dict[str, Any], world: World, now: datetime) -> dict[str, Any]:
    post = _post(body, world)
    post.private_at = now
    return _post_json(post, now)


@action
def make_public(body: dict[str, Any], world: World, now: datetime) -> dict[str, Any]:
    """A private post is shown again."""
    post = _post(body, world)
    post.private_at = None
    return _post_json(post, now)


@action
def edit_post(body: dict[str, Any], world: World, now: datetime) -> dict[str, Any]:
    """The post's ``caption`` or the ``regions`` of its product links become others."""
    post = _post(body, world)
    post.caption = str(body.get("caption", post.caption))
    post.regions = [str(one) for one in body.get("regions", post.regions)]
    return _post_json(post, now)


@action
def drop_product_link(body: dict[str, Any], world: World, now: datetime) -> dict[str, Any]:
    post = _post(body, world)
    post.link_dropped_at = now
    return _post_json(post, now)


@action
def switch_boost(body: dict[str, Any], world: World, now: datetime) -> dict[str, Any]:
    """The creator's switch "authorize sellers to boost my videos": ``handle``, ``on``."""
    creator = _creator(body, world)
    if body["on"]:
        creator.affiliate_authorized_from, creator.affiliate_authorized_until = now, None
    else:
        creator.affiliate_authorized_until = now
    return {"handle": creator.handle, "boost_allowed": creator.boost_allowed(now)}


@action
def creator_login(body: dict[str, Any], world: World, now: datetime) -> dict[str, Any]:
    """The creator ``handle`` logs in to the app: an ``auth_code`` for the Accounts API."""
    app = next(iter(world.ads_apps.values()))
    code = issue_creator_code(world, app.app_id, _creator(body, world).id, now)
    return {"auth_code": code.code, "client_id": app.app_id, "client_secret": app.secret}


@action
def rename_creator(body: dict[str, Any], world: World, now: datetime) -> dict[str, Any]:
    creator = _creator(body, world)
    creator.earlier_handles.append(creator.handle)
    creator.handle = str(body["new_handle"])
    return {"handle": creator.handle, "open_id": creator.open_id}


@action
def new_post(body: dict[str, Any], world: World, now: datetime) -> dict[str, Any]:
    """The creator ``handle`` posts: ``caption``, ``product_ids``, ``reach``."""
    creator = _creator(body, world)
    number = world.counters.get("new_post", 0) + 1
    world.counters["new_post"] = number
    caption = str(body.get("caption", "a new post"))
    post = Post(
        item_id=str((int(now.timestamp()) << 32) + number * 256),
        creator_id=creator.id,
        brand_key=creator.brand_key,
        posted_at=now,
        caption=caption,
        duration=21.5,
        product_ids=[str(one) for one in body.get("product_ids", [])],
        reach=int(body.get("reach", 12000)),
        hash_tags=[word for word in caption.split() if word.startswith("#")],
    )
    world.posts[post.item_id] = post
    return _post_json(post, now)


def _creator(body: dict[str, Any], world: World) -> Creator:
    creator = world.creator_by_handle(str(body["handle"]))
    if creator is None:
        raise ControlError(f"There is no creator @{body['handle']}.")
    return creator


@action
def reject_ad(body: dict[str, Any], world: World, now: datetime) -> dict[str, Any]:
    """Review turns the ad ``ad_id`` down with ``reason``."""
    ad = world.ads[str(body["ad_id"])]
    ad.rejected_reason = str(body.get("reason", "The ad does not meet our advertising policies."))
    ad.reviews = [one for one in ad.reviews if one.at <= now] + [Switch(now, "REJECTED")]
    ad.modified_at = now
    return {"ad_id": ad.id, "rejected_reason": ad.rejected_reason}


@action
def approve_ad(body: dict[str, Any], world: World, now: datetime) -> dict[str, Any]:
    """Review is over now, without objection."""
    ad = world.ads[str(body["ad_id"])]
    ad.reviews = [one for one in ad.reviews if one.at <= now] + [Switch(now, "APPROVED")]
    ad.rejected_reason, ad.modified_at = "", now
    return {"ad_id": ad.id, "reviewed_at": now.isoformat()}


@action
def new_comment(body: dict[str, Any], world: World, now: datetime) -> dict[str, Any]:
    """Somebody writes ``text`` under the ad ``ad_id``; ``user_name`` optional."""
    comment = Comment(
        id=world.new_id("comment"),
        ad_id=world.ads[str(body["ad_id"])].id,
        text=str(body["text"]),
        user_name=str(body.get("user_name", "somebody")),
        created_at=now,
    )
    world.comments[comment.id] = comment
    return {"comment_id": comment.id}


@action
def set_advertiser_status(body: dict[str, Any], world: World, now: datetime) -> dict[str, Any]:
    """``status``: STATUS_ENABLE, STATUS_LIMIT, STATUS_DISABLE, ...; ``reason`` optional."""
    advertiser = world.advertisers[str(body["advertiser_id"])]
    advertiser.status = str(body["status"])
    advertiser.rejection_reason = str(body.get("reason", ""))
    return {"advertiser_id": advertiser.id, "status": advertiser.status}


@action
def end_token(body: dict[str, Any], world: World, now: datetime) -> dict[str, Any]:
    """Ends ``access_token`` of either API; ``how``: "revoked" (default) or "expired"."""
    text, expired = str(body["access_token"]), body.get("how") == "expired"
    if text in world.ads_tokens:
        token = world.ads_tokens[text]
        token.expired_at, token.revoked_at = (now, None) if expired else (None, now)
    elif text in world.shop_tokens:
        pair = world.shop_tokens[text]
        if expired:
            pair.access_expires_at = now
        else:
            pair.revoked_at = now
    else:
        raise ControlError("There is no such token.")
    return {"ended_at": now.isoformat()}


@action
def end_owner_tokens(body: dict[str, Any], world: World, now: datetime) -> dict[str, Any]:
    """All tokens of an ads user or seller end, as when the ``owner`` removes the app."""
    owner = str(body["owner"])
    ads = [token for token in world.ads_tokens.values() if token.user_id == owner]
    shop = [pair for pair in world.shop_tokens.values() if pair.seller_id == owner]
    for token in ads:
        token.revoked_at = now
    for pair in shop:
        pair.revoked_at = now
    return {"revoked": len(ads) + len(shop)}


@action
def limits(body: dict[str, Any], world: World, now: datetime) -> dict[str, Any]:
    """Rate limits of the Marketing API: ``tier``, or ``qps`` and ``qpm``; 0 = none."""
    qps, qpm = TIERS[body["tier"]] if "tier" in body else (int(body["qps"]), int(body["qpm"]))
    LIMITER.configure(qps, qpm)
    return {"qps": qps, "qpm": qpm}


@action
def set_stock(body: dict[str, Any], world: World, now: datetime) -> dict[str, Any]:
    """``product_id`` with ``stock`` for all its SKUs, or with ``status``."""
    product = world.products[str(body["product_id"])]
    for sku in product.skus:
        sku.stock = int(body.get("stock", sku.stock))
    product.status = str(body.get("status", product.status))
    product.updated_at = now
    return {"product_id": product.id, "status": product.status}
