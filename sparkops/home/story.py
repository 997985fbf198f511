"""Everything that happened with a creator, across the apps, as one timeline (CT7).

Each source gives its rows newest first; a page is the newest of all. A place in the timeline is
(moment, rank of the source, key of the row), so paging costs the same at any depth.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from heapq import merge
from itertools import islice
from typing import Any

from django.core import signing
from django.db.models import Min, Q, QuerySet, Sum
from django.urls import reverse

from authorizations.models import Authorization, TermsAcceptance, Transition, UsageTerms
from campaigns.models import Ad, Launch
from creators.models import Creator, Post, PostDay, Sample, SampleReminder
from creators.rules.words import deed
from profit.models import CreatorFee
from sparkops.audit.models import Event
from sparkops.clock import shop_day, shop_day_start
from sparkops.renewals.models import Ask
from sparkops.web import formats

PAGE = 40
SHORT = 160
_SALT = "sparkops.home.story"
Place = tuple[datetime, int, int]


@dataclass(frozen=True)
class Span:
    """[since, until) of the timeline; None where it is open. `zone` is the client's."""

    since: datetime | None
    until: datetime | None
    zone: str


@dataclass(frozen=True)
class Happening:
    """One line of the timeline, for parts/timeline.html."""

    place: Place
    icon: str
    title: str
    text: str = ""
    href: str = ""
    tone: str = ""

    @property
    def at(self) -> datetime:
        return self.place[0]


@dataclass(frozen=True)
class Story:
    """One page of the timeline; `next` is the cursor of the page after it, or empty."""

    events: Sequence[Happening]
    next: str


Told = tuple[str, str, str, str, str]
"""Icon, title, text, address, tone."""


@dataclass(frozen=True)
class Source:
    """One kind of rows. `kind` is the filter's word; `at` the field of their moment."""

    kind: str
    at: str
    rows: Callable[[Creator], QuerySet[Any]]
    tell: Callable[[str, Any], Told]

    def newest(
        self, creator: Creator, slug: str, rank: int, span: Span, before: Place | None
    ) -> Iterator[Happening]:
        rows = self.rows(creator).filter(**{f"{self.at}__isnull": False})
        if span.since:
            rows = rows.filter(**{f"{self.at}__gte": span.since})
        if span.until:
            rows = rows.filter(**{f"{self.at}__lt": span.until})
        if before:
            rows = rows.filter(_earlier(self.at, rank, before))
        for row in rows.order_by(f"-{self.at}", "-pk")[: PAGE + 1]:
            yield _line((getattr(row, self.at), rank, row.pk), self.tell(slug, row))


def _earlier(at: str, rank: int, before: Place) -> Q:
    moment, of_rank, key = before
    sooner = Q(**{f"{at}__lt": moment})
    if rank > of_rank:
        return sooner
    same = Q(**{at: moment})
    return sooner | (same & Q(pk__lt=key) if rank == of_rank else same)


@dataclass(frozen=True)
class DaySource:
    """Rows of days: each stands where its day is over in the client's zone."""

    kind: str
    days: Callable[[Creator, date | None, date | None], Iterable[tuple[date, int, Any]]]
    tell: Callable[[str, Any], Told]

    def newest(
        self, creator: Creator, slug: str, rank: int, span: Span, before: Place | None
    ) -> Iterator[Happening]:
        first = shop_day(span.since, span.zone) if span.since else None
        inside = span.until - timedelta(microseconds=1) if span.until else None
        ends = [moment for moment in (inside, before[0] if before else None) if moment]
        last = shop_day(min(ends), span.zone) if ends else None
        for day, key, row in self.days(creator, first, last):
            place = (shop_day_start(day + timedelta(days=1), span.zone), rank, key)
            if before is None or place < before:
                yield _line(place, self.tell(slug, row))


def _line(place: Place, told: Told) -> Happening:
    icon, title, text, href, tone = told
    return Happening(place, icon, title, text[:SHORT], href, tone)


def story_of(creator: Creator, slug: str, span: Span, *, kind: str = "", cursor: str = "") -> Story:
    """One page of what happened with a creator, newest first."""
    before = _opened(cursor)
    sources = [
        source.newest(creator, slug, rank, span, before)
        for rank, source in enumerate(SOURCES)
        if kind in ("", source.kind)
    ]
    newest_first = merge(*sources, key=lambda one: one.place, reverse=True)
    found = list(islice(newest_first, PAGE + 1))
    more = len(found) > PAGE
    return Story(found[:PAGE], _cursor(found[PAGE - 1].place) if more else "")


def _cursor(place: Place) -> str:
    at, rank, key = place
    return signing.dumps([at.isoformat(), rank, key], salt=_SALT)


