"""`/_sandbox/` actions of the shop side: what sellers, buyers and creators would do elsewhere."""

from datetime import datetime
from typing import Any

from sparkops.sandbox.control import ControlError, action
from sparkops.sandbox.world import Cancellation, Order, Return, Shop, World
from sparkops.sandbox.world.money import ZERO
from sparkops.sandbox.world.outreach import add_text, conversation_of
from sparkops.sandbox.world.settlement import settle

from .deliveries import listing, outbox_of, queue
from .gate import LIMITS
from .happenings import EVENT_TYPES, Happening, order_event


@action
def shop_app(body: dict[str, Any], world: World, now: datetime) -> dict[str, Any]:
    """Settings of the app: ``redirect_uri``, ``webhook_address``, ``scopes``; all optional."""
    app = next(iter(world.shop_apps.values()))
    app.redirect_uri = str(body.get("redirect_uri", app.redirect_uri))
    app.webhook_address = str(body.get("webhook_address", app.webhook_address))
    app.scopes = [str(scope) for scope in body.get("scopes", app.scopes)]
    return {
        "app_key": app.app_key,
        "redirect_uri": app.redirect_uri,
        "webhook_address": app.webhook_address,
        "scopes": app.scopes,
    }


@action
def change_shop_token(body: dict[str, Any], world: World, now: datetime) -> dict[str, Any]:
    """Gives ``access_token`` other ``scopes`` or another ``user_type`` (0 seller, 1 creator)."""
    token = world.shop_tokens[str(body["access_token"])]
    token.scopes = [str(scope) for scope in body.get("scopes", token.scopes)]
    token.user_type = int(body.get("user_type", token.user_type))
    return {"scopes": token.scopes, "user_type": token.user_type}


@action
def shop_limits(body: dict[str, Any], world: World, now: datetime) -> dict[str, Any]:
    """Calls ``per_second`` and endpoint (0 = no limit); ``retry_after``: send that header."""
    LIMITS.configure(int(body.get("per_second", 0)), bool(body.get("retry_after", False)))
    return {"per_second": LIMITS.per_second, "retry_after": LIMITS.retry_after}


@action
def deauthorize_shop(body: dict[str, Any], world: World, now: datetime) -> dict[str, Any]:
    """The merchant removes the app from the shop."""
    shop = _shop(body, world)
    shop.deauthorized_at = now
    return {"shop_id": shop.id, "deauthorized_at": now.isoformat()}


@action
def send_webhook(body: dict[str, Any], world: World, now: datetime) -> dict[str, Any]:
    """Tells subscribers of ``shop_id`` about ``event_type`` now.

    ``data`` is sent as it is; ORDER_STATUS_CHANGE takes ``order_id`` instead.
    """
    shop, event_type = _shop(body, world), str(body.get("event_type", "ORDER_STATUS_CHANGE"))
    if event_type not in EVENT_TYPES:
        raise ControlError(f"There is no event {event_type}. Known: {', '.join(EVENT_TYPES)}.")
    if "order_id" in body:
        happening = order_event(_order(body, world), now)
    else:
        happening = Happening(now, event_type, dict(body.get("data", {})))
    made = queue(world, shop, happening, now)
    return {"notification_ids": [one.notification_id for one in made]}


@action
def webhook_habits(body: dict[str, Any], world: World, now: datetime) -> dict[str, Any]:
    """``repeat_every`` n (0 = never), ``newest_first``, ``retry_scale`` (1 = TikTok's pace)."""
    habits = outbox_of(world).habits
    habits.repeat_every = int(body.get("repeat_every", habits.repeat_every))
    habits.newest_first = bool(body.get("newest_first", habits.newest_first))
    habits.retry_scale = float(body.get("retry_scale", habits.retry_scale))
    return vars(habits)


@action
def webhook_log(body: dict[str, Any], world: World, now: datetime) -> dict[str, Any]:
    """Attempts made and events waiting."""
    return listing(world)


@action
def creator_message(body: dict[str, Any], world: World, now: datetime) -> dict[str, Any]:
    """The creator ``handle`` writes ``text`` to ``shop_id``."""
    shop = _shop(body, world)
    creator = world.creator_by_handle(str(body["handle"]))
    if creator is None:
        raise ControlError(f"There is no creator @{body['handle']}.")
    conversation, _ = conversation_of(world, shop.id, creator, now)
    message = add_text(world, conversation, str(body["text"]), now, True)
    conversation.unread_count += 1
    return {"conversation_id": conversation.id, "message_id": message.id}


