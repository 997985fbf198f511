"""What all calls share: headers, encoding, pages, repeats, limits."""

from __future__ import annotations

from typing import Any

import pytest

from sparkops.tiktok.ads import rates
from sparkops.tiktok.ads.api import AdsApi
from sparkops.tiktok.ads.drafts import CampaignDraft
from sparkops.tiktok.ads.identities import IdentityRef
from sparkops.tiktok.ads.rates import Tier
from sparkops.tiktok.errors import Server, Throttled, Unexpected
from sparkops.tiktok.transport import Transport

from .conftest import ADVERTISER, APP_ID, SECRET, TOKEN, TikTok

MAYA = IdentityRef("identity-1", "TT_USER")
PAUSED = CampaignDraft(
    campaign_name="n", objective_type="TRAFFIC", budget_mode="BUDGET_MODE_INFINITE"
)


def campaigns(*ids: str) -> list[dict[str, str]]:
    return [{"campaign_id": value} for value in ids]


def page(number: int, last: int, *ids: str) -> dict[str, Any]:
    info = {"page": number, "page_size": 2, "total_number": 2 * last, "total_page": last}
    return {"list": campaigns(*ids), "page_info": info}


class Recorder:
    """A limiter that lets all through and notes what it was asked."""

    def __init__(self) -> None:
        self.acquired: list[str] = []
        self.blocked: list[tuple[str, float]] = []

    def acquire(self, key: str, cost: int = 1) -> None:
        self.acquired.append(key)

    def block(self, key: str, seconds: float) -> None:
        self.blocked.append((key, seconds))


@pytest.fixture
def limiter() -> Recorder:
    return Recorder()


@pytest.fixture
def limited(transport: Transport, limiter: Recorder) -> AdsApi:
    return AdsApi(transport, TOKEN, limiter, app_id=APP_ID, secret=SECRET)


def test_token_goes_in_its_header_only(api: AdsApi, tiktok: TikTok) -> None:
    tiktok.will_accept({"list": []})
    next(api.campaigns.pages(ADVERTISER))
    assert tiktok.last.headers["access-token"] == TOKEN
    assert "authorization" not in tiktok.last.headers
    assert TOKEN not in tiktok.last.target


def test_lists_and_objects_are_json_text_without_spaces(api: AdsApi, tiktok: TikTok) -> None:
    tiktok.will_accept({"list": []})
    next(api.campaigns.pages(ADVERTISER, campaign_ids=["1", "2"]))
    assert tiktok.last.params["filtering"] == (
        '{"primary_status":"STATUS_ALL","campaign_ids":["1","2"]}'
    )


def test_numbered_pages_run_to_the_last(api: AdsApi, tiktok: TikTok) -> None:
    tiktok.will_accept(page(1, 3, "1", "2"), "rq-1")
    tiktok.will_accept(page(2, 3, "3", "4"), "rq-2")
    tiktok.will_accept(page(3, 3, "5"), "rq-3")
    pages = list(api.campaigns.pages(ADVERTISER, page_size=2))
    assert [row.campaign_id for one in pages for row in one.items] == ["1", "2", "3", "4", "5"]
    assert [one.request_id for one in pages] == ["rq-1", "rq-2", "rq-3"]
    assert [one.next_token for one in pages] == ["2", "3", ""]
    assert pages[1].raw == page(2, 3, "3", "4")
    assert [asked.params["page"] for asked in tiktok.requests] == ["1", "2", "3"]
    assert {asked.params["page_size"] for asked in tiktok.requests} == {"2"}


def test_walk_resumes_at_a_stored_page(api: AdsApi, tiktok: TikTok) -> None:
    tiktok.will_accept(page(3, 3, "5"))
    assert len(list(api.campaigns.pages(ADVERTISER, start=3))) == 1
    assert tiktok.last.params["page"] == "3"


