"""Crashes arrive at Sentry once, without a secret; a "no" does not arrive."""

import tomllib
from typing import Any

import httpx
import pytest

from sparkops import VERSION
from sparkops.env import Environment, SettingError
from sparkops.telemetry.crashes import EXPECTED_OF_TIKTOK
from sparkops.tiktok import errors
from tests.sparkops.telemetry.conftest import Told
from tests.sparkops.telemetry.planted import ALL, COOKIE, KEY, QUERY
from tests.sparkops.telemetry.processes import ROOT, web
from tests.sparkops.telemetry.receiver import Received, receiving


def assert_holds_no_secret(sentry: Received) -> None:
    """Headers of requests and envelopes count too."""
    text = "".join(f"{path} {headers} {body.decode()}" for path, headers, body in sentry.got)
    assert [planted for planted in ALL if planted in text] == []


def events_of(told: Told, process: str) -> list[dict[str, Any]]:
    return [one for one in told.sentry.events() if one["tags"]["process"] == process]


def assert_is_the_crash(event: dict[str, Any]) -> None:
    [exception] = event["exception"]["values"]
    assert exception["type"] == "LookupError"
    assert exception["value"] == "no post has #Ab••••Z=, access_token=••••, of True"
    last = exception["stacktrace"]["frames"][-1]
    assert last["function"] == "break_over"
    assert "vars" not in last
    assert event["release"] == "sparkops@0.1.0"
    assert event["environment"] == "staging"
    assert {"request", "user", "breadcrumbs", "modules", "extra"} & set(event) == set()


def test_only_the_crashes_of_pages_arrive_once_each_and_without_what_was_asked(
    told: Told,
) -> None:
    page, endpoint = events_of(told, "web")
    assert page["transaction"] == "/broken/{key}/crash/"
    assert endpoint["transaction"] == "/broken/{key}/endpoint/"
    assert_is_the_crash(page)
    assert_is_the_crash(endpoint)


def test_only_the_crash_of_a_task_arrives_once_and_without_its_arguments(told: Told) -> None:
    crash, _ = events_of(told, "worker")
    assert_is_the_crash(crash)
    assert crash["transaction"] == "broken.crash"


def test_a_fault_that_is_logged_arrives_with_its_fields(told: Told) -> None:
    _, note = events_of(told, "worker")
    assert note["logentry"] == {"message": "row not imported"}
    wanted = {"row": 3, "api_token": "••••", "why": "#Ab••••Z= is taken"}
    assert wanted.items() <= note["extra"].items()


def test_nothing_that_was_sent_holds_a_secret(told: Told) -> None:
    assert_holds_no_secret(told.sentry)


@pytest.mark.usefixtures("django_db_setup")
def test_times_name_routes_and_statements_only() -> None:
    with receiving() as sentry:
        with web(SENTRY_DSN=sentry.dsn, SENTRY_TRACES_SAMPLE_RATE="1") as page:
            assert page.loaded == ["sentry_sdk"]
            address = f"{page.url}/join/{KEY}/?access_token={QUERY}"
            httpx.get(address, headers={"Cookie": f"planted={COOKIE}"}, timeout=60)
        [times] = sentry.events()
    assert times["type"] == "transaction"
    assert times["environment"] == "production"
    assert times["transaction"] == "/join/{secret}/"
    assert any('FROM "tenants_invitation"' in one["description"] for one in times["spans"])
    assert_holds_no_secret(sentry)


@pytest.mark.usefixtures("django_db_setup")
def test_without_the_settings_nothing_is_loaded() -> None:
    with web(SENTRY_DSN="", OTEL_EXPORTER_OTLP_ENDPOINT="") as page:
        assert page.loaded == []
        assert httpx.get(f"{page.url}/healthz", timeout=60).status_code == 200


def test_what_tiktok_is_expected_to_say_exists_and_an_odd_answer_is_not_part_of_it() -> None:
    known = {
        f"{one.__module__}.{one.__name__}"
        for one in vars(errors).values()
        if isinstance(one, type) and issubclass(one, errors.TikTokError)
    }
    left = known - set(EXPECTED_OF_TIKTOK)
    assert set(EXPECTED_OF_TIKTOK) < known
    assert left == {"sparkops.tiktok.errors.TikTokError", "sparkops.tiktok.errors.Unexpected"}


def test_the_release_is_the_version_of_the_product() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert project["version"] == VERSION


@pytest.mark.parametrize("written", ["-0.1", "1.5", "half", "nan"])
def test_a_share_that_is_none_stops_the_start(written: str) -> None:
    with pytest.raises(SettingError, match="SENTRY_TRACES_SAMPLE_RATE must be a number from 0"):
        Environment({"SENTRY_TRACES_SAMPLE_RATE": written}).share("SENTRY_TRACES_SAMPLE_RATE", 0.0)
