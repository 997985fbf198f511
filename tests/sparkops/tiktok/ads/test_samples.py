"""Every sample of TikTok's answers, read through the real client over HTTP.

``SPARKOPS_SAMPLES`` names another directory with the same file names (itself, or its folder
``marketing``); nothing here depends on the values inside, only on what TikTok promises of them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from sparkops.tiktok.ads.api import AdsApi
from sparkops.tiktok.ads.drafts import SparkAdDraft
from sparkops.tiktok.ads.identities import IdentityRef
from sparkops.tiktok.ads.oauth import AdsSignIn
from sparkops.tiktok.ads.reports import Level
from sparkops.tiktok.errors import TikTokError
from sparkops.tiktok.limits import NoLimiter
from sparkops.tiktok.transport import Transport
from sparkops.tiktok.values import Record
from tests.sparkops.tiktok.stand_in import SAMPLES

from .conftest import ADVERTISER, APP_ID, NOON, SECRET, TikTok
from .test_envelope import expected_class

MARKETING = SAMPLES / "marketing" if (SAMPLES / "marketing").is_dir() else SAMPLES

FILES = sorted(path.stem for path in MARKETING.glob("*.json") if path.stem != "errors")
ERRORS = json.loads((MARKETING / "errors.json").read_text())
DAY = date(2026, 11, 20)
MAYA = IdentityRef("identity-1", "TT_USER")
SPARK = SparkAdDraft(identity_type="AUTH_CODE", identity_id="i-1", tiktok_item_id="745")
FLIGHT: dict[str, Any] = {
    "start_time": datetime(2026, 12, 1, tzinfo=UTC),
    "end_time": datetime(2026, 12, 31, tzinfo=UTC),
}

# What the product calls to get each answer, and the key of ``data`` that holds the rows, if any.
CALLS: dict[str, tuple[Callable[[AdsApi, Transport], Any], str]] = {
    "oauth2_access_token": (
        lambda api, transport: AdsSignIn(
            transport, NoLimiter(), app_id=APP_ID, secret=SECRET
        ).exchange("oauth-code"),
        "",
    ),
    "advertiser_info": (lambda api, transport: api.advertisers.info([ADVERTISER]), "list"),
    "tt_video_info": (lambda api, transport: api.posts.info(ADVERTISER, "#code"), ""),
    "tt_video_list": (lambda api, transport: next(api.posts.pages(ADVERTISER)), "list"),
    "identity_get": (
        lambda api, transport: next(api.identities.pages(ADVERTISER, "TT_USER")),
        "identity_list",
    ),
    "identity_video_get": (
        lambda api, transport: next(api.identities.post_pages(ADVERTISER, MAYA)),
        "video_list",
    ),
    "identity_music_authorization": (
        lambda api, transport: api.posts.music_authorization(
            ADVERTISER, MAYA, "745", location_ids=["1"], **FLIGHT
        ),
        "music_authorization",
    ),
    "campaign_get": (lambda api, transport: next(api.campaigns.pages(ADVERTISER)), "list"),
    "campaign_status_update": (
        lambda api, transport: api.campaigns.set_status(ADVERTISER, ["11", "22"], "ENABLE"),
        "",
    ),
    "adgroup_get": (lambda api, transport: next(api.ad_groups.pages(ADVERTISER)), "list"),
    "ad_create_spark": (
        lambda api, transport: api.ads.create_spark(ADVERTISER, "181", [SPARK]),
        "",
    ),
    "report_integrated_basic_ad_day": (
        lambda api, transport: next(api.reports.pages(ADVERTISER, Level.AD, DAY, DAY)),
        "list",
    ),
    "gmv_max_store_list": (lambda api, transport: api.gmv_max.stores(ADVERTISER), "store_list"),
    "gmv_max_identity_get": (
        lambda api, transport: api.gmv_max.identities(ADVERTISER, "749", "741"),
        "identity_list",
    ),
    "gmv_max_campaign_get": (
        lambda api, transport: next(api.gmv_max.campaign_pages(ADVERTISER, "PRODUCT_GMV_MAX")),
        "list",
    ),
    "campaign_gmv_max_info": (
        lambda api, transport: api.gmv_max.campaign_info(ADVERTISER, "182"),
        "",
    ),
    "gmv_max_report_product_day": (
        lambda api, transport: next(
            api.gmv_max.reports.product_pages(ADVERTISER, "749", ["182"], DAY, DAY)
        ),
        "list",
    ),
    "gmv_max_report_creative": (
        lambda api, transport: next(
            api.gmv_max.reports.creative_attribute_pages(ADVERTISER, "749", "182", "1", DAY, DAY)
        ),
        "list",
    ),
    "comment_list": (
        lambda api, transport: next(api.comments.pages(ADVERTISER, "168", DAY, DAY)),
        "comments",
    ),
}


def sample(name: str) -> dict[str, Any]:
    return json.loads((MARKETING / f"{name}.json").read_text())


def test_every_sample_file_has_a_call() -> None:
    assert set(FILES) == set(CALLS)


@pytest.mark.parametrize("name", sorted(CALLS))
def test_sample_is_read_without_loss(
    name: str, api: AdsApi, transport: Transport, tiktok: TikTok
) -> None:
    body = sample(name)
    tiktok.will_answer(body)
    assert_same(body, name, api, transport)


@pytest.mark.parametrize("name", sorted(CALLS))
def test_sample_with_ids_as_numbers_is_the_same(
    name: str, api: AdsApi, transport: Transport, tiktok: TikTok
) -> None:
    body = _changed(sample(name), ids_as_numbers)
    tiktok.will_answer(body)
    assert_same(body, name, api, transport)


@pytest.mark.parametrize("name", sorted(CALLS))
def test_sample_without_its_nulls_is_the_same(
    name: str, api: AdsApi, transport: Transport, tiktok: TikTok
) -> None:
    body = _changed(sample(name), without_nulls)
    tiktok.will_answer(body)
    assert_same(body, name, api, transport)


@pytest.mark.parametrize("name", sorted(CALLS))
def test_new_fields_and_words_are_kept(
    name: str, api: AdsApi, transport: Transport, tiktok: TikTok
) -> None:
    body = _changed(sample(name), with_news)
    tiktok.will_answer(body)
    assert_same(body, name, api, transport)


@pytest.mark.parametrize("row", ERRORS, ids=lambda row: row["case"])
def test_error_sample_raises_its_class(
    row: dict[str, Any], api: AdsApi, tiktok: TikTok, waits: list[float]
) -> None:
    tiktok.will_answer(row["body"], row["http_status"])
    with pytest.raises(TikTokError) as raised:
        api.posts.info(ADVERTISER, "#Abcdefgh1234567890==")
    error = raised.value
    assert type(error) is expected_class(row["body"]["code"], row["body"]["message"])
    assert error.code == row["body"]["code"]
    assert error.message == row["body"]["message"]
    assert error.request_id == row["body"].get("request_id", "")
    assert error.sentence.endswith(".")


def assert_same(body: dict[str, Any], name: str, api: AdsApi, transport: Transport) -> None:
    """The answer's every value is found in the records, in the form the types promise."""
    call, key = CALLS[name]
    answer = call(api, transport)
    data = body["data"]
    assert answer.request_id == body.get("request_id", "")
    assert answer.raw == data
    if not key:
        compare(data, answer.value, name)
        return
    assert len(answer.items) == answer.row_count == len(data[key])
    for index, (raw, item) in enumerate(zip(data[key], answer.items, strict=True)):
        compare(raw, item, f"{name}[{index}]")
    page_info = data.get("page_info")
    if page_info:
        more = page_info["page"] < page_info["total_page"]
        assert answer.next_token == ("2" if more else "")


