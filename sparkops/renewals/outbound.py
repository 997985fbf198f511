"""Sending messages to creators: as the shop on TikTok, or by e-mail.

TikTok keeps no idempotency key, so every attempt after the first reads the conversation before it
sends (contract 8.8). A mail carries the same id in every attempt.
"""

import smtplib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from django.core.mail import EmailMessage

from sparkops.audit.record import Actor
from sparkops.connections.apis import shop_api
from sparkops.isolation.scope import client_scope
from sparkops.outbox.models import Command
from sparkops.outbox.queue import Handler, OnRefusal
from sparkops.outbox.queue import Outcome as Done
from sparkops.renewals.actions.asks import COMMANDS, fail, keep_sent, leave_out, next_channel
from sparkops.renewals.models import Ask
from sparkops.renewals.queries.asks import known_message_ids, messaging_shop, why_not_wanted
from sparkops.renewals.queries.messages import cadence_of_client
from sparkops.renewals.rules.channels import EMAIL, SHOP
from sparkops.tiktok import errors
from sparkops.tiktok.shop.api import ShopApi

NO_SHOP = "No connected shop may send messages any more."
LOOK_BACK = 40
"""Messages of a conversation that are looked through for one that may be out already."""


@dataclass(frozen=True)
class _Letter:
    ask_id: int
    connection_id: int
    cipher: str
    open_id: str
    text: str
    known: frozenset[str]
    is_repeat: bool


def shop_message(client_id: int, command: Command, now: datetime) -> Done:
    """Write to a creator as the shop, once."""
    with client_scope(client_id):
        ask = _ask(command)
        if over := _over(ask, now):
            return over
        shop = messaging_shop()
        if shop is None or ask.creator is None:
            return Done({"result": "no shop"}, lambda: _onward(command, NO_SHOP, now))
        letter = _Letter(
            ask.pk,
            shop.connection_id,
            shop.cipher,
            ask.creator.creator_id,
            ask.text,
            frozenset(known_message_ids(ask.creator_id)),
            command.attempts > 1 or ask.attempt > 0,
        )
    with shop_api(client_id, letter.connection_id, letter.cipher) as api:
        message_id = _send(api, letter)
    by = Actor(command.created_by)
    return Done(
        {"message_id": message_id}, lambda: keep_sent(letter.ask_id, message_id, by=by, now=now)
    )


def email(client_id: int, command: Command, now: datetime) -> Done:
    """Write to a creator by e-mail."""
    with client_scope(client_id):
        ask = _ask(command)
        if over := _over(ask, now):
            return over
        reply_to = cadence_of_client().reply_to
        to = ask.creator.email if ask.creator else ""
    message = EmailMessage(
        subject=ask.subject,
        body=ask.text,
        to=[to],
        reply_to=[reply_to] if reply_to else None,
        headers={"Message-ID": f"<ask-{client_id}-{ask.pk}-{ask.attempt}@sparkops>"},
    )
    try:
        message.send()
    except smtplib.SMTPRecipientsRefused as error:
        raise errors.Invalid(api="shop", sentence="The mail server refuses the address.") from error
    except OSError as error:
        raise errors.Server(api="shop", sentence="The mail server did not take it.") from error
    by = Actor(command.created_by)
    return Done({"result": "sent"}, lambda: keep_sent(ask.pk, "", by=by, now=now))


def _ask(command: Command) -> Ask:
    rows = Ask.objects.select_related("creator", "authorization__previous")
    return rows.get(pk=command.payload["ask"])


def _over(ask: Ask, now: datetime) -> Done | None:
    """The outcome of a message that is settled, or that nobody needs any more."""
    if ask.state != Ask.State.SENDING:
        return Done({"result": "settled before"})
    if why := why_not_wanted(ask):
        return Done({"result": why}, lambda: leave_out(ask.pk, why, now=now))
    return None


def _send(api: ShopApi, letter: _Letter) -> str:
    """The id of the message, sent now or by an attempt whose answer was lost."""
    conversation = api.messages.open(letter.open_id)
    if letter.is_repeat:
        found = _find(api, conversation.conversation_id, conversation.creator_im_id, letter)
        if found:
            return found
    try:
        return api.messages.send_text(conversation.conversation_id, letter.text)
    except errors.TikTokError as error:
        if not error.outcome_unknown or error.retryable:
            raise
        raise errors.Server(
            api="shop", sentence="TikTok's answer was lost. The conversation is looked at."
        ) from error


def _find(api: ShopApi, conversation_id: str, creator_im_id: str, letter: _Letter) -> str:
    """Our message in the conversation, unless it belongs to an earlier one of the same words."""
    pages = api.messages.messages(conversation_id)
    for message in islice((one for page in pages for one in page.items), LOOK_BACK):
        body = message.message_body
        if body is None or body.sender_id == creator_im_id or body.id in letter.known:
            continue
        if body.words == letter.text:
            return body.id
    return ""


def _refused(command: Command, error: errors.TikTokError, now: datetime) -> None:
    """TikTok or the mail server says no for good: take the next way. Silence for hours is a
    failure that a person may repeat, because the message may yet be out."""
    if error.retryable:
        fail(command.payload["ask"], error.sentence, now=now)
        return
    said = f"{error.sentence} TikTok says: {error.message}" if error.message else error.sentence
    _onward(command, said, now)


def _onward(command: Command, why: str, now: datetime) -> None:
    next_channel(_ask(command), why, messaging_shop(), by=Actor(command.created_by), now=now)


HANDLERS: Mapping[str, Handler] = {COMMANDS[SHOP]: shop_message, COMMANDS[EMAIL]: email}
ON_REFUSAL: Mapping[str, OnRefusal] = {COMMANDS[SHOP]: _refused, COMMANDS[EMAIL]: _refused}
