"""Answers of creators (Shop contract 8.8)."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

from creators.inbound.tagged import TaggedPage
from creators.rules.handles import plain_handle
from sparkops.catalog.inbound import open_shop, shop_parts
from sparkops.connections.models import Connection
from sparkops.landing.merge import Counts
from sparkops.landing.streams import Context, Stream, Window
from sparkops.outreach.actions.replies import Said, keep_replies
from sparkops.tiktok.shop.api import ShopApi
from sparkops.tiktok.shop.messages import Message


def _pages(api: ShopApi, _part: str, _window: Window) -> Iterator[TaggedPage]:
    """The newest messages of threads that somebody has to read or answer. Answering does not mark
    as read, so a thread answered in TikTok between two reads is still among the unread."""
    seen: set[str] = set()
    for status in ("UNREPLIED", "UNREAD"):
        for heads in api.messages.conversations(status=status):
            for one in heads.items:
                if one.id in seen or not one.username:
                    continue
                seen.add(one.id)
                newest = next(iter(api.messages.messages(one.id)))
                yield TaggedPage(f"{one.creator_im_id} {one.username}", newest)


def load_replies(rows: Sequence[tuple[str, Message]], context: Context) -> Counts:
    """Messages whose sender is the creator; our own are known already."""
    said = []
    for asked_for, one in rows:
        im_id, _, handle = asked_for.partition(" ")
        body = one.message_body
        if body is None or body.sender_id != im_id or not plain_handle(handle):
            continue
        said.append(
            Said(
                handle=handle,
                conversation_id=body.conversation_id,
                message_id=body.id,
                text=body.words,
                at=body.create_time or context.now,
            )
        )
    added = keep_replies(said, now=context.now)
    return Counts(added=added, unchanged=len(rows) - added)


CONVERSATIONS = Stream(
    name="conversations",
    label="Answers of creators",
    kind=Connection.Kind.SHOP,
    every=timedelta(minutes=2),
    parts=shop_parts,
    open=open_shop,
    pages=_pages,
    load=load_replies,
    first=None,
)
