"""Sends the calls of one connection: token, limits, envelope, records and pages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from pydantic import AliasChoices, Field

from sparkops.tiktok.ads import encoding, rates
from sparkops.tiktok.ads.envelope import OPERATOR, Reply, decode
from sparkops.tiktok.errors import Unexpected
from sparkops.tiktok.limits import Limiter
from sparkops.tiktok.paging import Page, walk_numbers, walk_tokens
from sparkops.tiktok.reading import read
from sparkops.tiktok.transport import Request, Retries, Transport
from sparkops.tiktok.values import Count, Flag, Maybe, Record, TextId, whole_or_none

PREFIX = "/open_api/v1.3"
# Contract 3: at least five tries of a read. Long pauses are left to the caller's schedule.
RETRIES = Retries(attempts=6)

Model = TypeVar("Model", bound=Record)
Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Result(Generic[Value]):
    """One accepted answer: the typed value and ``data`` as TikTok sent it.

    ``partial``: TikTok did only part of what was asked; ``raw`` names what failed.
    """

    value: Value
    request_id: str
    raw: dict[str, Any] = field(repr=False)
    partial: bool = False


class PageInfo(Record):
    """Where a numbered page stands."""

    page: Count = None
    page_size: Count = None
    total_number: Count = None
    total_page: Count = None


class Rows(Record, Generic[Model]):
    """``data`` of a list, whatever name the endpoint gives to its rows."""

    rows: list[Model] = Field(
        default_factory=list,
        validation_alias=AliasChoices(
            "list",
            "identity_list",
            "video_list",
            "video_details",
            "music_authorization",
            "store_list",
            "item_list",
            "occupied_custom_shop_ads",
            "comments",
        ),
    )
    page_info: Maybe[PageInfo] = None
    total_metrics: Maybe[dict[str, Any]] = None
    cursor: TextId = ""
    has_more: Flag = None


PageOf = Page[Rows[Model], Model]


class Caller:
    """Calls in the name of one access token. ``access_token`` "" sends none (sign-in calls)."""

    def __init__(
        self, transport: Transport, access_token: str, limiter: Limiter, *, app_id: str
    ) -> None:
        self._transport = transport
        self._access_token = access_token
        self._limiter = limiter
        self._app_id = app_id

    def __repr__(self) -> str:
        return f"Caller(app_id={self._app_id!r})"

    def get(self, path: str, params: Mapping[str, Any], *, advertiser_id: str = "") -> Reply:
        """A read, repeated as the contract allows. Raises ``TikTokError``."""
        request = Request("GET", PREFIX + path, encoding.query(params), self._headers())
        return self._send(path, request, advertiser_id, repeatable=True)

    def post(
        self,
        path: str,
        content: Mapping[str, Any],
        *,
        advertiser_id: str = "",
        repeatable: bool = False,
    ) -> Reply:
        """A write. ``repeatable`` only where it sets a state and a second time does no harm."""
        headers = self._headers() | {"Content-Type": "application/json"}
        request = Request("POST", PREFIX + path, {}, headers, encoding.body(content))
        return self._send(path, request, advertiser_id, repeatable=repeatable)

    def read(
        self,
        path: str,
        params: Mapping[str, Any],
        model: type[Model],
        *,
        what: str,
        advertiser_id: str = "",
        inside: str = "",
    ) -> Result[Model]:
        """One object; ``inside`` names the key of ``data`` that holds it, if any."""
        reply = self.get(path, params, advertiser_id=advertiser_id)
        raw = reply.data.get(inside) if inside else reply.data
        return _result(reply, read(model, raw, api="ads", what=what, request_id=reply.request_id))

    def write(
        self,
        path: str,
        content: Mapping[str, Any],
        model: type[Model],
        *,
        what: str,
        advertiser_id: str = "",
        repeatable: bool = False,
    ) -> Result[Model]:
        """A write that answers with an object."""
        reply = self.post(path, content, advertiser_id=advertiser_id, repeatable=repeatable)
        try:
            value = read(model, reply.data, api="ads", what=what, request_id=reply.request_id)
        except Unexpected as error:
            # TikTok accepted it; only its answer cannot be read.
            error.outcome_unknown = True
            raise
        return _result(reply, value)

    def order(
        self,
        path: str,
        content: Mapping[str, Any],
        *,
        advertiser_id: str = "",
        repeatable: bool = False,
    ) -> Result[None]:
        """A write that answers with nothing of interest."""
        reply = self.post(path, content, advertiser_id=advertiser_id, repeatable=repeatable)
        return _result(reply, None)

    def whole(
        self,
        path: str,
        params: Mapping[str, Any],
        model: type[Model],
        *,
        key: str,
        what: str,
        advertiser_id: str = "",
    ) -> PageOf[Model]:
        """A list without pages, as its only page."""
        reply = self.get(path, params, advertiser_id=advertiser_id)
        return _page(reply, model, key=key, what=what, next_token="")

    def pages(
        self,
        path: str,
        params: Mapping[str, Any],
        model: type[Model],
        *,
        what: str,
        page_size: int,
        most: int,
        key: str = "list",
        advertiser_id: str = "",
        start: int = 1,
    ) -> Iterator[PageOf[Model]]:
        """Numbered pages from ``start``. Raises ``ValueError`` for a size TikTok does not take."""
        if not 1 <= page_size <= most:
            raise ValueError(f"TikTok takes pages of 1 to {most} rows here, not {page_size}")

        def fetch(number: int) -> PageOf[Model]:
            numbered = {**params, "page": number, "page_size": page_size}
            reply = self.get(path, numbered, advertiser_id=advertiser_id)
            after = _number_after(number, reply.data.get("page_info"))
            return _page(reply, model, key=key, what=what, next_token=after)

        return walk_numbers(fetch, api="ads", start=start)

    def cursor_pages(
        self,
        path: str,
        params: Mapping[str, Any],
        model: type[Model],
        *,
        what: str,
        key: str,
        advertiser_id: str = "",
        start: str = "",
    ) -> Iterator[PageOf[Model]]:
        """Pages linked by ``cursor`` as long as ``has_more`` holds; ``start`` resumes."""

        def fetch(cursor: str) -> PageOf[Model]:
            reply = self.get(
                path, {**params, "cursor": cursor or None}, advertiser_id=advertiser_id
            )
            after = str(reply.data.get("cursor") or "") if reply.data.get("has_more") else ""
            return _page(reply, model, key=key, what=what, next_token=after)

        return walk_tokens(fetch, api="ads", start=start)

    def _headers(self) -> dict[str, str]:
        return {"Access-Token": self._access_token} if self._access_token else {}

    def _send(self, path: str, request: Request, advertiser_id: str, *, repeatable: bool) -> Reply:
        return self._transport.send(
            lambda _now: request,
            decode,
            repeatable=repeatable,
            limiter=self._limiter,
            keys=rates.keys(self._app_id, path, advertiser_id),
            retries=RETRIES,
        )


def _result(reply: Reply, value: Value) -> Result[Value]:
    return Result(value, reply.request_id, reply.data, reply.partial)


def _number_after(number: int, page_info: object) -> str:
    """The next page's number as text, "" after the last. A missing ``page_info`` is one page."""
    last = _count(page_info, "total_page")
    return str(number + 1) if last is not None and number < last else ""


