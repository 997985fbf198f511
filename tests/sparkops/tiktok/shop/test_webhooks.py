import hashlib
import hmac
import json

import pytest

from sparkops.tiktok.errors import Unexpected
from sparkops.tiktok.shop.webhooks import parse_event, verify
from tests.sparkops.tiktok.stand_in import sample

EVENTS = sample("shop/webhook_events.json")["events"]


def check(event: dict, **changed) -> bool:
    given = {
        "app_key": event["app_key"],
        "app_secret": event["app_secret"],
        "raw_body": event["raw_body"].encode(),
        "authorization": event["headers"]["Authorization"],
    }
    return verify(**(given | changed))


@pytest.mark.parametrize("event", EVENTS, ids=[event["id"] for event in EVENTS])
def test_every_event_is_verified(event):
    assert check(event) is event["valid"]


@pytest.mark.parametrize("event", EVENTS, ids=[event["id"] for event in EVENTS])
def test_every_event_is_read(event):
    sent = json.loads(event["raw_body"])
    read = parse_event(event["raw_body"].encode())
    assert (read.type, read.tts_notification_id) == (sent["type"], sent["tts_notification_id"])
    assert read.shop_id == sent["shop_id"]
    assert read.timestamp is not None
    assert read.timestamp.timestamp() == sent["timestamp"]
    assert read.data == sent["data"]
    for name in ("order_id", "return_id", "conversation_id"):
        assert read.data_id(name) == sent["data"].get(name, "")


@pytest.mark.parametrize(
    "changed",
    [
        {"authorization": None},
        {"authorization": ""},
        {"authorization": "é" * 64},
        {"app_secret": "another"},
        {"app_key": "another"},
        {"raw_body": b""},
    ],
)
def test_a_signature_that_does_not_fit_is_refused(changed):
    event = next(event for event in EVENTS if event["valid"])
    assert not check(event, **changed)


def test_the_signature_covers_the_bytes_as_they_came():
    body = b'{"type": 1,  "tts_notification_id":"1"}'
    digest = hmac.new(b"secret", b"key" + body, hashlib.sha256).hexdigest()
    assert verify("key", "secret", body, digest)
    assert not verify("key", "secret", json.dumps(json.loads(body)).encode(), digest)


def test_a_type_nobody_knows_is_kept():
    event = parse_event(
        b'{"type":52,"tts_notification_id":7,"shop_id":9,"data":{"product_id":17295},"extra":1}'
    )
    assert (event.type, event.name) == (52, "TYPE_52")
    assert event.tts_notification_id == "7"
    assert event.data_id("product_id") == "17295"
    assert event.model_extra == {"extra": 1}


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>",
        b"[]",
        b'{"type":1}',
        b'{"tts_notification_id":"1"}',
        b'{"type":"x"}',
        b"\xff",
    ],
)
def test_a_body_that_is_no_event_has_a_clear_error(body):
    with pytest.raises(Unexpected) as caught:
        parse_event(body)
    assert caught.value.sentence.endswith(".")
