import json
import logging
import pickle
from datetime import UTC, datetime
from email.utils import format_datetime

import pytest

from sparkops.tiktok.errors import Auth, Invalid, Server, Throttled, TikTokError, Unexpected
from sparkops.tiktok.limits import MemoryLimiter, Rate
from sparkops.tiktok.shop.envelope import Reply, decode
from sparkops.tiktok.transport import ONCE, Answer, Request, Retries, Transport
from tests.sparkops.tiktok.conftest import NOW
from tests.sparkops.tiktok.stand_in import Scripted, ok, refused, unused_port


def send(transport: Transport, *, repeatable: bool = True, **options) -> Reply:
    request = Request("GET" if repeatable else "POST", "/thing", {"a": "1"})
    return transport.send(lambda now: request, decode, repeatable=repeatable, **options)


def test_a_read_is_repeated_after_server_errors_with_doubling_waits(tiktok, transport_to, slept):
    tiktok.answers(
        refused(500, 36009003), Scripted(503, b"<html>busy</html>"), refused(500, 36009003), ok({})
    )
    assert send(transport_to(tiktok.url)).data == {}
    assert slept == [1.0, 2.0, 4.0]
    assert len(tiktok.received) == 4


def test_waits_are_spread_by_the_draw_and_never_exceed_the_cap(tiktok, transport_to, slept):
    tiktok.answers(refused(500, 36009003))
    transport = transport_to(tiktok.url, draw=lambda: 0.5, retries=Retries(6, first=8, cap=20))
    with pytest.raises(Server):
        send(transport)
    # Half of 8, 16, then of the cap of 20.
    assert slept == [4.0, 8.0, 10.0, 10.0, 10.0]


def test_at_most_five_attempts(tiktok, transport_to):
    tiktok.answers(refused(500, 36009003))
    with pytest.raises(Server) as caught:
        send(transport_to(tiktok.url))
    assert len(tiktok.received) == 5
    assert caught.value.request_id == "r-9"
    assert caught.value.path == "GET /thing"


def test_retry_after_wins_over_the_own_wait(tiktok, transport_to, slept):
    later = format_datetime(datetime.fromtimestamp(NOW + 30, UTC), usegmt=True)
    tiktok.answers(
        refused(429, 36009002, Retry_After="7"), refused(429, 36009002, Retry_After=later), ok({})
    )
    send(transport_to(tiktok.url))
    assert slept == [7.0, 30.0]


def test_a_long_retry_after_is_left_to_the_caller(tiktok, transport_to, slept):
    tiktok.answers(refused(429, 36009002, Retry_After="3600"))
    with pytest.raises(Throttled) as caught:
        send(transport_to(tiktok.url))
    assert caught.value.retry_after == 3600
    assert slept == []


@pytest.mark.parametrize(
    "answer",
    [refused(500, 36009003), refused(504, 36009007), Scripted(502, b"bad"), Scripted(drop=True)],
)
def test_a_write_is_not_repeated_when_it_may_have_happened(tiktok, transport_to, answer):
    tiktok.answers(answer, ok({}))
    with pytest.raises(Server) as caught:
        send(transport_to(tiktok.url), repeatable=False)
    assert caught.value.outcome_unknown
    assert len(tiktok.received) == 1


def test_a_write_with_an_unreadable_success_has_an_unknown_outcome(tiktok, transport_to):
    tiktok.answers(Scripted(200, b"<html>"))
    with pytest.raises(Unexpected) as caught:
        send(transport_to(tiktok.url), repeatable=False)
    assert caught.value.outcome_unknown


def test_a_throttled_write_was_not_done_and_is_repeated(tiktok, transport_to, slept):
    tiktok.answers(refused(429, 36009002), ok({"id": "1"}))
    assert send(transport_to(tiktok.url), repeatable=False).data == {"id": "1"}
    assert slept == [1.0]


