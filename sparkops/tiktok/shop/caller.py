"""Builds, signs and sends Shop calls, and turns lists into pages."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial
from typing import Any, Generic, TypeVar

from sparkops.tiktok.errors import TikTokError, Unexpected
from sparkops.tiktok.limits import Limiter, MemoryLimiter, Rate
from sparkops.tiktok.paging import Content, Item, Page, walk_tokens
from sparkops.tiktok.reading import read
from sparkops.tiktok.shop.endpoints import ENDPOINTS, RATES, Endpoint
from sparkops.tiktok.shop.envelope import Reply, decode
from sparkops.tiktok.shop.signing import sign
from sparkops.tiktok.transport import Request, Transport
from sparkops.tiktok.values import Record, unix_seconds

Model = TypeVar("Model", bound=Record)
Values = Mapping[str, Any]

UP_TO_100 = range(1, 101)
UP_TO_50 = range(1, 51)
UP_TO_20 = range(1, 21)


@dataclass(frozen=True)
class Listing(Generic[Content, Item]):
    """How one endpoint's pages look. ``parse`` also reads stored pages again, without a network.

    ``rows``: key of the rows in the raw page. ``what`` names a page for people. ``withheld``: keys
    of a row with personal data the product does not need; they are not kept even in ``raw``.
    """

    key: str
    content: type[Content]
    item: type[Item]
    rows: str
    what: str
    sizes: Container[int] = UP_TO_100
    default_size: int = 100
    withheld: frozenset[str] = field(default_factory=frozenset)

    @property
    def endpoint(self) -> Endpoint:
        return ENDPOINTS[self.key]

    def parse(self, raw: dict[str, Any], request_id: str = "") -> Page[Content, Item]:
        """A page from the ``data`` of an answer, fresh or stored."""
        token = raw.get("next_page_token") if raw.get("has_more") is not False else ""
        rows = raw.get(self.rows)
        return Page(
            raw=self._without_personal_data(raw),
            request_id=request_id,
            next_token=token if isinstance(token, str) else "",
            row_count=len(rows) if isinstance(rows, list) else int(bool(rows)),
            read=partial(self._read, request_id=request_id),
            pick=self._pick,
        )

    def check_size(self, size: int) -> int:
        """The size itself, or ``ValueError`` where TikTok would refuse it."""
        if size not in self.sizes:
            raise ValueError(f"TikTok Shop does not offer pages of {size} for {self.what}")
        return size

    def _read(self, raw: dict[str, Any], *, request_id: str) -> Content:
        # An empty list is left out by TikTok; rows under a name we do not know must not pass
        # for "none".
        strangers = [name for name in raw if name not in self.content.model_fields]
        if self.rows not in raw and any(isinstance(raw[name], list) for name in strangers):
            raise Unexpected(
                api="shop",
                reason="wrong_shape",
                request_id=request_id,
                sentence=f'{{api}} sent {self.what} without "{self.rows}" but with '
                f"{', '.join(sorted(strangers))}. An operator has to look at it.",
            )
        return read(self.content, raw, api="shop", what=self.what, request_id=request_id)

    def _pick(self, content: Content) -> list[Item]:
        rows = getattr(content, self.rows)
        if isinstance(rows, list):
            return rows
        return [] if rows is None else [rows]

    def _without_personal_data(self, raw: dict[str, Any]) -> dict[str, Any]:
        rows = raw.get(self.rows)
        if not self.withheld or not isinstance(rows, list):
            return raw
        kept = [
            {name: value for name, value in row.items() if name not in self.withheld}
            if isinstance(row, dict)
            else row
            for row in rows
        ]
        return raw | {self.rows: kept}


class Caller:
    """Calls on behalf of one shop (or, without a cipher, of one token).

    ``versions`` overrides the pinned version per endpoint key. Raises ``TikTokError``.
    """

    def __init__(
        self,
        transport: Transport,
        *,
        app_key: str,
        app_secret: str,
        access_token: str,
        shop_cipher: str = "",
        limiter: Limiter | None = None,
        versions: Mapping[str, str] | None = None,
    ) -> None:
        self._transport = transport
        self._app_key = app_key
        self._app_secret = app_secret
        self._access_token = access_token
        self._shop_cipher = shop_cipher
        self._limiter = limiter or MemoryLimiter(rate_of, api="shop")
        self._versions = dict(versions or {})

    def call(
        self, key: str, *ids: str, query: Values | None = None, body: Values | None = None
    ) -> Reply:
        """One call. ``query`` and ``body`` are Python values; None and empty lists are left out."""
        endpoint = ENDPOINTS[key]
        path = endpoint.target(ids, self._versions.get(key, ""))
        params = wire_query(query or {})
        if endpoint.cipher:
            params["shop_cipher"] = self._needed_cipher()
        payload = wire_body(body or {})
        try:
            return self._transport.send(
                partial(self._signed, endpoint, path, params, payload),
                decode,
                repeatable=endpoint.repeatable,
                limiter=self._limiter,
                keys=(self._limit_key(endpoint),),
            )
        except TikTokError as error:
            error.call = key
            raise

    def record(
        self,
        model: type[Model],
        what: str,
        key: str,
        *ids: str,
        query: Values | None = None,
        body: Values | None = None,
    ) -> Model:
        """One call whose whole data is one record: for writes."""
        reply = self.call(key, *ids, query=query, body=body)
        return read(model, reply.data, api="shop", what=what, request_id=reply.request_id)

    def page(
        self,
        listing: Listing[Content, Item],
        *ids: str,
        query: Values | None = None,
        body: Values | None = None,
    ) -> Page[Content, Item]:
        """One call whose answer is a page: reads without paging, and single pages."""
        reply = self.call(listing.key, *ids, query=query, body=body)
        return listing.parse(reply.data, reply.request_id)

    def pages(
        self,
        listing: Listing[Content, Item],
        *ids: str,
        query: Values | None = None,
        body: Values | None = None,
        page_size: int | None = None,
        page_token: str = "",
        carried: tuple[str, ...] = (),
    ) -> Iterator[Page[Content, Item]]:
        """All pages from ``page_token`` on. ``carried``: keys of a page to send with the next."""
        size = listing.check_size(page_size or listing.default_size)
        carry: dict[str, Any] = {}

        def fetch(token: str) -> Page[Content, Item]:
            paged = {**(query or {}), "page_size": size, "page_token": token or None}
            page = self.page(listing, *ids, query=paged, body={**(body or {}), **carry})
            carry.update({name: page.raw[name] for name in carried if page.raw.get(name)})
            return page

        return walk_tokens(fetch, api="shop", start=page_token)

    def _signed(
        self,
        endpoint: Endpoint,
        path: str,
        params: Mapping[str, str],
        payload: bytes | None,
        now: float,
    ) -> Request:
        signed = {**params, "app_key": self._app_key, "timestamp": str(int(now))}
        signed["sign"] = sign(self._app_secret, path, signed, payload)
        headers = {"content-type": "application/json", "x-tts-access-token": self._access_token}
        return Request(endpoint.method, path, signed, headers, payload)

    def _needed_cipher(self) -> str:
        if not self._shop_cipher:
            raise ValueError("this call needs the cipher of a shop; read the shops first")
        return self._shop_cipher

    def _limit_key(self, endpoint: Endpoint) -> str:
        return limit_key(self._app_key, self._shop_cipher or self._access_token, endpoint.pace)


def limit_key(app_key: str, shop: str, pace: str) -> str:
    """Key of a limiter bucket: app, shop (hashed, it may be a secret) and pace."""
    return f"shop:{app_key}:{hashlib.sha256(shop.encode()).hexdigest()[:16]}:{pace}"


def rate_of(key: str) -> Rate | None:
    """Rate of a key made by ``limit_key``; for any ``Limiter``."""
    return RATES.get(key.rpartition(":")[2])


def wire_query(values: Values) -> dict[str, str]:
    """Query values as text: lists joined by commas, times as unix seconds."""
    return {name: _query_text(value) for name, value in values.items() if not _is_nothing(value)}


def wire_body(values: Values) -> bytes | None:
    """Compact UTF-8 JSON, or None when there is nothing to say: ``{}`` is never sent."""
    said = {name: _body_value(value) for name, value in values.items() if not _is_nothing(value)}
    if not said:
        return None
    return json.dumps(said, separators=(",", ":"), ensure_ascii=False).encode()


def _is_nothing(value: object) -> bool:
    return value is None or value == [] or value == () or value == {}


def _query_text(value: object) -> str:
    if isinstance(value, list | tuple):
        return ",".join(_query_text(item) for item in value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return str(unix_seconds(value))
    if isinstance(value, date):
        return value.isoformat()
    return str(value)


def _body_value(value: Any) -> Any:
    if isinstance(value, datetime):
        return unix_seconds(value)
    if isinstance(value, Mapping):
        return {name: _body_value(item) for name, item in value.items() if item is not None}
    if isinstance(value, list | tuple):
        return [_body_value(item) for item in value]
    return value
