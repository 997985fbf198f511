"""Reads of triage: what is known of posts, which are to be scored, and the board."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Sum

from authorizations.queries import facts_of
from authorizations.rules.standing import standing
from campaigns.models import AdDay, PostVerdict, TriageRule
from campaigns.queries import break_even_of
from campaigns.rules.triage_facts import Facts, Rule, facts_from, rule_from
from creators.models import Post, PostDay, PostProduct
from creators.rules.handles import plain_handle
from sparkops.catalog.models import Sku
from sparkops.clock import shop_day

SCORED_AGAIN = timedelta(hours=6)
"""Age, rights and stock move without new numbers, so a verdict is looked at again after this."""
WATCHED_DAYS = 60
"""Posts published longer ago are scored only while they still count as candidates."""
STOCK_DAYS = 14
CPM_IMPRESSIONS = 10_000
SHOP_DAYS = 90
OPEN = (
    PostVerdict.Standing.EARNED,
    PostVerdict.Standing.PROMISING,
    PostVerdict.Standing.NOT_YET,
)

# A post is compared with the creator's twenty before it, each as old as it is itself, and only
# with those whose first days are known.
_BASELINES = """
SELECT t.id, count(b.views), (percentile_cont(0.5) WITHIN GROUP (ORDER BY b.views))::numeric(18, 2)
  FROM unnest(%(ids)s::bigint[], %(ages)s::int[]) AS t(id, age)
  JOIN creators_post p ON p.id = t.id
 CROSS JOIN LATERAL (
    SELECT (SELECT coalesce(sum(d.views), 0) FROM creators_postday d
             WHERE d.post_id = o.id
               AND d.day <= (o.published_at AT TIME ZONE %(zone)s)::date + t.age) AS views
      FROM creators_post o
     WHERE o.creator_id = p.creator_id AND o.published_at < p.published_at
       AND EXISTS (SELECT 1 FROM creators_postday f WHERE f.post_id = o.id
                      AND f.day <= (o.published_at AT TIME ZONE %(zone)s)::date + 3)
     ORDER BY o.published_at DESC LIMIT 20) b
 GROUP BY t.id
"""

_ENGAGEMENT = """
SELECT (percentile_cont(0.5) WITHIN GROUP (ORDER BY rate))::numeric(10, 4)
  FROM (SELECT sum(likes + comments + shares)::numeric / sum(views) AS rate
          FROM creators_postday WHERE day >= %(since)s
         GROUP BY post_id HAVING sum(views) >= %(least)s) posts
"""


def current_rule() -> TriageRule | None:
    """The version that counts; None before the first scoring."""
    return TriageRule.objects.order_by("-version").first()


def settings_of(row: TriageRule) -> Rule:
    """The thresholds of a version."""
    return rule_from(row.settings)


def candidates(now: datetime) -> QuerySet[Post]:
    """Posts that triage looks at: published lately, or still counted as candidates."""
    still = PostVerdict.objects.filter(post=OuterRef("pk"), standing__in=OPEN)
    return Post.objects.filter(
        Q(published_at__gte=now - timedelta(days=WATCHED_DAYS)) | Exists(still)
    )


def due_posts(row: TriageRule, now: datetime) -> QuerySet[Post]:
    """Candidates without a verdict of this version on their present numbers."""
    settled = PostVerdict.objects.filter(
        Q(measured_at=OuterRef("measured_at")) | Q(measured_at=None, post__measured_at=None),
        post=OuterRef("pk"),
        rule=row,
        scored_at__gte=now - SCORED_AGAIN,
    )
    return candidates(now).filter(~Exists(settled)).order_by("pk")


def facts_for(posts: Collection[Post], rule: Rule, *, zone: str, now: datetime) -> dict[int, Facts]:
    """Everything the gates ask of some posts; the same number of queries for any number of them."""
    ids = {post.pk for post in posts}
    numbers = _numbers(ids)
    baselines = _baselines(posts, zone=zone, now=now)
    shop = shop_engagement(rule, now=now)
    needed, stock, rights = break_even_of(ids), _stock(ids, now, zone), facts_of(ids)
    found = {}
    for post in posts:
        sums = numbers.get(post.pk, {})
        held = standing(rights[post.pk], now)
        prior, median = baselines.get(post.pk, (0, None))
        products, units, per_day = stock.get(post.pk, (False, None, None))
        found[post.pk] = Facts(
            at=now,
            published_at=post.published_at,
            availability=post.availability,
            measured=post.measured_at is not None,
            **{name: sums.get(name) or 0 for name in ("likes", "comments", "shares")},
            views=post.views,
            product_clicks=sums.get("product_clicks") or 0,
            orders=post.orders,
            gmv=post.gmv,
            currency=post.currency,
            prior_posts=prior,
            baseline_views=median,
            shop_engagement=shop,
            has_product=products,
            break_even_roas=needed.get(post.pk),
            stock=units,
            units_per_day=per_day,
            covered=held.covered,
            cover_days=(held.ends_at - now).days if held.covered and held.ends_at else None,
            creator_known=post.creator_id is not None,
        )
    return found


def _numbers(ids: Collection[int]) -> dict[int, Mapping[str, int]]:
    names = ("likes", "comments", "shares", "product_clicks")
    rows = PostDay.objects.filter(post__in=ids).order_by().values("post_id")
    return {row["post_id"]: row for row in rows.annotate(**{one: Sum(one) for one in names})}


def _baselines(
    posts: Collection[Post], *, zone: str, now: datetime
) -> dict[int, tuple[int, Decimal | None]]:
    ages = {
        post.pk: (shop_day(now, zone) - shop_day(post.published_at, zone)).days
        for post in posts
        if post.published_at is not None and post.creator_id is not None
    }
    with connection.cursor() as cursor:
        cursor.execute(_BASELINES, {"ids": list(ages), "ages": list(ages.values()), "zone": zone})
        return {key: (prior, median) for key, prior, median in cursor.fetchall()}


def shop_engagement(rule: Rule, *, now: datetime) -> Decimal | None:
    """The median rate of reactions of the client's posts over the last 90 days."""
    since = (now - timedelta(days=SHOP_DAYS)).date()
    with connection.cursor() as cursor:
        cursor.execute(_ENGAGEMENT, {"since": since, "least": max(rule.min_views, 1)})
        [median] = cursor.fetchone()
    return median if median is None else Decimal(median)