def _claims_rows(page_info: object) -> bool:
    return bool(_count(page_info, "total_number"))


def _count(page_info: object, name: str) -> int | None:
    try:
        return whole_or_none(page_info.get(name)) if isinstance(page_info, Mapping) else None
    except ValueError:
        return None


def _page(
    reply: Reply, model: type[Model], *, key: str, what: str, next_token: str
) -> PageOf[Model]:
    rows = reply.data.get(key)
    if rows is None and _claims_rows(reply.data.get("page_info")):
        raise Unexpected(
            api="ads",
            reason="wrong_shape",
            request_id=reply.request_id,
            sentence=f"{{api}} announced {what} but sent none. {OPERATOR}",
        )
    if reply.cut:
        raise Unexpected(
            api="ads",
            reason="answer_cut",
            request_id=reply.request_id,
            sentence="{api} cut this report short because it covers more than 20,000 ids. "
            "Ask for fewer days or fewer campaigns at once.",
        )

    def content(raw: dict[str, Any]) -> Rows[Model]:
        shape: type[Rows[Model]] = Rows[model]  # type: ignore[valid-type]
        return read(shape, raw, api="ads", what=what, request_id=reply.request_id)

    return Page(
        raw=reply.data,
        request_id=reply.request_id,
        next_token=next_token,
        row_count=len(rows) if isinstance(rows, list) else 0,
        read=content,
        pick=_rows,
    )


def _rows(content: Rows[Model]) -> list[Model]:
    return content.rows
