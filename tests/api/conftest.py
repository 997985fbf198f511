"""A caller of the API with a key of the cast's agency."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pytest
import time_machine
from django.test import Client as Browser

from sparkops import clock
from sparkops.api.keys import create_key
from sparkops.api.models import ApiKey
from sparkops.api.scopes import SCOPES
from sparkops.isolation.scope import client_scope
from sparkops.tenants.models import Client, Organization
from sparkops.tenants.permissions import Permission
from tests.api.world import OLA, World, make_world
from tests.factories.cast import Cast
from tests.profit.conftest import NOW


@dataclass
class Caller:
    """Calls with one key; an address without a slash in front is below the client's."""

    secret: str
    key: ApiKey
    client: str
    browser: Browser = field(default_factory=Browser)

    def address(self, path: str) -> str:
        return path if path.startswith("/") else f"/api/v1/clients/{self.client}/{path}"

    def get(self, path: str, **query: Any) -> Any:
        return self.browser.get(self.address(path), query, headers=self._headers({}))

    def post(self, path: str, content: Any = None, **headers: str) -> Any:
        return self._send("POST", path, content, headers)

    def patch(self, path: str, content: Any) -> Any:
        return self._send("PATCH", path, content, {})

    def rows(self, path: str, **query: Any) -> list[dict[str, Any]]:
        answer = self.get(path, **query)
        assert answer.status_code == 200, answer.content
        return answer.json()["data"]

    def all_rows(self, path: str, **query: Any) -> list[dict[str, Any]]:
        """Every row, page after page."""
        found, cursor = [], ""
        while cursor is not None:
            page = self.get(path, **query, **({"cursor": cursor} if cursor else {})).json()
            found, cursor = [*found, *page["data"]], page["next"]
        return found

    def _send(self, method: str, path: str, content: Any, headers: dict[str, str]) -> Any:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.browser.generic(
            method,
            self.address(path),
            b"" if content is None else json.dumps(content).encode(),
            content_type="application/json",
            headers=self._headers(named),
        )

    def _headers(self, more: dict[str, str]) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.secret}", **more}


def make_caller(
    organization: Organization,
    client: Client | None,
    *,
    scopes: Any = SCOPES,
    at: str = "",
    expires_at: datetime | None = None,
) -> Caller:
    """A caller with a new key; `at` is the client it calls when the key is for all of them."""
    made = create_key(
        organization,
        "Test",
        client=client,
        scopes=scopes,
        expires_at=expires_at,
        by=OLA,
        now=clock.now(),
    )
    return Caller(made.secret, made.key, at or (client.slug if client else ""))


def done(caller: Caller, path: str, body: Any = None) -> dict[str, Any]:
    """What a write answered that has to succeed."""
    answer = caller.post(path, body)
    assert answer.status_code < 300, answer.content
    found: dict[str, Any] = answer.json()
    return found


def refused(caller: Caller, path: str, body: Any = None) -> str:
    """The code of a write that has to be refused."""
    answer = caller.post(path, body)
    assert answer.status_code == 422, answer.content
    return str(answer.json()["code"])


@pytest.fixture
def on_the_day() -> Iterator[None]:
    """Time stands at the moment that the rows of the world are made around."""
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def world(cast: Cast) -> World:
    """A row of everything that the API lists, in the cast's first client."""
    with client_scope(cast.client.pk):
        return make_world(cast.client.pk)


@pytest.fixture
def caller(cast: Cast) -> Caller:
    """A caller that may do everything in the cast's first client."""
    return make_caller(cast.agency, cast.client)


@pytest.fixture
def reader(cast: Cast) -> Caller:
    """A caller that may only read."""
    return make_caller(cast.agency, cast.client, scopes=[Permission.VIEW])
