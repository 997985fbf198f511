"""Incidents for spend outside permission (P28, AR6)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.urls import reverse

from campaigns.models import Ad, Incident
from campaigns.queries import called
from sparkops.alerts.actions import raise_alert, resolve_alerts
from sparkops.alerts.models import Alert
from sparkops.audit.record import SYSTEM, record
from sparkops.isolation.scope import current_client_id
from sparkops.money import ZERO, round_money
from sparkops.tenants.models import Client
from sparkops.tenants.permissions import Permission

Kind = Incident.Kind
NEWS = timedelta(days=3)
"""Spend that is found out later than this is history: an incident, no alert."""
SENTENCES = {
    Kind.OUTSIDE_AUTHORIZATION: "It spent on days that no authorization of its post covers.",
    Kind.OUTSIDE_RIGHTS: "It spent on days outside the usage terms of its post.",
}


@dataclass(frozen=True)
class Outside:
    """What an ad spent outside one permission, in the ad account's currency, and when last."""

    amount: Decimal
    currency: str
    last_day: date


def note_outside(found: Mapping[tuple[int, Kind], Outside], *, now: datetime) -> int:
    """Open an incident per ad (primary key) and kind, keep the amounts of open ones, and end those
    that are not `found` any more, because a permission was recorded since. Returns how many began.
    """
    kinds = tuple(SENTENCES)
    standing = {
        (one.ad_id, Kind(one.kind)): one
        for one in Incident.objects.filter(kind__in=kinds, closed_at=None).select_related("ad")
    }
    for key in standing.keys() - found.keys():
        _close(standing[key], now)
    ads = Ad.objects.in_bulk({ad_id for ad_id, _kind in found})
    client = Client.objects.get(pk=current_client_id())
    for key, outside in found.items():
        incident = _kept(ads[key[0]], key[1], standing.get(key), outside, now)
        if outside.last_day >= (now - NEWS).date():
            _tell(incident, client, now)
    return len(found.keys() - standing.keys())


def _kept(
    ad: Ad, kind: Kind, incident: Incident | None, outside: Outside, now: datetime
) -> Incident:
    if incident is None:
        incident = Incident.objects.create(
            ad=ad,
            kind=kind.value,
            sentence=SENTENCES[kind],
            opened_at=now,
            amount=outside.amount,
            currency=outside.currency,
        )
        record(kind.value, ad, by=SYSTEM, now=now, reason=incident.sentence)
    elif incident.amount != outside.amount:
        incident.amount = outside.amount
        incident.save(update_fields=["amount"])
    return incident


def _close(incident: Incident, now: datetime) -> None:
    incident.closed_at = now
    incident.save(update_fields=["closed_at"])
    resolve_alerts(incident.ad, now=now, kinds=(incident.kind,))
    reason = "The spend is covered by what is recorded now, or no longer recent."
    record(f"{incident.kind}.closed", incident.ad, by=SYSTEM, now=now, reason=reason)


def _tell(incident: Incident, client: Client, now: datetime) -> None:
    ad = incident.ad
    amount = round_money(incident.amount or ZERO, incident.currency)
    raise_alert(
        incident.kind,
        f"{incident.kind}:{ad.pk}:{incident.pk}",
        subject=ad,
        severity=Alert.Severity.CRITICAL.value,
        title=f"{incident.get_kind_display()}: {called(ad)}"[:200],
        body=f"{incident.sentence} {amount} {incident.currency} in all. It is ad"
        f" {ad.ad_id}. Record the permission if there is one, else pause the ad.",
        path=reverse("campaigns:ad", kwargs={"client": client.slug, "pk": ad.pk}),
        action_label="Open the ad",
        told=Permission.CAMPAIGN_LAUNCH,
        now=now,
    )
