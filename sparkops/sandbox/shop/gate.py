"""What every Shop API call passes before its handler: app, time, signature, token, cipher, scope.

The order is the one of contract section 3.3; each check raises the ShopError that TikTok answers
with, and `answer` turns it into the envelope.
"""

import json
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum
from typing import Any
from urllib.parse import urlsplit

from sparkops.sandbox.wire import Request, Response, request_id
from sparkops.sandbox.world import Seller, Shop, ShopApp, ShopToken, World

from . import errors, signing
from .limits import CallLimits

TIMESTAMP_MAX_AGE = timedelta(minutes=5)
TIMESTAMP_MAX_LEAD = timedelta(seconds=30)
SELLER = 0

LIMITS = CallLimits()


class Cipher(Enum):
    """Whether an endpoint is about one shop (contract 1.3)."""

    REQUIRED = "required"
    ABSENT = "absent"
    OPTIONAL = "optional"


@dataclass(frozen=True)
class Endpoint:
    """One row of the endpoint table (contract section 2).

    `path` carries the pinned version; `also` are further versions that answer in the same shape.
    `scope` "" means any token. Searches by POST do not write.
    """

    key: str
    method: str
    path: str
    handler: "Handler"
    scope: str
    cipher: Cipher = Cipher.REQUIRED
    writes: bool = False
    also: tuple[str, ...] = ()

    def paths(self) -> list[str]:
        return [self.path, *(_VERSION.sub(f"/{version}/", self.path, 1) for version in self.also)]


@dataclass
class Call:
    """A call that passed the gate. `shop` is None for endpoints without a cipher."""

    world: World
    request: Request
    endpoint: Endpoint
    token: ShopToken
    seller: Seller
    the_shop: Shop | None
    body: dict[str, Any] = field(default_factory=dict)

    @property
    def shop(self) -> Shop:
        if self.the_shop is None:
            raise errors.missing_cipher()
        return self.the_shop

    @property
    def now(self) -> datetime:
        return self.request.now

    @property
    def params(self) -> dict[str, str]:
        return self.request.params

    @property
    def query(self) -> dict[str, str]:
        return dict(reversed(self.request.query))

    def page_key(self) -> list[Any]:
        """What must stay equal while a client walks through pages."""
        common = {"app_key", "timestamp", "sign", "access_token", "page_token", "page_size"}
        filters = sorted(pair for pair in self.request.query if pair[0] not in common)
        body = {name: value for name, value in self.body.items() if name != "page_token"}
        return [self.request.path, filters, body]


Handler = Callable[[Call], dict[str, Any] | None]
_VERSION = re.compile(r"/(\d{6})/")


def pass_gate(endpoint: Endpoint, request: Request, world: World) -> Call:
    """Check a call and read its body. Raises ShopError with the first thing that is wrong."""
    query = dict(reversed(request.query))
    app = _app(query, world)
    _check_timestamp(query, request)
    _check_signature(app, request)
    token = _token(app, request, world)
    seller = world.sellers[token.seller_id]
    shop = _shop(endpoint, query, seller, world)
    if endpoint.scope and endpoint.scope not in token.scopes:
        raise errors.missing_scope()
    if not request.replayed:
        LIMITS.count(app.app_key, shop.id if shop else "", endpoint.key)
    return Call(world, request, endpoint, token, seller, shop, _body(request))


def answer(request: Request, work: Callable[[], Any], success: str = "Success") -> Response:
    """The envelope around what `work` returns, or around its refusal."""
    try:
        return envelope(request, 0, success, work())
    except errors.ShopError as error:
        return refusal(request, error)


def refusal(request: Request, error: errors.ShopError) -> Response:
    response = envelope(request, error.code, error.message, None)
    return Response(error.status, response.payload, b"", dict(error.headers))


def envelope(request: Request, code: int, message: str, data: Any) -> Response:
    return Response.json(
        {
            "code": code,
            "message": message,
            "request_id": request_id(request.now),
            "data": data,
        }
    )


def raw_path(request: Request) -> str:
    """The path exactly as requested: it is what the client signed."""
    return urlsplit(request.target).path


def shops_of(seller: Seller, world: World) -> list[Shop]:
    """The shops the seller's authorization still covers."""
    shops = (world.shops[shop_id] for shop_id in seller.shop_ids)
    return [shop for shop in shops if shop.deauthorized_at is None]


def _app(query: dict[str, str], world: World) -> ShopApp:
    if not query.get("app_key"):
        raise errors.missing_credential("app_key")
    app = world.shop_apps.get(query["app_key"])
    if app is None:
        raise errors.unknown_app()
    return app


def _check_timestamp(query: dict[str, str], request: Request) -> None:
    """The window counts from the world's time or, since that may be moved, from real time."""
    text = query.get("timestamp", "")
    if not text:
        raise errors.missing_credential("timestamp")
    if not text.isdecimal():
        raise errors.malformed_timestamp()
    if request.replayed:
        return
    ages = [moment - int(text) for moment in (request.now.timestamp(), time.time())]
    lead, limit = -TIMESTAMP_MAX_LEAD.total_seconds(), TIMESTAMP_MAX_AGE.total_seconds()
    if any(lead <= age <= limit for age in ages):
        return
    raise errors.stale_timestamp() if ages[0] > limit else errors.future_timestamp()


def _check_signature(app: ShopApp, request: Request) -> None:
    if not request.get("sign"):
        raise errors.missing_credential("sign")
    content_type = request.headers.get("content-type", "")
    if not signing.request_is_signed(
        app.app_secret, raw_path(request), request.query, request.body, content_type
    ):
        raise errors.invalid_sign()


def _token(app: ShopApp, request: Request, world: World) -> ShopToken:
    token = world.shop_tokens.get(request.headers.get("x-tts-access-token", ""))
    if token is None or token.app_key != app.app_key or token.revoked_at:
        raise errors.invalid_token()
    if token.access_expires_at <= request.now:
        raise errors.expired_token()
    if token.user_type != SELLER:
        raise errors.wrong_token_kind()
    if not shops_of(world.sellers[token.seller_id], world):
        raise errors.invalid_token()
    return token


def _shop(endpoint: Endpoint, query: dict[str, str], seller: Seller, world: World) -> Shop | None:
    cipher = query.get("shop_cipher", "")
    if endpoint.cipher is Cipher.ABSENT and "shop_cipher" in query:
        raise errors.unexpected_cipher()
    if not cipher:
        if endpoint.cipher is Cipher.REQUIRED:
            raise errors.missing_cipher()
        return None
    shop = next((shop for shop in shops_of(seller, world) if shop.cipher == cipher), None)
    if shop is None:
        raise errors.foreign_cipher()
    return shop


def _body(request: Request) -> dict[str, Any]:
    """The JSON object of a call; PHP clients send `[]` for an empty one."""
    content_type = request.headers.get("content-type", "")
    if not request.body.strip() or signing.is_multipart(content_type):
        return {}
    if content_type and "json" not in content_type.lower():
        raise errors.unsupported_content_type()
    try:
        body = json.loads(request.body)
    except ValueError:
        raise errors.invalid_body() from None
    if body == []:
        return {}
    if not isinstance(body, dict):
        raise errors.invalid_body()
    return body
