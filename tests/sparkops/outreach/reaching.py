"""Segments and outreach, inside an open client scope."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from creators.models import Creator
from sparkops.audit.record import Actor
from sparkops.catalog.models import Product
from sparkops.outreach.actions.outreaches import Draft, FollowUp, save_outreach, start
from sparkops.outreach.actions.segments import save_segment
from sparkops.outreach.models import Outreach, Segment

MINA = Actor("Mina", 7)
RATE = Decimal("0.15")
ZONE = "America/Los_Angeles"


def people(count: int, *, now: datetime, **fields: Any) -> list[Creator]:
    """Creators `maker0` and so on, whom TikTok knows as `open-0` and so on."""
    return Creator.objects.bulk_create(
        Creator(
            handle=f"maker{number}",
            creator_id=f"open-{number}",
            source="shop",
            created_at=now,
            **fields,
        )
        for number in range(count)
    )


def everyone(name: str = "Everyone", *, now: datetime) -> Segment:
    """A segment of all creators."""
    return save_segment(name, filters={}, handles="", by=MINA, now=now)[0]


def draft(
    segment: Segment,
    *,
    now: datetime,
    products: list[Product] | None = None,
    follow_ups: Sequence[FollowUp] = (),
    **fields: Any,
) -> Outreach:
    """A draft by shop message, unless `fields` say otherwise."""
    values: dict[str, Any] = {
        "name": "Autumn",
        "channel": "shop",
        "segment": segment,
        "subject": "",
        "body": "Hi {creator}, this is {brand}.",
        "rate": None,
        "shop_ads_rate": None,
        "ends_on": (now + timedelta(days=30)).date(),
        "has_free_sample": False,
        "contact_email": "",
        "quiet_days": 0,
    }
    found = Draft(**(values | fields))
    return save_outreach(None, found, products or [], follow_ups, by=MINA, now=now)


def started(segment: Segment, *, now: datetime, **fields: Any) -> Outreach:
    """A draft that a person started at once."""
    return start(draft(segment, now=now, **fields), zone=ZONE, by=MINA, now=now)
