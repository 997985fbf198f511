"""Where a person is signed in: each open session as it can be told apart, and ending it."""

import re
from dataclasses import dataclass
from datetime import datetime
from ipaddress import IPv6Address, ip_address, ip_network

from allauth.usersessions.models import UserSession

from sparkops.accounts.models import User

UNKNOWN = "Unknown device"
# Names that other browsers bear as well come last.
_BROWSERS = (
    ("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser", "Samsung Internet"),
    ("Firefox|FxiOS", "Firefox"), ("Chrome|CriOS", "Chrome"), ("Safari", "Safari"),
)  # fmt: skip
_SYSTEMS = (
    ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("CrOS", "ChromeOS"),
    ("Windows", "Windows"), ("Mac OS X|Macintosh", "Mac"), ("Linux", "Linux"),
)  # fmt: skip


@dataclass(frozen=True)
class Session:
    """One open session. `place` is the masked address; `is_here` says that it is the one that
    asks."""

    pk: int
    device: str
    place: str
    began_at: datetime
    seen_at: datetime
    is_here: bool


def open_sessions(user: User, here: str | None) -> list[Session]:
    """The sessions of a person that still work, this one first, then the last used. `here` is the
    key of the one that asks."""
    rows = UserSession.objects.purge_and_list(user)
    found = [_told(one, here) for one in rows]
    return sorted(found, key=lambda one: (not one.is_here, -one.seen_at.timestamp()))


def end_session(user: User, pk: int, here: str | None) -> Session | None:
    """End one session of the person other than the one that asks; None when there is none such."""
    row = UserSession.objects.filter(user=user, pk=pk).exclude(session_key=here or "").first()
    if row is None:
        return None
    row.end()
    return _told(row, here)


def end_other_sessions(user: User, here: str | None) -> list[Session]:
    """End every session of the person but the one that asks; those that still worked."""
    rows = [
        one for one in UserSession.objects.purge_and_list(user) if one.session_key != (here or "")
    ]
    for one in rows:
        one.end()
    return [_told(one, here) for one in rows]


def device_of(user_agent: str) -> str:
    """`Chrome on Windows`, as far as the browser says it."""
    browser, system = _first(_BROWSERS, user_agent), _first(_SYSTEMS, user_agent)
    return f"{browser} on {system}" if browser and system else browser or system or UNKNOWN


def masked_place(address: str) -> str:
    """An address without what names one household: `203.0.113.x`, `2001:db8:85a3::…`."""
    found = ip_address(address)
    if isinstance(found, IPv6Address):
        if found.ipv4_mapped is not None:
            return masked_place(str(found.ipv4_mapped))
        return f"{ip_network((found, 48), strict=False).network_address}…"
    return f"{address.rpartition('.')[0]}.x"


def _told(row: UserSession, here: str | None) -> Session:
    return Session(
        pk=row.pk,
        device=device_of(row.user_agent),
        place=masked_place(row.ip),
        began_at=row.created_at,
        seen_at=row.last_seen_at,
        is_here=row.session_key == here,
    )


def _first(names: tuple[tuple[str, str], ...], user_agent: str) -> str:
    return next((name for mark, name in names if re.search(mark, user_agent)), "")
