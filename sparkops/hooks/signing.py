"""Standard Webhooks: secrets, and the three headers that a receiver checks."""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Sequence

MARK = "whsec_"
_BYTES = 32


def new_secret() -> str:
    """`whsec_` and 32 random bytes in base64."""
    return MARK + base64.b64encode(secrets.token_bytes(_BYTES)).decode()


def signature(secret: str, message_id: str, timestamp: int, body: str) -> str:
    """`v1,` and the HMAC-SHA256 of `id.timestamp.body` in base64. `timestamp` in seconds."""
    key = base64.b64decode(secret.removeprefix(MARK))
    content = f"{message_id}.{timestamp}.{body}".encode()
    digest = hmac.new(key, content, hashlib.sha256).digest()
    return f"v1,{base64.b64encode(digest).decode()}"


def headers(signers: Sequence[str], message_id: str, timestamp: int, body: str) -> dict[str, str]:
    """The headers of a message that each of the secrets signs."""
    signed = " ".join(signature(one, message_id, timestamp, body) for one in signers)
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": signed,
    }
