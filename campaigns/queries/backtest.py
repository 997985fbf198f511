"""What was known of posts on days of the past, and what they made afterwards."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import connection
from django.db.models import Q, QuerySet

from campaigns.rules.triage_facts import Facts, Rule
from creators.models import Post, PostDay, PostDayResult, PostProduct
from sparkops.catalog.models import ProductTarget
from sparkops.clock import shop_day, shop_day_start

BACK_DAYS = 120
SETTLED_DAYS = 7
"""A decision this young has no outcome yet."""
NUMBERS = ("views", "likes", "comments", "shares", "product_clicks", "orders", "gmv")

# As in `triage._BASELINES`, for several ages of each post.
_BASELINES = """
SELECT t.id, t.age, count(b.views),
       (percentile_cont(0.5) WITHIN GROUP (ORDER BY b.views))::numeric(18, 2)
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
 GROUP BY t.id, t.age
"""


@dataclass(frozen=True)
class Past:
    """One post's facts at the end of each day, oldest first, and its profit by day."""

    post: Post
    history: Sequence[tuple[date, Facts]]
    results: dict[date, Decimal]
    currency: str


def past_posts(now: datetime) -> QuerySet[Post]:
    """Posts old enough to have an outcome and young enough to have their numbers."""
    return Post.objects.filter(
        Q(published_at__gte=now - timedelta(days=BACK_DAYS))
        & Q(published_at__lt=now - timedelta(days=SETTLED_DAYS))
    ).order_by("pk")


def pasts_of(posts: Sequence[Post], rule: Rule, *, zone: str, now: datetime) -> list[Past]:
    """What was known on each day: numbers of the dated snapshots up to it, the margin that was
    published by then, the creator's other posts at the same age."""
    ids = [post.pk for post in posts]
    days: dict[int, list[PostDay]] = defaultdict(list)
    for one in PostDay.objects.filter(post__in=ids).order_by("day"):
        days[one.post_id].append(one)
    spans = {post.pk: _span(post, rule, zone, now) for post in posts}
    baselines = _baselines(posts, spans, zone)
    targets, linked = _targets(ids)
    results: dict[int, dict[date, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    currencies: dict[int, str] = {}
    for row in PostDayResult.objects.filter(post__in=ids):
        results[row.post_id][row.day] += row.cm3
        currencies[row.post_id] = row.currency
    found = []
    for post in posts:
        history = []
        for day in spans[post.pk]:
            age = (day - spans[post.pk][0]).days + _first_age(rule)
            prior, median = baselines.get((post.pk, age), (0, None))
            facts = Facts(
                at=shop_day_start(day + timedelta(days=1), zone),
                published_at=post.published_at,
                currency=post.currency,
                prior_posts=prior,
                baseline_views=median,
                has_product=bool(linked.get(post.pk)),
                break_even_roas=_break_even(linked.get(post.pk, ()), targets, day),
            )
            history.append((day, _counted(facts, days[post.pk], day)))
        found.append(Past(post, history, dict(results[post.pk]), currencies.get(post.pk, "")))
    return found


def _first_age(rule: Rule) -> int:
    """Whole days after publishing at whose end a post may be judged first."""
    return rule.min_age_hours // 24


def _span(post: Post, rule: Rule, zone: str, now: datetime) -> list[date]:
    """The days on which the rule would have looked at the post."""
    assert post.published_at is not None
    begin = shop_day(post.published_at, zone)
    last = min(
        begin + timedelta(days=rule.max_age_days), shop_day(now, zone) - timedelta(SETTLED_DAYS)
    )
    first = begin + timedelta(days=_first_age(rule))
    return [first + timedelta(days=step) for step in range(max((last - first).days + 1, 0))]


def _counted(facts: Facts, days: Sequence[PostDay], until: date) -> Facts:
    """The facts with the sums of the snapshots up to a day."""
    known = [one for one in days if one.day <= until]
    if not known:
        return facts
    sums = {name: sum(getattr(one, name) for one in known) for name in NUMBERS}
    return replace(facts, measured=True, **sums)


def _baselines(
    posts: Sequence[Post], spans: dict[int, list[date]], zone: str
) -> dict[tuple[int, int], tuple[int, Decimal | None]]:
    pairs = [
        (post.pk, (day - shop_day(post.published_at, zone)).days)
        for post in posts
        if post.published_at is not None and post.creator_id is not None
        for day in spans[post.pk]
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            _BASELINES,
            {"ids": [one for one, _ in pairs], "ages": [age for _, age in pairs], "zone": zone},
        )
        return {(key, age): (prior, median) for key, age, prior, median in cursor.fetchall()}


def _targets(
    ids: Collection[int],
) -> tuple[dict[int, list[tuple[date, Decimal | None]]], dict[int, list[int]]]:
    linked: dict[int, list[int]] = defaultdict(list)
    for post_id, product_id in PostProduct.objects.filter(post__in=ids).values_list(
        "post_id", "product_id"
    ):
        linked[post_id].append(product_id)
    dated: dict[int, list[tuple[date, Decimal | None]]] = defaultdict(list)
    products = {one for some in linked.values() for one in some}
    rows = ProductTarget.objects.filter(product__in=products).order_by("product_id", "as_of")
    for product_id, as_of, roas in rows.values_list("product_id", "as_of", "break_even_roas"):
        dated[product_id].append((as_of, roas))
    return dated, linked


def _break_even(
    products: Collection[int], targets: dict[int, list[tuple[date, Decimal | None]]], day: date
) -> Decimal | None:
    """The highest break-even that profit had published by then; None when it had not."""
    known = [
        [roas for as_of, roas in targets.get(product, []) if as_of <= day] for product in products
    ]
    newest = [some[-1] for some in known if some and some[-1] is not None]
    return max((one for one in newest if one is not None), default=None)
