"""Publishing what products and posts made, for apps below and for pages over many clients."""

from datetime import date, datetime, timedelta
from decimal import Decimal

from creators.actions.results import DayResult, Result, record_day_results, record_results
from profit.models import DayTotal, ProductResult
from profit.queries.pnl import signed
from profit.queries.products import ProductMoney, product_money, units_sold
from profit.rules.facts import Basis, Period
from profit.rules.pnl import Pnl
from profit.rules.ratios import max_commission_rate, max_cpa
from sparkops.catalog.models import ProductTarget, Shop
from sparkops.clock import shop_day, zone_or_utc
from sparkops.landing.merge import merge
from sparkops.money import ratio, round_money

DAYS = 30
DATED_DAYS = 120
"""How far back what posts made is published by day; older days do not change any more."""


def publish(shop: Shop, *, now: datetime) -> None:
    """Publish a shop's products of the last 30 days by order date, and its posts to date."""
    today = shop_day(now, zone_or_utc(shop.timezone))
    period = Period(first=today - timedelta(days=DAYS - 1), last=today)
    found = product_money(shop, period)
    _publish_products(shop, found, today)
    _publish_targets(found, units_sold(shop, period), today)
    _publish_posts(shop, today)
    _publish_post_days(shop, today)


def is_due(shop: Shop, *, now: datetime) -> bool:
    """Whether the published window ends before the shop's present day."""
    newest = ProductResult.objects.filter(shop=shop).order_by("-as_of").first()
    return newest is None or newest.as_of < shop_day(now, zone_or_utc(shop.timezone))


def _publish_products(shop: Shop, found: list[ProductMoney], today: date) -> None:
    ProductResult.objects.filter(shop=shop).exclude(
        product__in=[one.product for one in found]
    ).delete()
    merge(
        ProductResult,
        [
            {
                "shop_id": shop.pk,
                "product_id": one.product.pk,
                "as_of": today,
                "days": DAYS,
                "currency": shop.currency,
                "gmv": one.pnl.gmv,
                "affiliate_commission": one.pnl.affiliate_commission,
                "net_ad_cost": one.pnl.net_ad_cost,
                "cm_before_ads": one.pnl.cm_before_ads,
                "cm3": one.pnl.cm3,
                "complete": one.pnl.complete,
            }
            for one in found
        ],
        key=["product_id"],
    )


def _publish_targets(found: list[ProductMoney], units: dict[str, int], today: date) -> None:
    """What a product can bear (6.5, PD11). Nothing is promised where a unit cost is missing."""
    merge(
        ProductTarget,
        [
            {
                "product_id": one.product.pk,
                "as_of": today,
                "currency": one.pnl.currency,
                **_target(one.pnl, units.get(one.product.product_id, 0)),
            }
            for one in found
        ],
        key=["product_id", "as_of"],
    )


def _target(pnl: Pnl, units: int) -> dict[str, Decimal | None]:
    """`max_cpa` is per unit: a product has no baskets of its own."""
    if not pnl.complete or units <= 0:
        return dict.fromkeys(("break_even_roas", "max_cpa", "unit_margin", "max_commission_rate"))
    return {
        "break_even_roas": ratio(pnl.gmv, pnl.cm_before_ads),
        "max_cpa": max_cpa(pnl.cm_before_ads, units, pnl.currency),
        "unit_margin": round_money(pnl.cm_before_ads / units, pnl.currency),
        "max_commission_rate": max_commission_rate(pnl),
    }


def _publish_posts(shop: Shop, today: date) -> None:
    rows = DayTotal.objects.filter(
        shop=shop, basis=Basis.ORDER.value, post__isnull=False, day__lte=today
    )
    found = (
        rows.order_by()
        .values_list("post_id")
        .annotate(gmv=signed("gmv"), before_ads=signed("cm_before_ads"), cm3=signed("cm3"))
    )
    record_results(
        [
            Result(post, today, shop.currency, gmv, before_ads, cm3)
            for post, gmv, before_ads, cm3 in found
        ]
    )


def _publish_post_days(shop: Shop, today: date) -> None:
    """By order date, so that a decision of a day can be held against what came after it."""
    first = today - timedelta(days=DATED_DAYS - 1)
    rows = DayTotal.objects.filter(
        shop=shop, basis=Basis.ORDER.value, post__isnull=False, day__range=(first, today)
    )
    found = rows.order_by().values_list("post_id", "day").annotate(g=signed("gmv"), c=signed("cm3"))
    record_day_results(
        shop,
        first,
        [DayResult(post, day, shop.currency, gmv, cm3) for post, day, gmv, cm3 in found],
    )
