"""Webhook subscriptions of a shop (contract 11.1)."""

import ipaddress
from typing import Any
from urllib.parse import urlsplit

from sparkops.sandbox.world import WebhookSubscription

from . import errors, fields
from .gate import Call
from .happenings import EVENT_TYPES
from .values import seconds

MOST_CHARACTERS = 255


def listed(call: Call) -> dict[str, Any]:
    found = [one for one in call.world.webhooks.values() if one.shop_id == call.shop.id]
    return {
        "total_count": len(found),
        "webhooks": [
            {
                "event_type": one.event_type,
                "address": one.address,
                "create_time": seconds(one.created_at),
                "update_time": seconds(one.updated_at),
            }
            for one in found
        ],
    }


def put(call: Call) -> dict[str, Any]:
    """Sets the address of one kind of event."""
    event_type = _event_type(call)
    address = fields.text(call.body, "address", required=True)
    _check_address(address)
    key = (call.shop.id, event_type)
    known = call.world.webhooks.get(key)
    if known:
        known.address, known.updated_at = address, call.now
    else:
        call.world.webhooks[key] = WebhookSubscription(
            call.shop.id, event_type, address, call.now, call.now
        )
    return {}


def remove(call: Call) -> dict[str, Any]:
    """Always succeeds, also for what was never subscribed."""
    call.world.webhooks.pop((call.shop.id, _event_type(call)), None)
    return {}


def _event_type(call: Call) -> str:
    event_type = fields.text(call.body, "event_type", required=True)
    if event_type not in EVENT_TYPES:
        raise errors.invalid_field("event_type", f"must be one of {', '.join(EVENT_TYPES)}")
    return event_type


def _check_address(address: str) -> None:
    """HTTPS needs a domain name and no port. Plain HTTP is the sandbox's one relaxation."""
    parts = urlsplit(address)
    if len(address) > MOST_CHARACTERS:
        raise errors.invalid_field("address", f"must not be longer than {MOST_CHARACTERS}")
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise errors.invalid_field("address", "must be an HTTPS address")
    if parts.scheme == "https" and (parts.port or _is_ip(parts.hostname)):
        raise errors.invalid_field("address", "must have a domain name and no port")


def _is_ip(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
