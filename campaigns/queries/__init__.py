"""Reads of campaigns and ads."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection
from django.db.models import Count, DecimalField, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from authorizations.queries import facts_of
from authorizations.rules.standing import standing
from campaigns.models import Ad, AdDay, Campaign, GmvMaxChoice, GmvMaxDay, HandChange
from creators.models import Post, PostDayResult, PostProduct
from creators.rules.handles import plain_handle
from sparkops.catalog.models import ProductTarget
from sparkops.isolation.plans import whole_tables
from sparkops.outbox.models import Command

FRESH_DAYS = 3
AT_STAKE_DAYS = 7
NAME_BESIDE_ID = 120
AMOUNTS = ("spend", "claimed_revenue")
SUMMED = ("spend", "impressions", "clicks", "conversions", "claimed_revenue")
SWITCH = "campaigns.switch_ad"
MONEY: "DecimalField[Decimal, Decimal]" = DecimalField(max_digits=18, decimal_places=4)


@dataclass(frozen=True)
class LiveAnswer:
    """What is live in paid now. `gmv_max_posts` are posts that spent in the last three days."""

    live_ads: int
    live_posts: int
    lost_permission: int
    gmv_max_posts: int


def live_answers(now: datetime) -> dict[int, LiveAnswer]:
    """The answer per client of the open scope, in two queries."""
    live = Q(state=Ad.State.LIVE)
    ads = {
        row["client_id"]: row
        for row in Ad.objects.values("client_id").annotate(
            live=Count("id", filter=live),
            posts=Count("post_id", filter=live, distinct=True),
            lost=Count("id", filter=Q(state=Ad.State.LOST_PERMISSION)),
        )
    }
    gmv = {
        row["client_id"]: row["posts"]
        for row in GmvMaxDay.objects.filter(
            grain=GmvMaxDay.Grain.CREATIVE,
            day__gte=(now - timedelta(days=FRESH_DAYS)).date(),
            cost__gt=0,
        )
        .exclude(post=None)
        .values("client_id")
        .annotate(posts=Count("post_id", distinct=True))
    }
    return {
        client_id: LiveAnswer(
            ads.get(client_id, {}).get("live", 0),
            ads.get(client_id, {}).get("posts", 0),
            ads.get(client_id, {}).get("lost", 0),
            gmv.get(client_id, 0),
        )
        for client_id in {*ads, *gmv}
    }


def posts_that_spend(now: datetime) -> set[int]:
    """Posts with a live ad, or with cost in GMV Max in the last three days. Two queries."""
    live = Ad.objects.filter(state=Ad.State.LIVE).exclude(post=None)
    in_gmv_max = GmvMaxDay.objects.filter(
        grain=GmvMaxDay.Grain.CREATIVE,
        day__gte=(now - timedelta(days=FRESH_DAYS)).date(),
        cost__gt=0,
    ).exclude(post=None)
    return {
        *live.values_list("post_id", flat=True).distinct(),
        *in_gmv_max.values_list("post_id", flat=True).distinct(),
    }


def ads_with_numbers(first: date, last: date) -> QuerySet[Ad]:
    """Ads with their numbers of the days from `first` to `last`, in the account's currency."""
    rows = Ad.objects.select_related("ad_account", "post__creator", "ad_group__campaign")
    return rows.annotate(**sums_of("ad", first, last), currency=F("ad_account__currency"))


def sums_of(path: str, first: date, last: date) -> dict[str, Coalesce]:
    """Annotations with the sums of ads from `first` to `last` for rows that `path` of a day's
    numbers leads to; money is in the ad account's currency."""
    days = AdDay.objects.filter(**{path: OuterRef("pk")}, day__gte=first, day__lte=last).order_by()

    def total(name: str) -> Subquery:
        return Subquery(days.values(path).annotate(total=Sum(name)).values("total"))

    return {
        name: Coalesce(total(name), 0, output_field=MONEY if name in AMOUNTS else None)
        for name in SUMMED
    }


def find_ads(rows: QuerySet[Ad], values: Mapping[str, Any]) -> QuerySet[Ad]:
    """Apply the list's filters: states, ad account, and `q`: words of the name, how the creator's
    handle begins, or TikTok's id of the ad. Names of launches begin alike, so their beginning
    would tell nothing apart.
    """
    if states := values.get("states"):
        rows = rows.filter(state__in=states)
    if word := values.get("q"):
        begins = Q(post__creator__handle__startswith=plain_handle(word))
        rows = rows.filter(Q(name__icontains=word) | Q(ad_id=word) | begins)
    if account := values.get("account"):
        rows = rows.filter(ad_account=account)
    return rows


@dataclass(frozen=True)
class Totals:
    """Sums of ads over days of their accounts. Money is in `currency` and never mixed."""

    currency: str
    spend: Decimal
    impressions: int
    clicks: int
    conversions: int
    claimed_revenue: Decimal


