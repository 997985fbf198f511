"""Connecting a shop: the link to the consent page, and the tokens it leads to (contract 4).

The token endpoints live on the auth host, are not signed, and carry the app secret in the URL.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import partial
from urllib.parse import urlencode

from pydantic import Field

from sparkops.tiktok.reading import read
from sparkops.tiktok.shop.envelope import Reply, decode
from sparkops.tiktok.transport import Request, Transport
from sparkops.tiktok.values import Count, Record, Text, TextId

SERVICES_US = "https://services.us.tiktokshop.com"
SERVICES_ELSEWHERE = "https://services.tiktokshop.com"

RENEW_BEFORE = timedelta(hours=24)
# Expiry values are absolute unix seconds; anything this small can only be a duration.
_SMALLEST_MOMENT = 10**9
_FARTHEST = datetime(9999, 1, 1, tzinfo=UTC)


def authorize_url(services_url: str, service_id: str, state: str) -> str:
    """The consent page for a seller. ``services_url`` is one of the two above or a stand-in."""
    query = urlencode({"service_id": service_id, "state": state})
    return f"{services_url.rstrip('/')}/open/authorize?{query}"


class TokenAnswer(Record):
    """The token endpoints' data, times still as sent."""

    access_token: str = Field(min_length=1, repr=False)
    access_token_expire_in: Count = None
    refresh_token: str = Field(min_length=1, repr=False)
    refresh_token_expire_in: Count = None
    open_id: TextId = ""
    seller_name: Text = ""
    seller_base_region: Text = ""
    user_type: Count = None
    granted_scopes: list[Text] = []


class TokenSet(Record):
    """Access to a seller's shops. Times are aware UTC.

    ``user_type`` 0 is a seller, 1 a creator. The refresh token is replaced by each refresh: store
    both in the transaction that used the old one. ``refresh_token_expires_at`` may be a century
    away; never schedule by it alone.
    """

    access_token: str = Field(repr=False)
    access_token_expires_at: datetime
    refresh_token: str = Field(repr=False)
    refresh_token_expires_at: datetime
    open_id: str = ""
    seller_name: str = ""
    seller_base_region: str = ""
    user_type: int | None = None
    granted_scopes: tuple[str, ...] = ()

    def needs_refresh(self, now: datetime) -> bool:
        """True when less than 24 hours of access remain."""
        return self.access_token_expires_at - now < RENEW_BEFORE


class ShopOAuth:
    """The two calls of the auth host. ``transport`` must point there, not to the API host."""

    def __init__(self, transport: Transport, *, app_key: str, app_secret: str) -> None:
        self._transport = transport
        self._app_key = app_key
        self._app_secret = app_secret

    def exchange(self, auth_code: str) -> TokenSet:
        """Tokens for the code of the callback. It works once, for 30 minutes.

        Raises ``Auth`` with reason ``code_invalid`` when it does not.
        """
        return self._tokens("/api/v2/token/get", auth_code=auth_code, grant_type="authorized_code")

    def refresh(self, refresh_token: str) -> TokenSet:
        """New tokens for the refresh token, which is void afterwards.

        One refresh at a time per connection. Raises ``Auth`` with reason
        ``refresh_token_invalid`` or ``code_invalid`` when the shop has to be connected again.
        """
        return self._tokens(
            "/api/v2/token/refresh", refresh_token=refresh_token, grant_type="refresh_token"
        )

    def _tokens(self, path: str, **grant: str) -> TokenSet:
        app = {"app_key": self._app_key, "app_secret": self._app_secret}
        headers = {"content-type": "application/json"}
        request = Request("GET", path, app | grant, headers)
        reply = self._transport.send(lambda _: request, decode, repeatable=False)
        return token_set(reply, datetime.fromtimestamp(self._transport.clock(), UTC))


def token_set(reply: Reply, now: datetime) -> TokenSet:
    """Tokens from an accepted answer received at ``now``. Raises ``Unexpected``."""
    answer = read(
        TokenAnswer, reply.data, api="shop", what="an access", request_id=reply.request_id
    )
    moment = partial(_expiry, now=now)
    return TokenSet(
        access_token=answer.access_token,
        access_token_expires_at=moment(answer.access_token_expire_in),
        refresh_token=answer.refresh_token,
        refresh_token_expires_at=moment(answer.refresh_token_expire_in),
        open_id=answer.open_id,
        seller_name=answer.seller_name,
        seller_base_region=answer.seller_base_region,
        user_type=answer.user_type,
        granted_scopes=tuple(answer.granted_scopes),
    )


def _expiry(seconds: int | None, *, now: datetime) -> datetime:
    # Without an expiry the token counts as due, so that it is refreshed rather than trusted.
    if seconds is None:
        return now
    since = now if seconds < _SMALLEST_MOMENT else datetime(1970, 1, 1, tzinfo=UTC)
    try:
        return min(since + timedelta(seconds=seconds), _FARTHEST)
    except OverflowError:
        return _FARTHEST
