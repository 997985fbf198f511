"""The access matrix: every address × every role × own or foreign, from one written table.

`access.txt` says which role holds which permission and which permission opens which address. A
new address or another permission is a surprise until it is written there, where a reader of the
change sees it: `python -m tests.guards.written_access` writes the file anew.
"""

import re
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.test import Client as Browser
from django.test import RequestFactory
from django.urls import resolve

from sparkops.tenants.access import Address, addresses
from sparkops.tenants.models import Client, Membership
from sparkops.tenants.permissions import Role
from tests.factories.cast import BEGIN, Cast, make_user
from tests.guards.written_access import FILE, read_roles, written

pytestmark = pytest.mark.django_db
# What stands in an address for a row that nobody has.
NOBODY = {"int": "987654321", "str": "nobody", "slug": "nobody", "path": "nobody"}
OPEN = {200, 204, 302, 404, 405, 422}


def filled(one: Address, **places: str) -> str:
    """The address with a client's or organization's slug and with rows of nobody."""

    def value(match: re.Match[str]) -> str:
        kind, name = match.groups()
        return places.get(name, NOBODY[kind])

    path = re.sub(r"\(\?P<\w+>\\d\+\)", NOBODY["int"], one.path)
    path = re.sub(r"\(\?P<\w+>(\w+)\|[^)]*\)", r"\1", path)
    return re.sub(r"<(\w+):(\w+)>", value, path)


def pages(reach: str) -> list[Address]:
    return [one for one in addresses() if one.reach == reach]


def status(user: Any, url: str, method: str = "GET") -> int:
    """What the view behind an address answers; the gate is the outermost part of it.

    Pages of errors are not rendered, which is most of the time of a refusal; `test_gate` asks over
    the whole stack.
    """
    request = RequestFactory().generic(method, url)
    request.user, request.session = user, {}  # type: ignore[assignment]
    found = resolve(url)
    try:
        return int(found.func(request, *found.args, **found.kwargs).status_code)
    except Http404:
        return 404
    except PermissionDenied:
        return 403


def both(user: Any, url: str) -> list[int]:
    """The answers to a read and to a write."""
    return [status(user, url), status(user, url, "POST")]


def test_every_address_is_in_the_written_table_with_what_opens_it() -> None:
    assert FILE.read_text().splitlines() == written().splitlines()


@pytest.mark.parametrize("role", list(Role))
def test_a_client_page_opens_for_the_roles_of_the_table_alone(cast: Cast, role: Role) -> None:
    """Own without the permission 403, foreign 404; rows of nobody behind an open gate 404."""
    held = read_roles()
    user = cast.members[role.value]
    surprises = []
    for one in pages("client"):
        own = filled(one, client=cast.client.slug)
        foreign = filled(one, client=cast.foreign.slug)
        if role.value not in held[one.needed]:
            surprises += [(own, told) for told in both(user, own) if told != 403]
        elif "<" in one.path.replace("<slug:client>", ""):
            told = status(user, own)
            surprises += [] if told in OPEN else [(own, told)]
        surprises += [(foreign, told) for told in both(user, foreign) if told != 404]
    assert surprises == []


@pytest.mark.parametrize("role", list(Role))
def test_a_page_of_the_organization_opens_for_the_roles_of_the_table_alone(
    cast: Cast, role: Role
) -> None:
    held = read_roles()
    user = cast.members[role.value]
    surprises = []
    for one in pages("organization") + pages("portfolio"):
        own = filled(one, organization=cast.agency.slug)
        foreign = filled(one, organization=cast.foreign.organization.slug)
        if role.value in held[one.needed]:
            told = status(user, own)
            surprises += [] if told in OPEN else [(own, told)]
        else:
            surprises += [(own, told) for told in both(user, own) if told != 403]
        surprises += [(foreign, told) for told in both(user, foreign) if told != 404]
    assert surprises == []


def test_who_has_a_role_in_one_client_reaches_neither_its_sister_nor_the_agency(
    cast: Cast,
) -> None:
    user = make_user("owner@peak.example")
    Membership.objects.create(
        user=user, organization=cast.agency, client=cast.sister, role=Role.OWNER, created_at=BEGIN
    )
    assert status(user, f"/c/{cast.sister.slug}/settings/") == 200
    places = {"client": cast.client.slug, "organization": cast.agency.slug}
    asked = [*pages("client"), *pages("organization"), *pages("portfolio")]
    assert [
        (url, told)
        for url in (filled(one, **places) for one in asked)
        for told in both(user, url)
        if told != 404
    ] == []


def test_nothing_of_an_archived_client_opens(cast: Cast) -> None:
    Client.objects.filter(pk=cast.sister.pk).update(archived_at=BEGIN)
    owner = cast.members["owner"]
    urls = [filled(one, client=cast.sister.slug) for one in pages("client")]
    assert [url for url in urls if status(owner, url) != 404] == []


def test_a_stranger_is_sent_to_sign_in_everywhere_but_on_public_pages(cast: Cast) -> None:
    places = {"client": cast.client.slug, "organization": cast.agency.slug}
    for reach in ("client", "organization", "portfolio", "member"):
        for one in pages(reach):
            assert both(AnonymousUser(), filled(one, **places)) == [302, 302], one.path


def test_the_page_of_roles_shows_the_written_table(cast: Cast) -> None:
    browser = Browser()
    browser.force_login(cast.members["owner"])
    page = browser.get("/o/north/access/").content.decode()
    for one in addresses():
        if one.reach in ("client", "portfolio", "organization"):
            assert one.path.replace("<", "&lt;").replace(">", "&gt;") in page
