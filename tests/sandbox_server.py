"""The TikTok sandbox as a live server for tests: its own process, spoken to over HTTP only."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from django.test import override_settings

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class SandboxServer:
    """A running sandbox. `credentials` is its first line: apps, codes and tokens, per brand too."""

    base_url: str
    credentials: dict[str, Any]

    def do(self, action: str, **content: Any) -> dict[str, Any]:
        """POST /_sandbox/<action>, for example `do("clock", advance_seconds=3600)`."""
        answer = httpx.post(f"{self.base_url}/_sandbox/{action}", json=content, timeout=60)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def forget(self, path: str) -> None:
        """DELETE /_sandbox/<path>: `faults` or `requests`."""
        httpx.delete(f"{self.base_url}/_sandbox/{path}", timeout=60).raise_for_status()

    def look(self, path: str) -> dict[str, Any]:
        """GET /_sandbox/<path>, for example `look("world")`: the truth to compare with."""
        answer = httpx.get(f"{self.base_url}/_sandbox/{path}", timeout=60)
        assert answer.status_code == 200, answer.text
        return answer.json()


@contextmanager
def running_sandbox(world: str) -> Iterator[SandboxServer]:
    """A sandbox of its own with this world; it ends with the block."""
    command = [sys.executable, "-m", "sparkops.sandbox", "--port", "0", "--world", world]
    with subprocess.Popen(
        [*command, "--print-credentials"],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        credentials = json.loads(process.stdout.readline())
        try:
            yield SandboxServer(credentials["ads"]["base_url"], credentials)
        finally:
            process.terminate()


@pytest.fixture(scope="module")
def sandbox_process() -> Iterator[SandboxServer]:
    """A sandbox with the demo world, shared by one test module."""
    with running_sandbox("demo") as server:
        yield server


def product_settings(server: SandboxServer) -> dict[str, Any]:
    """The product's TIKTOK settings pointed at a sandbox."""
    ads, shop = server.credentials["ads"], server.credentials["shop"]
    return {
        "ads_url": ads["base_url"],
        "shop_url": shop["base_url"],
        "auth_url": shop["auth_base_url"],
        "ads_app_id": ads["app_id"],
        "ads_secret": ads["secret"],
        "shop_app_key": shop["app_key"],
        "shop_app_secret": shop["app_secret"],
        "shop_service_id": shop["service_id"],
        "services_url": shop["auth_base_url"],
        "pace": 50,
    }


@pytest.fixture(scope="module")
def sandbox(sandbox_process: SandboxServer) -> Iterator[SandboxServer]:
    """The module's sandbox with the product's clients pointed at it."""
    with override_settings(TIKTOK=product_settings(sandbox_process)):
        yield sandbox_process
