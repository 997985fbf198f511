"""Webhooks: subscriptions, signatures over raw bytes, news of the world, repeats and retries."""

import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from sparkops.sandbox.shop.deliveries import Deliveries, post
from sparkops.sandbox.shop.signing import webhook_signature

from .caller import Caller, sample

WEBHOOKS = "/event/202309/webhooks"
EVENTS = sample("webhook_events.json")["events"]


class Inbox:
    """A receiver that answers with `status` and keeps what it got."""

    def __init__(self) -> None:
        self.status = 200
        self.received: list[tuple[bytes, str]] = []
        inbox = self

        class Receiver(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                inbox.received.append((body, self.headers["Authorization"]))
                self.send_response(inbox.status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, format: str, *args: Any) -> None:
                """Quiet."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.address = f"http://127.0.0.1:{self.server.server_port}/hooks/tiktok"

    @property
    def bodies(self) -> list[dict[str, Any]]:
        return [json.loads(body) for body, _ in self.received]

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def inbox() -> Iterator[Inbox]:
    opened = Inbox()
    yield opened
    opened.close()


@pytest.fixture
def deliveries(writer: Caller) -> Deliveries:
    """Deliveries stepped by hand; the first look only marks the present."""
    made = Deliveries(writer.world, post)
    made.step()
    return made


def subscribe(caller: Caller, event_type: str, address: str) -> Any:
    return caller.call("PUT", WEBHOOKS, None, {"event_type": event_type, "address": address})


@pytest.mark.parametrize("event", EVENTS, ids=[one["id"] for one in EVENTS])
def test_signature_matches_the_published_events(event: dict[str, Any]) -> None:
    made = webhook_signature(event["app_key"], event["app_secret"], event["raw_body"].encode())
    assert (made == event["headers"]["Authorization"]) is event["valid"]


def test_subscription_is_listed_replaced_and_removed(writer: Caller, inbox: Inbox) -> None:
    assert writer.get(WEBHOOKS).data["webhooks"] == []
    assert subscribe(writer, "ORDER_STATUS_CHANGE", inbox.address).code == 0
    writer.control("clock", advance_seconds=5)
    assert subscribe(writer, "ORDER_STATUS_CHANGE", inbox.address + "2").code == 0
    rows = writer.get(WEBHOOKS).data["webhooks"]
    assert [(row["event_type"], row["address"]) for row in rows] == [
        ("ORDER_STATUS_CHANGE", inbox.address + "2")
    ]
    assert rows[0]["update_time"] == rows[0]["create_time"] + 5
    for _ in range(2):
        gone = writer.call("DELETE", WEBHOOKS, None, {"event_type": "ORDER_STATUS_CHANGE"})
        assert gone.code == 0
    assert writer.get(WEBHOOKS).data["webhooks"] == []


@pytest.mark.parametrize(
    ("event_type", "address"),
    [
        ("SUNRISE", "https://hooks.example.com/x"),
        ("ORDER_STATUS_CHANGE", "hooks.example.com"),
        ("ORDER_STATUS_CHANGE", "ftp://hooks.example.com"),
        ("ORDER_STATUS_CHANGE", "https://hooks.example.com:8443/x"),
        ("ORDER_STATUS_CHANGE", "https://203.0.113.7/x"),
        ("ORDER_STATUS_CHANGE", "https://hooks.example.com/" + "x" * 255),
    ],
)
def test_subscription_that_is_refused(writer: Caller, event_type: str, address: str) -> None:
    answer = subscribe(writer, event_type, address)
    assert (answer.status, answer.code) == (400, 36009004)


def test_triggered_event_is_signed_over_its_bytes(
    writer: Caller, inbox: Inbox, deliveries: Deliveries
) -> None:
    subscribe(writer, "ORDER_STATUS_CHANGE", inbox.address)
    order = next(o for o in writer.world.orders.values() if o.created_at <= writer.world.now())
    made = writer.control("send_webhook", shop_id=writer.shop.id, order_id=order.id)
    assert deliveries.step() == 1
    body, authorization = inbox.received[0]
    secret = writer.app.app_secret.encode()
    expected = hmac.new(secret, writer.app.app_key.encode() + body, hashlib.sha256).hexdigest()
    assert authorization == expected
    event = json.loads(body)
    assert event.keys() == {"type", "tts_notification_id", "shop_id", "timestamp", "data"}
    assert event["tts_notification_id"] == made["notification_ids"][0]
    assert (event["type"], event["shop_id"]) == (1, writer.shop.id)
    known = json.loads(EVENTS[0]["raw_body"])["data"]
    assert {k: type(v) for k, v in event["data"].items()} == {k: type(v) for k, v in known.items()}


def test_running_clock_tells_every_change_of_an_order(
    writer: Caller, inbox: Inbox, deliveries: Deliveries
) -> None:
    subscribe(writer, "ORDER_STATUS_CHANGE", inbox.address)
    start = writer.world.now()
    writer.control("clock", advance_seconds=2 * 24 * 3600)
    while deliveries.step():
        pass
    end = writer.world.now()
    told = {(e["data"]["order_id"], e["data"]["update_time"]) for e in inbox.bodies}
    shipped = {
        (order.id, int(order.collected_at.timestamp()))
        for order in writer.world.orders.values()
        if order.collected_at and start < order.collected_at < end and not order.cancelled_at
    }
    assert shipped
    assert shipped <= told
    for event in inbox.bodies:
        order = writer.world.orders[event["data"]["order_id"]]
        moment = event["data"]["update_time"]
        assert start.timestamp() - 2 < moment <= end.timestamp()
        assert event["data"]["order_status"] == order.status(datetime.fromtimestamp(moment, UTC))


def test_only_subscribed_kinds_are_sent(
    writer: Caller, inbox: Inbox, deliveries: Deliveries
) -> None:
    subscribe(writer, "RETURN_STATUS_CHANGE", inbox.address)
    writer.control("clock", advance_seconds=3 * 24 * 3600)
    while deliveries.step():
        pass
    assert {event["type"] for event in inbox.bodies} <= {12}


def test_creator_message_and_deauthorization(
    writer: Caller, inbox: Inbox, deliveries: Deliveries
) -> None:
    writer.control("shop_app", webhook_address=inbox.address)
    creator = next(iter(writer.world.creators.values()))
    sent = writer.control(
        "creator_message", shop_id=writer.shop.id, handle=creator.handle, text="Sure!"
    )
    writer.control("deauthorize_shop", shop_id=writer.shop.id)
    writer.control("clock", advance_seconds=2)
    deliveries.step()
    by_type = {event["type"]: event["data"] for event in inbox.bodies}
    assert by_type[33]["message_id"] == sent["message_id"]
    assert by_type[33]["conversation_id"] == sent["conversation_id"]
    assert json.loads(by_type[33]["content"]) == {"content": "Sure!"}
    assert writer.shop.id in by_type[6]["message"]


def test_refused_delivery_comes_again_on_the_schedule(
    writer: Caller, inbox: Inbox, deliveries: Deliveries
) -> None:
    writer.control("webhook_habits", retry_scale=1)
    subscribe(writer, "PRODUCT_CREATION", inbox.address)
    inbox.status = 500
    writer.control(
        "send_webhook",
        shop_id=writer.shop.id,
        event_type="PRODUCT_CREATION",
        data={"product_id": "1"},
    )
    assert deliveries.step() == 1
    for wait in (2 * 60, 30 * 60, 3 * 3600, 12 * 3600):
        writer.control("clock", advance_seconds=wait - 1)
        assert deliveries.step() == 0
        writer.control("clock", advance_seconds=1)
        assert deliveries.step() == 1
    writer.control("clock", advance_seconds=30 * 24 * 3600)
    assert deliveries.step() == 0
    assert len({event["tts_notification_id"] for event in inbox.bodies}) == 1
    assert len(inbox.bodies) == 5


def test_answered_delivery_is_not_repeated(
    writer: Caller, inbox: Inbox, deliveries: Deliveries
) -> None:
    subscribe(writer, "PRODUCT_CREATION", inbox.address)
    writer.control(
        "send_webhook",
        shop_id=writer.shop.id,
        event_type="PRODUCT_CREATION",
        data={"product_id": "1"},
    )
    deliveries.step()
    writer.control("clock", advance_seconds=24 * 3600)
    deliveries.step()
    assert [event["data"] for event in inbox.bodies] == [{"product_id": "1"}]
    log = writer.control("webhook_log")
    assert [one["status"] for one in log["attempts"]] == [200]
    assert log["waiting"] == []


def test_habits_repeat_and_reorder(writer: Caller, inbox: Inbox, deliveries: Deliveries) -> None:
    subscribe(writer, "PRODUCT_CREATION", inbox.address)
    writer.control("webhook_habits", repeat_every=2, newest_first=True)
    for number in range(4):
        writer.control(
            "send_webhook",
            shop_id=writer.shop.id,
            event_type="PRODUCT_CREATION",
            data={"product_id": str(number)},
        )
    deliveries.step()
    assert [event["data"]["product_id"] for event in inbox.bodies] == ["3", "3", "2", "1", "1", "0"]
    ids = [event["tts_notification_id"] for event in inbox.bodies]
    assert len(set(ids)) == 4


def test_nobody_at_the_address_counts_as_no_answer() -> None:
    assert post("http://127.0.0.1:9/hooks", b"{}", {}) == 0
