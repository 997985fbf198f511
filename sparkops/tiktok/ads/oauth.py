"""Signing in to TikTok: the long-term token of an advertiser and the short one of a creator.

Contract 4.1 and 4.2. The text TikTok hands to the redirect address is an ``oauth_code`` here, to
keep it apart from a creator's Spark code; on the wire both are called ``auth_code``.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from pydantic import Field

from sparkops.tiktok.ads.advertisers import Advertisers, ReachableAdvertiser
from sparkops.tiktok.ads.calls import Caller, PageOf, Result
from sparkops.tiktok.limits import Limiter
from sparkops.tiktok.transport import Transport
from sparkops.tiktok.values import Count, Record, Text, TextId

OAUTH_CODE_SECONDS = 3600


class AdsToken(Record):
    """A long-term token: no stated end, no refresh; it can die any day.

    ``scope`` holds numbers, as the advertiser granted them.
    """

    access_token: Text = Field(min_length=1, repr=False)
    advertiser_ids: list[TextId] = Field(default_factory=list)
    scope: list[TextId] = Field(default_factory=list)


class RevokedToken(Record):
    """What a revoked token had reached."""

    app_id: TextId = ""
    advertiser_ids: list[TextId] = Field(default_factory=list)


class AccountToken(Record):
    """A short-term token of one TikTok account; ``expires_in`` seconds, usually a day.

    ``open_id`` is the ``business_id`` of the Accounts API; ``scope`` is a comma list.
    """

    access_token: Text = Field(min_length=1, repr=False)
    expires_in: Count = None
    refresh_token: Text = Field(default="", repr=False)
    refresh_token_expires_in: Count = None
    open_id: TextId = ""
    scope: Text = ""
    token_type: Text = ""

    @property
    def scopes(self) -> frozenset[str]:
        """The granted scopes; ``biz.spark.auth`` allows to make and extend Spark codes."""
        return frozenset(word.strip() for word in self.scope.split(",") if word.strip())


def consent_url(portal_url: str, *, app_id: str, redirect_uri: str, state: str) -> str:
    """Where to send a person who connects an ad account.

    ``portal_url`` is scheme and host. ``state`` comes back with the ``oauth_code``, which lives one
    hour and works once.
    """
    query = urlencode({"app_id": app_id, "state": state, "redirect_uri": redirect_uri})
    return f"{portal_url.rstrip('/')}/portal/auth?{query}"


class AdsSignIn:
    """Calls of the developer app itself, before and after a connection exists."""

    def __init__(self, transport: Transport, limiter: Limiter, *, app_id: str, secret: str) -> None:
        self._transport = transport
        self._limiter = limiter
        self._app_id = app_id
        self._secret = secret

    def exchange(self, oauth_code: str) -> Result[AdsToken]:
        """The token for a consent. A used, late or cancelled code raises ``Auth``."""
        content = {**self._app(), "auth_code": oauth_code}
        return self._caller("").write(
            "/oauth2/access_token/", content, AdsToken, what="an access token"
        )

    def revoke(self, access_token: str) -> Result[RevokedToken]:
        """End a token, on disconnect."""
        content = {**self._app(), "access_token": access_token}
        return self._caller("").write(
            "/oauth2/revoke_token/",
            content,
            RevokedToken,
            what="an answer to a disconnect",
            repeatable=True,
        )

    def advertisers(self, access_token: str) -> PageOf[ReachableAdvertiser]:
        """The ad accounts a fresh token reaches."""
        caller = self._caller(access_token)
        return Advertisers(caller, app_id=self._app_id, secret=self._secret).reachable()

    def _caller(self, access_token: str) -> Caller:
        return Caller(self._transport, access_token, self._limiter, app_id=self._app_id)

    def _app(self) -> dict[str, Any]:
        return {"app_id": self._app_id, "secret": self._secret}


class AccountSignIn:
    """Sign-in of a creator's or brand's own TikTok account (Accounts API)."""

    def __init__(
        self, transport: Transport, limiter: Limiter, *, client_id: str, client_secret: str
    ) -> None:
        self._caller = Caller(transport, "", limiter, app_id=client_id)
        self._client = {"client_id": client_id, "client_secret": client_secret}

    def exchange(self, oauth_code: str, redirect_uri: str) -> Result[AccountToken]:
        """The token for a consent; the code lives ten minutes and works once."""
        return self._token(
            "/tt_user/oauth2/token/",
            grant_type="authorization_code",
            auth_code=oauth_code,
            redirect_uri=redirect_uri,
        )

    def refresh(self, refresh_token: str) -> Result[AccountToken]:
        """A new token from a refresh token, which lives a year."""
        return self._token(
            "/tt_user/oauth2/refresh_token/",
            grant_type="refresh_token",
            refresh_token=refresh_token,
        )

    def revoke(self, access_token: str) -> Result[None]:
        """End a token."""
        content = {**self._client, "access_token": access_token}
        return self._caller.order("/tt_user/oauth2/revoke/", content, repeatable=True)

    def _token(self, path: str, **content: str) -> Result[AccountToken]:
        return self._caller.write(
            path, {**self._client, **content}, AccountToken, what="an access token"
        )
