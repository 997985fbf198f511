"""Reads the answer of a Marketing API call: its data, or the error its code stands for.

Table of contract 3. TikTok answers HTTP 200 for success and failure alike, so the code decides;
HTTP 429 and 5xx decide first, because a gateway sent them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any, NoReturn

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

OPERATOR = "An operator has to look at it."
RECONNECT = "Connect the ad account again."

OK = 0
PARTLY_OK = 20001
NOTHING_TO_UPDATE = 40012

# Reasons that end the whole connection, and those that end it for one ad account only.
CONNECTION_LOST = frozenset({"token_expired", "token_invalid", "refresh_token_invalid"})
ADVERTISER_LOST = frozenset({"advertiser_lost", "advertiser_logged_out", "advertiser_foreign"})
APP_LOST = frozenset({"app_blocked"})

SECOND_PAUSE = 1.5
MINUTE_PAUSE = 300.0
MAINTENANCE_PAUSE = 900.0
_DAY = 86_400.0


@dataclass(frozen=True, slots=True)
class Reply:
    """An accepted answer.

    ``partial``: TikTok did only part of it (code 20001); ``data`` says which part failed.
    ``cut``: a report was cut off at 20,000 ids, told by a header alone (contract 8.1).
    """

    data: dict[str, Any]
    request_id: str
    partial: bool = False
    cut: bool = False


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a code stands for."""

    error: type[TikTokError]
    reason: str
    sentence: str = ""
    facts: dict[str, Any] = field(default_factory=dict)


_ENDPOINT = Meaning(
    Unexpected, "endpoint_wrong", f"{{api}} does not offer this call to the app. {OPERATOR}"
)
_BATCH = Meaning(Invalid, "batch_size", f"The call named too many objects at once. {OPERATOR}")
_ADVERTISER_LOST = Meaning(
    Permission,
    "advertiser_lost",
    "The connection no longer reaches this ad account: it was deleted, or access was taken away. "
    "Ask its owner for access, then connect it again.",
)
_ADVERTISER_FOREIGN = Meaning(
    Permission,
    "advertiser_foreign",
    "This ad account does not belong to the login behind the connection. "
    "Connect it with a login that has access.",
)
_LOGIN = Meaning(
    Auth, "login_refused", "The sign-in at TikTok was not completed. Start connecting again."
)
_SCOPE = Meaning(
    Permission,
    "scope_missing",
    "The connection lacks a permission for this. Connect the ad account again and grant it.",
)
_DEVELOPER = Meaning(
    Permission, "app_permission", f"The app lacks an approval by TikTok for this. {OPERATOR}"
)
_CREATOR = Meaning(
    Permission, "creator_account", "{api} has a problem with the creator's account. Its words tell."
)
_SERVER = Meaning(Server, "server_error")
_FILE = Meaning(Invalid, "file", "{api} cannot take this file. Its own words say why.")
_REFUSED = Meaning(Invalid, "refused")
_APP_LIMIT = Meaning(Throttled, "app_limit", facts={"app_wide": True})
_PATH_LIMIT = Meaning(Throttled, "path_limit")

MEANINGS: dict[int, Meaning] = {
    -500: _SERVER,
    40000: _REFUSED,
    40001: _ADVERTISER_LOST,
    40002: _REFUSED,
    40007: Meaning(NotFound, "not_found"),
    40009: _REFUSED,
    40011: _BATCH,
    40013: _REFUSED,
    40014: _REFUSED,
    40016: _APP_LIMIT,
    40050: Meaning(
        Conflict,
        "duplicate",
        "{api} takes this for a request it already had. "
        "SparkOps looks whether the first one went through.",
    ),
    40061: _BATCH,
    40100: _APP_LIMIT,
    40101: Meaning(
        Auth,
        "app_or_login_wrong",
        "{api} did not accept the app's secret or the sign-in. Start connecting again; "
        "if it happens twice, an operator has to check the app's settings.",
    ),
    40102: Meaning(Auth, "token_expired", f"The access to TikTok Ads has ended. {RECONNECT}"),
    40103: Meaning(Auth, "refresh_token_invalid", f"The access has ended. {RECONNECT}"),
    40104: Meaning(
        Auth, "token_missing", f"The call was sent without its access token. {OPERATOR}"
    ),
    40105: Meaning(Auth, "token_invalid", f"The access to TikTok Ads was withdrawn. {RECONNECT}"),
    40106: _ADVERTISER_FOREIGN,
    40107: Meaning(Auth, "refresh_token_invalid", f"The access has ended. {RECONNECT}"),
    40110: Meaning(
        Auth,
        "login_used",
        "The sign-in at TikTok was used already, took too long or was cancelled. "
        "Start connecting again.",
    ),
    40113: Meaning(Auth, "app_blocked", f"{{api}} does not accept the app itself. {OPERATOR}"),
    40114: Meaning(
        Auth, "advertiser_logged_out", f"The owner withdrew access to this ad account. {RECONNECT}"
    ),
    40118: Meaning(
        Permission,
        "not_on_allow_list",
        "TikTok has not opened this feature for the ad account. "
        "Ask your TikTok contact to open it.",
    ),
    40119: _ADVERTISER_FOREIGN,
    40124: _DEVELOPER,
    40125: _DEVELOPER,
    40130: _SCOPE,
    40131: _SCOPE,
    40132: _PATH_LIMIT,
    40133: _PATH_LIMIT,
    40200: Meaning(Server, "task_failed", "{api} could not finish the task. SparkOps asks again."),
    40201: Meaning(Server, "task_running", "{api} is still working on it. SparkOps asks again."),
    40202: Meaning(Conflict, "write_conflict", facts={"retryable": True}),
    40502: Meaning(
        Invalid,
        "ad_limit",
        "The ad account holds as many ads as TikTok allows. Delete old ads, then try again.",
    ),
    40700: Meaning(Invalid, "validation"),
    60001: Meaning(
        Server,
        "maintenance",
        "{api} is closed for maintenance. SparkOps goes on when it is over.",
        {"retry_after": MAINTENANCE_PAUSE},
    ),
    61000: Meaning(Throttled, "blocked", facts={"app_wide": True, "retry_after": MINUTE_PAUSE}),
    **dict.fromkeys((40003, 40006, 40008, 40010, 40051, 40400, 41001, 41002), _ENDPOINT),
    **dict.fromkeys((40108, 40109, 40112, 40115, 40116, 40117), _LOGIN),
    **dict.fromkeys((40120, 40121, 40122), _CREATOR),
    **dict.fromkeys((40300, 40301, 40302), _ADVERTISER_LOST),
    **dict.fromkeys(range(40900, 40917), _FILE),
}

