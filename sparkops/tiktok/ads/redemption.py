"""What TikTok's answer to a Spark code means for the person who pasted it.

Rows follow domain paper 2.5 and contract sections 5.6 and 13. TikTok publishes no stable list, so a
row is found first by its key or wording in the message, then by its code; what no row knows is
UNKNOWN and shows TikTok's own words.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sparkops.tiktok.errors import Auth, Permission, Server, Throttled, TikTokError


class RedemptionState(StrEnum):
    """The state a redemption is in after the answer."""

    ACTIVE = "active"
    UNCONFIRMED = "unconfirmed"
    INVALID = "invalid"
    EXPIRED = "expired"
    REVOKED = "revoked"
    LOST = "lost"
    INELIGIBLE = "ineligible"
    RETRY_LATER = "retry_later"
    UNKNOWN = "unknown"


class RedemptionReason(StrEnum):
    """Why, one word per row of the error table."""

    APPLIED = "applied"
    ALREADY_APPLIED = "already_applied"
    FORMAT = "format"
    CODE_EXPIRED = "code_expired"
    CODE_WITHDRAWN = "code_withdrawn"
    POST_VIOLATION = "post_violation"
    POST_STATUS = "post_status"
    POST_DELETED = "post_deleted"
    POST_PRIVATE = "post_private"
    MENTIONS_SEVERAL_POSTS = "mentions_several_posts"
    STORY = "story"
    CAROUSEL_DUET = "carousel_duet"
    DUET_OR_STITCH = "duet_or_stitch"
    ORIGINAL_CODE_NEEDED = "original_code_needed"
    OTHER_REGION = "other_region"
    TIKTOK_FAULT = "tiktok_fault"
    UNKNOWN = "unknown"


class NextActor(StrEnum):
    """Who has to move next."""

    NOBODY = "nobody"
    TEAM = "team"
    CREATOR = "creator"


@dataclass(frozen=True)
class RedemptionOutcome:
    """One answer to one code in one ad account, in the reader's words.

    `code` is 0 when TikTok accepted. `tiktok_says` is TikTok's own text, kept as it came.
    `identity_id` is filled only when TikTok happens to return it; the list of authorized posts is
    where post, identity and end date are read.
    """

    state: RedemptionState
    reason: RedemptionReason
    sentence: str
    next_action: str
    next_actor: NextActor
    code: int
    tiktok_says: str
    request_id: str
    identity_id: str = ""

    @property
    def accepted(self) -> bool:
        return self.reason is RedemptionReason.APPLIED

    @property
    def needs_list(self) -> bool:
        """The code may be in force although this answer refused it: look at the list."""
        return self.reason in (
            RedemptionReason.ALREADY_APPLIED,
            RedemptionReason.TIKTOK_FAULT,
            RedemptionReason.UNKNOWN,
        )


@dataclass(frozen=True)
class _Row:
    reason: RedemptionReason
    state: RedemptionState
    actor: NextActor
    sentence: str
    next_action: str
    code: int | None = None
    wordings: tuple[str, ...] = ()


_OTHER_POST = "Pick another post of this creator, or ask the creator for one."

# Order matters where one message could match two rows: the more telling wording comes first.
_ROWS = (
    _Row(
        RedemptionReason.ORIGINAL_CODE_NEEDED,
        RedemptionState.INELIGIBLE,
        NextActor.TEAM,
        "This post is a duet or stitch, so TikTok also wants the code of the original post.",
        "Ask the creator of the original post for a code and enter both together.",
        wordings=("original_post_auth_code",),
    ),
    _Row(
        RedemptionReason.CAROUSEL_DUET,
        RedemptionState.INELIGIBLE,
        NextActor.TEAM,
        "This post is a duet with a photo post, and TikTok does not promote those.",
        _OTHER_POST,
        code=4042,
        wordings=("carousel_duet_not_supported",),
    ),
    _Row(
        RedemptionReason.STORY,
        RedemptionState.INELIGIBLE,
        NextActor.TEAM,
        "This is a story, and TikTok does not promote stories.",
        _OTHER_POST,
        code=4027,
        wordings=("story_video_not_supported",),
    ),
    _Row(
        RedemptionReason.MENTIONS_SEVERAL_POSTS,
        RedemptionState.INELIGIBLE,
        NextActor.TEAM,
        "This post tags several other posts, and TikTok does not promote such posts.",
        _OTHER_POST,
        code=930002,
        wordings=("mention_multiple_videos",),
    ),
    _Row(
        RedemptionReason.DUET_OR_STITCH,
        RedemptionState.INELIGIBLE,
        NextActor.TEAM,
        "This post is a duet or stitch of several posts, and TikTok does not promote those.",
        _OTHER_POST,
        code=900003,
        wordings=("multi_duet", "multi_stitch", "duet_not_allowed", "stitch_not_allowed"),
    ),
    _Row(
        RedemptionReason.POST_DELETED,
        RedemptionState.LOST,
        NextActor.CREATOR,
        "The post behind this code was deleted or no longer exists.",
        "Ask the creator what happened to the post, or for a code of another post.",
        wordings=(
            "video_deleted",
            "post_does_not_exist",
            "video_does_not_exist",
            "post_has_been_deleted",
            "video_has_been_deleted",
        ),
    ),
    _Row(
        RedemptionReason.POST_PRIVATE,
        RedemptionState.INELIGIBLE,
        NextActor.CREATOR,
        "The post behind this code is not public.",
        "Ask the creator to make the post public, then enter the code again.",
        wordings=("post_is_private", "video_is_private", "not_public"),
    ),
    _Row(
        RedemptionReason.POST_VIOLATION,
        RedemptionState.INVALID,
        NextActor.TEAM,
        "TikTok refuses this post: it breaks the community guidelines.",
        _OTHER_POST,
        wordings=("video_unavailable", "community_guideline", "community_guidelines"),
    ),
    _Row(
        RedemptionReason.POST_STATUS,
        RedemptionState.INVALID,
        NextActor.TEAM,
        "TikTok refuses this post because of its review status: it breaks the community rules.",
        _OTHER_POST,
        code=900012,
        wordings=("illegal_item_status",),
    ),
    _Row(
        RedemptionReason.CODE_EXPIRED,
        RedemptionState.EXPIRED,
        NextActor.CREATOR,
        "The period the creator chose for this code is over.",
        "Ask the creator to extend the authorization in the TikTok app, or for a new code.",
        code=4025,
        wordings=("auth_code_expired", "code_has_expired", "code_is_expired"),
    ),
    _Row(
        RedemptionReason.CODE_WITHDRAWN,
        RedemptionState.REVOKED,
        NextActor.CREATOR,
        "The creator deleted this code, so it no longer gives permission.",
        "Ask the creator for a new code.",
        wordings=("auth_code_not_found", "code_has_been_deleted", "code_was_deleted"),
    ),
    _Row(
        RedemptionReason.ALREADY_APPLIED,
        RedemptionState.UNCONFIRMED,
        NextActor.NOBODY,
        "This code was already used.",
        "Look for the post in the ad account's list of authorized posts; if it is there, the "
        "permission is in force. If not, ask the creator for a new code.",
        wordings=("already_been_used", "already_used", "already_authorized", "already_applied"),
    ),
    _Row(
        RedemptionReason.OTHER_REGION,
        RedemptionState.INELIGIBLE,
        NextActor.TEAM,
        "The creator's region does not fit this ad account.",
        "Enter the code in an ad account of the creator's region, or pick another post.",
        wordings=("region",),
    ),
    _Row(
        RedemptionReason.FORMAT,
        RedemptionState.INVALID,
        NextActor.TEAM,
        "TikTok does not recognize this code.",
        "Copy the whole code again, from # to the last character, and enter it once more.",
        code=4013,
        wordings=("auth_code_format_error", "authorization_code_is_invalid"),
    ),
    _Row(
        RedemptionReason.TIKTOK_FAULT,
        RedemptionState.RETRY_LATER,
        NextActor.NOBODY,
        "TikTok had a fault of its own while reading this code.",
        "Nothing to do: the code is tried again later.",
        code=-500,
        wordings=("call_rpc_fail", "call_db_fail"),
    ),
)

_APPLIED = _Row(
    RedemptionReason.APPLIED,
    RedemptionState.ACTIVE,
    NextActor.NOBODY,
    "TikTok accepted the code in this ad account.",
    "Nothing to do: the post and its end date are read back from TikTok.",
)


def applied(request_id: str, data: Mapping[str, Any]) -> RedemptionOutcome:
    """The outcome of an accepted code. TikTok documents an empty answer; an identity may come."""
    identity_id = str(data.get("identity_id") or "")
    return _outcome(_APPLIED, 0, "OK", request_id, identity_id=identity_id)


def is_refusal(error: TikTokError) -> bool:
    """Whether the error is TikTok's answer about the code or the post.

    A lost token, a missing right, a limit, a fault of TikTok's servers and an unreadable answer say
    nothing about the code, so they are not refusals.
    """
    if error.code is None:
        return False
    if _row_by_code(error.code) is not None:
        return True
    about_the_call = isinstance(error, Auth | Permission | Throttled | Server)
    return not about_the_call and error.reason != "endpoint_wrong"


def outcome_of(error: TikTokError) -> RedemptionOutcome:
    """Explain a refusal of `/tt_video/authorize/` or `/tt_video/info/` (see `is_refusal`)."""
    code = error.code if error.code is not None else 0
    row = _row_by_wording(error.message) or _row_by_code(code) or _unknown(error.message)
    return _outcome(row, code, error.message, error.request_id)


def _row_by_wording(message: str) -> _Row | None:
    # Keys (video_deleted) and sentences (The video has been deleted) become alike.
    words = f"_{re.sub('[^a-z0-9]+', '_', message.lower()).strip('_')}_"
    for row in _ROWS:
        if any(f"_{wording}_" in words for wording in row.wordings):
            return row
    return None


def _row_by_code(code: int) -> _Row | None:
    return next((row for row in _ROWS if row.code == code), None)


def _unknown(message: str) -> _Row:
    return _Row(
        RedemptionReason.UNKNOWN,
        RedemptionState.UNKNOWN,
        NextActor.TEAM,
        f"TikTok says: {message}",
        "Look for the post in the ad account's list of authorized posts. If it is not there, ask "
        "the creator for a new code.",
    )


def _outcome(
    row: _Row, code: int, message: str, request_id: str, *, identity_id: str = ""
) -> RedemptionOutcome:
    return RedemptionOutcome(
        state=row.state,
        reason=row.reason,
        sentence=row.sentence,
        next_action=row.next_action,
        next_actor=row.actor,
        code=code,
        tiktok_says=message,
        request_id=request_id,
        identity_id=identity_id,
    )
