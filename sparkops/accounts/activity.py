"""When a session was last used, for the page of sessions."""

from collections.abc import Callable
from datetime import datetime, timedelta

from allauth.account.adapter import get_adapter
from allauth.usersessions.models import UserSession
from django.http import HttpRequest, HttpResponseBase

from sparkops import clock

OFTEN = timedelta(minutes=1)
MOST = 10_000
"""Sessions that one process remembers."""
_Seen = tuple[str | None, str, str]


class SessionActivity:
    """Notes a signed-in session at its first request, when its address or browser changes, and
    then once a minute.

    Noting it takes a transaction of its own, which would be a tenth of every page. What was noted
    is remembered per process: processes need not agree, and nothing depends on it but the minute
    that is shown.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response
        self._noted: dict[_Seen, datetime] = {}

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.session.session_key and request.user.is_authenticated:
            self._note(request)
        return self._get_response(request)

    def _note(self, request: HttpRequest) -> None:
        seen = (
            request.session.session_key,
            get_adapter().get_client_ip(request),
            request.META.get("HTTP_USER_AGENT", ""),
        )
        now = clock.now()
        last = self._noted.get(seen)
        if last is not None and last <= now < last + OFTEN:
            return
        UserSession.objects.create_from_request(request)
        if len(self._noted) >= MOST:
            self._noted.clear()
        self._noted[seen] = now
