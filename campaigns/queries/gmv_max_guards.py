"""What guards know of GMV Max campaigns: numbers of the campaign, and the posts behind its cost."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date

from campaigns.models import GmvMaxDay
from campaigns.rules.guards import Numbers

GMV_MAX_DAYS = 30
"""A post counts as the campaign's for as many days after its last cost."""
Grain = GmvMaxDay.Grain


def gmv_max_numbers(campaigns: Collection[int]) -> dict[int, dict[date, Numbers]]:
    """Days of campaigns in their account's currency: cost, TikTok's revenue, which holds organic
    orders, and orders. One query."""
    found: dict[int, dict[date, Numbers]] = {pk: {} for pk in campaigns}
    rows = GmvMaxDay.objects.filter(campaign__in=campaigns, grain=Grain.CAMPAIGN)
    for pk, day, cost, revenue, orders in rows.values_list(
        "campaign_id", "day", "cost", "gross_revenue", "orders"
    ):
        found[pk][day] = Numbers(spend=cost, revenue=revenue, results=orders)
    return found


def gmv_max_posts_of(campaigns: Collection[int], first: date) -> dict[int, set[int]]:
    """The posts each campaign spent on since `first`. One query."""
    found: dict[int, set[int]] = defaultdict(set)
    rows = GmvMaxDay.objects.filter(
        campaign__in=campaigns, grain=Grain.CREATIVE, day__gte=first, cost__gt=0
    ).exclude(post=None)
    for pk, post in rows.order_by().values_list("campaign_id", "post_id").distinct():
        found[pk].add(post)
    return {pk: found[pk] for pk in campaigns}
