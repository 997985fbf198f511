"""The protocol: JSON-RPC 2.0, a message a line, and a card before every write.

A write tool never acts. It answers with a card that says what would be done and a token; only the
tool `confirm` with that token does it, once, within ten minutes.
"""

import json
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sparkops.mcp.remote import Api
from sparkops.mcp.tools import CLIENT, Tool, tools_of

VERSIONS = ("2025-06-18", "2025-03-26", "2024-11-05")
CONFIRM = "confirm"
SECONDS = 600.0
MOST_CARDS = 100
PARSE, INVALID, UNKNOWN, PARAMS = -32700, -32600, -32601, -32602
INSTRUCTIONS = (
    "SparkOps holds creators, their permissions, ads and profit of TikTok Shop brands. Tools that"
    " change something answer with a card first: show it to the person word for word, and call"
    " `confirm` with its token only when they agree. Money is decimal text with its currency."
    " Null is not known; zero is zero. Never add amounts of different currencies."
)


class Fault(Exception):
    """A JSON-RPC error."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code, self.message = code, message


@dataclass(frozen=True)
class Card:
    """A write that waits for its confirmation; `ends` by the monotonic clock."""

    tool: Tool
    path: str
    query: dict[str, Any]
    body: Any
    ends: float


class Server:
    """One conversation. `seconds` is a clock that only goes forward."""

    def __init__(
        self, api: Api, version: str, seconds: Callable[[], float] = time.monotonic
    ) -> None:
        self._api, self._version, self._seconds = api, version, seconds
        key = api.read("/api/v1/key/")
        self._client: str | None = key["client"]
        self._tools = tools_of(api.read("/api/v1/schema/"), key["scopes"], self._client)
        self._cards: dict[str, Card] = {}

    def answer(self, line: str) -> str | None:
        """The answer to one line; None to a notification, which has none."""
        try:
            asked = json.loads(line)
        except ValueError:
            return _line({"id": None, "error": _error(PARSE, "This is not JSON.")})
        if not isinstance(asked, dict) or not isinstance(asked.get("method"), str):
            return _line({"id": None, "error": _error(INVALID, "This is no request.")})
        if "id" not in asked:
            return None
        try:
            return _line({"id": asked["id"], "result": self._result(asked)})
        except Fault as fault:
            return _line({"id": asked["id"], "error": _error(fault.code, fault.message)})

    def _result(self, asked: dict[str, Any]) -> dict[str, Any]:
        method, given = asked["method"], asked.get("params") or {}
        if not isinstance(given, dict):
            raise Fault(PARAMS, "`params` must be an object.")
        if method == "initialize":
            return self._hello(given)
        if method == "ping":
            return {}
        if method == "tools/list":
            return {"tools": [one.listed() for one in self._tools.values()] + [_CONFIRM_TOOL]}
        if method == "tools/call":
            return self._call(given.get("name"), given.get("arguments") or {})
        raise Fault(UNKNOWN, f"There is no method “{method}” here.")

    def _hello(self, given: dict[str, Any]) -> dict[str, Any]:
        wanted = given.get("protocolVersion")
        return {
            "protocolVersion": wanted if wanted in VERSIONS else VERSIONS[0],
            "capabilities": {"tools": {"listChanged": False}},
            "serverInfo": {"name": "sparkops", "title": "SparkOps", "version": self._version},
            "instructions": INSTRUCTIONS,
        }

    def _call(self, name: Any, values: Any) -> dict[str, Any]:
        if not isinstance(values, dict):
            raise Fault(PARAMS, "`arguments` must be an object.")
        if name == CONFIRM:
            return self._confirm(values.get("token"))
        tool = self._tools.get(name) if isinstance(name, str) else None
        if tool is None:
            raise Fault(PARAMS, f"There is no tool “{name}” that this key may use.")
        if self._client and CLIENT in tool.places:
            values = {CLIENT: self._client, **values}
        try:
            path, query, body = tool.request(values)
        except ValueError as error:
            return _told(str(error), failed=True)
        if tool.writes:
            return self._card(tool, path, query, body)
        done, content = self._api.call(tool.method, path, query, None)
        return _content(done, content)

    def _card(self, tool: Tool, path: str, query: dict[str, Any], body: Any) -> dict[str, Any]:
        if len(self._cards) >= MOST_CARDS:
            self._cards.pop(next(iter(self._cards)))
        token = secrets.token_urlsafe(16)
        self._cards[token] = Card(tool, path, query, body, self._seconds() + SECONDS)
        card = {
            "confirmation_needed": True,
            "what": tool.summary,
            "address": f"{tool.method} {path}",
            "values": body or {},
            "token": token,
            "next": "Show this to the person. Only if they agree: call `confirm` with the token,"
            " within ten minutes.",
        }
        return {**_told(json.dumps(card, indent=2, ensure_ascii=False)), "structuredContent": card}

    def _confirm(self, token: Any) -> dict[str, Any]:
        card = self._cards.pop(token, None) if isinstance(token, str) else None
        if card is None or card.ends < self._seconds():
            sentence = "This token is unknown, used or too old. Ask for the card again."
            return _told(sentence, failed=True)
        done, content = self._api.call(
            card.tool.method, card.path, card.query, card.body, name=token
        )
        return _content(done, content)


_CONFIRM_TOOL = {
    "name": CONFIRM,
    "title": "Confirm",
    "description": "Do what a card says, after the person agreed. A token works once.",
    "inputSchema": {
        "type": "object",
        "properties": {"token": {"type": "string", "description": "The token of the card."}},
        "required": ["token"],
        "additionalProperties": False,
    },
    "annotations": {"readOnlyHint": False, "destructiveHint": True, "openWorldHint": True},
}


def _content(done: bool, content: Any) -> dict[str, Any]:
    if not done:
        return _told(str(content), failed=True)
    text = json.dumps(content, ensure_ascii=False)
    return {**_told(text), "structuredContent": content}


def _told(text: str, *, failed: bool = False) -> dict[str, Any]:
    return {"content": [{"type": "text", "text": text}], "isError": failed}


def _error(code: int, message: str) -> dict[str, Any]:
    return {"code": code, "message": message}


def _line(content: dict[str, Any]) -> str:
    return json.dumps({"jsonrpc": "2.0", **content}, ensure_ascii=False)
