"""Spans of a page, its task and the task's call arrive as one trace, without a secret."""

import re
import time
from collections.abc import Callable

import pytest
from django.test import override_settings

from sparkops.telemetry.traces import all_but_tiktok
from tests.sparkops.telemetry.conftest import Told
from tests.sparkops.telemetry.planted import ALL, KEY
from tests.sparkops.telemetry.processes import beat
from tests.sparkops.telemetry.receiver import Span, receiving

ROUTE = "broken/<str:key>/send/<str:queue>/"


def only(spans: list[Span], service: str, name: str) -> Span:
    [found] = [one for one in spans if (one.service, one.name) == (service, name)]
    return found


def wait_for(ready: Callable[[], bool]) -> None:
    for _ in range(1_200):
        if ready():
            return
        time.sleep(0.1)
    pytest.fail("nothing arrived")


def test_a_page_its_task_and_the_call_to_tiktok_are_one_trace(told: Told) -> None:
    spans = told.collector.spans()
    page = only(spans, "sparkops-web", f"GET {ROUTE}")
    [statement] = [
        one
        for one in spans
        if one.attributes.get("db.statement") == "SELECT %s AS given, ? AS fixed"
    ]
    sent = only(spans, "sparkops-web", "apply_async/broken.call")
    run = only(spans, "sparkops-worker", "run/broken.call")
    call = only(spans, "sparkops-worker", "POST")
    assert {one.trace for one in (page, statement, sent, run, call)} == {page.trace}
    assert page.parent == ""
    assert statement.parent == sent.parent == page.id
    assert run.parent == sent.id
    assert call.parent == run.id
    assert page.attributes == {"http.method": "GET", "http.route": ROUTE, "http.status_code": 200}
    assert call.attributes == {
        "http.method": "POST",
        "http.url": f"{told.tiktok.url}/order/202309/orders/search",
        "http.status_code": 200,
    }


def test_a_crash_leaves_its_kind_but_not_its_words(told: Told) -> None:
    spans = told.collector.spans()
    for one in (
        only(spans, "sparkops-worker", "run/broken.crash"),
        only(spans, "sparkops-web", "POST broken/<str:key>/crash/"),
    ):
        assert "STATUS_CODE_ERROR" in one.whole
        assert "LookupError" in one.whole
        assert "no post has" not in one.whole


def test_no_span_holds_a_secret(told: Told) -> None:
    text = "".join(one.whole for one in told.collector.spans())
    assert [planted for planted in (*ALL, "'quoted'") if planted in text] == []


def test_an_address_that_is_a_secret_is_neither_traced_nor_told_the_trace(told: Told) -> None:
    [(path, headers, _)] = told.chat.got
    assert path == f"/services/{KEY}"
    assert "traceparent" not in headers
    spans = told.collector.spans()
    task = only(spans, "sparkops-worker", "run/broken.tell")
    assert [one.name for one in spans if one.parent == task.id] == []


@pytest.mark.usefixtures("django_db_setup")
def test_what_beat_sends_is_traced_and_what_it_cannot_send_is_told() -> None:
    with receiving() as collector, receiving() as sentry:
        with beat(OTEL_EXPORTER_OTLP_ENDPOINT=collector.url, SENTRY_DSN=sentry.dsn):
            wait_for(lambda: bool(collector.got and sentry.got))
        names = {(one.service, one.name) for one in collector.spans()}
        events = sentry.events()
    assert ("sparkops-beat", "apply_async/broken.last") in names
    assert {(event["tags"]["process"], event["logger"]) for event in events} == {
        ("beat", "celery.beat")
    }


def test_only_tiktoks_hosts_count_as_tiktok() -> None:
    hosts = {
        "ads_url": "https://ads.example",
        "shop_url": "https://shop.example/",
        "auth_url": "https://auth.example",
    }
    with override_settings(TIKTOK=hosts):
        other = re.compile(all_but_tiktok())
    assert not other.search("https://ads.example/open_api/v1.3/ad/get/?access_token=1")
    assert not other.search("https://shop.example/order/202309/orders")
    assert other.search("https://hooks.slack.com/services/T/B/x")
    assert other.search("https://ads.example.evil.example/x")
    assert other.search("http://ads.example/x")
