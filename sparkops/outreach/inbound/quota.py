"""The weekly quota of new contacts (Shop contract 8.9)."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

from sparkops.catalog.inbound import open_shop, shop_parts
from sparkops.catalog.models import Shop
from sparkops.connections.models import Connection
from sparkops.landing.merge import Counts
from sparkops.landing.streams import Context, Stream, Window
from sparkops.outreach.actions.quota import keep_quota
from sparkops.tiktok.shop.api import ShopApi
from sparkops.tiktok.shop.creators import OutreachQuota, QuotaLevel


def _pages(api: ShopApi, _part: str, _window: Window) -> Iterator[Any]:
    yield api.creators.quota_page()


def load_quota(rows: Sequence[OutreachQuota], context: Context) -> Counts:
    """The newest reading replaces the one before."""
    shop = Shop.objects.get(shop_id=context.part)
    for one in rows:
        keep_quota(
            shop,
            {
                "total": one.quota_sum,
                "used": one.quota_use,
                "unlimited": bool(one.unlimited),
                "follower_cap": one.follower_cap,
                "tier": getattr(one, "gmv_tier", "") or "",
                "levels": [_level(level) for level in one.gmv_level_rule],
                "ends_at": one.end_time,
            },
            now=context.now,
        )
    return Counts(changed=len(rows))


def _level(level: QuotaLevel) -> dict[str, Any]:
    amount = level.left_gmv.amount if level.left_gmv else None
    return {
        "tier": level.gmv_tier,
        "from": str(amount) if amount is not None else "",
        "currency": level.left_gmv.currency if level.left_gmv else "",
        "cap": level.reached_max_follower_cnt or None,
    }


QUOTA = Stream(
    name="outreach_quota",
    label="Quota of new contacts",
    kind=Connection.Kind.SHOP,
    every=timedelta(minutes=30),
    parts=shop_parts,
    open=open_shop,
    pages=_pages,
    load=load_quota,
    first=None,
    # An equal reading is still a newer one.
    skip_equal_pages=False,
)
