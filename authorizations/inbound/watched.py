"""Posts that spend, asked for by id more often than the whole list is read (AR7)."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from authorizations.actions.reading import note_missing
from authorizations.inbound.posts import apply_listed
from authorizations.queries.watch import spending_item_ids
from sparkops import clock
from sparkops.catalog.inbound import ad_account_parts, open_ads
from sparkops.catalog.models import AdAccount
from sparkops.connections.models import Connection
from sparkops.isolation.scope import client_scope
from sparkops.landing.merge import Counts
from sparkops.landing.streams import Context, Stream, Window
from sparkops.tiktok.ads.api import AdsApi
from sparkops.tiktok.ads.posts import AuthorizedPost

MOST_BY_ID = 40
"""With more posts than this the whole list costs fewer calls."""
SHORTEST_ID = 19
"""A shorter keyword is searched in captions (marketing contract 5.2)."""


@dataclass(frozen=True)
class Watching:
    """The API of an ad account and the posts to ask it for."""

    api: AdsApi
    item_ids: tuple[str, ...]

    @property
    def by_id(self) -> bool:
        """Whether to ask for single posts."""
        return len(self.item_ids) <= MOST_BY_ID and all(
            len(one) >= SHORTEST_ID for one in self.item_ids
        )


@dataclass(frozen=True)
class NotListed:
    """The account's list did not hold the post it was asked for."""

    item_id: str


@dataclass(frozen=True)
class AnswerPage:
    """The page that answers for one post; without rows its only item says so."""

    item_id: str
    page: Any

    @property
    def raw(self) -> dict[str, Any]:
        return {"asked_for": self.item_id, **self.page.raw}

    @property
    def items(self) -> list[AuthorizedPost | NotListed]:
        return list(self.page.items) or [NotListed(self.item_id)]

    @property
    def findings(self) -> Any:
        return self.page.findings

    @property
    def row_count(self) -> int:
        return int(self.page.row_count)

    @property
    def request_id(self) -> str:
        return str(self.page.request_id)


@contextmanager
def _open(client_id: int, connection: int, part: str) -> Iterator[Watching]:
    with client_scope(client_id):
        item_ids = tuple(spending_item_ids(part, clock.now()))
    with open_ads(client_id, connection, part) as api:
        yield Watching(api, item_ids)


def _pages(watching: Watching, part: str, _window: Window) -> Iterator[Any]:
    if not watching.by_id:
        yield from watching.api.posts.pages(part)
        return
    for item_id in watching.item_ids:
        for page in watching.api.posts.pages(part, keyword=item_id):
            yield AnswerPage(item_id, page)


def load_watched(rows: Sequence[AuthorizedPost | NotListed], context: Context) -> Counts:
    """Apply what is listed; a post asked for by id that is not there has left the account."""
    account = AdAccount.objects.get(advertiser_id=context.part)
    counts = apply_listed(
        [one for one in rows if isinstance(one, AuthorizedPost)], account, now=context.now
    )
    missing = [one.item_id for one in rows if isinstance(one, NotListed)]
    if missing and context.window.since is not None:
        gone = note_missing(account, since=context.window.since, now=context.now, item_ids=missing)
        return Counts(changed=counts.changed + gone, unchanged=counts.unchanged)
    return counts


WATCHED_POSTS = Stream(
    name="watched_posts",
    label="Posts that spend",
    kind=Connection.Kind.ADS,
    every=timedelta(minutes=5),
    parts=ad_account_parts,
    open=_open,
    pages=_pages,
    load=load_watched,
    overlap=timedelta(0),
    first=None,
    # An unchanged answer is an observation too.
    skip_equal_pages=False,
)
