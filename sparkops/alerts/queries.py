"""Reads of what a person was told."""

from django.db.models import QuerySet

from sparkops.accounts.models import User
from sparkops.alerts.models import Chat, Delivery


def notices_of(user: User, view: str, *, client: str = "") -> QuerySet[Delivery]:
    """What a person was told in the open scope: new (neither seen nor ended), or with `view`
    "all" everything; `client` is the slug of the only one, empty for every one."""
    rows = Delivery.objects.filter(user=user, in_app=True).select_related("alert", "client")
    if client:
        rows = rows.filter(client__slug=client)
    return rows if view == "all" else rows.filter(seen_at=None, alert__resolved_at=None)


def chats_of(user: User) -> QuerySet[Chat]:
    """Chats of a person, by name."""
    return Chat.objects.filter(user=user)


def open_chat(user: User, channel: str) -> Chat | None:
    """The chat of a person that a channel names, while the other side takes messages."""
    return chats_of(user).filter(pk=channel[1:], is_stopped=False).first()
