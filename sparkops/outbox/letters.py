"""Writing to a creator once: as the shop on TikTok, or by e-mail.

TikTok keeps no idempotency key, so every attempt after the first reads the conversation before it
sends (Shop contract 8.8). A mail carries the same id in every attempt.
"""

import smtplib
from collections.abc import Iterator, Set
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice

from django.core.mail import EmailMessage

from sparkops.tiktok import errors
from sparkops.tiktok.shop.api import ShopApi

LOOK_BACK = 40
"""Messages of a conversation that are looked through for one that may be out already."""


@dataclass(frozen=True)
class Letter:
    """Text for one creator. `known` are TikTok's ids of earlier messages, which may say the same;
    `is_repeat` when an attempt may have got through before."""

    open_id: str
    text: str
    known: Set[str]
    is_repeat: bool


def send_once(api: ShopApi, letter: Letter) -> str:
    """The id of the message, sent now or by an attempt whose answer was lost.

    Raises TikTokError; a lost answer is one to try again.
    """
    conversation = api.messages.open(letter.open_id)
    if letter.is_repeat:
        found = _find(api, conversation.conversation_id, conversation.creator_im_id, letter)
        if found:
            return found
    with repeated_when_lost("TikTok's answer was lost. The conversation is looked at."):
        return api.messages.send_text(conversation.conversation_id, letter.text)


def mail(to: str, subject: str, text: str, *, reply_to: str, message_id: str) -> None:
    """Hand an e-mail to the mail server. Raises TikTokError in words about the mail server."""
    message = EmailMessage(
        subject=subject,
        body=text,
        to=[to],
        reply_to=[reply_to] if reply_to else None,
        headers={"Message-ID": message_id},
    )
    try:
        message.send()
    except smtplib.SMTPRecipientsRefused as error:
        raise errors.Invalid(api="shop", sentence="The mail server refuses the address.") from error
    except OSError as error:
        raise errors.Server(api="shop", sentence="The mail server did not take it.") from error


@contextmanager
def repeated_when_lost(sentence: str) -> Iterator[None]:
    """A write whose outcome is unknown is tried again by the outbox, which looks before it does."""
    try:
        yield
    except errors.TikTokError as error:
        if not error.outcome_unknown or error.retryable:
            raise
        raise errors.Server(api="shop", sentence=sentence) from error


def _find(api: ShopApi, conversation_id: str, creator_im_id: str, letter: Letter) -> str:
    """Our message in the conversation, unless it belongs to an earlier one of the same words."""
    pages = api.messages.messages(conversation_id)
    for message in islice((one for page in pages for one in page.items), LOOK_BACK):
        body = message.message_body
        if body is None or body.sender_id == creator_im_id or body.id in letter.known:
            continue
        if body.words == letter.text:
            return body.id
    return ""
