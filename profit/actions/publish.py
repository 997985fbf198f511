"""Publishing what products and posts made, for apps below and for pages over many clients."""

from datetime import date, datetime, timedelta

from creators.actions.results import Result, record_results
from creators.models import Post
from profit.models import ProductResult
from profit.queries.pnl import grouped
from profit.rules.facts import Basis, Period
from profit.rules.pnl import Dimension, Pnl
from profit.rules.ratios import ratios
from sparkops.catalog.models import Product, ProductTarget, Shop
from sparkops.clock import shop_day
from sparkops.landing.merge import merge

DAYS = 30


def publish(shop: Shop, *, now: datetime) -> None:
    """Results of the last 30 days by order date, split as the product page splits them (P24)."""
    today = shop_day(now, shop.timezone)
    period = Period(first=today - timedelta(days=DAYS - 1), last=today)
    by_product = grouped(shop, Basis.ORDER, period, Dimension.PRODUCT)
    ids = dict(Product.objects.filter(shop=shop).values_list("product_id", "pk"))
    found = {ids[key]: pnl for key, pnl in by_product.items() if key in ids}
    _products(shop, found, today)
    _posts(shop, grouped(shop, Basis.ORDER, period, Dimension.POST), today)


def _products(shop: Shop, found: dict[int, Pnl], today: date) -> None:
    ProductResult.objects.filter(shop=shop).exclude(product_id__in=found).delete()
    merge(
        ProductResult,
        [
            {
                "shop_id": shop.pk,
                "product_id": product,
                "as_of": today,
                "days": DAYS,
                "currency": shop.currency,
                "gmv": pnl.gmv,
                "affiliate_commission": pnl.affiliate_commission,
                "net_ad_cost": pnl.net_ad_cost,
                "cm_before_ads": pnl.cm_before_ads,
                "cm3": pnl.cm3,
                "complete": pnl.complete,
            }
            for product, pnl in found.items()
        ],
        key=["product_id"],
    )
    merge(
        ProductTarget,
        [
            {
                "product_id": product,
                "as_of": today,
                "currency": shop.currency,
                "break_even_roas": ratios(pnl, 0).break_even_roas,
            }
            for product, pnl in found.items()
            if pnl.complete
        ],
        key=["product_id", "as_of"],
    )


def _posts(shop: Shop, found: dict[str, Pnl], today: date) -> None:
    posts = dict(Post.objects.filter(item_id__in=found).values_list("item_id", "pk"))
    record_results(
        [
            Result(posts[key], today, shop.currency, pnl.gmv, pnl.cm_before_ads, pnl.cm3)
            for key, pnl in found.items()
            if key in posts
        ]
    )
