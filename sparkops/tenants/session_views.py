"""A person's open sessions. What is ended stands in the log of each organization they belong to."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from sparkops import clock
from sparkops.accounts.models import User
from sparkops.accounts.sessions import end_other_sessions, end_session, open_sessions
from sparkops.audit.record import record_for_organization
from sparkops.tenants.gate import actor_of, member_view, memberships
from sparkops.web import pages
from sparkops.web.formats import plural


@member_view
def sessions(request: HttpRequest) -> HttpResponse:
    """Where the person is signed in."""
    found = open_sessions(_person(request), request.session.session_key)
    return pages.render(request, "accounts/sessions.html", {"sessions": found, "now": clock.now()})


@member_view
@require_POST
def end(request: HttpRequest, session: int) -> HttpResponse:
    """End one of them."""
    with transaction.atomic():
        ended = end_session(_person(request), session, request.session.session_key)
        if ended is None:
            raise Http404("There is no such session.")
        _note(request, "session.ended", {"device": ended.device, "address": ended.place})
    messages.success(request, f"{ended.device} is signed out.")
    return pages.redirect(request, "sessions")


@member_view
@require_POST
def end_others(request: HttpRequest) -> HttpResponse:
    """End all but this one."""
    with transaction.atomic():
        ended = end_other_sessions(_person(request), request.session.session_key)
        if ended:
            _note(request, "sessions.ended", {"devices": [one.device for one in ended]})
    if ended:
        messages.success(request, f"{plural(len(ended), 'other session')} ended.")
    else:
        messages.info(request, "You are signed in nowhere else.")
    return pages.redirect(request, "sessions")


def _note(request: HttpRequest, verb: str, data: dict[str, Any]) -> None:
    now: datetime = clock.now()
    for organization in {one.organization_id for one in memberships(request)}:
        record_for_organization(
            verb, organization, _person(request).email, by=actor_of(request), now=now, data=data
        )


def _person(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user
