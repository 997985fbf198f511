"""The sandbox of a run, spoken to over HTTP."""

import json
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import httpx
from django.conf import settings

from bench.torture.rig import Rig

CREATES = {
    "/open_api/v1.3/campaign/create/": "campaign_name",
    "/open_api/v1.3/adgroup/create/": "adgroup_name",
    "/open_api/v1.3/ad/create/": "ad_name",
    "/open_api/v1.3/tt_video/authorize/": "auth_code",
}
"""What must reach TikTok at most once in effect, and the word that names it."""
MOST_LOGGED = 5000


@dataclass(frozen=True)
class TikTok:
    """A running sandbox and what it printed first: apps, codes and tokens."""

    base_url: str
    credentials: dict[str, Any]

    def do(self, action: str, **content: Any) -> dict[str, Any]:
        """POST /_sandbox/<action>."""
        answer = httpx.post(f"{self.base_url}/_sandbox/{action}", json=content, timeout=60)
        answer.raise_for_status()
        found: dict[str, Any] = answer.json()
        return found

    def look(self, path: str) -> dict[str, Any]:
        """GET /_sandbox/<path>."""
        answer = httpx.get(f"{self.base_url}/_sandbox/{path}", timeout=60)
        answer.raise_for_status()
        found: dict[str, Any] = answer.json()
        return found

    def break_with(self, faults: list[dict[str, Any]]) -> None:
        """Switch faults on."""
        answer = httpx.post(f"{self.base_url}/_sandbox/faults", json=faults, timeout=60)
        answer.raise_for_status()

    def mend(self) -> None:
        """Switch all faults off."""
        httpx.delete(f"{self.base_url}/_sandbox/faults", timeout=60).raise_for_status()

    def brand(self) -> dict[str, Any]:
        """Fresh codes of the world's first brand."""
        brand: dict[str, Any] = self.do("credentials")["brands"][0]
        return brand

    def truth(self) -> dict[str, Any]:
        """The world's own count of its first brand."""
        brand: dict[str, Any] = self.look("world")["brands"][0]
        return brand

    def sent_twice(self) -> list[str]:
        """What TikTok accepted more than once: creates from its own log, and messages that a
        creator has twice."""
        return [*self._created_twice(), *self._written_twice()]

    def _written_twice(self) -> list[str]:
        return [
            f"{one['handle']} has the same message {count} times."
            for one in self.truth()["reached"]
            for count in Counter(each["content"] for each in one["written"]).values()
            if count > 1
        ]

    def _created_twice(self) -> list[str]:
        log = self.look("requests?api=ads")["requests"]
        if len(log) >= MOST_LOGGED:
            return ["TikTok's log is full, so nothing can be said about what was sent twice."]
        accepted: dict[tuple[str, str], int] = {}
        for entry in log:
            named = CREATES.get(entry["path"])
            if named and entry["code"] == 0:
                for one in _values(json.loads(entry["body"] or "{}"), named):
                    key = entry["path"], one
                    accepted[key] = accepted.get(key, 0) + 1
        return [
            f"TikTok accepted {path} {count} times for the same thing."
            for (path, _), count in accepted.items()
            if count > 1
        ]


def _values(body: Any, key: str) -> list[str]:
    if isinstance(body, dict):
        own = [json.dumps([body.get("advertiser_id"), body[key]])] if key in body else []
        return own + [found for value in body.values() for found in _values(value, key)]
    if isinstance(body, list):
        return [found for value in body for found in _values(value, key)]
    return []


def start_tiktok(rig: Rig, *, seed: int, start: datetime, world: str = "tiny") -> TikTok:
    """A new world whose clock stands still at `start`; the product speaks to it from now on."""
    arguments = ["--port", "0", "--world", world, "--seed", str(seed)]
    arguments += ["--start", start.isoformat(), "--print-credentials"]
    text = rig.run_sandbox(arguments).text()
    line = next(line for line in text.splitlines() if line.startswith("{"))
    credentials = json.loads(line)
    tiktok = TikTok(credentials["ads"]["base_url"], credentials)
    tiktok.do("clock", set=start.isoformat(), frozen=True)
    _point_at(rig, credentials)
    return tiktok


def _point_at(rig: Rig, credentials: dict[str, Any]) -> None:
    ads, shop = credentials["ads"], credentials["shop"]
    own = {
        "ads_url": ads["base_url"],
        "shop_url": shop["base_url"],
        "auth_url": shop["auth_base_url"],
        "ads_app_id": ads["app_id"],
        "ads_secret": ads["secret"],
        "shop_app_key": shop["app_key"],
        "shop_app_secret": shop["app_secret"],
        "shop_service_id": shop["service_id"],
        "services_url": shop["auth_base_url"],
    }
    settings.TIKTOK.update(own)
    rig.environment |= {f"TIKTOK_{name.upper()}": value for name, value in own.items()}
