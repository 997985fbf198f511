"""Lists in Chromium: saved views and columns by keyboard."""

import re
from collections.abc import Callable
from functools import partial

import pytest
from playwright.sync_api import Page, expect

from sparkops.isolation.scope import client_scope
from tests.browser.accessible import violations
from tests.factories.cast import build_cast
from tests.factories.creators import add_up, make_creator, make_post, make_product

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LIST = "/c/glow/creators/"


@pytest.fixture
def signed_in(open_as: Callable[..., Page]) -> Callable[..., Page]:
    """`open_page` as the agency's affiliate manager, with three creators to work on."""
    cast = build_cast()
    with client_scope(cast.client.pk):
        serum = make_product()
        for name in ("mia", "zoe", "kim"):
            make_creator(name, notes=f"Note of {name}")
            make_post(name, product=serum)
        add_up()
    return partial(open_as, "affiliate@north.example")


def test_u3_a_filtered_list_is_saved_and_pinned_by_keyboard(signed_in) -> None:
    """U3: filter, name, pin; the menu leads back to the filtered list."""
    page = signed_in(LIST)
    page.get_by_label("Posted", exact=True).select_option("30")
    expect(page.get_by_role("list", name="Filters that are on")).to_be_visible()
    page.locator(".views-menu summary").press("Enter")
    page.get_by_role("link", name="Save this view").press("Enter")
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Name").fill("Posted lately")
    dialog.get_by_label("Pin it to my menu").check()
    dialog.get_by_role("button", name="Save view").press("Enter")
    expect(page.get_by_text("“Posted lately” is saved.")).to_be_visible()
    menu = page.get_by_role("navigation", name="Main")
    expect(menu.get_by_role("link", name="Posted lately")).to_have_attribute("aria-current", "page")
    assert violations(page) == []
    page.goto(page.url.partition("?")[0])
    menu.get_by_role("link", name="Posted lately").press("Enter")
    expect(page).to_have_url(re.compile("posted=30"))


def test_columns_are_chosen_and_moved_by_keyboard(signed_in) -> None:
    """SS2: a column that was off is put first of all; the list shows it so."""
    page = signed_in(LIST)
    page.get_by_role("link", name="Columns").press("Enter")
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("checkbox", name="Notes").check()
    for _ in range(20):
        dialog.get_by_role("button", name="Move Notes up").press("Enter")
    assert violations(page) == []
    dialog.get_by_role("button", name="Show these").press("Enter")
    expect(page.get_by_role("columnheader").nth(1)).to_have_text("Notes")
    expect(page.get_by_text("Note of mia")).to_be_visible()


def test_u10_the_palette_jumps_by_keyboard_and_speaks(signed_in) -> None:
    """U10: a combobox with its list; arrows move, Enter goes, Escape closes."""
    page = signed_in("/c/glow/")
    page.keyboard.press("/")
    field = page.get_by_role("combobox", name="Search or jump to")
    expect(field).to_be_focused()
    expect(page.get_by_role("option", name="Hand in codes")).to_be_visible()
    page.keyboard.type("zoe")
    options = page.get_by_role("option")
    expect(options.first).to_contain_text("@zoe")
    expect(page.locator("#live")).to_contain_text("results")
    expect(options.first).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowDown")
    expect(options.nth(1)).to_have_attribute("aria-selected", "true")
    chosen = options.nth(1).get_attribute("id")
    expect(field).to_have_attribute("aria-activedescendant", chosen or "")
    assert violations(page) == []
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("zoe")
    page.keyboard.press("Control+k")
    expect(field).to_be_focused()
    page.keyboard.press("Escape")
    expect(field).to_be_hidden()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()


@pytest.mark.parametrize(("width", "scheme"), [(1440, "light"), (390, "dark")])
def test_the_pages_of_views_and_columns_are_accessible_and_fit(signed_in, width, scheme) -> None:
    for path in (
        "/c/glow/views/",
        f"{LIST}?columns=1",
        "/c/glow/views/new/?page=creators/",
        "/c/glow/find/?q=mia",
    ):
        page = signed_in(path, width=width, scheme=scheme)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        assert violations(page) == [], path
        assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") == 0, path