def _opened(cursor: str) -> Place | None:
    """A cursor that is broken gives the first page."""
    try:
        at, rank, key = signing.loads(cursor, salt=_SALT) if cursor else ("", 0, 0)
        return (datetime.fromisoformat(at), int(rank), int(key)) if at else None
    except (signing.BadSignature, ValueError, TypeError):
        return None


_PERMISSION: dict[str, str] = {
    Authorization.State.DRAFT: "drafted",
    Authorization.State.EXPIRING: "ends soon",
    Authorization.State.POST_UNAVAILABLE: "without its post",
}
"""What became of a permission, where the name of the state does not say it."""


def _url(name: str, slug: str, **kwargs: Any) -> str:
    return reverse(name, kwargs={"client": slug, **kwargs})


def _post(slug: str, row: Post) -> Told:
    return "video", "Published a post", str(row), _url("creators:post", slug, pk=row.pk), "ok"


def _sample(title: str, tone: str = "") -> Callable[[str, Sample], Told]:
    def tell(slug: str, row: Sample) -> Told:
        what = str(row.product or "Unknown product")
        return "box", title, what, _url("creators:sample", slug, pk=row.pk), tone

    return tell


def _due(slug: str, row: Sample) -> Told:
    return "clock", "Post was due", *_sample("", "warn")(slug, row)[2:]


def _reminder(slug: str, row: SampleReminder) -> Told:
    href = _url("creators:sample", slug, pk=row.sample_id)
    return "msg", "Reminded of a sample", row.text, href, ""


def _ask(slug: str, row: Ask) -> Told:
    href = _url("authorizations:detail", slug, pk=row.authorization_id)
    return "msg", f"{row.get_kind_display()} sent, {row.get_channel_display()}", row.text, href, ""


def _terms(slug: str, row: TermsAcceptance) -> Told:
    href = _url("authorizations:signed", slug, pk=row.pk)
    return "sign", "Accepted the terms", f"{row.version}, by {row.signed_name}", href, "ok"


def _noted(slug: str, row: UsageTerms) -> Told:
    href = _url("creators:post", slug, pk=row.post_id) if row.post_id else ""
    ends = f"until {row.ends_on:%b} {row.ends_on.day}, {row.ends_on.year}" if row.ends_on else ""
    return "sign", "Terms noted", f"For ads {ends}".strip(), href, ""


def _transition(slug: str, row: Transition) -> Told:
    href = _url("authorizations:detail", slug, pk=row.authorization_id)
    after = Authorization.State(row.after).label if row.after in Authorization.State else row.after
    text = f"{row.authorization}. {row.reason}".strip()
    return "key", f"Permission {_PERMISSION.get(row.after, str(after).lower())}", text, href, ""


def _ad(title: str, tone: str) -> Callable[[str, Ad], Told]:
    return lambda slug, row: ("mega", title, row.name, _url("campaigns:ad", slug, pk=row.pk), tone)


def _launch(slug: str, row: Launch) -> Told:
    href = _url("campaigns:launch-result", slug, pk=row.pk)
    return "mega", "Launch asked for", f"{row.name}. {row.get_state_display()}", href, ""


def _fee(slug: str, row: CreatorFee) -> Told:
    paid = f"paid {row.paid_on:%b} {row.paid_on.day}" if row.paid_on else "not paid yet"
    text = f"{formats.money(row.amount, row.currency)}, {paid}"
    return "dollar", row.get_kind_display(), text, _url("profit:costs", slug), ""


def _sold(slug: str, row: dict[str, Any]) -> Told:
    text = f"{formats.money(row['sum_gmv'], row['currency'])} GMV from posts of this creator"
    title = f"Sold {formats.plural(row['sum_orders'], 'order')}"
    return "dollar", title, text, _url("profit:table", slug, view="creators"), ""


def _edit(slug: str, row: Event) -> Told:
    href = ""
    if row.subject_type == "sample":
        href = _url("creators:sample", slug, pk=int(row.subject_id))
    return "edit", deed(row.verb), f"By {row.actor}", href, ""


def _sample_edits(creator: Creator) -> QuerySet[Event]:
    """Answers, extensions and reminders of the creator's samples."""
    ids = [str(pk) for pk in Sample.objects.filter(creator=creator).values_list("pk", flat=True)]
    return Event.objects.filter(subject_type="sample", subject_id__in=ids)


def _creator_edits(creator: Creator) -> QuerySet[Event]:
    return Event.objects.filter(subject_type="creator", subject_id=str(creator.pk))


def _transitions(creator: Creator) -> QuerySet[Transition]:
    mine = Q(authorization__creator=creator) | Q(authorization__post__creator=creator)
    return Transition.objects.filter(mine).select_related("authorization")


