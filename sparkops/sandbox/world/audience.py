"""Organic numbers of a post. A pure function of the post and the time span.

Views follow a curve that decays after posting, with a second wave for viral posts; any span is a
difference of two points on the curve, so spans add up exactly, whatever the day boundaries.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from datetime import datetime
from itertools import accumulate

from sparkops.sandbox.world.people import Post
from sparkops.sandbox.world.state import World

DAYS = 75
WAVE_FACTOR = 2.5
DAY_SECONDS = 86400.0


def noise(*key: object) -> float:
    """A number in [0, 1) that follows from ``key``."""
    return zlib.crc32(":".join(map(str, key)).encode()) / 2**32


@dataclass(frozen=True)
class Organic:
    """Counts of a time span."""

    views: int
    likes: int
    comments: int
    shares: int
    favorites: int
    new_followers: int
    product_impressions: int
    product_clicks: int


def _curve(post: Post, salt: str) -> list[float]:
    """Share of the reach gained by the end of each day after the start."""
    weights = [
        (day + 1) ** -1.35 * (0.8 + 0.4 * noise(post.item_id, salt, day)) for day in range(DAYS)
    ]
    total = sum(weights)
    return [value / total for value in accumulate(weights)]


def _share(curve: list[float], seconds: float) -> float:
    if seconds <= 0:
        return 0.0
    day, rest = divmod(seconds / DAY_SECONDS, 1)
    if day >= DAYS:
        return 1.0
    before = curve[int(day) - 1] if day >= 1 else 0.0
    return before + (curve[int(day)] - before) * rest


def views_until(world: World, post: Post, moment: datetime) -> float:
    """Organic views from posting to ``moment``."""
    end = post.ends_at()
    moment = min(moment, end) if end else moment
    curve = world.lasting(("curve", post.item_id), lambda: _curve(post, "first"))
    views = post.reach * _share(curve, (moment - post.posted_at).total_seconds())
    if post.viral_at:
        views += post.reach * WAVE_FACTOR * _share(curve, (moment - post.viral_at).total_seconds())
    return views


def organic(world: World, post: Post, start: datetime, end: datetime) -> Organic:
    """The post's organic counts in [start, end)."""
    first, last = views_until(world, post, start), views_until(world, post, end)

    def count(name: str, low: float, high: float) -> int:
        rate = low + (high - low) * noise(post.item_id, name)
        return int(last * rate) - int(first * rate)

    linked = 1.0 if post.product_ids else 0.0
    return Organic(
        views=int(last) - int(first),
        likes=count("likes", 0.03, 0.09),
        comments=count("comments", 0.001, 0.006),
        shares=count("shares", 0.001, 0.004),
        favorites=count("favorites", 0.004, 0.012),
        new_followers=count("followers", 0.0002, 0.001),
        product_impressions=int(linked * count("impressions", 0.85, 0.97)),
        product_clicks=int(linked * count("clicks", 0.012, 0.035)),
    )
