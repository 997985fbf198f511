"""The only place that opens tokens: typed APIs for a connection."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from django.conf import settings

from sparkops.connections.limits import RedisLimiter
from sparkops.connections.models import Connection
from sparkops.connections.vault import vault
from sparkops.isolation.scope import client_scope
from sparkops.tiktok.ads import rates
from sparkops.tiktok.ads.api import AdsApi
from sparkops.tiktok.ads.oauth import AdsSignIn
from sparkops.tiktok.shop.api import ShopApi
from sparkops.tiktok.shop.caller import rate_of as shop_rate_of
from sparkops.tiktok.shop.oauth import ShopOAuth
from sparkops.tiktok.transport import Transport

TOKEN = "access_token"  # noqa: S105 - names the purpose of a ciphertext
REFRESH_TOKEN = "refresh_token"  # noqa: S105


@cache
def shop_limiter() -> RedisLimiter:
    """Shared pace of the Shop app."""
    return RedisLimiter(shop_rate_of, api="shop")


@cache
def ads_limiter() -> RedisLimiter:
    """Shared pace of the Marketing API app."""
    return RedisLimiter(rates.rate_of, api="ads")


@contextmanager
def shop_api(client_id: int, connection_id: int, cipher: str = "") -> Iterator[ShopApi]:
    """The Shop API of a connection; `cipher` names the shop for calls that need one.

    Opens and closes its own scope to read the token: call it outside of one.
    """
    token = opened_token(client_id, connection_id, TOKEN)
    with Transport(settings.TIKTOK["shop_url"], "shop") as transport:
        yield ShopApi(
            transport,
            settings.TIKTOK["shop_app_key"],
            settings.TIKTOK["shop_app_secret"],
            token,
            cipher,
            shop_limiter(),
        )


@contextmanager
def ads_api(client_id: int, connection_id: int) -> Iterator[AdsApi]:
    """The Marketing API of a connection. Call it outside of a scope."""
    token = opened_token(client_id, connection_id, TOKEN)
    with Transport(settings.TIKTOK["ads_url"], "ads") as transport:
        yield AdsApi(
            transport,
            token,
            ads_limiter(),
            app_id=settings.TIKTOK["ads_app_id"],
            secret=settings.TIKTOK["ads_secret"],
        )


@contextmanager
def shop_sign_in() -> Iterator[ShopOAuth]:
    """The token endpoints of the Shop app."""
    with Transport(settings.TIKTOK["auth_url"], "shop") as transport:
        yield ShopOAuth(
            transport,
            app_key=settings.TIKTOK["shop_app_key"],
            app_secret=settings.TIKTOK["shop_app_secret"],
        )


@contextmanager
def ads_sign_in() -> Iterator[AdsSignIn]:
    """The token endpoints of the Marketing API app."""
    with Transport(settings.TIKTOK["ads_url"], "ads") as transport:
        yield AdsSignIn(
            transport,
            ads_limiter(),
            app_id=settings.TIKTOK["ads_app_id"],
            secret=settings.TIKTOK["ads_secret"],
        )


def opened_token(client_id: int, connection_id: int, which: str) -> str:
    """The plain access or refresh token of a connection. Raises SecretError."""
    with client_scope(client_id):
        connection = Connection.objects.get(pk=connection_id)
        sealed = connection.access_token if which == TOKEN else connection.refresh_token
    return vault().open(sealed or b"", client_id=client_id, purpose=which)
