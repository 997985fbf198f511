"""Search or jump to: the palette of every page, and the same as a page."""

from django.http import HttpRequest, HttpResponse

from sparkops.accounts.models import User
from sparkops.home.find import LONGEST, Group, find, find_clients
from sparkops.tenants.gate import ClientRequest, client_view, may_of, member_view
from sparkops.tenants.permissions import Permission
from sparkops.web import pages


@client_view(Permission.VIEW)
def find_in_client(request: ClientRequest) -> HttpResponse:
    """What a word may mean in this client, and which clients it may name."""
    groups = find(_word(request), request.client, _person(request), may_of(request))
    return _shown(request, groups)


@member_view
def find_anywhere(request: HttpRequest) -> HttpResponse:
    """Clients by their name, for pages that belong to none."""
    hits = tuple(find_clients(_word(request), _person(request)))
    return _shown(request, [Group("Clients", hits)] if hits else [])


def _word(request: HttpRequest) -> str:
    return request.GET.get("q", "").strip()[:LONGEST]


def _person(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user


def _shown(request: HttpRequest, groups: list[Group]) -> HttpResponse:
    context = {
        "word": _word(request),
        "groups": groups,
        "count": sum(len(group.hits) for group in groups),
    }
    return pages.render(request, "home/find.html", context, pieces={"palette-results": "results"})
