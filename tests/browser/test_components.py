"""The component page in Chromium: rules of accessibility, policy, layout and behaviour."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.accessible import violations

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
]
PAGE = "/_components/"


@pytest.fixture(autouse=True)
def as_demo(settings):
    settings.DEMO = True


def settled(page):
    """The lazy panel and the sprite have arrived."""
    expect(page.get_by_text("Loaded after the page.")).to_be_visible()
    return page


@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_accessibility_rules_hold(open_page, width, scheme):
    assert violations(settled(open_page(PAGE, width=width, scheme=scheme))) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_accessibility_rules_hold_in_an_open_dialog(open_page, scheme):
    page = settled(open_page(PAGE, scheme=scheme))
    page.get_by_role("link", name="Open dialog").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    assert violations(page) == []


@pytest.mark.parametrize("width", [320, 390, 600, 768, 900, 1024, 1280, 1440, 1920])
def test_the_page_never_scrolls_sideways(open_page, width):
    page = settled(open_page(PAGE, width=width))
    assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") == 0


def test_without_script_the_page_still_works(open_page):
    page = open_page(PAGE, java_script_enabled=False)
    expect(page.get_by_role("heading", level=1)).to_have_text("Components and states")
    page.get_by_role("link", name="Next", exact=True).click()
    assert "cursor=later" in page.url


def test_the_theme_is_kept_by_the_server(open_page):
    page = settled(open_page(PAGE))
    page.get_by_label("Account: Amara Okafor").click()
    page.get_by_role("button", name="Dark").click()
    assert page.locator("html").get_attribute("data-theme") == "dark"
    page.reload()
    assert page.locator("html").get_attribute("data-theme") == "dark"
    page.get_by_label("Account: Amara Okafor").click()
    page.get_by_role("button", name="Auto").click()
    page.reload()
    assert page.locator("html").get_attribute("data-theme") is None


def test_the_dialog_starts_on_the_safe_button_and_gives_the_focus_back(open_page):
    page = settled(open_page(PAGE))
    page.get_by_role("link", name="Open dialog").click()
    expect(page.get_by_role("button", name="Keep code")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_role("link", name="Open dialog")).to_be_focused()


def test_choosing_rows_shows_what_can_be_done_with_them(open_page):
    page = settled(open_page(PAGE))
    bar = page.get_by_role("region", name="Chosen rows")
    expect(bar).to_be_hidden()
    page.locator("#posts tbody .cb").nth(0).check()
    page.locator("#posts tbody .cb").nth(1).check()
    expect(bar.locator("[data-n]")).to_have_text("2")
    page.get_by_label("Select all rows on this page").check()
    expect(bar.locator("[data-n]")).to_have_text("8")
    with page.expect_request(re.compile("_components/dialog")) as request:
        bar.get_by_role("button", name="Request renewal").click()
    assert request.value.url.count("id=") == 8
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    page.get_by_role("button", name="Clear selection").click()
    expect(bar).to_be_hidden()


def test_filters_change_the_list_and_the_address(open_page):
    page = settled(open_page(PAGE))
    with page.expect_response(lambda answer: "status=live" in answer.url):
        page.get_by_label("Status").first.select_option("live")
    page.wait_for_url("**status=live**")
    assert "q=" not in page.url
    chip = page.get_by_role("link", name="Remove filter Status: Live in ads")
    expect(chip).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_have_count(1)
    chip.click()
    page.wait_for_load_state()
    assert "status=live" not in page.url


def test_typing_goes_on_while_the_list_changes(open_page):
    page = settled(open_page(PAGE))
    field = page.locator("#filters [data-search]")
    field.focus()
    for word in ("serum", " b"):
        with page.expect_response(lambda answer: "q=serum" in answer.url):
            page.keyboard.type(word)
        page.wait_for_url("**q=serum**")
        expect(field).to_be_focused()
    expect(field).to_have_value("serum b")


def test_a_refused_form_comes_back_with_its_errors_and_the_focus(open_page):
    page = settled(open_page(PAGE))
    page.locator("#demo-form").get_by_label("Budget a day").fill("5")
    page.locator("#demo-form").get_by_role("button", name="Launch").click()
    summary = page.locator("#demo-form .errsum")
    expect(summary).to_be_focused()
    expect(summary).to_contain_text("Enter a budget of at least $20.00 a day.")
    expect(page.locator("#demo-form").get_by_label("Budget a day")).to_have_value("5")


def test_polling_ends_with_the_job(open_page):
    page = settled(open_page(PAGE))
    job = page.locator("#job-1")
    expect(job.get_by_text("Done")).to_be_visible(timeout=15_000)
    assert job.get_attribute("hx-get") is None


def test_a_toast_can_be_dismissed_and_is_announced(open_page):
    page = settled(open_page(PAGE))
    toast = page.locator("#toasts .toast", has_text="The panel arrived")
    expect(toast).to_be_visible()
    assert page.locator("#toasts").get_attribute("aria-live") == "polite"
    toast.get_by_role("button", name="Dismiss").click()
    expect(toast).to_have_count(0)


def test_keys_move_rows_and_open_the_search(open_page):
    page = settled(open_page(PAGE))
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(page.locator("#posts tr.here")).to_contain_text("my derm asked what changed")
    page.keyboard.press("x")
    expect(page.locator("#posts tbody .cb").nth(1)).to_be_checked()
    page.keyboard.press("/")
    expect(page.locator("#filters [data-search]")).to_be_focused()
    page.keyboard.type("j")
    expect(page.locator("#filters [data-search]")).to_have_value("j")
    page.keyboard.press("Control+k")
    page.get_by_role("combobox", name="Search or jump to").fill("serum-free derm")
    expect(page.get_by_text("Nothing found for")).to_be_visible()


def test_the_phone_menu_opens_without_covering_for_the_desktop_one(open_page):
    page = settled(open_page(PAGE, width=390))
    menu = page.get_by_role("navigation", name="Main")
    expect(menu).to_be_hidden()
    page.get_by_role("button", name="Menu", exact=True).click()
    expect(menu.get_by_role("link", name="Connections")).to_be_visible()
    page.keyboard.press("Escape")
    expect(menu).to_be_hidden()


def test_a_chart_reads_with_the_arrow_keys(open_page):
    page = settled(open_page(PAGE))
    page.get_by_role("img", name=re.compile("GMV rose")).focus()
    page.keyboard.press("ArrowLeft")
    tip = page.locator(".tip")
    expect(tip).to_contain_text("Nov 20")
    expect(tip).to_contain_text("$7,200.00")
