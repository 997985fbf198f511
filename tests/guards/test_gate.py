"""Every page passes the gate, and the gate gives each role what its permissions say."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse

from sparkops.api.authentication import KeyAuthentication
from sparkops.api.gate import Endpoint
from sparkops.api.scopes import SCOPES
from sparkops.tenants.access import mark_of
from sparkops.tenants.permissions import Permission, Role, role_may
from tests.factories.cast import PASSWORD, Cast

# Views of libraries and of the component page, with the reason why they need no stamp.
UNSTAMPED = {
    "allauth": "the sign-in library guards its own pages",
    "django.views.i18n": "none of ours",
    "sparkops.web.views": "invented data, only in development and in the demo",
}


def patterns(resolver: URLResolver | None = None, path: str = "") -> Iterator[tuple[str, Any, str]]:
    """Every (path, view, qualified name) of the URL map."""
    resolver = resolver or get_resolver()
    for one in resolver.url_patterns:
        here = path + str(one.pattern)
        if isinstance(one, URLResolver):
            for found, view, name in patterns(one, here):
                prefix = f"{one.namespace}:" if one.namespace else ""
                yield found, view, prefix + name
        elif isinstance(one, URLPattern):
            yield here, one.callback, one.name or ""


def test_every_view_is_stamped() -> None:
    loose = [
        f"{path} ({view.__module__})"
        for path, view, _name in patterns()
        if not mark_of(view) and not view.__module__.startswith(tuple(UNSTAMPED))
    ]
    assert loose == []


def test_every_client_page_passes_the_client_gate() -> None:
    wrong = [
        path
        for path, view, _name in patterns()
        if path.startswith("c/<slug:client>/") and not mark_of(view).startswith("client:")
    ]
    assert wrong == []


def api_routes() -> list[tuple[str, Any, str]]:
    """Every address of the API with its view and mark."""
    return [(path, view, mark_of(view)) for path, view, _ in patterns() if path.startswith("api/")]


def test_every_address_of_the_api_passes_the_api_s_gate() -> None:
    """Below a client only the gate's own views stand; elsewhere it, or a reason to be open."""
    assert len(api_routes()) > 10
    for path, view, mark in api_routes():
        if path.startswith("api/v1/clients/<slug:client>/"):
            assert mark.startswith("api-client:"), path
        if mark.startswith("api-"):
            assert issubclass(view.cls, Endpoint), path
            assert view.cls.authentication_classes == (KeyAuthentication,), path
            for name in ("initial", "handle", "get", "post", "patch", "dispatch"):
                inherited = getattr(view.cls, name) is getattr(Endpoint, name)
                assert inherited, f"{path} goes around the gate: {name}"
        else:
            assert mark.startswith("public:"), path


def test_what_the_api_asks_for_can_be_given_to_a_key() -> None:
    """A scope that no key can hold would be a closed address; writing needs more than reading."""
    for path, _view, mark in api_routes():
        for words in mark.partition(":")[2].split(",") if mark.startswith("api-") else ():
            method, _, word = words.partition("=")
            assert Permission(word) in SCOPES, path
            assert method == "GET" or Permission(word) is not Permission.VIEW, path


def client_pages() -> list[tuple[str, Permission]]:
    """Pages that need nothing but the client: name and permission."""
    found = []
    for path, view, name in patterns():
        if path.startswith("c/<slug:client>/") and path.count("<") == 1:
            found.append((name, Permission(mark_of(view).split(":")[1])))
    return found


@pytest.mark.django_db
@pytest.mark.parametrize("role", [Role.OWNER, Role.VIEWER])
def test_pages_open_by_role_and_never_for_another_organization(cast: Cast, role: Role) -> None:
    """Through the whole stack; `test_access` asks the views themselves as every role."""
    browser = Browser()
    browser.force_login(cast.members[role.value])
    for name, permission in client_pages():
        try:
            own = reverse(name, kwargs={"client": cast.client.slug})
            foreign = reverse(name, kwargs={"client": cast.foreign.slug})
        except NoReverseMatch:
            continue
        status = browser.get(own).status_code
        if role_may(role.value, permission):
            assert status in {200, 302, 405}, f"{role} at {own}: {status}"
        else:
            assert status == 403, f"{role} at {own}: {status}"
        assert browser.get(foreign).status_code == 404, f"{role} at {foreign}"
        assert browser.post(foreign).status_code == 404, f"{role} posts to {foreign}"


@pytest.mark.django_db
def test_a_stranger_is_sent_to_sign_in(cast: Cast) -> None:
    for name, _permission in client_pages():
        url = reverse(name, kwargs={"client": cast.client.slug})
        answer = Browser().get(url)
        assert answer.status_code == 302, url
        assert answer.headers["Location"].startswith("/accounts/login/?next="), url


@pytest.mark.django_db
def test_a_foreign_client_s_name_is_in_no_answer(cast: Cast) -> None:
    browser = Browser()
    assert browser.login(email=cast.members["owner"].email, password=PASSWORD)
    for name, _permission in client_pages():
        answer = browser.get(reverse(name, kwargs={"client": cast.foreign.slug}))
        assert cast.foreign.name not in answer.content.decode()
