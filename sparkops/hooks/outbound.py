"""Telling an endpoint, and what becomes of one that does not answer."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.conf import settings
from django.urls import reverse

from sparkops.alerts.actions import raise_alert
from sparkops.alerts.models import Alert
from sparkops.connections.vault import vault
from sparkops.hooks import signing
from sparkops.hooks.actions import PURPOSE
from sparkops.hooks.models import Attempt, Delivery, Endpoint
from sparkops.hooks.posting import GONE, Answer, post
from sparkops.hooks.spreading import KIND
from sparkops.isolation.scope import client_scope
from sparkops.outbox.models import Command
from sparkops.outbox.queue import Handler, OnRefusal, Outcome
from sparkops.tenants.permissions import Permission
from sparkops.tiktok import errors

DISABLED = "webhook.disabled"


def deliver(client_id: int, command: Command, now: datetime) -> Outcome:
    """Send one delivery. Raises errors.Server to be tried again later."""
    with client_scope(client_id):
        delivery = Delivery.objects.select_related("endpoint").filter(
            pk=command.payload["delivery"], round=command.payload["round"]
        ).first()  # fmt: skip
        if delivery is None or delivery.state != Delivery.State.WAITING:
            return Outcome({"result": "over"})
        endpoint = delivery.endpoint
        if endpoint.disabled_at or endpoint.removed_at:
            return Outcome({"result": "held"}, lambda: _end(delivery, Delivery.State.HELD, now))
    headers = signing.headers(
        opened(endpoint, now), delivery.message_id, int(now.timestamp()), delivery.body
    )
    answer = post(endpoint.url, headers, delivery.body)
    signed = headers["webhook-signature"]
    if answer.is_good:
        return Outcome({"status": answer.status}, lambda: _delivered(delivery, answer, signed, now))
    with client_scope(client_id):
        _not_delivered(delivery, answer, signed, now)
    raise errors.Server(api="shop", sentence=_sentence(answer))


def opened(endpoint: Endpoint, now: datetime) -> list[str]:
    """The secrets that sign a message now."""
    return [
        vault().open(one, client_id=endpoint.organization_id, purpose=PURPOSE)
        for one in endpoint.secrets_at(now)
    ]


def _delivered(delivery: Delivery, answer: Answer, signed: str, now: datetime) -> None:
    _note(delivery, answer, signed, now)
    _end(delivery, Delivery.State.DELIVERED, now)
    Endpoint.objects.filter(pk=delivery.endpoint_id).exclude(failing_since=None).update(
        failing_since=None
    )


def _not_delivered(delivery: Delivery, answer: Answer, signed: str, now: datetime) -> None:
    _note(delivery, answer, signed, now)
    endpoint = Endpoint.objects.select_for_update().get(pk=delivery.endpoint_id)
    if endpoint.failing_since is None:
        endpoint.failing_since = now
        endpoint.save(update_fields=["failing_since"])
    if endpoint.disabled_at is not None:
        return
    if answer.status == GONE:
        _disable(endpoint, "It answered that it is gone for good (410).", now)
    elif now - endpoint.failing_since >= timedelta(hours=settings.HOOKS_DISABLE_AFTER_HOURS):
        hours = settings.HOOKS_DISABLE_AFTER_HOURS
        _disable(endpoint, f"Nothing arrived for {hours} hours: {_sentence(answer)}", now)


def _disable(endpoint: Endpoint, why: str, now: datetime) -> None:
    endpoint.disabled_at, endpoint.disabled_why = now, why[:200]
    endpoint.save(update_fields=["disabled_at", "disabled_why"])
    path = reverse(
        "webhook",
        kwargs={"organization": endpoint.organization.slug, "endpoint": endpoint.pk},
    )
    raise_alert(
        DISABLED,
        f"{DISABLED}:{endpoint.pk}:{now.isoformat()}",
        subject=endpoint,
        severity=Alert.Severity.CRITICAL,
        title=f"The webhook {endpoint.name} was switched off",
        body=f"{why} What happens meanwhile is held back and can be sent again.",
        path=path,
        action_label="Look at the webhook",
        told=Permission.WEBHOOKS,
        now=now,
    )


def _note(delivery: Delivery, answer: Answer, signed: str, now: datetime) -> None:
    Attempt.objects.create(
        delivery=delivery,
        at=now,
        status=answer.status,
        problem=answer.problem[:200],
        signatures=signed,
        answer=answer.text,
    )


def _end(delivery: Delivery, state: str, now: datetime) -> None:
    Delivery.objects.filter(pk=delivery.pk).update(state=state, finished_at=now)


def _sentence(answer: Answer) -> str:
    return answer.problem or f"The endpoint answered {answer.status}."


def _given_up(command: Command, error: errors.TikTokError, now: datetime) -> None:
    Delivery.objects.filter(
        pk=command.payload["delivery"],
        round=command.payload["round"],
        state=Delivery.State.WAITING,
    ).update(state=Delivery.State.FAILED, finished_at=now)


HANDLERS: Mapping[str, Handler] = {KIND: deliver}
ON_REFUSAL: Mapping[str, OnRefusal] = {KIND: _given_up}
