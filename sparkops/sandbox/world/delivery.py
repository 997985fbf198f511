"""What ads spent and got, hour by hour. A pure function of the ad's history and the hour.

Nothing is stored: an hour's numbers follow from budget, spans of delivery (cover.py) and fixed
noise, so past hours never change when something is switched later, and every report level is a
sum of the same hours. Conversions of the last seven days still grow, as attribution comes in.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, fields, replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from sparkops.sandbox.world.ads import Ad, AdGroup, Advertiser, Campaign, GmvMaxCampaign
from sparkops.sandbox.world.audience import noise
from sparkops.sandbox.world.cover import Span, ad_spans, gmv_max_spans, intersect, seconds_within
from sparkops.sandbox.world.money import ZERO, cents
from sparkops.sandbox.world.state import World

HOUR_SHARES = [
    0.021, 0.014, 0.010, 0.008, 0.008, 0.012, 0.021, 0.033, 0.040, 0.043, 0.045, 0.047,
    0.052, 0.050, 0.046, 0.045, 0.048, 0.055, 0.066, 0.077, 0.082, 0.077, 0.061, 0.039,
]  # fmt: skip
WEEKDAY_FACTORS = [0.93, 0.91, 0.95, 0.98, 1.04, 1.12, 1.07]
DAYS_TO_MATURE = 7
TOTAL_BUDGET_DAYS = 30


@dataclass
class Numbers:
    """Additive counts; ``spend`` and ``value`` in the ad account's currency."""

    spend: Decimal = ZERO
    impressions: int = 0
    clicks: int = 0
    plays: int = 0
    watched_2s: int = 0
    watched_6s: int = 0
    p25: int = 0
    p50: int = 0
    p75: int = 0
    p100: int = 0
    likes: int = 0
    comments: int = 0
    shares: int = 0
    follows: int = 0
    profile_visits: int = 0
    conversions: int = 0
    value: Decimal = ZERO

    def __add__(self, other: Numbers) -> Numbers:
        return Numbers(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(Numbers)))


def day_start(advertiser: Advertiser, day: date) -> datetime:
    """Midnight of the ad account's day, in UTC."""
    return datetime.combine(day, time(), advertiser.zone).astimezone(UTC)


def local_day(advertiser: Advertiser, moment: datetime) -> date:
    return moment.astimezone(advertiser.zone).date()


def daily_budget(campaign: Campaign, adgroup: AdGroup, moment: datetime) -> Decimal:
    """What one day may cost: the campaign's budget under CBO, else the ad group's."""
    owner = campaign if campaign.fields.get("budget_optimize_on") else adgroup
    budget = owner.budget_at(moment)
    if owner.budget_mode != "BUDGET_MODE_TOTAL":
        return budget
    span = (
        (adgroup.ends_at - adgroup.starts_at).days if adgroup.ends_at and adgroup.starts_at else 0
    )
    return budget / Decimal(span if 0 < span < 3650 else TOTAL_BUDGET_DAYS)


def hour_cost(key: str, daily: Decimal, day: date, hour: int, running: float) -> Decimal:
    """The cost of one hour in which it ran for the share ``running``."""
    if running <= 0 or daily <= 0:
        return ZERO
    factor = WEEKDAY_FACTORS[day.weekday()] * (0.8 + 0.4 * noise(key, day, hour))
    return cents(daily * Decimal(HOUR_SHARES[hour] * factor * running))


def running_share(spans: list[Span], start: datetime, now: datetime) -> float:
    end = min(start + timedelta(hours=1), now)
    return seconds_within(spans, start, end) / 3600 if start < end else 0.0


def maturity(day_ends_at: datetime, now: datetime) -> float:
    """The share of a day's conversions that is attributed by now: 70 % at once, all in a week."""
    days = max(0.0, (now - day_ends_at).total_seconds() / 86400)
    return min(1.0, 0.7 + 0.3 * days / DAYS_TO_MATURE)


@dataclass(frozen=True)
class Profile:
    """How an ad performs: fixed per ad."""

    cpm: float
    ctr: float
    cvr: float
    price: Decimal
    hold: float


def _profile(ad: Ad) -> Profile:
    def between(name: str, low: float, high: float) -> float:
        return low + (high - low) * noise(ad.id, name)

    return Profile(
        cpm=between("cpm", 4.2, 9.5),
        ctr=between("ctr", 0.008, 0.021),
        cvr=between("cvr", 0.010, 0.035),
        price=Decimal(round(between("price", 19, 46), 2)).quantize(Decimal("0.01")),
        hold=between("hold", 0.7, 1.3),
    )


