"""Names of what the P&L is grouped by."""

from collections.abc import Iterable

from creators.models import Post
from profit.rules.pnl import UNATTRIBUTED, Dimension
from sparkops.catalog.models import Product


def names_of(dimension: Dimension, keys: Iterable[str]) -> dict[str, str]:
    """A reader's name for each key of a group view."""
    wanted = list(keys)
    names = {UNATTRIBUTED: "Unallocated"}
    if dimension is Dimension.PRODUCT:
        found = Product.objects.filter(product_id__in=wanted)
        names |= dict(found.values_list("product_id", "title"))
    elif dimension is Dimension.POST:
        for post in Post.objects.filter(item_id__in=wanted).select_related("creator"):
            who = f"{post.creator}: " if post.creator else ""
            names[post.item_id] = f"{who}{post}"
    else:
        names |= {key: f"@{key}" for key in wanted if key != UNATTRIBUTED}
    return names
