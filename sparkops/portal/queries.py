"""What the creator's page reads: how far its creator is, and what runs on the post (N7)."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import connection
from django.db.models import Max, Min, Q, Sum

from authorizations.actions.links import is_signed
from authorizations.models import (
    Authorization,
    CreatorLink,
    LinkHandIn,
    TermsAcceptance,
    TermsVersion,
)
from authorizations.queries import USABLE_WORDS, limits_of
from authorizations.rules.handed_in import HandedIn, Told, told
from authorizations.rules.states import State
from campaigns.models import Ad, AdDay, GmvMaxDay
from profit.models import CreatorFee
from sparkops.clock import shop_day
from sparkops.tenants.models import Client

RENEW_WITHIN = timedelta(days=30)


def client_of(token: str, digest: str) -> Client | None:
    """The client that a link belongs to, whether or not the link still works; None if nobody's.

    Asks before a scope is open, through a function that answers for one whole hash.
    """
    if not is_signed(token):
        return None
    with connection.cursor() as cursor:
        cursor.execute("SELECT authorizations_client_of_link(%s)", [digest])
        (client_id,) = cursor.fetchone()
    return Client.objects.filter(pk=client_id, archived_at=None).first() if client_id else None


@dataclass(frozen=True)
class Agreement:
    """How the terms stand. `version` is asked now; `accepted` is the last yes to these terms, of
    whatever version, None before the first; `open` says that the version must be accepted."""

    version: TermsVersion
    accepted: TermsAcceptance | None
    open: bool
    today: date

    @property
    def may_renew(self) -> bool:
        """Whether the next period may be agreed now: soon before the end, or after it."""
        return self.accepted is not None and self.accepted.ends_on - self.today <= RENEW_WITHIN

    def first_day(self, *, renewing: bool) -> date:
        """The first day of what would be accepted now."""
        if renewing and self.accepted is not None and self.accepted.ends_on >= self.today:
            return self.accepted.ends_on + timedelta(days=1)
        return self.today


def agreement_of(link: CreatorLink, client: Client, now: datetime) -> Agreement:
    """How the link's creator stands with the link's terms. The template has a version."""
    version = link.template.versions.order_by("-number")[0]
    mine = TermsAcceptance.objects.filter(
        Q(post=link.post_id) | Q(post=None),
        creator=link.creator_id,
        version__template=link.template_id,
    )
    accepted = mine.select_related("version").order_by("-accepted_at", "-pk").first()
    today = shop_day(now, client.timezone)
    is_open = accepted is None or accepted.version_id != version.pk or accepted.ends_on < today
    return Agreement(version, accepted, is_open, today)


@dataclass(frozen=True)
class CodeStanding:
    """How the code stands: `usable` is the permission that works now, `told` what became of the
    last hand-in through the link. Both None before there is any."""

    usable: Authorization | None
    told: Told | None
    ends_at: datetime | None


def code_of(link: CreatorLink, now: datetime) -> CodeStanding:
    """The newest permission on the post that works, and the last code that was handed in."""
    usable = (
        Authorization.objects.filter(
            post=link.post_id, kind=Authorization.Kind.VIDEO_CODE, state__in=USABLE_WORDS
        )
        .order_by("-ends_at")
        .first()
    )
    last = link.hand_ins.select_related("authorization").order_by("-at", "-pk").first()
    found = told(_handed_in(last), for_post=link.post_id, now=now) if last else None
    return CodeStanding(usable, found, usable.ends_at if usable else None)


def _handed_in(one: LinkHandIn) -> HandedIn:
    row = one.authorization
    redemptions = list(row.redemptions.order_by("pk"))
    says = next((str(each.read_back.get("tiktok_says", "")) for each in redemptions), "")
    return HandedIn(
        state=State(row.state),
        post=row.post_id,
        problem=row.problem_code,
        tiktok_says=says,
        answers=[(each.state, each.problem_code) for each in redemptions],
        at=one.at,
    )


@dataclass(frozen=True)
class Run:
    """One ad, or the GMV Max campaign, that used the post. Days are inclusive and of the ad
    account; None before it spent anything."""

    number: str
    is_gmv_max: bool
    is_live: bool
    first: date | None
    last: date | None


@dataclass(frozen=True)
class Fee:
    """A payment beside commission; `paid_on` None is open."""

    amount: Decimal
    currency: str
    paid_on: date | None


@dataclass(frozen=True)
class Account:
    """What a creator may see of what is done with the post: every run, spend by currency in the
    agreed time, until when, fees."""

    runs: list[Run]
    spent: dict[str, Decimal]
    until: datetime | None
    fees: list[Fee]


def account_of(link: CreatorLink, accepted: TermsAcceptance, now: datetime) -> Account:
    """The whole account of one post since its terms were first accepted."""
    since = (
        TermsAcceptance.objects.filter(terms=accepted.terms_id).order_by("accepted_at")[0].starts_on
    )
    until, _clock = limits_of([link.post_id], now)[link.post_id]
    fees = CreatorFee.objects.filter(
        Q(post=link.post_id) | Q(post=None), creator=link.creator_id
    ).order_by("starts_on", "pk")
    return Account(
        runs=[*_ads(link.post_id), *_gmv_max(link.post_id, now)],
        spent=_spent(link.post_id, since, accepted.ends_on),
        until=until if until and until > now else None,
        fees=[Fee(one.amount, one.currency, one.paid_on) for one in fees],
    )


def _ads(post_id: int) -> list[Run]:
    rows = Ad.objects.filter(post=post_id).annotate(
        first=Min("days__day", filter=Q(days__spend__gt=0)),
        last=Max("days__day", filter=Q(days__spend__gt=0)),
    )
    return [
        Run(one.ad_id[-4:], False, one.state == Ad.State.LIVE, one.first, one.last)
        for one in rows.order_by("first", "pk")
    ]


def _gmv_max(post_id: int, now: datetime) -> list[Run]:
    rows = (
        GmvMaxDay.objects.filter(post=post_id, grain=GmvMaxDay.Grain.CREATIVE, cost__gt=0)
        .values("campaign__campaign_id")
        .annotate(first=Min("day"), last=Max("day"))
        .order_by("first")
    )
    fresh = (now - timedelta(days=2)).date()
    return [
        Run(str(row["campaign__campaign_id"])[-4:], True, row["last"] >= fresh, row["first"],
            row["last"])
        for row in rows
    ]  # fmt: skip


def _spent(post_id: int, since: date, until: date) -> dict[str, Decimal]:
    found: dict[str, Decimal] = defaultdict(Decimal)
    days = AdDay.objects.filter(ad__post=post_id, day__range=(since, until))
    for row in days.values("currency").annotate(total=Sum("spend")).order_by("currency"):
        found[row["currency"]] += row["total"]
    gmv = GmvMaxDay.objects.filter(
        post=post_id, grain=GmvMaxDay.Grain.CREATIVE, day__range=(since, until)
    )
    for row in gmv.values("currency").annotate(total=Sum("cost")).order_by("currency"):
        found[row["currency"]] += row["total"]
    return {currency: total for currency, total in found.items() if total}
