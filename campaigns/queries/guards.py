"""Reads of guards: what rules look at, facts of targets, and the log."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet, Sum

from authorizations.queries import facts_of
from authorizations.rules.standing import standing
from campaigns.models import (
    Ad,
    AdDay,
    AdGroup,
    Campaign,
    GmvMaxDay,
    GuardCheck,
    GuardRule,
    Level,
)
from campaigns.queries.gmv_max_guards import GMV_MAX_DAYS, gmv_max_numbers, gmv_max_posts_of
from campaigns.rules.guards import Bound, Facts, Metric, Numbers
from creators.models import PostDayResult, PostProduct
from sparkops.catalog.models import AdAccount, ProductTarget
from sparkops.clock import ad_account_day

Target = Ad | AdGroup | Campaign
RUNS = (Ad.State.LIVE, Ad.State.LIMITED)
MODELS: Mapping[str, Any] = {
    Level.AD.value: Ad,
    Level.AD_GROUP.value: AdGroup,
    Level.CAMPAIGN.value: Campaign,
}
IN_GMV_MAX = Q(kind__in=[Campaign.Kind.GMV_MAX_PRODUCT, Campaign.Kind.GMV_MAX_LIVE])
# From a target to its ads, and from a day or an ad to its target.
TO_ADS = {"ad": "", "ad_group": "ads__", "campaign": "ad_groups__ads__"}
OF_AD = {"ad": "pk", "ad_group": "ad_group_id", "campaign": "ad_group__campaign_id"}
OF_DAY = {"ad": "ad_id", "ad_group": "ad__ad_group_id", "campaign": "ad__ad_group__campaign_id"}
JOINED = {"ad": ("ad_group__campaign",), "ad_group": ("campaign",), "campaign": ()}
ACCOUNT = {"ad": "ad_account", "ad_group": "campaign__ad_account", "campaign": "ad_account"}


def targets_of(rule: GuardRule) -> list[Any]:
    """What a rule looks at: targets with ads that run, GMV Max campaigns that are on, and for
    switching on again those that a guard paused and nobody decided about since."""
    account = ACCOUNT[rule.level]
    rows = MODELS[rule.level].objects.select_related(account, *JOINED[rule.level])
    if rule.ad_account_id:
        rows = rows.filter(**{account: rule.ad_account_id})
    if rule.action == GuardRule.Action.ENABLE:
        return list(rows.filter(pk__in=_paused_by_guards(rule.level), operation_status="DISABLE"))
    runs = Q(**{f"{TO_ADS[rule.level]}state__in": RUNS})
    if rule.level == Level.CAMPAIGN:
        runs |= IN_GMV_MAX & Q(operation_status="ENABLE")
    if rule.action == GuardRule.Action.TARGET:
        runs &= IN_GMV_MAX
    return list(rows.filter(runs).distinct().order_by("pk"))


def _paused_by_guards(level: str) -> set[int]:
    asked = GuardCheck.objects.filter(
        level=level,
        outcome=GuardCheck.Outcome.ASKED,
        change__field="status",
    ).order_by(f"{level}_id", "-decided_at", "-pk")
    newest = asked.distinct(f"{level}_id").values_list(f"{level}_id", "change__after")
    return {pk for pk, after in newest if after == "DISABLE"}


def spent_since(level: str, first: date, *, most: int, account_id: int | None = None) -> list[Any]:
    """Targets of a level that spent since `first`, the most first; for trying a rule."""
    path, account = OF_DAY[level], ACCOUNT[level]
    days = AdDay.objects.filter(day__gte=first, spend__gt=0)
    if account_id:
        days = days.filter(ad__ad_account=account_id)
    sums = list(days.values_list(path).annotate(total=Sum("spend")).order_by("-total", path)[:most])
    if level == Level.CAMPAIGN:
        sums += _gmv_max_spent(first, most, account_id)
    ids = [pk for pk, _ in sorted(sums, key=lambda one: (-one[1], one[0]))[:most]]
    rows = MODELS[level].objects.select_related(account, *JOINED[level]).in_bulk(ids)
    return [rows[pk] for pk in ids]


def _gmv_max_spent(first: date, most: int, account_id: int | None) -> list[tuple[int, Decimal]]:
    days = GmvMaxDay.objects.filter(grain=GmvMaxDay.Grain.CAMPAIGN, day__gte=first, cost__gt=0)
    if account_id:
        days = days.filter(campaign__ad_account=account_id)
    sums = days.order_by().values_list("campaign_id").annotate(total=Sum("cost"))
    return list(sums.order_by("-total", "campaign_id")[:most])


def account_of(target: Target) -> AdAccount:
    """The ad account a target spends in."""
    return target.campaign.ad_account if isinstance(target, AdGroup) else target.ad_account


def day_of(target: Target, now: datetime) -> date:
    """The day of the target's ad account."""
    return ad_account_day(now, account_of(target).zone)


