"""Raising and ending alerts, in the open scope and the caller's transaction."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from django.db.models import Model

from sparkops.accounts.models import User
from sparkops.alerts.models import Alert, Delivery
from sparkops.isolation.scope import current_client_id
from sparkops.tenants.models import Client
from sparkops.tenants.permissions import Permission
from sparkops.tenants.queries import people_who_may


def raise_alert(
    kind: str,
    key: str,
    *,
    subject: Model,
    severity: str,
    title: str,
    path: str,
    now: datetime,
    body: str = "",
    action_label: str = "",
    at_risk: Decimal | None = None,
    currency: str = "",
    told: Permission = Permission.AUTHORIZATION_EDIT,
    people: Sequence[User] = (),
) -> Alert | None:
    """Raise an alert once per `key`; None when it was raised before.

    `path` opens the page that answers it; `at_risk` is money per day in `currency`. Everyone who
    holds the permission `told` gets it by mail, or `people` alone when some are named.
    """
    alert, raised = Alert.objects.get_or_create(
        key=key,
        defaults={
            "kind": kind,
            "severity": severity,
            "title": title[:200],
            "body": body,
            "path": path,
            "action_label": action_label,
            "subject_type": subject._meta.model_name or "",
            "subject_id": subject.pk,
            "at_risk": at_risk,
            "currency": currency,
            "raised_at": now,
        },
    )
    if not raised:
        return None
    client = Client.objects.get(pk=current_client_id())
    Delivery.objects.bulk_create(
        [
            Delivery(alert=alert, user=person, due_at=now)
            for person in people or people_who_may(client, told)
        ],
        ignore_conflicts=True,
    )
    return alert


def resolve_alerts(subject: Model, *, now: datetime, kinds: tuple[str, ...] = ()) -> int:
    """End the open alerts of a subject (of some kinds); mails not yet sent are dropped."""
    open_ones = Alert.objects.filter(
        subject_type=subject._meta.model_name or "", subject_id=subject.pk, resolved_at=None
    )
    if kinds:
        open_ones = open_ones.filter(kind__in=kinds)
    return _end(list(open_ones.values_list("pk", flat=True)), now)


def end_alert(alert: Alert, *, now: datetime) -> None:
    """End one alert; its mails that were not sent yet are dropped."""
    _end([alert.pk], now)


def _end(ids: list[int], now: datetime) -> int:
    Delivery.objects.filter(alert_id__in=ids, state=Delivery.State.WAITING).update(
        state=Delivery.State.DROPPED
    )
    return Alert.objects.filter(pk__in=ids, resolved_at=None).update(resolved_at=now)
