"""Changing a switch, budget or bid of an ad, ad group or campaign, once per key.

What a change starts from is kept with it: when TikTok shows something else by then, a person
changed it there, and nothing is overwritten (TA8).
"""

from dataclasses import asdict, dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.urls import reverse

from campaigns.actions.switch import STUCK
from campaigns.models import Ad, AdGroup, Campaign, Level
from sparkops.alerts.actions import raise_alert, resolve_alerts
from sparkops.alerts.models import Alert
from sparkops.audit.record import SYSTEM, Actor, record
from sparkops.isolation.scope import current_client_id
from sparkops.outbox.models import Command
from sparkops.outbox.queue import put
from sparkops.tenants.models import Client
from sparkops.tenants.permissions import Permission

CHANGE = "campaigns.change_part"
NOT_CHANGED = "part.not_changed"
MODELS: dict[str, Any] = {
    Level.AD.value: Ad,
    Level.AD_GROUP.value: AdGroup,
    Level.CAMPAIGN.value: Campaign,
}
STORED = {
    "status": "operation_status",
    "budget": "budget",
    "bid": "bid",
    "target": "roi_target",
}


@dataclass(frozen=True)
class Change:
    """`field` is status, budget, bid or target (ROAS); money as plain text in the account's
    currency."""

    level: str
    pk: int
    field: str
    before: str
    after: str


def ask_change(change: Change, *, key: str, reason: str, by: Actor, now: datetime) -> Command:
    """Write the change down for the outbox, once per `key`."""
    command_key = f"{CHANGE}:{change.level}:{change.pk}:{key}"
    is_new = not Command.objects.filter(key=command_key).exists()
    command = put(CHANGE, command_key, asdict(change), by=by, now=now)
    if is_new:
        row = MODELS[change.level].objects.get(pk=change.pk)
        record("part.change_asked", row, by=by, now=now, reason=reason, data=asdict(change))
    return command


def change_of(command: Command) -> Change:
    """The change that a command carries."""
    return Change(**command.payload)


def note_changed(change: Change, *, now: datetime) -> None:
    """What TikTok took; the next reading confirms it."""
    row = MODELS[change.level].objects.get(pk=change.pk)
    name = STORED[change.field]
    setattr(row, name, change.after if change.field == "status" else Decimal(change.after))
    row.seen_at = now
    row.save(update_fields=[name, "seen_at"])
    if change.field == "status":
        resolve_alerts(row, now=now, kinds=(NOT_CHANGED, STUCK))
    record("part.changed", row, by=SYSTEM, now=now, data=asdict(change))


def note_not_changed(command: Command, sentence: str, *, now: datetime) -> None:
    """Nothing was changed, and why; a person decides."""
    change = change_of(command)
    row = MODELS[change.level].objects.get(pk=change.pk)
    client = Client.objects.get(pk=current_client_id())
    record(NOT_CHANGED, row, by=Actor(command.created_by), now=now, reason=sentence)
    stops = change.field == "status" and change.after == "DISABLE"
    raise_alert(
        NOT_CHANGED,
        f"{NOT_CHANGED}:{command.pk}",
        subject=row,
        severity=(Alert.Severity.CRITICAL if stops else Alert.Severity.WARNING).value,
        title=f"A change was not made: {row}"[:200],
        body=sentence,
        path=reverse("campaigns:guard-log", kwargs={"client": client.slug}),
        action_label="See the guards",
        told=Permission.CAMPAIGN_LAUNCH,
        now=now,
    )
