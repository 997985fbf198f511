"""Spark codes: what is sent, and what each refusal means for the person who pasted the code."""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta, timezone

import pytest

from sparkops.tiktok.ads.api import AdsApi
from sparkops.tiktok.ads.identities import IdentityRef
from sparkops.tiktok.ads.redemption import (
    NextActor,
    RedemptionOutcome,
    RedemptionReason,
    RedemptionState,
    outcome_of,
)
from sparkops.tiktok.errors import Auth, Invalid, Permission, Server, Throttled, Unexpected

from .conftest import ADVERTISER, SECRET, TOKEN, TikTok

CODE = "#1Ea2bcde3fUM/ghijEk/L4mOceft5deFRq6za7JsgnAJ8PB9n1XIr1rC1b/5Rw4="

# Domain paper 2.5, then contract 13; the last column is who acts.
ROWS = [
    (4002, "video_unavailable", "post_violation", "invalid", "team"),
    (4002, "video_deleted", "post_deleted", "lost", "creator"),
    (40002, "auth_code_not_found", "code_withdrawn", "revoked", "creator"),
    (4013, "auth_code_format_error", "format", "invalid", "team"),
    (4025, "auth_code_expired", "code_expired", "expired", "creator"),
    (930002, "mention_multiple_videos", "mentions_several_posts", "ineligible", "team"),
    (900012, "illegal_item_status_error", "post_status", "invalid", "team"),
    (4027, "story_video_not_supported", "story", "ineligible", "team"),
    (4042, "carousel_duet_not_supported", "carousel_duet", "ineligible", "team"),
    (900003, "refused", "duet_or_stitch", "ineligible", "team"),
    (-500, "call_rpc_fail", "tiktok_fault", "retry_later", "nobody"),
    (-500, "call_db_fail", "tiktok_fault", "retry_later", "nobody"),
    (40002, "The authorization code is invalid.", "format", "invalid", "team"),
    (40002, "The authorization code has expired.", "code_expired", "expired", "creator"),
    (
        40002,
        "The authorization code has already been used.",
        "already_applied",
        "unconfirmed",
        "nobody",
    ),
    (
        40002,
        "The post does not exist or has been deleted.",
        "post_deleted",
        "lost",
        "creator",
    ),
    (
        40002,
        "original_post_auth_code is required for this post.",
        "original_code_needed",
        "ineligible",
        "team",
    ),
    (40002, "Creator region does not match.", "other_region", "ineligible", "team"),
    (4077, "A word nobody knows", "unknown", "unknown", "team"),
    (40002, "Something else", "unknown", "unknown", "team"),
]


def authorize(api: AdsApi) -> RedemptionOutcome:
    return api.posts.authorize(ADVERTISER, CODE)


def test_code_is_sent_whole_and_trimmed(api: AdsApi, tiktok: TikTok) -> None:
    tiktok.will_accept({})
    api.posts.authorize(ADVERTISER, f"  {CODE}\n", original_post_auth_code=" #original== ")
    sent = tiktok.last
    assert (sent.method, sent.path) == ("POST", "/open_api/v1.3/tt_video/authorize/")
    assert tiktok.bodies[-1] == {
        "advertiser_id": ADVERTISER,
        "auth_code": CODE,
        "original_post_auth_code": "#original==",
    }
    assert sent.headers["access-token"] == TOKEN
    assert sent.headers["content-type"] == "application/json"


def test_accepted_code_is_active(api: AdsApi, tiktok: TikTok) -> None:
    tiktok.will_accept({}, request_id="rq-77")
    outcome = authorize(api)
    assert outcome.accepted
    assert not outcome.needs_list
    assert outcome.state is RedemptionState.ACTIVE
    assert (outcome.request_id, outcome.identity_id) == ("rq-77", "")
    assert "original_post_auth_code" not in tiktok.bodies[-1]


def test_identity_is_taken_when_tiktok_names_it(api: AdsApi, tiktok: TikTok) -> None:
    tiktok.will_accept({"identity_id": 42})
    assert authorize(api).identity_id == "42"


@pytest.mark.parametrize(("code", "message", "reason", "state", "actor"), ROWS)
def test_refusal_is_explained(
    code: int, message: str, reason: str, state: str, actor: str, api: AdsApi, tiktok: TikTok
) -> None:
    tiktok.will_refuse(code, message, "rq-9")
    outcome = authorize(api)
    assert (outcome.reason, outcome.state, outcome.next_actor) == (reason, state, actor)
    assert (outcome.code, outcome.tiktok_says, outcome.request_id) == (code, message, "rq-9")
    assert not outcome.accepted
    assert len(tiktok.requests) == 1


