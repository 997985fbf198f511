"""Setting spend caps, and stopping what they stop (N8)."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.urls import reverse

from campaigns.actions.parts import Change, ask_change
from campaigns.actions.switch import RUNS, ask_to_pause
from campaigns.models import Ad, Campaign, SpendCap
from campaigns.queries.caps import CapNow, caps_now
from campaigns.rules.caps import Standing
from creators.models import Creator, Post
from sparkops.alerts.actions import raise_alert, resolve_alerts
from sparkops.alerts.models import Alert
from sparkops.audit.record import SYSTEM, Actor, record
from sparkops.tenants.models import Client
from sparkops.tenants.permissions import Permission

KIND = "spend_cap"
TOLD = {
    Standing.NEARLY: ("Four fifths of a spend cap are used", Alert.Severity.WARNING),
    Standing.REACHED: ("A spend cap is reached", Alert.Severity.CRITICAL),
    Standing.OVER: ("A term is over", Alert.Severity.WARNING),
}


@dataclass(frozen=True)
class CapDraft:
    """A cap as a person enters it; see `SpendCap`."""

    starts_on: date
    creator: Creator | None = None
    post: Post | None = None
    amount: Decimal | None = None
    currency: str = ""
    ends_on: date | None = None
    note: str = ""


def set_cap(draft: CapDraft, *, by: Actor, now: datetime) -> SpendCap:
    """Write a cap. Ads that it stops are paused by the next cycle of the guard."""
    row = SpendCap.objects.create(**vars(draft), set_at=now, set_by=by.label)
    data = {"amount": str(draft.amount), "currency": draft.currency, "ends_on": str(draft.ends_on)}
    record("spend_cap.set", row, by=by, now=now, reason=draft.note, data=data)
    return row


def remove_cap(cap: SpendCap, *, by: Actor, now: datetime) -> None:
    """It stops nothing any more. What it paused stays off until somebody switches it on."""
    cap.removed_at, cap.removed_by = now, by.label
    cap.save(update_fields=["removed_at", "removed_by"])
    resolve_alerts(cap, now=now)
    record("spend_cap.removed", cap, by=by, now=now)


def enforce_caps(client: Client, *, now: datetime) -> int:
    """Pause every ad that a cap stops, tell people, and return how many are asked to pause.

    Level-triggered, and asked again each hour for as long as one runs. A cap of the whole client
    stops its GMV Max campaigns too.
    """
    found = caps_now(now)
    for one in found:
        _tell(one, client, now)
    stopping = [one for one in found if one.sentence]
    if not stopping:
        return 0
    asked = _stop_ads(stopping, now)
    for one in stopping:
        if not one.row.post_id and not one.row.creator_id:
            asked += _stop_gmv_max(one, now)
    return asked


def _stop_ads(stopping: list[CapNow], now: datetime) -> int:
    asked = 0
    for ad in Ad.objects.filter(RUNS).select_related("post", "ad_account").order_by("pk"):
        post_id, creator = ad.post_id or 0, ad.post.creator_id if ad.post else None
        by_cap = [one for one in stopping if one.stops(post_id, creator, ad.ad_account.currency)]
        if by_cap:
            key = f"cap:{by_cap[0].row.pk}:{now:%Y-%m-%dT%H}"
            ask_to_pause(ad, key=key, reason=by_cap[0].sentence, by=SYSTEM, now=now)
            asked += 1
    return asked


def _stop_gmv_max(cap: CapNow, now: datetime) -> int:
    kinds = (Campaign.Kind.GMV_MAX_PRODUCT, Campaign.Kind.GMV_MAX_LIVE)
    rows = Campaign.objects.filter(kind__in=kinds, operation_status="ENABLE")
    if cap.standing is Standing.REACHED:
        rows = rows.filter(ad_account__currency=cap.row.currency)
    for row in rows:
        change = Change("campaign", row.pk, "status", "ENABLE", "DISABLE")
        key = f"cap:{cap.row.pk}:{now:%Y-%m-%dT%H}"
        ask_change(change, key=key, reason=cap.sentence, by=SYSTEM, now=now)
    return len(rows)


def _tell(cap: CapNow, client: Client, now: datetime) -> None:
    if cap.standing not in TOLD:
        return
    title, severity = TOLD[cap.standing]
    used = f"{cap.spent.total:,.2f} {cap.row.currency} are spent. At the cap its ads are paused."
    raise_alert(
        KIND,
        f"{KIND}:{cap.row.pk}:{cap.standing.value}",
        subject=cap.row,
        severity=severity.value,
        title=f"{title}: {cap.whose}"[:200],
        body=f"{cap.sentence} Its ads are being paused." if cap.sentence else used,
        path=reverse("campaigns:caps", kwargs={"client": client.slug}),
        action_label="See the caps",
        told=Permission.CAMPAIGN_LAUNCH,
        now=now,
    )
