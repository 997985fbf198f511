"""How fresh pages say they are, from one query."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from sparkops.connections.models import Connection
from sparkops.isolation.scope import client_scope
from sparkops.landing.models import Cursor
from sparkops.landing.queries import freshness
from tests.factories.cast import BEGIN, Cast

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


def connection(label: str, **more: Any) -> Connection:
    return Connection.objects.create(
        kind="ads", external_id=label, label=label, connected_at=BEGIN, connected_by="Mina", **more
    )


def cursor(of: Connection, stream: str, read: datetime | None, **more: Any) -> Cursor:
    return Cursor.objects.create(
        connection=of, stream=stream, part=str(more.pop("part", "")), due_at=NOW, last_ok_at=read,
        **more,
    )  # fmt: skip


def test_the_oldest_read_counts_and_problems_are_sentences_in_one_query(
    cast: Cast, django_assert_num_queries: Any
) -> None:
    with client_scope(cast.client.pk):
        well = connection("Ads one")
        lost = connection("Ads two", state=Connection.State.LOST, lost_reason="It was taken away.")
        other = connection("Ads three", state=Connection.State.LOST, lost_reason="Also gone.")
        cursor(well, "ads", NOW, state=Cursor.State.FAILING, last_error="TikTok is busy.")
        cursor(well, "ads", NOW - timedelta(hours=3), part=2)
        cursor(well, "orders", NOW - timedelta(days=9), last_error="Of another page.")
        cursor(lost, "ads", NOW - timedelta(hours=1), state=Cursor.State.LATE, last_error="Late.")
        cursor(lost, "ad_days", NOW)
        cursor(other, "orders", NOW)
        with django_assert_num_queries(1):
            found = freshness(["ads"])
        assert (found.as_of, found.synced) == (NOW - timedelta(hours=3), True)
        # By stream and part; then the lost connection with every page it feeds, and no other's.
        assert found.problems[:2] == ("Ads one: TikTok is busy.", "Ads two: Late.")
        [sentence] = found.problems[2:]
        assert sentence.startswith("Ads two is no longer connected. It was taken away.")


def test_what_was_not_read_yet_is_not_synced(cast: Cast) -> None:
    with client_scope(cast.client.pk):
        one = connection("Ads one")
        assert freshness(["ads"]).as_of is None
        cursor(one, "ads", NOW)
        assert freshness(["ads"]).synced
        cursor(one, "ads", None, part=2)
        found = freshness(["ads"])
        assert (found.as_of, found.synced) == (NOW, False)
