"""Creators, posts and their days, inside an open client scope."""

from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import count
from typing import Any

from creators.actions.known import know_creators, know_posts
from creators.actions.totals import sum_creators, sum_posts
from creators.models import Creator, Post, PostDay, PostProduct, Sample
from sparkops.catalog.models import Product, Shop
from sparkops.connections.models import Connection

NOW = datetime(2026, 11, 20, 18, tzinfo=UTC)
TODAY = date(2026, 11, 20)
_ids = count(7_300_000_000_000_000_001)


def make_product(title: str = "Dew Serum", *, zone: str = "America/Los_Angeles") -> Product:
    """A product of the client's one shop, which is made when missing."""
    shop = Shop.objects.first() or _make_shop(zone)
    return Product.objects.create(shop=shop, product_id=str(next(_ids)), title=title)


def make_post(
    handle: str,
    published_at: datetime = NOW,
    *,
    product: Product | None = None,
    days: dict[date, dict[str, Any]] | None = None,
    **fields: Any,
) -> Post:
    """A post of `handle`; `days` maps a day to columns of its snapshot, in USD."""
    item = str(next(_ids))
    pk = know_posts({item: handle}, now=NOW, source="shop")[item]
    Post.objects.filter(pk=pk).update(published_at=published_at, **fields)
    post = Post.objects.get(pk=pk)
    if product:
        PostProduct.objects.create(post=post, product=product)
    for day, columns in (days or {}).items():
        PostDay.objects.create(post=post, day=day, currency="USD", observed_at=NOW, **columns)
    if days:
        Post.objects.filter(pk=pk).update(currency="USD")
    return post


def make_creator(handle: str, **fields: Any) -> Creator:
    """A creator known by name."""
    pk = know_creators([handle], now=NOW, source="shop")[handle]
    Creator.objects.filter(pk=pk).update(**fields)
    return Creator.objects.get(pk=pk)


def make_sample(creator: Creator, state: str, **fields: Any) -> Sample:
    """A sample in a state."""
    return Sample.objects.create(
        creator=creator,
        sample_id=str(next(_ids)),
        state=state,
        first_seen_at=NOW,
        status=fields.pop("status", "CONTENT_PENDING"),
        **fields,
    )


def day_numbers(views: int, gmv: str = "0", **more: Any) -> dict[str, Any]:
    """Columns of a snapshot."""
    return {"views": views, "gmv": Decimal(gmv), **more}


def add_up() -> None:
    """What the end of a read does."""
    sum_posts(now=NOW)
    sum_creators(today=TODAY)


def three_creators() -> None:
    """Mia, Zoe and Kim, each with a note and a post of one product."""
    serum = make_product()
    for name in ("mia", "zoe", "kim"):
        make_creator(name, notes=f"Note of {name}")
        make_post(name, product=serum)
    add_up()


def _make_shop(zone: str) -> Shop:
    connection = Connection.objects.create(
        kind=Connection.Kind.SHOP,
        label="Test shop",
        external_id=str(next(_ids)),
        access_token=b"",
        connected_at=NOW,
        connected_by="Test",
    )
    return Shop.objects.create(
        connection=connection,
        shop_id=str(next(_ids)),
        cipher="c",
        name="Test shop",
        market="US",
        currency="USD",
        timezone=zone,
    )
