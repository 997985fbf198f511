"""Walks over TikTok's pages: by token (Shop), by number and by cursor (Marketing API).

A page is handed out before the next one is asked for, so the caller can store it and its
checkpoint first. What looks like a loop ends the walk with ``Unexpected`` instead of silently:
a walk that stopped early must not count as complete.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Generic, TypeVar

from sparkops.tiktok.errors import Api, Unexpected
from sparkops.tiktok.values import Findings, Record, findings

Content = TypeVar("Content", bound=Record)
Item = TypeVar("Item")
Other = TypeVar("Other")

MAX_PAGES = 10_000


@dataclass(frozen=True)
class Page(Generic[Content, Item]):
    """One page as TikTok sent it and, read on first use, as typed records.

    ``raw`` is the ``data`` object of the answer. ``content`` and ``items`` are validated lazily,
    so that a page which does not fit the model can still be stored; they raise ``Unexpected``.
    ``items`` are in the order of ``raw``'s rows.
    """

    raw: dict[str, Any]
    request_id: str
    next_token: str
    row_count: int
    read: Callable[[dict[str, Any]], Content] = field(repr=False)
    pick: Callable[[Content], list[Item]] = field(repr=False)

    def picking(self, pick: Callable[[Content], list[Other]]) -> Page[Content, Any]:
        """The same page with other items: what the caller makes of the whole content."""
        return Page(self.raw, self.request_id, self.next_token, self.row_count, self.read, pick)

    def followed_by(self, next_token: str) -> Page[Content, Item]:
        """The same page with the next one named: for answers that carry no token."""
        return replace(self, next_token=next_token)

    @cached_property
    def content(self) -> Content:
        """The whole page: rows, and totals or a header where the endpoint sends them."""
        return self.read(self.raw)

    @cached_property
    def items(self) -> list[Item]:
        """The rows."""
        return self.pick(self.content)

    @cached_property
    def findings(self) -> Findings:
        """Fields and words the models do not know, for the report of the sync run."""
        return findings(self.content)


AnyPage = TypeVar("AnyPage", bound=Page[Any, Any])


def walk_tokens(
    fetch: Callable[[str], AnyPage],
    *,
    api: Api,
    start: str = "",
    max_pages: int = MAX_PAGES,
) -> Iterator[AnyPage]:
    """Pages linked by an opaque token. ``start`` resumes at a stored token.

    Ends at a missing token or at a page without rows. Also serves text cursors.
    """
    token = start
    seen = {token}
    for _ in range(max_pages):
        page = fetch(token)
        yield page
        if not page.next_token or not page.row_count:
            return
        if page.next_token in seen:
            raise _loop(api, "sent a page token for the second time", page.request_id)
        token = page.next_token
        seen.add(token)
    raise _too_many(api, max_pages)


def walk_numbers(
    fetch: Callable[[int], AnyPage],
    *,
    api: Api,
    start: int = 1,
    max_pages: int = MAX_PAGES,
) -> Iterator[AnyPage]:
    """Pages counted from 1. ``fetch(n)`` sets ``next_token`` to ``str(n + 1)`` or to ``""``.

    There is no token to compare, so a page equal to the one before is taken for a loop.
    """
    number = start
    before: dict[str, Any] = {}
    for _ in range(max_pages):
        page = fetch(number)
        current = {name: value for name, value in page.raw.items() if name != "page_info"}
        if page.row_count and current == before:
            raise _loop(api, f"sent page {number} equal to the page before", page.request_id)
        yield page
        if not page.next_token or not page.row_count:
            return
        before = current
        number += 1
    raise _too_many(api, max_pages)


def _loop(api: Api, what: str, request_id: str) -> Unexpected:
    return Unexpected(
        api=api,
        reason="paging_loop",
        request_id=request_id,
        sentence=f"{{api}} {what}. Reading stopped; what was read so far is kept.",
    )


def _too_many(api: Api, max_pages: int) -> Unexpected:
    return Unexpected(
        api=api,
        reason="paging_cap",
        sentence=f"{{api}} still had more after {max_pages} pages. Ask for a shorter time span.",
    )
