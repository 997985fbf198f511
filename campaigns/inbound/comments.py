"""Comments under ads that deliver (marketing contract 9)."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

from campaigns.actions.comments import tell_risks
from campaigns.models import Ad, AdComment
from campaigns.rules.comments import RESPONSE, risks_of
from sparkops.catalog.inbound import ad_account_parts, open_ads
from sparkops.connections.models import Connection
from sparkops.landing.merge import Counts, merge
from sparkops.landing.streams import Context, Stream, Window
from sparkops.tiktok.ads.api import AdsApi
from sparkops.tiktok.ads.comments import Comment

BACK = timedelta(days=14)
DELIVERS = "AD_STATUS_DELIVERY_OK"


def _pages(api: AdsApi, part: str, window: Window) -> Iterator[Any]:
    """Per ad group that delivers now, as TikTok lists them by group only."""
    groups = {
        row.adgroup_id
        for page in api.ads.pages(part)
        for row in page.items
        if row.secondary_status == DELIVERS
    }
    first, last = (window.until - BACK).date(), window.until.date()
    for group in sorted(groups):
        yield from api.comments.pages(part, group, first, last, comment_types=["COMMENT"])


def load_comments(rows: Sequence[Comment], context: Context) -> Counts:
    """Comments with their risk; the response clock starts when one is first seen."""
    ads = dict(Ad.objects.filter(ad_id__in={row.ad_id for row in rows}).values_list("ad_id", "pk"))
    counts = merge(
        AdComment,
        [
            {
                "ad_id": ads[row.ad_id],
                "comment_id": row.comment_id,
                "text": row.content,
                "user_name": row.user_name,
                "likes": row.likes or 0,
                "status": row.comment_status,
                "written_at": row.create_time or context.now,
                "seen_at": context.now,
                "risk": ", ".join(risks_of(row.content)),
                "due_at": context.now + RESPONSE if risks_of(row.content) else None,
            }
            for row in rows
            if row.ad_id in ads
        ],
        key=["comment_id"],
        insert_only=["risk", "due_at"],
        unwatched=["seen_at"],
    )
    tell_risks(now=context.now)
    return counts


COMMENTS = Stream(
    name="comments",
    label="Comments under ads",
    kind=Connection.Kind.ADS,
    every=timedelta(minutes=15),
    parts=ad_account_parts,
    open=open_ads,
    pages=_pages,
    load=load_comments,
    first=None,
    skip_equal_pages=False,
)
