"""The sandbox as a process of its own: credentials, webhooks from its thread, restart."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx

from .caller import address, signature

ROOT = Path(__file__).parents[3]


@contextmanager
def running(state: Path, *options: str) -> Iterator[dict[str, Any]]:
    """The credentials a fresh process prints; the process is killed at the end."""
    command = [sys.executable, "-m", "sparkops.sandbox", "--world", "tiny", "--print-credentials"]
    process = subprocess.Popen(
        [*command, "--state", str(state), *options],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )
    assert process.stdout is not None
    try:
        credentials = json.loads(process.stdout.readline())
        assert "ready at" in process.stdout.readline()
        yield credentials["shop"]
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdout.close()


def call(
    shop: dict[str, Any],
    method: str,
    path: str,
    body: Any = None,
    extra: dict[str, str] | None = None,
) -> dict[str, Any]:
    raw = b"" if body is None else json.dumps(body).encode()
    query = {
        "app_key": shop["app_key"],
        "timestamp": str(int(time.time())),
        "shop_cipher": shop["shop_cipher"],
        **(extra or {}),
    }
    query["sign"] = signature(shop["app_secret"], path, query, raw)
    response = httpx.request(
        method,
        shop["base_url"] + address(path, query),
        content=raw,
        headers={
            "x-tts-access-token": shop["access_token"],
            "content-type": "application/json",
        },
        trust_env=False,
    )
    found: dict[str, Any] = response.json()
    assert found["code"] == 0, found
    return found["data"] or {}


def token_of(shop: dict[str, Any]) -> dict[str, Any]:
    answer = httpx.get(
        f"{shop['auth_base_url']}/api/v2/token/get",
        params={
            "app_key": shop["app_key"],
            "app_secret": shop["app_secret"],
            "auth_code": shop["auth_code"],
            "grant_type": "authorized_code",
        },
        trust_env=False,
    ).json()
    assert answer["code"] == 0
    found: dict[str, Any] = answer["data"]
    return found


def test_printed_credentials_work_and_writes_survive_a_kill(tmp_path: Path) -> None:
    state = tmp_path / "world.jsonl"
    hook = {"event_type": "PRODUCT_CREATION", "address": "https://hooks.example.com/tiktok"}
    with running(state) as shop:
        token = token_of(shop)["access_token"]
        call(shop, "PUT", "/event/202309/webhooks", hook)
        rows = call(shop, "GET", "/affiliate_seller/202412/conversations")["conversations"]
        chat = rows[0]["id"]
        path = f"/affiliate_seller/202412/conversations/{chat}/messages"
        content = json.dumps({"content": "Still here after the restart?"})
        sent = call(shop, "POST", path, {"msg_type": "TEXT", "content": content})["message_id"]
    with running(state) as again:
        known = again | {"access_token": token}
        webhooks = call(known, "GET", "/event/202309/webhooks")["webhooks"]
        assert [one["address"] for one in webhooks] == [hook["address"]]
        path = f"/affiliate_seller/202412/conversation/{chat}/messages"
        newest = call(known, "GET", path)["messages"][0]["message_body"]
        assert newest["id"] == sent
        assert json.loads(newest["content"]) == json.loads(content)


def test_world_is_as_of_now_and_knows_where_to_send_the_browser(tmp_path: Path) -> None:
    with running(tmp_path / "world.jsonl", "--shop-redirect-uri", "http://x.example/back") as shop:
        path, size = "/order/202309/orders/search", {"page_size": "5"}
        orders = call(shop, "POST", path, None, size)["orders"]
        newest = datetime.fromtimestamp(orders[0]["create_time"], UTC)
        assert (datetime.now(UTC) - newest).total_seconds() < 3 * 24 * 3600
        page = httpx.post(
            f"{shop['base_url']}/open/authorize",
            data={"service_id": shop["service_id"], "decision": "cancel", "state": "s"},
            trust_env=False,
        )
        assert page.headers["location"].startswith("http://x.example/back?")
