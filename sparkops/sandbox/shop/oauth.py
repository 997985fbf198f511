"""The consent page and the token endpoints (contract section 4)."""

import html
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode, urlsplit, urlunsplit

from sparkops.sandbox.wire import Request, Response
from sparkops.sandbox.world import Seller, ShopApp, ShopToken, World
from sparkops.sandbox.world.access import issue_shop_code, issue_shop_token

from . import errors

CONSENT_PATHS = ("/open/authorize", "/oauth/authorize")
TOKEN_PATHS = ("/api/v2/token/get", "/api/v2/token/refresh")


def consent(request: Request, world: World) -> Response:
    """The page a seller sees: which app, which account, which scopes."""
    app = _app_of_link(dict(request.query), world)
    if app is None:
        return _message("This link names no app. Check its service_id.", 404)
    if not app.redirect_uri:
        return _message("The app has no redirect address yet. Set one for the app first.", 409)
    accounts = "".join(_option(seller) for seller in world.sellers.values() if seller.shop_ids)
    scopes = "".join(f"<li>{html.escape(scope)}</li>" for scope in app.scopes)
    page = _PAGE.format(
        app=html.escape(app.name),
        action=html.escape(request.path),
        service_id=html.escape(app.service_id),
        state=html.escape(request.get("state") or ""),
        accounts=accounts,
        scopes=scopes,
    )
    return Response.html(page)


def decide(request: Request, world: World) -> Response:
    """Sends the browser back to the app after Authorize or Cancel."""
    form = request.form()
    app = _app_of_link(form, world)
    if app is None or not app.redirect_uri:
        return _message("This form names no app. Open the link again.", 404)
    state = form.get("state", "")
    seller = world.sellers.get(form.get("seller_id", ""))
    if form.get("decision") != "authorize" or seller is None:
        return _back(app, {"error": "access_denied", "state": state})
    code = issue_shop_code(world, app.app_key, seller.id, request.now)
    return _back(
        app,
        {
            "app_key": app.app_key,
            "code": code.code,
            "locale": "en",
            "shop_region": seller.region,
            "state": state,
        },
    )


def token_call(request: Request, world: World) -> dict[str, Any]:
    """`data` of `/api/v2/token/get` and `/api/v2/token/refresh`. Raises ShopError."""
    query = dict(request.query)
    app = world.shop_apps.get(query.get("app_key", ""))
    if app is None:
        raise errors.unknown_app()
    if query.get("app_secret") != app.app_secret:
        raise errors.invalid_secret()
    grant = query.get("grant_type", "")
    if request.path.endswith("/refresh"):
        # The Node SDK names the other grant here, and TikTok takes it.
        _require_grant(grant, ("refresh_token", "authorized_code"))
        token = _refresh(app, query.get("refresh_token", ""), request, world)
    else:
        _require_grant(grant, ("authorized_code",))
        token = _redeem(app, query.get("auth_code", ""), request, world)
    return token_data(token, world)


def token_data(token: ShopToken, world: World) -> dict[str, Any]:
    """The wire form of a token; both expiries are absolute unix seconds."""
    seller = world.sellers[token.seller_id]
    return {
        "access_token": token.access_token,
        "access_token_expire_in": int(token.access_expires_at.timestamp()),
        "refresh_token": token.refresh_token,
        "refresh_token_expire_in": int(token.refresh_expires_at.timestamp()),
        "open_id": seller.open_id,
        "seller_name": seller.name,
        "seller_base_region": seller.region,
        "user_type": token.user_type,
        "granted_scopes": list(token.scopes),
    }


def _redeem(app: ShopApp, text: str, request: Request, world: World) -> ShopToken:
    """A code works once, for 30 minutes; it brings deauthorized shops of the seller back."""
    code = world.oauth_codes.get(text)
    if (
        code is None
        or code.api != "shop"
        or code.app != app.app_key
        or code.used_at is not None
        or code.expires_at <= request.now
    ):
        raise errors.used_code()
    code.used_at = request.now
    for shop_id in world.sellers[code.owner_id].shop_ids:
        world.shops[shop_id].deauthorized_at = None
    return issue_shop_token(world, app.app_key, code.owner_id, request.now)


