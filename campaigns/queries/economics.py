"""Reads for the economics of a launch: profit's bounds, and what the post has sold (PD11)."""

from collections.abc import Collection
from decimal import Decimal

from django.db.models import Sum

from campaigns.models import LaunchTemplate
from campaigns.rules.delivery import GOALS
from campaigns.rules.economics import Bid, Bounds
from creators.models import Post, PostDay, PostProduct
from sparkops.catalog.models import ProductTarget


def bounds_of_post(post: Post) -> Bounds:
    """The tightest bounds of the products that a post links."""
    links = PostProduct.objects.filter(post=post, lost_at=None)
    return bounds_of(set(links.values_list("product_id", flat=True)))


def bounds_of(products: Collection[int]) -> Bounds:
    """The tightest bounds that profit published last for products (own ids)."""
    rows = ProductTarget.objects.filter(product__in=products).order_by("product_id", "-as_of")
    newest = list(rows.distinct("product_id"))
    roas = [one.break_even_roas for one in newest if one.break_even_roas is not None]
    costs = [(one.max_cpa, one.currency) for one in newest if one.max_cpa is not None]
    one_currency = len({currency for _, currency in costs}) == 1
    return Bounds(
        break_even_roas=max(roas, default=None),
        max_cpa=min(amount for amount, _ in costs) if one_currency else None,
        currency=costs[0][1] if one_currency else "",
    )


def bid_on(post: Post, template: LaunchTemplate | None, currency: str) -> Bid | None:
    """The bid of a template with what the post has sold for such events; None without a bid."""
    if template is None or template.bid is None:
        return None
    billed = GOALS[template.objective][template.goal]
    if billed in ("CPC", "OCPM"):
        clicks = PostDay.objects.filter(post=post).aggregate(all=Sum("product_clicks"))["all"]
        events = Decimal(clicks or 0)
    else:
        events = Decimal(post.views) / (1000 if billed == "CPM" else 1)
    if not events:
        return None
    return Bid(template.bid, currency, post.orders, events)
