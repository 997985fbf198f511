"""Analytics of videos: creators' posts with products of the shop (contract section 10)."""

from datetime import UTC
from typing import Any

from sparkops.sandbox.world import Post
from sparkops.sandbox.world.audience import Organic
from sparkops.sandbox.world.money import cents

from . import errors, fields, paging
from .gate import Call
from .performance import (
    Period,
    asked_period,
    complete,
    counts,
    dated,
    gmv_of,
    intervals,
    lines_by_content,
    posts_of_shop,
    shown_money,
    watched,
)
from .values import ZERO, share

DEFAULT_PAGE = 10
ACCOUNT_TYPES = ("ALL", "OFFICIAL_ACCOUNTS", "MARKETING_ACCOUNTS", "AFFILIATE_ACCOUNTS")
SORTS = ("gmv", "views", "sku_orders", "items_sold", "avg_customers", "gpm", "click_through_rate")


def videos(call: Call) -> dict[str, Any]:
    """Every video over the whole period; the best GMV first unless asked otherwise."""
    period = asked_period(call)
    kind = call.query.get("account_type") or "ALL"
    if kind not in ACCOUNT_TYPES:
        raise errors.invalid_field("account_type", f"must be of {', '.join(ACCOUNT_TYPES)}")
    sort = fields.sort_field(call.query, SORTS, required=False)
    posts = posts_of_shop(call, period.ends_at) if kind in ("ALL", "AFFILIATE_ACCOUNTS") else []
    sold = lines_by_content(call, period)
    rows = [_video(call, post, period, sold.get(post.item_id, [])) for post in posts]

    def position(row: dict[str, Any]) -> tuple[float, str]:
        value = row[sort]
        return float(value["amount"] if isinstance(value, dict) else value), row["id"]

    shown, token = paging.page(
        rows,
        size=fields.page_size(call.query, default=DEFAULT_PAGE),
        token=fields.page_token(call.query),
        query=call.page_key(),
        position=position,
        descending=fields.descending(call.query, default="DESC"),
    )
    return dated(call, {"total_count": len(rows), "next_page_token": token, "videos": shown})


def overview(call: Call) -> dict[str, Any]:
    """All videos together. `today=true` overrides the dates with live figures of the last day."""
    period = asked_period(call)
    rows = []
    for part in intervals(call, period):
        lines = [line for lines in lines_by_content(call, part).values() for line in lines]
        views = [watched(call, post, part) for post in posts_of_shop(call, part.ends_at)]
        number = counts(lines)
        impressions = sum(one.product_impressions for one in views)
        clicks = sum(one.product_clicks for one in views)
        rows.append(
            {
                "start_date": part.first.isoformat(),
                "end_date": part.end.isoformat(),
                "gmv": shown_money(call, gmv_of(lines)),
                "sku_orders": number["sku_orders"],
                "avg_customers": round(number["customers"] / max(1, complete(call, part).days)),
                "product_impressions": impressions,
                "product_clicks": clicks,
                "click_through_rate": share(clicks, impressions),
            }
        )
    return dated(call, {"performance": {"intervals": rows}})


def video(call: Call) -> dict[str, Any]:
    """One video by interval, with sales per product and who watched."""
    period = asked_period(call)
    post = _post(call, period)
    rows = []
    for part in intervals(call, period):
        lines = lines_by_content(call, part).get(post.item_id, [])
        seen = watched(call, post, part)
        rows.append(
            {
                "start_date": part.first.isoformat(),
                "end_date": part.end.isoformat(),
                "sales": {
                    "overall": _sales(call, lines),
                    "breakdowns": [
                        {
                            "product_id": product_id,
                            **_sales(
                                call, [one for one in lines if one[1].product_id == product_id]
                            ),
                        }
                        for product_id in post.product_ids
                    ],
                },
                "traffic": {
                    "views": seen.views,
                    "likes": seen.likes,
                    "comments": seen.comments,
                    "shares": seen.shares,
                    "new_followers": seen.new_followers,
                },
            }
        )
    profile = {"ages": [], "genders": [], "countries": [{"key": call.shop.region, "value": "1"}]}
    return dated(
        call,
        {
            "video_post_time": _post_time(post),
            "performance": {"intervals": rows},
            "viewer_profile": [{"type": "VIEWERS", **profile}, {"type": "NEW_FOLLOWER", **profile}],
        },
    )


def video_products(call: Call) -> dict[str, Any]:
    period = asked_period(call)
    post = _post(call, period)
    lines = lines_by_content(call, period).get(post.item_id, [])
    days = max(1, complete(call, period).days)
    rows = []
    for product_id in post.product_ids:
        part = [one for one in lines if one[1].product_id == product_id]
        rows.append(
            {
                "id": product_id,
                "name": call.world.products[product_id].title,
                "gmv": shown_money(call, gmv_of(part)),
                "units_sold": len(part),
                "daily_avg_buyers": round(counts(part)["customers"] / days),
            }
        )
    return dated(call, {"total_count": len(rows), "next_page_token": "", "products": rows})


def _post(call: Call, period: Period) -> Post:
    wanted = call.params["video_id"]
    post = call.world.posts.get(wanted)
    if post is None or post not in posts_of_shop(call, period.ends_at):
        raise errors.invalid_field("video_id", "names no video of this shop")
    return post


def _sales(call: Call, lines: Any) -> dict[str, Any]:
    number = counts(lines)
    return {
        "gmv": shown_money(call, gmv_of(lines)),
        "sku_orders": number["sku_orders"],
        "items_sold": number["items_sold"],
        "customers": number["customers"],
    }


def _video(call: Call, post: Post, period: Period, lines: Any) -> dict[str, Any]:
    creator = call.world.creators[post.creator_id]
    seen: Organic = watched(call, post, period)
    gmv, number = gmv_of(lines), counts(lines)
    per_mille = cents(gmv * 1000 / seen.views) if seen.views else ZERO
    return {
        "id": post.item_id,
        "title": post.caption,
        "username": creator.handle,
        "creator": {
            "open_id": creator.open_id,
            "user_name": creator.handle,
            "nick_name": creator.display_name,
            "author_type": "AFFILIATE",
        },
        "video_post_time": _post_time(post),
        "duration": round(post.duration),
        "hash_tags": [tag if tag.startswith("#") else f"#{tag}" for tag in post.hash_tags],
        "views": seen.views,
        "product_impressions": seen.product_impressions,
        "product_clicks": seen.product_clicks,
        "click_through_rate": share(seen.product_clicks, seen.product_impressions),
        "gmv": shown_money(call, gmv),
        "gpm": shown_money(call, per_mille),
        "sku_orders": number["sku_orders"],
        "items_sold": number["items_sold"],
        "avg_customers": round(number["customers"] / max(1, complete(call, period).days)),
        "likes": seen.likes,
        "comments": seen.comments,
        "shares": seen.shares,
        "new_followers": seen.new_followers,
        "products": [
            {"id": product_id, "name": call.world.products[product_id].title}
            for product_id in post.product_ids
        ],
    }


def _post_time(post: Post) -> str:
    """`YYYY-MM-DD HH:MM:SS` without a zone, UTC."""
    return f"{post.posted_at.astimezone(UTC):%Y-%m-%d %H:%M:%S}"
