"""The menu of pages that are of a whole organization: what the role may open, and where one is."""

import re

import pytest
from django.test import Client as Browser

from sparkops.tenants.models import Membership
from tests.factories.cast import Cast

pytestmark = pytest.mark.django_db
EVERYBODY = [
    "All clients", "Spend at risk", "Calendar", "Next 30 days", "Profit",
    "Creators", "Posts", "Authorizations", "Ads", "Roles",
]  # fmt: skip


def menu(cast: Cast, role: str, path: str = "/o/north/") -> tuple[list[str], list[str]]:
    """The entries of the side menu, and those that are marked as the page one is on."""
    browser = Browser()
    browser.force_login(cast.members[role])
    page = browser.get(path).content.decode()
    side = page[page.index('<nav class="side"') : page.index("</nav>")]
    links = re.findall(r'<a href="/o/north/[^"]*"([^>]*)>.*?<span class="lb">([^<]+)<', side, re.S)
    return [name for _, name in links], [name for mark, name in links if "aria-current" in mark]


def test_the_menu_of_an_organization_has_what_the_role_may_open(cast: Cast) -> None:
    names, here = menu(cast, "owner", "/o/north/team/")
    assert {*EVERYBODY, "Team", "Audit log", "API keys", "Webhooks"} <= set(names)
    assert here == ["Team"]
    assert menu(cast, "viewer")[0] == EVERYBODY
    assert menu(cast, "finance") == ([*EVERYBODY, "Audit log"], ["All clients"])


def test_pages_of_a_client_keep_the_menu_of_the_client(cast: Cast) -> None:
    assert menu(cast, "owner", "/c/glow/") == ([], [])


def test_a_person_s_own_pages_keep_the_menu_of_the_organization(cast: Cast) -> None:
    assert menu(cast, "viewer", "/notifications/") == (EVERYBODY, [])
    # Who belongs to one client alone has no page of the organization.
    Membership.objects.filter(user=cast.members["viewer"]).update(client=cast.client)
    assert menu(cast, "viewer", "/notifications/") == ([], [])


def test_the_history_of_a_field_belongs_to_where_the_field_is(cast: Cast) -> None:
    browser = Browser()
    browser.force_login(cast.members["owner"])

    def marked(path: str) -> list[str]:
        page = browser.get(path).content.decode()
        side = page[page.index('<nav class="side"') : page.index("</nav>")]
        return re.findall(r'aria-current="page"[^>]*>.*?<span class="lb">([^<]+)<', side, re.DOTALL)

    assert marked(f"/c/glow/history/client/{cast.client.pk}/timezone/") == ["Settings"]
    assert marked("/c/glow/creators/edited/") == ["Creators"]
    assert marked("/c/glow/") == ["Today"]
