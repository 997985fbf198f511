"""From facts to deliveries: one transaction takes some facts and writes who is told of each."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q, QuerySet

from sparkops.alerts.models import Alert
from sparkops.audit.models import Event
from sparkops.hooks.events import Told, of_alert, of_entry, wants
from sparkops.hooks.models import Delivery, Endpoint, Fact
from sparkops.isolation.scope import current_client_id
from sparkops.outbox.models import Command
from sparkops.tenants.models import Client

KIND = "webhook.deliver"
BATCH = 500


def spread(*, now: datetime) -> bool:
    """Take the next facts of the open client; whether there may be more.

    A fact is deleted in the transaction that writes its deliveries, so it is told once to each.
    """
    facts = list(Fact.objects.select_for_update(skip_locked=True).order_by("pk")[:BATCH])
    if not facts:
        return False
    client = Client.objects.get(pk=current_client_id())
    endpoints = list(endpoints_of(client))
    address(
        ((endpoint, told) for told in _told(facts, client.slug) for endpoint in endpoints
         if wants(endpoint.groups, told.event)),
        now=now,
    )  # fmt: skip
    Fact.objects.filter(pk__in=[one.pk for one in facts]).delete()
    return len(facts) == BATCH


def endpoints_of(client: Client) -> QuerySet[Endpoint]:
    """The endpoints that are told of a client, switched off ones too: theirs is held back."""
    return Endpoint.objects.filter(
        Q(client=client) | Q(client=None),
        organization_id=client.organization_id,
        removed_at=None,
    )


def address(pairs: Iterable[tuple[Endpoint, Told]], *, now: datetime) -> list[Delivery]:
    """Write deliveries in the open scope and put those to endpoints that are on into the outbox."""
    Delivery.objects.bulk_create(
        made := [
            Delivery(
                endpoint=endpoint,
                message_id=told.message_id,
                event=told.event,
                body=told.body,
                happened_at=told.happened_at,
                created_at=now,
                state=Delivery.State.HELD if endpoint.disabled_at else Delivery.State.WAITING,
            )
            for endpoint, told in pairs
        ]
    )
    send([one for one in made if one.state == Delivery.State.WAITING], now=now)
    return made


def send(deliveries: Iterable[Delivery], *, now: datetime) -> None:
    """Put deliveries into the outbox, each once in its round."""
    Command.objects.bulk_create(
        (
            Command(
                kind=KIND,
                key=f"{KIND}:{one.pk}:{one.round}",
                payload={"delivery": one.pk, "round": one.round},
                due_at=now,
                created_at=now,
                created_by="SparkOps",
            )
            for one in deliveries
        ),
        ignore_conflicts=True,
    )


def forget_old(*, now: datetime) -> None:
    """Drop what the open client's endpoints were told longer ago than the log is kept."""
    kept = timedelta(days=settings.HOOKS_KEPT_DAYS)
    Delivery.objects.filter(created_at__lt=now - kept).delete()
    Command.objects.filter(kind=KIND, finished_at__lt=now - kept).delete()


def _told(facts: list[Fact], client: str) -> Iterable[Told]:
    entries = Event.objects.in_bulk(
        [one.source_id for one in facts if one.source == Fact.Source.AUDIT]
    )
    alerts = Alert.objects.in_bulk(
        [one.source_id for one in facts if one.source != Fact.Source.AUDIT]
    )
    for fact in facts:
        if fact.source == Fact.Source.AUDIT and fact.source_id in entries:
            yield of_entry(entries[fact.source_id], client)
        elif fact.source != Fact.Source.AUDIT and fact.source_id in alerts:
            yield of_alert(alerts[fact.source_id], fact.source, client)
