"""The launch gate: every condition with its value, its threshold and a sentence (N3, TA4, TA10).

Thresholds are per client (domain 2.13, 3.3, 3.7); the defaults are ours.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from authorizations.rules.cover import Cover, Verdict
from authorizations.rules.room import Room
from authorizations.rules.stopping import pause_at

OVERRIDABLE = frozenset(
    {"cover", "days_left", "hold", "daily_cap", "total_cap", "break_even", "order_cost"}
)
"""What a person with the permission may launch against, with a reason (TA10): agreements,
limits and economics. What TikTok refuses anyway, and an end that is not confirmed, stay refused."""
OFFERED = ("VIDEO_VIEWS", "TRAFFIC", "REACH")
"""Objectives of Spark launches. Shop sales are left out: since 2025 TikTok sells them in GMV Max
alone and refuses new Shop ads of the retired types (domain 3.8)."""
EARLIEST_START = timedelta(hours=12)
"""How far in the past TikTok lets a schedule begin (contract 6.3)."""


@dataclass(frozen=True, slots=True)
class Policy:
    """What a client demands of a launch. Money is in the ad account's currency.

    `min_daily_budget` is TikTok's minimum for an ad group (more than 20 USD, contract 6.6), None
    when it is not known for the currency. `max_daily_budget` and `max_total_budget` are the
    client's caps, None when there is none. `stop_before_end` is when ads are paused before the
    effective window ends (AR6). `agreed_stop` says which spend cap or term forbids the flight, ""
    when none does; it is not overridden, because it was agreed with the creator (N8).
    """

    min_days_left: int = 3
    longest_seconds: int = 600
    min_daily_budget: Decimal | None = None
    max_daily_budget: Decimal | None = None
    max_total_budget: Decimal | None = None
    stop_before_end: timedelta = timedelta(hours=24)
    agreed_stop: str = ""


@dataclass(frozen=True, slots=True)
class PostFacts:
    """What is known of the post. `availability` is public, private, deleted, ads_only or unknown.

    `duration_seconds` is None for a photo post (`is_photo`) or when not read yet. `music` is
    TikTok's word for the flight's places and dates, "" when not checked.
    """

    availability: str
    duration_seconds: float | None
    is_photo: bool
    music: str
    hold_accepted: bool


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be launched, in one ad account. Times are aware UTC, the end is exclusive.

    `room` is the account's for Spark Ads, None for a campaign that needs none.

    `total_budget` is what the flight may spend in all, None when only a daily budget is set.
    """

    starts_at: datetime
    ends_at: datetime
    daily_budget: Decimal
    total_budget: Decimal | None
    currency: str
    account_currency: str
    room: Room | None


@dataclass(frozen=True, slots=True)
class Check:
    """One condition. A `blocking` one that did not pass refuses the launch; the others warn."""

    name: str
    value: str
    threshold: str
    passed: bool
    sentence: str
    blocking: bool = True


@dataclass(frozen=True, slots=True)
class Gate:
    """The verdict. `shorten_to` and `request_days` are the two ways out when cover is too short."""

    checks: tuple[Check, ...]
    shorten_to: datetime | None = None
    request_days: int | None = None

    @property
    def allowed(self) -> bool:
        """Whether the plan may be launched."""
        return not self.refusals

    @property
    def refusals(self) -> tuple[Check, ...]:
        """The conditions that forbid it."""
        return tuple(check for check in self.checks if check.blocking and not check.passed)

    @property
    def warnings(self) -> tuple[Check, ...]:
        """What the person should know and may accept."""
        return tuple(check for check in self.checks if not check.blocking and not check.passed)


def gate(
    plan: Plan,
    post: PostFacts,
    cover: Cover,
    *,
    now: datetime,
    policy: Policy | None = None,
    economics: Iterable[Check] = (),
) -> Gate:
    """Every check of one launch. `cover` is the answer for exactly the plan's flight; `economics`
    are the checks of `rules.economics`, which go with the others."""
    rules = policy or Policy()
    checks = (
        flight_check(plan, now),
        _end_known(cover),
        _covered(plan, cover),
        _days_left(cover, now, rules),
        _availability(post),
        _duration(post, rules),
        _music(post),
        _hold(post),
        *budget_checks(plan, rules),
        *_agreed(rules),
        *economics,
        *_account_room(plan),
        *_warnings(plan, cover, rules),
    )
    return Gate(checks, cover.shorten_to, cover.request_days)