@pytest.mark.parametrize(
    "data",
    [
        {"list": campaigns("1")},
        {"list": campaigns("1"), "page_info": None},
        {"list": campaigns("1"), "page_info": {"total_page": 1}},
        {"list": campaigns("1"), "page_info": {"page": "1", "total_page": "1"}},
        {"list": [], "page_info": {"page": 1, "total_page": 9}},
    ],
)
def test_walk_ends_where_pages_end(data: dict[str, Any], api: AdsApi, tiktok: TikTok) -> None:
    tiktok.will_accept(data)
    assert len(list(api.campaigns.pages(ADVERTISER))) == 1


def test_only_total_page_is_enough_to_go_on(api: AdsApi, tiktok: TikTok) -> None:
    tiktok.will_accept({"list": campaigns("1"), "page_info": {"total_page": 2}})
    tiktok.will_accept({"list": campaigns("2"), "page_info": {"total_page": 2}})
    assert len(list(api.campaigns.pages(ADVERTISER))) == 2


def test_repeating_pages_end_the_walk_loudly(api: AdsApi, tiktok: TikTok) -> None:
    tiktok.will_accept(page(1, 9, "1", "2"))
    walk = api.campaigns.pages(ADVERTISER)
    assert next(walk).row_count == 2
    with pytest.raises(Unexpected, match="equal to the page before"):
        next(walk)


def test_rows_that_were_announced_must_come(api: AdsApi, tiktok: TikTok) -> None:
    tiktok.will_accept({"page_info": {"page": 1, "total_number": 4, "total_page": 1}})
    with pytest.raises(Unexpected, match="a list of campaigns"):
        next(api.campaigns.pages(ADVERTISER))


def test_page_that_does_not_fit_can_still_be_stored(api: AdsApi, tiktok: TikTok) -> None:
    tiktok.will_accept({"list": [{"campaign_name": "no id"}]}, "rq-5")
    one = next(api.campaigns.pages(ADVERTISER))
    assert one.raw == {"list": [{"campaign_name": "no id"}]}
    with pytest.raises(Unexpected, match="campaign_id") as raised:
        _ = one.items
    assert raised.value.request_id == "rq-5"


def test_id_as_fraction_is_refused(api: AdsApi, tiktok: TikTok) -> None:
    tiktok.will_accept({"list": [{"campaign_id": 1.81e15}]})
    with pytest.raises(Unexpected, match="campaign_id"):
        _ = next(api.campaigns.pages(ADVERTISER)).items


def test_cursor_pages_follow_has_more(api: AdsApi, tiktok: TikTok) -> None:
    tiktok.will_accept({"video_list": [{"item_id": "1"}], "cursor": 1657313235, "has_more": True})
    tiktok.will_accept({"video_list": [{"item_id": "2"}], "cursor": "99", "has_more": False})
    pages = list(api.identities.post_pages(ADVERTISER, MAYA))
    assert [one.items[0].item_id for one in pages] == ["1", "2"]
    assert [one.next_token for one in pages] == ["1657313235", ""]
    assert "cursor" not in tiktok.requests[0].params
    assert tiktok.requests[1].params["cursor"] == "1657313235"


def test_page_size_beyond_tiktoks_is_refused_here(api: AdsApi, tiktok: TikTok) -> None:
    with pytest.raises(ValueError, match="1 to 50"):
        next(api.posts.pages(ADVERTISER, page_size=51))
    assert tiktok.requests == []


def test_read_is_repeated_six_times_with_growing_waits(
    api: AdsApi, tiktok: TikTok, waits: list[float]
) -> None:
    tiktok.will_refuse(50000, "system error")
    with pytest.raises(Server):
        next(api.campaigns.pages(ADVERTISER))
    assert len(tiktok.requests) == 6
    assert waits == [1.0, 2.0, 4.0, 8.0, 16.0]


