"""Usage terms and links in Chromium: accessibility, layout, the preview, a link that is made."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from sparkops import clock
from sparkops.isolation.scope import client_scope
from tests.browser.accessible import violations
from tests.factories import rights
from tests.factories.cast import build_cast
from tests.factories.terms import terms

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
TERMS = "/c/glow/authorizations/terms/"
MANAGER = "manager@north.example"


@pytest.mark.parametrize(("width", "scheme"), [(1440, "light"), (390, "dark")])
def test_terms_are_edited_with_a_preview_and_a_link_is_made(
    open_as: Callable[..., Page], width: int, scheme: str
) -> None:
    now = clock.now()
    with client_scope(build_cast().client.pk):
        template = terms(now=now)
        row = rights.authorized(ends_at=now + timedelta(days=20), now=now)
    for path in (TERMS, f"{TERMS}{template.pk}/", f"{TERMS}{template.pk}/edit/", f"{TERMS}new/"):
        page = open_as(MANAGER, path, width=width, scheme=scheme)
        assert violations(page) == [], path
        assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") == 0, path
    page.goto(page.url.replace("new/", f"{template.pk}/edit/"))
    page.get_by_label("Days of use").fill("45")
    expect(page.locator("#terms-preview")).to_contain_text("45 days, from")
    page.get_by_label("Language").select_option("de")
    expect(page.locator("#terms-preview")).to_contain_text("45 Tage, vom")

    page = open_as(MANAGER, f"/c/glow/authorizations/{row.pk}/", width=width, scheme=scheme)
    page.get_by_text("Make a link", exact=True).click()
    page.get_by_role("button", name="Make the link").click()
    expect(page.get_by_text("The link is made.")).to_be_visible()
    expect(page.get_by_role("button", name="Copy the message").first).to_be_visible()
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") == 0
    page.get_by_role("button", name="Revoke").click()
    expect(page.get_by_text("Revoked", exact=True)).to_be_visible()
