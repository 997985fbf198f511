"""Webhooks from TikTok Shop: is it really from them, and what does it hint at (contract 11).

A webhook is only a hint: the object it names is read again through the API. Replays are possible
and order is not guaranteed, so receivers keep ``tts_notification_id`` and compare update times.
"""

from __future__ import annotations

import hashlib
import hmac
from typing import Annotated, Any

from pydantic import BeforeValidator

from sparkops.tiktok.reading import read
from sparkops.tiktok.transport import Answer
from sparkops.tiktok.values import Record, RequiredId, TextId, UnixTime, whole_or_none

ORDER_STATUS_CHANGE = 1
SELLER_DEAUTHORIZATION = 6
UPCOMING_AUTHORIZATION_EXPIRATION = 7
RETURN_STATUS_CHANGE = 12
NEW_MESSAGE_LISTENER = 33

NAMES: dict[int, str] = {
    ORDER_STATUS_CHANGE: "ORDER_STATUS_CHANGE",
    2: "REVERSE_STATUS_UPDATE",
    3: "RECIPIENT_ADDRESS_UPDATE",
    4: "PACKAGE_UPDATE",
    5: "PRODUCT_STATUS_CHANGE",
    SELLER_DEAUTHORIZATION: "SELLER_DEAUTHORIZATION",
    UPCOMING_AUTHORIZATION_EXPIRATION: "UPCOMING_AUTHORIZATION_EXPIRATION",
    11: "CANCELLATION_STATUS_CHANGE",
    RETURN_STATUS_CHANGE: "RETURN_STATUS_CHANGE",
    13: "NEW_CONVERSATION",
    14: "NEW_MESSAGE",
    15: "PRODUCT_INFORMATION_CHANGE",
    16: "PRODUCT_CREATION",
    NEW_MESSAGE_LISTENER: "NEW_MESSAGE_LISTENER",
    37: "PRODUCT_AUDIT_STATUS_CHANGE",
}

# A type without which an event means nothing.
_Type = Annotated[int, BeforeValidator(whole_or_none)]


class WebhookEvent(Record):
    """The envelope. ``data`` is as sent; its ids are text or number."""

    type: _Type
    tts_notification_id: RequiredId
    shop_id: TextId = ""
    timestamp: UnixTime = None
    data: dict[str, Any] = {}

    @property
    def name(self) -> str:
        """TikTok's word for the type, or ``TYPE_n`` for one nobody has documented."""
        return NAMES.get(self.type, f"TYPE_{self.type}")

    def data_id(self, name: str) -> str:
        """An id inside ``data`` as text; empty when missing or not an id."""
        value = self.data.get(name)
        is_id = isinstance(value, str | int) and not isinstance(value, bool)
        return str(value).strip() if is_id else ""


def signature(app_key: str, app_secret: str, raw_body: bytes) -> str:
    """Lower-case hex of HMAC-SHA256 over app key and body."""
    return hmac.new(app_secret.encode(), app_key.encode() + raw_body, hashlib.sha256).hexdigest()


def verify(app_key: str, app_secret: str, raw_body: bytes, authorization: str | None) -> bool:
    """True when the ``Authorization`` header fits the untouched body. Constant time."""
    expected = signature(app_key, app_secret, raw_body)
    return hmac.compare_digest(expected.encode(), (authorization or "").strip().encode())


def parse_event(raw_body: bytes) -> WebhookEvent:
    """The event of a verified body. Unknown types are fine; raises ``Unexpected`` otherwise."""
    envelope = Answer(api="shop", method="POST", path="webhook", status=200, body=raw_body).json()
    return read(WebhookEvent, envelope, api="shop", what="a webhook")
