"""The weekly contact quota of a shop and whom it was spent on (contract 8.9)."""

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Any

from sparkops.sandbox.world import Creator, OutreachQuota

from . import errors, fields
from .gate import Call

WEEK = timedelta(days=7)
MOST_PER_PAGE = 50
QUOTA_USED, ABOVE_CAP = 16030002, 16030003
# Tier -> GMV of the past 30 days from, to, and the follower cap (0 = none).
TIERS = (("1", 0, 2_000, 20_000), ("2", 2_000, 50_000, 0))


def quota(call: Call) -> dict[str, Any]:
    """Wrapped twice, numbers as text, times in milliseconds."""
    current = _current(call)
    used = len(current.contacted_creator_ids)
    paired = sum(1 for one in current.contacted_creator_ids if _answered(call, one))
    return {
        "data": {
            "shop_id": call.shop.id,
            "quota_type": "BONUS",
            "gmv_tier": str(current.gmv_tier),
            "quota_sum": str(current.quota),
            "quota_use": str(used),
            "unlimited": False,
            "reached_max_follower_cnt": str(current.follower_cap),
            "new_connect_count": str(used - paired),
            "pair_connect_count": str(paired),
            "start_time": _milliseconds(current.week_starts_at),
            "end_time": _milliseconds(current.week_starts_at + WEEK),
            "gmv_level_rule": [
                {
                    "gmv_tier": tier,
                    "reached_max_follower_cnt": str(cap),
                    "left_gmv": {"amount": str(low), "currency": call.shop.currency},
                    "right_gmv": {"amount": str(high), "currency": call.shop.currency},
                }
                for tier, low, high, cap in TIERS
            ],
        }
    }


def records(call: Call) -> dict[str, Any]:
    """Who was contacted this week, by 1-based page in the body."""
    size = fields.whole_number(call.body, "page_size") or MOST_PER_PAGE
    index = fields.whole_number(call.body, "page_index") or 1
    if not 1 <= size <= MOST_PER_PAGE:
        raise errors.invalid_field("page_size", f"must be between 1 and {MOST_PER_PAGE}")
    if index < 1:
        raise errors.invalid_field("page_index", "must be 1 or more")
    contacted = _current(call).contacted_creator_ids
    shown = contacted[(index - 1) * size : index * size]
    return {
        "total_count": len(contacted),
        "records": [
            {
                "creator_open_id": call.world.creators[creator_id].open_id,
                "username": call.world.creators[creator_id].handle,
            }
            for creator_id in shown
        ],
    }


def contact(call: Call, creators: Sequence[Creator]) -> None:
    """Spends quota on creators who are neither connected nor contacted this week.

    Raises ShopError when one has too many followers for the shop's tier or too little is left;
    then nothing is spent.
    """
    current = _current(call)
    new = [
        one
        for one in creators
        if one.id not in current.contacted_creator_ids and not is_connected(call, one.id)
    ]
    if current.follower_cap and any(one.follower_count > current.follower_cap for one in new):
        raise errors.refused(
            ABOVE_CAP, "The creator has more followers than your shop level allows to contact."
        )
    if len(current.contacted_creator_ids) + len(new) > current.quota:
        raise errors.refused(QUOTA_USED, "The weekly outreach quota of the shop is used up.")
    current.contacted_creator_ids.extend(one.id for one in new)


def is_connected(call: Call, creator_id: str) -> bool:
    """Connected creators cost no quota: they wrote, accepted an invitation or posted for us."""
    world, shop = call.world, call.shop
    accepted = any(
        one.creator_id == creator_id and one.accepted_at and one.accepted_at <= call.now
        for plan in world.target_collaborations.values()
        if plan.shop_id == shop.id
        for one in plan.creators
    )
    posted = any(
        post.creator_id == creator_id
        and post.brand_key == shop.brand_key
        and post.posted_at <= call.now
        for post in world.posts.values()
    )
    return accepted or posted or _answered(call, creator_id)


def _answered(call: Call, creator_id: str) -> bool:
    ours = {
        one.id
        for one in call.world.conversations.values()
        if one.shop_id == call.shop.id and one.creator_id == creator_id
    }
    return any(
        message.from_creator and message.created_at <= call.now
        for message in call.world.messages.values()
        if message.conversation_id in ours
    )


def _current(call: Call) -> OutreachQuota:
    """The quota of the running week; a new week begins empty."""
    current = call.world.quotas.get(call.shop.id)
    week = _week_start(call.now)
    if current is None:
        current = OutreachQuota(call.shop.id, 1, 1000, 20_000, week)
        call.world.quotas[call.shop.id] = current
    if current.week_starts_at + WEEK <= call.now:
        current.week_starts_at = week
        current.contacted_creator_ids = []
    return current


def _week_start(now: datetime) -> datetime:
    """Sunday 00:00 UTC of the week."""
    days = (now.weekday() + 1) % 7
    return datetime.combine(now.date() - timedelta(days=days), time(), UTC)


def _milliseconds(moment: datetime) -> str:
    return str(int(moment.timestamp()) * 1000)