@action
def quota_left(body: dict[str, Any], world: World, now: datetime) -> dict[str, Any]:
    """The quota of ``shop_id`` becomes so that ``left`` new contacts remain this week."""
    quota = world.quotas[_shop(body, world).id]
    quota.quota = len(quota.contacted_creator_ids) + int(body["left"])
    return {"quota": quota.quota, "used": len(quota.contacted_creator_ids)}


@action
def cancel_order(body: dict[str, Any], world: World, now: datetime) -> dict[str, Any]:
    """The buyer cancels ``order_id`` before it is shipped."""
    order = _order(body, world)
    status = order.status(now)
    if status not in ("UNPAID", "ON_HOLD", "AWAITING_SHIPMENT"):
        raise ControlError(f"Order {order.id} is {status} and cannot be cancelled any more.")
    order.cancelled_at, order.cancel_initiator = now, "BUYER"
    order.cancel_reason = "No longer needed"
    order.settles_at = None
    _forget_planned_rows(world, order, now)
    paid = status != "UNPAID"
    cancellation = Cancellation(
        id=world.new_id("cancellation"),
        order_id=order.id,
        shop_id=order.shop_id,
        cancel_type="BUYER_CANCEL",
        created_at=now,
        completed_at=now,
        item_refund=sum((line.sale_price for line in order.lines), ZERO) if paid else ZERO,
        shipping_refund=order.buyer_shipping if paid else ZERO,
        tax_refund=sum((line.tax for line in order.lines), ZERO) if paid else ZERO,
        reason="ecom_order_to_ship_canceled_reason_no_longer_needed",
        reason_text="No longer needed",
    )
    world.cancellations[cancellation.id] = cancellation
    return {"order_id": order.id, "cancel_id": cancellation.id}


@action
def refund_order(body: dict[str, Any], world: World, now: datetime) -> dict[str, Any]:
    """The buyer gets ``order_id`` refunded in full now, with or without ``with_return``."""
    order = _order(body, world)
    if order.delivered_at is None or order.delivered_at > now:
        raise ControlError(f"Order {order.id} is not delivered yet; cancel it instead.")
    if any(one.order_id == order.id for one in world.returns.values()):
        raise ControlError(f"Order {order.id} already has a return.")
    one = Return(
        id=world.new_id("return"),
        order_id=order.id,
        shop_id=order.shop_id,
        line_ids=[line.id for line in order.lines],
        created_at=now,
        completed_at=now,
        item_refund=sum((line.sale_price for line in order.lines), ZERO),
        platform_discount_refund=sum((line.platform_discount for line in order.lines), ZERO),
        shipping_refund=order.buyer_shipping,
        tax_refund=sum((line.tax for line in order.lines), ZERO),
        reason="ecom_order_delivered_refund_and_return_reason_no_longer_needed",
        reason_text="No longer needed",
        return_type="RETURN_AND_REFUND" if body.get("with_return", True) else "REFUND",
    )
    world.returns[one.id] = one
    _forget_planned_rows(world, order, now)
    for row in settle(world, order, [one]):
        if row.settled_at < now:
            del world.statement_rows[row.id]
    return {"order_id": order.id, "return_id": one.id}


def _forget_planned_rows(world: World, order: Order, now: datetime) -> None:
    """Rows that are booked stay; what was planned for later is made anew."""
    planned = [
        row.id
        for row in world.statement_rows.values()
        if row.order_id == order.id and row.type == "ORDER" and row.settled_at > now
    ]
    for row_id in planned:
        del world.statement_rows[row_id]


def _shop(body: dict[str, Any], world: World) -> Shop:
    shop = world.shops.get(str(body["shop_id"]))
    if shop is None:
        raise ControlError(f"There is no shop {body['shop_id']}.")
    return shop


def _order(body: dict[str, Any], world: World) -> Order:
    order = world.orders.get(str(body["order_id"]))
    if order is None:
        raise ControlError(f"There is no order {body['order_id']}.")
    return order
