"""The Marketing API client against the scripted server, with TikTok's envelope around answers."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from sparkops.tiktok.ads.api import AdsApi
from sparkops.tiktok.limits import NoLimiter
from sparkops.tiktok.transport import Transport
from tests.sparkops.tiktok.stand_in import Received, Scripted, StandIn

TOKEN = "token-0123456789-abcdefghij"
SECRET = "secret-0123456789-abcdefghij"
APP_ID = "7300000000000000001"
ADVERTISER = "7412345678901234567"
NOON = 1_795_350_600.0  # 2026-11-22 12:30:00 UTC


class TikTok:
    """What the server answers, in order, and what it was asked."""

    def __init__(self, stand_in: StandIn) -> None:
        self._stand_in = stand_in
        stand_in.script = []

    @property
    def url(self) -> str:
        return self._stand_in.url

    def will_answer(self, body: Any, status: int = 200, **headers: str) -> None:
        """Queue an answer; the last one is repeated."""
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        self._stand_in.script.append(Scripted(status, content, headers))

    def will_accept(self, data: Any, request_id: str = "rq-1") -> None:
        self.will_answer({"code": 0, "message": "OK", "request_id": request_id, "data": data})

    def will_refuse(self, code: int, message: str, request_id: str = "rq-no") -> None:
        self.will_answer({"code": code, "message": message, "request_id": request_id, "data": {}})

    def forget(self) -> None:
        """Drop what is queued."""
        self._stand_in.script.clear()

    @property
    def requests(self) -> list[Received]:
        return self._stand_in.received

    @property
    def last(self) -> Received:
        return self.requests[-1]

    @property
    def bodies(self) -> list[Any]:
        """The JSON bodies of all requests."""
        return [json.loads(asked.body) for asked in self.requests]


@pytest.fixture
def tiktok(tiktok: StandIn) -> TikTok:
    return TikTok(tiktok)


@pytest.fixture
def waits(slept: list[float]) -> list[float]:
    """Seconds the transport was asked to wait."""
    return slept


@pytest.fixture
def transport(tiktok: TikTok, transport_to: Callable[..., Transport]) -> Transport:
    return transport_to(tiktok.url, "ads", clock=lambda: NOON)


@pytest.fixture
def api(transport: Transport) -> AdsApi:
    return AdsApi(transport, TOKEN, NoLimiter(), app_id=APP_ID, secret=SECRET)
