"""Who contacted a creator before, in words (AB7, N17)."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta


@dataclass(frozen=True)
class Touch:
    """A contact with a creator. `who` and `where` are empty for another client of the agency,
    whose name is nobody's business here."""

    at: datetime
    who: str = ""
    where: str = ""


def dated(day: date) -> str:
    """`Nov 17, 2026`: with the year, because it stays written."""
    return f"{day:%b} {day.day}, {day.year}"


def why_too_soon(touches: list[Touch], *, quiet_days: int, now: datetime) -> str:
    """ "" when nobody contacted the creator within `quiet_days`, else who did and when (the day in
    UTC). An own contact is named before one of another client."""
    since = now - timedelta(days=quiet_days)
    recent = [one for one in touches if one.at > since] if quiet_days else []
    if not recent:
        return ""
    last = max(recent, key=lambda one: (bool(one.who), one.at))
    day = dated(last.at)
    if not last.who:
        return f"Another client of your agency contacted this creator on {day}."
    return f"{last.who} contacted this creator on {day}{f' in {last.where}' if last.where else ''}."


def why_exclusive(ends_on: date) -> str:
    """Why a creator is left out whom another client of the agency has for itself."""
    return f"Another client of your agency has this creator exclusively until {dated(ends_on)}."


def why_bid(ads: int) -> str:
    """What it means that others have live ads behind the same post."""
    behind = "a live ad" if ads == 1 else f"{ads:,} live ads"
    return f"Another client of your agency has {behind} behind this post: you bid each other up."
