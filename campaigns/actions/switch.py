"""Switching ads off and on."""

from datetime import datetime

from authorizations.queries import limits_of
from campaigns.models import Ad
from sparkops.audit.record import Actor, record
from sparkops.errors import Refusal
from sparkops.outbox.models import Command
from sparkops.outbox.queue import put

SWITCH = "campaigns.switch_ad"


def ask_to_pause(ad: Ad, *, key: str, reason: str, by: Actor, now: datetime) -> Command:
    """Pause an ad, once per `key`."""
    command_key = f"{SWITCH}:pause:{ad.pk}:{key}"
    is_new = not Command.objects.filter(key=command_key).exists()
    command = put(SWITCH, command_key, {"ad": ad.pk, "status": "DISABLE"}, by=by, now=now)
    if is_new:
        record("ad.pause_asked", ad, by=by, now=now, reason=reason)
    return command


def ask_to_enable(ad: Ad, *, by: Actor, now: datetime) -> Command:
    """Switch an ad on. Raises Refusal when nothing covers its post now (TA10)."""
    if ad.post_id is not None:
        end, _ = limits_of([ad.post_id], now)[ad.post_id]
        if end is None or end <= now:
            raise Refusal(
                "not_covered",
                "Nothing covers this post now. Ask for a new authorization, or record the usage"
                " terms, before the ad is switched on.",
            )
    record("ad.enable_asked", ad, by=by, now=now)
    key = f"{SWITCH}:enable:{ad.pk}:{now.isoformat()}"
    return put(SWITCH, key, {"ad": ad.pk, "status": "ENABLE"}, by=by, now=now)


def note_switched(ad_id: int, status: str, *, now: datetime) -> None:
    """What TikTok did; the next reading of ads confirms it."""
    state = Ad.State.PAUSED if status == "DISABLE" else Ad.State.IN_REVIEW
    Ad.objects.filter(pk=ad_id).update(state=state.value, operation_status=status, seen_at=now)
