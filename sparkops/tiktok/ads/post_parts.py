"""Pieces of a post that several answers share (contract 5.2 to 5.4)."""

from __future__ import annotations

from typing import Annotated

from pydantic import BeforeValidator, Field

from sparkops.tiktok.values import (
    Amount,
    Count,
    Maybe,
    Record,
    Text,
    TextId,
    WrittenTime,
    known,
    text_id,
)

PROMOTABLE = "HESITATE_RECOMMEND"
AUTHORIZED = "AUTHORIZED"


def plain_post_status(word: str) -> str:
    """The post status without the prefix that ``/identity/*`` puts before it."""
    return word.removeprefix("ITEM_").removeprefix("STATUS_")


def is_promotable(word: str) -> bool:
    """Only a public post may be promoted; an unknown or missing word counts as not public."""
    return plain_post_status(word) == PROMOTABLE


def _original(value: object) -> str:
    # "0" is TikTok's way to say that the post is no duet or stitch.
    found = text_id(value)
    return "" if found == "0" else found


OriginalId = Annotated[str, BeforeValidator(_original)]
PostStatus = Annotated[
    Text,
    known(
        *(
            prefix + word
            for prefix in ("", "STATUS_", "ITEM_STATUS_")
            for word in (
                PROMOTABLE,
                "ONLY_FRIEND_SEE",
                "ONLY_AUTHOR_SEE",
                "USER_DELETE",
                "AUDIT_DELETE",
                "ONLY_USER_PASS",
                "REVIEW_PENDING",
            )
        )
    ),
]
IdentityType = Annotated[
    Text, known("AUTH_CODE", "TT_USER", "BC_AUTH_TT", "TTS_TT", "CUSTOMIZED_USER", "UNSET")
]
ItemType = Annotated[Text, known("VIDEO", "CAROUSEL")]


class Anchor(Record):
    """A link on a post, mostly to a product; ``spu_*`` and ``store_id`` for shop products only."""

    id: TextId = ""
    title: Text = ""
    status: Annotated[Text, known("CHECK_ING", "CHECK_FAILED", "CHECK_SUCCESS")] = ""
    product_regions: list[Text] = Field(default_factory=list)
    url: Text = ""
    spu_id: TextId = ""
    spu_name: Text = ""
    store_id: TextId = ""


class CarouselImage(Record):
    """A picture of a photo post; its address works for 90 days."""

    image_url: Text = ""
    image_height: Count = None
    image_width: Count = None


class CarouselMusic(Record):
    """Music under a photo post; ``music_duration`` in seconds."""

    music_url: Text = ""
    music_duration: Amount = None


class Carousel(Record):
    """What a photo post has in place of a video."""

    image_info: list[CarouselImage] = Field(default_factory=list)
    music_info: Maybe[CarouselMusic] = None


class PostAuthorization(Record):
    """The permission on a post, in UTC.

    ``invite_start_time``: applied in the ad account; ``auth_start_time`` to ``auth_end_time``: the
    code is valid. A missing end is unknown, never endless.
    """

    ad_auth_status: Annotated[Text, known(AUTHORIZED, "EXPIRED", "UNAUTHORIZED")] = ""
    invite_start_time: WrittenTime = None
    auth_start_time: WrittenTime = None
    auth_end_time: WrittenTime = None


class PostMedia(Record):
    """File facts: ``duration`` seconds, ``size`` bytes, ``bit_rate`` bits a second.

    Empty for photo posts. ``/tt_video/*`` gives ``preview_url`` (one hour; "" when expired or not
    public) where ``/identity/*`` gives ``url`` and ``format``.
    """

    duration: Amount = None
    size: Count = None
    bit_rate: Count = None
    height: Count = None
    width: Count = None
    poster_url: Text = ""
    preview_url: Text = ""
    url: Text = ""
    format: Text = ""
    signature: Text = ""
    video_id: TextId = ""
    file_name: Text = ""
