"""Reads of the rights ledger: cover, lists, the answers of Today."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet, Subquery, Sum
from django.db.models.expressions import Combinable

from authorizations.models import Authorization, Redemption, Reminder, Transition
from authorizations.queries.facts import facts_of
from authorizations.rules import cover as cover_rules
from authorizations.rules.spans import Clock, ClockKind
from authorizations.rules.states import EXPIRING_WINDOW, USABLE, State
from creators.models import Post, PostDay
from creators.rules.handles import plain_handle
from sparkops.audit.models import Event
from sparkops.catalog.models import AdAccount

USABLE_WORDS = sorted(state.value for state in USABLE)
ENDED_WORDS = ["expired", "revoked", "post_unavailable"]
SPEND_DAYS = 7
END_IS_NEWS = timedelta(days=2)
"""An end that is found out later than this is history, not an alert."""


def cover_of(
    post_ids: Collection[int], starts_at: datetime, ends_at: datetime
) -> dict[int, cover_rules.Cover]:
    """Whether each post is covered for a flight [starts_at, ends_at), by what, until when.

    The one place that launch gate, guard, alerts, lists and reports ask (N2).
    """
    facts = facts_of(post_ids)
    return {post_id: cover_rules.cover(facts[post_id], starts_at, ends_at) for post_id in post_ids}


def limits_of(
    post_ids: Collection[int], now: datetime
) -> dict[int, tuple[datetime | None, Clock | None]]:
    """When each post's right to spend ends, and the clock that ends it first."""
    return {key: cover_rules.limiting(one, now) for key, one in facts_of(post_ids).items()}


@dataclass(frozen=True)
class SpendPerDay:
    """Average daily ad spend behind a post over the last seven full days."""

    amount: Decimal
    currency: str


def spend_per_day(post_ids: Collection[int], today: date) -> dict[int, SpendPerDay]:
    """What stops when a post loses its permission; posts without spend are left out."""
    if not post_ids:
        return {}
    span: dict[str, Any] = {
        "posts": list(post_ids),
        "first": today - timedelta(days=SPEND_DAYS),
        "today": today,
    }
    with connection.cursor() as cursor:
        cursor.execute(_SPENT, span)
        return {
            post_id: SpendPerDay((total / SPEND_DAYS).quantize(Decimal("0.01")), currency)
            for post_id, currency, total in cursor.fetchall()
        }


# Accounts of a post may have different currencies: the one with the largest sum is shown.
_SPENT = """
SELECT DISTINCT ON (post_id) post_id, paid_currency, sum(paid_spend) AS total
  FROM creators_postday
 WHERE post_id = ANY(%(posts)s) AND day >= %(first)s AND day < %(today)s AND paid_spend > 0
 GROUP BY post_id, paid_currency
 ORDER BY post_id, total DESC, paid_currency
"""


@dataclass(frozen=True)
class Standing:
    """Where a row of the list stands: until when its post is covered, by what it is limited, and
    what a day of ads behind it costs. All None for permissions that are not of one post."""

    now: datetime
    covered_until: datetime | None = None
    clock: Clock | None = None
    spend: SpendPerDay | None = None


def standings_of(
    post_ids: Collection[int], *, today: date, now: datetime
) -> Callable[[int | None], Standing]:
    """Where a post of these stands, by its id; the same number of queries for any number."""
    limits, spend = limits_of(post_ids, now), spend_per_day(post_ids, today)

    def stand(post_id: int | None) -> Standing:
        until, clock = limits.get(post_id or 0, (None, None))
        return Standing(now, until, clock, spend.get(post_id or 0))

    return stand


def add_standings(rows: Iterable[Authorization], *, today: date, now: datetime) -> None:
    """Set `standing` on each permission."""
    listed = list(rows)
    ids = {row.post_id for row in listed if row.post_id is not None}
    stand = standings_of(ids, today=today, now=now)
    for row in listed:
        row.standing = stand(row.post_id)  # type: ignore[attr-defined]


