"""Instants and business days.

An instant is an aware datetime in UTC. A day is always somebody's day: the shop's, by its IANA
zone with daylight saving (P4), or the ad account's, by its fixed offset without it (P5).
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from functools import lru_cache
from zoneinfo import ZoneInfo

_OFFSET = re.compile(r"(?P<sign>[+-])(?P<hours>\d{2}):?(?P<minutes>[0-5]\d)")


def now() -> datetime:
    """The present instant, in UTC. Called at the edges only; everything else takes `now=`."""
    return datetime.now(UTC)


def shop_day(at: datetime, zone: str) -> date:
    """The day of `at` in the shop's IANA zone (P4).

    Raises ValueError for a naive `at` or a zone that does not exist.
    """
    return _aware(at).astimezone(shop_zone(zone)).date()


def shop_day_start(day: date, zone: str) -> datetime:
    """The first instant of the shop's `day`, in UTC. Raises ValueError for an unknown zone."""
    return datetime.combine(day, time(), tzinfo=shop_zone(zone)).astimezone(UTC)


@lru_cache(maxsize=256)
def shop_zone(name: str) -> ZoneInfo:
    """The IANA zone called `name`. Raises ValueError with a sentence when there is none."""
    try:
        return ZoneInfo(name)
    except (OSError, ValueError, LookupError) as error:
        raise ValueError(
            f"“{name}” is not a time zone; use an IANA name such as America/Los_Angeles."
        ) from error


def zone_or_utc(name: str) -> str:
    """The name of the zone, or `UTC` where it cannot be read: that must not stop a page.

    What is booked stays strict, because an amount may not stand on a day that nobody chose.
    """
    return name if is_zone(name) else "UTC"


def is_zone(name: str) -> bool:
    """Whether `name` is an IANA zone; a page says so where a stored one is not."""
    try:
        return bool(shop_zone(name))
    except ValueError:
        return False


@dataclass(frozen=True, slots=True)
class QuietHours:
    """When nobody is written to, in the recipient's zone; may run over midnight."""

    starts: time
    ends: time

    def hold(self, clock: time) -> bool:
        """Whether a time of day lies in them."""
        if self.starts <= self.ends:
            return self.starts <= clock < self.ends
        return clock >= self.starts or clock < self.ends

    def after(self, at: datetime, zone: ZoneInfo) -> datetime:
        """`at` itself outside of them, else the moment in UTC at which they end."""
        local = at.astimezone(zone)
        if not self.hold(local.time()):
            return at
        end = local.replace(
            hour=self.ends.hour, minute=self.ends.minute, second=self.ends.second, microsecond=0
        )
        if end <= local:
            end += timedelta(days=1)
        return end.astimezone(UTC)


def ad_account_day(at: datetime, offset: timezone) -> date:
    """The day of `at` in the ad account's fixed offset (P5). Raises ValueError when naive."""
    return _aware(at).astimezone(offset).date()


def ad_day_span(day: date, offset: timezone) -> tuple[datetime, datetime]:
    """First instant of the ad account's `day` and of the next one, in UTC: [start, end)."""
    start = datetime.combine(day, time(), tzinfo=offset).astimezone(UTC)
    return start, start + timedelta(days=1)


def fixed_offset(text: str) -> timezone:
    """The offset written as `-08:00`, `+0530` or `Z`. Raises ValueError for anything else."""
    if text in ("Z", "UTC"):
        return UTC
    found = _OFFSET.fullmatch(text)
    if found is None or int(found["hours"]) > 14:
        raise ValueError(f"“{text}” is not an offset from UTC; write it like -08:00.")
    span = timedelta(hours=int(found["hours"]), minutes=int(found["minutes"]))
    return timezone(-span if found["sign"] == "-" else span)


def days_of(first: date, last: date) -> list[date]:
    """Every day from `first` to `last`, both included; empty when `last` is before `first`."""
    return [first + timedelta(days=step) for step in range((last - first).days + 1)]


def _aware(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise ValueError("A business day needs an instant with its offset; this one has none.")
    return at
