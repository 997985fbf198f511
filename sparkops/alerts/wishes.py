"""What a person wants to be told, where, and when. Pure; stored as `User.notices`."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time
from typing import Any

from sparkops.alerts.kinds import EVENTS, OTHER
from sparkops.clock import QuietHours, shop_zone

APP, EMAIL = "app", "email"
CHANNELS = ((APP, "In SparkOps"), (EMAIL, "By e-mail"))
BOTH = frozenset({APP, EMAIL})
DIGEST_AT = time(8)


@dataclass(frozen=True)
class Wishes:
    """`channels` maps an event to where it is told; an event that is not in it is told by both.

    `quiet` are hours in the person's zone in which no mail leaves. `digest` None is the default
    of the role: on for who may comment. Beside `CHANNELS` stand a person's own chats, by
    `Chat.channel`; `digest_by` is mail or one of them.
    """

    channels: Mapping[str, frozenset[str]] = field(default_factory=dict)
    quiet: QuietHours | None = None
    digest: bool | None = None
    digest_at: time = DIGEST_AT
    digest_by: str = EMAIL

    def with_channels(
        self, channels: Mapping[str, frozenset[str]], *, digest_by: str | None = None
    ) -> "Wishes":
        """The same with other channels."""
        return replace(self, channels=channels, digest_by=digest_by or self.digest_by)

    def told_by(self, kind: str) -> frozenset[str]:
        """The channels of a kind of alert."""
        return self.channels.get(event_of(kind), BOTH)

    def mail_at(self, now: datetime, zone: str) -> datetime:
        """When a mail may leave: now, or when the quiet hours end. UTC."""
        return self.quiet.after(now, shop_zone(zone)) if self.quiet else now

    def digest_due(self, day: date, zone: str) -> datetime:
        """When the digest of a day of the person's zone is due, outside of quiet hours. UTC."""
        at = datetime.combine(day, self.digest_at, tzinfo=shop_zone(zone)).astimezone(UTC)
        return self.mail_at(at, zone)


def event_of(kind: str) -> str:
    """The event that a kind of alert belongs to."""
    for event, _, prefixes in EVENTS:
        if kind.startswith(prefixes):
            return event
    return OTHER


def read_wishes(stored: Mapping[str, Any]) -> Wishes:
    """What `written` made; nothing stored is what everyone begins with."""
    quiet = stored.get("quiet")
    return Wishes(
        {event: frozenset(names) for event, names in stored.get("channels", {}).items()},
        QuietHours(*(time.fromisoformat(one) for one in quiet)) if quiet else None,
        stored.get("digest"),
        time.fromisoformat(stored["digest_at"]) if stored.get("digest_at") else DIGEST_AT,
        stored.get("digest_by", EMAIL),
    )


def written(wishes: Wishes) -> dict[str, Any]:
    """The wishes as they are stored."""
    quiet = wishes.quiet
    return {
        "channels": {event: sorted(names) for event, names in wishes.channels.items()},
        "quiet": [quiet.starts.isoformat(), quiet.ends.isoformat()] if quiet else None,
        "digest": wishes.digest,
        "digest_at": wishes.digest_at.isoformat(),
        "digest_by": wishes.digest_by,
    }
