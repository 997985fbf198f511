"""Conversations with creators (contract 8.8)."""

import json
from datetime import timedelta
from typing import Any

from sparkops.sandbox.world import Conversation, Creator, Message
from sparkops.sandbox.world.outreach import conversation_of

from . import errors, fields, outreach, paging, products
from .creators import avatar_url, by_open_id
from .gate import Call
from .signing import is_multipart
from .values import seconds

CONVERSATIONS_PER_PAGE, MESSAGES_PER_PAGE = 50, 20
MOST_READ = 20
MOST_UNANSWERED = 5
MOST_UPLOAD_BYTES = 10 * 1024 * 1024
NEWEST_WITHIN = timedelta(minutes=1)
UNANSWERED = 16030007
LIST_STATUSES = ("ALL", "UNREAD", "UNREPLIED", "STARRED", "ARCHIVED")
NEW_STATUSES = ("STARRED", "UNSTARRED", "ARCHIVED")
# What `content` must hold for the kinds a seller may send.
CONTENT_KEYS = {
    "TEXT": ("content",),
    "PRODUCT_CARD": ("product_id",),
    "TARGET_COLLABORATION_CARD": ("target_collaboration_id",),
    "FREE_SAMPLE_CARD": ("apply_id",),
    "IMAGE": ("url", "width", "height"),
}


def open_conversation(call: Call) -> dict[str, Any]:
    """The conversation with a creator, made when there is none yet."""
    creator = by_open_id(call, fields.text(call.body, "creator_open_id", required=True))
    conversation, is_new = conversation_of(call.world, call.shop.id, creator, call.now)
    data: dict[str, Any] = {"conversation_id": conversation.id, "is_new": is_new}
    if not fields.flag(call.body, "only_need_conversation_id", default=True):
        data |= {
            "creator_im_id": creator.im_id,
            "username": creator.handle,
            "avatar": avatar_url(creator),
            "unread_count": conversation.unread_count,
        }
    return data


def conversations(call: Call) -> dict[str, Any]:
    """Newest first; ids only unless `only_need_conversation_id` is false."""
    status = call.query.get("conversation_status") or "ALL"
    if status not in LIST_STATUSES:
        raise errors.invalid_field("conversation_status", f"must be of {', '.join(LIST_STATUSES)}")
    ids_only = fields.flag(call.query, "only_need_conversation_id", default=True)
    found = [one for one in _own(call) if _has_status(call, one, status)]
    shown, token = paging.page(
        found,
        size=fields.page_size(call.query, most=CONVERSATIONS_PER_PAGE, default=20),
        token=fields.page_token(call.query),
        query=call.page_key(),
        position=lambda one: (_last_index(call, one), one.id),
        descending=True,
    )
    return {
        "total_count": len(found),
        "has_more": bool(token),
        "next_page_token": token,
        "conversations": [{"id": c.id} if ids_only else _row(call, c) for c in shown],
    }


def messages(call: Call) -> dict[str, Any]:
    """Messages of one conversation, newest first."""
    conversation = _one(call)
    shown, token = paging.page(
        _thread(call, conversation),
        size=fields.page_size(call.query, most=MESSAGES_PER_PAGE, default=MESSAGES_PER_PAGE),
        token=fields.page_token(call.query),
        query=call.page_key(),
        position=lambda message: (message.index, message.id),
        descending=True,
    )
    return {
        "has_more": bool(token),
        "next_page_token": token,
        "messages": [_message(call, conversation, message) for message in shown],
    }


def send(call: Call) -> dict[str, Any]:
    """Writes to a creator. Five unanswered messages are the most; new creators cost quota."""
    conversation = _one(call)
    kind = fields.text(call.body, "msg_type", required=True)
    text = fields.text(call.body, "content", required=True)
    if kind not in CONTENT_KEYS:
        raise errors.invalid_field("msg_type", f"must be of {', '.join(CONTENT_KEYS)}")
    _check_content(call, kind, text)
    if _unanswered(call, conversation) >= MOST_UNANSWERED:
        raise errors.refused(UNANSWERED, "No more messages can be sent until the creator replies.")
    outreach.contact(call, [call.world.creators[conversation.creator_id]])
    message = Message(
        id=call.world.new_id("message"),
        conversation_id=conversation.id,
        index=_next_index(call, conversation),
        type=kind,
        content=text,
        created_at=call.now,
        from_creator=False,
    )
    call.world.messages[message.id] = message
    return {"message_id": message.id}


def newest(call: Call) -> dict[str, Any]:
    """Unread messages of the last minute."""
    since = call.now - NEWEST_WITHIN
    rows = [
        _message(call, conversation, message)
        for conversation in _own(call)
        if conversation.unread_count
        for message in _thread(call, conversation)
        if message.from_creator and message.created_at >= since
    ]
    return {"messages": rows}