def _sales(
    creator: Creator, first: date | None, last: date | None
) -> Iterator[tuple[date, int, dict[str, Any]]]:
    rows = PostDay.objects.filter(post__creator=creator, orders__gt=0).exclude(currency="")
    rows = _between(rows, "day", first, last)
    sums = rows.values("day", "currency").annotate(
        sum_orders=Sum("orders"), sum_gmv=Sum("gmv"), key=Min("pk")
    )
    # A day has a line per currency; the days at the edges may be left out afterwards.
    for row in sums.order_by("-day", "-key")[: PAGE + 10]:
        yield row["day"], row["key"], row


def _missed(
    creator: Creator, first: date | None, last: date | None
) -> Iterator[tuple[date, int, Sample]]:
    states = (Sample.State.OVERDUE, Sample.State.GHOSTED)
    rows = Sample.objects.filter(creator=creator, state__in=states, due_on__isnull=False)
    rows = _between(rows.select_related("product"), "due_on", first, last)
    for row in rows.order_by("-due_on", "-pk"):
        assert row.due_on is not None
        yield row.due_on, row.pk, row


def _between(
    rows: QuerySet[Any], field: str, first: date | None, last: date | None
) -> QuerySet[Any]:
    if first:
        rows = rows.filter(**{f"{field}__gte": first})
    return rows.filter(**{f"{field}__lte": last}) if last else rows


def _samples(creator: Creator) -> QuerySet[Sample]:
    return Sample.objects.filter(creator=creator).select_related("product")


KINDS = {
    "messages": "Messages",
    "samples": "Samples",
    "posts": "Posts",
    "terms": "Terms",
    "authorizations": "Permissions",
    "ads": "Ads",
    "money": "Money",
    "changes": "Changes made here",
}
SOURCES: tuple[Source | DaySource, ...] = (
    Source("posts", "published_at", lambda one: Post.objects.filter(creator=one), _post),
    Source("samples", "first_seen_at", _samples, _sample("Sample first seen")),
    Source("samples", "delivered_at", _samples, _sample("Sample delivered", "info")),
    Source("samples", "at", _sample_edits, _edit),
    DaySource("samples", _missed, _due),
    Source(
        "messages",
        "sent_at",
        lambda one: SampleReminder.objects.filter(sample__creator=one),
        _reminder,
    ),
    Source("messages", "sent_at", lambda one: Ask.objects.filter(creator=one), _ask),
    Source(
        "terms",
        "accepted_at",
        lambda one: TermsAcceptance.objects.filter(creator=one).select_related("version"),
        _terms,
    ),
    Source(
        "terms",
        "created_at",
        lambda one: UsageTerms.objects.filter(creator=one, acceptances=None),
        _noted,
    ),
    Source("authorizations", "at", _transitions, _transition),
    Source("ads", "created_at", lambda one: Launch.objects.filter(post__creator=one), _launch),
    Source(
        "ads", "created_at", lambda one: Ad.objects.filter(post__creator=one), _ad("Ad made", "")
    ),
    Source(
        "ads",
        "lost_permission_at",
        lambda one: Ad.objects.filter(post__creator=one),
        _ad("Ad lost its permission", "bad"),
    ),
    Source("money", "created_at", lambda one: CreatorFee.objects.filter(creator=one), _fee),
    DaySource("money", _sales, _sold),
    Source("changes", "at", _creator_edits, _edit),
)
"""In the order in which rows of one moment stand; a place holds the number, so append only."""


@dataclass(frozen=True)
class Figures:
    """What a creator did in a span: posts, samples first seen, and sales per currency."""

    posts: int
    samples: int
    sold: Sequence[dict[str, Any]]


def figures_of(creator: Creator, span: Span) -> Figures:
    """Counts and sums of a span; history is kept for as long as SparkOps read it (TS2)."""
    first = shop_day(span.since, span.zone) if span.since else None
    last = shop_day(span.until - timedelta(microseconds=1), span.zone) if span.until else None
    days = _between(PostDay.objects.filter(post__creator=creator), "day", first, last)
    sold = (
        days.exclude(currency="")
        .values("currency")
        .annotate(sum_gmv=Sum("gmv"), sum_orders=Sum("orders"))
        .order_by("-sum_gmv", "currency")
    )
    return Figures(
        posts=_within(Post.objects.filter(creator=creator), "published_at", span).count(),
        samples=_within(Sample.objects.filter(creator=creator), "first_seen_at", span).count(),
        sold=list(sold),
    )


def _within(rows: QuerySet[Any], field: str, span: Span) -> QuerySet[Any]:
    if span.since:
        rows = rows.filter(**{f"{field}__gte": span.since})
    return rows.filter(**{f"{field}__lt": span.until}) if span.until else rows