def test_a_refused_value_is_final(tiktok, transport_to, slept):
    tiktok.answers(refused(400, 28001022), ok({}))
    with pytest.raises(Invalid) as caught:
        send(transport_to(tiktok.url))
    assert len(tiktok.received) == 1
    assert slept == []
    assert not caught.value.outcome_unknown


def test_no_connection_is_repeated_even_for_writes(transport_to, slept):
    transport = transport_to(f"http://127.0.0.1:{unused_port()}", retries=Retries(attempts=3))
    with pytest.raises(Server) as caught:
        send(transport, repeatable=False)
    assert caught.value.reason == "no_connection"
    assert "cannot be reached" in caught.value.sentence
    assert not caught.value.outcome_unknown
    assert len(slept) == 2


def test_a_silent_server_is_a_timeout(tiktok, transport_to):
    tiktok.answers(Scripted(hold=True))
    with pytest.raises(Server) as caught:
        send(transport_to(tiktok.url, read_seconds=0.05), retries=ONCE)
    assert caught.value.reason == "timeout"


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (200, b"<html>hello</html>", Unexpected),
        (200, b"", Unexpected),
        (200, b"[1, 2]", Unexpected),
        (200, b'{"code": 0, "data": [1]}', Unexpected),
        (200, b'{"message": "no code"}', Unexpected),
        (200, b'{"code": true, "data": {}}', Unexpected),
        (200, b'{"code": 0, "data": {"n": NaN}}', Unexpected),
        (200, b'{"code": 0, "data": {"n": 1e999}}', Unexpected),
        (200, b"\xff\xfe\x00", Unexpected),
        (200, b"[" * 200_000, Unexpected),
        (302, b"", Unexpected),
        (404, b"<html>not here</html>", Unexpected),
        (429, b"slow down", Throttled),
        (503, b"<html>overload</html>", Server),
        (408, b"", Server),
    ],
)
def test_broken_answers_become_errors_with_a_sentence(tiktok, transport_to, status, body, error):
    tiktok.answers(Scripted(status, body))
    with pytest.raises(error) as caught:
        send(transport_to(tiktok.url), retries=ONCE)
    assert caught.value.http_status == status
    assert caught.value.sentence.startswith("TikTok Shop ")


def test_a_huge_answer_is_refused(tiktok, transport_to, monkeypatch):
    monkeypatch.setattr("sparkops.tiktok.transport.MAX_ANSWER_BYTES", 1000)
    tiktok.answers(Scripted(200, b" " * 2000))
    with pytest.raises(Unexpected, match="too large"):
        send(transport_to(tiktok.url), retries=ONCE)


def test_text_that_a_database_cannot_store_is_repaired(tiktok, transport_to):
    body = (
        b'{"code": 0, "data": {"title": "a\\u0000b", "half": "\\ud83d", "whole": "\\ud83d\\ude4c"}}'
    )
    tiktok.answers(Scripted(200, body))
    data = send(transport_to(tiktok.url)).data
    assert data == {"title": "a\ufffdb", "half": "\ufffd", "whole": "🙌"}


def test_redirects_are_not_followed(tiktok, transport_to):
    tiktok.answers(Scripted(302, b"", {"location": "/elsewhere"}), ok({}))
    with pytest.raises(Unexpected):
        send(transport_to(tiktok.url), retries=ONCE)
    assert [request.path for request in tiktok.received] == ["/thing"]


def test_query_values_arrive_as_they_were_given(tiktok, transport_to):
    tiktok.answers(ok({}))
    values = {"page_token": "a/b+c==", "words": "olá two", "ids": "1,2", "empty": ""}
    request = Request("GET", "/x", values)
    transport_to(tiktok.url).send(lambda now: request, decode, repeatable=True)
    assert tiktok.received[0].params == values
    assert "+" not in tiktok.received[0].target
    assert "%20" in tiktok.received[0].target