def facts_of_targets(
    level: str, targets: Sequence[Any], metrics: Collection[Metric], *, now: datetime
) -> dict[int, Facts]:
    """What rules decide with, by primary key of the target; as many queries for any number."""
    ids = [one.pk for one in targets]
    days, posts = _days(level, ids), _posts(level, ids)
    in_gmv_max = {one.pk for one in targets if _is_gmv_max(one)}
    today = max((day_of(one, now) for one in targets), default=now.date())
    days |= gmv_max_numbers(in_gmv_max)
    posts |= gmv_max_posts_of(in_gmv_max, today - timedelta(days=GMV_MAX_DAYS))
    every = {post for found in posts.values() for post in found}
    bounds = _bounds(every)
    profit = _profit(every) if Metric.PROFIT in metrics else {}
    cover = _cover_hours(every, now) if Metric.COVER in metrics else {}
    return {
        one.pk: Facts(
            today=day_of(one, now),
            days=days[one.pk],
            age_hours=_age(one, now),
            budget_a_day=budget_a_day(one),
            bounds=_tightest(bounds[post] for post in posts[one.pk]),
            profit=_in_currency(
                [profit[post] for post in posts[one.pk] if post in profit],
                account_of(one).currency,
            ),
            counts_organic=one.pk in in_gmv_max,
            cover_hours=None
            if one.pk in in_gmv_max
            else min((cover[post] for post in posts[one.pk] if post in cover), default=None),
        )
        for one in targets
    }


def _is_gmv_max(target: Target) -> bool:
    return isinstance(target, Campaign) and target.is_gmv_max


def posts_of(level: str, target: Target) -> set[int]:
    """The posts whose right to spend a target needs. GMV Max needs none of them in particular: a
    post that may not be used is taken out."""
    return _posts(level, [target.pk])[target.pk]


def budget_a_day(target: Target) -> Decimal | None:
    """The budget of one day that limits the target, in its account's currency."""
    group: AdGroup | Campaign = target.ad_group if isinstance(target, Ad) else target
    parents = (group.campaign,) if isinstance(group, AdGroup) else ()
    for owner in (group, *parents):
        if owner.budget and owner.budget_mode.startswith(("BUDGET_MODE_DAY", "BUDGET_MODE_DYN")):
            return Decimal(owner.budget)
    return None


def _days(level: str, ids: Collection[int]) -> dict[int, dict[date, Numbers]]:
    path = OF_DAY[level]
    rows = (
        AdDay.objects.filter(**{f"{path}__in": ids})
        .values_list(path, "day")
        .annotate(
            Sum("spend"),
            Sum("claimed_revenue"),
            Sum("conversions"),
            Sum("impressions"),
            Sum("clicks"),
            Sum("reach"),
        )
        .order_by()
    )
    found: dict[int, dict[date, Numbers]] = defaultdict(dict)
    for key, day, *sums in rows:
        found[key][day] = Numbers(*sums)
    return found


