"""What happens when an ad loses its permission, and before it would (AR6, domain 2.7)."""

from datetime import datetime, timedelta

from django.urls import reverse

from authorizations.models import Authorization
from authorizations.queries.lasting import may_end
from authorizations.queries.stops import stops_of
from authorizations.rules.stopping import ahead
from campaigns.actions.stuck import tell_stuck_pauses
from campaigns.actions.switch import RUNS, ask_to_pause
from campaigns.actions.watch import pause_found
from campaigns.models import Ad, Incident
from campaigns.queries import SpendPerDay, called, spend_per_day_of_ads
from sparkops.alerts.actions import raise_alert, resolve_alerts
from sparkops.alerts.models import Alert
from sparkops.audit.record import SYSTEM, record
from sparkops.clock import shop_day
from sparkops.tenants.models import Client

LOST = Incident.Kind.LOST.value


def watch_permission(client: Client, *, now: datetime) -> int:
    """Open and close incidents, raise alerts, pause ads whose cover ends within the buffer or on
    whose post the watchdog found something, and tell people of pauses that do not get through.

    Level-triggered: it looks at ads as they are, so a missed run is made up by the next.
    Returns the number of incidents opened.
    """
    lost = _lost_without_incident()
    spend = spend_per_day_of_ads([ad.pk for ad in lost], shop_day(now, client.timezone))
    for ad in lost:
        _open(ad, client, spend.get(ad.pk), now)
    _close(now)
    _pause_before_end(client, now)
    pause_found(now=now)
    tell_stuck_pauses(now=now)
    return len(lost)


def _lost_without_incident() -> list[Ad]:
    return list(
        Ad.objects.filter(state=Ad.State.LOST_PERMISSION)
        .exclude(pk__in=Incident.objects.filter(kind=LOST, closed_at=None).values("ad"))
        .select_related("post__creator", "ad_account")
        .order_by("pk")
    )


def _open(ad: Ad, client: Client, spend: SpendPerDay | None, now: datetime) -> None:
    who = f"@{ad.post.creator.handle}" if ad.post and ad.post.creator else "a creator"
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
        title=f"An ad lost its permission: {called(ad)}"[:200],
        body=f"{incident.sentence} It is ad {ad.ad_id}.",
        path=renewal_path(ad, client),
        action_label="Ask for renewal",
        at_risk=incident.amount,
        currency=incident.currency,
        now=now,
    )


def renewal_path(ad: Ad, client: Client) -> str:
    """The page from which the permission of an ad's post is renewed, else the ad's own."""
    newest = (
        Authorization.objects.filter(post_id=ad.post_id).order_by("-generation", "-pk").first()
        if ad.post_id is not None
        else None
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
        state = incident.ad.get_state_display()
        record(f"{LOST}.closed", incident.ad, by=SYSTEM, now=now, reason=f"It is now: {state}.")


def _pause_before_end(client: Client, now: datetime) -> None:
    buffer = timedelta(hours=client.safety_buffer_hours)
    near = may_end(now=now, until=now + ahead(buffer))
    looked_at = list(
        Ad.objects.filter(RUNS).exclude(post=None).filter(near).select_related("ad_account")
    )
    stops = stops_of({ad.post_id for ad in looked_at if ad.post_id}, now, buffer)
    for ad in looked_at:
        stop = stops[ad.post_id] if ad.post_id else None
        if stop is not None:
            # Once an hour for as long as it runs: a pause that did not hold is asked for again.
            key = f"cover:{stop.ends_at.isoformat()}:{now:%Y-%m-%dT%H}"
            ask_to_pause(ad, key=key, reason=stop.sentence, by=SYSTEM, now=now)
