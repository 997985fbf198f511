"""What TikTok's answer to a code means: our state, a sentence, the next step and who takes it.

Sources: domain 2.4 and 2.5 (error codes of July 2025), marketing contract 3, 5.4 and 5.6. TikTok's
texts for Spark codes are not published, so known words are looked for and everything else is shown
as it came.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from authorizations.rules.states import State

LONGEST_SECONDS = 600
"""Longer posts cannot be promoted (domain 2.4)."""


class Actor(StrEnum):
    """Who has to act next."""

    NOBODY = "nobody"
    CREATOR = "creator"
    MANAGER = "manager"
    OPERATOR = "operator"


@dataclass(frozen=True, slots=True)
class Outcome:
    """One result of redeeming a code in one ad account.

    `code` is our stable word. `state` is what the authorization becomes, None when the answer says
    nothing about it. `usable` means an ad can be made from it. `look_at_list` asks to read the
    authorized posts before believing a refusal; `retry` to send the same again later.
    """

    code: str
    state: State | None
    sentence: str
    next_action: str
    who: Actor
    usable: bool = False
    retry: bool = False
    look_at_list: bool = False
    tiktok_says: str = ""


@dataclass(frozen=True, slots=True)
class ReadBack:
    """What TikTok reports of the redeemed post. Words are TikTok's as they came; "" when absent.

    `duration_seconds` is None for photo posts. Times are aware UTC.
    """

    item_id: str
    starts_at: datetime | None
    ends_at: datetime | None
    authorization_word: str = ""
    post_word: str = ""
    duration_seconds: float | None = None


_ASK_NEW = "Ask the creator for a new code."
_OTHER_POST = "Ask for a code of another post."

# One row per meaning: our word, state, sentence, next action, who acts, and how to go on.
_OUTCOMES = {
    outcome.code: outcome
    for outcome in (
        Outcome("wrong", State.REJECTED, "TikTok does not know this code.",
                "Check that the whole code was copied, or ask the creator for a new one.",
                Actor.CREATOR, look_at_list=True),
        Outcome("format", State.REJECTED, "The text is not a complete code.",
                "Copy the code again, from the # to the last =.", Actor.MANAGER),
        Outcome("deleted_code", State.REVOKED, "The creator deleted this code.",
                _ASK_NEW, Actor.CREATOR, look_at_list=True),
        Outcome("expired", State.EXPIRED, "The authorization period of this code is over.",
                "Ask the creator to extend it, or for a new code.", Actor.CREATOR,
                look_at_list=True),
        Outcome("already_used", None, "TikTok says that the code has already been used.",
                "If this ad account does not list the post, ask the creator for a new code.",
                Actor.MANAGER, look_at_list=True),
        Outcome("other_post", State.REJECTED, "The code belongs to another post.",
                "Ask the creator for the code of the right post, or keep it for the other one.",
                Actor.MANAGER),
        Outcome("region", State.REJECTED,
                "The creator's region does not fit the ad account.",
                "Use an ad account of the creator's region, or another creator.", Actor.MANAGER),
        Outcome("too_long", State.REJECTED, "The post is longer than 10 minutes.",
                _OTHER_POST, Actor.CREATOR),
        Outcome("original_needed", State.SUBMITTED,
                "The post is a duet, stitch or mention, so the original post's code is needed too.",
                "Ask for the code of the original post and enter both.", Actor.CREATOR),
        Outcome("post_deleted", State.POST_UNAVAILABLE, "The post was deleted.",
                "Ask the creator what happened, or for another post.", Actor.CREATOR),
        Outcome("post_private", State.POST_UNAVAILABLE, "The post is not public.",
                "Ask the creator to make it public, then check again.", Actor.CREATOR),
        Outcome("post_in_review", State.SUBMITTED, "TikTok is still reviewing the post.",
                "It is checked again by itself.", Actor.NOBODY, retry=True),
        Outcome("post_violation", State.POST_UNAVAILABLE,
                "The post breaks TikTok's community rules and cannot be promoted.",
                _OTHER_POST, Actor.CREATOR),
        Outcome("post_removed", State.POST_UNAVAILABLE, "TikTok removed the post in review.",
                _OTHER_POST, Actor.CREATOR),
        Outcome("mentions_many", State.REJECTED, "The post tags several other posts.",
                _OTHER_POST, Actor.CREATOR),
        Outcome("story", State.REJECTED, "The post is a story, which cannot be promoted.",
                _OTHER_POST, Actor.CREATOR),
        Outcome("duet_carousel", State.REJECTED,
                "The post is a duet with a photo carousel, which cannot be promoted.",
                _OTHER_POST, Actor.CREATOR),
        Outcome("duet", State.REJECTED,
                "The post is a duet or stitch of several posts, which cannot be promoted.",
                _OTHER_POST, Actor.CREATOR),
        Outcome("not_authorized", State.REVOKED, "The creator switched the authorization off.",
                "Ask the creator to switch it on again, or for a new code.", Actor.CREATOR),
        Outcome("not_begun", State.SUBMITTED, "The authorization has not begun yet.",
                "It is checked again by itself.", Actor.NOBODY, retry=True),
        Outcome("end_unknown", State.SUBMITTED,
                "TikTok accepted the code but gave no end, so it cannot be launched yet.",
                "It is checked again by itself.", Actor.NOBODY, retry=True),
        Outcome("throttled", None, "TikTok is busy.", "It is sent again by itself.",
                Actor.NOBODY, retry=True),
        Outcome("tiktok_fault", None, "TikTok had a fault.", "It is sent again by itself.",
                Actor.NOBODY, retry=True, look_at_list=True),
        Outcome("connection_lost", None, "The connection to TikTok is no longer valid.",
                "Connect the ad account again; the code waits.", Actor.OPERATOR),
        Outcome("no_permission", None, "This connection may not use the ad account.",
                "Connect with a member who may, or choose another ad account.", Actor.OPERATOR),
        Outcome("accepted", State.VERIFIED, "The code works.", "", Actor.NOBODY, usable=True),
    )
}  # fmt: skip

# TikTok's keys, which may come as the code or inside the text.
_BY_KEY = {
    "auth_code_not_found": "deleted_code", "auth_code_format_error": "format",
    "auth_code_expired": "expired", "video_unavailable": "post_violation",
    "video_deleted": "post_deleted", "mention_multiple_videos": "mentions_many",
    "illegal_item_status_error": "post_violation", "story_video_not_supported": "story",
    "carousel_duet_not_supported": "duet_carousel", "call_rpc_fail": "tiktok_fault",
    "call_db_fail": "tiktok_fault",
}  # fmt: skip

_BY_CODE = {
    "4013": "format", "4025": "expired", "930002": "mentions_many", "900012": "post_violation",
    "4027": "story", "4042": "duet_carousel", "900003": "duet", "-500": "tiktok_fault",
    "40001": "no_permission", "40106": "no_permission", "40119": "no_permission",
    "40300": "no_permission", "40301": "no_permission", "40302": "no_permission",
    "40102": "connection_lost", "40103": "connection_lost", "40105": "connection_lost",
    "40107": "connection_lost", "40114": "connection_lost",
    "40016": "throttled", "40100": "throttled", "40132": "throttled", "40133": "throttled",
    "61000": "throttled", "60001": "throttled", "429": "throttled",
    "40200": "tiktok_fault", "40201": "tiktok_fault", "50000": "tiktok_fault",
    "50002": "tiktok_fault",
}  # fmt: skip

# Words that TikTok's text has or begins with, the more telling first; all of a row must occur.
_BY_WORDS = (
    (("original_post_auth_code",), "original_needed"),
    (("10 min",), "too_long"), (("ten min",), "too_long"), (("too long",), "too_long"),
    (("duration", "exceed"), "too_long"), (("duration", "limit"), "too_long"),
    (("region",), "region"), (("country",), "region"), (("territor",), "region"),
    (("story",), "story"),
    (("carousel", "duet"), "duet_carousel"), (("duet",), "duet"), (("stitch",), "duet"),
    (("mention",), "mentions_many"),
    (("format",), "format"), (("malformed",), "format"),
    (("already",), "already_used"), (("been used",), "already_used"),
    (("expired",), "expired"),
    (("community",), "post_violation"), (("violat",), "post_violation"),
    (("post", "deleted"), "post_deleted"), (("video", "deleted"), "post_deleted"),
    (("post", "not exist"), "post_deleted"), (("video", "not exist"), "post_deleted"),
    (("private",), "post_private"), (("not public",), "post_private"),
    (("another post",), "other_post"), (("different post",), "other_post"),
    (("another video",), "other_post"), (("does not match", "post"), "other_post"),
    (("code", "deleted"), "deleted_code"), (("code", "cancel"), "deleted_code"),
    (("revoked",), "not_authorized"),
    (("too many",), "throttled"), (("frequent",), "throttled"), (("qps",), "throttled"),
    (("code", "invalid"), "wrong"), (("code", "not found"), "wrong"),
    (("code", "not exist"), "wrong"), (("code", "incorrect"), "wrong"),
)  # fmt: skip

_POST_WORDS = {
    "ONLY_FRIEND_SEE": "post_private", "ONLY_AUTHOR_SEE": "post_private",
    "USER_DELETE": "post_deleted", "AUDIT_DELETE": "post_removed",
    "ONLY_USER_PASS": "post_removed", "REVIEW_PENDING": "post_in_review",
}  # fmt: skip
_PUBLIC = "HESITATE_RECOMMEND"


def explained(code: str | int, message: str) -> Outcome:
    """The outcome of a refusal, from TikTok's code (number or key) and text.

    Code 0 is not a refusal; use `checked` on the read-back. What is not known is kept and shown as
    TikTok's words.
    """
    word = str(code).strip().lower()
    text = " ".join(message.lower().split())
    found = next((name for key, name in _BY_KEY.items() if key in (word, *text.split())), "")
    found = found or _BY_CODE.get(word, "")
    if not found:
        found = next((name for words, name in _BY_WORDS if _has_all(text, words)), "")
    if not found and word.startswith("51"):
        found = "tiktok_fault"
    return _with_words(_OUTCOMES[found], word, message) if found else _unknown(word, message)


def _has_all(text: str, words: tuple[str, ...]) -> bool:
    """Whether each occurs at the start of a word: "format" is not in "information"."""
    return all(re.search(rf"\b{re.escape(word)}", text) for word in words)


def checked(
    read: ReadBack, *, now: datetime, expected_item_id: str = "", redeemed_before: bool = False
) -> Outcome:
    """The outcome of a code that TikTok lists: usable, or what stands in the way.

    `expected_item_id` is the post the code was handed in for, "" when any will do. With
    `redeemed_before` (TikTok refused the code as used, yet lists it) the sentence says so.
    """
    if expected_item_id and read.item_id != expected_item_id:
        return _with_detail("other_post", f"It belongs to post {read.item_id}.")
    post = _post_problem(read.post_word)
    if post is not None:
        return post
    if read.duration_seconds is not None and read.duration_seconds > LONGEST_SECONDS:
        minutes = read.duration_seconds / 60
        return _with_detail("too_long", f"It has {minutes:.1f} minutes.")
    return _authorization_problem(read, now) or _accepted(redeemed_before)


def _authorization_problem(read: ReadBack, now: datetime) -> Outcome | None:
    word = read.authorization_word.strip().upper()
    if word == "EXPIRED" or (read.ends_at is not None and now >= read.ends_at):
        return _OUTCOMES["expired"]
    if word == "UNAUTHORIZED":
        return _OUTCOMES["not_authorized"]
    if word not in ("", "AUTHORIZED"):
        return _unknown("", f"not authorized ({read.authorization_word})")
    if read.ends_at is None:
        return _OUTCOMES["end_unknown"]
    if read.starts_at is not None and now < read.starts_at:
        return _OUTCOMES["not_begun"]
    return None


def _post_problem(word: str) -> Outcome | None:
    """What the post's status forbids; an absent word forbids nothing, an unknown one does."""
    bare = word.strip().upper().removeprefix("ITEM_STATUS_").removeprefix("STATUS_")
    if bare in ("", _PUBLIC):
        return None
    if bare in _POST_WORDS:
        return _OUTCOMES[_POST_WORDS[bare]]
    return _unknown("", f"post status {word}")


