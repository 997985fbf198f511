"""Profiles of known creators from the marketplace (Shop contract 8.3), a few at a time."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import F, Q

from creators.actions.meet import CreatorFacts, meet_creators
from creators.inbound.tagged import TaggedPage
from creators.models import Creator
from sparkops import clock
from sparkops.catalog.inbound import open_shop, shop_parts
from sparkops.connections.models import Connection
from sparkops.isolation.scope import client_scope
from sparkops.landing.merge import Counts
from sparkops.landing.streams import Context, Stream, Window
from sparkops.tiktok import errors
from sparkops.tiktok.shop.api import ShopApi
from sparkops.tiktok.shop.creators import CreatorDetail

AT_ONCE = 20
OLD = timedelta(days=7)


@dataclass(frozen=True)
class Asked:
    """The API, and the creators to ask it about by their stable ids."""

    api: ShopApi
    creator_ids: tuple[str, ...]


@contextmanager
def _open(client_id: int, connection: int, part: str) -> Iterator[Asked]:
    with client_scope(client_id):
        ids = _claim()
    with open_shop(client_id, connection, part) as api:
        yield Asked(api, ids)


def _claim() -> tuple[str, ...]:
    """The creators whose profile is oldest; each is asked about once a week, answer or not."""
    now = clock.now()
    due = Q(profile_read_at=None) | Q(profile_read_at__lt=now - OLD)
    oldest = F("profile_read_at").asc(nulls_first=True)
    rows = Creator.objects.filter(due).exclude(creator_id="").order_by(oldest, "pk")[:AT_ONCE]
    picked = dict(rows.values_list("pk", "creator_id"))
    Creator.objects.filter(pk__in=picked).update(profile_read_at=now)
    return tuple(picked.values())


def _pages(asked: Asked, _part: str, _window: Window) -> Iterator[TaggedPage]:
    for creator_id in asked.creator_ids:
        try:
            yield TaggedPage(creator_id, asked.api.creators.detail(creator_id))
        except (errors.NotFound, errors.Invalid):
            continue  # left the marketplace, or is of another market: nothing is known then


def load_profiles(rows: Sequence[tuple[str, CreatorDetail]], context: Context) -> Counts:
    """Name, followers, picture and market as the marketplace shows them today."""
    facts = [
        CreatorFacts(
            handle=one.username,
            creator_id=creator_id,
            display_name=one.nickname,
            follower_count=one.follower_count,
            avatar_url=one.avatar.url if one.avatar else "",
            region=one.selection_region,
        )
        for creator_id, one in rows
        if one.username
    ]
    meet_creators(facts, now=context.now, source="shop")
    return Counts(changed=len(facts))


PROFILES = Stream(
    name="creator_profiles",
    label="Creators' profiles",
    kind=Connection.Kind.SHOP,
    every=timedelta(hours=1),
    parts=shop_parts,
    open=_open,
    pages=_pages,
    load=load_profiles,
    first=None,
)
