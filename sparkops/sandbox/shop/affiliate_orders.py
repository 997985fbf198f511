"""Orders credited to creators, for sellers (contract 8.6)."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from sparkops.sandbox.world import Affiliate, Order, OrderLine, Return
from sparkops.sandbox.world.money import cents, split

from . import fields, paging
from .gate import Call
from .values import ZERO, basis_points, money, seconds

DEFAULT_PAGE = 20


def search(call: Call) -> dict[str, Any]:
    """Newest first. `total_count` counts SKU rows, not orders."""
    size = fields.page_size(call.query, default=DEFAULT_PAGE)
    program = fields.text(call.body, "program_id")
    found = [
        order
        for order in call.world.orders.values()
        if order.affiliate
        and order.shop_id == call.shop.id
        and order.paid_at
        and order.paid_at <= call.now
        and not order.is_sample
        and fields.within(call.body, "create_time", seconds(order.created_at))
        and program in ("", *_programs(order.affiliate))
    ]
    shown, token = paging.page(
        found,
        size=size,
        token=fields.page_token(call.query),
        query=call.page_key(),
        position=lambda order: (seconds(order.created_at), order.id),
        descending=True,
    )
    return {
        "total_count": sum(len(_by_sku(order)) for order in found),
        "next_page_token": token,
        "orders": [_order(call, order) for order in shown],
    }


def _programs(affiliate: Affiliate) -> tuple[str, str]:
    return affiliate.open_collaboration_id, affiliate.target_collaboration_id


def _order(call: Call, order: Order) -> dict[str, Any]:
    delivered = order.delivered_at
    return {
        "id": order.id,
        "create_time": seconds(order.created_at),
        "delivery_time": seconds(delivered) if delivered and delivered <= call.now else 0,
        "status": _status(call, order),
        "skus": [_sku(call, order, lines) for lines in _by_sku(order).values()],
    }


def _by_sku(order: Order) -> dict[str, list[OrderLine]]:
    groups: dict[str, list[OrderLine]] = {}
    for line in order.lines:
        groups.setdefault(line.sku_id, []).append(line)
    return groups


def _status(call: Call, order: Order) -> str:
    if order.status(call.now) == "CANCELLED":
        return "CANCELLED"
    if _is_settled(call, order):
        kept = any(line.id not in _returned_lines(call, order) for line in order.lines)
        return "COMPLETED" if kept else "DEDUCTED"
    return "PROCESSING"


def _is_settled(call: Call, order: Order) -> bool:
    return order.settles_at is not None and order.settles_at <= call.now


def _returns(call: Call, order: Order) -> list[Return]:
    """Returns of the order whose money has moved."""

    def index() -> dict[str, list[Return]]:
        by_order: dict[str, list[Return]] = {}
        for one in call.world.returns.values():
            by_order.setdefault(one.order_id, []).append(one)
        return by_order

    found = call.world.derived("returns by order", index).get(order.id, [])
    return [one for one in found if one.status(call.now).endswith("_COMPLETE")]


def _returned_lines(call: Call, order: Order) -> set[str]:
    return {line_id for one in _returns(call, order) for line_id in one.line_ids}


def _sku(call: Call, order: Order, lines: list[OrderLine]) -> dict[str, Any]:
    affiliate = order.affiliate
    if affiliate is None:
        raise ValueError(f"Order {order.id} is credited to no creator.")
    creator = call.world.creators[affiliate.creator_id]
    gone = _returned_lines(call, order)
    back = [line for line in lines if line.id in gone]
    shipped_back = {
        line_id
        for one in _returns(call, order)
        if one.return_type == "RETURN_AND_REFUND"
        for line_id in one.line_ids
    }
    settled = _is_settled(call, order) and order.status(call.now) != "CANCELLED"
    return {
        "sku_id": lines[0].sku_id,
        "product_id": lines[0].product_id,
        "creator_username": creator.handle,
        "content_id": affiliate.content_id,
        "content_type": affiliate.content_type,
        "quantity": len(lines),
        "refunded_quantity": len(back),
        "returned_quantity": sum(1 for line in back if line.id in shipped_back),
        "price": money(lines[0].item_revenue, order.currency),
        "open_collaboration_id": affiliate.open_collaboration_id,
        "target_collaboration_id": affiliate.target_collaboration_id,
        "campaign_id": "",
        "commission_model": "Fixed commission",
        "commission_tier_setting": "",
        "commission_rate": str(basis_points(affiliate.rate)),
        "shop_ads_commission_rate": str(basis_points(affiliate.shop_ads_rate or ZERO)),
        "partner_commission_rate": "0",
        **_commission("estimated", order, lines, ()),
        **_commission("actual", order, lines if settled else (), _refunded_in_time(call, order)),
        "settlement_status": "SETTLED" if settled else "UNSETTLED",
        "fully_return": "Yes" if len(back) == len(lines) else "No",
    }


def _refunded_in_time(call: Call, order: Order) -> list[Return]:
    """Refunds before the commission was settled; later ones do not lower it."""
    limit = order.settles_at
    return [one for one in _returns(call, order) if limit and one.completed_at <= limit]


def _commission(
    kind: str, order: Order, lines: Sequence[OrderLine], refunds: Sequence[Return]
) -> dict[str, Any]:
    """Base and commission of some lines, per kind of commission; alternatives, never both."""
    base, paid = ZERO, ZERO
    affiliate = order.affiliate
    for line in lines:
        kept = line.sale_price - _item_refund(order, line, refunds)
        base += kept
        paid += cents(affiliate.paid_rate * kept) if affiliate else ZERO
    by_ads = affiliate is not None and affiliate.ad_driven
    currency = order.currency
    return {
        f"{kind}_commission_base": money(base, currency),
        f"{kind}_paid_commission": money(ZERO if by_ads else paid, currency),
        f"{kind}_paid_shop_ads_commission": money(paid if by_ads else ZERO, currency),
        f"{kind}_paid_partner_commission": money(ZERO, currency),
        f"{kind}_cofunded_creator_bonus_amount": money(ZERO, currency),
    }


def _item_refund(order: Order, line: OrderLine, refunds: Sequence[Return]) -> Decimal:
    total = ZERO
    for one in refunds:
        lines = [each for each in order.lines if each.id in one.line_ids]
        if line in lines:
            parts = split(one.item_refund, [each.sale_price for each in lines])
            total += parts[lines.index(line)]
    return total
