"""A person's chats: adding, testing, taking away, and what happened to the last message."""

from datetime import datetime
from typing import NamedTuple

from sparkops.accounts.models import User
from sparkops.alerts import chat
from sparkops.alerts.actions import choose_notices
from sparkops.alerts.kinds import EVENTS
from sparkops.alerts.models import Chat
from sparkops.alerts.wishes import BOTH, EMAIL, read_wishes
from sparkops.connections.vault import vault
from sparkops.errors import Refusal

MOST_CHATS = 5
PURPOSE = "chat_address"


class NewChat(NamedTuple):
    """What a person gives: the kind, their own name for it, and the address of the webhook."""

    kind: str
    label: str
    address: str


def add_chat(user: User, new: NewChat, *, now: datetime) -> Chat:
    """Add a chat in which the person is told everything from now on.

    Raises Refusal for an address that is none or not public, a name that is taken, and beyond the
    most chats a person may have.
    """
    label, address = new.label.strip(), new.address.strip()
    try:
        host = chat.check_address(address)
    except chat.ChatError as error:
        raise Refusal("address", error.sentence, field="address") from error
    mine = Chat.objects.filter(user=user)
    if mine.filter(label=label).exists():
        raise Refusal("label", "You have a chat with this name. Choose another.", field="label")
    if mine.count() >= MOST_CHATS:
        raise Refusal("too_many", f"Take a chat away first: you have {MOST_CHATS}.")
    sealed = vault().seal(address, client_id=user.pk, purpose=PURPOSE)
    made = Chat.objects.create(
        user=user, kind=new.kind, label=label, host=host, address=sealed, created_at=now
    )
    wishes = read_wishes(user.notices)
    channels = {event: wishes.channels.get(event, BOTH) | {made.channel} for event, _, _ in EVENTS}
    choose_notices(user, wishes.with_channels(channels), timezone=user.timezone)
    return made


def remove_chat(one: Chat, *, user: User) -> None:
    """Take a chat away; what waited for it is dropped when its turn comes."""
    wishes = read_wishes(user.notices)
    channels = {event: names - {one.channel} for event, names in wishes.channels.items()}
    by = EMAIL if wishes.digest_by == one.channel else wishes.digest_by
    choose_notices(user, wishes.with_channels(channels, digest_by=by), timezone=user.timezone)
    one.delete()


def say(one: Chat, message: chat.Message, *, now: datetime) -> None:
    """Send a message and remember how it went. Raises ChatError."""
    address = vault().open(one.address, client_id=one.user_id, purpose=PURPOSE)
    try:
        chat.send(one.kind, address, message)
    except chat.ChatError as error:
        one.failed_at, one.error = now, error.sentence
        one.is_stopped = error.for_good
        one.save(update_fields=["failed_at", "error", "is_stopped"])
        raise
    one.last_ok_at, one.error, one.is_stopped = now, "", False
    one.save(update_fields=["last_ok_at", "error", "is_stopped"])
