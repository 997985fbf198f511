"""Posts with numbers, margins and stock, as the syncs would have written them."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from campaigns.models import PostVerdict, TriageRule
from creators.models import Post
from sparkops.catalog.models import Product, ProductTarget, Sku
from tests.factories.creators import NOW, add_up, make_post, make_product

MARGIN = Decimal("3.2258")
"""Break-even ROAS of a margin of 31 % before ads: at a CPM of 8.00, gpm has to reach 25.81."""


def a_product(
    title: str = "Dew Serum", *, stock: int | None = 900, break_even: Decimal | None = MARGIN
) -> Product:
    """A product with stock and a published margin."""
    product = make_product(title)
    Sku.objects.create(product=product, sku_id=f"sku-{product.pk}", available=stock)
    ProductTarget.objects.create(
        product=product, as_of=NOW.date(), currency="USD", break_even_roas=break_even
    )
    return product


def a_candidate(
    handle: str,
    product: Product | None,
    *,
    age: timedelta = timedelta(days=6),
    gmv: str = "1400.00",
    views: int = 40_000,
    orders: int = 41,
    now: datetime = NOW,
    fields: dict[str, Any] | None = None,
    **numbers: Any,
) -> Post:
    """A post whose numbers all came on the day after it was published; strong unless told.

    `fields` are columns of the post.
    """
    published = now - age
    columns = {
        "views": views,
        "likes": views * 6 // 100,
        "comments": views // 100,
        "shares": views // 100,
        "product_clicks": views * 2 // 100,
        "orders": orders,
        "gmv": Decimal(gmv),
        **numbers,
    }
    day = (published + timedelta(hours=12)).date()
    return make_post(handle, published, product=product, days={day: columns}, **(fields or {}))


def counted() -> None:
    """What the end of a read of numbers does."""
    add_up()


def on_the_board(post: Post, *, score: int = 80, now: datetime = NOW) -> PostVerdict:
    """A post that earned paid distribution, as the board shows it."""
    rule = TriageRule.objects.order_by("-version").first() or TriageRule.objects.create(
        version=1, settings={}, created_at=now, created_by="test"
    )
    return PostVerdict.objects.create(
        post=post,
        rule=rule,
        earned="earned",
        standing="earned",
        score=score,
        band="green",
        gates=[],
        facts={"at": now},
        route="spark",
        step="launch",
        scored_at=now,
    )
