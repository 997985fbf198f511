"""Comments under ads of one ad account (contract 9).

TikTok offers these for TT_USER and CUSTOMIZED_USER identities; comments under a creator's own
post, used by code, stay with the creator.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Annotated, Literal

from sparkops.tiktok.ads.calls import Caller, PageOf, Result
from sparkops.tiktok.ads.encoding import batch
from sparkops.tiktok.ads.identities import IdentityRef
from sparkops.tiktok.ads.post_parts import IdentityType
from sparkops.tiktok.values import (
    Count,
    Flag,
    Record,
    RequiredId,
    Text,
    TextId,
    WrittenTime,
    known,
)

SortField = Literal["CREATE_TIME", "LIKES", "REPLIES"]


class Comment(Record):
    """A comment or, with ``original_comment_id``, a reply to one. Times in UTC."""

    comment_id: RequiredId
    content: Text = ""
    comment_type: Annotated[Text, known("COMMENT", "REPLY")] = ""
    original_comment_id: TextId = ""
    comment_status: Annotated[Text, known("PUBLIC", "HIDDEN")] = ""
    likes: Count = None
    replies: Count = None
    hit_blockedword: Flag = None
    create_time: WrittenTime = None
    campaign_id: TextId = ""
    campaign_name: Text = ""
    adgroup_id: TextId = ""
    adgroup_name: Text = ""
    ad_id: TextId = ""
    ad_name: Text = ""
    ad_text: Text = ""
    tiktok_item_id: TextId = ""
    identity_id: TextId = ""
    identity_type: IdentityType = ""
    is_pinned: Flag = None
    can_delete: Flag = None
    user_name: Text = ""
    user_id: TextId = ""
    user_avatar_url: Text = ""
    is_auth_comment_manage_scope: Flag = None


class Comments:
    """Calls about comments of one ad account at a time."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def pages(
        self,
        advertiser_id: str,
        adgroup_id: str,
        start_date: date,
        end_date: date,
        *,
        comment_types: Sequence[str] | None = None,
        sort_field: SortField | None = None,
        page_size: int = 100,
        start: int = 1,
    ) -> Iterator[PageOf[Comment]]:
        """Comments under the ads of one ad group, written on these days."""
        params = {
            "advertiser_id": advertiser_id,
            "search_field": "ADGROUP_ID",
            "search_value": adgroup_id,
            "start_time": start_date,
            "end_time": end_date,
            "comment_type": list(comment_types) if comment_types else None,
            "sort_field": sort_field,
        }
        return self._caller.pages(
            "/comment/list/",
            params,
            Comment,
            what="a list of comments",
            advertiser_id=advertiser_id,
            key="comments",
            page_size=page_size,
            most=100,
            start=start,
        )

    def set_visibility(
        self, advertiser_id: str, comment_ids: Sequence[str], operation: Literal["HIDDEN", "PUBLIC"]
    ) -> Result[None]:
        """Hide comments, or show them again."""
        content = {
            "advertiser_id": advertiser_id,
            "comment_ids": batch(comment_ids, 20, "comments"),
            "operation": operation,
        }
        return self._caller.order(
            "/comment/status/update/", content, advertiser_id=advertiser_id, repeatable=True
        )

    def reply(
        self,
        advertiser_id: str,
        identity: IdentityRef,
        *,
        ad_id: str,
        tiktok_item_id: str,
        comment_id: str,
        text: str,
    ) -> Result[None]:
        """Answer a comment in the name of the ad's identity."""
        content = {
            "advertiser_id": advertiser_id,
            **identity.params(),
            "ad_id": ad_id,
            "tiktok_item_id": tiktok_item_id,
            "comment_id": comment_id,
            "comment_type": "REPLY",
            "text": text,
        }
        return self._caller.order("/comment/post/", content, advertiser_id=advertiser_id)
