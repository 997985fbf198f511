"""One log line for each sign-in, each failed one, and each change of what guards an account.

Lines name the account's id and where it came from. What was typed is left out: people type their
password into the wrong field.
"""

from functools import partial
from typing import Any

import structlog
from allauth.account import signals as account
from allauth.mfa import signals as factors
from allauth.mfa.models import Authenticator
from django.contrib.auth import signals as sessions
from django.dispatch import Signal
from django.http import HttpRequest

from sparkops.accounts.models import User
from sparkops.web.requests import address_of

log = structlog.get_logger(__name__)

_EVENTS: dict[str, Signal] = {
    "signed_in": sessions.user_logged_in,
    "signed_out": sessions.user_logged_out,
    "sign_in_failed": sessions.user_login_failed,
    "second_factor_failed": factors.authentication_failed,
    "second_factor_added": factors.authenticator_added,
    "second_factor_removed": factors.authenticator_removed,
    "recovery_codes_renewed": factors.authenticator_reset,
    "password_changed": account.password_changed,
    "password_reset": account.password_reset,
    "email_changed": account.email_changed,
}


def begin() -> None:
    """Write a line whenever one of these happens."""
    for event, signal in _EVENTS.items():
        signal.connect(partial(_note, event), weak=False, dispatch_uid=f"journal:{event}")


def _note(
    event: str,
    *,
    request: HttpRequest | None = None,
    user: User | None = None,
    authenticator: Authenticator | None = None,
    **_facts: Any,
) -> None:
    facts: dict[str, Any] = {"address": address_of(request) if request else None}
    if user is not None:
        facts["user_id"] = user.pk
    if authenticator is not None:
        facts["kind"] = authenticator.type
    log.info(event, **facts)
