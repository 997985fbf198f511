"""A client connected to the sandbox through the real OAuth exchange."""

from typing import Any

import httpx

from sparkops import clock
from sparkops.audit.record import Actor
from sparkops.connections.actions import connect_ads, connect_shop
from sparkops.tenants.models import Client
from tests.sandbox_server import SandboxServer

TESTER = Actor("Tester")


def brand_credentials(sandbox: SandboxServer, key: str) -> dict[str, Any]:
    """Fresh, unused OAuth codes of one brand of the demo world (`lumen`, `harbour` …)."""
    answer = httpx.post(f"{sandbox.base_url}/_sandbox/credentials", json={}, timeout=30)
    return next(one for one in answer.json()["brands"] if one["key"] == key)


def connect(client: Client, sandbox: SandboxServer, key: str = "lumen") -> dict[str, Any]:
    """Connect the client's shop and ad accounts to a brand of the sandbox."""
    brand = brand_credentials(sandbox, key)
    now = clock.now()
    connect_shop(client.pk, brand["shop_auth_code"], by=TESTER, now=now)
    connect_ads(client.pk, brand["oauth_code"], by=TESTER, now=now)
    return brand
