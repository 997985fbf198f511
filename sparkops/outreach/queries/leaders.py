"""What creators and products did in a period, for leaderboards and look-alikes."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, OuterRef, QuerySet, Sum

from creators.models import Creator, Post, PostDay, PostProduct, Sample
from profit.queries.groups import grouped
from profit.queries.pnl import signed, totals
from profit.rules.entries import Account
from profit.rules.facts import Basis, Period
from profit.rules.pnl import UNATTRIBUTED, Dimension
from sparkops.accounts.models import User
from sparkops.catalog.models import Product, Shop
from sparkops.clock import shop_day_start
from sparkops.money import round_money
from sparkops.outreach.models import Outreach, Recipient, Segment
from sparkops.outreach.queries.funnel import SENT
from sparkops.outreach.queries.segments import members
from sparkops.outreach.rules.leaders import Deeds

MOST_GROUPS = 50
NOBODY = ""
"""The key of what belongs to no creator, product or group."""


@dataclass(frozen=True)
class Asked:
    """One shop and one period of its days, on the day of the order (P6)."""

    shop: Shop
    period: Period

    @property
    def days(self) -> int:
        return (self.period.last - self.period.first).days + 1

    def before(self) -> "Asked":
        """As many days, ending the day before."""
        last = self.period.first - timedelta(days=1)
        return replace(self, period=Period(first=last - timedelta(days=self.days - 1), last=last))


def members_of(kind: str, key: str, *, zone: str, now: datetime) -> set[int]:
    """Own ids of the creators of one owner, segment or outreach (`kind`, own id `key`)."""
    return groups_of(kind, zone=zone, now=now, only=int(key)).get(key, set())


def groups_of(
    kind: str, *, zone: str, now: datetime, only: int | None = None
) -> dict[str, set[int]]:
    """Own ids of creators by the own id of their owner, segment or outreach; a creator may be in
    several segments and outreach. Of an outreach they are those who were written to."""
    if kind == "owner":
        owned = Creator.objects.exclude(owner=None)
        return _sets((owned.filter(owner=only) if only else owned).values_list("owner_id", "pk"))
    if kind == "segment":
        rows = Segment.objects.filter(pk=only) if only else Segment.objects.all()
        return {
            str(one.pk): set(
                members(one, zone=zone, now=now).order_by().values_list("pk", flat=True)
            )
            for one in rows.order_by("pk")[:MOST_GROUPS]
        }
    sent = Recipient.objects.filter(state=Recipient.State.SENT)
    sent = sent.filter(outreach=only) if only else sent
    return _sets(sent.values_list("outreach_id", "creator_id"))


def by_group(deeds: Mapping[str, Deeds], groups: Mapping[str, set[int]]) -> dict[str, Deeds]:
    """The deeds of creators summed by their groups."""
    return {
        key: sum((deeds.get(str(pk), Deeds()) for pk in members), Deeds())
        for key, members in groups.items()
    }


def names_of(kind: str, keys: Iterable[str]) -> dict[str, str]:
    """What a reader calls creators, products or groups; one that is gone has its key."""
    wanted = [key for key in keys if key]
    if kind == "product":
        rows = Product.objects.filter(product_id__in=wanted)
        return dict(rows.values_list("product_id", "title"))
    models: dict[str, QuerySet[Any]] = {
        "creator": Creator.objects.all(),
        "owner": User.objects.all(),
        "segment": Segment.objects.all(),
        "outreach": Outreach.objects.all(),
    }
    return {str(one.pk): str(one) for one in models[kind].filter(pk__in=wanted)}


def _sets(pairs: Iterable[tuple[int | None, int]]) -> dict[str, set[int]]:
    found: dict[str, set[int]] = {}
    for key, pk in pairs:
        found.setdefault(str(key), set()).add(pk)
    return found


def deeds_of_creators(asked: Asked) -> dict[str, Deeds]:
    """By the creator's own id as text; money of no creator is NOBODY's. Five queries."""
    money = totals(asked.shop, Basis.ORDER, asked.period).exclude(account=Account.AGENCY_FEES.value)
    rows = money.values_list("creator_id").annotate(gmv=signed("gmv"), cm3=signed("cm3"))
    found = {_key(pk): _earned(asked, gmv, cm3) for pk, gmv, cm3 in rows}
    _add(found, _posts(asked).values_list("creator_id").annotate(n=Count("id")), "posts")
    days = _days(asked).values_list("post__creator_id")
    _add(found, days.annotate(n=Sum("orders")), "orders")
    _add(found, days.annotate(n=Sum("views")), "views")
    _add(found, _samples(asked).values_list("creator_id").annotate(n=Count("id")), "samples")
    return found


def deeds_of_products(asked: Asked, creators: Collection[int] | None = None) -> dict[str, Deeds]:
    """By TikTok's product id; what names no product is NOBODY's.

    With `creators`, only what names one of them counts; costs that are shared over products are
    not theirs then. A post with two products counts for both.
    """
    found = _money_of_products(asked, creators)
    links = PostProduct.objects.filter(product__shop=asked.shop)
    if creators is not None:
        links = links.filter(post__creator__in=creators)
    start, end = _moments(asked)
    published = links.filter(post__published_at__gte=start, post__published_at__lt=end)
    product = "product__product_id"
    _add(found, published.values_list(product).annotate(n=Count("id")), "posts")
    days = links.filter(post__days__day__range=(asked.period.first, asked.period.last))
    for name in ("orders", "views"):
        _add(found, days.values_list(product).annotate(n=Sum(f"post__days__{name}")), name)
    samples = _samples(asked)
    if creators is not None:
        samples = samples.filter(creator__in=creators)
    _add(found, samples.values_list(product).annotate(n=Count("id")), "samples")
    return found


def _money_of_products(asked: Asked, creators: Collection[int] | None) -> dict[str, Deeds]:
    if creators is None:
        groups = grouped(asked.shop, Basis.ORDER, asked.period, Dimension.PRODUCT)
        return {
            NOBODY if key == UNATTRIBUTED else key: _earned(asked, pnl.gmv, pnl.cm3)
            for key, pnl in groups.items()
        }
    rows = totals(asked.shop, Basis.ORDER, asked.period).filter(creator__in=creators)
    rows = rows.exclude(account=Account.AGENCY_FEES.value)
    by_product = rows.values_list("product__product_id")
    found = by_product.annotate(gmv=signed("gmv"), cm3=signed("cm3"))
    return {key or NOBODY: _earned(asked, gmv, cm3) for key, gmv, cm3 in found}


def _earned(asked: Asked, gmv: Decimal, cm3: Decimal) -> Deeds:
    """Sums of the database, which carry more places than the ledger's amounts have."""
    currency = asked.shop.currency
    return Deeds(gmv=round_money(gmv, currency), cm3=round_money(cm3, currency))


