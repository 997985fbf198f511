"""Switching ads off and on."""

from datetime import UTC, datetime, timedelta

from django.db.models import Q
from django.urls import reverse

from authorizations.queries import facts_of
from authorizations.rules.standing import standing
from authorizations.rules.stopping import pause_at
from campaigns.models import Ad
from campaigns.queries import SWITCH, called
from campaigns.queries.caps import stop_by_cap
from sparkops.alerts.actions import raise_alert, resolve_alerts
from sparkops.alerts.models import Alert
from sparkops.audit.record import SYSTEM, Actor, record
from sparkops.errors import Refusal
from sparkops.isolation.scope import current_client_id
from sparkops.outbox.models import Command
from sparkops.outbox.queue import put
from sparkops.tenants.models import Client
from sparkops.tenants.permissions import Permission

FAILED = "ad.switch_failed"
STUCK = "ad.pause_stuck"
OVER = (Ad.State.ENDED, Ad.State.DELETED)
_WAITS = (
    Ad.State.IN_REVIEW,
    Ad.State.LIMITED,
    Ad.State.PRODUCT_UNAVAILABLE,
    Ad.State.UNKNOWN,
)
RUNS = Q(state=Ad.State.LIVE) | Q(state__in=_WAITS, operation_status="ENABLE")
"""Ads that deliver, or would begin to without anybody switching anything."""


def ask_to_pause(ad: Ad, *, key: str, reason: str, by: Actor, now: datetime) -> Command:
    """Pause an ad, once per `key`."""
    command_key = f"{SWITCH}:pause:{ad.pk}:{key}"
    is_new = not Command.objects.filter(key=command_key).exists()
    command = put(SWITCH, command_key, {"ad": ad.pk, "status": "DISABLE"}, by=by, now=now)
    if is_new:
        record("ad.pause_asked", ad, by=by, now=now, reason=reason)
    return command


def ask_to_enable(ad: Ad, *, by: Actor, now: datetime) -> Command:
    """Switch an ad on.

    Raises Refusal when the ad is over, when a cap stops it, or when nothing covers its post
    beyond the client's safety buffer: it would be paused again at once (TA10, AR6, N8).
    """
    if ad.state in OVER:
        raise Refusal(
            "is_over", "This ad is over and cannot be switched on. Launch the post again."
        )
    if ad.post_id is not None:
        _need_cover(ad.post_id, now)
        if stop := stop_by_cap(ad.post_id, ad.ad_account.currency, now):
            raise Refusal("capped", f"{stop} Remove or raise it before the ad is switched on.")
    record("ad.enable_asked", ad, by=by, now=now)
    key = f"{SWITCH}:enable:{ad.pk}:{now.isoformat()}"
    return put(SWITCH, key, {"ad": ad.pk, "status": "ENABLE"}, by=by, now=now)


def _need_cover(post_id: int, now: datetime) -> None:
    held = standing(facts_of([post_id])[post_id], now)
    if not held.covered:
        raise Refusal(
            "not_covered",
            "Nothing covers this post now. Ask for a new authorization, or record the usage"
            " terms, before the ad is switched on.",
        )
    hours = Client.objects.get(pk=current_client_id()).safety_buffer_hours
    if held.ends_at is not None and pause_at(held.ends_at, timedelta(hours=hours)) <= now:
        told = held.clock.does("end") if held.clock else "the cover ends"
        end = f"{held.ends_at.astimezone(UTC):%d %b %Y %H:%M} UTC"
        raise Refusal(
            "ends_too_soon",
            f"Less than {hours} hours are left: {told} on {end}."
            " Renew it before the ad is switched on.",
        )


def note_switched(ad_id: int, status: str, *, now: datetime) -> None:
    """What TikTok did; the next reading of ads confirms it."""
    state = Ad.State.PAUSED if status == "DISABLE" else Ad.State.IN_REVIEW
    ad = Ad.objects.get(pk=ad_id)
    ad.state, ad.operation_status, ad.seen_at = state.value, status, now
    ad.save(update_fields=["state", "operation_status", "seen_at"])
    resolve_alerts(ad, now=now, kinds=(FAILED, STUCK))
    record("ad.paused" if status == "DISABLE" else "ad.enabled", ad, by=SYSTEM, now=now)


def note_switch_failed(command: Command, sentence: str, *, now: datetime) -> None:
    """TikTok did not switch the ad: an ad that should not run may still spend."""
    ad = Ad.objects.get(pk=command.payload["ad"])
    word = "paused" if command.payload["status"] == "DISABLE" else "switched on"
    client = Client.objects.get(pk=current_client_id())
    record(FAILED, ad, by=Actor(command.created_by), now=now, reason=sentence)
    raise_alert(
        FAILED,
        f"{FAILED}:{command.pk}",
        subject=ad,
        severity=(Alert.Severity.CRITICAL if word == "paused" else Alert.Severity.WARNING).value,
        title=f"An ad was not {word}: {called(ad)}"[:200],
        body=f"{sentence} It is ad {ad.ad_id}.",
        path=reverse("campaigns:ad", kwargs={"client": client.slug, "pk": ad.pk}),
        action_label="Open the ad",
        told=Permission.CAMPAIGN_LAUNCH,
        now=now,
    )
