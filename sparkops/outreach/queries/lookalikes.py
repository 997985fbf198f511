"""The client's best creators by value, and who is like them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Avg, Exists, OuterRef

from creators.models import Creator, MarketHit, Post, PostProduct, Sample
from sparkops.catalog.models import Shop
from sparkops.outreach.queries.leaders import Asked, deeds_of_creators
from sparkops.outreach.rules.leaders import Deeds, value_of
from sparkops.outreach.rules.lookalikes import (
    Likeness,
    Model,
    Traits,
    best_of,
    likeness,
    model_of,
)

MOST_LOOKED_AT = 1_000
MOST_SHOWN = 50


@dataclass(frozen=True)
class Best:
    """One of the best: what the creator did and is worth, in the shop's currency."""

    creator: Creator
    deeds: Deeds
    value: Decimal


@dataclass(frozen=True)
class Alike:
    """A candidate: a known creator without a sample, or one of a marketplace search."""

    likeness: Likeness
    name: str
    creator: Creator | None
    hit: MarketHit | None


def best_creators(asked: Asked) -> list[Best]:
    """At most ten creators by cm3 per sample and month, the highest first; none is blocked."""
    deeds = deeds_of_creators(asked)
    values = {int(key): value_of(one, asked.days) for key, one in deeds.items() if key}
    blocked = Creator.objects.filter(blocked_at__isnull=False).values_list("pk", flat=True)
    keys = best_of({key: value for key, value in values.items() if key not in set(blocked)})
    rows = Creator.objects.in_bulk(keys)
    return [Best(rows[key], deeds[str(key)], values[key] or Decimal(0)) for key in keys]


def model_of_best(best: Iterable[Best], shop: Shop) -> Model | None:
    """What the best have in common; None for fewer than three."""
    creators = [one.creator for one in best]
    views = _views(creators)
    return model_of([_traits(one, views, shop) for one in creators])


def alike(model: Model, best: Iterable[Best], shop: Shop) -> list[Alike]:
    """Who is like them, most alike first: known creators without a sample and those whom
    marketplace searches found; nobody who is blocked."""
    without = {one.creator.pk for one in best}
    found = [*_known(model, without, shop), *_found(model, shop)]
    return sorted(found, key=lambda one: (-one.likeness.score, one.name))[:MOST_SHOWN]


def _known(model: Model, without: set[int], shop: Shop) -> Iterable[Alike]:
    had = Sample.objects.filter(creator=OuterRef("pk"))
    rows = Creator.objects.filter(~Exists(had), blocked_at=None, follower_count__gt=0)
    creators = list(rows.exclude(pk__in=without).order_by("-follower_count")[:MOST_LOOKED_AT])
    views = _views(creators)
    for one in creators:
        like = likeness(model, _traits(one, views, shop))
        if like is not None and like.score:
            yield Alike(like, str(one), one, None)


def _found(model: Model, shop: Shop) -> Iterable[Alike]:
    known = Creator.objects.filter(creator_id=OuterRef("creator_id"))
    rows = MarketHit.objects.filter(~Exists(known), is_blocked=False, search__shop=shop)
    newest: dict[str, MarketHit] = {}
    for hit in rows.order_by("-pk")[:MOST_LOOKED_AT]:
        newest.setdefault(hit.creator_id, hit)
    for hit in newest.values():
        gmv = hit.gmv if hit.gmv is not None else hit.gmv_least
        of_shop = gmv if hit.currency == shop.currency else None
        traits = Traits(hit.follower_count, hit.avg_views, of_shop, hit.region)
        like = likeness(model, traits)
        if like is not None and like.score:
            yield Alike(like, str(hit), None, hit)


def _traits(creator: Creator, views: Mapping[int, Decimal], shop: Shop) -> Traits:
    gmv = creator.gmv_30d if creator.gmv_currency == shop.currency else None
    return Traits(creator.follower_count, views.get(creator.pk), gmv, creator.region)


def _views(creators: Iterable[Creator]) -> dict[int, Decimal]:
    """The mean of organic views of their posts with a product that were measured."""
    linked = PostProduct.objects.filter(post=OuterRef("pk"))
    posts = Post.objects.filter(
        Exists(linked), creator__in=[one.pk for one in creators], measured_at__isnull=False
    )
    rows = posts.values_list("creator_id").annotate(mean=Avg("views")).order_by()
    return {pk: Decimal(round(mean)) for pk, mean in rows if pk is not None}
