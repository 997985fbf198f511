"""Keeping and telling what people changed in Ads Manager (TA8)."""

from collections.abc import Sequence
from datetime import datetime

from django.urls import reverse

from campaigns.models import HandChange
from sparkops.alerts.actions import raise_alert
from sparkops.alerts.models import Alert
from sparkops.audit.record import Actor, record
from sparkops.catalog.models import AdAccount
from sparkops.isolation.scope import current_client_id
from sparkops.tenants.models import Client
from sparkops.tenants.permissions import Permission

KIND = "hand_change"
SOMEBODY = Actor("Somebody in Ads Manager")


def note_hand_changes(
    changes: Sequence[HandChange], account: AdAccount, *, now: datetime
) -> list[HandChange]:
    """Keep changes, log each on what was changed, and tell people once for all of them."""
    kept = HandChange.objects.bulk_create(changes)
    for one in kept:
        data = {"field": one.field, "before": one.before, "after": one.after}
        record("part.changed_by_hand", one.target, by=SOMEBODY, now=now, data=data)
    _tell(kept, account, now)
    return kept


def _tell(kept: Sequence[HandChange], account: AdAccount, now: datetime) -> None:
    client = Client.objects.get(pk=current_client_id())
    first = kept[0]
    title = f"Changed in Ads Manager: {first.target}"
    if len(kept) > 1:
        title = f"{len(kept)} changes in Ads Manager, the first on {first.target}"
    raise_alert(
        KIND,
        f"{KIND}:{first.pk}",
        subject=account,
        severity=Alert.Severity.INFO.value,
        title=title[:200],
        body="Somebody changed it there. Nothing is overwritten: guards look before they change"
        " anything, and only what may not run is paused again.",
        path=reverse("campaigns:changes", kwargs={"client": client.slug}),
        action_label="See the changes",
        told=Permission.CAMPAIGN_LAUNCH,
        now=now,
    )
