"""Earlier contacts with creators, by teammates, sister outreach and other clients of the agency;
and where those clients hold a creator exclusively or bid behind the same post."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, F, Max, QuerySet
from django.db.models.functions import Coalesce

from campaigns.models import Ad
from creators.models import Creator, Post
from sparkops.clock import shop_day
from sparkops.isolation.scope import portfolio_scope
from sparkops.outreach.models import Collision, Exclusivity, Letter
from sparkops.outreach.rules.collisions import Touch
from sparkops.renewals.models import Ask
from sparkops.tenants.models import Client

LONGEST = timedelta(days=90)
"""How far back contacts are looked at; `quiet_days` is at most this."""

_AT = Coalesce("sent_at", "created_at")


def touches_of(
    creator_ids: Iterable[int], *, outreach_id: int, now: datetime
) -> dict[int, list[Touch]]:
    """Contacts of the client with some creators, by creator, without those of `outreach_id`."""
    ids, found = list(creator_ids), dict[int, list[Touch]]()
    letters = (
        Letter.objects.filter(recipient__creator__in=ids, created_at__gt=now - LONGEST)
        .exclude(recipient__outreach=outreach_id)
        .exclude(state=Letter.State.CLOSED)
        .values_list(
            "recipient__creator_id", _AT, "recipient__outreach__actor", "recipient__outreach__name"
        )
    )
    for creator_id, at, actor, name in letters:
        found.setdefault(creator_id, []).append(Touch(at, actor, f"“{name}”"))
    asks = Ask.objects.filter(
        creator__in=ids, state__in=["sending", "sent"], created_at__gt=now - LONGEST
    ).values_list("creator_id", _AT, F("run__actor"))
    for creator_id, at, actor in asks:
        found.setdefault(creator_id, []).append(Touch(at, actor or "SparkOps", "a renewal"))
    return found


def contacted_elsewhere(client: Client, now: datetime) -> Mapping[str, datetime]:
    """When the agency's other clients last contacted creators, by TikTok's id: no names. Opens a
    scope of its own; call it outside of one."""
    with portfolio_scope(_sisters(client)):
        rows = (
            Letter.objects.filter(state=Letter.State.SENT, sent_at__gt=now - LONGEST)
            .exclude(recipient__creator__creator_id="")
            .values_list("recipient__creator__creator_id")
            .annotate(last=Max("sent_at"))
            .order_by()
        )
        return dict(rows)


@dataclass(frozen=True)
class Elsewhere:
    """What the agency's other clients have, without their names, by TikTok's ids: the last day of
    an exclusivity by creator, and the number of live ads by post."""

    exclusive: Mapping[str, date]
    ads: Mapping[str, int]


@dataclass(frozen=True)
class Found:
    """A collision as `models.Collision` keeps it."""

    kind: str
    subject: str
    creator_id: int | None
    post_id: int | None
    ends_on: date | None
    ads: int


def elsewhere_of(client: Client, now: datetime) -> Elsewhere:
    """What the others have at `now`; the day is of the client's zone. Opens a scope of its own;
    call it outside of one."""
    today = shop_day(now, client.timezone)
    with portfolio_scope(_sisters(client)):
        held = (
            Exclusivity.objects.filter(ended_at=None, starts_on__lte=today, ends_on__gte=today)
            .exclude(creator__creator_id="")
            .values_list("creator__creator_id")
            .annotate(last=Max("ends_on"))
            .order_by()
        )
        bids = (
            Ad.objects.filter(state=Ad.State.LIVE)
            .exclude(post=None)
            .values_list("post__item_id")
            .annotate(ads=Count("id"))
            .order_by()
        )
        return Elsewhere(dict(held), dict(bids))


def collisions_with(elsewhere: Elsewhere) -> list[Found]:
    """Creators whom this client knows and another holds, and posts behind which both have live
    ads."""
    held = Creator.objects.filter(creator_id__in=list(elsewhere.exclusive))
    found = [
        Found(Collision.Kind.EXCLUSIVE, one, pk, None, elsewhere.exclusive[one], 0)
        for pk, one in held.values_list("pk", "creator_id")
    ]
    live = Ad.objects.filter(state=Ad.State.LIVE).values("post")
    posts = Post.objects.filter(item_id__in=list(elsewhere.ads), pk__in=live)
    return found + [
        Found(Collision.Kind.BID, item, creator, pk, None, elsewhere.ads[item])
        for pk, item, creator in posts.values_list("pk", "item_id", "creator_id")
    ]


def collisions(view: str) -> QuerySet[Collision]:
    """Open ones, or with `accepted` those that a person accepted; none that is over."""
    rows = Collision.objects.filter(over_at=None).select_related("creator", "post__creator")
    return rows.filter(accepted_at__isnull=view != "accepted")


def held_elsewhere(creator_ids: Sequence[int]) -> dict[int, date]:
    """Last day of another client's exclusivity, by creator, without those that were accepted."""
    rows = collisions("").filter(kind=Collision.Kind.EXCLUSIVE, creator__in=creator_ids)
    return {pk: day for pk, day in rows.values_list("creator_id", "ends_on") if pk and day}


def exclusivities() -> QuerySet[Exclusivity]:
    """What this client has agreed and nobody ended, the last to end first."""
    rows = Exclusivity.objects.filter(ended_at=None).select_related("creator")
    return rows.order_by("-ends_on", "-pk")


def _sisters(client: Client) -> QuerySet[Client, int]:
    """Numbers of the organization's other clients."""
    rows = Client.objects.filter(organization=client.organization_id, archived_at=None)
    return rows.exclude(pk=client.pk).values_list("pk", flat=True)