# TikTok also throttles under other codes, told by the text alone (contract 2).
_TOO_FREQUENT = re.compile(r"\bfrequent|\btoo many requests|temporarily restricted|\bqps\b|\bqpm\b")
# The sandbox and public captures name the endpoint; then the rest of the app may go on.
_ONE_PATH = re.compile(r"\bthis endpoint\b|\bcurrent path\b")
_DAY_LIMIT = re.compile(r"\bqpd\b|per day|daily|\bday\b")
_MINUTE_LIMIT = re.compile(r"\bqpm\b|minute")
_SECOND_LIMIT = re.compile(r"\bqps\b|second")
_MISSING_FIELD = re.compile(r"Missing required field\(s\): ([\w.\[\]]+[\w\]])")


def decode(answer: Answer) -> Reply:
    """The data of an accepted answer. Raises ``TikTokError`` for everything else."""
    if answer.status == 429 or answer.status >= 500:
        _fail_by_status(answer)
    envelope = answer.json()
    code = _code(envelope.get("code"))
    if code is None:
        answer.fail_by_status("answered without its usual envelope")
    request_id = _words(envelope.get("request_id")) or answer.headers.get("x-tt-logid", "")
    data = envelope.get("data")
    if code == NOTHING_TO_UPDATE:
        return Reply({}, request_id)
    if code not in (OK, PARTLY_OK) or answer.status >= 400:
        raise _error(answer, code, _words(envelope.get("message")), request_id)
    if data is None:
        data = {}
    if not isinstance(data, dict):
        answer.fail_by_status("sent data of a wrong type")
    cut = "x-tt-ads-throttle" in answer.headers
    return Reply(data, request_id, partial=code == PARTLY_OK, cut=cut)


def _code(value: object) -> int | None:
    if isinstance(value, str) and re.fullmatch(r"-?\d{1,9}", value.strip(), re.ASCII):
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _words(value: object) -> str:
    return value if isinstance(value, str) else ""


def _fail_by_status(answer: Answer) -> NoReturn:
    """Raise for HTTP 429 and 5xx, with TikTok's own words where the body holds them."""
    envelope = answer.json()
    error = Throttled if answer.status == 429 else Server
    raise error(
        api=answer.api,
        code=_code(envelope.get("code")),
        message=_words(envelope.get("message")),
        request_id=_words(envelope.get("request_id")),
        http_status=answer.status,
        retry_after=answer.retry_after,
        path=f"{answer.method} {answer.path}",
    )


def _error(answer: Answer, code: int, message: str, request_id: str) -> TikTokError:
    words = message.lower()
    meaning = _meaning(code, words)
    facts: dict[str, Any] = {"retry_after": answer.retry_after} | meaning.facts
    if meaning.error is Throttled and facts["retry_after"] is None:
        facts["retry_after"] = _pause(words, answer.clock)
    if meaning.error is Invalid:
        facts["field"] = _field(message)
    return meaning.error(
        api=answer.api,
        code=code,
        message=message,
        request_id=request_id,
        http_status=answer.status,
        reason=meaning.reason,
        sentence=meaning.sentence,
        path=f"{answer.method} {answer.path}",
        **facts,
    )


def _meaning(code: int, words: str) -> Meaning:
    known = MEANINGS.get(code)
    if known in (_REFUSED, None) and _TOO_FREQUENT.search(words):
        return _APP_LIMIT if "from app" in words else _PATH_LIMIT
    if known is _APP_LIMIT and _ONE_PATH.search(words):
        return _PATH_LIMIT
    if code == 40700 and "timeout" in words:
        return _SERVER
    if known is not None:
        return known
    if 50000 <= code < 60000:
        return _SERVER
    return Meaning(Unexpected, "unknown_code")


def _pause(words: str, clock: float) -> float | None:
    """Seconds until a broken limit is over, by the window its text names; None if none."""
    if _SECOND_LIMIT.search(words):
        return SECOND_PAUSE
    if _MINUTE_LIMIT.search(words):
        return MINUTE_PAUSE
    if _DAY_LIMIT.search(words):
        return _DAY - clock % _DAY
    return None


def _field(message: str) -> str:
    """The field a refusal names, where its wording is one we know."""
    found = _MISSING_FIELD.search(message)
    return found[1] if found else ""
