"""Codes as secrets: sealing, finding equal ones, revealing."""

from datetime import datetime

from authorizations.models import Authorization
from sparkops.audit.record import Actor, record
from sparkops.connections.vault import vault
from sparkops.crypto import masked
from sparkops.errors import Refusal
from sparkops.isolation.scope import current_client_id

PURPOSE = "auth_code"


def fingerprint(code: str) -> str:
    """By which equal codes of this client are found; the leading # is no part of it."""
    return vault().fingerprint(_bare(code), client_id=current_client_id(), purpose=PURPOSE)


def put_code(authorization: Authorization, code: str) -> None:
    """Seal a code into an authorization that is about to be saved."""
    authorization.code = vault().seal(
        f"#{_bare(code)}", client_id=current_client_id(), purpose=PURPOSE
    )
    authorization.code_fingerprint = fingerprint(code)
    authorization.code_mask = masked(f"#{_bare(code)}")


def open_code(authorization: Authorization) -> str:
    """The plain code, for the call to TikTok only."""
    return vault().open(authorization.code or b"", client_id=current_client_id(), purpose=PURPOSE)


def reveal_code(authorization: Authorization, *, by: Actor, now: datetime) -> str:
    """The plain code for a person's eyes; who looked is in the audit log (AR9)."""
    if not authorization.code:
        raise Refusal("no_code", "This permission has no code: it is not a video code.")
    record("authorization.code_revealed", authorization, by=by, now=now)
    return open_code(authorization)


def _bare(code: str) -> str:
    return code.strip().lstrip("#")