def flight_check(plan: Plan, now: datetime) -> Check:
    """Whether TikTok can schedule the flight."""
    value = f"{_day(plan.starts_at)} to {_day(plan.ends_at)}"
    if plan.ends_at <= max(plan.starts_at, now):
        return Check(
            "flight",
            value,
            "ends after it begins, and in the future",
            False,
            "The flight ends before it begins, or is over. Choose a later end.",
        )
    passed = plan.starts_at >= now - EARLIEST_START
    sentence = (
        "The flight can be scheduled."
        if passed
        else (
            "The flight begins more than 12 hours ago, which TikTok refuses. Choose a later start."
        )
    )
    return Check("flight", value, "begins at most 12 hours ago", passed, sentence)


def _end_known(cover: Cover) -> Check:
    passed = cover.verdict is not Verdict.UNVERIFIED
    sentence = "No unknown end is counted as cover." if passed else cover.sentence
    return Check("end_known", cover.verdict, "confirmed by TikTok", passed, sentence)


def _covered(plan: Plan, cover: Cover) -> Check:
    value = f"until {_day(cover.ends_at)}" if cover.ends_at is not None else "none"
    threshold = f"until {_day(plan.ends_at)}"
    return Check("cover", value, threshold, cover.covered, cover.sentence)


def _days_left(cover: Cover, now: datetime, rules: Policy) -> Check:
    threshold = f"{rules.min_days_left} days"
    if cover.ends_at is None:
        return Check(
            "days_left", "0 days", threshold, False, "Nothing covers the start of the flight."
        )
    left = cover.ends_at - now
    passed = left >= timedelta(days=rules.min_days_left)
    sentence = (
        "Enough days are left."
        if passed
        else (f"The cover ends in less than {rules.min_days_left} days. Renew it first.")
    )
    return Check("days_left", f"{max(left.days, 0)} days", threshold, passed, sentence)


_AVAILABILITY = {
    "public": "The post is public.",
    "private": "The post is private. Ask the creator to make it public.",
    "deleted": "The post was deleted. Choose another post.",
    "ads_only": "The post shows through ads only; it may be promoted.",
    "unknown": "The post has not been read from TikTok yet. Try again after the next sync.",
}


def _availability(post: PostFacts) -> Check:
    word = post.availability
    sentence = _AVAILABILITY.get(word, f"TikTok says that the post is “{word}”. Check it first.")
    return Check("post_public", word, "public", word in ("public", "ads_only"), sentence)


def _duration(post: PostFacts, rules: Policy) -> Check:
    threshold = f"at most {rules.longest_seconds // 60} min"
    if post.is_photo:
        return Check("duration", "photo post", threshold, True, "Photo posts have no duration.")
    if post.duration_seconds is None:
        return Check(
            "duration",
            "unknown",
            threshold,
            False,
            "The duration has not been read yet. Try again after the next sync.",
        )
    passed = post.duration_seconds <= rules.longest_seconds
    sentence = (
        "The post is short enough."
        if passed
        else ("The post is too long to be promoted. Choose another post.")
    )
    return Check("duration", _minutes(post.duration_seconds), threshold, passed, sentence)


_MUSIC = {
    "WITHOUT_SONG_ID": (True, "The post has no song that needs a licence."),
    "WITH_FULL_AUTHORIZATION": (True, "The music is licensed for this flight."),
    "AUTHORIZATION_MISSING": (
        False,
        "The music is not licensed for ads in these places and dates. Choose another post.",
    ),
    "": (False, "The music licence was not checked yet for the flight's places and dates."),
}


def _music(post: PostFacts) -> Check:
    word = post.music.strip().upper()
    passed, sentence = _MUSIC.get(word, (False, f"TikTok says of the music: {post.music}"))
    return Check("music", word or "not checked", "licensed or no song", passed, sentence)


