"""Crashes arrive at Sentry once, without a secret; a "no" does not arrive."""

import json
import tomllib
from typing import Any

import httpx
import pytest

from sparkops import VERSION
from sparkops.env import Environment, SettingError
from sparkops.telemetry.crashes import EXPECTED_OF_TIKTOK
from sparkops.tiktok import errors
from tests.sparkops.telemetry import broken_tasks
from tests.sparkops.telemetry.planted import ALL, BODY, CODE, COOKIE, HEADER, KEY, QUERY
from tests.sparkops.telemetry.processes import ROOT, web, worker
from tests.sparkops.telemetry.receiver import receiving

pytestmark = pytest.mark.django_db(transaction=True)


def visit(url: str) -> None:
    """Everything that breaks or refuses, with secrets in all parts of the request."""
    with httpx.Client(base_url=url, cookies={"sessionid": COOKIE}, timeout=60) as browser:
        for how, status in (("refusal", 500), ("missing", 404), ("denied", 403), ("tiktok", 500)):
            assert browser.get(f"/broken/{how}/refuse/").status_code == status
        assert browser.get(f"/join/{KEY}/", headers={"Host": "elsewhere"}).status_code == 400
        answer = browser.post(
            f"/broken/{KEY}/crash/?access_token={QUERY}",
            content=BODY,
            headers={"Authorization": f"Bearer {HEADER}", "X-Planted": HEADER},
        )
        assert answer.status_code == 500


def assert_is_the_crash(event: dict[str, Any], process: str) -> None:
    [exception] = event["exception"]["values"]
    assert exception["type"] == "LookupError"
    assert exception["value"] == "no post has #Ab••••Z=, access_token=••••, of True"
    last = exception["stacktrace"]["frames"][-1]
    assert last["function"] == "break_over"
    assert "vars" not in last
    assert event["release"] == "sparkops@0.1.0"
    assert event["environment"] == "staging"
    assert event["tags"]["process"] == process
    text = json.dumps(event, ensure_ascii=False)
    assert [planted for planted in ALL if planted in text] == []
    assert {"request", "user", "breadcrumbs", "modules"} & set(event) == set()


def test_a_crash_in_a_page_arrives_once_and_without_what_was_asked() -> None:
    with receiving() as sentry:
        with web(SENTRY_DSN=sentry.dsn, SENTRY_ENVIRONMENT="staging") as page:
            assert page.loaded == ["sentry_sdk"]
            visit(page.url)
        [event] = sentry.events()
    assert_is_the_crash(event, "web")
    assert event["transaction"] == "/broken/{key}/crash/"


def test_a_crash_in_a_task_arrives_once_and_without_what_it_was_called_with() -> None:
    with receiving() as sentry:
        with worker(SENTRY_DSN=sentry.dsn, SENTRY_ENVIRONMENT="staging") as queue:
            for how in ("refusal", "tiktok"):
                broken_tasks.refuse.apply_async((how,), queue=queue)
            broken_tasks.crash.apply_async((BODY,), {"code_given": CODE}, queue=queue)
            broken_tasks.last.apply_async(queue=queue)
        [event] = sentry.events()
    assert_is_the_crash(event, "worker")
    assert event["transaction"] == "broken.crash"


def test_traces_name_routes_and_statements_only() -> None:
    with receiving() as sentry:
        with web(
            SENTRY_DSN=sentry.dsn, SENTRY_ENVIRONMENT="staging", SENTRY_TRACES_SAMPLE_RATE="1"
        ) as page:
            httpx.get(f"{page.url}/join/{KEY}/?access_token={QUERY}", timeout=60)
        [trace] = sentry.events()
    assert trace["type"] == "transaction"
    assert trace["transaction"] == "/join/{secret}/"
    assert any('FROM "tenants_invitation"' in one["description"] for one in trace["spans"])
    assert [planted for planted in ALL if planted in json.dumps(trace)] == []


def test_without_the_setting_nothing_is_loaded_or_sent() -> None:
    with receiving() as sentry, web(SENTRY_DSN="") as page:
        assert page.loaded == []
        visit(page.url)
    assert sentry.got == []


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
