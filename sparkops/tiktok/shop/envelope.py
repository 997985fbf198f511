"""Reads the answer of a Shop call: its data, or the error its status and code stand for.

Table of contract 1.8. The HTTP status decides first for 429 and 5xx, because their bodies are
not always JSON; then the code; for a code nobody knows, the status again.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sparkops.tiktok.errors import (
    Auth,
    Conflict,
    Invalid,
    NotFound,
    Permission,
    Server,
    Throttled,
    TikTokError,
    Unexpected,
)
from sparkops.tiktok.transport import Answer

RECONNECT = "Connect the shop again."
OPERATOR = "An operator has to look at it."

# Neither doubt nor waiting helps here, so no automatic retry: the wait is minutes.
EXPORT_PAUSE_SECONDS = 300.0


@dataclass(frozen=True, slots=True)
class Reply:
    """An accepted answer. ``data`` is ``{}`` where TikTok sends null or leaves it out."""

    data: dict[str, Any]
    request_id: str


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a code stands for."""

    error: type[TikTokError]
    reason: str
    sentence: str = ""
    facts: dict[str, Any] = field(default_factory=dict)


_RETIRED = Meaning(
    Unexpected,
    "endpoint_retired",
    "{api} no longer offers this call in the version SparkOps uses, or the app is not approved "
    "for it. An operator can set a newer version.",
)
_SIGNATURE = Meaning(
    Auth,
    "signature",
    f"{{api}} did not accept our signature. The app secret is probably wrong. {OPERATOR}",
)
_TOKEN = Meaning(
    Auth, "token_invalid", f"{{api}} no longer accepts the access of this shop. {RECONNECT}"
)
_EXPIRED = Meaning(
    Auth,
    "token_expired",
    "The access to this shop has expired. SparkOps renews it by itself; "
    "if this message stays, connect the shop again.",
)
_CLOCK = Meaning(
    Invalid, "clock", "{api} refused the call because the clock of this server is wrong."
)
_FILE = Meaning(Invalid, "file", "{api} cannot take this file: it is too large or of a wrong kind.")

MEANINGS: dict[int, Meaning] = {
    106001: _SIGNATURE,
    105002: _EXPIRED,
    105005: Meaning(
        Permission,
        "scope_missing",
        "The connection lacks a permission for this. When the app has it approved, "
        "connect the shop again to grant it.",
    ),
    105001: Meaning(
        Permission,
        "token_kind",
        "This call needs the sign-in of another kind of account (seller or creator).",
    ),
    106013: Meaning(Invalid, "cipher_missing", f"The call was sent without its shop. {OPERATOR}"),
    101000: Meaning(
        Permission,
        "cipher_foreign",
        "The shop does not belong to this connection. Read its shops again or reconnect it.",
    ),
    36009002: Meaning(Throttled, "rate_limit"),
    36009003: Meaning(Server, "server_error"),
    36009007: Meaning(Server, "timeout", "{api} did not answer in time. SparkOps tries again."),
    36009009: _RETIRED,
    36009010: Meaning(
        Unexpected, "wrong_method", f"{{api}} does not know this kind of call. {OPERATOR}"
    ),
    36009014: _RETIRED,
    36009021: _FILE,
    36009022: _FILE,
    36009023: _FILE,
    36009033: Meaning(
        Permission,
        "address_not_allowed",
        "{api} only accepts calls from listed addresses, and this server's is not among them. "
        "Add it in the settings of the app.",
    ),
    40006: Meaning(
        Permission, "endpoint_not_granted", f"This call is not granted to the app. {OPERATOR}"
    ),
    45101004: Meaning(
        Throttled,
        "daily_quota",
        "Today's searches for creators are used up. They start again tomorrow.",
        {"retryable": False},
    ),
    36009037: Meaning(
        Throttled,
        "export_limit",
        "{api} makes no further export right now. SparkOps asks again in some minutes.",
        {"retry_after": EXPORT_PAUSE_SECONDS},
    ),
    22005007: Meaning(
        NotFound, "no_finance_data", "{api} has no finance data for this shop (yet)."
    ),
    28001022: Meaning(
        Invalid, "date_range", "{api} refused the days asked for: too long or not valid."
    ),
    13017003: Meaning(
        NotFound, "day_not_ready", "{api} has not finished that day. Ask for the day before."
    ),
    36004004: Meaning(
        Auth,
        "code_invalid",
        "The sign-in at TikTok Shop was used already or took too long. Start connecting again.",
    ),
    36004001: Meaning(
        Auth, "refresh_token_invalid", f"The access to this shop has ended. {RECONNECT}"
    ),
    45101001: Meaning(Server, "server_error"),
    45101003: Meaning(NotFound, "not_found"),
}

