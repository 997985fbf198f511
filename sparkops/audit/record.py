"""Writing and reading the log."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Model, QuerySet

from sparkops.audit.models import Change, Event, OrganizationEvent


@dataclass(frozen=True)
class Actor:
    """Who acts: a person (`user_id`) or a named process (`user_id` None)."""

    label: str
    user_id: int | None = None


SYSTEM = Actor("SparkOps")


@dataclass(frozen=True)
class Note:
    """One thing to note of a subject; the words are those of `record`."""

    verb: str
    subject: Model
    reason: str = ""
    data: dict[str, Any] = field(default_factory=dict)


def record(
    verb: str,
    subject: Model,
    *,
    by: Actor,
    now: datetime,
    reason: str = "",
    data: dict[str, Any] | None = None,
) -> Event:
    """Note what happened to `subject` in the open client scope, in the caller's transaction.

    `verb` is past tense and dotted by noun, as in `authorization.redeemed`. `data` holds before
    and after values, never secrets.
    """
    event = _event(Note(verb, subject, reason, data or {}), by, now)
    event.save(force_insert=True)
    return event


def record_all(notes: Sequence[Note], *, by: Actor, now: datetime) -> None:
    """Like `record`, for many subjects in one statement."""
    Event.objects.bulk_create([_event(one, by, now) for one in notes])


def _event(note: Note, by: Actor, now: datetime) -> Event:
    return Event(
        at=now,
        actor_id=by.user_id,
        actor=by.label,
        verb=note.verb,
        subject_type=note.subject._meta.model_name or "",
        subject_id=str(note.subject.pk),
        label=str(note.subject)[:200],
        reason=note.reason,
        data=note.data,
    )


def record_for_organization(
    verb: str,
    organization_id: int,
    label: str,
    *,
    by: Actor,
    now: datetime,
    data: dict[str, Any] | None = None,
) -> OrganizationEvent:
    """Note what happened to the organization itself."""
    return OrganizationEvent.objects.create(
        organization_id=organization_id,
        at=now,
        actor_id=by.user_id,
        actor=by.label,
        verb=verb,
        label=label[:200],
        data=data or {},
    )


def record_changes(
    subject: Model,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    *,
    by: Actor,
    now: datetime,
) -> list[str]:
    """Note each field that became another value, in the caller's transaction; their names.

    Values are what JSON holds: text, numbers, lists, None.
    """
    changed = [name for name in after if before.get(name) != after[name]]
    Change.objects.bulk_create(
        Change(
            at=now,
            actor_id=by.user_id,
            actor=by.label,
            subject_type=subject._meta.model_name or "",
            subject_id=subject.pk,
            field=name,
            before=before.get(name),
            after=after[name],
        )
        for name in changed
    )
    return changed


def changes_of(subject: Model, field: str) -> QuerySet[Change]:
    """What happened to one field of `subject`, newest first."""
    return Change.objects.filter(
        subject_type=subject._meta.model_name or "", subject_id=subject.pk, field=field
    ).order_by("-id")


def history(subject: Model) -> QuerySet[Event]:
    """Everything noted of `subject`, newest first."""
    return Event.objects.filter(
        subject_type=subject._meta.model_name or "", subject_id=str(subject.pk)
    ).order_by("-at", "-id")
