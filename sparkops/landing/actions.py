"""Asking for data now, receiving webhooks, forgetting old pages."""

from datetime import datetime, timedelta
from typing import Any

from sparkops.audit.record import Actor, record
from sparkops.connections.models import Connection, ShopRoute
from sparkops.isolation.scope import client_scope
from sparkops.landing.models import Cursor, Hint, Page, Run
from sparkops.landing.redact import redacted
from sparkops.tiktok.shop import webhooks

KEEP_PAGES = timedelta(days=30)
KEEP_HINTS = timedelta(days=35)
BATCH = 5_000

# Which streams re-read what a webhook hints at (Shop contract 11.3).
HINTED = {
    webhooks.ORDER_STATUS_CHANGE: ("orders",),
    2: ("returns", "cancellations"),
    5: ("products",),
    11: ("cancellations", "orders"),
    webhooks.RETURN_STATUS_CHANGE: ("returns",),
    15: ("products",),
    16: ("products",),
    33: ("conversations",),
}


def read_again(*, by: Actor, now: datetime, connection: Connection | None = None) -> int:
    """Make every stream (of one connection) due now; returns how many."""
    cursors = Cursor.objects.filter(connection__state=Connection.State.ACTIVE)
    if connection is not None:
        cursors = cursors.filter(connection=connection)
        record("connection.read_again", connection, by=by, now=now)
    return cursors.update(due_at=now)


def load_again(stream: str, part: str) -> None:
    """Let the next pull load what it reads of a part even if TikTok tells the same as before:
    its rows were written from elsewhere."""
    runs = Run.objects.filter(cursor__stream=stream, cursor__part=part)
    newest = runs.order_by("cursor_id", "-pk").distinct("cursor_id")
    Page.objects.filter(run__in=newest.values("pk")).update(loaded_at=None)


def receive(event: webhooks.WebhookEvent, *, now: datetime) -> int:
    """Land a verified event for every client that has the shop; repeats change nothing.

    Returns the number of clients. An event of an unknown shop concerns nobody.
    """
    clients = list(
        ShopRoute.objects.filter(shop_id=event.shop_id).values_list("route_client_id", flat=True)
    )
    for client_id in clients:
        with client_scope(client_id):
            _land(event, now)
    return len(clients)


def _land(event: webhooks.WebhookEvent, now: datetime) -> None:
    _, new = Hint.objects.get_or_create(
        key=event.tts_notification_id,
        defaults={
            "kind": event.name,
            "shop_id": event.shop_id,
            "payload": _payload(event),
            "received_at": now,
            "handled_at": now,
        },
    )
    if not new:
        return
    if event.type == webhooks.SELLER_DEAUTHORIZATION:
        _lose(event.shop_id, now)
    Cursor.objects.filter(
        part=event.shop_id, stream__in=HINTED.get(event.type, ()), claimed_until=None
    ).update(due_at=now)


def _payload(event: webhooks.WebhookEvent) -> dict[str, Any]:
    cleaned: dict[str, Any] = redacted(event.model_dump(mode="json"))
    return cleaned


def _lose(shop_id: str, now: datetime) -> None:
    Connection.objects.filter(
        cursors__part=shop_id, kind=Connection.Kind.SHOP, state=Connection.State.ACTIVE
    ).update(
        state=Connection.State.LOST,
        lost_at=now,
        lost_reason="The seller withdrew the authorization in TikTok Shop. Connect the shop again.",
    )


def forget_old(*, now: datetime) -> int:
    """Delete landed pages and webhooks past their time, a batch at a time; returns how many."""
    old_pages = Page.objects.filter(received_at__lt=now - KEEP_PAGES)
    ids = list(old_pages.values_list("pk", flat=True)[:BATCH])
    pages, _ = Page.objects.filter(pk__in=ids).delete()
    hints, _ = Hint.objects.filter(received_at__lt=now - KEEP_HINTS).delete()
    return pages + hints