def _hold(post: PostFacts) -> Check:
    sentence = (
        "The creator agreed to keep the post up."
        if post.hold_accepted
        else ("The creator has not agreed to keep the post up. Ask for the hold first.")
    )
    value = "accepted" if post.hold_accepted else "missing"
    return Check("hold", value, "accepted", post.hold_accepted, sentence)


def budget_checks(plan: Plan, rules: Policy) -> Iterable[Check]:
    """Currency, TikTok's minimum, and the client's caps on a day and the whole flight."""
    if plan.currency != plan.account_currency:
        yield Check(
            "budget_currency",
            plan.currency,
            plan.account_currency,
            False,
            f"The budget is in {plan.currency}, the ad account in "
            f"{plan.account_currency}. Enter it in {plan.account_currency}.",
        )
        return
    yield _minimum(plan, rules)
    yield _cap("daily_cap", "daily budget", plan.daily_budget, rules.max_daily_budget, plan)
    yield _cap("total_cap", "whole budget", _total(plan), rules.max_total_budget, plan)


def _minimum(plan: Plan, rules: Policy) -> Check:
    least = rules.min_daily_budget
    value = _money(plan.daily_budget, plan)
    if plan.daily_budget <= 0 or (least is not None and plan.daily_budget <= least):
        than = _money(least or Decimal(0), plan)
        return Check(
            "daily_minimum",
            value,
            f"more than {than}",
            False,
            f"The daily budget must be more than {than}.",
        )
    threshold = f"more than {_money(least, plan)}" if least is not None else "more than 0"
    return Check("daily_minimum", value, threshold, True, "TikTok accepts the daily budget.")


def _cap(name: str, label: str, amount: Decimal, cap: Decimal | None, plan: Plan) -> Check:
    if cap is None:
        return Check(
            name, _money(amount, plan), "no cap set", True, f"No cap on the {label} is set."
        )
    passed = amount <= cap
    sentence = (
        f"The {label} is within the cap."
        if passed
        else (
            f"The {label} of {_money(amount, plan)} is above the cap of {_money(cap, plan)}. "
            "Lower it, or have the cap raised."
        )
    )
    return Check(name, _money(amount, plan), f"at most {_money(cap, plan)}", passed, sentence)


def _total(plan: Plan) -> Decimal:
    """The most the flight can spend: the total, else the daily budget on every day it touches."""
    if plan.total_budget is not None:
        return plan.total_budget
    days = -(-(plan.ends_at - plan.starts_at) // timedelta(days=1))
    return plan.daily_budget * max(days, 0)


def _agreed(rules: Policy) -> Iterable[Check]:
    if rules.agreed_stop:
        yield Check("agreed_cap", "stopped", "room left", False, rules.agreed_stop)


def _account_room(plan: Plan) -> Iterable[Check]:
    if (room := plan.room) is not None:
        threshold = f"less than {room.most:,}"
        yield Check("account_room", room.count, threshold, not room.is_full, room.sentence)


def _warnings(plan: Plan, cover: Cover, rules: Policy) -> Iterable[Check]:
    yield Check(
        "caption_locked",
        "locked once authorized",
        "reviewed",
        False,
        "The caption cannot be edited any more once the post is authorized.",
        blocking=False,
    )
    yield Check(
        "privacy_locked",
        "public while promoted",
        "agreed",
        False,
        "While it is promoted, the post is public and its privacy cannot be changed; it "
        "must be un-authorized before the creator can delete it.",
        blocking=False,
    )
    if cover.covered and cover.ends_at is not None:
        stops_at = pause_at(cover.ends_at, rules.stop_before_end)
        if plan.ends_at > stops_at:
            yield Check(
                "stops_early",
                _day(stops_at),
                _day(plan.ends_at),
                False,
                f"For safety, the ad is paused on {_day(stops_at)}, before the flight ends.",
                blocking=False,
            )


def _money(amount: Decimal, plan: Plan) -> str:
    return f"{amount:,.2f} {plan.currency}"


def _minutes(seconds: float) -> str:
    whole = int(seconds)
    return f"{whole // 60}:{whole % 60:02d} min"


def _day(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%d %b %Y %H:%M} UTC"