def test_each_reason_has_its_own_sentence(api: AdsApi, tiktok: TikTok) -> None:
    said: dict[str, RedemptionReason] = {}
    for code, message, *_ in ROWS:
        tiktok.forget()
        tiktok.will_refuse(code, message)
        outcome = authorize(api)
        assert said.setdefault(outcome.sentence, outcome.reason) is outcome.reason or (
            outcome.reason is RedemptionReason.UNKNOWN
        )
        assert outcome.next_action.endswith(".")
    reasons = {reason for _, _, reason, _, _ in ROWS}
    assert len(set(said.values())) == len(reasons)


def test_unknown_refusal_shows_tiktoks_words(api: AdsApi, tiktok: TikTok) -> None:
    tiktok.will_refuse(4077, "A word nobody knows")
    assert authorize(api).sentence == "TikTok says: A word nobody knows"


def test_private_post_is_its_own_case(api: AdsApi, tiktok: TikTok) -> None:
    tiktok.will_refuse(40002, "The post is private.")
    outcome = authorize(api)
    assert (outcome.reason, outcome.next_actor) == ("post_private", NextActor.CREATOR)


@pytest.mark.parametrize(
    ("message", "needs_list"),
    [
        ("The authorization code has already been used.", True),
        ("Something else", True),
        ("The authorization code has expired.", False),
    ],
)
def test_list_decides_what_a_refusal_leaves_open(
    message: str, needs_list: bool, api: AdsApi, tiktok: TikTok
) -> None:
    tiktok.will_refuse(40002, message)
    assert authorize(api).needs_list is needs_list


@pytest.mark.parametrize(
    ("code", "error"),
    [(40105, Auth), (40001, Permission), (50000, Server), (40006, Unexpected)],
)
def test_answers_about_something_else_are_raised(
    code: int, error: type[Exception], api: AdsApi, tiktok: TikTok
) -> None:
    tiktok.will_refuse(code, "words")
    with pytest.raises(error):
        authorize(api)
    assert len(tiktok.requests) == 1


def test_unclear_write_says_so(api: AdsApi, tiktok: TikTok) -> None:
    tiktok.will_answer(b"gateway", 502)
    with pytest.raises(Server) as raised:
        authorize(api)
    assert raised.value.outcome_unknown
    assert len(tiktok.requests) == 1


def test_pace_refusal_is_tried_again_after_a_second_and_a_half(
    api: AdsApi, tiktok: TikTok, waits: list[float]
) -> None:
    tiktok.will_refuse(40100, "Request exceeds the QPS limit of this endpoint.")
    tiktok.will_accept({})
    assert authorize(api).accepted
    assert waits == [1.5]


def test_minute_limit_is_left_to_the_schedule(
    api: AdsApi, tiktok: TikTok, waits: list[float]
) -> None:
    tiktok.will_refuse(40100, "QPM limit reached")
    with pytest.raises(Throttled) as raised:
        authorize(api)
    assert raised.value.retry_after == 300.0
    assert waits == []


def test_look_up_encodes_the_code(api: AdsApi, tiktok: TikTok) -> None:
    tiktok.will_accept(
        {"user_info": {"identity_id": "i"}, "item_info": {"item_id": 7450000000000000123}}
    )
    found = api.posts.info(ADVERTISER, CODE)
    assert tiktok.last.params == {"advertiser_id": ADVERTISER, "auth_code": CODE}
    assert "#" not in tiktok.last.target
    assert "%2F" in tiktok.last.target
    assert found.value.item_info.item_id == "7450000000000000123"
    assert not found.value.item_info.is_promotable


def test_refused_look_up_can_be_explained(api: AdsApi, tiktok: TikTok) -> None:
    tiktok.will_refuse(4025, "auth_code_expired")
    with pytest.raises(Unexpected) as raised:
        api.posts.info(ADVERTISER, CODE)
    assert outcome_of(raised.value).reason is RedemptionReason.CODE_EXPIRED
    tiktok.forget()
    tiktok.will_refuse(40002, "The authorization code has expired.")
    with pytest.raises(Invalid) as refused:
        api.posts.info(ADVERTISER, CODE)
    assert outcome_of(refused.value).reason is RedemptionReason.CODE_EXPIRED


def test_list_request(api: AdsApi, tiktok: TikTok) -> None:
    tiktok.will_accept({"list": [], "page_info": {"page": 1, "total_page": 0}})
    assert next(api.posts.pages(ADVERTISER, item_types=["VIDEO"], keyword="745")).items == []
    assert tiktok.last.path == "/open_api/v1.3/tt_video/list/"
    assert tiktok.last.params == {
        "advertiser_id": ADVERTISER,
        "item_types": '["VIDEO"]',
        "keyword": "745",
        "page": "1",
        "page_size": "50",
    }