def compare(raw: Any, read: Any, where: str) -> None:
    if isinstance(raw, dict):
        for key, value in raw.items():
            inner = getattr(read, key) if isinstance(read, Record) else read[key]
            compare(value, inner, f"{where}.{key}")
    elif isinstance(raw, list):
        assert len(read) == len(raw), where
        for index, value in enumerate(raw):
            compare(value, read[index], f"{where}[{index}]")
    elif raw is None:
        assert read in (None, "", []), where
    elif isinstance(read, Decimal):
        assert read == Decimal(str(raw)), where
    elif isinstance(read, datetime):
        assert read == _moment(raw), where
    elif where.endswith("_original_item_id"):
        assert read == ("" if str(raw) == "0" else str(raw)), where
    elif isinstance(read, str) and not isinstance(raw, str):
        assert read == str(raw), where
    else:
        assert read == raw, where


def _moment(raw: str | int) -> datetime:
    if isinstance(raw, int):
        return datetime.fromtimestamp(raw, UTC)
    # All of the contract's written forms are UTC: bare, with Z, with "+0000 UTC".
    digits = re.fullmatch(r"(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)(Z| \+0000 UTC)?", raw)
    assert digits, raw
    return datetime.fromisoformat(f"{digits[1]}T{digits[2]}+00:00")


def _changed(body: dict[str, Any], change: Callable[[dict[str, Any]], dict[str, Any]]) -> Any:
    return {**body, "data": _walked(body["data"], change)}


def _walked(value: Any, change: Callable[[dict[str, Any]], dict[str, Any]]) -> Any:
    if isinstance(value, dict):
        return change({key: _walked(inner, change) for key, inner in value.items()})
    if isinstance(value, list):
        return [_walked(inner, change) for inner in value]
    return value


def ids_as_numbers(row: dict[str, Any]) -> dict[str, Any]:
    return {
        key: int(value)
        if key.endswith("_id") and isinstance(value, str) and re.fullmatch(r"[1-9]\d*", value)
        else value
        for key, value in row.items()
    }


def without_nulls(row: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in row.items() if value is not None}


def with_news(row: dict[str, Any]) -> dict[str, Any]:
    changed = {
        key: "NEW_WORD_OF_TIKTOK" if "status" in key and isinstance(value, str) else value
        for key, value in row.items()
    }
    if set(row) & {"total_page", "stat_time_day"}:
        return changed
    return {**changed, "brand_new_field": {"nested": ["kept"]}}


def test_moment_of_the_played_clock() -> None:
    assert datetime.fromtimestamp(NOON, UTC) == datetime(2026, 11, 22, 12, 30, tzinfo=UTC)
