"""Pages of the Shop API: opaque tokens that die with the filter they were made for (1.7)."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from . import errors

Row = TypeVar("Row")

# Encodes to "+//+", so that a client that forgets to percent-encode a token is found out.
_PREFIX = b"\xfb\xff\xfe"
_KEY = b"page token of the sandbox"
_TAG_BYTES = 9


def page(
    rows: Sequence[Row],
    *,
    size: int,
    token: str,
    query: object,
    position: Callable[[Row], tuple[Any, str]],
    descending: bool = False,
) -> tuple[list[Row], str]:
    """One page of `rows` and the token of the next, "" at the end.

    Rows are ordered by `position` (sort value, unique text id); a token points behind the last
    row shown, so a row that moves while paging shows up again or not at all, as on TikTok.
    `query` is all that must stay equal while paging (path, shop, filters).
    Raises ShopError for a token of another query.
    """
    ordered = sorted(rows, key=position, reverse=descending)
    if token:
        after = _read(token, query)
        ordered = [row for row in ordered if _is_behind(position(row), after, descending)]
    shown = ordered[:size]
    has_more = len(ordered) > size
    return shown, _write(position(shown[-1]), query) if has_more else ""


def _is_behind(place: tuple[Any, str], after: tuple[Any, str], descending: bool) -> bool:
    return place < after if descending else place > after


def _write(place: tuple[Any, str], query: object) -> str:
    payload = json.dumps(list(place), separators=(",", ":")).encode()
    payload += b" " * ((1 - len(payload)) % 3)  # leaves "==" at the end
    return base64.b64encode(_PREFIX + _tag(payload, query) + _veil(payload)).decode()


def _read(token: str, query: object) -> tuple[Any, str]:
    try:
        raw = base64.b64decode(token, validate=True)
    except ValueError:
        raise errors.invalid_page_token() from None
    head = len(_PREFIX) + _TAG_BYTES
    payload = _veil(raw[head:])
    if not raw.startswith(_PREFIX) or not hmac.compare_digest(
        raw[len(_PREFIX) : head], _tag(payload, query)
    ):
        raise errors.invalid_page_token()
    value, row_id = json.loads(payload)
    return value, row_id


def _tag(payload: bytes, query: object) -> bytes:
    scope = json.dumps(query, sort_keys=True, default=str).encode()
    return hmac.new(_KEY, scope + payload, hashlib.sha256).digest()[:_TAG_BYTES]


def _veil(payload: bytes) -> bytes:
    stream = hashlib.shake_256(_KEY).digest(len(payload))
    return bytes(left ^ right for left, right in zip(payload, stream, strict=True))