def _stock(
    ids: Collection[int], now: datetime, zone: str
) -> dict[int, tuple[bool, int | None, Decimal | None]]:
    """Per post: whether a product is linked, and stock and rate of the one that is scarcest.

    The rate is that of orders on posts; what the shop sells elsewhere is not seen here.
    """
    links: dict[int, list[int]] = defaultdict(list)
    for post_id, product_id in PostProduct.objects.filter(post__in=ids, lost_at=None).values_list(
        "post_id", "product_id"
    ):
        links[post_id].append(product_id)
    products = {one for some in links.values() for one in some}
    units = dict(
        Sku.objects.filter(product__in=products, available__isnull=False)
        .order_by()
        .values_list("product")
        .annotate(units=Sum("available"))
    )
    rates = _rates(products, now, zone)
    found: dict[int, tuple[bool, int | None, Decimal | None]] = {}
    for post_id, some in links.items():
        known = [one for one in some if one in units]
        if not known:
            found[post_id] = (True, None, None)
            continue
        scarce = min(known, key=lambda one: units[one] / (rates.get(one) or Decimal("0.01")))
        found[post_id] = (True, units[scarce], rates.get(scarce, Decimal(0)))
    return found


def _rates(products: Collection[int], now: datetime, zone: str) -> dict[int, Decimal]:
    today = shop_day(now, zone)
    rows = (
        PostDay.objects.filter(
            post__product_links__product__in=products,
            post__product_links__lost_at=None,
            day__gte=today - timedelta(days=STOCK_DAYS),
            day__lt=today,
        )
        .order_by()
        .values_list("post__product_links__product")
        .annotate(sold=Sum("orders"))
    )
    return {key: Decimal(sold) / STOCK_DAYS for key, sold in rows}


def board() -> QuerySet[PostVerdict]:
    """Verdicts with what their rows show."""
    return PostVerdict.objects.select_related("post__creator", "rule").annotate(
        views=F("post__views"), gmv=F("post__gmv"), currency=F("post__currency")
    )


def find_verdicts(rows: QuerySet[PostVerdict], values: Mapping[str, Any]) -> QuerySet[PostVerdict]:
    """Apply the board's filters: words of the post or how its creator's handle begins, route,
    next step, and whether a person decided."""
    if word := values.get("q"):
        begins = Q(post__creator__handle__startswith=plain_handle(word))
        rows = rows.filter(begins | Q(post__caption__icontains=word) | Q(post__item_id=word))
    for name in ("route", "step"):
        if values.get(name):
            rows = rows.filter(**{name: values[name]})
    if values.get("decided") == "yes":
        rows = rows.exclude(decision="")
    elif values.get("decided") == "no":
        rows = rows.filter(decision="")
    return rows


def verdicts_by_standing() -> dict[str, int]:
    """How many posts stand where."""
    rows = PostVerdict.objects.values_list("standing").annotate(total=Count("id"))
    return dict(rows.order_by("standing"))


def facts_now() -> list[Facts]:
    """The facts behind every verdict, as they stood when each was made."""
    return [facts_from(one) for one in PostVerdict.objects.values_list("facts", flat=True)]


def paid_cpm(today: date) -> Decimal | None:
    """What 1,000 impressions cost over the last 30 days in the client's busiest currency; None
    below 10,000 impressions."""
    found = (
        AdDay.objects.filter(day__gte=today - timedelta(days=30))
        .order_by()
        .values_list("currency")
        .annotate(spent=Sum("spend"), seen=Sum("impressions"))
        .order_by("-seen")
        .first()
    )
    if found is None or found[2] < CPM_IMPRESSIONS:
        return None
    return Decimal(found[1] * 1000 / found[2]).quantize(Decimal("0.01"))


@dataclass(frozen=True)
class Progress:
    """How far the scoring under a version got; `done` of `total` posts."""

    done: int
    total: int
    running: bool


def progress_of(row: TriageRule) -> Progress:
    """The progress of re-scoring under the current rule."""
    return Progress(min(row.scored, row.total), row.total, row.finished_at is None)
