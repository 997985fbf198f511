"""A client's approval by link: made, opened, given, declined, undone (N23)."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core import signing
from django.urls import reverse

from campaigns.actions.bulk import launch_line
from campaigns.actions.gmv_max_launch import launch_gmv_max, take_back_gmv_max
from campaigns.actions.launch import take_back_launch
from campaigns.models import ApprovalLink, Launch, Plan
from campaigns.queries.plans import blast_radius, campaigns_of, lines_of
from sparkops.alerts.actions import raise_alert
from sparkops.alerts.models import Alert
from sparkops.audit.record import Actor, record
from sparkops.errors import Refusal
from sparkops.isolation.scope import current_client_id
from sparkops.tenants.models import Client
from sparkops.tenants.permissions import Permission

SALT = "campaigns.approval"
LINK_LIFE = timedelta(days=7)
UNDO_WINDOW = timedelta(minutes=15)
"""How long an approval can be undone before anything leaves for TikTok."""
SENDABLE = (Plan.State.CONFIRMED, Plan.State.SENT)
NO_LINK = "This link no longer works. Ask the agency for a new one."


@dataclass(frozen=True)
class Visitor:
    """Who decides by link: the name they gave, and the address the request came from."""

    name: str
    address: str

    @property
    def actor(self) -> Actor:
        return Actor(f"{self.name} (by link)"[:200])


def make_link(plan: Plan, *, recipient: str, by: Actor, now: datetime) -> tuple[ApprovalLink, str]:
    """A link for one person, and its token, which is shown once and kept nowhere.

    Raises Refusal before the plan is approved inside.
    """
    if plan.state not in SENDABLE:
        raise Refusal("not_confirmed", "The plan has to be approved inside before it is sent.")
    secret = secrets.token_urlsafe(32)
    link = ApprovalLink.objects.create(
        plan=plan,
        secret_hash=_hashed(secret),
        recipient=recipient,
        snapshot=blast_radius(plan),
        created_at=now,
        created_by=by.label,
        expires_at=now + LINK_LIFE,
    )
    plan.state = Plan.State.SENT.value
    plan.save(update_fields=["state"])
    record("plan.link_made", plan, by=by, now=now, data={"recipient": recipient})
    return link, signing.dumps([current_client_id(), secret], salt=SALT)


def revoke_link(link: ApprovalLink, *, by: Actor, now: datetime) -> None:
    """Make a link worthless."""
    link.revoked_at = now
    link.save(update_fields=["revoked_at"])
    record("plan.link_revoked", link.plan, by=by, now=now, data={"recipient": link.recipient})


def client_of(token: str) -> int:
    """The client that a token was signed for. Raises Refusal for any other text."""
    try:
        client_id, _ = signing.loads(token, salt=SALT)
    except (signing.BadSignature, ValueError, TypeError):
        raise Refusal("no_link", NO_LINK) from None
    return int(client_id)


def open_link(token: str, *, now: datetime) -> ApprovalLink:
    """The link behind a token, in its client's scope. Raises Refusal when it is revoked, late or
    of another client."""
    client_id, secret = signing.loads(token, salt=SALT)
    link = (
        ApprovalLink.objects.select_related("plan")
        .filter(secret_hash=_hashed(secret), revoked_at=None, expires_at__gt=now)
        .first()
    )
    if link is None or client_id != current_client_id():
        raise Refusal("no_link", NO_LINK)
    if link.opened_at is None:
        link.opened_at = now
        link.save(update_fields=["opened_at"])
    return link


def approve(link: ApprovalLink, *, who: Visitor, now: datetime) -> Plan:
    """Approve what the link shows. Launches wait in the outbox until the undo window is over.

    Each is held against the gate once more; one that it refuses stays refused and people are told.
    Raises Refusal when the plan was decided already or is not what the link showed.
    """
    plan = _locked(link)
    if blast_radius(plan) != link.snapshot:
        raise Refusal(
            "changed", "The plan has changed since this link was made. Ask for a new one."
        )
    plan.launches_at = now + UNDO_WINDOW
    _decide(plan, Plan.State.APPROVED, who, "", now)
    record(
        "plan.approved",
        plan,
        by=who.actor,
        now=now,
        data={"address": who.address, "link": link.pk, "shown": link.snapshot},
    )
    for line in lines_of(plan):
        launch_line(line, by=who.actor, now=now, leaves_at=plan.launches_at)
    for row in campaigns_of(plan):
        launch_gmv_max(row, by=who.actor, now=now, leaves_at=plan.launches_at)
    _tell(plan, who, now)
    return plan


def decline(link: ApprovalLink, *, who: Visitor, remark: str, now: datetime) -> Plan:
    """Say no, with a remark for the agency."""
    plan = _locked(link)
    _decide(plan, Plan.State.DECLINED, who, remark, now)
    record("plan.declined", plan, by=who.actor, now=now, reason=remark,
           data={"address": who.address, "link": link.pk})  # fmt: skip
    _tell(plan, who, now)
    return plan


def undo(plan: Plan, *, by: Actor, now: datetime) -> Plan:
    """Take an approval back before anything left: every launch is given up or none.

    Raises Refusal once the window is over.
    """
    plan = Plan.objects.select_for_update().get(pk=plan.pk)
    if not plan.can_be_undone(now):
        raise Refusal("too_late", "It can no longer be undone. Pause the ads instead.")
    for line in lines_of(plan):
        waits = line.launch is not None and line.launch.state == Launch.State.PLANNED
        if waits and not take_back_launch(line.launch, by=by, now=now):  # type: ignore[arg-type]
            raise Refusal("too_late", "It can no longer be undone. Pause the ads instead.")
    for row in campaigns_of(plan):
        if row.state == Launch.State.PLANNED and not take_back_gmv_max(row, by=by, now=now):
            raise Refusal("too_late", "It can no longer be undone. Pause the ads instead.")
    plan.state = Plan.State.UNDONE.value
    plan.save(update_fields=["state"])
    record("plan.approval_undone", plan, by=by, now=now)
    return plan


def _locked(link: ApprovalLink) -> Plan:
    plan = Plan.objects.select_for_update().get(pk=link.plan_id)
    if plan.state != Plan.State.SENT:
        raise Refusal("decided", f"The plan is {plan.get_state_display().lower()} already.")
    return plan


def _decide(plan: Plan, state: Plan.State, who: Visitor, remark: str, now: datetime) -> None:
    plan.state, plan.remark = state.value, remark
    plan.decided_at, plan.decided_by = now, who.actor.label
    plan.save(update_fields=["state", "remark", "decided_at", "decided_by", "launches_at"])


def _tell(plan: Plan, who: Visitor, now: datetime) -> None:
    """The agency's people hear what the client decided, and which posts the gate refused now."""
    refused = [
        line for line in lines_of(plan) if line.launch and line.launch.state == Launch.State.REFUSED
    ]
    campaigns = [row for row in campaigns_of(plan) if row.state == Launch.State.REFUSED]
    body = f"{who.name} decided by link. {plan.remark}".strip()
    if refused or campaigns:
        told = " ".join(
            [f"{line.post}: {line.launch.error}" for line in refused if line.launch]
            + [f"{row}: {row.error}" for row in campaigns]
        )
        body = f"{body} Not launched: {told}"
    client = Client.objects.get(pk=current_client_id())
    severity = Alert.Severity.WARNING if refused or campaigns else Alert.Severity.INFO
    raise_alert(
        "plan.decided",
        f"plan.decided:{plan.pk}:{now.isoformat()}",
        subject=plan,
        severity=severity.value,
        title=f"{plan.get_state_display()}: {plan.name}"[:200],
        body=body,
        path=reverse("campaigns:plan", kwargs={"client": client.slug, "pk": plan.pk}),
        action_label="Open the plan",
        told=Permission.CAMPAIGN_LAUNCH,
        now=now,
    )


def _hashed(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
