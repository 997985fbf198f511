"""A Shop API client for tests: signs on its own, after the contract's section 3.1."""

import hashlib
import hmac
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx

from sparkops.sandbox.server import Sandbox
from sparkops.sandbox.world import Shop, ShopApp, ShopToken, World
from sparkops.sandbox.world.access import issue_shop_token

SAMPLES = Path(__file__).parents[2] / "samples" / "shop"


def sample(name: str) -> Any:
    return json.loads((SAMPLES / name).read_text())


def signature(secret: str, path: str, query: dict[str, str], body: bytes) -> str:
    signed = [name + value for name, value in sorted(query.items()) if name != "sign"]
    text = secret.encode() + (path + "".join(signed)).encode() + body + secret.encode()
    return hmac.new(secret.encode(), text, hashlib.sha256).hexdigest()


def address(path: str, query: dict[str, str]) -> str:
    pairs = "&".join(f"{quote(k, safe='')}={quote(v, safe='')}" for k, v in query.items())
    return f"{path}?{pairs}"


@dataclass
class Answer:
    status: int
    body: dict[str, Any]
    headers: httpx.Headers

    @property
    def code(self) -> int:
        return int(self.body["code"])

    @property
    def data(self) -> Any:
        assert self.code == 0, self.body
        return self.body["data"]


@dataclass
class Caller:
    """Calls one brand's shop over HTTP; `world` is the world behind the server."""

    base_url: str
    sandbox: Sandbox
    brand: str
    token: ShopToken
    http: httpx.Client

    @property
    def world(self) -> World:
        return self.sandbox.world

    @property
    def app(self) -> ShopApp:
        return next(iter(self.world.shop_apps.values()))

    @property
    def shop(self) -> Shop:
        return self.world.shop_of(self.brand)

    def of(self, brand: str) -> "Caller":
        seller_id = self.world.brands[brand].seller_id
        token = issue_shop_token(self.world, self.app.app_key, seller_id, self.world.now())
        return Caller(self.base_url, self.sandbox, brand, token, self.http)

    def query(self, extra: dict[str, Any] | None = None, *, cipher: bool = True) -> dict[str, str]:
        common = {
            "app_key": self.app.app_key,
            "timestamp": str(int(self.world.now().timestamp())),
        }
        if cipher:
            common["shop_cipher"] = self.shop.cipher
        return common | {name: str(value) for name, value in (extra or {}).items()}

    def call(
        self,
        method: str,
        path: str,
        query: dict[str, Any] | None = None,
        body: Any = None,
        *,
        cipher: bool = True,
        token: str | None = None,
    ) -> Answer:
        raw = b"" if body is None else json.dumps(body, separators=(",", ":")).encode()
        full = self.query(query, cipher=cipher)
        full["sign"] = signature(self.app.app_secret, path, full, raw)
        return self.send(method, address(path, full), raw, token)

    def send(self, method: str, target: str, raw: bytes = b"", token: str | None = None) -> Answer:
        headers = {
            "x-tts-access-token": self.token.access_token if token is None else token,
            "content-type": "application/json",
        }
        response = self.http.request(
            method, self.base_url + target, content=raw, headers=headers, follow_redirects=False
        )
        return Answer(response.status_code, response.json(), response.headers)

    def get(self, path: str, query: dict[str, Any] | None = None, **options: Any) -> Answer:
        return self.call("GET", path, query, **options)

    def post(
        self, path: str, body: Any = None, query: dict[str, Any] | None = None, **options: Any
    ) -> Answer:
        return self.call("POST", path, query, body, **options)

    def pages(
        self, method: str, path: str, rows: str, query: dict[str, Any], body: Any = None
    ) -> Iterator[list[dict[str, Any]]]:
        token = ""
        while True:
            more = {"page_token": token} if token else {}
            data = self.call(method, path, query | more, body).data
            yield data[rows]
            token = data["next_page_token"]
            if not token:
                return

    def every(self, method: str, path: str, rows: str, query: Any, body: Any = None) -> list[Any]:
        return [row for page in self.pages(method, path, rows, query, body) for row in page]

    def control(self, name: str, **body: Any) -> dict[str, Any]:
        response = self.http.post(f"{self.base_url}/_sandbox/{name}", json=body)
        assert response.status_code in (200, 201), response.text
        found: dict[str, Any] = response.json()
        return found
