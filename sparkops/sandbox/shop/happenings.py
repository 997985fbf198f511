"""What happened in a shop that its subscribers are told about (contract 11.3)."""

import bisect
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sparkops.sandbox.world import Order, Shop, World

from .values import seconds

# Numbers of the events that the contract knows by name.
EVENT_TYPES = {
    "ORDER_STATUS_CHANGE": 1,
    "REVERSE_STATUS_UPDATE": 2,
    "RECIPIENT_ADDRESS_UPDATE": 3,
    "PACKAGE_UPDATE": 4,
    "PRODUCT_STATUS_CHANGE": 5,
    "SELLER_DEAUTHORIZATION": 6,
    "UPCOMING_AUTHORIZATION_EXPIRATION": 7,
    "CANCELLATION_STATUS_CHANGE": 11,
    "RETURN_STATUS_CHANGE": 12,
    "NEW_CONVERSATION": 13,
    "NEW_MESSAGE": 14,
    "PRODUCT_INFORMATION_CHANGE": 15,
    "PRODUCT_CREATION": 16,
    "NEW_MESSAGE_LISTENER": 33,
    "PRODUCT_AUDIT_STATUS_CHANGE": 37,
}
EXPIRY_NOTICE_DAYS = 30


@dataclass(frozen=True)
class Happening:
    """One event of a shop: when, which kind, and its `data`."""

    at: datetime
    event_type: str
    data: dict[str, Any]


def between(world: World, shop: Shop, start: datetime, end: datetime) -> list[Happening]:
    """All events after `start` up to and including `end`, oldest first."""
    sources: tuple[Callable[[World, Shop], Iterable[Happening]], ...] = (
        _returns,
        _cancellations,
        _products,
        _creator_messages,
        _deauthorization,
        _expiring_authorization,
    )
    found = [
        happening
        for source in sources
        for happening in source(world, shop)
        if start < happening.at <= end
    ]
    found += _orders_between(world, shop, start, end)
    return sorted(found, key=lambda happening: happening.at)


def order_event(order: Order, at: datetime) -> Happening:
    """The status of an order as it was at a moment."""
    status = order.status(at)
    return Happening(
        at,
        "ORDER_STATUS_CHANGE",
        {
            "is_on_hold_order": status == "ON_HOLD",
            "order_id": order.id,
            "order_status": status,
            "update_time": seconds(at),
        },
    )


def _orders_between(
    world: World, shop: Shop, start: datetime, end: datetime
) -> Iterable[Happening]:
    """Orders change most and are looked at several times a second: found by bisection."""

    def compute() -> list[tuple[datetime, str]]:
        return sorted(
            (moment, order.id)
            for order in world.orders.values()
            if order.shop_id == shop.id
            for moment in _moments(order)
        )

    changes: list[tuple[datetime, str]] = world.derived(("order changes", shop.id), compute)
    first = bisect.bisect_right(changes, start, key=lambda change: change[0])
    last = bisect.bisect_right(changes, end, key=lambda change: change[0])
    for moment, order_id in changes[first:last]:
        yield order_event(world.orders[order_id], moment)


def _moments(order: Order) -> set[datetime]:
    moments = {
        order.created_at,
        order.paid_at,
        order.held_until,
        order.rts_at,
        order.collected_at,
        order.delivered_at,
        order.completed_at,
        order.cancelled_at,
    }
    end = order.cancelled_at
    return {moment for moment in moments if moment and (end is None or moment <= end)}


def _returns(world: World, shop: Shop) -> Iterable[Happening]:
    for one in world.returns.values():
        if one.shop_id != shop.id:
            continue
        for moment in {one.created_at, one.rejected_at or one.completed_at}:
            yield Happening(
                moment,
                "RETURN_STATUS_CHANGE",
                {
                    "order_id": one.order_id,
                    "return_role": "BUYER",
                    "return_type": one.return_type,
                    "return_status": one.status(moment),
                    "return_id": one.id,
                    "create_time": seconds(one.created_at),
                    "update_time": seconds(moment),
                },
            )


def _cancellations(world: World, shop: Shop) -> Iterable[Happening]:
    for one in world.cancellations.values():
        if one.shop_id != shop.id:
            continue
        for moment in {one.created_at, one.completed_at}:
            done = moment >= one.completed_at
            yield Happening(
                moment,
                "CANCELLATION_STATUS_CHANGE",
                {
                    "order_id": one.order_id,
                    "cancel_id": one.id,
                    "cancellations_role": "BUYER"
                    if one.cancel_type == "BUYER_CANCEL"
                    else "SELLER",
                    "cancel_status": (
                        "CANCELLATION_REQUEST_COMPLETE" if done else "CANCELLATION_REQUEST_PENDING"
                    ),
                    "create_time": seconds(one.created_at),
                    "update_time": seconds(moment),
                },
            )


def _products(world: World, shop: Shop) -> Iterable[Happening]:
    for product in world.products.values():
        if product.shop_id == shop.id:
            yield Happening(
                product.updated_at,
                "PRODUCT_STATUS_CHANGE",
                {
                    "product_id": product.id,
                    "status": product.status,
                    "suspended_reason": "",
                    "update_time": seconds(product.updated_at),
                },
            )


def _creator_messages(world: World, shop: Shop) -> Iterable[Happening]:
    own = {one.id for one in world.conversations.values() if one.shop_id == shop.id}
    for message in world.messages.values():
        if message.from_creator and message.conversation_id in own:
            yield Happening(
                message.created_at,
                "NEW_MESSAGE_LISTENER",
                {
                    "index": str(message.index),
                    "message_id": message.id,
                    "conversation_id": message.conversation_id,
                    "msg_type": message.type,
                    "content": message.content,
                },
            )


def _deauthorization(world: World, shop: Shop) -> Iterable[Happening]:
    if shop.deauthorized_at:
        text = f"Shop_id {shop.id} is deauthorized from your APP by merchant."
        yield Happening(shop.deauthorized_at, "SELLER_DEAUTHORIZATION", {"message": text})


def _expiring_authorization(world: World, shop: Shop) -> Iterable[Happening]:
    """Daily from 30 days before the newest authorization of the seller ends."""
    ends = [
        token.refresh_expires_at
        for token in world.shop_tokens.values()
        if token.seller_id == shop.seller_id and not token.revoked_at
    ]
    if not ends:
        return
    end = max(ends)
    for days in range(1, EXPIRY_NOTICE_DAYS + 1):
        text = (
            f"Authorization of shop_id {shop.id} is expiring in {days} days."
            " Please direct the merchant to re-authorize."
        )
        yield Happening(
            end - timedelta(days=days),
            "UPCOMING_AUTHORIZATION_EXPIRATION",
            {"message": text, "expiration_time": str(seconds(end))},
        )
