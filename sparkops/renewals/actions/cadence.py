"""Asking for renewals at each step before an end, without a person, until one is needed (N5)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.urls import reverse

from authorizations.models import Authorization
from authorizations.queries import USABLE_WORDS
from authorizations.rules.expiry import DEFAULT_STEPS
from sparkops.alerts.actions import end_alert, raise_alert
from sparkops.alerts.models import Alert
from sparkops.audit.record import SYSTEM
from sparkops.clock import QuietHours
from sparkops.errors import Refusal
from sparkops.renewals.actions.asks import Desk, write
from sparkops.renewals.models import Ask, Cadence
from sparkops.renewals.queries.asks import (
    WRITTEN,
    messaging_shop,
    rows_in_steps,
    why_not_wanted,
)
from sparkops.renewals.queries.messages import (
    Offer,
    cadence_of_client,
    own_words,
    spend_of,
    zone_for,
)
from sparkops.renewals.queries.own_page import client_has_terms
from sparkops.renewals.rules.cadence import Act, Turn, turn
from sparkops.tenants.models import Client

UNANSWERED = "renewal.unanswered"
BY_HAND = "renewal.by_hand"
MISSED = "A nearer step took its place."


@dataclass(frozen=True)
class _Round:
    client: Client
    cadence: Cadence
    steps: Sequence[int]
    desk: Desk


def ask_when_due(client: Client, *, now: datetime) -> int:
    """Deal with every step that has come; returns the messages written.

    Level-triggered: a missed run is made up by the next one, and each step of each end is dealt
    with once. Only posts that ads spend on are asked for; the others expire quietly.
    """
    _end_alerts(now)
    cadence = cadence_of_client()
    if not cadence.sends:
        return 0
    steps = tuple(client.reminder_days) or DEFAULT_STEPS
    rows = list(rows_in_steps(now, steps))
    spend = dict(spend_of(rows, client, now)) if rows else {}
    live = [row for row in rows if row.post_id in spend or row.state == Authorization.State.IN_USE]
    if not live:
        return 0
    desk = Desk(
        client=client,
        cadence=cadence,
        own=own_words(),
        has_terms=client_has_terms(),
        shop=messaging_shop(),
        spend=spend,
        offer=Offer(cadence.days, cadence.price, cadence.currency),
        language="",
        by=SYSTEM,
        now=now,
    )
    return sum(_deal(row, _Round(client, cadence, steps, desk)) for row in live)


def _deal(row: Authorization, around: _Round) -> int:
    found = _turn(row, around)
    for days in found.missed:
        _note(row, days, around.desk.now, MISSED)
    if found.act is Act.HAND_OVER:
        _note(row, found.days, around.desk.now, "A person was told instead.")
        _hand_over(row, around, UNANSWERED)
    if found.act is Act.WRITE:
        return _write(row, found.days, around)
    return 0


def _turn(row: Authorization, around: _Round) -> Turn:
    assert row.ends_at is not None
    asks = [one for one in row.asks.all() if one.ends_at == row.ends_at]
    cadence = around.cadence
    return turn(
        str(row.pk),
        row.ends_at,
        now=around.desk.now,
        done={one.step_days for one in asks if one.step_days is not None},
        unanswered=sum(one.state in WRITTEN for one in asks),
        limit=cadence.escalate_after,
        zone=zone_for(row.creator, around.client),
        steps=around.steps,
        quiet=QuietHours(cadence.quiet_starts, cadence.quiet_ends),
    )


def _write(row: Authorization, days: int, around: _Round) -> int:
    """One message for a step. What cannot be sent is given to a person at once."""
    now = around.desk.now
    ask = Ask(
        authorization=row, creator=row.creator, step_days=days, ends_at=row.ends_at, created_at=now
    )
    if why := why_not_wanted(ask):
        _note(row, days, now, why)
        return 0
    try:
        with transaction.atomic():
            ask.save()
            write(ask, around.desk)
    except Refusal as refusal:
        _note(row, days, now, refusal.sentence)
        return 0
    if ask.state == Ask.State.COPY:
        _hand_over(row, around, BY_HAND)
    return 1


def _note(row: Authorization, days: int, now: datetime, why: str) -> None:
    """A step that was dealt with and sent nothing."""
    Ask.objects.bulk_create(
        [
            Ask(
                authorization=row,
                creator=row.creator,
                step_days=days,
                ends_at=row.ends_at,
                state=Ask.State.SKIPPED.value,
                reason=why,
                created_at=now,
            )
        ],
        ignore_conflicts=True,
    )


def _hand_over(row: Authorization, around: _Round, kind: str) -> None:
    """Tell a person, once per end."""
    assert row.ends_at is not None
    spend = around.desk.spend.get(row.post_id or 0)
    to = around.cadence.escalate_to
    if kind == UNANSWERED:
        count = around.cadence.escalate_after
        messages = "1 message" if count == 1 else f"{count} messages"
        title = f"{row.creator} has not answered {messages} about a renewal"
        body = "SparkOps writes no more about this end. Talk to the creator another way."
    else:
        title = f"Nothing can be sent to {row.creator} about a renewal"
        body = "Copy the message and send it where you talk to the creator."
    raise_alert(
        kind,
        f"{kind}:{row.pk}:{row.ends_at.isoformat()}",
        subject=row,
        severity=(Alert.Severity.CRITICAL if spend else Alert.Severity.WARNING).value,
        title=title,
        body=body,
        path=reverse("authorizations:detail", kwargs={"client": around.client.slug, "pk": row.pk}),
        action_label="Open",
        at_risk=spend.amount if spend else None,
        currency=spend.currency if spend else "",
        people=[to] if to is not None else (),
        now=around.desk.now,
    )


def _end_alerts(now: datetime) -> None:
    """End what was raised about an end that has moved or come."""
    alerts = list(Alert.objects.filter(kind__in=[UNANSWERED, BY_HAND], resolved_at=None))
    rows = Authorization.objects.in_bulk({one.subject_id for one in alerts}) if alerts else {}
    for alert in alerts:
        row = rows.get(alert.subject_id)
        ends_at = row.ends_at if row is not None and row.state in USABLE_WORDS else None
        if ends_at is None or not alert.key.endswith(ends_at.isoformat()):
            end_alert(alert, now=now)
