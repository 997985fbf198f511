"""`Authorization: Bearer spo_…`: the only way in."""

from typing import Any

from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request

from sparkops import clock
from sparkops.api.keys import find_key, note_use
from sparkops.api.models import ApiKey
from sparkops.api.problems import Problem

CHALLENGE = 'Bearer realm="SparkOps"'
LONGEST = 200


class KeyAuthentication(BaseAuthentication):
    """The working key of a request, as both `request.user` and `request.auth`."""

    def authenticate(self, request: Request) -> tuple[ApiKey, Any]:
        """Raises Problem (401) without a key that works; which part is wrong is not told."""
        word, _, secret = request.headers.get("Authorization", "").partition(" ")
        if word.lower() != "bearer" or not secret.strip():
            raise _refused("missing_key", "Send a key as “Authorization: Bearer spo_…”.")
        now = clock.now()
        key = find_key(secret.strip(), now=now) if len(secret) <= LONGEST else None
        if key is None:
            raise _refused(
                "unknown_key", "This key is unknown, revoked or past its end. Ask an owner for one."
            )
        note_use(key, now=now)
        return key, key

    def authenticate_header(self, request: Request) -> str:
        return CHALLENGE


def _refused(code: str, detail: str) -> Problem:
    return Problem(401, code, detail, headers={"WWW-Authenticate": CHALLENGE})
