"""Odd clocks: skew against TikTok, changes of clocks, month ends, leap days, far zones, outages."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from random import Random

from django.db.models import Sum

import authorizations.tasks
import campaigns.tasks
from authorizations.actions.expiry import flag_expiring
from authorizations.models import Authorization, Reminder
from authorizations.rules.expiry import DEFAULT_STEPS
from bench.torture import brand
from bench.torture.ground import Ground, Scenario
from bench.torture.tiktok import start_tiktok
from campaigns.models import Ad, AdDay
from sparkops import clock
from sparkops.clock import (
    ad_account_day,
    ad_day_span,
    fixed_offset,
    shop_day,
    shop_day_start,
)
from sparkops.demo.seed import READ
from sparkops.isolation.scope import client_scope
from sparkops.landing.models import Cursor
from sparkops.landing.streams import pull_due
from sparkops.tenants.models import Client
from tests.factories import rights
from tests.factories.cast import build_cast

START = datetime(2026, 11, 18, 14, tzinfo=UTC)
ZONES = (
    "Pacific/Pago_Pago", "Pacific/Kiritimati", "America/Los_Angeles", "America/New_York",
    "Europe/London", "Europe/Berlin", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC",
)  # fmt: skip
OFFSETS = ("-11:00", "+14:00", "-08:00", "+05:45", "Z")
EDGES = (
    date(2026, 10, 25), date(2026, 11, 1), date(2026, 12, 31), date(2027, 3, 14), date(2027, 3, 28),
    date(2027, 2, 28), date(2028, 2, 28), date(2028, 2, 29), date(2028, 3, 1), date(2028, 4, 2),
)  # fmt: skip
SKEW = timedelta(minutes=10)
DAY = timedelta(days=1)


def run(ground: Ground) -> Iterator[str]:
    """A round: moments on every edge in every zone, a month of reminders, a flight with skew."""
    for number in range(ground.rounds):
        chance = ground.chance("clocks", number)
        yield from days(chance)
        yield from reminders(ground, chance)
        yield from flight(ground, chance)


def days(chance: Random) -> Iterator[str]:
    """Every instant lies in exactly one day of a shop and of an ad account; none is left out."""
    for edge in EDGES:
        noon = datetime(edge.year, edge.month, edge.day, 12, tzinfo=UTC)
        at = noon + timedelta(seconds=chance.randint(-2 * 86_400, 2 * 86_400))
        for zone in ZONES:
            day = shop_day(at, zone)
            begin, end = shop_day_start(day, zone), shop_day_start(day + DAY, zone)
            if not begin <= at < end:
                yield f"{at} lies outside of its day {day} in {zone}"
            if shop_day(end - timedelta(microseconds=1), zone) != day or shop_day(end, zone) == day:
                yield f"{day} in {zone} does not end where the next day begins"
        for text in OFFSETS:
            offset = fixed_offset(text)
            day = ad_account_day(at, offset)
            begin, end = ad_day_span(day, offset)
            if not begin <= at < end or ad_day_span(day + DAY, offset)[0] != end:
                yield f"{at} lies outside of its ad day {day} at {text}"


def reminders(ground: Ground, chance: Random) -> Iterator[str]:
    """Over outages, changes of clocks and workers whose clocks disagree: each step once."""
    ground.fresh("clocks")
    client = build_cast().client
    client.timezone = chance.choice(ZONES)
    client.save()
    edge = chance.choice(EDGES)
    end = datetime(edge.year, edge.month, edge.day, chance.randrange(24), 30, tzinfo=UTC)
    with client_scope(client.pk):
        rights.authorized(ends_at=end, now=end - 30 * DAY)
    at = end - 23 * DAY
    while at < end + DAY:
        seen = at + timedelta(seconds=chance.randint(-300, 300))
        with client_scope(client.pk):
            flag_expiring(client, now=seen)
        at += timedelta(hours=chance.choice([1, 1, 1, 2, 5, 30]))
    with client_scope(client.pk):
        steps = list(Reminder.objects.filter(step_days__gt=0).values_list("step_days", "raised_at"))
        state = Authorization.objects.get().state
    found = sorted(step for step, _ in steps)
    told = f"an end on {end} in {client.timezone}"
    if len(set(found)) != len(found):
        yield f"{told} was reminded of twice: {found}"
    if not set(found) <= set(DEFAULT_STEPS) or not found:
        yield f"{told} was reminded of at {found}"
    if any(raised >= end for _, raised in steps):
        yield f"{told} was reminded of after it"
    if state != "expired":
        yield f"{told} left its permission {state}"


def flight(ground: Ground, chance: Random) -> Iterator[str]:
    """An ad that we launched spends nothing after its end, though nobody works meanwhile.

    One time the workers are away from the launch until past the end; the other time they come
    back in the last days. Our clock and TikTok's differ all along.
    """
    ground.fresh("flight")
    skew = timedelta(seconds=chance.uniform(-SKEW.total_seconds(), SKEW.total_seconds()))
    ground.rig.clock.set(START + skew)
    tiktok = start_tiktok(ground.rig, seed=ground.seed, start=START)
    client = brand.make_client(tiktok)
    _read(client)
    brand.enter_terms(client)
    [launch] = brand.launch_some(client, 1, starts=START + timedelta(minutes=30))
    campaigns.tasks.send_commands(client_id=client.pk)
    with client_scope(client.pk):
        launch.refresh_from_db()
    if launch.state != "live":
        yield f"with a skew of {skew} the launch became {launch.state}: {launch.error}"
        return
    tiktok.do("approve_ad", ad_id=launch.done["ad_id"])
    away = chance.choice([timedelta(days=2), timedelta(days=6)])
    for moment in (START + away, START + timedelta(days=8)):
        tiktok.do("clock", set=moment.isoformat())
        ground.rig.clock.set(moment + skew)
        _read(client)
        with client_scope(client.pk):
            campaigns.tasks.permission.watch_permission(client, now=clock.now())
        authorizations.tasks.flag_expiring(client_id=client.pk)
        campaigns.tasks.send_commands(client_id=client.pk)
    with client_scope(client.pk):
        ad = Ad.objects.get(ad_id=launch.done["ad_id"])
        spent = AdDay.objects.filter(ad=ad)
        last = ad_account_day(launch.ends_at, fixed_offset("-11:00")) + 2 * DAY
        late = spent.filter(day__gt=last).aggregate(total=Sum("spend"))["total"] or 0
        all_of_it = spent.aggregate(total=Sum("spend"))["total"] or 0
    if late:
        yield f"{late} were spent after the end of the flight with a skew of {skew}"
    if not all_of_it:
        yield "the flight spent nothing at all, so it shows nothing"


def _read(client: Client) -> None:
    with client_scope(client.pk):
        Cursor.objects.update(due_at=clock.now() - timedelta(seconds=1))
    for streams in READ:
        pull_due(client.pk, streams, now=clock.now)


SCENARIO = Scenario("clocks", run, rounds=2, full=20)