def add_shown(rows: Sequence[dict[str, Any]], *, today: date, now: datetime) -> None:
    """Add to rows of `listed` their `standing`, the `accounts` that hold them, by name, and whether
    a code is `held` until its fee is paid."""
    ids = {row["post_id"] for row in rows if row["post_id"] is not None}
    stand = standings_of(ids, today=today, now=now)
    accounts, held = _accounts([row["pk"] for row in rows])
    for row in rows:
        row["standing"] = stand(row["post_id"])
        row["accounts"], row["held"] = accounts[row["pk"]], row["pk"] in held


def _accounts(keys: Collection[int]) -> tuple[Mapping[int, list[str]], Collection[int]]:
    """Names of the ad accounts that hold each permission, and the permissions that are held."""
    accounts: dict[int, list[str]] = defaultdict(list)
    held: set[int] = set()
    with connection.cursor() as cursor:
        cursor.execute(_ACCOUNTS, [list(keys)])
        for pk, state, name in cursor.fetchall():
            if state == Redemption.State.HELD:
                held.add(pk)
            else:
                accounts[pk].append(name)
    return accounts, held


_ACCOUNTS = """
SELECT redemption.authorization_id, redemption.state, account.name
  FROM authorizations_redemption redemption
  JOIN catalog_adaccount account ON account.id = redemption.ad_account_id
 WHERE redemption.authorization_id = ANY(%s) AND redemption.state IN ('redeemed', 'held')
 ORDER BY redemption.id
"""


@dataclass(frozen=True)
class ClockLine:
    """One thing that can end the right to spend behind a post. `ends_at` None is unknown or, for
    what has no end of its own, until it is switched off (`open_ended`)."""

    clock: Clock
    starts_at: datetime | None
    ends_at: datetime | None
    is_limiting: bool
    open_ended: bool
    note: str


def clocks_of(post_id: int, now: datetime) -> list[ClockLine]:
    """Every clock of a post with the limiting one marked (N2); what is over is left out."""
    facts = facts_of([post_id])[post_id]
    until, limit = cover_rules.limiting(facts, now)
    lines = [
        ClockLine(
            Clock(route.kind, route.key),
            route.starts_at,
            route.ends_at,
            limit == Clock(route.kind, route.key) and route.ends_at == until,
            route.ends_at is None and route.kind in cover_rules.OPEN_ENDED,
            route.blocked or ("" if route.end_is_confirmed else "TikTok has not confirmed it."),
        )
        for route in facts.routes
    ]
    for kind, terms in ((ClockKind.USAGE_TERMS, facts.terms), (ClockKind.HOLD, facts.holds)):
        for term in terms:
            clock = Clock(kind, term.key)
            here = limit == clock and term.ends_at == until
            lines.append(ClockLine(clock, term.starts_at, term.ends_at, here, False, ""))
    return [line for line in lines if line.ends_at is None or line.ends_at > now]


@dataclass(frozen=True)
class RightsAnswer:
    """Today's answers about rights. Posts are counted once, whatever number of routes they have."""

    authorized_posts: int
    unverified: int
    expiring_7: int
    expiring_30: int
    ended_30: int


def rights_answers(now: datetime) -> dict[int, RightsAnswer]:
    """The answers per client of the open scope, in one query."""
    usable = Q(state__in=USABLE_WORDS)
    soon = Q(ends_at__gte=now)
    rows = (
        Authorization.objects.exclude(post=None)
        .values("client_id")
        .annotate(
            authorized=Count("post_id", filter=usable, distinct=True),
            unverified=Count("id", filter=Q(state="submitted")),
            week=Count(
                "post_id", filter=usable & soon & Q(ends_at__lt=now + timedelta(7)), distinct=True
            ),
            month=Count(
                "post_id", filter=usable & soon & Q(ends_at__lt=now + timedelta(30)), distinct=True
            ),
            ended=Count(
                "post_id",
                filter=Q(state__in=ENDED_WORDS, ended_at__gte=now - timedelta(30)),
                distinct=True,
            ),
        )
        .order_by("client_id")
    )
    return {
        row["client_id"]: RightsAnswer(
            row["authorized"], row["unverified"], row["week"], row["month"], row["ended"]
        )
        for row in rows
    }


