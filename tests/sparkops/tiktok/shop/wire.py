"""The credentials of these tests, and what every Shop request must carry."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sparkops.tiktok.shop.api import ShopApi
from tests.sparkops.tiktok.conftest import NOW
from tests.sparkops.tiktok.stand_in import Received

KEY, SECRET, TOKEN, CIPHER = "6sparkops0001", "s3cr3t-spark-0001", "ROW_token", "GCP_cipher"
SINCE, SINCE_S = datetime(2026, 11, 1, tzinfo=UTC), 1793491200
UNTIL, UNTIL_S = datetime(2026, 11, 2, tzinfo=UTC), 1793577600
SIZE = {"page_size": "100"}
# Contract 1.3: these are refused when they carry a cipher.
WITHOUT_CIPHER = {"shops", "active_shops", "seller_status"}


@dataclass(frozen=True)
class Wire:
    """One call, and what it must put on the wire beside the common parts."""

    key: str
    call: Callable[[ShopApi], Any]
    method: str
    path: str
    query: dict[str, str] = field(default_factory=dict)
    body: Any = None
    answer: dict[str, Any] = field(default_factory=dict)


def first(pages: Iterator) -> Any:
    return next(iter(pages))


def signature(request: Received) -> str:
    """Contract 3.1, written down a second time."""
    params = {name: value for name, value in request.params.items() if name != "sign"}
    joined = request.path + "".join(name + params[name] for name in sorted(params))
    message = SECRET.encode() + joined.encode() + request.body + SECRET.encode()
    return hmac.new(SECRET.encode(), message, hashlib.sha256).hexdigest()


def assert_on_the_wire(request: Received, wire: Wire) -> None:
    assert (request.method, request.path) == (wire.method, wire.path)
    common = {"app_key": KEY, "timestamp": str(int(NOW)), "sign": signature(request)}
    if wire.key not in WITHOUT_CIPHER:
        common["shop_cipher"] = CIPHER
    assert request.params == common | wire.query
    assert request.headers["x-tts-access-token"] == TOKEN
    assert request.headers["content-type"] == "application/json"
    compact = json.dumps(wire.body, separators=(",", ":"), ensure_ascii=False)
    assert request.body == (b"" if wire.body is None else compact.encode())
