"""TA1: every failure has its own state, sentence, next action and person."""

from datetime import UTC, datetime, timedelta

import pytest

from authorizations.rules.redemption import Actor, ReadBack, checked, explained
from authorizations.rules.states import State

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
GOOD = ReadBack(
    "7450000000000000123", NOW - timedelta(days=1), NOW + timedelta(days=29), "AUTHORIZED",
    "HESITATE_RECOMMEND", 8.1,
)  # fmt: skip


def read(**changes: object) -> ReadBack:
    values = {name: getattr(GOOD, name) for name in GOOD.__dataclass_fields__} | changes
    return ReadBack(**values)  # type: ignore[arg-type]


# Codes and keys of domain 2.5; texts of the contract's section 13.
@pytest.mark.parametrize(
    ("code", "message", "outcome", "state"),
    [
        (40002, "The authorization code is invalid.", "wrong", State.REJECTED),
        (40002, "The authorization code has expired.", "expired", State.EXPIRED),
        (40002, "The authorization code has already been used.", "already_used", None),
        (40002, "The post does not exist or has been deleted.", "post_deleted",
         State.POST_UNAVAILABLE),
        (40002, "original_post_auth_code is required for this post.", "original_needed",
         State.SUBMITTED),
        (40100, "Request exceeds the QPS limit of this endpoint.", "throttled", None),
        (4002, "video_unavailable", "post_violation", State.POST_UNAVAILABLE),
        (4002, "video_deleted", "post_deleted", State.POST_UNAVAILABLE),
        ("auth_code_not_found", "", "deleted_code", State.REVOKED),
        (0, "auth_code_not_found", "deleted_code", State.REVOKED),
        (4013, "auth_code_format_error", "format", State.REJECTED),
        (4025, "auth_code_expired", "expired", State.EXPIRED),
        (930002, "mention_multiple_videos", "mentions_many", State.REJECTED),
        (900012, "illegal_item_status_error", "post_violation", State.POST_UNAVAILABLE),
        (4027, "story_video_not_supported", "story", State.REJECTED),
        (4042, "carousel_duet_not_supported", "duet_carousel", State.REJECTED),
        (900003, "refused", "duet", State.REJECTED),
        (-500, "call_rpc_fail", "tiktok_fault", None),
        (50000, "System error", "tiktok_fault", None),
        (51010, "inner timeout", "tiktok_fault", None),
        (40002, "The creator's region is not supported for this advertiser.", "region",
         State.REJECTED),
        (40002, "Video duration exceeds the limit.", "too_long", State.REJECTED),
        (40002, "The code belongs to another post.", "other_post", State.REJECTED),
        (40002, "The video is private.", "post_private", State.POST_UNAVAILABLE),
        (40002, "The authorization information of this code is invalid.", "wrong", State.REJECTED),
        (40002, "The authorization duration has expired.", "expired", State.EXPIRED),
        (40105, "Access token is invalid.", "connection_lost", None),
        (40001, "No permission.", "no_permission", None),
    ],
)  # fmt: skip
def test_ta1_every_refusal_has_its_own_meaning(
    code: int | str, message: str, outcome: str, state: State | None
) -> None:
    found = explained(code, message)
    assert (found.code, found.state, found.usable) == (outcome, state, False)
    assert found.sentence
    assert found.next_action


def test_ta1_wrong_expired_other_post_used_region_and_long_differ_in_words_and_next_step() -> None:
    found = [
        explained(40002, "The authorization code is invalid."),
        explained(40002, "The authorization code has expired."),
        explained(40002, "The authorization code has already been used."),
        explained(40002, "region mismatch"),
        explained(4013, "auth_code_format_error"),
        checked(GOOD, now=NOW, expected_item_id="7450000000000000999"),
        checked(read(duration_seconds=601.0), now=NOW),
    ]
    assert len({one.sentence for one in found}) == len({one.next_action for one in found}) == 7


def test_unknown_answers_are_kept_in_tiktoks_words() -> None:
    found = explained(40999, "Flux capacitor misaligned.")
    assert (found.code, found.state, found.look_at_list) == ("unknown", None, True)
    assert found.sentence == "TikTok says: Flux capacitor misaligned. (40999)"
    assert explained(40002, "").sentence == "TikTok says: (no text) (40002)"


def test_tiktoks_words_stay_beside_the_known_meaning() -> None:
    found = explained(40002, "The authorization code has expired.")
    assert found.tiktok_says == "The authorization code has expired. (40002)"


def test_a_used_code_is_only_refused_after_a_look_at_the_list() -> None:
    assert explained(40002, "The authorization code has already been used.").look_at_list
    listed = checked(GOOD, now=NOW, redeemed_before=True)
    assert (listed.code, listed.usable, listed.state) == ("already_applied", True, State.VERIFIED)


def test_faults_and_limits_are_retried_and_refusals_are_not() -> None:
    assert explained(-500, "call_db_fail").retry
    assert explained(40133, "QPS").retry
    assert not explained(4025, "auth_code_expired").retry
    assert explained(4025, "auth_code_expired").who is Actor.CREATOR


@pytest.mark.parametrize(
    ("changes", "outcome"),
    [
        ({}, "accepted"),
        ({"authorization_word": ""}, "accepted"),
        ({"duration_seconds": None}, "accepted"),
        ({"duration_seconds": 600.0}, "accepted"),
        ({"duration_seconds": 600.5}, "too_long"),
        ({"post_word": "ITEM_STATUS_HESITATE_RECOMMEND"}, "accepted"),
        ({"post_word": "ONLY_AUTHOR_SEE"}, "post_private"),
        ({"post_word": "STATUS_ONLY_FRIEND_SEE"}, "post_private"),
        ({"post_word": "USER_DELETE"}, "post_deleted"),
        ({"post_word": "AUDIT_DELETE"}, "post_removed"),
        ({"post_word": "REVIEW_PENDING"}, "post_in_review"),
        ({"post_word": "SOMETHING_NEW"}, "unknown"),
        ({"authorization_word": "EXPIRED"}, "expired"),
        ({"authorization_word": "UNAUTHORIZED"}, "not_authorized"),
        ({"authorization_word": "PAUSED_BY_MOON"}, "unknown"),
        ({"ends_at": NOW}, "expired"),
        ({"ends_at": None}, "end_unknown"),
        ({"starts_at": NOW + timedelta(hours=1)}, "not_begun"),
    ],
)
def test_ta1_the_read_back_decides(changes: dict[str, object], outcome: str) -> None:
    assert checked(read(**changes), now=NOW).code == outcome


def test_ar4_a_code_without_an_end_is_not_verified() -> None:
    found = checked(read(ends_at=None), now=NOW)
    assert (found.usable, found.state) == (False, State.SUBMITTED)
    assert "cannot be launched" in found.sentence


def test_unknown_status_words_are_shown() -> None:
    assert "SOMETHING_NEW" in checked(read(post_word="SOMETHING_NEW"), now=NOW).sentence
    assert "PAUSED_BY_MOON" in checked(read(authorization_word="PAUSED_BY_MOON"), now=NOW).sentence
