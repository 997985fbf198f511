"""What a report says, as JSON: gathered once, so that it reads the same for everyone and later."""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, F, Sum

from authorizations.queries import rights_answers
from campaigns.models import AdDay
from campaigns.queries import live_answers
from creators.models import PostDay
from creators.queries import posted_answers
from profit.models import ProductResult
from sparkops.clock import shop_day_start
from sparkops.reports.models import Part
from sparkops.tenants.models import Client

MOST_CREATORS, MOST_PRODUCTS = 10, 20


def gather(
    client: Client, first: date, last: date, parts: Collection[str], *, now: datetime
) -> dict[str, Any]:
    """The answers and the chosen parts of the days from `first` to `last` of the client's zone.

    Posts, creators and ads are of these days; permissions, live ads and products are of now.
    """
    zone = client.timezone
    until = shop_day_start(last + timedelta(days=1), zone)
    posted = posted_answers(shop_day_start(first, zone), until).get(client.pk)
    rights, live = rights_answers(now).get(client.pk), live_answers(now).get(client.pk)
    found: dict[str, Any] = {
        "answers": [
            ["Creators who posted", posted.creators if posted else 0],
            ["Their posts", posted.posts if posted else 0],
            ["Posts we may use in ads", rights.authorized_posts if rights else 0],
            ["Live ads", live.live_ads if live else 0],
            ["Permissions that end within 30 days", rights.expiring_30 if rights else 0],
        ]
    }
    if Part.CREATORS in parts:
        found["creators"] = _creators(first, last)
    if Part.SPEND in parts:
        found["spend"] = _spend(first, last)
    if Part.MONEY in parts:
        found["money"] = _money()
    return found


def _creators(first: date, last: date) -> list[dict[str, Any]]:
    rows = (
        PostDay.objects.filter(day__gte=first, day__lte=last, gmv__gt=0)
        .exclude(post__creator=None)
        .values("currency", handle=F("post__creator__handle"))
        .annotate(
            posts=Count("post", distinct=True),
            views=Sum("views"),
            sold=Sum("orders"),
            amount=Sum("gmv"),
        )
        .order_by("-amount", "handle")
    )
    return list(rows[:MOST_CREATORS])


def _spend(first: date, last: date) -> list[dict[str, Any]]:
    """Ads by currency, in days of their account."""
    rows = (
        AdDay.objects.filter(day__gte=first, day__lte=last)
        .values("currency")
        .annotate(
            cost=Sum("spend"),
            shown=Sum("impressions"),
            clicked=Sum("clicks"),
            sold=Sum("claimed_orders"),
            revenue=Sum("claimed_revenue"),
        )
        .order_by("currency")
    )
    return list(rows)


def _money() -> list[dict[str, Any]]:
    """Products of the last 30 days by what they left; without a unit cost nothing is claimed."""
    rows = ProductResult.objects.select_related("product").order_by("-cm3", "pk")
    return [
        {
            "product": one.product.title,
            "currency": one.currency,
            "gmv": one.gmv,
            "left": one.cm3 if one.complete else None,
        }
        for one in rows[:MOST_PRODUCTS]
    ]
