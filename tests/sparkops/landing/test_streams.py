"""Pulling a stream: what is landed, loaded again, left out, and kept when it breaks."""

from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from sparkops.connections.models import Connection
from sparkops.isolation.scope import client_scope
from sparkops.landing.merge import Counts
from sparkops.landing.models import Cursor, Page, Run
from sparkops.landing.streams import Context, Stream, Window, pull_due
from sparkops.tiktok import errors
from sparkops.tiktok.values import Findings
from tests.factories.cast import BEGIN, Cast

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Answer:
    """One page as the clients give it."""

    items: list[dict[str, str]]
    request_id: str = "r"
    findings: Findings = field(default_factory=Findings)

    @property
    def raw(self) -> dict[str, Any]:
        return {"list": self.items}

    @property
    def row_count(self) -> int:
        return len(self.items)


class Source:
    """An endpoint whose answers are set, and the table its rows are loaded into."""

    def __init__(self, client_id: int) -> None:
        self.client_id = client_id
        self.answers: list[Answer | Exception] = []
        self.table: dict[str, str] = {}
        self.loads = 0
        self.at = NOW
        self.stream = Stream(
            name="letters",
            label="Letters",
            kind=Connection.Kind.SHOP,
            every=HOUR,
            parts=lambda connection: ["one"],
            open=lambda client, connection, part: nullcontext(self),
            pages=lambda api, part, window: api.read(window),
            load=self.load,
        )

    def read(self, _window: Window) -> Iterator[Answer]:
        for answer in self.answers:
            if isinstance(answer, Exception):
                raise answer
            yield answer

    def load(self, items: Sequence[dict[str, str]], _context: Context) -> Counts:
        self.loads += 1
        for item in items:
            self.table[item["id"]] = item["value"]
        return Counts(changed=len(items))

    def pull(self, *answers: Answer | Exception) -> None:
        self.answers = list(answers)
        self.at += HOUR
        assert pull_due(self.client_id, [self.stream], now=lambda: self.at) == 1


def page(**rows: str) -> Answer:
    return Answer([{"id": key, "value": value} for key, value in rows.items()])


@pytest.fixture
def source(cast: Cast) -> Source:
    with client_scope(cast.client.pk):
        Connection.objects.create(
            kind=Connection.Kind.SHOP,
            external_id="seller",
            label="Oakmere",
            access_token=b"sealed",
            connected_at=BEGIN,
            connected_by="Jo",
        )
    return Source(cast.client.pk)


def test_an_unchanged_page_is_landed_and_not_loaded_again(source: Source) -> None:
    source.pull(page(x="A"), page(y="B"))
    source.pull(page(x="A"), page(y="C"))
    source.pull(page(x="A"), page(y="C"))
    assert source.table == {"x": "A", "y": "C"}
    assert source.loads == 3
    with client_scope(source.client_id):
        assert Page.objects.count() == 6
        assert Page.objects.filter(payload={}).count() == 3


def test_what_goes_back_to_an_older_state_is_loaded_again(source: Source) -> None:
    for value in ("A", "B", "A"):
        source.pull(page(x=value))
        assert source.table == {"x": value}


def test_a_page_missing_from_one_run_is_loaded_when_it_is_back(source: Source) -> None:
    source.pull(page(x="A"))
    source.pull()
    source.table["x"] = "gone"
    source.pull(page(x="A"))
    assert source.table == {"x": "A"}


def test_pages_before_a_failure_stay_and_the_window_is_read_again(source: Source) -> None:
    down = errors.Server(api="shop", sentence="TikTok is down.")
    source.pull(page(x="A"), down)
    with client_scope(source.client_id):
        cursor = Cursor.objects.get()
        assert (cursor.state, cursor.last_error, cursor.last_ok_at) == (
            "failing",
            "TikTok is down.",
            None,
        )
        assert cursor.position == {}
    source.pull(page(x="A"), page(y="B"))
    assert source.table == {"x": "A", "y": "B"}
    with client_scope(source.client_id):
        assert Cursor.objects.get().state == "fresh"
        assert list(Run.objects.order_by("pk").values_list("state", flat=True)) == [
            "failed",
            "done",
        ]
