"""A sandbox process under test and how to talk to it."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx

ROOT = Path(__file__).resolve().parents[2]
BASE = "/open_api/v1.3"
# Always the same world, whatever day the tests run on.
START = "2026-11-24T12:00:00+00:00"


@dataclass
class Running:
    """One process. ``credentials`` is the JSON of its first line."""

    process: subprocess.Popen[str]
    credentials: dict[str, Any]
    client: httpx.Client = field(init=False)

    def __post_init__(self) -> None:
        self.client = httpx.Client(base_url=self.credentials["ads"]["base_url"], timeout=30)

    @classmethod
    def start(cls, world: str = "tiny", *options: str) -> Running:
        process = subprocess.Popen(
            [
                *(sys.executable, "-m", "sparkops.sandbox", "--world", world),
                *("--start", START, "--print-credentials", *options),
            ],
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
        )
        assert process.stdout is not None
        return cls(process, json.loads(process.stdout.readline()))

    def stop(self) -> None:
        self.client.close()
        self.process.terminate()
        self._end()

    def kill(self) -> None:
        self.client.close()
        self.process.kill()
        self._end()

    def _end(self) -> None:
        self.process.wait(timeout=20)
        assert self.process.stdout is not None
        self.process.stdout.close()

    @property
    def token(self) -> str:
        return self.credentials["ads"]["access_token"]

    @property
    def advertiser_id(self) -> str:
        return self.credentials["ads"]["advertiser_ids"][0]

    def raw(self, method: str, path: str, token: str | None = None, **kwargs: Any):
        headers = {"Access-Token": self.token if token is None else token}
        return self.client.request(method, BASE + path, headers=headers, **kwargs)

    def get(self, path: str, **params: Any) -> dict[str, Any]:
        """A GET with lists and objects as JSON text, spaces after commas as the SDK sends them."""
        query = {
            name: json.dumps(value) if isinstance(value, list | dict) else value
            for name, value in params.items()
        }
        response = self.raw("GET", path, params=query)
        assert response.status_code == 200
        return response.json()

    def post(self, path: str, **body: Any) -> dict[str, Any]:
        response = self.raw("POST", path, json=body)
        assert response.status_code == 200
        return response.json()

    def ok(self, body: dict[str, Any]) -> Any:
        assert body["code"] == 0, body
        return body["data"]

    def control(self, action: str, **body: Any) -> dict[str, Any]:
        response = self.client.post(f"/_sandbox/{action}", json=body)
        assert response.status_code == 200, response.text
        return response.json()

    def listing(self) -> dict[str, Any]:
        return self.client.get("/_sandbox/seed").json()

    def truth(self, **params: str) -> dict[str, Any]:
        """The ground truth of the first brand."""
        return self.client.get("/_sandbox/world", params=params).json()["brands"][0]

    def now(self) -> datetime:
        return datetime.fromisoformat(self.client.get("/_sandbox/clock").json()["now"])

    def pass_days(self, days: float) -> None:
        self.control("clock", advance_seconds=days * 86400)

    def post_without_code(self) -> str:
        """The id of a public post nobody made a code for."""
        listing = self.listing()
        coded = {code["item_id"] for code in listing["codes"]}
        return next(
            post["item_id"]
            for post in listing["posts"]
            if post["item_id"] not in coded and post["status"] == "HESITATE_RECOMMEND"
        )

    def make_live_ad(self, item_id: str, days: int = 30) -> dict[str, str]:
        """Code, redemption, campaign, ad group and ad on the post; the review is over."""
        advertiser_id = self.advertiser_id
        code = self.control("new_code", item_id=item_id, days=days)["auth_code"]
        self.ok(self.post("/tt_video/authorize/", advertiser_id=advertiser_id, auth_code=code))
        row = self.ok(self.get("/tt_video/list/", advertiser_id=advertiser_id, keyword=item_id))
        campaign = self.ok(
            self.post(
                "/campaign/create/",
                advertiser_id=advertiser_id,
                campaign_name=f"campaign {item_id}",
                objective_type="TRAFFIC",
                budget_mode="BUDGET_MODE_INFINITE",
            )
        )
        adgroup = self.ok(
            self.post("/adgroup/create/", **self.adgroup_body(campaign["campaign_id"]))
        )
        made = self.ok(
            self.post(
                "/ad/create/",
                advertiser_id=advertiser_id,
                adgroup_id=adgroup["adgroup_id"],
                creatives=[
                    {
                        "ad_name": "",
                        "ad_format": "SINGLE_VIDEO",
                        "identity_type": "AUTH_CODE",
                        "identity_id": row["list"][0]["user_info"]["identity_id"],
                        "tiktok_item_id": item_id,
                    }
                ],
            )
        )
        ids = {
            "auth_code": code,
            "campaign_id": campaign["campaign_id"],
            "adgroup_id": adgroup["adgroup_id"],
            "ad_id": made["ad_ids"][0],
        }
        self.control("approve_ad", ad_id=ids["ad_id"])
        return ids

    def adgroup_body(self, campaign_id: str) -> dict[str, Any]:
        return {
            "advertiser_id": self.advertiser_id,
            "campaign_id": campaign_id,
            "adgroup_name": f"group of {campaign_id}",
            "promotion_type": "WEBSITE",
            "location_ids": ["6252001"],
            "budget_mode": "BUDGET_MODE_DAY",
            "budget": 30,
            "schedule_type": "SCHEDULE_FROM_NOW",
            "schedule_start_time": f"{self.now():%Y-%m-%d %H:%M:%S}",
            "optimization_goal": "CLICK",
            "billing_event": "CPC",
            "pacing": "PACING_MODE_SMOOTH",
        }

    def ad_status(self, ad_id: str) -> str:
        body = self.get("/ad/get/", advertiser_id=self.advertiser_id, filtering={"ad_ids": [ad_id]})
        return self.ok(body)["list"][0]["secondary_status"]