def test_each_attempt_is_built_for_its_own_moment(tiktok, transport_to):
    moments = iter([100.0, 160.0])
    tiktok.answers(refused(500, 36009003), ok({}))
    transport = transport_to(tiktok.url, clock=lambda: next(moments, 160.0))
    seen = []

    def build(now: float) -> Request:
        seen.append(now)
        return Request("GET", "/x")

    transport.send(build, decode, repeatable=True)
    assert seen[0] == 100.0
    assert seen[1] == 160.0


def test_the_limiter_is_asked_before_every_attempt_and_told_about_throttling(tiktok, transport_to):
    calls: list[tuple[str, str, float]] = []

    class Noting:
        def acquire(self, key: str, cost: int = 1) -> None:
            calls.append(("acquire", key, cost))

        def block(self, key: str, seconds: float) -> None:
            calls.append(("block", key, seconds))

    tiktok.answers(refused(429, 36009002, Retry_After="3"), ok({}))
    send(transport_to(tiktok.url), limiter=Noting(), keys=("app", "app:shop"))
    one_attempt = [("acquire", "app", 1), ("acquire", "app:shop", 1)]
    assert calls == [*one_attempt, ("block", "app:shop", 3.0), *one_attempt]


def test_secrets_never_reach_a_log(tiktok, transport_to, caplog):
    secret = "verysecretvalue0123456789"
    spark_code = "#1Ea2vK8sQ0zYb7pLmN3dXw4="
    tiktok.answers(refused(401, 36004004, f"auth_code={secret} of {spark_code} is expired"), ok({}))
    request = Request(
        "GET",
        "/api/v2/token/get",
        {"app_secret": secret, "auth_code": secret, "refresh_token": secret, "sign": secret},
        {"x-tts-access-token": secret},
        json.dumps({"auth_code": spark_code}).encode(),
    )
    with caplog.at_level(logging.DEBUG), pytest.raises(TikTokError) as caught:
        transport_to(tiktok.url).send(lambda now: request, decode, repeatable=False)
    transport_to(tiktok.url).send(lambda now: request, decode, repeatable=False)
    logged = "\n".join(f"{record.getMessage()} {record.__dict__}" for record in caplog.records)
    assert "/api/v2/token/get" in logged
    for text in (logged, str(caught.value), repr(request), repr(caught.value)):
        assert secret not in text
        assert spark_code not in text


def test_errors_survive_the_job_queue():
    error = Throttled(api="ads", code=40100, retry_after=300.0, app_wide=True, message="slow")
    copy = pickle.loads(pickle.dumps(error))
    assert (type(copy), str(copy), copy.app_wide) == (Throttled, str(error), True)
    assert copy.retry_after == 300.0


def test_a_full_limiter_stops_the_call_before_it_is_made(tiktok, transport_to):
    tiktok.answers(ok({}))
    limiter = MemoryLimiter(
        lambda key: Rate(0.01), api="shop", max_wait=1, clock=lambda: 0.0, sleep=lambda s: None
    )
    transport = transport_to(tiktok.url)
    send(transport, limiter=limiter, keys=("k",))
    with pytest.raises(Throttled) as caught:
        send(transport, limiter=limiter, keys=("k",))
    assert caught.value.reason == "own_limit"
    assert caught.value.retry_after == 100
    assert len(tiktok.received) == 1


def test_retry_after_that_makes_no_sense_is_ignored():
    answer = Answer("shop", "GET", "/x", 429, b"", {"retry-after": "soon"})
    assert answer.retry_after is None


@pytest.mark.parametrize("token", ["tök\nen", "two\r\nlines", "€"])
def test_a_token_that_no_header_can_hold_is_an_unusable_token(tiktok, transport_to, token):
    request = Request("GET", "/x", {}, {"x-tts-access-token": token})
    with pytest.raises(Auth) as caught:
        transport_to(tiktok.url).send(lambda now: request, decode, repeatable=True)
    assert caught.value.reason == "token_invalid"
    assert tiktok.received == []
