"""Sales counted the way TikTok's own pages count them, to compare with their export (TS1).

By order date in the shop's zone; paid orders, also those cancelled or refunded later; no samples
and no replacements. One order of two SKUs is one order and two SKU orders. The ledger's GMV of the
same days is the same amount; these figures exist to be laid beside Seller Center.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from django.db.models import Count, DecimalField, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from creators.models import Post
from profit.models import AffiliateOrder, OrderLine, Refund
from profit.queries.pnl import MONEY
from profit.rules.facts import Period
from sparkops.catalog.models import Product, Shop
from sparkops.money import ZERO


class By(StrEnum):
    """What sales are counted for."""

    PRODUCTS = "products"
    CREATORS = "creators"
    VIDEOS = "videos"
    LIVES = "lives"


@dataclass(frozen=True)
class Sold:
    """Figures of one product, creator, video or LIVE; amounts in the shop's currency.

    `refunds` is what buyers got back for items of these orders, `commission` what TikTok estimates
    for creators, standard and ads together.
    """

    key: str
    gmv: Decimal
    orders: int
    sku_orders: int
    items: int
    refunds: Decimal
    commission: Decimal


def sold_by(shop: Shop, period: Period, by: By) -> QuerySet[Any]:
    """One row per key, as `values()` with the fields of `Sold`, to be paged by `gmv` and `key`."""
    claim = AffiliateOrder.objects.filter(
        order_id=OuterRef("order__order_id"), sku_id=OuterRef("sku__sku_id")
    )
    given_back = (
        Refund.objects.filter(order=OuterRef("order"), line_id=OuterRef("line_id"))
        .order_by()
        .values("order")
        .annotate(back=Sum(F("customer_item_refund") + F("platform_discount_refund")))
    )
    estimated = claim.annotate(
        sum=Coalesce("estimated_commission", ZERO, output_field=MONEY)
        + Coalesce("estimated_ads_commission", ZERO, output_field=MONEY)
    )
    lines = OrderLine.objects.filter(
        order__shop=shop,
        order__order_day__range=(period.first, period.last),
        order__paid_at__isnull=False,
        order__is_sample=False,
        order__is_replacement=False,
    )
    # A claim is of a SKU: only the first line of a SKU carries it, others differ in price alone.
    of_sku = Q(line_id=F("sku__sku_id"))
    return (
        lines.annotate(
            key=_key(by, claim),
            back=Subquery(given_back.values("back"), output_field=MONEY),
            fee=Subquery(estimated.values("sum")[:1], output_field=MONEY),
        )
        .exclude(key=None)
        .exclude(key="")
        .order_by()
        .values("key")
        .annotate(
            gmv=Sum(
                F("unit_price") * F("quantity") - F("seller_discount"),
                output_field=DecimalField(max_digits=24, decimal_places=4),
            ),
            orders=Count("order", distinct=True),
            sku_orders=Count("pk", filter=of_sku),
            items=Sum("quantity"),
            refunds=Coalesce(Sum("back"), ZERO, output_field=MONEY),
            commission=Coalesce(Sum("fee", filter=of_sku), ZERO, output_field=MONEY),
        )
    )


def all_sold(shop: Shop, period: Period, by: By) -> Iterator[Sold]:
    """Every row, highest GMV first."""
    for row in sold_by(shop, period, by).order_by("-gmv", "key"):
        yield Sold(**row)


def names_of_sold(by: By, keys: list[str]) -> dict[str, str]:
    """What a reader calls the keys. One query, or none."""
    if by is By.PRODUCTS:
        found = Product.objects.filter(product_id__in=keys)
        return dict(found.values_list("product_id", "title"))
    if by is By.VIDEOS:
        return {post.item_id: str(post) for post in Post.objects.filter(item_id__in=keys)}
    return {key: f"@{key}" for key in keys} if by is By.CREATORS else {}


def _key(by: By, claim: QuerySet[AffiliateOrder]) -> Any:
    if by is By.PRODUCTS:
        return F("product__product_id")
    if by is By.CREATORS:
        named = claim.annotate(name=Coalesce("creator__handle", "creator_handle"))
        return Subquery(named.values("name")[:1])
    kind = "VIDEO" if by is By.VIDEOS else "LIVE"
    return Subquery(claim.filter(content_type=kind).values("content_id")[:1])
