"""The ground truth about creators whom a shop reached, for counting a funnel by hand."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sparkops.sandbox.world import Brand, SampleApplication, World
from sparkops.sandbox.world.gmv_max import local_midnight


def reached(world: World, brand: Brand, now: datetime) -> list[dict[str, Any]]:
    """Creators whom the brand's shop wrote to or invited, and all they did, at whatever moment.

    A post has ``sold`` when an order of it was placed before today, which is what the analytics of
    the shop know. ``sent`` of a sample is false while it was not shipped.
    """
    found: dict[str, dict[str, Any]] = {}
    _add_talks(found, world, brand, now)
    for plan in world.target_collaborations.values():
        for place in plan.creators if plan.shop_id == brand.shop_id else ():
            row = {"at": plan.created_at.isoformat(), "name": plan.name}
            _of(found, world, place.creator_id)["invited"].append(row)
    for sample in world.samples.values():
        if sample.shop_id == brand.shop_id and sample.creator_id in found:
            found[sample.creator_id]["samples"].append(_sample(sample, now))
    sold = _posts_with_orders(world, brand, now)
    for post in world.posts.values():
        is_theirs = post.brand_key == brand.key and post.creator_id in found
        if is_theirs and post.posted_at <= now and post.product_ids:
            done = {"at": post.posted_at.isoformat(), "sold": post.item_id in sold}
            found[post.creator_id]["posts"].append(done)
    return list(found.values())


def _add_talks(found: dict[str, dict[str, Any]], world: World, brand: Brand, now: datetime) -> None:
    talks = {one.id: one for one in world.conversations.values() if one.shop_id == brand.shop_id}
    for said in world.messages.values():
        if said.conversation_id in talks and said.created_at <= now:
            one = _of(found, world, talks[said.conversation_id].creator_id)
            row = {"at": said.created_at.isoformat(), "content": said.content}
            one["answers" if said.from_creator else "written"].append(row)


def _of(found: dict[str, dict[str, Any]], world: World, creator_id: str) -> dict[str, Any]:
    kinds = ("written", "invited", "answers", "samples", "posts")
    blank = {kind: list[dict[str, Any]]() for kind in kinds}
    return found.setdefault(creator_id, {"handle": world.creators[creator_id].handle, **blank})


def _sample(one: SampleApplication, now: datetime) -> dict[str, Any]:
    sent = one.shipped_at is not None and one.shipped_at <= now
    return {"at": one.created_at.isoformat(), "sent": sent, "product_id": one.product_id}


def _posts_with_orders(world: World, brand: Brand, now: datetime) -> set[str]:
    zone = ZoneInfo(brand.zone)
    today = local_midnight(now.astimezone(zone).date(), zone)
    return {
        order.affiliate.content_id
        for order in world.orders.values()
        if order.affiliate
        and not order.is_sample
        and order.paid_at
        and order.paid_at <= now
        and order.created_at < today
    }
