"""Writing and reading the log."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Model, QuerySet

from sparkops.audit.models import Event, OrganizationEvent


@dataclass(frozen=True)
class Actor:
    """Who acts: a person (`user_id`) or a named process (`user_id` None)."""

    label: str
    user_id: int | None = None


SYSTEM = Actor("SparkOps")


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
    return Event.objects.create(
        at=now,
        actor_id=by.user_id,
        actor=by.label,
        verb=verb,
        subject_type=subject._meta.model_name or "",
        subject_id=str(subject.pk),
        label=str(subject)[:200],
        reason=reason,
        data=data or {},
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


def history(subject: Model) -> QuerySet[Event]:
    """Everything noted of `subject`, newest first."""
    return Event.objects.filter(
        subject_type=subject._meta.model_name or "", subject_id=str(subject.pk)
    ).order_by("-at", "-id")
