"""A message on TikTok Shop that is sent once, though TikTok keeps no idempotency key.

Every attempt after the first reads the conversation before it sends (Shop contract 8.8).
"""

from collections.abc import Set
from dataclasses import dataclass
from itertools import islice

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
    try:
        return api.messages.send_text(conversation.conversation_id, letter.text)
    except errors.TikTokError as error:
        if not error.outcome_unknown or error.retryable:
            raise
        raise errors.Server(
            api="shop", sentence="TikTok's answer was lost. The conversation is looked at."
        ) from error


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
