"""The signature of a Shop request (contract 3.1). Pure: text and bytes in, hex out."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping

_UNSIGNED = frozenset({"sign", "access_token"})


def base_string(
    path: str,
    params: Mapping[str, str],
    body: bytes | None = None,
    content_type: str = "application/json",
) -> bytes:
    """What is signed, without the secret around it.

    ``path`` as requested, ``params`` raw (not percent-encoded), ``body`` the bytes on the wire.
    """
    signed = sorted(
        (name.encode(), value.encode()) for name, value in params.items() if name not in _UNSIGNED
    )
    joined = path.encode() + b"".join(name + value for name, value in signed)
    is_upload = content_type.lower().startswith("multipart/form-data")
    return joined if is_upload else joined + (body or b"")


def sign(
    app_secret: str,
    path: str,
    params: Mapping[str, str],
    body: bytes | None = None,
    content_type: str = "application/json",
) -> str:
    """The ``sign`` parameter: lower-case hex of HMAC-SHA256."""
    secret = app_secret.encode()
    wrapped = secret + base_string(path, params, body, content_type) + secret
    return hmac.new(secret, wrapped, hashlib.sha256).hexdigest()
