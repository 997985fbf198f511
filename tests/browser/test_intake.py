"""The pages of an import in Chromium: rules of accessibility, layout, keyboard."""

from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.test import Client as Browser
from playwright.sync_api import Page, expect

from sparkops.intake.actions.start import start_pasted
from sparkops.intake.models import Import
from sparkops.isolation.scope import client_scope
from tests.browser.accessible import violations
from tests.factories.cast import Cast, build_cast
from tests.sparkops.intake import tracker300 as sheet
from tests.sparkops.intake.bringing import BY, NOW, check, choices, make_ad_account, make_shop, run

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PAGES = ("", "map", "preview", "progress", "result", "undo")
STATES = {"map": "draft", "preview": "previewed", "progress": "running"}


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    return build_cast()


@pytest.fixture
def at(cast: Cast, open_page: Callable[..., Page], live_server: Any) -> Callable[..., Page]:
    """`at("preview", width=390)`: the page of a tracker that has just been run, signed in."""
    with client_scope(cast.client.pk):
        account, shop = make_ad_account(), make_shop()
        rows = sheet.table()
        text = "\n".join("\t".join(row) for row in [*rows[:14], *rows[240:262], *rows[270:276]])
        chosen = choices(shop=shop.pk, ad_accounts=(account.pk,))
        batch = run(check(start_pasted(text, by=BY, now=NOW), chosen))
    session = Browser()
    session.force_login(cast.members["manager"])
    name = django_settings.SESSION_COOKIE_NAME
    cookie = {"name": name, "value": session.cookies[name].value, "url": live_server.url}

    def opened(name: str, **options: Any) -> Page:
        with client_scope(cast.client.pk):
            Import.objects.update(state=STATES.get(name, "done"))
        path = f"/c/{cast.client.slug}/import/" + (f"{batch.pk}/{name}/" if name else "")
        return open_page(path, storage_state={"cookies": [cookie_of(cookie)]}, **options)

    return opened


def cookie_of(cookie: dict[str, str]) -> dict[str, Any]:
    host = cookie["url"].split("//")[1].split(":")[0]
    return {
        "name": cookie["name"],
        "value": cookie["value"],
        "domain": host,
        "path": "/",
        "expires": -1,
        "httpOnly": True,
        "secure": False,
        "sameSite": "Lax",
    }


@pytest.mark.parametrize("name", PAGES)
def test_accessibility_and_layout(at: Callable[..., Page], name: str) -> None:
    for width, scheme in ((1440, "light"), (390, "dark")):
        page = at(name, width=width, scheme=scheme)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        assert violations(page) == [], (width, scheme)
        assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") == 0


def test_a_sheet_is_brought_by_keyboard(at: Callable[..., Page]) -> None:
    page = at("")
    page.get_by_label("Paste rows").fill("Creator\tNotes\n@maya\twarm\n@zoe\tcold")
    page.get_by_label("Paste rows").press("Tab")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Check the columns")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Check the columns")
    expect(page.get_by_label("Creator", exact=True)).to_have_value("handle")
    page.get_by_role("button", name="Preview every row").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Preview")
    views = page.get_by_role("navigation", name="Rows")
    views.get_by_role("link", name="New").press("Enter")
    page.wait_for_url("**view=created**")


def test_undo_asks_first_and_escape_keeps_the_import(at: Callable[..., Page]) -> None:
    page = at("result")
    page.get_by_role("link", name="Undo", exact=True).press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    expect(dialog.get_by_role("button", name="Keep the import")).to_be_focused()
    assert violations(page) == []
    page.keyboard.press("Escape")
    expect(page.get_by_role("link", name="Undo", exact=True)).to_be_focused()
