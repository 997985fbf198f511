"""What the creator marketplace answers to searches of people (Shop contract 8.2)."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any

from creators.actions.market import STREAM, keep_hits, own_followers, refuse_search
from creators.models import MarketHit, MarketSearch
from creators.rules.fit import Facts, fit_of
from creators.rules.handles import plain_handle
from creators.rules.market import Wish, body_of
from sparkops.catalog.inbound import open_shop, shop_parts
from sparkops.connections.models import Connection
from sparkops.isolation.scope import client_scope
from sparkops.landing.merge import Counts
from sparkops.landing.streams import Context, Stream, Window
from sparkops.tiktok import errors
from sparkops.tiktok.shop.api import ShopApi
from sparkops.tiktok.shop.creators import MarketplaceCreator

MOST_PAGES = 10
"""Of twenty creators each; a search costs as many of the 10,000 queries of a day."""


@dataclass(frozen=True)
class Asked:
    """The API, and what is asked of it: own ids of searches with their wishes."""

    client_id: int
    api: ShopApi
    wishes: tuple[tuple[int, Wish], ...]


@dataclass(frozen=True)
class Place:
    """Where a page stands in the answer to a search; `more`: TikTok has further pages."""

    search: int
    number: int
    is_last: bool
    more: bool


@dataclass(frozen=True)
class AnswerPage:
    """A page with the search it answers. An answer without creators is one item too: it ends."""

    place: Place
    page: Any

    @property
    def raw(self) -> dict[str, Any]:
        return {"asked_for": asdict(self.place), **self.page.raw}

    @property
    def items(self) -> list[tuple[Place, list[MarketplaceCreator]]]:
        return [(self.place, self.page.items)]

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
def _open(client_id: int, connection: int, part: str) -> Iterator[Asked]:
    with client_scope(client_id):
        rows = MarketSearch.objects.filter(
            state=MarketSearch.State.WAITING, shop__shop_id=part
        ).order_by("asked_at", "pk")
        wishes = tuple((one.pk, Wish.of(one.filters)) for one in rows)
    with open_shop(client_id, connection, part) as api:
        yield Asked(client_id, api, wishes)


def _pages(asked: Asked, _part: str, _window: Window) -> Iterator[AnswerPage]:
    for search_id, wish in asked.wishes:
        try:
            yield from _answer(asked.api, search_id, wish)
        except errors.Invalid as error:
            with client_scope(asked.client_id):
                refuse_search(search_id, error.sentence)


def _answer(api: ShopApi, search_id: int, wish: Wish) -> Iterator[AnswerPage]:
    pages = api.creators.search(keyword=wish.keyword or None, filters=body_of(wish))
    for number, page in enumerate(pages, start=1):
        more = bool(page.next_token)
        is_last = not more or number == MOST_PAGES
        yield AnswerPage(Place(search_id, number, is_last, more), page)
        if is_last:
            return


def load_hits(rows: Sequence[tuple[Place, list[MarketplaceCreator]]], context: Context) -> Counts:
    """Creators with what speaks for them; those without a name are left out."""
    own, added = own_followers(), 0
    for place, creators in rows:
        hits = [_hit(one, own) for one in creators if plain_handle(one.username)]
        added += keep_hits(
            place.search,
            hits,
            is_first=place.number == 1,
            is_last=place.is_last,
            more=place.more,
            now=context.now,
        )
    return Counts(added=added)


def _hit(one: MarketplaceCreator, own: int | None) -> MarketHit:
    profile = one.creator_profile
    hit = MarketHit(
        creator_id=one.creator_open_id,
        handle=plain_handle(one.username),
        display_name=one.nickname,
        avatar_url=one.avatar.url if one.avatar else "",
        region=one.selection_region,
        follower_count=one.follower_count,
        avg_views=one.avg_ec_video_view_count,
        has_collaborated=profile.has_collaborated if profile else None,
        was_invited=profile.has_invited_90d if profile else None,
        is_growing=profile.is_fast_growing if profile else None,
        is_blocked=bool(profile and profile.is_creator_blocked),
        **_sales(one),
    )
    least = hit.gmv if hit.gmv is not None else hit.gmv_least
    fit = fit_of(Facts(hit.follower_count, hit.avg_views, least, own, hit.currency))
    hit.fit, hit.reasons = fit.score, [asdict(reason) for reason in fit.reasons]
    return hit


def _sales(one: MarketplaceCreator) -> dict[str, Any]:
    """GMV exactly, or as the range that is shown instead."""
    if one.gmv is not None:
        return {"gmv": one.gmv.amount, "currency": one.gmv.currency}
    if one.gmv_range is None:
        return {}
    return {
        "gmv_least": one.gmv_range.minimum_amount,
        "gmv_most": one.gmv_range.maximum_amount,
        "currency": one.gmv_range.currency,
    }


MARKET = Stream(
    name=STREAM,
    label="Marketplace searches",
    kind=Connection.Kind.SHOP,
    every=timedelta(hours=12),
    parts=shop_parts,
    open=_open,
    pages=_pages,
    load=load_hits,
    first=None,
    # Two searches may have one answer.
    skip_equal_pages=False,
)