def test_read_recovers(api: AdsApi, tiktok: TikTok) -> None:
    tiktok.will_answer(b"oops", 502)
    tiktok.will_refuse(40100, "Too many requests. Please retry in some time.")
    tiktok.will_accept({"list": campaigns("1")})
    assert next(api.campaigns.pages(ADVERTISER)).row_count == 1


def test_create_is_never_repeated_blindly(api: AdsApi, tiktok: TikTok) -> None:
    tiktok.will_refuse(50002, "timeout")
    with pytest.raises(Server) as raised:
        api.campaigns.create(ADVERTISER, PAUSED)
    assert raised.value.outcome_unknown
    assert len(tiktok.requests) == 1


def test_accepted_create_with_an_unreadable_answer_is_unclear(api: AdsApi, tiktok: TikTok) -> None:
    tiktok.will_accept({"campaign_name": "n"})
    with pytest.raises(Unexpected) as raised:
        api.campaigns.create(ADVERTISER, PAUSED)
    assert raised.value.outcome_unknown


def test_setting_a_status_may_be_repeated(api: AdsApi, tiktok: TikTok) -> None:
    tiktok.will_refuse(40202, "write conflict")
    tiktok.will_accept({"campaign_ids": [11], "status": "DISABLE"})
    assert api.campaigns.set_status(ADVERTISER, ["11"], "DISABLE").value.ids == ["11"]


def test_limiter_is_asked_widest_first(limited: AdsApi, limiter: Recorder, tiktok: TikTok) -> None:
    tiktok.will_accept({})
    limited.posts.authorize(ADVERTISER, "#code")
    assert limiter.acquired == [
        f"ads:app:{APP_ID}",
        f"ads:path:{APP_ID}:/tt_video/authorize/",
        f"ads:advertiser:{APP_ID}:{ADVERTISER}:/tt_video/authorize/",
    ]


@pytest.mark.parametrize(
    ("code", "message", "key"),
    [
        (40100, "QPM limit reached", f"ads:app:{APP_ID}"),
        (
            40133,
            "QPM limit for current path",
            f"ads:advertiser:{APP_ID}:{ADVERTISER}:/tt_video/list/",
        ),
    ],
)
def test_throttling_blocks_the_app_or_only_the_path(
    code: int, message: str, key: str, limited: AdsApi, limiter: Recorder, tiktok: TikTok
) -> None:
    tiktok.will_refuse(code, message)
    with pytest.raises(Throttled):
        next(limited.posts.pages(ADVERTISER))
    assert limiter.blocked == [(key, 300.0)]


def test_calls_without_an_ad_account_count_for_the_app(
    limited: AdsApi, limiter: Recorder, tiktok: TikTok
) -> None:
    tiktok.will_accept({"list": []})
    next(limited.business_centers.pages())
    assert limiter.acquired == [f"ads:app:{APP_ID}"]


@pytest.mark.parametrize(
    ("path", "tier", "quota"),
    [
        ("", Tier.BASIC, (10, 600)),
        ("", Tier.ADVANCED, (20, 1200)),
        ("", Tier.PREMIUM, (30, 1800)),
        ("", Tier.ULTIMATE, (50, 3000)),
        ("/ad/create/", Tier.BASIC, (5, 150)),
        ("/gmv_max/report/get/", Tier.BASIC, (8, 240)),
        ("/gmv_max/report/get/", Tier.ADVANCED, (12, 360)),
        ("/gmv_max/report/get/", Tier.ULTIMATE, (20, 600)),
    ],
)
def test_rates_keep_second_and_minute(path: str, tier: Tier, quota: tuple[int, int]) -> None:
    keys = rates.keys(APP_ID, path, ADVERTISER)
    rate = rates.rate_of(keys[1] if path else keys[0], tier)
    assert rate is not None
    assert rate.burst == quota[0]
    # The fullest minute: the whole bucket at once, then 60 seconds of refill.
    assert rate.burst + 60 * rate.per_second == pytest.approx(quota[1])
    assert rates.rate_of(keys[-1], tier) is None
