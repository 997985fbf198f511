"""The bell of the page frame: how many new notices a person has where they are."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from sparkops.accounts.models import User
from sparkops.alerts.queries import notices_of
from sparkops.isolation.scope import current_scope
from sparkops.web.keyset import Count, capped_count

MOST = 99


def bell(request: HttpRequest) -> dict[str, Any]:
    """Context of every template: `notifications` with `url` and `count`.

    The count is of the client or the clients whose rows the page may read, asked for when the frame
    is drawn; on pages that read no client it is empty.
    """
    user = getattr(request, "user", None)
    if not isinstance(user, User):
        return {}
    return {"notifications": SimpleLazyObject(lambda: _bell(request, user))}


def _bell(request: HttpRequest, user: User) -> dict[str, Any]:
    client = getattr(request, "client", None)
    asked = f"?client={client.slug}" if client else ""
    count = capped_count(notices_of(user, ""), MOST) if current_scope() else Count(0)
    return {"url": reverse("notifications") + asked, "count": count if count.value else ""}