# 36009004 has many causes, told apart by words of its message only. First match counts.
_GATEWAY_REFUSAL = 36009004
_BY_WORDS: tuple[tuple[tuple[str, ...], Meaning], ...] = (
    (("timestamp",), _CLOCK),
    (
        ("page_token",),
        Meaning(
            Invalid,
            "page_token",
            "The place where reading stopped is no longer valid. SparkOps reads that span anew.",
        ),
    ),
    (("app_key",), Meaning(Auth, "app_key", f"{{api}} does not know this app. {OPERATOR}")),
    (("access", "token", "expired"), _EXPIRED),
    (("access-token",), _TOKEN),
    (("access token",), _TOKEN),
    (("access_token",), _TOKEN),
    (
        ("unexpected identifier",),
        Meaning(
            Invalid, "cipher_unexpected", f"The call was sent with a shop by mistake. {OPERATOR}"
        ),
    ),
    (("api version",), _RETIRED),
    (("sign", "parameter"), _SIGNATURE),
    (("credential",), _TOKEN),
)
_REFUSED = Meaning(Invalid, "refused")

_BY_STATUS: dict[int, type[TikTokError]] = {
    401: Auth,
    403: Permission,
    404: NotFound,
    409: Conflict,
}


def decode(answer: Answer) -> Reply:
    """The data of an accepted answer. Raises ``TikTokError`` for everything else."""
    envelope = answer.json()
    code = envelope.get("code")
    if isinstance(code, str) and code.strip().isdecimal():
        code = int(code)
    if isinstance(code, bool) or not isinstance(code, int):
        answer.fail_by_status("answered without its usual envelope")
    request_id = envelope.get("request_id")
    request_id = request_id if isinstance(request_id, str) else ""
    if code != 0 or answer.status >= 400:
        raise _error(answer, code, _words(envelope.get("message")), request_id)
    data = envelope.get("data")
    if data is None:
        data = {}
    if not isinstance(data, dict):
        answer.fail_by_status("sent data of a wrong type")
    return Reply(_unwrapped(data), request_id)


def _words(message: object) -> str:
    return message if isinstance(message, str) else ""


def _unwrapped(data: dict[str, Any]) -> dict[str, Any]:
    # Outreach quota and promotion details wrap their payload twice (contract 13).
    inner = data.get("data")
    return inner if len(data) == 1 and isinstance(inner, dict) else data


def _error(answer: Answer, code: int, message: str, request_id: str) -> TikTokError:
    meaning = _meaning(answer.status, code, message)
    facts: dict[str, Any] = {"retry_after": answer.retry_after} | meaning.facts
    drift = answer.clock_drift if meaning is _CLOCK else None
    off = (
        "" if drift is None else f" It is {abs(drift):.0f} s {'ahead' if drift > 0 else 'behind'}."
    )
    return meaning.error(
        api=answer.api,
        code=code,
        message=message,
        request_id=request_id,
        http_status=answer.status,
        reason=meaning.reason,
        sentence=meaning.sentence + off,
        path=f"{answer.method} {answer.path}",
        **facts,
    )


def _meaning(status: int, code: int, message: str) -> Meaning:
    known = MEANINGS.get(code)
    if status == 429:
        return known if known and known.error is Throttled else Meaning(Throttled, "rate_limit")
    if status == 408 or status >= 500:
        return known if known and known.error is Server else Meaning(Server, "server_error")
    if code == _GATEWAY_REFUSAL:
        return _by_words(message.lower())
    if known:
        return known
    error = _BY_STATUS.get(status)
    return Meaning(error, error.default_reason) if error else _REFUSED


def _by_words(message: str) -> Meaning:
    for words, meaning in _BY_WORDS:
        if all(word in message for word in words):
            return meaning
    return _REFUSED