def totals_of(ads: QuerySet[Ad], first: date, last: date) -> list[Totals]:
    """The numbers of all `ads` from `first` to `last`, largest spend first, one per currency."""
    rows = (
        AdDay.objects.filter(ad__in=ads.order_by().values("pk"), day__gte=first, day__lte=last)
        .values_list("currency")
        .annotate(*(Sum(name) for name in SUMMED))
        .order_by("-spend__sum")
    )
    with connection.cursor() as cursor, whole_tables(cursor):
        return [Totals(*row) for row in rows]


def add_standings(ads: Collection[Any], now: datetime) -> None:
    """Set on each ad `standing`, how its post's cover stands (None without a post), and
    `break_even`, the ROAS that its sales need, and `changed_by_hand`, when somebody last changed it
    in Ads Manager within a week (TA8); the same number of queries for any number of ads.
    """
    ids = {ad.post_id for ad in ads if ad.post_id is not None}
    facts, needed = facts_of(ids), break_even_of(ids)
    by_hand = last_hand_changes(ads, now)
    for ad in ads:
        ad.standing = standing(facts[ad.post_id], now) if ad.post_id is not None else None
        ad.break_even = needed.get(ad.post_id)
        ad.changed_by_hand = by_hand.get(ad.pk)


def last_hand_changes(ads: Collection[Any], now: datetime) -> dict[int, datetime]:
    """When an ad, its ad group or its campaign was last changed in Ads Manager, within a week."""
    groups = {ad.ad_group_id for ad in ads}
    campaigns = {ad.ad_group.campaign_id for ad in ads}
    of_these = Q(ad__in=[ad.pk for ad in ads]) | Q(ad_group__in=groups) | Q(campaign__in=campaigns)
    rows = HandChange.objects.filter(of_these, seen_at__gte=now - timedelta(days=AT_STAKE_DAYS))
    last: dict[tuple[str, int | None], datetime] = {}
    for row in rows.order_by("seen_at"):
        last[row.level, row.ad_id or row.ad_group_id or row.campaign_id] = row.seen_at
    found = {}
    for ad in ads:
        keys = (
            ("ad", ad.pk),
            ("ad_group", ad.ad_group_id),
            ("campaign", ad.ad_group.campaign_id),
        )
        if seen := [last[key] for key in keys if key in last]:
            found[ad.pk] = max(seen)
    return found


def hand_changes(ad: Ad | None = None) -> QuerySet[HandChange]:
    """What people changed in Ads Manager: everywhere, or on what an ad runs in."""
    rows = HandChange.objects.select_related("ad", "ad_group", "campaign")
    if ad is None:
        return rows
    above = Q(ad_group=ad.ad_group_id) | Q(campaign=ad.ad_group.campaign_id)
    return rows.filter(Q(ad=ad.pk) | above)


def break_even_of(post_ids: Collection[int]) -> dict[int, Decimal]:
    """Per post the highest break-even ROAS that profit published for a product it links to; posts
    without one are left out.
    """
    links = PostProduct.objects.filter(post__in=post_ids, lost_at=None)
    products: dict[int, list[int]] = {}
    for post_id, product_id in links.values_list("post_id", "product_id"):
        products.setdefault(product_id, []).append(post_id)
    newest = ProductTarget.objects.filter(product__in=products).order_by("product_id", "-as_of")
    found: dict[int, Decimal] = {}
    for target in newest.distinct("product_id"):
        for post_id in products[target.product_id]:
            if target.break_even_roas is not None:
                found[post_id] = max(found.get(post_id, Decimal(0)), target.break_even_roas)
    return found


def called(ad: Ad) -> str:
    """An ad's name for people, with TikTok's id where other ads of the client have the same name.

    Ads are often named alike; a title that two of them share tells nobody which one to open.
    """
    if not Ad.objects.filter(name=ad.name).exclude(pk=ad.pk).exists():
        return ad.name
    return f"{ad.name[:NAME_BESIDE_ID]} ({ad.ad_id})"


def ads_by_state() -> dict[str, int]:
    """How many ads are in each state."""
    return dict(Ad.objects.values_list("state").annotate(total=Count("id")).order_by("state"))


def is_switching(ad: Ad) -> bool:
    """Whether a pause or a switch-on of the ad is on its way to TikTok."""
    return Command.objects.filter(
        kind=SWITCH,
        payload__ad=ad.pk,
        state__in=[Command.State.WAITING, Command.State.SENDING],
    ).exists()


def ads_of_post(post_id: int, first: date, last: date) -> list[Ad]:
    """Every ad on a post, live ones first."""
    ads = ads_with_numbers(first, last).filter(post_id=post_id)
    return sorted(ads, key=lambda ad: (ad.state != Ad.State.LIVE, -ad.pk))


def days_of_ad(ad: Ad, first: date) -> list[AdDay]:
    """The day numbers of one ad since `first`, oldest first."""
    return list(AdDay.objects.filter(ad=ad, day__gte=first).order_by("day"))


def live_post_ids() -> Collection[int]:
    """Posts with a live ad."""
    return set(
        Ad.objects.filter(state=Ad.State.LIVE).exclude(post=None).values_list("post_id", flat=True)
    )


