"""Changing and ending target collaborations (contract 8.5)."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from sparkops.sandbox.world import TargetCollaboration, TargetCreator, TargetProduct

from . import errors, fields, outreach, products
from .gate import Call
from .target_collaborations import (
    MOST_CREATORS,
    MOST_PRODUCTS,
    conflicts_of,
    current_rate,
    end_of,
    own_plan,
    present,
    rate_of,
)
from .values import next_midnight

ENDED = 16032001


def update(call: Call) -> dict[str, Any]:
    """Replaces what is sent; lists are the new full lists. What does not apply is named, code 0.

    Raised rates count at once; lowered ones and removals from the shop's next midnight on.
    """
    plan = own_plan(call)
    if plan.removed_at or plan.ends_at <= call.now:
        raise errors.refused(ENDED, "The target collaboration has ended.")
    body = call.body
    ends_at = end_of(call) if "end_time" in body else plan.ends_at
    rows = fields.objects(body, "products", most=MOST_PRODUCTS)
    rates = {fields.text(row, "id", required=True): _rates(row) for row in rows}
    open_ids = fields.texts(body, "creator_user_open_ids", most=MOST_CREATORS)
    name, message = fields.text(body, "name"), fields.text(body, "message")
    email = fields.text(fields.child(body, "seller_contact_info"), "email")
    sample = fields.child(body, "free_sample_rule")
    has_sample = fields.flag(sample, "has_free_sample", default=plan.has_free_sample)
    exempt = fields.flag(sample, "is_sample_approval_exempt", default=plan.sample_approval_exempt)
    # Creators first: only they can still be refused, and then nothing may have changed.
    lost_creators = _replace_creators(call, plan, open_ids) if open_ids else []
    lost_products = _replace_products(call, plan, rates) if rates else []
    plan.name, plan.message = name or plan.name, message or plan.message
    plan.contact_email = email or plan.contact_email
    plan.has_free_sample, plan.sample_approval_exempt = has_sample, exempt
    plan.ends_at, plan.updated_at = ends_at, call.now
    failed = {"products": lost_products, "creators": lost_creators}
    return {"update_failed": {part: lost for part, lost in failed.items() if lost}}


def remove(call: Call) -> dict[str, Any]:
    """Ends a plan at the shop's next midnight."""
    plan = own_plan(call)
    if plan.removed_at is None:
        plan.removed_at = _midnight(call)
        plan.updated_at = call.now
    return {}


def resolve_conflicts(call: Call) -> dict[str, Any]:
    """Takes creators out of the plans that stand in the way, at once."""
    for item in fields.objects(call.body, "conflict_items", most=MOST_CREATORS):
        plan_id = fields.text(item, "existing_collaboration_id", required=True)
        open_id = fields.text(item, "creator_open_id", required=True)
        plan = call.world.target_collaborations.get(plan_id)
        creator = call.world.creator_by_open_id(open_id)
        if plan is None or plan.shop_id != call.shop.id or creator is None:
            raise errors.not_found("target collaboration")
        for invited in plan.creators:
            if invited.creator_id == creator.id:
                invited.removed_at = call.now
    return {}


def _rates(row: dict[str, Any]) -> tuple[Decimal | None, Decimal | None]:
    return rate_of(row, "commission_rate"), rate_of(row, "target_ad_commission_rate")


def _replace_products(
    call: Call,
    plan: TargetCollaboration,
    rates: dict[str, tuple[Decimal | None, Decimal | None]],
) -> list[str]:
    """The ids that could not be taken in."""
    offered = {one.product_id: one for one in present(plan.products, call.now)}
    for product_id, offer in offered.items():
        if product_id not in rates:
            offer.removed_at = _midnight(call)
    failed = []
    for product_id, (rate, ads_rate) in rates.items():
        if product_id in offered:
            _change_rate(call, offered[product_id], rate, ads_rate)
        elif products.own(call, product_id) and rate is not None:
            plan.products.append(TargetProduct(product_id, rate, ads_rate))
        else:
            failed.append(product_id)
    return failed


def _change_rate(
    call: Call, offer: TargetProduct, rate: Decimal | None, ads_rate: Decimal | None
) -> None:
    offer.removed_at = None
    now_paid = current_rate(offer, call.now)
    if rate is not None and rate < now_paid:
        offer.rate, offer.next_rate, offer.next_rate_at = now_paid, rate, _midnight(call)
    elif rate is not None:
        offer.rate, offer.next_rate, offer.next_rate_at = rate, None, None
    if ads_rate is not None:
        offer.shop_ads_rate = ads_rate


def _replace_creators(call: Call, plan: TargetCollaboration, open_ids: list[str]) -> list[str]:
    """The open ids that could not be invited: unknown, or invited elsewhere for every product."""
    invited = {one.creator_id: one for one in present(plan.creators, call.now)}
    wanted = {text: call.world.creator_by_open_id(text) for text in open_ids}
    known = [one for one in wanted.values() if one is not None]
    new = [one for one in known if one.id not in invited]
    offers = present(plan.products, call.now)
    taken = conflicts_of(call, new, offers)
    free = [one for one in new if any((one.open_id, o.product_id) not in taken for o in offers)]
    outreach.contact(call, free)
    for one in invited.values():
        kept = any(creator.id == one.creator_id for creator in known)
        one.removed_at = None if kept else _midnight(call)
    plan.creators += [TargetCreator(one.id, call.now) for one in free]
    lost = {one.open_id for one in new} - {one.open_id for one in free}
    return [text for text, creator in wanted.items() if creator is None or text in lost]


def _midnight(call: Call) -> datetime:
    return next_midnight(call.now, call.shop.zone)
