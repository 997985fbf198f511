"""What Prometheus reads."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client as Browser
from django.test import override_settings
from django.test.utils import CaptureQueriesContext
from prometheus_client.parser import text_string_to_metric_families

from sparkops.connections.models import Connection
from sparkops.isolation.scope import client_scope
from sparkops.landing.models import Cursor
from sparkops.outbox.models import Command
from tests.factories.cast import BEGIN, Cast

pytestmark = pytest.mark.django_db
NOW = BEGIN + timedelta(days=10)


@pytest.fixture(autouse=True)
def at_now() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False), override_settings(METRICS_TOKEN="let-me-read"):
        yield


def asked(token: str = "let-me-read") -> Any:
    return Browser().get("/metrics", headers={"Authorization": f"Bearer {token}"})


def figures() -> dict[tuple[str, ...], float]:
    text = asked().content.decode()
    return {
        (one.name, *one.labels.values()): one.value
        for family in text_string_to_metric_families(text)
        for one in family.samples
    }


def behind(client: Any, minutes: int) -> None:
    with client_scope(client.pk):
        link = Connection.objects.create(
            kind="ads", external_id="1", label="Ads", connected_at=BEGIN, connected_by="T"
        )
        Cursor.objects.create(
            connection=link, stream="ads", due_at=NOW - timedelta(minutes=minutes), state="late"
        )
        for number, state in enumerate(("waiting", "done")):
            Command.objects.create(
                kind="ad.pause", key=str(number), state=state, created_at=NOW, created_by="T",
                due_at=NOW - timedelta(minutes=minutes),
                finished_at=NOW - timedelta(minutes=minutes - 1) if state == "done" else None,
            )  # fmt: skip


def test_lag_queues_commands_and_their_speed_are_told_over_all_clients(cast: Cast) -> None:
    behind(cast.client, 5)
    behind(cast.foreign, 20)
    found = figures()
    assert found[("sparkops_sync_lag_seconds", "ads")] == 1_200
    assert found[("sparkops_streams", "late")] == 2
    assert found[("sparkops_commands_waiting", "ad.pause")] == 2
    assert found[("sparkops_commands_oldest_seconds", "ad.pause")] == 1_200
    assert found[("sparkops_command_seconds_p95", "ad.pause")] == 60
    assert found[("sparkops_queue_depth", "interactive")] >= 0
    assert not any("glow" in word or "Glow" in word for key in found for word in key)


def test_more_clients_cost_no_more_statements(cast: Cast) -> None:
    behind(cast.client, 5)
    with CaptureQueriesContext(connection) as few:
        asked()
    behind(cast.sister, 5)
    behind(cast.foreign, 5)
    with CaptureQueriesContext(connection) as many:
        asked()
    assert len(many) == len(few)


def test_without_the_token_there_is_no_such_page(cast: Cast) -> None:
    assert asked("wrong").status_code == 404
    assert Browser().get("/metrics").status_code == 404
    with override_settings(METRICS_TOKEN=""):
        assert asked("").status_code == 404
