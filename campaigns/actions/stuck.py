"""Pauses that have not reached TikTok within one cycle: a person must know (AR6, TA7)."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q
from django.urls import reverse

from campaigns.actions.parts import CHANGE, MODELS
from campaigns.actions.switch import STUCK
from campaigns.models import Ad, Level
from campaigns.queries import SWITCH, called
from sparkops.alerts.actions import raise_alert
from sparkops.alerts.models import Alert
from sparkops.isolation.scope import current_client_id
from sparkops.outbox.models import Command
from sparkops.tenants.models import Client
from sparkops.tenants.permissions import Permission

ONE_CYCLE = timedelta(minutes=5)
"""The longest a pause may take before a person must know."""
PAUSES = Q(kind=SWITCH, payload__status="DISABLE") | Q(
    kind=CHANGE, payload__field="status", payload__after="DISABLE"
)


def tell_stuck_pauses(*, now: datetime) -> int:
    """Tell people of pauses that TikTok could not be reached for, or that nobody sends: what they
    should stop goes on spending until somebody pauses it in Ads Manager. Returns how many are
    stuck, of ads, ad groups and campaigns."""
    waiting = PAUSES & Q(state__in=[Command.State.WAITING, Command.State.SENDING])
    late = Command.objects.filter(waiting).filter(Q(created_at__lte=now - ONE_CYCLE) | ~Q(error=""))
    stuck = {_target(command): command for command in late.order_by("-created_at")}
    if not stuck:
        return 0
    client = Client.objects.get(pk=current_client_id())
    for level, model in MODELS.items():
        keys = {pk for of, pk in stuck if of == level}
        for row in model.objects.filter(pk__in=keys).order_by("pk"):
            _tell(row, Level(level), stuck[level, row.pk], client, now)
    return len(stuck)


def _target(command: Command) -> tuple[str, int]:
    payload = command.payload
    return payload.get("level", Level.AD.value), payload.get("ad", payload.get("pk"))


def _tell(row: Any, level: Level, command: Command, client: Client, now: datetime) -> None:
    is_ad = isinstance(row, Ad)
    name = called(row) if is_ad else str(row)
    numbers = {Level.AD: "ad_id", Level.AD_GROUP: "adgroup_id", Level.CAMPAIGN: "campaign_id"}
    noun = level.value.replace("_", " ")
    log = reverse("campaigns:guard-log", kwargs={"client": client.slug})
    page = reverse("campaigns:ad", kwargs={"client": client.slug, "pk": row.pk}) if is_ad else log
    raise_alert(
        STUCK,
        f"{STUCK}:{command.pk}",
        subject=row,
        severity=Alert.Severity.CRITICAL.value,
        title=f"A pause has not reached TikTok: {name}"[:200],
        body=f"{command.error or 'No worker has sent it.'} It is tried again. Until then the"
        f" {noun} may spend: pause {noun} {getattr(row, numbers[level])} in Ads Manager.",
        path=page,
        action_label="Open the ad" if is_ad else "See the guards",
        told=Permission.CAMPAIGN_LAUNCH,
        now=now,
    )
