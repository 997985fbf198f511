"""Keeping what creators write back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from creators.actions.known import know_creators
from creators.models import Creator
from creators.rules.handles import plain_handle
from sparkops.audit.record import Actor
from sparkops.outreach.actions.contacts import note
from sparkops.outreach.actions.inbox import heard
from sparkops.outreach.models import Reply
from sparkops.outreach.rules.replies import meaning_of

TIKTOK = Actor("TikTok Shop")


@dataclass(frozen=True)
class Said:
    """A message of the creator called `handle`."""

    handle: str
    conversation_id: str
    message_id: str
    text: str
    at: datetime


def keep_replies(said: Sequence[Said], *, now: datetime) -> int:
    """Note new messages, the oldest first, and what they mean; returns how many were new."""
    ids = [one.message_id for one in said]
    known = set(Reply.objects.filter(message_id__in=ids).values_list("message_id", flat=True))
    fresh = sorted((one for one in said if one.message_id not in known), key=lambda one: one.at)
    creators = know_creators([one.handle for one in fresh], now=now, source="shop")
    rows = Creator.objects.in_bulk(creators.values())
    for one in fresh:
        creator = rows[creators[plain_handle(one.handle)]]
        Reply.objects.create(
            creator=creator,
            conversation_id=one.conversation_id,
            message_id=one.message_id,
            text=one.text,
            sent_at=one.at,
        )
        heard(creator, one.text, at=one.at)
        note(creator, meaning_of(one.text), at=one.at, by=TIKTOK, now=now)
    return len(fresh)
