"""Reads of spend caps: what was spent under each, and which posts they stop."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db.models import F, Min, Q, Sum

from campaigns.models import AdDay, GmvMaxDay, SpendCap
from campaigns.rules.caps import Cap, Spent, Standing, sentence_of, standing_of
from creators.models import Post
from sparkops.clock import shop_day
from sparkops.isolation.scope import current_client_id
from sparkops.tenants.models import Client

EVERYTHING = (None, None)


@dataclass(frozen=True)
class CapNow:
    """A cap with what was spent under it, and where it stands."""

    row: SpendCap
    spent: Spent
    standing: Standing

    @property
    def whose(self) -> str:
        """The words for what it caps."""
        if self.row.post_id:
            return f"the post {self.row.post}"
        return str(self.row.creator) if self.row.creator_id else "the whole client"

    @property
    def sentence(self) -> str:
        """Why ads under it stop, "" while they may run."""
        return sentence_of(_cap(self.row), self.standing, self.whose)

    def stops(self, post_id: int, creator_id: int | None, currency: str) -> bool:
        """Whether it stops an ad on the post in an account of the currency."""
        if not self.sentence:
            return False
        covers = (self.row.post_id or post_id) == post_id
        covers = covers and (self.row.creator_id or creator_id) == creator_id
        return covers and (self.standing is Standing.OVER or self.row.currency == currency)


def caps_now(now: datetime) -> list[CapNow]:
    """Every cap that counts; in six queries at most."""
    rows = list(
        SpendCap.objects.filter(removed_at=None)
        .select_related("creator", "post")
        .order_by("-set_at", "-pk")
    )
    if not rows:
        return []
    today = shop_day(now, Client.objects.get(pk=current_client_id()).timezone)
    days = _days(rows)
    found = []
    for row in rows:
        spent = _spent(row, days, today)
        found.append(CapNow(row, spent, standing_of(_cap(row), spent, today)))
    return found


def stop_by_cap(post_id: int, currency: str, now: datetime) -> str:
    """Why an ad on the post in an account of the currency must not run, "" when no cap says so."""
    post = Post.objects.only("creator").get(pk=post_id)
    for one in caps_now(now):
        if one.stops(post_id, post.creator_id, currency):
            return one.sentence
    return ""


def term_end(post_id: int) -> date | None:
    """The last day on which ads on the post may run by any cap."""
    post = Post.objects.only("creator").get(pk=post_id)
    scopes = Q(post=post_id) | Q(post=None, creator=None)
    if post.creator_id is not None:
        scopes |= Q(creator=post.creator_id)
    rows = SpendCap.objects.filter(scopes, removed_at=None, ends_on__isnull=False)
    return rows.aggregate(Min("ends_on"))["ends_on__min"]


@dataclass(frozen=True)
class _Day:
    post_id: int | None
    creator_id: int | None
    currency: str
    day: date
    spend: Decimal


def _days(rows: Sequence[SpendCap]) -> dict[tuple[int | None, int | None], list[_Day]]:
    """Spend by day, filed under the post, the creator and everything."""
    found: dict[tuple[int | None, int | None], list[_Day]] = defaultdict(list)
    of_one = [row for row in rows if row.post_id or row.creator_id]
    if of_one:
        since = min(row.starts_on for row in of_one)
        for one in _read(since, _within(of_one), GmvMaxDay.Grain.CREATIVE):
            found[one.post_id, None].append(one)
            found[None, one.creator_id].append(one)
    of_all = [row.starts_on for row in rows if not row.post_id and not row.creator_id]
    if of_all:
        # Creatives do not add up to a campaign; its own rows do.
        found[EVERYTHING] = _read(min(of_all), Q(), GmvMaxDay.Grain.CAMPAIGN)
    return found


def _within(rows: Collection[SpendCap]) -> Q:
    return Q(of_post__in=[row.post_id for row in rows if row.post_id]) | Q(
        of_creator__in=[row.creator_id for row in rows if row.creator_id]
    )


def _read(since: date, within: Q, grain: GmvMaxDay.Grain) -> list[_Day]:
    ads = (
        AdDay.objects.filter(day__gte=since, spend__gt=0)
        .annotate(of_post=F("ad__post_id"), of_creator=F("ad__post__creator_id"))
        .filter(within)
        .values_list("of_post", "of_creator", "currency", "day")
        .annotate(Sum("spend"))
    )
    gmv = (
        GmvMaxDay.objects.filter(day__gte=since, cost__gt=0, grain=grain)
        .annotate(of_post=F("post_id"), of_creator=F("post__creator_id"))
        .filter(within)
        .values_list("of_post", "of_creator", "currency", "day")
        .annotate(Sum("cost"))
    )
    return [_Day(*row) for row in (*ads, *gmv)]


def _spent(
    row: SpendCap, days: dict[tuple[int | None, int | None], list[_Day]], today: date
) -> Spent:
    own = [
        one
        for one in days[row.post_id, row.creator_id]
        if one.currency == row.currency and one.day >= row.starts_on
    ]
    before = today - timedelta(days=1)
    return Spent(
        sum((one.spend for one in own), Decimal(0)),
        sum((one.spend for one in own if one.day == before), Decimal(0)),
    )


def _cap(row: SpendCap) -> Cap:
    return Cap(row.amount, row.currency, row.ends_on)
