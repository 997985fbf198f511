"""What happens when an ad loses its permission, and before it would (AR6, domain 2.7)."""

from datetime import datetime, timedelta

from django.urls import reverse

from authorizations.models import Authorization
from authorizations.queries import limits_of, spend_per_day
from campaigns.actions.switch import ask_to_pause
from campaigns.models import Ad, Incident
from sparkops.alerts.actions import raise_alert, resolve_alerts
from sparkops.alerts.models import Alert
from sparkops.audit.record import SYSTEM, record
from sparkops.clock import shop_day
from sparkops.tenants.models import Client

LOST = "ad.lost_permission"


def watch_permission(client: Client, *, now: datetime) -> int:
    """Open and close incidents, raise alerts, pause ads whose cover ends within the buffer.

    Level-triggered: it looks at ads as they are, so a missed run is made up by the next.
    Returns the number of incidents opened.
    """
    opened = sum(_open(ad, client, now) for ad in _lost_without_incident())
    _close(now)
    _pause_before_end(client, now)
    return opened


def _lost_without_incident() -> list[Ad]:
    return list(
        Ad.objects.filter(state=Ad.State.LOST_PERMISSION)
        .exclude(incidents__kind=LOST, incidents__closed_at=None)
        .select_related("post__creator", "ad_account")
    )


def _open(ad: Ad, client: Client, now: datetime) -> bool:
    who = f"@{ad.post.creator.handle}" if ad.post and ad.post.creator else "a creator"
    spend = spend_per_day([ad.post_id or 0], shop_day(now, client.timezone)).get(ad.post_id or 0)
    incident = Incident.objects.create(
        ad=ad,
        kind=LOST,
        sentence=f"TikTok stopped the ad: the permission of {who} is gone ({ad.secondary_status}).",
        opened_at=ad.lost_permission_at or now,
        amount=spend.amount if spend else None,
        currency=spend.currency if spend else "",
    )
    record(LOST, ad, by=SYSTEM, now=now, reason=incident.sentence)
    raise_alert(
        LOST,
        f"{LOST}:{ad.pk}:{incident.pk}",
        subject=ad,
        severity=Alert.Severity.CRITICAL.value,
        title=f"An ad lost its permission: {ad.name}"[:200],
        body=incident.sentence,
        path=renewal_path(ad, client),
        action_label="Ask for renewal",
        at_risk=spend.amount if spend else None,
        currency=spend.currency if spend else "",
        now=now,
    )
    return True


def renewal_path(ad: Ad, client: Client) -> str:
    """The page from which the permission of an ad's post is renewed."""
    newest = (
        Authorization.objects.filter(post_id=ad.post_id)
        .exclude(post=None)
        .order_by("-generation", "-pk")
        .first()
    )
    if newest is None:
        return reverse("campaigns:ad", kwargs={"client": client.slug, "pk": ad.pk})
    return reverse("authorizations:detail", kwargs={"client": client.slug, "pk": newest.pk})


def _close(now: datetime) -> None:
    over = Incident.objects.filter(kind=LOST, closed_at=None).exclude(
        ad__state=Ad.State.LOST_PERMISSION
    )
    for incident in over.select_related("ad"):
        incident.closed_at = now
        incident.save(update_fields=["closed_at"])
        resolve_alerts(incident.ad, now=now, kinds=(LOST,))
        record("ad.permission_back", incident.ad, by=SYSTEM, now=now)


def _pause_before_end(client: Client, now: datetime) -> None:
    live = list(
        Ad.objects.filter(state=Ad.State.LIVE).exclude(post=None).select_related("ad_account")
    )
    limits = limits_of({ad.post_id for ad in live if ad.post_id}, now)
    buffer = timedelta(hours=client.safety_buffer_hours)
    for ad in live:
        end, clock = limits.get(ad.post_id or 0, (None, None))
        if end is not None and clock is not None and end - buffer <= now:
            reason = f"Cover ends at {end:%d %b %Y %H:%M} UTC: {clock.name} ends first."
            ask_to_pause(ad, key=f"cover:{end.isoformat()}", reason=reason, by=SYSTEM, now=now)
