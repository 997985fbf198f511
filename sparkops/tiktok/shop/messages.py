"""Messages between shop and creators (contract 8.8).

There is no idempotency key: after a send whose outcome is unknown, read the conversation before
sending again.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Annotated, Any, Literal

from sparkops.tiktok.paging import Page
from sparkops.tiktok.shop.caller import UP_TO_20, UP_TO_50, Caller, Listing
from sparkops.tiktok.values import (
    Count,
    Flag,
    Maybe,
    Record,
    RequiredId,
    Text,
    TextId,
    UnixTime,
    known,
)

MAX_READ_CONVERSATIONS = 20
ConversationFilter = Literal["ALL", "UNREAD", "UNREPLIED"]

MessageType = Annotated[
    Text,
    known(
        "TEXT",
        "PRODUCT_CARD",
        "TARGET_COLLABORATION_CARD",
        "FREE_SAMPLE_CARD",
        "IMAGE",
        "CRM_TEXT_WITH_IMAGE_CARD",
        "CRM_TEXT_WITH_PRODUCTS_CARD",
        "NOTIFICATION",
        "EMOTICONS",
        "SYSTEM",
    ),
]


class Conversation(Record):
    """A thread with one creator. Only ``id`` is there when only ids were asked for."""

    id: RequiredId
    creator_im_id: TextId = ""
    creator_open_id: TextId = ""
    username: Text = ""
    nickname: Text = ""
    avatar: Text | dict[str, Any] = ""
    unread_count: Count = None


class ConversationsPage(Record):
    conversations: list[Conversation] = []
    next_page_token: Text = ""
    has_more: Flag = None
    total_count: Count = None


class MessageBody(Record):
    """``content`` is JSON text for most types, and free text for some received ones."""

    id: RequiredId
    conversation_id: TextId = ""
    type: MessageType = ""
    content: Text = ""
    create_time: UnixTime = None
    sender_id: TextId = ""

    @property
    def payload(self) -> dict[str, Any]:
        """``content`` as an object; empty when it is no JSON object."""
        try:
            value = json.loads(self.content)
        except (ValueError, RecursionError):
            return {}
        return value if isinstance(value, dict) else {}

    @property
    def words(self) -> str:
        """What a person wrote, for TEXT; otherwise empty."""
        if self.type != "TEXT":
            return ""
        said = self.payload.get("content", self.content)
        return said if isinstance(said, str) else self.content


class Message(Record):
    """A higher ``conversation_index`` is newer."""

    conversation_index: TextId = ""
    message_body: Maybe[MessageBody] = None


class MessagesPage(Record):
    messages: list[Message] = []
    next_page_token: Text = ""
    has_more: Flag = None


class OpenedConversation(Record):
    conversation_id: RequiredId
    is_new: Flag = None
    creator_im_id: TextId = ""
    username: Text = ""
    avatar: Text | dict[str, Any] = ""
    unread_count: Count = None


class SentMessage(Record):
    message_id: RequiredId


class ReadResult(Record):
    failed_conversation_ids: list[TextId] = []


class GroupCounts(Record):
    """Numbers of conversations per group, by TikTok's names; see ``model_extra``."""


CONVERSATIONS = Listing(
    "conversations",
    ConversationsPage,
    Conversation,
    "conversations",
    "a list of conversations",
    sizes=UP_TO_50,
    default_size=50,
)
MESSAGES = Listing(
    "messages",
    MessagesPage,
    Message,
    "messages",
    "a conversation",
    sizes=UP_TO_20,
    default_size=20,
)
NEWEST_MESSAGES = Listing(
    "messages_newest", MessagesPage, Message, "messages", "the newest messages"
)


class Messages:
    """Conversations with creators. Calls raise ``TikTokError``."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def conversations(
        self,
        *,
        status: ConversationFilter = "ALL",
        page_size: int | None = None,
        page_token: str = "",
    ) -> Iterator[Page[ConversationsPage, Conversation]]:
        """Threads with their creators."""
        query = {"conversation_status": status, "only_need_conversation_id": False}
        return self._caller.pages(
            CONVERSATIONS, query=query, page_size=page_size, page_token=page_token
        )

    def messages(
        self, conversation_id: str, *, page_size: int | None = None, page_token: str = ""
    ) -> Iterator[Page[MessagesPage, Message]]:
        """A thread's messages, newest first."""
        return self._caller.pages(
            MESSAGES, conversation_id, page_size=page_size, page_token=page_token
        )

    def newest(self) -> Page[MessagesPage, Message]:
        """Unread messages of the last minute only."""
        return self._caller.page(NEWEST_MESSAGES)

    def group_counts(self) -> GroupCounts:
        """How many conversations are in each group."""
        return self._caller.record(GroupCounts, "the counts", "conversation_counts")

    def open(self, creator_open_id: str) -> OpenedConversation:
        """The thread with a creator, made when there is none. Safe to repeat."""
        body = {"creator_open_id": creator_open_id, "only_need_conversation_id": False}
        return self._caller.record(
            OpenedConversation, "a conversation", "conversation_create", body=body
        )

    def send_text(self, conversation_id: str, words: str) -> str:
        """Send text; the id of the message. Never repeated by itself."""
        return self.send(conversation_id, "TEXT", {"content": words})

    def send(
        self,
        conversation_id: str,
        msg_type: Literal[
            "TEXT", "PRODUCT_CARD", "TARGET_COLLABORATION_CARD", "FREE_SAMPLE_CARD", "IMAGE"
        ],
        content: dict[str, Any],
    ) -> str:
        """Send one message; its id. ``content`` per type as in contract 8.8.

        Uses quota. Never repeated by itself.
        """
        said = json.dumps(content, separators=(",", ":"), ensure_ascii=False)
        answer = self._caller.record(
            SentMessage,
            "an answer",
            "message_send",
            conversation_id,
            body={"msg_type": msg_type, "content": said},
        )
        return answer.message_id

    def mark_read(self, conversation_ids: Sequence[str]) -> list[str]:
        """Mark up to 20 threads as read; the ids for which it failed."""
        if not 1 <= len(conversation_ids) <= MAX_READ_CONVERSATIONS:
            raise ValueError(f"mark 1 to {MAX_READ_CONVERSATIONS} conversations at once")
        answer = self._caller.record(
            ReadResult,
            "an answer",
            "conversations_read",
            body={"conversation_ids": list(conversation_ids)},
        )
        return answer.failed_conversation_ids