def test_status_words_of_posts(api: AdsApi, tiktok: TikTok) -> None:
    words = [
        "HESITATE_RECOMMEND",
        "ITEM_STATUS_HESITATE_RECOMMEND",
        "ONLY_AUTHOR_SEE",
        "NEWS",
        None,
    ]
    rows = [
        {"user_info": {"identity_id": "i"}, "item_info": {"item_id": str(n), "status": word}}
        for n, word in enumerate(words, 1)
    ]
    tiktok.will_accept({"list": rows})
    page = next(api.posts.pages(ADVERTISER))
    assert [row.item_info.is_promotable for row in page.items] == [True, True, False, False, False]
    assert page.items[3].item_info.status == "NEWS"
    assert page.findings.words == {"rows.item_info.status=NEWS": 1}


def test_times_are_utc_and_a_missing_end_stays_unknown(api: AdsApi, tiktok: TikTok) -> None:
    tiktok.will_accept(
        {
            "user_info": {"identity_id": "i"},
            "item_info": {"item_id": "1"},
            "auth_info": {"auth_start_time": "2026-10-23 11:26:45", "auth_end_time": ""},
        }
    )
    permission = api.posts.info(ADVERTISER, CODE).value.auth_info
    assert permission is not None
    assert permission.auth_start_time == datetime(2026, 10, 23, 11, 26, 45, tzinfo=UTC)
    assert permission.auth_end_time is None


def test_unbind_request(api: AdsApi, tiktok: TikTok) -> None:
    tiktok.will_accept({})
    api.posts.unbind(ADVERTISER, "745")
    assert tiktok.last.path == "/open_api/v1.3/tt_video/unbind/"
    assert tiktok.bodies[-1] == {"advertiser_id": ADVERTISER, "item_id": "745"}


def test_music_request_names_the_flight_in_utc(api: AdsApi, tiktok: TikTok) -> None:
    tiktok.will_accept(
        {
            "music_authorization": [
                {"item_id": "745", "music_status": "WITH_FULL_AUTHORIZATION"},
                {"item_id": "746", "music_status": "AUTHORIZATION_MISSING"},
                {"item_id": "747", "music_status": "SOMETHING_NEW"},
            ]
        }
    )
    los_angeles = timezone(timedelta(hours=-8))
    page = api.posts.music_authorization(
        ADVERTISER,
        IdentityRef("i", "BC_AUTH_TT", "bc"),
        "745",
        location_ids=["6252001"],
        start_time=datetime(2026, 12, 1, tzinfo=los_angeles),
        end_time=datetime(2026, 12, 31, tzinfo=UTC),
    )
    assert [row.is_cleared for row in page.items] == [True, False, False]
    assert tiktok.last.path == "/open_api/v1.3/identity/music/authorization/"
    assert tiktok.last.params == {
        "advertiser_id": ADVERTISER,
        "identity_id": "i",
        "identity_type": "BC_AUTH_TT",
        "identity_authorized_bc_id": "bc",
        "item_id": "745",
        "locations": '["6252001"]',
        "start_time": "2026-12-01 08:00:00",
        "end_time": "2026-12-31 00:00:00",
    }


def test_time_without_a_zone_is_not_sent(api: AdsApi, tiktok: TikTok) -> None:
    with pytest.raises(ValueError, match="zone"):
        api.posts.music_authorization(
            ADVERTISER,
            IdentityRef("i", "TT_USER"),
            "745",
            location_ids=["1"],
            start_time=datetime(2026, 12, 1),  # noqa: DTZ001
            end_time=datetime(2026, 12, 2, tzinfo=UTC),
        )
    assert tiktok.requests == []


def test_no_code_token_or_secret_reaches_a_log(
    api: AdsApi, tiktok: TikTok, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    tiktok.will_refuse(40002, f"The code {CODE} is refused")
    authorize(api)
    with pytest.raises(Invalid) as raised:
        api.posts.info(ADVERTISER, CODE)
    tiktok.forget()
    tiktok.will_accept(
        {
            "user_info": {"identity_id": "i"},
            "item_info": {"item_id": "1", "auth_code": CODE},
            "list": [],
        }
    )
    api.posts.info(ADVERTISER, CODE)
    found = api.posts.info(ADVERTISER, CODE)
    api.advertisers.reachable()
    written = "\n".join(
        f"{record.getMessage()} {record.__dict__.get('tiktok')}" for record in caplog.records
    )
    assert "/tt_video/info/" in written
    for secret in (CODE, CODE[1:30], "%231Ea2bcde3fUM", TOKEN, SECRET):
        assert secret not in written
        assert secret not in str(raised.value)
        assert secret not in repr(found)
