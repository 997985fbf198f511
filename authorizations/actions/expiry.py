"""Flagging what expires: once per step and end, ranked by what is at stake (AR5, N4)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.urls import reverse

from authorizations.actions.use import settle
from authorizations.models import Authorization, Reminder
from authorizations.queries import SpendPerDay, due_for_reminders, rows_to_flag, spend_per_day
from authorizations.rules import expiry
from authorizations.rules.states import USABLE, State
from sparkops.alerts.actions import News, end_alerts, raise_alerts
from sparkops.alerts.models import Alert
from sparkops.clock import shop_day
from sparkops.tenants.models import Client

KIND = "authorization.expiring"
ENDED = "authorization.ended"
AT_THE_END = 0
"""The step of the end itself."""


BATCH = 1_000
"""Rows whose words are held in memory at a time."""


@dataclass(frozen=True)
class _Case:
    row: Authorization
    ends_at: datetime
    spend: SpendPerDay | None


@dataclass
class _Found:
    """What a batch has to write: steps to note, and alerts in their order."""

    notes: list[Reminder] = field(default_factory=list)
    warned: list[int] = field(default_factory=list)
    news: list[News] = field(default_factory=list)


@dataclass(frozen=True)
class _Sweep:
    """One run for one client: its steps in days, its zone, and the clock."""

    client: Client
    steps: tuple[int, ...]
    zone: ZoneInfo
    now: datetime


def flag_expiring(client: Client, *, now: datetime) -> int:
    """Raise what is due now and move states that time has changed; returns the alerts raised.

    Level-triggered: it looks at what is there, so a missed run is made up by the next one. When an
    end has moved, the alerts of the old end are resolved. What costs most per day is raised first.
    The statements are the same few for each thousand rows.
    """
    steps = tuple(client.reminder_days) or expiry.DEFAULT_STEPS
    sweep = _Sweep(client, steps, ZoneInfo(client.timezone), now)
    due = list(due_for_reminders(now, steps=steps).values_list("pk", "post_id", "ends_at"))
    spend = spend_per_day({post for _, post, _ in due if post}, shop_day(now, client.timezone))
    due.sort(key=lambda one: (-_amount(spend.get(one[1] or 0)), one[2], one[0]))
    _resolve_moved(now)
    return sum(
        _flag_batch([pk for pk, *_ in due[begin : begin + BATCH]], spend, sweep)
        for begin in range(0, len(due), BATCH)
    )


def _amount(spend: SpendPerDay | None) -> Decimal:
    return spend.amount if spend else Decimal(0)


def _flag_batch(ids: Sequence[int], spend: Mapping[int, SpendPerDay], sweep: _Sweep) -> int:
    """The rows of one batch in the order of `ids`; returns the alerts raised."""
    rows = {row.pk: row for row in rows_to_flag(ids).select_for_update(of=("self",))}
    settle(rows.values(), used=spend, now=sweep.now)
    found = _Found()
    for pk in ids:
        row = rows.get(pk)
        if row is not None and row.ends_at is not None:
            _flag(_Case(row, row.ends_at, spend.get(row.post_id or 0)), sweep, found)
    Reminder.objects.bulk_create(found.notes, ignore_conflicts=True)
    _resolve(found.warned, sweep.now)
    return len(raise_alerts(found.news, now=sweep.now))


def _flag(case: _Case, sweep: _Sweep, found: _Found) -> None:
    if case.row.state == State.EXPIRED:
        found.notes.append(_note(case, AT_THE_END, sweep))
        if case.spend is not None:
            found.news.append(_end(case, sweep))
        return
    subject = str(case.row.pk)
    done = {
        expiry.step_key(subject, one.step_days, one.ends_at)
        for one in case.row.reminders.all()
        if one.ends_at == case.ends_at
    }
    due = expiry.due(
        subject, case.ends_at, now=sweep.now, done=done, zone=sweep.zone, steps=sweep.steps
    )
    found.notes += [_note(case, step.days, sweep) for step in due.skipped]
    if due.fire is not None:
        found.notes.append(_note(case, due.fire.days, sweep))
        found.warned.append(case.row.pk)
        found.news.append(_warn(case, due.fire.days, sweep))


def _note(case: _Case, days: int, sweep: _Sweep) -> Reminder:
    return Reminder(
        authorization_id=case.row.pk, step_days=days, ends_at=case.ends_at, raised_at=sweep.now
    )


def _warn(case: _Case, days: int, sweep: _Sweep) -> News:
    left = "1 day" if days == 1 else f"{days} days"
    severity = Alert.Severity.INFO
    if case.spend:
        severity = Alert.Severity.CRITICAL if days <= 3 else Alert.Severity.WARNING
    return _news(KIND, case, sweep, days, severity, f"ends in {left}", _stake(case))


def _end(case: _Case, sweep: _Sweep) -> News:
    body = f"{_stake(case)} Ads that use it have stopped or stop now."
    return _news(ENDED, case, sweep, AT_THE_END, Alert.Severity.CRITICAL, "has ended", body)


def _news(
    kind: str,
    case: _Case,
    sweep: _Sweep,
    days: int,
    severity: Alert.Severity,
    what: str,
    body: str,
) -> News:
    row, spend = case.row, case.spend
    who = f"@{row.creator.handle}" if row.creator else "a creator"
    return News(
        kind,
        f"{kind}:{row.pk}:{days}:{case.ends_at.isoformat()}",
        subject=row,
        severity=severity.value,
        title=f"The authorization of {who} {what}",
        body=body,
        path=reverse("authorizations:detail", kwargs={"client": sweep.client.slug, "pk": row.pk}),
        action_label="Ask for renewal",
        at_risk=spend.amount if spend else None,
        currency=spend.currency if spend else "",
    )


def _stake(case: _Case) -> str:
    post = str(case.row.post) if case.row.post else "its posts"
    if case.spend is None:
        return f"\u201c{post}\u201d has no ad spend now."
    money = f"{case.spend.amount} {case.spend.currency}"
    return f"Ads on \u201c{post}\u201d spend {money} a day."


def _resolve(ids: Sequence[int], now: datetime) -> None:
    """One open alert per permission: a nearer step takes the place of the one before."""
    of_rows = Alert.objects.filter(
        kind=KIND, subject_type="authorization", subject_id__in=ids, resolved_at=None
    )
    end_alerts(list(of_rows.values_list("pk", flat=True)) if ids else (), now=now)


def _resolve_moved(now: datetime) -> None:
    """End alerts whose permission is not what they were about: renewed, ended, or another end."""
    told = Alert.objects.filter(kind__in=[KIND, ENDED], resolved_at=None)
    open_ones = list(told.values_list("pk", "kind", "key", "subject_id"))
    about = Authorization.objects.filter(pk__in={subject for *_, subject in open_ones})
    rows = {pk: (state, end) for pk, state, end in about.values_list("pk", "state", "ends_at")}
    over = [
        pk
        for pk, kind, key, subject in open_ones
        if subject not in rows or not _still_says(kind, key, *rows[subject], now)
    ]
    end_alerts(over, now=now)


def _still_says(kind: str, key: str, state: str, ends_at: datetime | None, now: datetime) -> bool:
    if ends_at is None or not key.endswith(ends_at.isoformat()):
        return False
    if kind == ENDED:
        return state == State.EXPIRED
    return State(state) in USABLE and now < ends_at
