"""Signatures of the Shop Open API: of requests (contract section 3) and of webhooks (11.2)."""

import hashlib
import hmac
from collections.abc import Iterable

UNSIGNED_PARAMETERS = frozenset({"sign", "access_token"})


def request_signature(
    secret: str,
    path: str,
    query: Iterable[tuple[str, str]],
    body: bytes,
    content_type: str = "application/json",
) -> str:
    """Lower-case hex signature of a request; `query` holds decoded names and values.

    A multipart body is left out, every other body counts with exactly the bytes sent.
    """
    signed = sorted((pair for pair in query if pair[0] not in UNSIGNED_PARAMETERS), key=_byte_order)
    text = path + "".join(name + value for name, value in signed)
    payload = b"" if is_multipart(content_type) else body
    message = secret.encode() + text.encode() + payload + secret.encode()
    return hmac.new(secret.encode(), message, hashlib.sha256).hexdigest()


def request_is_signed(
    secret: str,
    path: str,
    query: Iterable[tuple[str, str]],
    body: bytes,
    content_type: str,
    *,
    lenient_empty_body: bool = True,
) -> bool:
    """Whether the `sign` parameter fits the request, compared in constant time.

    Public signers disagree on the body `{}` only (contract 3.2): with `lenient_empty_body`
    it may be signed or left out.
    """
    pairs = list(query)
    given = next((value for name, value in pairs if name == "sign"), "")
    bodies = [body]
    if lenient_empty_body and body == b"{}":
        bodies.append(b"")
    matches = [
        hmac.compare_digest(
            request_signature(secret, path, pairs, candidate, content_type).encode(), given.encode()
        )
        for candidate in bodies
    ]
    return any(matches)


def webhook_signature(app_key: str, secret: str, body: bytes) -> str:
    """Lower-case hex for the `Authorization` header of a webhook, over the raw body."""
    return hmac.new(secret.encode(), app_key.encode() + body, hashlib.sha256).hexdigest()


def is_multipart(content_type: str) -> bool:
    return content_type.strip().lower().startswith("multipart/form-data")


def _byte_order(pair: tuple[str, str]) -> bytes:
    return pair[0].encode()
