"""Changing open collaborations, their settings and sample rules (contract 8.4)."""

from decimal import Decimal
from typing import Any

from sparkops.sandbox.world import OpenCollaboration

from . import errors, fields, products
from .creators import by_open_id
from .gate import Call
from .target_collaborations import LEAST_RATE, MOST_RATE
from .values import next_midnight, seconds

ALREADY_OPEN = 16030009


def create(call: Call) -> dict[str, Any]:
    """Opens a product to every creator at a commission of at least 1 %."""
    product = products.own(call, fields.text(call.body, "product_id", required=True))
    rate = fields.whole_number(call.body, "commission_rate")
    if product is None:
        raise errors.no_such_product()
    if rate is None:
        raise errors.missing_field("commission_rate")
    if not LEAST_RATE <= rate <= MOST_RATE:
        raise errors.invalid_field(
            "commission_rate", f"must be between {LEAST_RATE} and {MOST_RATE}"
        )
    if _running(call, product.id):
        raise errors.refused(ALREADY_OPEN, "The product already has an open collaboration.")
    plan = OpenCollaboration(
        call.world.new_id("open_collaboration"),
        call.shop.id,
        product.id,
        Decimal(rate) / 10000,
        None,
        call.now,
    )
    call.world.open_collaborations[plan.id] = plan
    return {
        "open_collaboration": {
            "id": plan.id,
            "product_id": product.id,
            "effective_time": seconds(call.now),
        }
    }


def remove(call: Call) -> dict[str, Any]:
    """Ends the open collaboration of a product at the shop's next midnight."""
    plan = _running(call, call.params["product_id"])
    if plan is None or plan.ends_at is not None:
        raise errors.not_found("open collaboration")
    plan.ends_at = next_midnight(call.now, call.shop.zone)
    return {"terminated_effective_time": seconds(plan.ends_at)}


def remove_creator(call: Call) -> dict[str, Any]:
    """Takes a product out of a creator's showcase; the creator may join again at any time."""
    plan = call.world.open_collaborations.get(call.params["open_collaboration_id"])
    if plan is None or plan.shop_id != call.shop.id:
        raise errors.not_found("open collaboration")
    by_open_id(call, fields.text(call.body, "creator_user_open_id", required=True))
    if fields.text(call.body, "product_id", required=True) != plan.product_id:
        raise errors.invalid_field("product_id", "is not the product of this collaboration")
    return {}


def edit_settings(call: Call) -> dict[str, Any]:
    """Whether new products join by themselves; turning it off keeps what is running."""
    wish = fields.child(call.body, "auto_add_product")
    if not fields.flag(wish, "enable", default=False):
        call.shop.auto_add_rate = None
        return {}
    rate = fields.whole_number(wish, "commission_rate")
    if rate is None:
        raise errors.missing_field("commission_rate")
    if not LEAST_RATE <= rate <= MOST_RATE:
        raise errors.invalid_field(
            "commission_rate", f"must be between {LEAST_RATE} and {MOST_RATE}"
        )
    call.shop.auto_add_rate = Decimal(rate) / 10000
    return {}


def edit_sample_rule(call: Call) -> dict[str, Any]:
    """One rule per product; the last one wins."""
    product = products.own(call, fields.text(call.body, "product_id", required=True))
    if product is None:
        raise errors.no_such_product()
    rule = fields.child(call.body, "sample_rule")
    if fields.text(rule, "activate_status", required=True) not in ("ACTIVATE", "DEACTIVATE"):
        raise errors.invalid_field("activate_status", "must be ACTIVATE or DEACTIVATE")
    call.shop.sample_rules[product.id] = rule
    return {}


def _running(call: Call, product_id: str) -> OpenCollaboration | None:
    for plan in call.world.open_collaborations.values():
        is_own = plan.shop_id == call.shop.id and plan.product_id == product_id
        if is_own and (plan.ends_at is None or plan.ends_at > call.now):
            return plan
    return None
