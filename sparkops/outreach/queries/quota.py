"""What is left of the quota, and whom it is spent on."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from creators.models import Creator, Sample
from sparkops.outreach.models import Answer, Contact, Letter, Outreach, Quota, Recipient
from sparkops.outreach.queries.sending import running
from sparkops.outreach.rules.offers import SHOP, TARGET
from sparkops.outreach.rules.quota import (
    MOST_UNANSWERED,
    Budget,
    Figures,
    Reading,
    best_first,
    budget_of,
)
from sparkops.renewals.models import Ask
from sparkops.renewals.queries.asks import messaging_shop

WEEK = timedelta(days=7)
ON_TIKTOK = (SHOP, TARGET)
_OPEN = [Letter.State.SENDING.value, Letter.State.HELD.value]


def quota_now() -> Quota | None:
    """The reading of the shop that writes to creators."""
    shop = messaging_shop()
    return Quota.objects.filter(shop=shop).select_related("shop").first() if shop else None


def budget_now(now: datetime, zone: str) -> Budget:
    """What outreach may spend at this moment."""
    row = quota_now()
    return budget_of(
        _reading(row) if row else None,
        spent_since=_spent_since(row.read_at) if row else 0,
        zone=row.shop.timezone if row else zone,
        now=now,
    )


def _reading(row: Quota) -> Reading:
    return Reading(
        total=row.total,
        used=row.used,
        unlimited=row.unlimited,
        follower_cap=row.follower_cap,
        ends_at=row.ends_at,
        read_at=row.read_at,
        reserve=row.reserve,
    )


def _spent_since(read_at: datetime) -> int:
    """New contacts that TikTok's number does not hold yet."""
    rows = Letter.objects.filter(costs_quota=True).filter(
        Q(state__in=_OPEN) | Q(state=Letter.State.SENT, sent_at__gte=read_at)
    )
    return rows.values("recipient__creator").distinct().count()


def known_creators(rows: QuerySet[Recipient], week_start: datetime) -> QuerySet[Recipient]:
    """Recipients with `connected` and `contacted` (this week): neither costs quota (AB2, AB3)."""
    answered = Contact.objects.filter(creator=OuterRef("creator")).exclude(answered_at=None)
    sampled = Sample.objects.filter(creator=OuterRef("creator"))
    this_week = Letter.objects.filter(
        Q(state__in=_OPEN) | Q(state=Letter.State.SENT, sent_at__gte=week_start),
        recipient__creator=OuterRef("creator"),
        channel__in=ON_TIKTOK,
    )
    return rows.annotate(
        connected=Exists(answered) | Exists(sampled) | Q(creator__first_posted_at__isnull=False),
        contacted=Exists(this_week),
    )


def free() -> Q:
    """Recipients who cost no quota, among `known_creators`."""
    return Q(connected=True) | Q(contacted=True)


def unanswered_of(creator_ids: list[int]) -> dict[int, int]:
    """Shop messages since the last answer, by creator; renewals write to the same conversation."""
    found: dict[int, int] = dict.fromkeys(creator_ids, 0)
    answered = dict(
        Contact.objects.filter(creator__in=creator_ids)
        .exclude(answered_at=None)
        .values_list("creator_id", "answered_at")
    )
    letters = Letter.objects.filter(
        recipient__creator__in=creator_ids, channel=SHOP, state__in=[*_OPEN, "sent"]
    ).values_list("recipient__creator_id", Coalesce("sent_at", "created_at"))
    asks = Ask.objects.filter(
        creator__in=creator_ids, channel=SHOP, state__in=["sending", "sent"]
    ).values_list("creator_id", Coalesce("sent_at", "created_at"))
    answers = Answer.objects.filter(
        thread__creator__in=creator_ids, state__in=["sending", "sent"]
    ).values_list("thread__creator_id", Coalesce("sent_at", "created_at"))
    for creator_id, at in [*letters, *asks, *answers]:
        last = answered.get(creator_id)
        found[creator_id] += last is None or at > last
    return found


def too_many_unanswered(creator_ids: list[int]) -> set[int]:
    """Creators who get no further message before they reply (AB3)."""
    return {pk for pk, count in unanswered_of(creator_ids).items() if count >= MOST_UNANSWERED}


def gmv_per_view() -> Decimal:
    """What a view of 30 days brings the shop, over all creators; 0 while nothing is known."""
    sums = Creator.objects.aggregate(gmv=Sum("gmv_30d"), views=Sum("views_30d"))
    if not sums["views"]:
        return Decimal(0)
    return Decimal(sums["gmv"] or 0) / sums["views"]


def in_order(rows: QuerySet[Recipient]) -> list[int]:
    """Recipients in the order in which quota is spent on them: own ids."""
    values = rows.values_list(
        "pk", "creator__gmv_30d", "creator__views_30d", "creator__follower_count"
    )
    figures = [Figures(pk, gmv, views, fans or 0) for pk, gmv, views, fans in values]
    return [one.pk for one in best_first(figures, gmv_per_view())]


def waiting_for_quota(week_start: datetime) -> QuerySet[Recipient]:
    """Queued recipients of open outreach whose first message costs quota."""
    rows = Recipient.objects.filter(
        state=Recipient.State.QUEUED,
        outreach__state__in=[Outreach.State.RUNNING, Outreach.State.PAUSED],
        outreach__channel__in=ON_TIKTOK,
    )
    return known_creators(rows, week_start).exclude(free())


def next_in_line(week_start: datetime, limit: int = 20) -> list[Recipient]:
    """Whom the quota goes to next."""
    ids = in_order(waiting_for_quota(week_start))[:limit]
    found = Recipient.objects.select_related("creator", "outreach").in_bulk(ids)
    return [found[pk] for pk in ids]


def is_needed() -> bool:
    """Whether outreach that runs sends on TikTok."""
    return running().filter(channel__in=ON_TIKTOK).exists()


def gmv_of_30_days() -> Any:
    """Sales of 30 days through creators, as the lists show them."""
    return Creator.objects.aggregate(gmv=Sum(F("gmv_30d")))["gmv"] or Decimal(0)