def _refresh(app: ShopApp, text: str, request: Request, world: World) -> ShopToken:
    """A new pair; the refresh token is spent, the old access token lives on until it expires."""
    old = next((one for one in world.shop_tokens.values() if one.refresh_token == text), None)
    if (
        old is None
        or old.app_key != app.app_key
        or old.replaced_at
        or old.revoked_at
        or old.refresh_expires_at <= request.now
        or _is_deauthorized(world.sellers[old.seller_id], world)
    ):
        raise errors.dead_refresh_token()
    old.replaced_at = request.now
    fresh = issue_shop_token(world, app.app_key, old.seller_id, request.now)
    fresh.scopes, fresh.user_type = list(old.scopes), old.user_type
    return fresh


def _is_deauthorized(seller: Seller, world: World) -> bool:
    return all(world.shops[shop_id].deauthorized_at for shop_id in seller.shop_ids)


def _app_of_link(query: Mapping[str, str], world: World) -> ShopApp | None:
    """The app a consent link names, by `service_id` or, in the older form, by `app_key`."""
    service_id, app_key = query.get("service_id"), query.get("app_key")
    for app in world.shop_apps.values():
        if service_id == app.service_id or app_key == app.app_key:
            return app
    return None


def _require_grant(grant: str, allowed: tuple[str, ...]) -> None:
    if grant not in allowed:
        raise errors.invalid_field("grant_type", f"must be {allowed[0]}")


def _back(app: ShopApp, query: Mapping[str, str]) -> Response:
    parts = urlsplit(app.redirect_uri)
    joined = "&".join(text for text in (parts.query, urlencode(query)) if text)
    return Response.redirect(urlunsplit(parts._replace(query=joined)))


def _option(seller: Seller) -> str:
    label = html.escape(f"{seller.name} ({seller.region})")
    return f'<option value="{html.escape(seller.id)}">{label}</option>'


def _message(text: str, status: int) -> Response:
    return Response.html(_MESSAGE_PAGE.format(text=html.escape(text)), status)


_STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:34rem;margin:4rem auto;padding:0 1rem}"
    "button{font:inherit;padding:.5rem 1.25rem;margin-right:.5rem}"
    "select{font:inherit;width:100%;padding:.4rem}"
    "ul{color:#555}"
)
_MESSAGE_PAGE = (
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>TikTok Shop sandbox</title>'
    f"<style>{_STYLE.replace('{', '{{').replace('}', '}}')}</style></head>"
    "<body><h1>Authorization is not possible</h1><p>{text}</p></body></html>"
)
_PAGE = (
    '<!doctype html><html lang="en"><head><meta charset="utf-8">'
    '<meta name="viewport" content="width=device-width,initial-scale=1">'
    "<title>Authorize {app} - TikTok Shop sandbox</title>"
    f"<style>{_STYLE.replace('{', '{{').replace('}', '}}')}</style></head><body>"
    "<h1>Authorize {app}</h1>"
    "<p>{app} asks to work with your TikTok Shop. "
    "This is the sandbox: no real shop is involved.</p>"
    '<form method="post" action="{action}">'
    '<input type="hidden" name="service_id" value="{service_id}">'
    '<input type="hidden" name="state" value="{state}">'
    '<p><label for="seller_id">Shop account</label>'
    '<select id="seller_id" name="seller_id">{accounts}</select></p>'
    "<p>It will be able to use:</p><ul>{scopes}</ul>"
    '<p><button name="decision" value="authorize">Authorize</button>'
    '<button name="decision" value="cancel">Cancel</button></p>'
    "</form></body></html>"
)
