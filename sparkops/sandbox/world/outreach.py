"""What a shop does with creators: samples and messages. Used by the seed and by the Shop API."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

from sparkops.sandbox.world.commerce import (
    Conversation,
    Message,
    Order,
    OrderLine,
    Product,
    SampleApplication,
    Sku,
)
from sparkops.sandbox.world.money import ZERO
from sparkops.sandbox.world.people import Creator
from sparkops.sandbox.world.state import World


def approve_sample(world: World, application: SampleApplication, at: datetime) -> Order:
    """Approval makes a 100 % discounted order. Settles nothing: samples bring no money."""
    product = world.products[application.product_id]
    sku = next(sku for sku in product.skus if sku.id == application.sku_id)
    application.approved_at = at
    application.ship_by = at + timedelta(days=3)
    order = Order(
        id=world.new_id("order"),
        shop_id=application.shop_id,
        currency=world.shops[application.shop_id].currency,
        user_id=world.new_id("buyer"),
        created_at=at,
        lines=[_sample_line(world, product, sku)],
        paid_at=at,
        is_sample=True,
    )
    world.orders[order.id] = order
    application.order_id = order.id
    return order


def _sample_line(world: World, product: Product, sku: Sku) -> OrderLine:
    return OrderLine(
        id=world.new_id("order_line"),
        product_id=product.id,
        product_name=product.title,
        sku_id=sku.id,
        sku_name=sku.name,
        seller_sku=sku.seller_sku,
        original_price=sku.price,
        seller_discount=sku.price,
        platform_discount=ZERO,
        tax=ZERO,
    )


def ship_sample(world: World, application: SampleApplication, at: datetime, number: int) -> None:
    application.shipped_at = at
    application.delivered_at = at + timedelta(days=3)
    application.tracking_number = f"94001{number}"
    order = world.orders[application.order_id]
    order.rts_at = at - timedelta(hours=5)
    order.collected_at = at
    order.delivered_at = application.delivered_at
    order.completed_at = application.delivered_at + timedelta(days=14)
    order.tracking_number = application.tracking_number


def conversation_of(
    world: World, shop_id: str, creator: Creator, now: datetime
) -> tuple[Conversation, bool]:
    """The one conversation of a shop with a creator, and whether it was made for this.

    One that begins later, because the clock was set back, begins now.
    """
    for one in world.conversations.values():
        if one.shop_id == shop_id and one.creator_id == creator.id:
            is_new = one.created_at > now
            one.created_at = min(one.created_at, now)
            return one, is_new
    made = Conversation(world.new_id("conversation"), shop_id, creator.id, now)
    world.conversations[made.id] = made
    return made, True


def add_text(
    world: World, conversation: Conversation, text: str, at: datetime, from_creator: bool
) -> Message:
    """A text message; newer ones have a higher index."""
    message = Message(
        id=world.new_id("message"),
        conversation_id=conversation.id,
        index=int(at.timestamp() * 1_000_000),
        type="TEXT",
        content=json.dumps({"content": text}, ensure_ascii=False),
        created_at=at.replace(microsecond=0),
        from_creator=from_creator,
    )
    world.messages[message.id] = message
    return message
