"""Posts that creators opened for advertising: ``/tt_video/*`` and the music check (contract 5).

The applied Spark code comes back in every answer. It lets anybody spend on a person's name, so it
is left out of the ``repr``; whoever stores ``raw`` pages has to encrypt them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Annotated

from pydantic import Field

from sparkops.tiktok.ads.calls import Caller, PageOf, Result
from sparkops.tiktok.ads.encoding import utc_text
from sparkops.tiktok.ads.identities import IdentityRef
from sparkops.tiktok.ads.post_parts import (
    Anchor,
    Carousel,
    IdentityType,
    ItemType,
    OriginalId,
    PostAuthorization,
    PostMedia,
    PostStatus,
    is_promotable,
)
from sparkops.tiktok.ads.redemption import RedemptionOutcome, applied, is_refusal, outcome_of
from sparkops.tiktok.errors import TikTokError
from sparkops.tiktok.values import Flag, Maybe, Record, RequiredId, Text, TextId, known

MUSIC_CLEARED = frozenset({"WITHOUT_SONG_ID", "WITH_FULL_AUTHORIZATION"})


class PostOwner(Record):
    """The account behind an authorized post; ``identity_id`` is what an ad names."""

    tiktok_name: Text = ""
    identity_id: RequiredId
    identity_type: IdentityType = "AUTH_CODE"


class PostItem(Record):
    """The post itself; ``item_id`` is the ``tiktok_item_id`` of ads."""

    item_id: RequiredId
    item_type: ItemType = ""
    text: Text = ""
    status: PostStatus = ""
    auth_code: Text = Field(default="", repr=False)
    anchor_list: list[Anchor] = Field(default_factory=list)
    carousel_info: Maybe[Carousel] = None
    duet_original_item_id: OriginalId = ""
    stitch_original_item_id: OriginalId = ""
    is_multi_duet_stitch: Flag = None
    mentioned_item_ids: list[TextId] = Field(default_factory=list)

    @property
    def is_promotable(self) -> bool:
        """Whether the post is public. ``/tt_video/info/`` may leave the status out."""
        return is_promotable(self.status)


class AuthorizedPost(Record):
    """One row of ``/tt_video/list/``, or the whole answer of ``/tt_video/info/``.

    The latter gives only start and end of the permission.
    """

    user_info: PostOwner
    item_info: PostItem
    auth_info: Maybe[PostAuthorization] = None
    video_info: Maybe[PostMedia] = None


class SongRight(Record):
    """One piece of music in a post and whether ads may use it."""

    music_id: TextId = ""
    title: Text = ""
    author: Text = ""
    composer: Text = ""
    lyricist: Text = ""
    publisher: Text = ""
    labels: list[Text] = Field(default_factory=list)
    authorization_type: Annotated[Text, known("AUTHORIZED", "NOT_AUTHORIZED")] = ""


class MusicAuthorization(Record):
    """Whether the music of a post may be used in the asked places and dates."""

    item_id: RequiredId
    music_status: Annotated[Text, known(*MUSIC_CLEARED, "AUTHORIZATION_MISSING")] = ""
    authorization_infos: list[SongRight] = Field(default_factory=list)

    @property
    def is_cleared(self) -> bool:
        """True only for words that say so."""
        return self.music_status in MUSIC_CLEARED


class Posts:
    """Calls about the authorized posts of one ad account at a time."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def authorize(
        self, advertiser_id: str, auth_code: str, *, original_post_auth_code: str = ""
    ) -> RedemptionOutcome:
        """Apply a creator's Spark code to one ad account.

        Every refusal of the code or the post is returned as an outcome, not raised. Where
        ``outcome.needs_list`` holds, the list of authorized posts (``pages``) is the truth.
        Raises ``Auth``, ``Permission``, ``Throttled``, ``Server`` or ``Unexpected`` when TikTok
        said nothing about the code; with ``outcome_unknown`` the list tells as well.
        """
        content = {
            "advertiser_id": advertiser_id,
            "auth_code": auth_code.strip(),
            "original_post_auth_code": original_post_auth_code.strip() or None,
        }
        try:
            done = self._caller.order("/tt_video/authorize/", content, advertiser_id=advertiser_id)
        except TikTokError as error:
            if not is_refusal(error):
                raise
            return outcome_of(error)
        return applied(done.request_id, done.raw)

    def info(self, advertiser_id: str, auth_code: str) -> Result[AuthorizedPost]:
        """The post behind a Spark code. A refusal is raised; ``outcome_of(error)`` explains it."""
        return self._caller.read(
            "/tt_video/info/",
            {"advertiser_id": advertiser_id, "auth_code": auth_code.strip()},
            AuthorizedPost,
            what="a post",
            advertiser_id=advertiser_id,
        )

    def pages(
        self,
        advertiser_id: str,
        *,
        item_types: Sequence[str] | None = None,
        keyword: str = "",
        page_size: int = 50,
        start: int = 1,
    ) -> Iterator[PageOf[AuthorizedPost]]:
        """Posts applied to the ad account; ``keyword`` is caption text or a whole post id."""
        params = {
            "advertiser_id": advertiser_id,
            "item_types": list(item_types) if item_types else None,
            "keyword": keyword or None,
        }
        return self._caller.pages(
            "/tt_video/list/",
            params,
            AuthorizedPost,
            what="a list of authorized posts",
            advertiser_id=advertiser_id,
            page_size=page_size,
            most=50,
            start=start,
        )

    def unbind(self, advertiser_id: str, item_id: str) -> Result[None]:
        """Remove a post from this ad account; the creator's code itself stays valid."""
        return self._caller.order(
            "/tt_video/unbind/",
            {"advertiser_id": advertiser_id, "item_id": item_id},
            advertiser_id=advertiser_id,
            repeatable=True,
        )

    def music_authorization(
        self,
        advertiser_id: str,
        identity: IdentityRef,
        item_id: str,
        *,
        location_ids: Sequence[str],
        start_time: datetime,
        end_time: datetime,
    ) -> PageOf[MusicAuthorization]:
        """Music rights of a post for an ad group's places and flight (aware times)."""
        params = {
            "advertiser_id": advertiser_id,
            **identity.params(),
            "item_id": item_id,
            "locations": list(location_ids),
            "start_time": utc_text(start_time),
            "end_time": utc_text(end_time),
        }
        return self._caller.whole(
            "/identity/music/authorization/",
            params,
            MusicAuthorization,
            what="the music rights of a post",
            advertiser_id=advertiser_id,
            key="music_authorization",
        )