def ledger() -> QuerySet[Authorization]:
    """Rows of the list with what its columns show."""
    return Authorization.objects.select_related("post", "creator", "fee").prefetch_related(
        Prefetch("redemptions", Redemption.objects.select_related("ad_account"))
    )


def listed() -> QuerySet[Authorization, Any]:
    """The same rows as mappings of what the list shows: making models of them was its largest part.

    `add_shown` adds the rest.
    """
    return Authorization.objects.values(
        "pk", "kind", "method", "state", "code_mask", "ends_at", "ended_at", "next_action",
        "created_at", "post_id", "post__item_id", "post__caption", "creator__handle", "fee__amount",
        "fee__currency", "fee__state",
    )  # fmt: skip


def ranked(rows: QuerySet[Authorization, Any], today: date) -> QuerySet[Authorization, Any]:
    """The rows with `stake`, their post's ad spend of the last seven full days, to sort by (N4)."""
    spent = (
        PostDay.objects.filter(
            post=OuterRef("post"), day__gte=today - timedelta(days=SPEND_DAYS), day__lt=today
        )
        .order_by()
        .values("post")
        .annotate(total=Sum("paid_spend"))
        .values("total")
    )
    return rows.annotate(stake=Subquery(spent))


def tab_filter(tab: str, now: datetime) -> Q:
    """The rows behind a tab of the list."""
    filters = {
        "usable": Q(state__in=USABLE_WORDS),
        "expiring": Q(
            state__in=USABLE_WORDS, ends_at__gte=now, ends_at__lt=now + timedelta(days=30)
        ),
        "waiting": Q(state__in=["draft", "requested", "submitted"]),
        "problems": Q(state__in=["rejected", "revoked", "post_unavailable"]),
        "ended": Q(state__in=ENDED_WORDS, ended_at__gte=now - timedelta(days=30)),
    }
    return filters.get(tab, Q())


def find_authorizations(
    rows: QuerySet[Authorization, Any], values: Mapping[str, Any], now: datetime
) -> QuerySet[Authorization, Any]:
    """Apply the list's filters: how a handle begins, state, kind, method, fee, days to the end."""
    if word := plain_handle(values.get("q", "")):
        rows = rows.filter(creator__handle__gte=word, creator__handle__lt=word + "\uffff")
    for name in ("state", "kind", "method"):
        if values.get(name):
            rows = rows.filter(**{name: values[name]})
    if fee := values.get("fee"):
        rows = rows.filter(_of_fee(fee))
    if ends := values.get("ends"):
        rows = rows.filter(ends_at__gte=now, ends_at__lt=now + timedelta(days=int(ends)))
    return rows


def _of_fee(word: str) -> Q | Exists:
    """The rows behind a value of the fee filter: a state, "none", or "held" codes."""
    if word == "held":
        held = Redemption.objects.filter(authorization=OuterRef("pk"), state=Redemption.State.HELD)
        return Exists(held)
    return Q(fee=None) if word == "none" else Q(fee__state=word)


def due_for_reminders(now: datetime, *, steps: Collection[int]) -> QuerySet[Authorization]:
    """Rows that time asks something of: a step that was not noted for this end, a state that is
    not that of the last weeks, or the end itself. Nothing due is one query without rows.

    Two hours are added to each step, because the days before an end may hold a change of clocks.
    """
    noted = Reminder.objects.filter(authorization=OuterRef("pk"), ends_at=OuterRef("ends_at"))
    reached: Q | Combinable = Q(ends_at__lte=now) | (
        Q(ends_at__lt=now + EXPIRING_WINDOW) & ~Q(state=State.EXPIRING.value)
    )
    horizon = now + EXPIRING_WINDOW
    for days in steps:
        until = now + timedelta(days=days, hours=2)
        horizon = max(horizon, until)
        reached = reached | Q(ends_at__lt=until) & ~Exists(noted.filter(step_days=days))
    just_ended = Q(
        state=State.EXPIRED.value, ended_at__gt=now - END_IS_NEWS, ends_at__isnull=False
    ) & ~Exists(noted.filter(step_days=0))
    # Every way to be reached lies before the horizon; said once, it bounds what is looked through.
    usable = Q(state__in=USABLE_WORDS, ends_at__lt=horizon)
    return Authorization.objects.filter(usable & reached | just_ended).order_by("ends_at", "pk")


