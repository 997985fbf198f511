# ruff: noqa: N818  (each class is always read as errors.Auth, errors.Throttled; "Error" adds nothing)
"""What can go wrong when talking to TikTok, as one small tree.

The class says what the caller should do, ``reason`` is a stable word for code that must tell
cases apart, ``sentence`` is what a person may read. TikTok's own text stays in ``message``.
"""

from __future__ import annotations

from typing import Any, Literal

from sparkops.tiktok.masking import mask_text

Api = Literal["shop", "ads"]

API_NAMES: dict[str, str] = {"shop": "TikTok Shop", "ads": "TikTok Ads"}


class TikTokError(Exception):
    """Base of everything this package raises about an answer (or a missing one).

    ``retryable``: the same request may succeed a little later.
    ``outcome_unknown``: a write may or may not have happened; look before sending it again.
    ``retry_after``: seconds to wait, when TikTok or the contract names them.
    ``call``: key of the endpoint in our own table, for operators who pin another version.
    """

    default_reason = "failed"
    default_sentence = "{api} did not accept the request."
    default_retryable = False

    def __init__(
        self,
        *,
        api: Api,
        message: str = "",
        code: int | None = None,
        request_id: str = "",
        http_status: int | None = None,
        retry_after: float | None = None,
        reason: str = "",
        sentence: str = "",
        path: str = "",
        retryable: bool | None = None,
    ) -> None:
        self.api = api
        self.message = message
        self.code = code
        self.request_id = request_id
        self.http_status = http_status
        self.retry_after = retry_after
        self.reason = reason or self.default_reason
        self.sentence = (sentence or self.default_sentence).replace("{api}", API_NAMES[api])
        self.path = path
        self.retryable = self.default_retryable if retryable is None else retryable
        self.outcome_unknown = False
        self.call = ""
        super().__init__(self.sentence)

    def __reduce__(self) -> tuple[Any, ...]:
        # Job queues pickle exceptions; the default cannot rebuild keyword-only arguments.
        return _rebuild, (type(self), self.__dict__.copy())

    def __str__(self) -> str:
        # Tracebacks end in logs, so codes that TikTok repeats in its text are masked here.
        facts = [
            f"HTTP {self.http_status}" if self.http_status else "",
            f"code {self.code}" if self.code is not None else "",
            self.path,
            f"call {self.call}" if self.call else "",
            f"request id {self.request_id}" if self.request_id else "",
            f"TikTok says: {mask_text(self.message)}" if self.message else "",
        ]
        detail = "; ".join(fact for fact in facts if fact)
        return f"{self.sentence} ({detail})" if detail else self.sentence


def _rebuild(kind: type[TikTokError], facts: dict[str, Any]) -> TikTokError:
    error = kind.__new__(kind)
    error.__dict__.update(facts)
    return error


class Auth(TikTokError):
    """The token, the code or the signature is not accepted. Never repeated as it is."""

    default_reason = "not_authenticated"
    default_sentence = "{api} no longer accepts this connection. Connect the account again."


class Permission(TikTokError):
    """Signed in, but not allowed: scope, approval, wrong account or address."""

    default_reason = "not_allowed"
    default_sentence = (
        "{api} does not allow this with the permissions of the connection. "
        "Check the app's approved permissions and connect the account again."
    )


class Throttled(TikTokError):
    """Too many requests; nothing was done, so even a write may be sent again later.

    ``app_wide``: the limit hits every call of the app, not just this path or account.
    """

    default_reason = "rate_limit"
    default_sentence = "{api} asked us to slow down. SparkOps waits and continues by itself."
    default_retryable = True

    def __init__(self, *, app_wide: bool = False, **facts: Any) -> None:
        super().__init__(**facts)
        self.app_wide = app_wide


class Invalid(TikTokError):
    """A value is refused. ``field`` names it when TikTok does."""

    default_reason = "refused"
    default_sentence = "{api} refused a value of the request. Its own words say which."

    def __init__(self, *, field: str = "", **facts: Any) -> None:
        super().__init__(**facts)
        self.field = field


class NotFound(TikTokError):
    """The object asked for does not exist (any more). A missing *path* is ``Unexpected``."""

    default_reason = "not_found"
    default_sentence = "{api} does not know this object. It may have been deleted."


class Conflict(TikTokError):
    """Two writes met, or the same request was sent twice."""

    default_reason = "conflict"
    default_sentence = "{api} saw another change of the same object at this moment."


class Server(TikTokError):
    """TikTok's fault or the network's: overload, internal error, timeout, no connection."""

    default_reason = "server_error"
    default_sentence = "{api} has a problem on its side. SparkOps tries again later."
    default_retryable = True


class Unexpected(TikTokError):
    """The answer is not what the contract says: not JSON, wrong types, a retired endpoint."""

    default_reason = "unexpected_answer"
    default_sentence = (
        "{api} answered in a way SparkOps does not understand. An operator has to look at it."
    )
