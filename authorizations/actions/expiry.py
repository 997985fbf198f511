"""Flagging what expires: once per step and end, ranked by what is at stake (AR5, N4)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.urls import reverse

from authorizations.actions.use import settle
from authorizations.models import Authorization, Reminder
from authorizations.queries import SpendPerDay, due_for_reminders, spend_per_day
from authorizations.rules import expiry
from authorizations.rules.states import USABLE, State
from sparkops.alerts.actions import end_alert, raise_alert
from sparkops.alerts.models import Alert
from sparkops.clock import shop_day
from sparkops.tenants.models import Client

KIND = "authorization.expiring"
ENDED = "authorization.ended"
AT_THE_END = 0
"""The step of the end itself."""


@dataclass(frozen=True)
class _Case:
    row: Authorization
    ends_at: datetime
    spend: SpendPerDay | None


def flag_expiring(client: Client, *, now: datetime) -> int:
    """Raise what is due now and move states that time has changed; returns the alerts raised.

    Level-triggered: it looks at what is there, so a missed run is made up by the next one. When an
    end has moved, the alerts of the old end are resolved. What costs most per day is raised first.
    """
    steps = tuple(client.reminder_days) or expiry.DEFAULT_STEPS
    rows = list(due_for_reminders(now, steps=steps))
    spend = spend_per_day(
        [row.post_id for row in rows if row.post_id], shop_day(now, client.timezone)
    )
    cases = [_Case(row, row.ends_at, spend.get(row.post_id or 0)) for row in rows if row.ends_at]
    cases.sort(key=lambda one: (-(one.spend.amount if one.spend else 0), one.ends_at, one.row.pk))
    _resolve_moved(now)
    raised = 0
    for case in cases:
        settle(case.row, in_use=case.spend is not None, now=now)
        raised += _flag(case, client, steps, now)
    return raised


def _flag(case: _Case, client: Client, steps: Sequence[int], now: datetime) -> int:
    if case.row.state == State.EXPIRED:
        return _flag_end(case, client, now)
    row, zone = case.row, ZoneInfo(client.timezone)
    done = {one.step_days for one in row.reminders.all() if one.ends_at == case.ends_at}
    keys = {
        step.key
        for step in expiry.schedule(str(row.pk), case.ends_at, zone=zone, steps=steps)
        if step.days in done
    }
    found = expiry.due(str(row.pk), case.ends_at, now=now, done=keys, zone=zone, steps=steps)
    fresh = [*found.skipped, *([found.fire] if found.fire else [])]
    _note(case, [step.days for step in fresh], now)
    return int(found.fire is not None and _warn(case, client, found.fire.days, now))


def _flag_end(case: _Case, client: Client, now: datetime) -> int:
    _note(case, [AT_THE_END], now)
    if case.spend is None:
        return 0
    return int(_end(case, client, now))


def _note(case: _Case, days: Sequence[int], now: datetime) -> None:
    Reminder.objects.bulk_create(
        [
            Reminder(authorization=case.row, step_days=one, ends_at=case.ends_at, raised_at=now)
            for one in days
        ],
        ignore_conflicts=True,
    )


def _warn(case: _Case, client: Client, days: int, now: datetime) -> bool:
    """One open alert per permission: a nearer step takes the place of the one before."""
    _resolve(case.row, now)
    left = "1 day" if days == 1 else f"{days} days"
    severity = Alert.Severity.INFO
    if case.spend:
        severity = Alert.Severity.CRITICAL if days <= 3 else Alert.Severity.WARNING
    return _raise(KIND, case, client, days, severity, f"ends in {left}", _stake(case), now)


def _end(case: _Case, client: Client, now: datetime) -> bool:
    body = f"{_stake(case)} Ads that use it have stopped or stop now."
    severity = Alert.Severity.CRITICAL
    return _raise(ENDED, case, client, AT_THE_END, severity, "has ended", body, now)


def _raise(
    kind: str,
    case: _Case,
    client: Client,
    days: int,
    severity: Alert.Severity,
    what: str,
    body: str,
    now: datetime,
) -> bool:
    row, spend = case.row, case.spend
    who = f"@{row.creator.handle}" if row.creator else "a creator"
    alert = raise_alert(
        kind,
        f"{kind}:{row.pk}:{days}:{case.ends_at.isoformat()}",
        subject=row,
        severity=severity.value,
        title=f"The authorization of {who} {what}",
        body=body,
        path=reverse("authorizations:detail", kwargs={"client": client.slug, "pk": row.pk}),
        action_label="Ask for renewal",
        at_risk=spend.amount if spend else None,
        currency=spend.currency if spend else "",
        now=now,
    )
    return alert is not None


def _stake(case: _Case) -> str:
    post = str(case.row.post) if case.row.post else "its posts"
    if case.spend is None:
        return f"\u201c{post}\u201d has no ad spend now."
    money = f"{case.spend.amount} {case.spend.currency}"
    return f"Ads on \u201c{post}\u201d spend {money} a day."


def _resolve(row: Authorization, now: datetime) -> None:
    for alert in Alert.objects.filter(
        kind=KIND, subject_type="authorization", subject_id=row.pk, resolved_at=None
    ):
        end_alert(alert, now=now)


def _resolve_moved(now: datetime) -> None:
    """End alerts whose permission is not what they were about: renewed, ended, or another end."""
    open_ones = list(Alert.objects.filter(kind__in=[KIND, ENDED], resolved_at=None))
    rows = Authorization.objects.in_bulk({one.subject_id for one in open_ones})
    for alert in open_ones:
        row = rows.get(alert.subject_id)
        if row is None or not _still_says(alert, row, now):
            end_alert(alert, now=now)


def _still_says(alert: Alert, row: Authorization, now: datetime) -> bool:
    if row.ends_at is None or not alert.key.endswith(row.ends_at.isoformat()):
        return False
    if alert.kind == ENDED:
        return row.state == State.EXPIRED
    return State(row.state) in USABLE and now < row.ends_at
