"""Identities an ad can run under, and the posts they offer (contract 5.3)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from sparkops.tiktok.ads.calls import Caller, PageOf, Result
from sparkops.tiktok.ads.encoding import batch
from sparkops.tiktok.ads.post_parts import (
    Anchor,
    Carousel,
    IdentityType,
    ItemType,
    PostAuthorization,
    PostMedia,
    PostStatus,
    is_promotable,
)
from sparkops.tiktok.values import Flag, Maybe, Record, RequiredId, Text, TextId, known

AUTH_CODE = "AUTH_CODE"
TT_USER = "TT_USER"
BC_AUTH_TT = "BC_AUTH_TT"
SPARK_IDENTITY_TYPES = (AUTH_CODE, TT_USER, BC_AUTH_TT)
POSTS_PER_CALL = 20


@dataclass(frozen=True, slots=True)
class IdentityRef:
    """How a call names an identity. Raises ``ValueError`` when a part it needs is missing."""

    identity_id: str
    identity_type: str
    identity_authorized_bc_id: str = ""

    def __post_init__(self) -> None:
        if not self.identity_id:
            raise ValueError("an identity needs its id")
        if self.identity_type == BC_AUTH_TT and not self.identity_authorized_bc_id:
            raise ValueError("a BC_AUTH_TT identity needs the id of its Business Center")

    def params(self) -> dict[str, str]:
        """The request fields that name this identity."""
        named = {"identity_id": self.identity_id, "identity_type": self.identity_type}
        if self.identity_authorized_bc_id:
            named["identity_authorized_bc_id"] = self.identity_authorized_bc_id
        return named


class Identity(Record):
    """One identity, as listed or asked for alone (then the picture has the other key)."""

    identity_id: RequiredId
    identity_type: IdentityType
    identity_authorized_bc_id: TextId = ""
    display_name: Text = ""
    username: Text = ""
    profile_image: Text = ""
    profile_image_url: Text = ""
    can_push_video: Flag = None
    can_pull_video: Flag = None
    can_use_live_ads: Flag = None
    can_manage_message: Flag = None
    available_status: Annotated[
        Text,
        known(
            "AVAILABLE",
            "NO_VALID_BIND_ACCOUNT",
            "SCOPE_UNAVAILABLE",
            "IS_PRIVATE_ACCOUNT",
            "NOT_BUSINESS_ACCOUNT",
        ),
    ] = ""
    ads_only_mode: Flag = None

    @property
    def picture_url(self) -> str:
        """The avatar, whichever key it came under; the address works for two days."""
        return self.profile_image or self.profile_image_url

    def ref(self) -> IdentityRef:
        """How other calls name it."""
        return IdentityRef(self.identity_id, self.identity_type, self.identity_authorized_bc_id)


class IdentityPost(Record):
    """A post an identity offers. ``auth_info`` comes for AUTH_CODE identities only."""

    item_id: RequiredId
    item_type: ItemType = ""
    text: Text = ""
    status: PostStatus = ""
    auth_code: Text = Field(default="", repr=False)
    auth_info: Maybe[PostAuthorization] = None
    anchor_list: list[Anchor] = Field(default_factory=list)
    carousel_info: Maybe[Carousel] = None
    video_info: Maybe[PostMedia] = None

    @property
    def is_promotable(self) -> bool:
        """Whether the post is public."""
        return is_promotable(self.status)


class Identities:
    """Calls about the identities of one ad account at a time."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def pages(
        self,
        advertiser_id: str,
        identity_type: str,
        *,
        identity_authorized_bc_id: str = "",
        keyword: str = "",
        page_size: int = 100,
        start: int = 1,
    ) -> Iterator[PageOf[Identity]]:
        """Identities of one type: TikTok counts its pages wrongly when no type is given."""
        if identity_type == BC_AUTH_TT and not identity_authorized_bc_id:
            raise ValueError("BC_AUTH_TT identities are listed by Business Center: name its id")
        params = {
            "advertiser_id": advertiser_id,
            "identity_type": identity_type,
            "identity_authorized_bc_id": identity_authorized_bc_id or None,
            "filtering": {"keyword": keyword} if keyword else None,
        }
        return self._caller.pages(
            "/identity/get/",
            params,
            Identity,
            what="a list of identities",
            advertiser_id=advertiser_id,
            key="identity_list",
            page_size=page_size,
            most=100,
            start=start,
        )

    def info(self, advertiser_id: str, identity: IdentityRef) -> Result[Identity]:
        """One identity."""
        params = {"advertiser_id": advertiser_id, **identity.params()}
        return self._caller.read(
            "/identity/info/",
            params,
            Identity,
            what="an identity",
            advertiser_id=advertiser_id,
            inside="identity_info",
        )

    def post_pages(
        self,
        advertiser_id: str,
        identity: IdentityRef,
        *,
        item_type: str = "VIDEO",
        keyword: str = "",
        exclude_ads_only: bool | None = None,
        count: int = POSTS_PER_CALL,
        start: str = "",
    ) -> Iterator[PageOf[IdentityPost]]:
        """Posts of an identity, ``count`` (1 to 20) a page; ``keyword`` works for AUTH_CODE only.

        ``start`` resumes at a stored ``next_token``.
        """
        params = {
            "advertiser_id": advertiser_id,
            **identity.params(),
            "item_type": item_type,
            "keyword": keyword or None,
            "exclude_adsonly": exclude_ads_only,
            "count": count,
        }
        return self._caller.cursor_pages(
            "/identity/video/get/",
            params,
            IdentityPost,
            what="a list of posts",
            advertiser_id=advertiser_id,
            key="video_list",
            start=start,
        )

    def post_details(
        self,
        advertiser_id: str,
        identity: IdentityRef,
        item_ids: Sequence[str],
        *,
        item_type: str = "VIDEO",
    ) -> PageOf[IdentityPost]:
        """The present state of up to 20 posts: the health check of posts with live ads."""
        params = {
            "advertiser_id": advertiser_id,
            **identity.params(),
            "item_ids": batch(item_ids, POSTS_PER_CALL, "posts"),
            "item_type": item_type,
        }
        return self._caller.whole(
            "/identity/video/info/",
            params,
            IdentityPost,
            what="a list of posts",
            advertiser_id=advertiser_id,
            key="video_details",
        )
