"""Raising and ending alerts, in the open scope and the caller's transaction."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import Model

from sparkops.accounts.models import User
from sparkops.alerts.models import Alert, Delivery
from sparkops.alerts.wishes import APP, BOTH, EMAIL, Wishes, read_wishes, written
from sparkops.isolation.scope import current_client_id
from sparkops.tenants.models import Client
from sparkops.tenants.permissions import Permission
from sparkops.tenants.queries import people_who_may


@dataclass(frozen=True)
class News:
    """One alert to raise. `key` makes it once; `path` opens the page that answers it; `at_risk` is
    money per day in `currency`."""

    kind: str
    key: str
    subject: Model
    severity: str
    title: str
    path: str
    body: str = ""
    action_label: str = ""
    at_risk: Decimal | None = None
    currency: str = ""


def raise_alert(
    kind: str,
    key: str,
    *,
    subject: Model,
    severity: str,
    title: str,
    path: str,
    now: datetime,
    body: str = "",
    action_label: str = "",
    at_risk: Decimal | None = None,
    currency: str = "",
    told: Permission = Permission.AUTHORIZATION_EDIT,
    people: Sequence[User] = (),
) -> Alert | None:
    """Raise an alert once per `key`; None when it was raised before.

    `path` opens the page that answers it; `at_risk` is money per day in `currency`. Everyone who
    holds the permission `told` is told, or `people` alone when some are named, each where and when
    they want to be.
    """
    news = News(kind, key, subject, severity, title, path, body, action_label, at_risk, currency)
    return next(iter(raise_alerts([news], now=now, told=told, people=people)), None)


def raise_alerts(
    news: Sequence[News],
    *,
    now: datetime,
    told: Permission = Permission.AUTHORIZATION_EDIT,
    people: Sequence[User] = (),
) -> list[Alert]:
    """Raise many in their order, told to the same people; those that were not raised before.

    The same few statements for any number. Of two runs at the same moment both may return an alert;
    there is one of it, and one mail to each person.
    """
    keys = [one.key for one in news]
    known = set(Alert.objects.filter(key__in=keys).values_list("key", flat=True))
    fresh = [key for key in keys if key not in known]
    if not fresh:
        return []
    Alert.objects.bulk_create(
        [_alert(one, now) for one in news if one.key not in known], ignore_conflicts=True
    )
    raised = list(Alert.objects.filter(key__in=fresh).order_by("pk"))
    client = Client.objects.get(pk=current_client_id())
    listeners = people or people_who_may(client, told)
    ways = [way for alert in raised for one in listeners for way in _deliveries(alert, one, now)]
    Delivery.objects.bulk_create(ways, ignore_conflicts=True)
    return raised


def _alert(news: News, now: datetime) -> Alert:
    return Alert(
        kind=news.kind,
        key=news.key,
        severity=news.severity,
        title=news.title[:200],
        body=news.body,
        path=news.path,
        action_label=news.action_label,
        subject_type=news.subject._meta.model_name or "",
        subject_id=news.subject.pk,
        at_risk=news.at_risk,
        currency=news.currency,
        raised_at=now,
    )


def _deliveries(alert: Alert, person: User, now: datetime) -> list[Delivery]:
    """How a person is told; empty for who does not want to be. One of them is listed in SparkOps,
    if any."""
    wishes = read_wishes(person.notices)
    channels = wishes.told_by(alert.kind)
    due_at, in_app = wishes.mail_at(now, person.timezone), APP in channels
    found = [
        Delivery(alert=alert, user=person, channel=one, due_at=due_at, in_app=False)
        for one in sorted(channels - BOTH)
    ]
    if EMAIL in channels:
        found.append(Delivery(alert=alert, user=person, due_at=due_at, in_app=in_app))
    elif in_app:
        state = Delivery.State.SENT
        found.append(
            Delivery(alert=alert, user=person, channel=APP, state=state, due_at=now, sent_at=now)
        )
    return found


def resolve_alerts(subject: Model, *, now: datetime, kinds: tuple[str, ...] = ()) -> int:
    """End the open alerts of a subject (of some kinds); mails not yet sent are dropped."""
    open_ones = Alert.objects.filter(
        subject_type=subject._meta.model_name or "", subject_id=subject.pk, resolved_at=None
    )
    if kinds:
        open_ones = open_ones.filter(kind__in=kinds)
    return _end(list(open_ones.values_list("pk", flat=True)), now)


def end_alert(alert: Alert, *, now: datetime) -> None:
    """End one alert; its mails that were not sent yet are dropped."""
    _end([alert.pk], now)


def end_alerts(ids: Collection[int], *, now: datetime) -> int:
    """End alerts by their keys in two statements; how many were open."""
    return _end(ids, now) if ids else 0


def mark_seen(user: User, *, now: datetime) -> None:
    """Mark everything that a person was told in the open scope as seen."""
    Delivery.objects.filter(user=user, in_app=True, seen_at=None).update(seen_at=now)


def choose_notices(user: User, wishes: Wishes, *, timezone: str) -> None:
    """Keep what a person wants to be told, and the zone in which their hours are meant."""
    user.notices, user.timezone = written(wishes), timezone
    user.save(update_fields=["notices", "timezone"])


def _end(ids: Collection[int], now: datetime) -> int:
    Delivery.objects.filter(alert_id__in=ids, state=Delivery.State.WAITING).update(
        state=Delivery.State.DROPPED
    )
    return Alert.objects.filter(pk__in=ids, resolved_at=None).update(resolved_at=now)