def rows_to_flag(ids: Collection[int]) -> QuerySet[Authorization]:
    """Some permissions with what an alert says of them, in the order in which they are locked."""
    return (
        Authorization.objects.filter(pk__in=ids)
        .select_related("post", "creator")
        .prefetch_related("reminders")
        .only(
            "kind", "state", "code_mask", "ends_at", "ended_at",
            "post__caption", "post__item_id", "creator__handle",
        )
        .order_by("pk")
    )  # fmt: skip


def chain_of(row: Authorization) -> list[Authorization]:
    """Every generation of a row's chain, newest first."""
    if row.post_id is None:
        return [row]
    return list(
        Authorization.objects.filter(post_id=row.post_id, kind=row.kind).order_by(
            "-generation", "-pk"
        )
    )


@dataclass(frozen=True)
class StoryLine:
    """One thing that happened to a chain: `what` is a state, "reminder" or "code_revealed"."""

    at: datetime
    what: str
    text: str
    actor: str
    generation: int


def story_of(chain: Sequence[Authorization]) -> list[StoryLine]:
    """Moves, reminders and looks at the code of a whole chain, newest first (AR1, AR9)."""
    numbers = {row.pk: row.generation for row in chain}
    lines = [
        StoryLine(one.at, one.after, one.reason, one.actor, numbers[one.authorization_id])
        for one in Transition.objects.filter(authorization__in=numbers).order_by("-at", "-pk")
    ]
    lines += [
        StoryLine(
            one.raised_at, "reminder", _step_text(one), "SparkOps", numbers[one.authorization_id]
        )
        for one in Reminder.objects.filter(authorization__in=numbers)
    ]
    lines += [
        StoryLine(one.at, "code_revealed", "", one.actor, numbers[int(one.subject_id)])
        for one in Event.objects.filter(
            subject_type="authorization",
            subject_id__in=[str(key) for key in numbers],
            verb="authorization.code_revealed",
        )
    ]
    return sorted(lines, key=lambda line: line.at, reverse=True)


def _step_text(one: Reminder) -> str:
    if one.step_days == 0:
        return "The end itself."
    return (
        "1 day before the end." if one.step_days == 1 else f"{one.step_days} days before the end."
    )


def ends_disagree(row: Authorization) -> bool:
    """Whether the end that was stated is another day than TikTok's (AR4). A sheet states a day and
    no hour, so less than a day apart is the same."""
    if row.stated_ends_at is None or row.ends_at is None:
        return False
    return abs(row.stated_ends_at - row.ends_at) >= timedelta(days=1)


def redeemed_for(post_id: int) -> QuerySet[Redemption]:
    """What ads on a post may run under: usable permissions on it that an ad account has redeemed,
    and linked accounts of its creator (TA2)."""
    usable = Authorization.objects.filter(state__in=USABLE_WORDS)
    creator = Post.objects.filter(pk=post_id).values_list("creator_id", flat=True).first()
    linked = usable.filter(kind=Authorization.Kind.ACCOUNT, post=None, creator=creator)
    # Two short lists: joined by OR the database would read all permissions of the client.
    own = list(usable.filter(post=post_id).values_list("pk", flat=True))
    links = list(linked.values_list("pk", flat=True)) if creator is not None else []
    return Redemption.objects.filter(
        authorization__in=[*own, *links],
        # Once more, for whoever locks the rows and waits for one that is just being revoked.
        authorization__state__in=USABLE_WORDS,
        state=Redemption.State.REDEEMED,
    )


def accounts_with(post_id: int) -> QuerySet[AdAccount]:
    """Ad accounts in which an ad on a post can run."""
    found = redeemed_for(post_id).values("ad_account")
    return AdAccount.objects.filter(pk__in=found).order_by("name", "pk")
