"""The API as this program calls it: over HTTP with one key, like any other program."""

from typing import Any

import httpx

SECONDS = 60.0
SIGN = "SparkOps-MCP/1"


class Unreachable(Exception):
    """The API cannot be used at all; the message says why and what to do."""


class Api:
    """Calls with one key. `base` is the address of the installation."""

    def __init__(self, base: str, key: str) -> None:
        self._http = httpx.Client(
            base_url=base.rstrip("/"),
            headers={"Authorization": f"Bearer {key}", "User-Agent": SIGN},
            timeout=SECONDS,
            trust_env=False,
        )

    def __enter__(self) -> "Api":
        return self

    def __exit__(self, *_error: object) -> None:
        self._http.close()

    def read(self, path: str) -> dict[str, Any]:
        """What stands at an address. Raises Unreachable for anything but an answer."""
        try:
            answer = self._http.get(path)
        except httpx.HTTPError as error:
            raise Unreachable(f"SparkOps cannot be reached: {error}") from error
        if answer.status_code != 200:
            raise Unreachable(_detail(answer))
        found: dict[str, Any] = answer.json()
        return found

    def call(
        self, method: str, path: str, query: dict[str, Any], body: Any, name: str = ""
    ) -> tuple[bool, Any]:
        """Whether a call was done, and its content; `name` makes a write happen once."""
        headers = {"Idempotency-Key": name} if name and method == "POST" else {}
        try:
            answer = self._http.request(method, path, params=query, json=body, headers=headers)
        except httpx.HTTPError as error:
            return False, f"SparkOps cannot be reached: {type(error).__name__}. Try again."
        if answer.is_success:
            return True, answer.json()
        return False, _detail(answer)


def _detail(answer: httpx.Response) -> str:
    try:
        content = answer.json()
    except ValueError:
        return f"SparkOps answered {answer.status_code}."
    return str(content.get("detail", f"SparkOps answered {answer.status_code}."))
