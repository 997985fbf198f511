"""Webhooks on their way out: signed, repeated until answered with 200 (contract 11.2 to 11.4)."""

import json
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from sparkops.sandbox.world import Shop, ShopApp, WebhookDelivery, World

from .happenings import EVENT_TYPES, Happening, between
from .signing import webhook_signature
from .values import seconds

ANSWER_WITHIN_SECONDS = 3.0
RETRIES_AFTER = (
    timedelta(minutes=2),
    timedelta(minutes=30),
    timedelta(hours=3),
    timedelta(hours=12),
)
# A demo does not wait half a day: retries come this much faster on the sandbox's clock.
RETRY_SCALE = 1 / 60
TICK_SECONDS = 0.25
RUNNING_SECOND = timedelta(seconds=1)

Send = Callable[[str, bytes, dict[str, str]], int]


@dataclass(frozen=True)
class Pending:
    """An event for one address. `tries` counts the attempts made."""

    notification_id: str
    shop_id: str
    type: int
    address: str
    body: bytes
    signature: str
    due_at: datetime
    tries: int = 0


@dataclass
class Habits:
    """How deliveries misbehave: every n-th event twice, newest first, pace of the retries."""

    repeat_every: int = 0
    newest_first: bool = False
    retry_scale: float = RETRY_SCALE


@dataclass
class Outbox:
    """Events of a world on their way out. Kept in ``World.outbox``."""

    habits: Habits = field(default_factory=Habits)
    pending: list[Pending] = field(default_factory=list)
    made: int = 0


def outbox_of(world: World) -> Outbox:
    if world.outbox is None:
        world.outbox = Outbox()
    box: Outbox = world.outbox
    return box


def queue(world: World, shop: Shop, happening: Happening, now: datetime) -> list[Pending]:
    """Queues an event for every address subscribed to it; nothing while a journal is replayed."""
    if world.replaying:
        return []
    box = outbox_of(world)
    made = []
    for app, address in _subscribers(world, shop, happening.event_type):
        box.made += 1
        made.append(_pending(app, shop, happening, address, now, box.made))
        if box.habits.repeat_every and box.made % box.habits.repeat_every == 0:
            made.append(made[-1])
    box.pending.extend(made)
    return made


@dataclass
class Deliveries:
    """Watches one world and posts what its subscribers are to know.

    `observe` and `take_due` run under the world's lock; `send` happens outside of it.
    """

    world: World
    send: Send
    _seen_until: datetime | None = None
    _stop: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def start(self) -> None:
        """Begins to watch in the background; what happened before is not told."""
        self._seen_until = self.world.now() - RUNNING_SECOND
        self._thread = threading.Thread(target=self._run, daemon=True, name="webhooks")
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        if self._thread:
            self._thread.join(timeout=2 * ANSWER_WITHIN_SECONDS)

    def step(self) -> int:
        """Looks for news and sends what is due; the number of attempts made."""
        with self.world.lock:
            self.observe(self.world.now())
            due = self.take_due(self.world.now())
        for one in due:
            headers = {"Content-Type": "application/json", "Authorization": one.signature}
            status = self.send(one.address, one.body, headers)
            with self.world.lock:
                self._note(one, status)
        return len(due)

    def observe(self, now: datetime) -> None:
        """Queues what happened since the last look. The running second waits until it is over."""
        until = now - RUNNING_SECOND
        since = self._seen_until
        if since is not None and until <= since:
            return  # the clock was set back: what was told once is not told again
        self._seen_until = until
        if since is None:
            return
        for shop in self.world.shops.values():
            if _is_watched(self.world, shop):
                for happening in between(self.world, shop, since, until):
                    queue(self.world, shop, happening, now)

    def take_due(self, now: datetime) -> list[Pending]:
        """What is to be sent now; it leaves the queue."""
        box = outbox_of(self.world)
        due = [one for one in box.pending if one.due_at <= now]
        box.pending = [one for one in box.pending if one.due_at > now]
        due.sort(key=lambda one: one.due_at)
        return due[::-1] if box.habits.newest_first else due

    def _run(self) -> None:
        while not self._stop.wait(TICK_SECONDS):
            self.step()

    def _note(self, one: Pending, status: int) -> None:
        now, box = self.world.now(), outbox_of(self.world)
        self.world.webhook_log.append(
            WebhookDelivery(
                notification_id=one.notification_id,
                shop_id=one.shop_id,
                type=one.type,
                address=one.address,
                body=one.body.decode(),
                at=now,
                status=status,
                data=json.loads(one.body)["data"],
            )
        )
        if status != httpx.codes.OK and one.tries < len(RETRIES_AFTER):
            wait = RETRIES_AFTER[one.tries] * box.habits.retry_scale
            box.pending.append(replace(one, tries=one.tries + 1, due_at=now + wait))


def _subscribers(world: World, shop: Shop, event_type: str) -> list[tuple[ShopApp, str]]:
    """The shop's own address for the event and the app-wide one."""
    app = next(iter(world.shop_apps.values()))
    own = world.webhooks.get((shop.id, event_type))
    addresses = {own.address if own else "", app.webhook_address} - {""}
    return [(app, address) for address in sorted(addresses)]


def _is_watched(world: World, shop: Shop) -> bool:
    app_wide = any(app.webhook_address for app in world.shop_apps.values())
    return app_wide or any(shop_id == shop.id for shop_id, _ in world.webhooks)


def _pending(
    app: ShopApp, shop: Shop, happening: Happening, address: str, now: datetime, number: int
) -> Pending:
    # Real time keeps the id new after a restart, too.
    stamp = int(datetime.now(UTC).timestamp() * 1000)
    notification_id = f"756{stamp}{number % 1000:03d}"
    kind = EVENT_TYPES[happening.event_type]
    envelope = {
        "type": kind,
        "tts_notification_id": notification_id,
        "shop_id": shop.id,
        "timestamp": seconds(happening.at),
        "data": happening.data,
    }
    body = json.dumps(envelope, separators=(",", ":"), ensure_ascii=False).encode()
    return Pending(
        notification_id=notification_id,
        shop_id=shop.id,
        type=kind,
        address=address,
        body=body,
        signature=webhook_signature(app.app_key, app.app_secret, body),
        due_at=now,
    )


def post(address: str, body: bytes, headers: dict[str, str]) -> int:
    """The HTTP status of the answer, 0 when there was none within three seconds."""
    try:
        return httpx.post(
            address, content=body, headers=headers, timeout=ANSWER_WITHIN_SECONDS
        ).status_code
    except (httpx.HTTPError, httpx.InvalidURL):
        return 0


def listing(world: World) -> dict[str, Any]:
    """Attempts made and events waiting, for tests and demos."""
    return {
        "attempts": [
            {
                "notification_id": one.notification_id,
                "shop_id": one.shop_id,
                "type": one.type,
                "address": one.address,
                "body": one.body,
                "at": one.at.isoformat(),
                "status": one.status,
            }
            for one in world.webhook_log
        ],
        "waiting": [
            {
                "notification_id": one.notification_id,
                "type": one.type,
                "address": one.address,
                "tries": one.tries,
                "due_at": one.due_at.isoformat(),
            }
            for one in outbox_of(world).pending
        ],
    }
