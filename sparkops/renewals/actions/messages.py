"""Saving what a client says in its own words, and how it asks."""

from dataclasses import dataclass, fields
from datetime import datetime, time
from decimal import Decimal

from sparkops.accounts.models import User
from sparkops.audit.record import Actor, record
from sparkops.errors import Refusal
from sparkops.isolation.scope import current_client_id
from sparkops.renewals.models import Cadence, SavedMessage
from sparkops.renewals.queries.messages import saved_message
from sparkops.renewals.rules.messages import unknown_variables, why_refused
from sparkops.renewals.rules.texts import SHIPPED, Kind, Words
from sparkops.tenants.actions import change_settings
from sparkops.tenants.models import Client


@dataclass(frozen=True)
class CadenceChange:
    """What the settings page decides; `escalate_to` None is everyone who may renew."""

    sends: bool
    reminder_days: list[int]
    quiet_starts: time
    quiet_ends: time
    escalate_after: int
    escalate_to: User | None
    language: str
    days: int
    price: Decimal | None
    currency: str
    reply_to: str


def save_message(
    kind: Kind, language: str, words: Words, *, by: Actor, now: datetime
) -> SavedMessage:
    """Keep the client's own words. Raises Refusal for a variable that does not exist, or a body
    that does not say how to answer."""
    if unknown_variables(words.subject):
        raise Refusal("unknown_variable", why_refused(words.subject), field="subject")
    if why := why_refused(words.body):
        raise Refusal("unknown_variable", why, field="body")
    before = saved_message(kind, language)
    old = Words(before.subject, before.body) if before else SHIPPED[language][kind]
    row, _ = SavedMessage.objects.update_or_create(
        kind=kind.value,
        language=language,
        defaults={
            "subject": words.subject,
            "body": words.body,
            "changed_at": now,
            "changed_by": by.label,
        },
    )
    data = {"before": old._asdict(), "after": words._asdict()}
    record("renewal_message.saved", row, by=by, now=now, data=data)
    return row


def forget_message(kind: Kind, language: str, *, by: Actor, now: datetime) -> None:
    """Go back to the shipped words. Without own words nothing happens."""
    row = saved_message(kind, language)
    if row is None:
        return
    data = {"before": Words(row.subject, row.body)._asdict()}
    record("renewal_message.forgotten", row, by=by, now=now, data=data)
    row.delete()


def change_cadence(change: CadenceChange, *, by: Actor, now: datetime) -> Cadence:
    """Decide how the client asks. The steps are settings of the client itself, kept with those."""
    client = Client.objects.get(pk=current_client_id())
    if list(client.reminder_days) != change.reminder_days:
        change_settings(
            client,
            timezone=client.timezone,
            reminder_days=change.reminder_days,
            safety_buffer_hours=client.safety_buffer_hours,
            hold_codes_until_paid=client.hold_codes_until_paid,
            by=by,
            now=now,
        )
    names = [one.name for one in fields(change) if one.name != "reminder_days"]
    values = {name: getattr(change, name) for name in names}
    row, _ = Cadence.objects.update_or_create(defaults={**values, "changed_at": now})
    data = {**values, "escalate_to": change.escalate_to.email if change.escalate_to else ""}
    record("renewal_cadence.changed", row, by=by, now=now, data=data)
    return row
