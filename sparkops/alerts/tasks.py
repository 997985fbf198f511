"""Sending alerts by mail and to chats."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import Q
from django.template.loader import render_to_string

from sparkops import clock
from sparkops.alerts.chat import ChatError, Message
from sparkops.alerts.chats import say
from sparkops.alerts.models import Delivery
from sparkops.alerts.queries import open_chat
from sparkops.alerts.wishes import EMAIL
from sparkops.isolation.scope import client_scope
from sparkops.isolation.tasks import client_task, fan_out
from sparkops.tenants.models import Client
from sparkops.tenants.queries import active_client_ids

CLAIM = timedelta(minutes=2)
BATCH = 100


@client_task(queue="outbound", scoped=False)
def deliver(*, client_id: int) -> None:
    """Send the client's due mails, one transaction per claim and one per result."""
    client = Client.objects.get(pk=client_id)
    for _ in range(BATCH):
        delivery = _claim(client_id, clock.now())
        if delivery is None:
            return
        _send(client, delivery)


@fan_out(queue="outbound")
def sweep_deliveries() -> tuple[Any, Iterable[int]]:
    """Every client's mails."""
    return deliver, active_client_ids()


def _claim(client_id: int, now: datetime) -> Delivery | None:
    with client_scope(client_id):
        delivery = (
            Delivery.objects.select_for_update(skip_locked=True, of=("self",))
            .select_related("alert", "user")
            .filter(state=Delivery.State.WAITING, due_at__lte=now)
            .filter(Q(claimed_until=None) | Q(claimed_until__lt=now))
            .order_by("due_at", "id")
            .first()
        )
        if delivery is not None:
            delivery.claimed_until = now + CLAIM
            delivery.attempts += 1
            delivery.save(update_fields=["claimed_until", "attempts"])
        return delivery


def _send(client: Client, delivery: Delivery) -> None:
    if delivery.channel == EMAIL:
        _send_mail(client, delivery)
    else:
        _say(client, delivery)


def _say(client: Client, delivery: Delivery) -> None:
    """Tell a chat; one that is gone or was stopped by the other side is not asked again."""
    chat = open_chat(delivery.user, delivery.channel)
    if chat is None:
        _record(client.pk, delivery, state=Delivery.State.DROPPED)
        return
    alert = delivery.alert
    message = Message(
        f"{client.name}: {alert.title}", alert.body, f"{settings.SITE_URL}{alert.path}"
    )
    try:
        say(chat, message, now=clock.now())
    except ChatError as error:
        over = Delivery.State.FAILED if error.for_good else ""
        _record(client.pk, delivery, error=error.sentence, state=over)
    else:
        _record(client.pk, delivery)


def _send_mail(client: Client, delivery: Delivery) -> None:
    context = {"alert": delivery.alert, "client": client, "site_url": settings.SITE_URL}
    message = EmailMessage(
        subject=f"{client.name}: {delivery.alert.title}",
        body=render_to_string("emails/alerts/alert.txt", context),
        to=[delivery.user.email],
        # The same id for every attempt, so that a repeat after a crash is recognised as one mail.
        headers={"Message-ID": f"<alert-{client.pk}-{delivery.pk}@sparkops>"},
    )
    try:
        message.send()
    except OSError as error:
        _record(client.pk, delivery, error=str(error))
    else:
        _record(client.pk, delivery)


def _record(client_id: int, delivery: Delivery, *, error: str = "", state: str = "") -> None:
    """How an attempt ended; an error is tried again unless `state` says what became of it."""
    now = clock.now()
    if error and not state:
        delivery.due_at = now + timedelta(minutes=min(60, 2**delivery.attempts))
        state = Delivery.State.FAILED if delivery.attempts >= 8 else Delivery.State.WAITING
    delivery.error, delivery.state = error, state or Delivery.State.SENT
    if delivery.state == Delivery.State.SENT:
        delivery.sent_at = now
    delivery.claimed_until = None
    with client_scope(client_id):
        delivery.save()
