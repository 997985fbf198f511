"""What TikTok Shop sends: proven by its signature, landed once, and only a hint to read again."""

import hashlib
import hmac
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client as Browser
from django.test import override_settings

from sparkops import clock
from sparkops.catalog.models import Shop
from sparkops.connections.models import Connection, ShopRoute
from sparkops.isolation.scope import client_scope
from sparkops.landing.models import Cursor, Hint
from tests.factories.cast import BEGIN, Cast
from tests.profit.conftest import make_books

ADDRESS = "/webhooks/tiktok-shop/"
APP = {"shop_app_key": "key", "shop_app_secret": "secret"}
ORDER_CHANGED, DEAUTHORIZED = 1, 6

Send = Callable[..., Any]


def body_of(kind: int, *, shop_id: str = "7495123", notification: str = "n-1") -> bytes:
    event = {
        "type": kind,
        "tts_notification_id": notification,
        "shop_id": shop_id,
        "timestamp": 1_764_000_000,
        "data": {"order_id": "577430000000000001", "order_status": "AWAITING_SHIPMENT"},
    }
    return json.dumps(event).encode()


def signed(body: bytes, secret: bytes = b"secret") -> str:
    return hmac.new(secret, b"key" + body, hashlib.sha256).hexdigest()


@pytest.fixture
def shop(cast: Cast) -> Shop:
    """The client's shop with an order stream that is not due for a day."""
    with client_scope(cast.client.pk):
        shop = make_books(cast.client.pk).shop
        Cursor.objects.create(
            connection=shop.connection,
            stream="orders",
            part=shop.shop_id,
            due_at=clock.now() + timedelta(days=1),
            last_ok_at=BEGIN,
        )
    ShopRoute.objects.create(route_client_id=cast.client.pk, shop_id=shop.shop_id)
    return shop


@pytest.fixture
def send(shop: Shop, client: Browser, settings: Any) -> Any:
    def post(body: bytes, authorization: str | None = None) -> Any:
        headers = {"Authorization": signed(body) if authorization is None else authorization}
        return client.post(ADDRESS, body, content_type="application/json", headers=headers)

    with override_settings(TIKTOK={**settings.TIKTOK, **APP}):
        yield post


def is_due(cast: Cast) -> bool:
    with client_scope(cast.client.pk):
        return Cursor.objects.get(stream="orders").due_at <= clock.now()


def test_a_signed_event_is_landed_and_its_stream_read_again(send: Send, cast: Cast) -> None:
    assert send(body_of(ORDER_CHANGED)).status_code == 200
    assert is_due(cast)
    with client_scope(cast.client.pk):
        assert Hint.objects.get().payload["data"]["order_status"] == "AWAITING_SHIPMENT"
    with client_scope(cast.sister.pk):
        assert not Hint.objects.exists()


def test_an_event_that_comes_twice_counts_once(send: Send, cast: Cast) -> None:
    send(body_of(ORDER_CHANGED))
    later = clock.now() + timedelta(hours=1)
    with client_scope(cast.client.pk):
        Cursor.objects.update(due_at=later)
    assert send(body_of(ORDER_CHANGED)).status_code == 200
    with client_scope(cast.client.pk):
        assert Hint.objects.count() == 1
        assert Cursor.objects.get().due_at == later


@pytest.mark.parametrize("authorization", ["", "0" * 64, signed(b"{}"), "not a signature é"])
def test_a_wrong_signature_is_refused_and_nothing_is_kept(
    send: Send, cast: Cast, authorization: str
) -> None:
    answer = send(body_of(ORDER_CHANGED), authorization.encode("ascii", "ignore").decode())
    assert answer.status_code == 401
    assert answer.content == b"The signature does not fit this body.\n"
    assert not is_due(cast)
    with client_scope(cast.client.pk):
        assert not Hint.objects.exists()


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'"text"', b"{}", b"\xff\xfe"])
def test_a_signed_body_that_is_no_event_is_refused_in_words(send: Send, body: bytes) -> None:
    answer = send(body)
    assert answer.status_code == 400
    assert answer.content == b"The body is not an event of TikTok Shop.\n"


def test_an_event_of_an_unknown_shop_concerns_nobody(send: Send, cast: Cast) -> None:
    assert send(body_of(ORDER_CHANGED, shop_id="1")).status_code == 200
    with client_scope(cast.client.pk):
        assert not Hint.objects.exists()


def test_an_event_larger_than_any_is_not_read(send: Send) -> None:
    assert send(b" " * 300_000).status_code == 413


def test_ts7_a_withdrawn_authorization_ends_the_connection(send: Send, cast: Cast) -> None:
    """TS7: the seller's withdrawal is known at once, with what to do."""
    assert send(body_of(DEAUTHORIZED)).status_code == 200
    with client_scope(cast.client.pk):
        lost = Connection.objects.get()
        assert lost.state == Connection.State.LOST
        assert "Connect the shop again" in lost.lost_reason
