"""Noticing what people changed in Ads Manager, before a page of rows replaces what stood (TA8)."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Q

from campaigns.actions.changes import note_hand_changes
from campaigns.actions.parts import CHANGE, STORED
from campaigns.models import Ad, AdGroup, Campaign, HandChange, Launch, Level
from campaigns.queries import SWITCH
from sparkops.catalog.models import AdAccount
from sparkops.outbox.models import Command

WATCHED = {
    Level.CAMPAIGN: ("name", "operation_status", "budget", "roi_target"),
    Level.AD_GROUP: ("name", "operation_status", "budget", "bid", "starts_at", "ends_at"),
    Level.AD: ("name", "operation_status", "item_id"),
}
KEYS = {Level.CAMPAIGN: "campaign_id", Level.AD_GROUP: "adgroup_id", Level.AD: "ad_id"}
MODELS: Mapping[Level, Any] = {Level.CAMPAIGN: Campaign, Level.AD_GROUP: AdGroup, Level.AD: Ad}
OURS = {name: field for field, name in STORED.items()}


def notice(
    level: Level, rows: Sequence[Mapping[str, Any]], account: AdAccount, *, now: datetime
) -> None:
    """Keep every watched field in which the rows differ from what is stored and which we did not
    change ourselves. Rows that are not known yet are no change. One query where nothing differs."""
    key = KEYS[level]
    by_key = {row[key]: row for row in rows}
    stored = MODELS[level].objects.filter(**{f"{key}__in": by_key})
    found = [
        HandChange(
            level=level,
            field=name,
            before=_text(getattr(one, name)),
            after=_text(by_key[getattr(one, key)][name]),
            seen_at=now,
            **{str(level.value): one},
        )
        for one in stored
        for name in WATCHED[level]
        if name in by_key[getattr(one, key)] and _differs(one, name, by_key[getattr(one, key)])
    ]
    by_hand = [one for one in found if not _is_ours(one, key)]
    if by_hand:
        note_hand_changes(by_hand, account, now=now)


def _differs(stored: Any, name: str, row: Mapping[str, Any]) -> bool:
    before, after = getattr(stored, name), row[name]
    # An empty word was never read: the ad was known from a report only.
    return bool(before != after and not (name != "budget" and before in ("", None)))


def _is_ours(change: HandChange, key: str) -> bool:
    target = change.target
    return _by_command(change, target) or _by_launch(change, str(getattr(target, key)), target)


def _by_command(change: HandChange, target: Any) -> bool:
    """A command that was under way, or ended, after the stored value was read."""
    of = Q(kind=CHANGE, payload__level=change.level, payload__pk=target.pk)
    of &= Q(payload__field=OURS.get(change.field, ""))
    if change.level == Level.AD and change.field == "operation_status":
        of |= Q(kind=SWITCH, payload__ad=target.pk)
    under_way = Q(state__in=[Command.State.WAITING, Command.State.SENDING], attempts__gt=0)
    ended = Q(finished_at__gte=target.seen_at)
    for command in Command.objects.filter(of).filter(under_way | ended):
        told = command.payload.get("after", command.payload.get("status", ""))
        if _same(told, change.after):
            return True
    return False


def _by_launch(change: HandChange, tiktok_id: str, target: Any) -> bool:
    """A launch switches what it made: while it is under way, when it ends, when it gives up."""
    if change.field != "operation_status":
        return False
    made = {f"done__{KEYS[Level(change.level)]}": tiktok_id}
    states = Q(state=Launch.State.CREATING) | Q(enabled_at__gte=target.seen_at)
    if change.after == "DISABLE":
        states |= Q(state=Launch.State.FAILED)
    return Launch.objects.filter(**made).filter(states).exists()


def _same(told: str, found: str) -> bool:
    try:
        return Decimal(told) == Decimal(found)
    except ArithmeticError:
        return told == found


def _text(value: Any) -> str:
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    if isinstance(value, Decimal):
        return f"{value.quantize(Decimal('0.01'))}"
    return "" if value is None else str(value)