def mark_read(call: Call) -> dict[str, Any]:
    ids = fields.texts(call.body, "conversation_ids", most=MOST_READ)
    if not ids:
        raise errors.missing_field("conversation_ids")
    own = {one.id: one for one in _own(call)}
    for conversation_id in ids:
        if conversation_id in own:
            own[conversation_id].unread_count = 0
    return {"failed_conversation_ids": [one for one in ids if one not in own]}


def set_status(call: Call) -> dict[str, Any]:
    conversation = _one(call)
    status = fields.text(call.body, "status", required=True)
    if status not in NEW_STATUSES:
        raise errors.invalid_field("status", f"must be of {', '.join(NEW_STATUSES)}")
    conversation.status = "" if status == "UNSTARRED" else status
    return {}


def group_counts(call: Call) -> dict[str, Any]:
    return {
        "group_counts": [
            {"group": status, "count": sum(1 for c in _own(call) if _has_status(call, c, status))}
            for status in LIST_STATUSES
        ]
    }


def upload(call: Call) -> dict[str, Any]:
    """An image for an IMAGE message; the multipart field is `data`."""
    body = call.request.body
    if not is_multipart(call.request.headers.get("content-type", "")):
        raise errors.unsupported_content_type()
    if len(body) > MOST_UPLOAD_BYTES:
        raise errors.file_too_large()
    if b'name="data"' not in body:
        raise errors.missing_field("data")
    name = call.world.new_secret("upload", 24)
    return {
        "url": f"https://p16-sandbox.example/upload/{name}.jpeg",
        "width": 720,
        "height": 720,
    }


def seller_im_id(call: Call) -> str:
    """The sender id of the shop, different from every `creator_im_id`."""
    return f"7497{call.shop.id[4:]}"


def _own(call: Call) -> list[Conversation]:
    return [
        one
        for one in call.world.conversations.values()
        if one.shop_id == call.shop.id and one.created_at <= call.now
    ]


def _one(call: Call) -> Conversation:
    wanted = call.params["conversation_id"]
    conversation = next((one for one in _own(call) if one.id == wanted), None)
    if conversation is None:
        raise errors.not_found("conversation")
    return conversation


def _thread(call: Call, conversation: Conversation) -> list[Message]:
    """What was written by now, oldest first."""
    found = [
        message
        for message in call.world.messages.values()
        if message.conversation_id == conversation.id and message.created_at <= call.now
    ]
    return sorted(found, key=lambda message: message.index)


def _has_status(call: Call, conversation: Conversation, status: str) -> bool:
    if status == "ALL":
        return True
    if status == "UNREAD":
        return conversation.unread_count > 0
    if status == "UNREPLIED":
        thread = _thread(call, conversation)
        return bool(thread) and thread[-1].from_creator
    return conversation.status == status


def _last_index(call: Call, conversation: Conversation) -> int:
    thread = _thread(call, conversation)
    return thread[-1].index if thread else int(conversation.created_at.timestamp() * 1_000_000)


def _next_index(call: Call, conversation: Conversation) -> int:
    return max(_last_index(call, conversation) + 1, int(call.now.timestamp() * 1_000_000))


def _row(call: Call, conversation: Conversation) -> dict[str, Any]:
    creator: Creator = call.world.creators[conversation.creator_id]
    return {
        "id": conversation.id,
        "creator_im_id": creator.im_id,
        "username": creator.handle,
        "unread_count": conversation.unread_count,
    }


def _message(call: Call, conversation: Conversation, message: Message) -> dict[str, Any]:
    creator = call.world.creators[conversation.creator_id]
    return {
        "conversation_index": str(message.index),
        "message_body": {
            "id": message.id,
            "conversation_id": conversation.id,
            "type": message.type,
            "content": message.content,
            "create_time": seconds(message.created_at),
            "sender_id": creator.im_id if message.from_creator else seller_im_id(call),
        },
    }


def _unanswered(call: Call, conversation: Conversation) -> int:
    count = 0
    for message in _thread(call, conversation):
        count = 0 if message.from_creator else count + 1
    return count


def _check_content(call: Call, kind: str, text: str) -> None:
    """`content` is JSON in a string; cards must name something of this shop."""
    try:
        content = json.loads(text)
    except ValueError:
        content = None
    keys = CONTENT_KEYS[kind]
    if not isinstance(content, dict) or any(content.get(key) in (None, "") for key in keys):
        raise errors.invalid_field("content", f"must be JSON with {', '.join(keys)}")
    target = str(content[keys[0]])
    world, shop_id = call.world, call.shop.id
    plan, sample = world.target_collaborations.get(target), world.samples.get(target)
    known = {
        "PRODUCT_CARD": lambda: products.own(call, target) is not None,
        "TARGET_COLLABORATION_CARD": lambda: plan is not None and plan.shop_id == shop_id,
        "FREE_SAMPLE_CARD": lambda: sample is not None and sample.shop_id == shop_id,
    }
    if kind in known and not known[kind]():
        raise errors.invalid_field("content", f"names no {keys[0]} of this shop")
