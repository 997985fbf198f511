"""Runs and their messages; who can be reached how; whether a message is still wanted."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet

from authorizations.models import Authorization
from authorizations.queries import USABLE_WORDS, find_authorizations, spend_per_day, tab_filter
from creators.models import Creator
from sparkops.catalog.models import Shop
from sparkops.clock import shop_day
from sparkops.connections.models import Connection
from sparkops.renewals.models import Ask, Run
from sparkops.renewals.rules.channels import Reach, channels_of
from sparkops.tenants.models import Client

MOST_AT_ONCE = 2_000
MESSAGES_SCOPE = "seller.affiliate_messages.write"
OPEN_STATES = [Ask.State.WAITING.value, Ask.State.SENDING.value]
WRITTEN = [Ask.State.SENDING.value, Ask.State.SENT.value, Ask.State.COPY.value]
AGAIN_AFTER = timedelta(hours=24)
"""A creator is not asked about one permission twice within this time."""


def chosen(
    ids: Iterable[int] | None, filters: Mapping[str, Any], now: datetime
) -> QuerySet[Authorization]:
    """The rows that were ticked, or with `ids` None all that the filters of the list match."""
    rows = Authorization.objects.all()
    if ids is not None:
        rows = rows.filter(pk__in=list(ids))
    else:
        tab = tab_filter(str(filters.get("tab", "")), now)
        rows = find_authorizations(rows.filter(tab), filters, now)
    return rows.select_related("post__creator", "creator").order_by("ends_at", "pk")


@dataclass(frozen=True)
class Impact:
    """What a choice means before it is confirmed: `channels` counts rows per channel, `spend` is
    money a day by currency behind the posts. Rows without post or creator are in neither."""

    rows: int
    channels: dict[str, int]
    spend: dict[str, Decimal]


def impact_of(rows: list[Authorization], client: Client, now: datetime) -> Impact:
    """Two queries for any number of rows."""
    shop = messaging_shop()
    ways = Counter(
        channels_of(reach_of(row.creator, shop))[0]
        for row in rows
        if row.post_id is not None and row.creator is not None
    )
    found = spend_per_day(
        {row.post_id for row in rows if row.post_id is not None}, shop_day(now, client.timezone)
    )
    spend: dict[str, Decimal] = {}
    for one in found.values():
        spend[one.currency] = spend.get(one.currency, Decimal(0)) + one.amount
    return Impact(len(rows), dict(ways), spend)


def messaging_shop() -> Shop | None:
    """The shop that may write to creators, if one is connected with that right."""
    return (
        Shop.objects.filter(
            connection__state=Connection.State.ACTIVE,
            connection__scopes__contains=[MESSAGES_SCOPE],
        )
        .order_by("pk")
        .first()
    )


def reach_of(creator: Creator | None, shop: Shop | None) -> Reach:
    """How a creator can be written to."""
    if creator is None:
        return Reach("", "", False)
    return Reach(creator.creator_id, creator.email, shop is not None)


def runs() -> QuerySet[Run]:
    """Every run, with its counts."""
    return Run.objects.annotate(
        sent=Count("asks", filter=Q(asks__state="sent")),
        failed=Count("asks", filter=Q(asks__state="failed")),
        to_copy=Count("asks", filter=Q(asks__state="copy")),
    )


def unfinished() -> QuerySet[Run]:
    """Runs with messages that are not written yet."""
    return Run.objects.filter(state=Run.State.RUNNING)


def counts_of(run: Run) -> dict[str, int]:
    """Asks per state, `total`, and `done`: those that nothing more happens to by itself."""
    found = Ask.objects.filter(run=run).values_list("state").annotate(rows=Count("id")).order_by()
    counts = dict.fromkeys(Ask.State.values, 0) | {str(state): rows for state, rows in found}
    total = sum(counts.values())
    return counts | {"total": total, "done": total - sum(counts[one] for one in OPEN_STATES)}


def asks_of(run: Run, state: str) -> QuerySet[Ask]:
    """The messages of a run, of one state or all."""
    rows = Ask.objects.filter(run=run).select_related("authorization__post", "creator")
    return rows.filter(state=state) if state in Ask.State.values else rows


def newest_asks(run: Run, limit: int = 8) -> list[Ask]:
    """What happened last, for the page that watches."""
    rows = asks_of(run, "").exclude(state=Ask.State.WAITING)
    return list(rows.order_by("-number")[:limit])


def last_written(row: Authorization) -> Ask | None:
    """The newest message about the same post that was written."""
    return (
        Ask.objects.filter(authorization__post=row.post_id, state__in=WRITTEN)
        .order_by("-created_at", "-pk")
        .first()
    )


def ending_of(row: Authorization) -> Authorization:
    """The permission whose end a message speaks of: of an open request, the one it renews."""
    if row.ends_at is None and row.previous is not None:
        return row.previous
    return row


def why_not_wanted(ask: Ask) -> str:
    """ "" while a message about an end still makes sense, else why not: the end moved, the
    permission is over, or the next code came (N5). Asked right before anything is sent."""
    row, ending = ask.authorization, ending_of(ask.authorization)
    if _handed_in(row):
        return "A new code was handed in meanwhile."
    if ask.ends_at is None:
        return ""
    if ending.state == Authorization.State.RENEWED:
        return "It was renewed meanwhile."
    if ending.ends_at != ask.ends_at:
        return "The end moved meanwhile."
    if ask.step_days is not None and ending.state not in USABLE_WORDS:
        return f"It is {ending.get_state_display().lower()} now."
    return ""


def _handed_in(row: Authorization) -> bool:
    """Whether a code came after the message: for the request itself, or a later generation."""
    taken = ["submitted", *USABLE_WORDS]
    if row.ends_at is None and row.state in taken:
        return True
    later = Authorization.objects.filter(post=row.post_id, generation__gt=row.generation)
    return later.filter(state__in=taken).exists()


def known_message_ids(creator_id: int | None) -> set[str]:
    """TikTok's ids of our messages to a creator."""
    rows = Ask.objects.filter(creator=creator_id).exclude(message_id="")
    return set(rows.values_list("message_id", flat=True))


def rows_in_steps(now: datetime, steps: Sequence[int]) -> QuerySet[Authorization]:
    """Usable permissions of posts whose end is near enough for the first step, the nearest first,
    with what was asked about them. Two hours are added, because clocks may change in between."""
    horizon = now + timedelta(days=max(steps), hours=2)
    return (
        Authorization.objects.filter(
            state__in=USABLE_WORDS, ends_at__gt=now, ends_at__lt=horizon, post__isnull=False
        )
        .exclude(creator=None)
        .select_related("post__creator", "creator", "previous")
        .prefetch_related("asks")
        .order_by("ends_at", "pk")
    )