def _posts(level: str, ids: Collection[int]) -> dict[int, set[int]]:
    path = OF_AD[level]
    ads = Ad.objects.filter(**{f"{path}__in": ids}).exclude(post=None)
    ads = ads.exclude(state=Ad.State.DELETED)
    found: dict[int, set[int]] = defaultdict(set)
    for key, post in ads.values_list(path, "post_id"):
        if post is not None:
            found[key].add(post)
    return found


def _bounds(posts: Collection[int]) -> dict[int, list[Bound]]:
    links = PostProduct.objects.filter(post__in=posts, lost_at=None)
    by_product: dict[int, list[int]] = defaultdict(list)
    for post, product in links.values_list("post_id", "product_id"):
        by_product[product].append(post)
    rows = ProductTarget.objects.filter(product__in=by_product).order_by("as_of")
    found: dict[int, list[Bound]] = defaultdict(list)
    for row in rows:
        for post in by_product[row.product_id]:
            found[post].append(Bound(row.as_of, row.break_even_roas, row.max_cpa))
    return found


def _tightest(of_posts: Any) -> tuple[Bound, ...]:
    """Per day the highest break-even ROAS and the lowest cost per order of the products."""
    by_day: dict[date, Bound] = {}
    for bound in sorted((one for bounds in of_posts for one in bounds), key=lambda one: one.as_of):
        before = by_day.get(bound.as_of)
        by_day[bound.as_of] = bound if before is None else _both(before, bound)
    return tuple(by_day.values())


def _both(one: Bound, other: Bound) -> Bound:
    roas = [b.break_even_roas for b in (one, other) if b.break_even_roas is not None]
    cpa = [b.max_cpa for b in (one, other) if b.max_cpa is not None]
    return Bound(one.as_of, max(roas, default=None), min(cpa, default=None))


def _profit(posts: Collection[int]) -> dict[int, dict[tuple[str, date], Decimal]]:
    found: dict[int, dict[tuple[str, date], Decimal]] = defaultdict(dict)
    rows = PostDayResult.objects.filter(post__in=posts).values_list(
        "post_id", "currency", "day", "cm3"
    )
    for post, currency, day, cm3 in rows:
        found[post][currency, day] = found[post].get((currency, day), Decimal(0)) + cm3
    return found


def _in_currency(
    results: Sequence[Mapping[tuple[str, date], Decimal]], currency: str
) -> dict[date, Decimal] | None:
    """Profit by day, or None when there is none or some of it is in another currency."""
    found: dict[date, Decimal] = {}
    for result in results:
        for (of, day), cm3 in result.items():
            if of != currency:
                return None
            found[day] = found.get(day, Decimal(0)) + cm3
    return found or None


def _cover_hours(posts: Collection[int], now: datetime) -> dict[int, Decimal]:
    found = {}
    for post, facts in facts_of(posts).items():
        held = standing(facts, now)
        if held.ends_at is not None:
            found[post] = _hours(held.ends_at - now)
    return found


def _age(target: Target, now: datetime) -> Decimal | None:
    begun = target.starts_at if isinstance(target, AdGroup) else target.created_at
    return _hours(now - begun) if begun else None


def _hours(span: timedelta) -> Decimal:
    """Whole hours, so that a log of the same state stays one line for an hour."""
    return Decimal(int(span.total_seconds() // 3600))


def guard_rules() -> QuerySet[GuardRule]:
    """Every rule, those that act first."""
    return GuardRule.objects.select_related("ad_account").order_by("mode", "name", "pk")


def checks(rule: GuardRule | None = None) -> QuerySet[GuardCheck]:
    """The log, of one rule or of all."""
    rows = GuardCheck.objects.select_related(
        "rule", "ad__ad_account", "ad_group__campaign__ad_account", "campaign__ad_account"
    )
    return rows if rule is None else rows.filter(rule=rule)
