"""Connecting, refreshing and disconnecting TikTok accounts.

Codes and tokens are exchanged outside any scope (a scope is a transaction), then stored in one.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from sparkops.audit.record import Actor, record
from sparkops.connections import apis
from sparkops.connections.models import Connection, ShopRoute
from sparkops.connections.vault import vault
from sparkops.errors import Refusal
from sparkops.isolation.scope import client_scope
from sparkops.tiktok import errors
from sparkops.tiktok.shop.oauth import TokenSet
from sparkops.tiktok.shop.shops import Shop as ApiShop

log = structlog.get_logger(__name__)

REFRESH_BEFORE = timedelta(hours=24)


@dataclass(frozen=True)
class Granted:
    """Tokens of one grant. Times are aware UTC; None means that TikTok states none."""

    kind: str
    external_id: str
    label: str
    access_token: str
    refresh_token: str = ""
    access_expires_at: datetime | None = None
    refresh_expires_at: datetime | None = None
    scopes: tuple[str, ...] = ()


def connect_shop(client_id: int, auth_code: str, *, by: Actor, now: datetime) -> Connection:
    """Exchange a Shop consent and store the connection. Raises Refusal with what to do next."""
    try:
        with apis.shop_sign_in() as sign_in:
            tokens = sign_in.exchange(auth_code)
    except errors.TikTokError as error:
        raise _not_connected(error) from error
    granted = Granted(
        kind=Connection.Kind.SHOP,
        external_id=tokens.open_id,
        label=tokens.seller_name or "TikTok Shop seller",
        access_token=tokens.access_token,
        refresh_token=tokens.refresh_token,
        access_expires_at=tokens.access_token_expires_at,
        refresh_expires_at=tokens.refresh_token_expires_at,
        scopes=tokens.granted_scopes,
    )
    return store(client_id, granted, by=by, now=now)


def connect_ads(client_id: int, oauth_code: str, *, by: Actor, now: datetime) -> Connection:
    """Exchange a Marketing API consent and store the connection.

    TikTok names no owner of the token, so the connection is known by its lowest ad account id.
    Raises Refusal with what to do next.
    """
    try:
        with apis.ads_sign_in() as sign_in:
            token = sign_in.exchange(oauth_code).value
            reachable = sign_in.advertisers(token.access_token).items
    except errors.TikTokError as error:
        raise _not_connected(error) from error
    if not reachable:
        raise Refusal(
            "no_ad_accounts",
            "TikTok granted access to no ad account. Connect again and select at least one.",
        )
    first = min(reachable, key=lambda one: one.advertiser_id)
    granted = Granted(
        kind=Connection.Kind.ADS,
        external_id=first.advertiser_id,
        label=first.advertiser_name or f"Ad account {first.advertiser_id}",
        access_token=token.access_token,
        scopes=tuple(token.scope),
    )
    return store(client_id, granted, by=by, now=now)


def store(client_id: int, granted: Granted, *, by: Actor, now: datetime) -> Connection:
    """Write the tokens; reconnecting the same account revives its connection and its streams."""
    with client_scope(client_id):
        connection, created = Connection.objects.update_or_create(
            kind=granted.kind,
            external_id=granted.external_id,
            defaults={
                "label": granted.label,
                "state": Connection.State.ACTIVE,
                "scopes": list(granted.scopes),
                "access_token": _sealed(client_id, granted.access_token, apis.TOKEN),
                "refresh_token": _sealed(client_id, granted.refresh_token, apis.REFRESH_TOKEN),
                "access_expires_at": granted.access_expires_at,
                "refresh_expires_at": granted.refresh_expires_at,
                "connected_at": now,
                "connected_by": by.label,
                "lost_at": None,
                "lost_reason": "",
            },
        )
        connection.cursors.update(due_at=now)
        verb = "connection.made" if created else "connection.renewed"
        record(verb, connection, by=by, now=now, data={"scopes": list(granted.scopes)})
    return connection


def route_shops(client_id: int, shops: list[ApiShop]) -> None:
    """Note which client the webhooks of these shops belong to."""
    for shop in shops:
        ShopRoute.objects.get_or_create(shop_id=shop.id, route_client_id=client_id)


def refresh_due(client_id: int, *, now: datetime) -> int:
    """Refresh Shop tokens with less than a day left; a refused refresh marks the connection lost.

    The old refresh token is void once TikTok answered, so both new tokens are stored at once. One
    refresh at a time per connection: the row stays locked while TikTok is asked.
    """
    with client_scope(client_id):
        due = list(
            Connection.objects.filter(
                kind=Connection.Kind.SHOP,
                state=Connection.State.ACTIVE,
                access_expires_at__lt=now + REFRESH_BEFORE,
            ).values_list("pk", flat=True)
        )
    return sum(_refresh(client_id, connection_id, now) for connection_id in due)


def _refresh(client_id: int, connection_id: int, now: datetime) -> bool:
    with client_scope(client_id):
        connection = (
            Connection.objects.select_for_update(skip_locked=True).filter(pk=connection_id).first()
        )
        # Another worker may have refreshed it while this one waited for its turn.
        if connection is None or (connection.access_expires_at or now) >= now + REFRESH_BEFORE:
            return False
        old = vault().open(
            connection.refresh_token or b"", client_id=client_id, purpose=apis.REFRESH_TOKEN
        )
        try:
            with apis.shop_sign_in() as sign_in:
                tokens = sign_in.refresh(old)
        except errors.Auth as error:
            connection.state = Connection.State.LOST
            connection.lost_at, connection.lost_reason = now, error.sentence
            connection.save()
            return False
        except errors.TikTokError as error:
            log.warning("token not refreshed", error=str(error))
            return False
        _keep(connection, client_id, tokens)
        return True


def _keep(connection: Connection, client_id: int, tokens: TokenSet) -> None:
    connection.access_token = _sealed(client_id, tokens.access_token, apis.TOKEN)
    connection.refresh_token = _sealed(client_id, tokens.refresh_token, apis.REFRESH_TOKEN)
    connection.access_expires_at = tokens.access_token_expires_at
    connection.refresh_expires_at = tokens.refresh_token_expires_at
    connection.save()


def disconnect(client_id: int, connection_id: int, *, by: Actor, now: datetime) -> None:
    """Stop using a connection and tell TikTok; what was read stays.

    A refusal by TikTok does not keep the token in use: it is forgotten here in any case.
    """
    with client_scope(client_id):
        connection = Connection.objects.get(pk=connection_id)
    if connection.kind == Connection.Kind.ADS:
        try:
            token = apis.opened_token(client_id, connection_id, apis.TOKEN)
            with apis.ads_sign_in() as sign_in:
                sign_in.revoke(token)
        except errors.TikTokError as error:
            log.warning("token not revoked at TikTok", error=str(error))
    with client_scope(client_id):
        connection.state = Connection.State.REVOKED
        connection.access_token = b""
        connection.refresh_token = b""
        connection.save()
        record("connection.ended", connection, by=by, now=now)


def _sealed(client_id: int, token: str, purpose: str) -> bytes:
    return vault().seal(token, client_id=client_id, purpose=purpose) if token else b""


def _not_connected(error: errors.TikTokError) -> Refusal:
    if error.reason == "code_invalid" or isinstance(error, errors.Auth):
        return Refusal(
            "consent_not_valid",
            "TikTok did not accept this consent: it was used before or is too old. Press Connect"
            " again and confirm within 30 minutes.",
        )
    return Refusal("not_connected", f"The account was not connected. {error.sentence}")
