"""Lists in Chromium: saved views and columns by keyboard."""

import re
from collections.abc import Callable
from functools import partial

import pytest
from playwright.sync_api import Locator, Page, expect

from creators.models import Creator
from sparkops.isolation.scope import client_scope
from sparkops.tenants.models import Client
from tests.browser.accessible import violations
from tests.browser.walking import OTHER_SIZES
from tests.factories.cast import build_cast
from tests.factories.creators import three_creators

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LIST = "/c/glow/creators/"


@pytest.fixture
def signed_in(open_as: Callable[..., Page]) -> Callable[..., Page]:
    """`open_page` as the agency's affiliate manager, with three creators to work on."""
    cast = build_cast()
    with client_scope(cast.client.pk):
        three_creators()
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
    headers = page.get_by_role("columnheader")  # the first is that of the boxes
    expect(headers.nth(2)).to_have_text("Notes")
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


def with_notes(signed_in: Callable[..., Page]) -> Page:
    """The list of creators with the columns E-mail and Notes, ordered by name."""
    page = signed_in(f"{LIST}?columns=1")
    for name in ("E-mail", "Notes"):
        page.get_by_role("checkbox", name=name).check()
    page.get_by_role("button", name="Show these").press("Enter")
    page.goto(page.url.partition("?")[0] + "?sort=handle")
    return page


def cell(page: Page, name: str, field: str) -> Locator:
    return page.locator(f"tr:has-text('@{name}') td[data-field={field}]")


def test_ss3_cells_are_edited_by_keyboard_and_a_conflict_shows_both_values(signed_in) -> None:
    """SS3: j, e, write, Tab to the next cell; arrows, Escape; somebody else's edit is not lost."""
    page = with_notes(signed_in)
    page.keyboard.press("j")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(cell(page, "kim", "notes")).to_be_focused()
    page.keyboard.press("e")
    editor = page.get_by_role("textbox", name="Notes of @kim")
    expect(editor).to_be_focused()
    editor.fill("Likes serum")
    assert violations(page) == []
    page.keyboard.press("Enter")
    expect(cell(page, "kim", "notes")).to_have_text("Likes serum")
    page.keyboard.press("ArrowDown")
    expect(cell(page, "mia", "notes")).to_be_focused()
    page.keyboard.press("Enter")
    page.get_by_role("textbox", name="Notes of @mia").fill("Not kept")
    page.keyboard.press("Escape")
    expect(cell(page, "mia", "notes")).to_have_text("Note of mia")
    page.keyboard.press("Enter")
    page.get_by_role("textbox", name="Notes of @mia").fill("Mine")
    with client_scope(Client.objects.get(slug="glow").pk):
        Creator.objects.filter(handle="mia").update(notes="Theirs")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Somebody changed it meanwhile.")).to_be_visible()
    expect(cell(page, "mia", "notes")).to_contain_text("Theirs")
    page.get_by_role("button", name="Keep what is there").press("Enter")
    expect(cell(page, "mia", "notes")).to_have_text("Theirs")


def test_ss3_a_block_of_a_spreadsheet_is_pasted_over_several_rows(signed_in) -> None:
    """SS3: two rows of two columns from the focused cell on; the difference comes first."""
    page = with_notes(signed_in)
    cell(page, "kim", "email").focus()
    page.evaluate(
        """text => {
          const data = new DataTransfer();
          data.setData("text/plain", text);
          const event = new ClipboardEvent("paste", { clipboardData: data, bubbles: true });
          document.activeElement.dispatchEvent(event);
        }""",
        "kim@x.example\tOne\nmia@x.example\tTwo\n",
    )
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Change 4 cells?")
    assert violations(page) == []
    dialog.get_by_role("button", name="Change 4 cells").press("Enter")
    expect(dialog).to_contain_text("4 cells changed")
    dialog.get_by_role("link", name="Show the list").press("Enter")
    expect(cell(page, "mia", "notes")).to_have_text("Two")
    expect(cell(page, "zoe", "notes")).to_have_text("Note of zoe")


@pytest.mark.parametrize(("width", "scheme"), OTHER_SIZES)
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