def _add(found: dict[str, Deeds], rows: Iterable[tuple[object, int | None]], name: str) -> None:
    for key, number in rows:
        place = _key(key)
        mine = found.get(place, Deeds())
        found[place] = replace(mine, **{name: getattr(mine, name) + (number or 0)})


def _key(key: object) -> str:
    return NOBODY if key is None else str(key)


def _moments(asked: Asked) -> tuple[datetime, datetime]:
    zone = asked.shop.timezone
    return (
        shop_day_start(asked.period.first, zone),
        shop_day_start(asked.period.last + timedelta(days=1), zone),
    )


def _posts(asked: Asked) -> QuerySet[Post]:
    start, end = _moments(asked)
    linked = PostProduct.objects.filter(post=OuterRef("pk"), product__shop=asked.shop)
    return Post.objects.filter(Exists(linked), published_at__gte=start, published_at__lt=end)


def _days(asked: Asked) -> QuerySet[PostDay]:
    linked = PostProduct.objects.filter(post=OuterRef("post"), product__shop=asked.shop)
    span = (asked.period.first, asked.period.last)
    return PostDay.objects.filter(Exists(linked), day__range=span)


def _samples(asked: Asked) -> QuerySet[Sample]:
    start, end = _moments(asked)
    return Sample.objects.filter(
        state__in=SENT, product__shop=asked.shop, first_seen_at__gte=start, first_seen_at__lt=end
    )
