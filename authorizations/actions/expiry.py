"""Flagging what expires: once per step and end, ranked by what is at stake (AR5, N4)."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.urls import reverse

from authorizations.actions.use import settle
from authorizations.models import Authorization, Reminder
from authorizations.queries import SpendPerDay, due_for_reminders, spend_per_day
from authorizations.rules import expiry
from sparkops.alerts.actions import end_alert, raise_alert
from sparkops.alerts.models import Alert
from sparkops.clock import shop_day
from sparkops.tenants.models import Client

KIND = "authorization.expiring"


def flag_expiring(client: Client, *, now: datetime) -> int:
    """Raise what is due now and move states that time has changed; returns the alerts raised.

    Level-triggered: it looks at what is there, so a missed run is made up by the next one. When an
    end has moved, the alerts of the old end are resolved.
    """
    steps = tuple(client.reminder_days) or expiry.DEFAULT_STEPS
    rows = list(due_for_reminders(now, within_days=max(steps)))
    spend = spend_per_day(
        [row.post_id for row in rows if row.post_id], shop_day(now, client.timezone)
    )
    raised = 0
    for row in rows:
        settle(row, in_use=row.post_id in spend, now=now)
        raised += _flag(row, client, steps, spend.get(row.post_id or 0), now)
    _resolve_moved(now)
    return raised


def _flag(
    row: Authorization,
    client: Client,
    steps: tuple[int, ...],
    spend: SpendPerDay | None,
    now: datetime,
) -> int:
    if row.ends_at is None:
        return 0
    done = {_key(row, one.step_days, one.ends_at) for one in row.reminders.all()}  # type: ignore[attr-defined]
    schedule = {
        step.days: step
        for step in expiry.schedule(
            str(row.pk), row.ends_at, zone=ZoneInfo(client.timezone), steps=steps
        )
    }
    keys = {step.key for days, step in schedule.items() if _key(row, days, row.ends_at) in done}
    found = expiry.due(
        str(row.pk), row.ends_at, now=now, done=keys, zone=ZoneInfo(client.timezone), steps=steps
    )
    fresh = [*found.skipped, *([found.fire] if found.fire else [])]
    Reminder.objects.bulk_create(
        [
            Reminder(authorization=row, step_days=step.days, ends_at=row.ends_at, raised_at=now)
            for step in fresh
        ],
        ignore_conflicts=True,
    )
    if found.fire is None:
        return 0
    return int(_alert(row, client, found.fire.days, spend, now))


def _alert(
    row: Authorization, client: Client, days: int, spend: SpendPerDay | None, now: datetime
) -> bool:
    who = f"@{row.creator.handle}" if row.creator else "a creator"
    left = "1 day" if days == 1 else f"{days} days"
    severity = Alert.Severity.INFO
    if spend:
        severity = Alert.Severity.CRITICAL if days <= 3 else Alert.Severity.WARNING
    alert = raise_alert(
        KIND,
        f"{KIND}:{_key(row, days, row.ends_at)}",
        subject=row,
        severity=severity.value,
        title=f"The authorization of {who} ends in {left}",
        body=_body(row, spend),
        path=reverse("authorizations:detail", kwargs={"client": client.slug, "pk": row.pk}),
        action_label="Ask for renewal",
        at_risk=spend.amount if spend else None,
        currency=spend.currency if spend else "",
        now=now,
    )
    return alert is not None


def _body(row: Authorization, spend: SpendPerDay | None) -> str:
    post = str(row.post) if row.post else "its posts"
    if spend is None:
        return f"“{post}” has no ad spend now."
    return f"Ads on “{post}” spend {spend.amount} {spend.currency} a day. They stop when it ends."


def _resolve_moved(now: datetime) -> None:
    """End alerts whose authorization no longer ends when the alert said."""
    open_ones = Alert.objects.filter(kind=KIND, resolved_at=None)
    rows = Authorization.objects.in_bulk([one.subject_id for one in open_ones])
    for alert in open_ones:
        row = rows[alert.subject_id]
        if row.ends_at is None or row.ends_at.isoformat() not in alert.key:
            end_alert(alert, now=now)


def _key(row: Authorization, days: int, ends_at: datetime | None) -> str:
    return f"{row.pk}:{days}:{ends_at.isoformat() if ends_at else ''}"