def gmv_max_campaigns(first: date, last: date) -> QuerySet[Campaign]:
    """GMV Max campaigns, largest cost first, with cost, net cost and platform-claimed orders and
    revenue of the days from `first` to `last`, in the account's currency.

    `net` is None where no day came with a net cost; `definitions` are the readings of ROI that the
    numbers came with (domain 6.6), which must not be compared with each other.
    """
    days = GmvMaxDay.objects.filter(
        campaign=OuterRef("pk"), grain=GmvMaxDay.Grain.CAMPAIGN, day__gte=first, day__lte=last
    ).order_by()

    def total(name: str) -> Subquery:
        return Subquery(days.values("campaign").annotate(total=Sum(name)).values("total"))

    kinds = [Campaign.Kind.GMV_MAX_PRODUCT, Campaign.Kind.GMV_MAX_LIVE]
    return (
        Campaign.objects.filter(kind__in=kinds)
        .select_related("ad_account")
        .annotate(
            cost=Coalesce(total("cost"), 0, output_field=MONEY),
            net=total("net_cost"),
            orders=Coalesce(total("orders"), 0),
            claimed=Coalesce(total("gross_revenue"), 0, output_field=MONEY),
            definitions=ArraySubquery(days.values("roi_definition").distinct()),
            currency=F("ad_account__currency"),
        )
    )


def campaigns_for_post(post_id: int) -> list[tuple[Campaign, GmvMaxChoice | None]]:
    """GMV Max product campaigns of the shops whose products the post links, with what was last
    decided about the post; in two queries."""
    linked = PostProduct.objects.filter(post=post_id, lost_at=None).values("product__shop")
    rows = Campaign.objects.filter(
        kind=Campaign.Kind.GMV_MAX_PRODUCT, ad_account__shop__in=linked
    ).select_related("ad_account__shop")
    choices = {one.campaign_id: one for one in GmvMaxChoice.objects.filter(post=post_id)}
    return [(row, choices.get(row.pk)) for row in rows.order_by("name", "pk")]


@dataclass(frozen=True)
class PostLedger:
    """What profit published of a post in one currency: all its sales by order date, and its cm3."""

    gmv: Decimal
    cm3: Decimal


def ledger_of(
    post_ids: Collection[int | None], first: date, last: date
) -> dict[int | None, dict[str, PostLedger]]:
    """What posts sold and made on the days from `first` to `last`, by post and currency. A post
    without a booked day is left out. One query."""
    rows = (
        PostDayResult.objects.filter(post__in=[pk for pk in post_ids if pk is not None])
        .filter(day__gte=first, day__lte=last)
        .order_by()
        .values_list("post_id", "currency")
        .annotate(Sum("gmv"), Sum("cm3"))
    )
    found: dict[int | None, dict[str, PostLedger]] = defaultdict(dict)
    for post_id, currency, gmv, cm3 in rows:
        found[post_id][currency] = PostLedger(gmv, cm3)
    return found


@dataclass(frozen=True)
class GmvMaxPost:
    """A post that GMV Max spent on, with its cost over the days asked for. `ledger` is what the
    post sold in the same days, by currency: beside the claim, never added to it."""

    post: Post
    currency: str
    cost: Decimal
    orders: int
    claimed_revenue: Decimal
    ledger: dict[str, PostLedger]


def gmv_max_posts(first: date, last: date, *, most: int = 50) -> list[GmvMaxPost]:
    """Posts with cost in GMV Max, largest first; in three queries."""
    rows = list(
        GmvMaxDay.objects.filter(
            grain=GmvMaxDay.Grain.CREATIVE, day__gte=first, day__lte=last, cost__gt=0
        )
        .exclude(post=None)
        .values("post_id", "currency")
        .annotate(total=Sum("cost"), sold=Sum("orders"), claimed=Sum("gross_revenue"))
        .order_by("-total", "post_id")[:most]
    )
    ids = {row["post_id"] for row in rows}
    posts, ledger = Post.objects.select_related("creator").in_bulk(ids), ledger_of(ids, first, last)
    return [
        GmvMaxPost(
            posts[row["post_id"]],
            row["currency"],
            row["total"],
            row["sold"],
            row["claimed"],
            ledger.get(row["post_id"], {}),
        )
        for row in rows
    ]


@dataclass(frozen=True)
class SpendPerDay:
    """Average spend a day over the last seven full days, in the ad account's currency."""

    amount: Decimal
    currency: str


def spend_per_day_of_ads(ad_ids: Collection[int], today: date) -> dict[int, SpendPerDay]:
    """What is at stake per ad, in one query; ads without spend are left out."""
    rows = (
        AdDay.objects.filter(
            ad__in=ad_ids, day__gte=today - timedelta(days=AT_STAKE_DAYS), day__lt=today
        )
        .values("ad_id", "currency")
        .annotate(total=Sum("spend"))
        .filter(total__gt=0)
        .order_by("ad_id")
    )
    return {
        row["ad_id"]: SpendPerDay(
            (row["total"] / AT_STAKE_DAYS).quantize(Decimal("0.01")), row["currency"]
        )
        for row in rows
    }
