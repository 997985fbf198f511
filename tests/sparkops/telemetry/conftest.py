"""What was told when a web process and a worker met everything that breaks and refuses."""

from collections.abc import Iterator
from dataclasses import dataclass

import httpx
import pytest

from tests.sparkops.telemetry import broken_tasks
from tests.sparkops.telemetry.planted import BODY, CODE, COOKIE, HEADER, KEY, QUERY
from tests.sparkops.telemetry.processes import web, worker
from tests.sparkops.telemetry.receiver import Received, receiving


@dataclass(frozen=True)
class Told:
    """What arrived where; `tiktok` and `chat` are what tasks called."""

    sentry: Received
    collector: Received
    tiktok: Received
    chat: Received


@pytest.fixture(scope="package")
def told(django_db_setup: None) -> Iterator[Told]:
    """One run of both processes, with everything on, shared by the tests that look at it."""
    with receiving() as sentry, receiving() as collector, receiving() as tiktok:
        variables = {
            "SENTRY_DSN": sentry.dsn,
            "SENTRY_ENVIRONMENT": "staging",
            "OTEL_EXPORTER_OTLP_ENDPOINT": collector.url,
            "TIKTOK_SHOP_URL": tiktok.url,
        }
        with receiving() as chat:
            with worker(**variables) as queue, web(**variables) as page:
                visit(page.url, queue)
                for how in ("refusal", "tiktok"):
                    broken_tasks.refuse.apply_async((how,), queue=queue)
                broken_tasks.crash.apply_async((BODY,), {"code_given": CODE}, queue=queue)
                broken_tasks.note.apply_async(queue=queue)
                broken_tasks.tell.apply_async((f"{chat.url}/services/{KEY}",), queue=queue)
                broken_tasks.last.apply_async(queue=queue)
            yield Told(sentry, collector, tiktok, chat)


def visit(url: str, queue: str) -> None:
    """Everything that works, breaks or refuses, with secrets in all parts of the request."""
    secrets = {"Authorization": f"Bearer {HEADER}", "X-Planted": HEADER}
    asked = f"?access_token={QUERY}"
    with httpx.Client(
        base_url=url, cookies={"sessionid": COOKIE}, headers=secrets, timeout=60
    ) as browser:
        for how, status in (("refusal", 500), ("missing", 404), ("denied", 403), ("tiktok", 500)):
            assert browser.get(f"/broken/{how}/refuse/{asked}").status_code == status
        assert browser.get(f"/join/{KEY}/", headers={"Host": "elsewhere"}).status_code == 400
        assert browser.get(f"/broken/{KEY}/send/{queue}/{asked}").status_code == 200
        for name in ("crash", "endpoint"):
            answer = browser.post(f"/broken/{KEY}/{name}/{asked}", content=BODY)
            assert answer.status_code == 500