def ad_hours(world: World, ad: Ad, day: date, now: datetime) -> list[Numbers]:
    """The 24 hours of an ad account's day; hours ahead of ``now`` are empty."""
    advertiser = world.advertisers[ad.advertiser_id]
    start = day_start(advertiser, day)
    end = start + timedelta(days=1)
    if now < end:
        whole = _ad_hours(world, ad, day, start, now)
    else:
        whole = world.lasting(
            ("ad_hours", ad.id, day), lambda: _ad_hours(world, ad, day, start, end)
        )
    share = maturity(end, now)
    if share >= 1:
        return whole
    return [_immature(one, share, (ad.id, day, hour)) for hour, one in enumerate(whole)]


def _immature(numbers: Numbers, share: float, key: tuple[object, ...]) -> Numbers:
    """The hour with only the conversions that are attributed by now."""
    if not numbers.conversions:
        return numbers
    known = sum(1 for n in range(numbers.conversions) if noise(*key, n) < share)
    value = numbers.value * known / numbers.conversions
    return replace(numbers, conversions=known, value=cents(value))


def _ad_hours(world: World, ad: Ad, day: date, start: datetime, now: datetime) -> list[Numbers]:
    spans = intersect(ad_spans(world, ad), [(start, start + timedelta(days=1))])
    if not spans:
        return [Numbers()] * 24
    profile = world.lasting(("profile", ad.id), lambda: _profile(ad))
    campaign, adgroup = world.campaigns[ad.campaign_id], world.adgroups[ad.adgroup_id]
    hours = []
    for hour in range(24):
        moment = start + timedelta(hours=hour)
        running = running_share(spans, moment, now)
        daily = daily_budget(campaign, adgroup, moment) * ad.pace if running else ZERO
        spend = hour_cost(ad.id, daily, day, hour, running)
        luck = random.Random(f"{ad.id}:{day}:{hour}") if spend else None
        hours.append(_hour(profile, spend, luck) if luck else Numbers())
    return hours


def _hour(profile: Profile, spend: Decimal, luck: random.Random) -> Numbers:
    """What an hour's spend bought, all conversions included."""

    def count(amount: float) -> int:
        return int(amount + luck.random())

    impressions = count(float(spend) / profile.cpm * 1000)
    plays = int(impressions * 0.96)
    held = plays * profile.hold
    clicks = count(impressions * profile.ctr)
    conversions = count(clicks * profile.cvr)
    return Numbers(
        spend=spend,
        impressions=impressions,
        clicks=clicks,
        plays=plays,
        watched_2s=int(held * 0.42),
        watched_6s=int(held * 0.17),
        p25=int(held * 0.31),
        p50=int(held * 0.16),
        p75=int(held * 0.10),
        p100=int(held * 0.07),
        likes=count(plays * 0.011),
        comments=count(plays * 0.0005),
        shares=count(plays * 0.0006),
        follows=count(plays * 0.0003),
        profile_visits=count(plays * 0.002),
        conversions=conversions,
        value=profile.price * conversions,
    )


def ad_day(world: World, ad: Ad, day: date, now: datetime) -> Numbers:
    """The day's sum up to ``now``."""
    end = day_start(world.advertisers[ad.advertiser_id], day) + timedelta(days=1)
    if now < end + timedelta(days=DAYS_TO_MATURE):
        return _sum(ad_hours(world, ad, day, now))
    return world.lasting(("ad_day", ad.id, day), lambda: _sum(ad_hours(world, ad, day, now)))


def _sum(hours: list[Numbers]) -> Numbers:
    return sum((hour for hour in hours if hour.spend), Numbers())


def day_spend(world: World, ad: Ad, day: date, now: datetime) -> Decimal:
    return ad_day(world, ad, day, now).spend


def ad_spend(world: World, ad: Ad, first: date, last: date, now: datetime) -> Decimal:
    """Spend of the ad account's days ``first`` to ``last``, both included."""
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return sum((day_spend(world, ad, day, now) for day in days), ZERO)


def gmv_max_hour_cost(
    world: World, campaign: GmvMaxCampaign, day: date, hour: int, now: datetime
) -> Decimal:
    advertiser = world.advertisers[campaign.advertiser_id]
    start = day_start(advertiser, day) + timedelta(hours=hour)
    running = running_share(gmv_max_spans(campaign), start, now)
    daily = campaign.budget_at(start) * campaign.pace
    return hour_cost(campaign.id, daily, day, hour, running)