def _accepted(redeemed_before: bool) -> Outcome:
    if not redeemed_before:
        return _OUTCOMES["accepted"]
    accepted = _OUTCOMES["accepted"]
    return Outcome(
        "already_applied",
        accepted.state,
        "The code was already redeemed in this ad account and works.",
        "",
        Actor.NOBODY,
        usable=True,
    )


def _with_detail(name: str, detail: str) -> Outcome:
    known = _OUTCOMES[name]
    return Outcome(
        known.code, known.state, f"{known.sentence} {detail}", known.next_action, known.who
    )


def _with_words(known: Outcome, word: str, message: str) -> Outcome:
    return Outcome(
        known.code,
        known.state,
        known.sentence,
        known.next_action,
        known.who,
        retry=known.retry,
        look_at_list=known.look_at_list,
        tiktok_says=_quoted(word, message),
    )


def _unknown(word: str, message: str) -> Outcome:
    says = _quoted(word, message)
    return Outcome(
        "unknown",
        None,
        f"TikTok says: {says}",
        "Try again later. If it stays, ask the creator for a new code.",
        Actor.MANAGER,
        look_at_list=True,
        tiktok_says=says,
    )


def _quoted(word: str, message: str) -> str:
    text = message.strip() or "(no text)"
    return f"{text} ({word})" if word else text
