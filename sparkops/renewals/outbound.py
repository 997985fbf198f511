"""Sending messages to creators: as the shop on TikTok, or by e-mail.

TikTok keeps no idempotency key, so every attempt after the first reads the conversation before it
sends (contract 8.8). A mail carries the same id in every attempt.
"""

from collections.abc import Mapping
from datetime import datetime

from sparkops.audit.record import Actor
from sparkops.connections.apis import shop_api
from sparkops.isolation.scope import client_scope
from sparkops.outbox.letters import Letter, mail, send_once
from sparkops.outbox.models import Command
from sparkops.outbox.queue import Handler, OnRefusal
from sparkops.outbox.queue import Outcome as Done
from sparkops.renewals.actions.asks import COMMANDS, fail, keep_sent, leave_out, next_channel
from sparkops.renewals.actions.own_page import open_page
from sparkops.renewals.models import Ask
from sparkops.renewals.queries.asks import known_message_ids, messaging_shop, why_not_wanted
from sparkops.renewals.queries.messages import cadence_of_client
from sparkops.renewals.queries.own_page import to_send
from sparkops.renewals.rules.channels import EMAIL, SHOP
from sparkops.tiktok import errors

NO_SHOP = "No connected shop may send messages any more."


def shop_message(client_id: int, command: Command, now: datetime) -> Done:
    """Write to a creator as the shop, once."""
    with client_scope(client_id):
        ask = _ask(command)
        if over := _over(ask, now):
            return over
        shop = messaging_shop()
        if shop is None or ask.creator is None:
            return Done({"result": "no shop"}, lambda: _onward(command, NO_SHOP, now))
        open_page(ask, by=Actor(command.created_by), now=now)
        letter = Letter(
            ask.creator.creator_id,
            to_send(ask, ask.text),
            known_message_ids(ask.creator_id),
            command.attempts > 1 or ask.attempt > 0,
        )
    with shop_api(client_id, shop.connection_id, shop.cipher) as api:
        message_id = send_once(api, letter)
    by = Actor(command.created_by)
    return Done({"message_id": message_id}, lambda: keep_sent(ask.pk, message_id, by=by, now=now))


def email(client_id: int, command: Command, now: datetime) -> Done:
    """Write to a creator by e-mail."""
    with client_scope(client_id):
        ask = _ask(command)
        if over := _over(ask, now):
            return over
        open_page(ask, by=Actor(command.created_by), now=now)
        subject, body = to_send(ask, ask.subject), to_send(ask, ask.text)
        reply_to = cadence_of_client().reply_to
        to = ask.creator.email if ask.creator else ""
    message_id = f"<ask-{client_id}-{ask.pk}-{ask.attempt}@sparkops>"
    mail(to, subject, body, reply_to=reply_to, message_id=message_id)
    by = Actor(command.created_by)
    return Done({"result": "sent"}, lambda: keep_sent(ask.pk, "", by=by, now=now))


def _ask(command: Command) -> Ask:
    rows = Ask.objects.select_related("creator", "authorization__previous", "authorization__post")
    return rows.get(pk=command.payload["ask"])


def _over(ask: Ask, now: datetime) -> Done | None:
    """The outcome of a message that is settled, or that nobody needs any more."""
    if ask.state != Ask.State.SENDING:
        return Done({"result": "settled before"})
    if why := why_not_wanted(ask):
        return Done({"result": why}, lambda: leave_out(ask.pk, why, now=now))
    return None


def _refused(command: Command, error: errors.TikTokError, now: datetime) -> None:
    """TikTok or the mail server says no for good: take the next way. Silence for hours is a
    failure that a person may repeat, because the message may yet be out."""
    if error.retryable or error.outcome_unknown:
        fail(command.payload["ask"], error.sentence, now=now)
        return
    said = f"{error.sentence} TikTok says: {error.message}" if error.message else error.sentence
    _onward(command, said, now)


def _onward(command: Command, why: str, now: datetime) -> None:
    next_channel(_ask(command), why, messaging_shop(), by=Actor(command.created_by), now=now)


HANDLERS: Mapping[str, Handler] = {COMMANDS[SHOP]: shop_message, COMMANDS[EMAIL]: email}
ON_REFUSAL: Mapping[str, OnRefusal] = {COMMANDS[SHOP]: _refused, COMMANDS[EMAIL]: _refused}
