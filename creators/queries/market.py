"""Reads of marketplace searches."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from creators.models import Creator, MarketHit, MarketSearch
from creators.rules.handles import plain_handle
from sparkops.catalog.models import Product

MOST_SHOWN = 50
KNOWN = "known"


def searches() -> list[MarketSearch]:
    """Saved searches by name, then the newest of the others."""
    saved = MarketSearch.objects.exclude(name="").select_related("shop").order_by("name")
    others = MarketSearch.objects.filter(name="").select_related("shop")
    return [*saved[:MOST_SHOWN], *others.order_by("-asked_at", "-pk")[:MOST_SHOWN]]


def categories() -> dict[str, str]:
    """Names of TikTok's top categories by their numbers: those of the client's products, and
    nothing else is known of TikTok's list."""
    rows = Product.objects.exclude(category_id="").order_by("category_name", "category_id")
    return dict(rows.values_list("category_id", "category_name").distinct())


def creators_of(hits: Sequence[MarketHit]) -> list[Creator]:
    """The creators among `hits` whom the client knows, by TikTok's id or by name."""
    by_id = Creator.objects.filter(creator_id__in=[one.creator_id for one in hits])
    by_name = Creator.objects.filter(creator_id="", handle__in=[one.handle for one in hits])
    return [*by_id, *by_name]


def with_creators(hits: Sequence[MarketHit]) -> None:
    """Give each hit `creator`: the creator whom the client knows, or None."""
    rows = creators_of(hits)
    by_id = {row.creator_id: row for row in rows if row.creator_id}
    by_name = {row.handle: row for row in rows if not row.creator_id}
    for hit in hits:
        hit.creator = by_id.get(hit.creator_id) or by_name.get(hit.handle)  # type: ignore[attr-defined]


def find_hits(search: MarketSearch, values: Mapping[str, Any]) -> QuerySet[MarketHit]:
    """What a search found, by how a name begins and by whether the client knows them."""
    rows = search.found.all()
    if word := plain_handle(values.get("q", "")):
        rows = rows.filter(Q(handle__startswith=word) | Q(display_name__istartswith=word))
    known = Exists(Creator.objects.filter(creator_id=OuterRef("creator_id"))) | Exists(
        Creator.objects.filter(creator_id="", handle=OuterRef("handle"))
    )
    if here := values.get("here"):
        rows = rows.filter(known if here == KNOWN else ~known)
    return rows
