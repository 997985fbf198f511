"""Consent page, token exchange, revocation, the token's ad accounts."""

from __future__ import annotations

from html import escape
from urllib.parse import urlencode

from sparkops.sandbox.ads.call import API, Call, Data, Refused, endpoint
from sparkops.sandbox.wire import Request, Response
from sparkops.sandbox.world import AdsApp, OauthCode, World
from sparkops.sandbox.world.access import issue_ads_code, issue_ads_token

PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Authorize {app}</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><style>
body{{font:16px/1.5 system-ui,sans-serif;max-width:32rem;margin:3rem auto;padding:0 1rem}}
fieldset{{border:1px solid #999;border-radius:8px;margin:1rem 0}}
label{{display:block;padding:.4rem 0}}
button{{font:inherit;padding:.5rem 1.5rem;margin-right:.5rem;border-radius:8px}}
</style></head><body><main><h1>{app} wants to use your ad accounts</h1>
<p>This is the TikTok sandbox on this machine. No real account is involved.</p>
<form method="post" action="/portal/auth/decision">
<input type="hidden" name="app_id" value="{app_id}">
<input type="hidden" name="state" value="{state}">
<input type="hidden" name="redirect_uri" value="{redirect_uri}">
<fieldset><legend>Continue as</legend>{users}</fieldset>
<button name="decision" value="allow">Allow</button>
<button name="decision" value="deny">Deny</button></form></main></body></html>"""
MESSAGE_PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8">
<title>Authorization</title></head><body><main><h1>{title}</h1><p>{text}</p></main></body></html>"""


def _message(title: str, text: str, status: int) -> Response:
    return Response.html(MESSAGE_PAGE.format(title=escape(title), text=escape(text)), status)


def _problem(app: AdsApp | None, redirect_uri: str) -> Response | None:
    """Why the consent page cannot be shown, or None."""
    if app is None:
        return _message("Unknown app", "The app_id of this link is not known.", 400)
    if not redirect_uri.startswith(("http://", "https://")):
        return _message("No way back", "The link has no redirect_uri.", 400)
    if app.redirect_uris and redirect_uri not in app.redirect_uris:
        return _message("No way back", "This redirect_uri is not registered for the app.", 400)
    return None


@API.route("GET", "/portal/auth")
def consent_page(request: Request, world: World) -> Response:
    app = world.ads_apps.get(request.get("app_id") or "")
    redirect_uri = request.get("redirect_uri") or ""
    problem = _problem(app, redirect_uri)
    if problem or app is None:
        return problem or _message("Unknown app", "", 400)
    wanted = request.get("login") or next(iter(world.ads_users), "")
    users = "".join(
        f'<label><input type="radio" name="user" value="{escape(user.id)}"'
        f"{' checked' if user.id == wanted else ''}> {escape(user.name)} "
        f"({len(user.advertiser_ids)} ad accounts)</label>"
        for user in world.ads_users.values()
    )
    return Response.html(
        PAGE.format(
            app=escape(app.name),
            app_id=escape(app.app_id),
            state=escape(request.get("state") or ""),
            redirect_uri=escape(redirect_uri),
            users=users,
        )
    )


# The older address of the same page.
API.route("GET", "/marketing_api/auth")(consent_page)
API.route("GET", "/portal/auth/")(consent_page)


@API.route("POST", "/portal/auth/decision")
def decide(request: Request, world: World) -> Response:
    form = request.form()
    app, redirect_uri = world.ads_apps.get(form.get("app_id", "")), form.get("redirect_uri", "")
    problem = _problem(app, redirect_uri)
    if problem or app is None:
        return problem or _message("Unknown app", "", 400)
    state = form.get("state", "")
    if form.get("decision") != "allow":
        return Response.redirect(_with_query(redirect_uri, error="access_denied", state=state))
    user_id = form.get("user", "")
    if user_id not in world.ads_users:
        return _message("Choose an account", "Go back and choose who you are.", 400)
    code = issue_ads_code(world, app.app_id, user_id, request.now)
    return Response.redirect(
        _with_query(redirect_uri, auth_code=code.code, code=code.code, state=state)
    )


def _with_query(address: str, **values: str) -> str:
    return address + ("&" if "?" in address else "?") + urlencode(values)


def _app(call: Call, id_name: str, secret_name: str) -> AdsApp:
    call.need(id_name, secret_name)
    app = call.world.ads_apps.get(call.text(id_name))
    if app is None:
        raise Refused(40113, "The app is blocked, does not exist or its secret is wrong.")
    if app.secret != call.text(secret_name):
        raise Refused(40101, "The app_id and the secret do not match.")
    return app


def _exchange(call: Call, app: AdsApp, text: str) -> Data:
    code: OauthCode | None = call.world.oauth_codes.get(text)
    if code is None or code.api != "ads" or code.app != app.app_id:
        raise Refused(40101, "The auth_code is invalid.")
    if code.used_at or call.now >= code.expires_at:
        raise Refused(
            40110,
            "The auth_code is canceled. Please re-authorize and try again with a new auth_code.",
        )
    code.used_at = call.now
    token = issue_ads_token(call.world, app.app_id, code.owner_id, call.now)
    return {
        "access_token": token.access_token,
        "scope": token.scope,
        "advertiser_ids": token.advertiser_ids,
    }


@endpoint("POST", "/oauth2/access_token/", token=False)
def access_token(call: Call) -> Data:
    app = _app(call, "app_id", "secret")
    return _exchange(call, app, call.needed("auth_code"))


@endpoint("POST", "/oauth/token/", token=False)
def token(call: Call) -> Data:
    app = _app(call, "client_id", "client_secret")
    call.choice("grant_type", ["authorization_code"], call.needed("grant_type"))
    return _exchange(call, app, call.needed("code"))


@endpoint("POST", "/oauth2/revoke_token/", token=False)
def revoke_token(call: Call) -> Data:
    app = _app(call, "app_id", "secret")
    revoked = call.world.ads_tokens.get(call.needed("access_token"))
    if revoked is None or revoked.app_id != app.app_id or revoked.revoked_at:
        raise Refused(40105, "Access token is incorrect or has been revoked.")
    revoked.revoked_at = call.now
    return {"app_id": app.app_id, "advertiser_ids": revoked.advertiser_ids}


@endpoint("GET", "/oauth2/advertiser/get/")
def advertisers(call: Call) -> Data:
    _app(call, "app_id", "secret")
    ids = call.token.advertiser_ids if call.token else []
    return {
        "list": [
            {"advertiser_id": one, "advertiser_name": call.world.advertisers[one].name}
            for one in ids
        ]
    }
