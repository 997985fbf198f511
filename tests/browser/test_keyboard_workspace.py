"""The main journeys of the workspace without a mouse: no click, only keys."""

import re
import time
from collections.abc import Callable

import pytest
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
)
from playwright.sync_api import Page, expect

from creators.models import Creator
from sparkops.alerts.models import Alert
from sparkops.isolation.scope import client_scope
from sparkops.tenants.models import Client, Invitation, Membership
from tests.browser.keys import press, reach, write
from tests.factories.cast import PASSWORD, Cast, build_cast
from tests.factories.creators import three_creators

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LIST = "/c/glow/creators/"
OWNER = "owner@north.example"
PERIOD = 30


def peopled() -> Cast:
    """The cast with three creators and their posts."""
    cast = build_cast()
    with client_scope(cast.client.pk):
        three_creators()
    return cast


def test_signing_in_with_a_second_factor(open_page: Callable[..., Page]) -> None:
    """Address, password, code; each field is where the focus comes to next."""
    cast, secret = build_cast(), generate_totp_secret()
    TOTP.activate(cast.members["owner"], secret)
    page = open_page("/accounts/login/")
    write(page, "Email", OWNER)
    write(page, "Password", PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Two-Factor Authentication")).to_be_visible()
    code = format_hotp_value(hotp_value(secret, int(time.time()) // PERIOD))
    reach(page, page.locator('input[name="code"]').first)
    page.keyboard.type(code)
    page.keyboard.press("Enter")
    expect(page.get_by_role("navigation", name="Main")).to_be_visible()


def test_inviting_a_member_setting_a_role_and_switching_client(
    open_as: Callable[..., Page],
) -> None:
    """The team page, then the menu of clients."""
    cast = build_cast()
    page = open_as(OWNER, "/o/north/team/")
    write(page, "E-mail", "new@north.example")
    reach(page, page.locator("#id_role"))
    page.keyboard.type("Media")
    press(page, "Send the invitation")
    expect(page.get_by_text("An invitation is on its way")).to_be_visible()
    assert Invitation.objects.get().role == "media"
    viewer = cast.members["viewer"]
    reach(page, page.get_by_label(f"Role of {viewer}"))
    page.keyboard.type("Fin")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_text("is finance now.")).to_be_visible()
    assert Membership.objects.get(user=viewer).role == "finance"

    page = open_as(OWNER, "/c/glow/")
    reach(page, page.locator("summary[aria-label^='Client:']"))
    page.keyboard.press("Enter")
    press(page, "Peak Nutrition", role="link", exact=False)
    expect(page).to_have_url(re.compile("/c/peak/"))


def test_finding_saving_choosing_and_exporting(open_as: Callable[..., Page]) -> None:
    """The palette opens a creator; a list is filtered, saved, arranged and taken along."""
    peopled()
    page = open_as(OWNER, "/c/glow/")
    page.keyboard.press("Control+k")
    page.keyboard.type("zoe")
    expect(page.get_by_role("option").first).to_contain_text("@zoe")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("zoe")
    page.wait_for_load_state("networkidle")  # panels that load when the page is left complain

    page = open_as(OWNER, LIST)
    page.keyboard.press("/")
    page.keyboard.type("mia")
    page.keyboard.press("Enter")
    expect(page.locator("table tbody tr")).to_have_count(1)
    reach(page, page.locator(".views-menu summary"))
    page.keyboard.press("Enter")
    press(page, "Save this view", role="link")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_label("Name")).to_be_visible()
    reach(page, dialog.get_by_label("Name"))
    page.keyboard.type("Only Mia")
    page.keyboard.press("Enter")
    expect(page.get_by_text("“Only Mia” is saved.")).to_be_visible()
    press(page, "Columns", role="link")
    reach(page, dialog.get_by_role("checkbox", name="Notes"))
    page.keyboard.press("Space")
    reach(page, dialog.get_by_role("button", name="Show these"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("columnheader", name="Notes")).to_be_visible()
    reach(page, page.locator("summary", has_text="Export"))
    page.keyboard.press("Enter")
    reach(page, page.get_by_role("link", name=re.compile("CSV")).first)
    with page.expect_download() as taken:
        page.keyboard.press("Enter")
    text = taken.value.path().read_text()
    assert "mia" in text
    assert "zoe" not in text


def test_a_cell_is_edited_and_taken_back(open_as: Callable[..., Page]) -> None:
    """E or Enter, write, Enter; Ctrl Z brings back what stood there, or shows a conflict."""
    cast = peopled()
    page = open_as(OWNER, f"{LIST}?columns=1")
    reach(page, page.get_by_role("checkbox", name="Notes"))
    page.keyboard.press("Space")
    press(page, "Show these")
    cell = page.locator("tr:has-text('@mia') td[data-field=notes]")
    reach(page, page.locator("td[data-field][tabindex='0']"))
    for _ in range(3):
        if cell.evaluate("one => one === document.activeElement"):
            break
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_role("textbox", name="Notes of @mia")).to_be_focused()
    page.keyboard.press("Control+a")
    page.keyboard.type("Likes serum")
    page.keyboard.press("Enter")
    expect(cell).to_have_text("Likes serum")
    expect(page.locator("#live")).to_have_text("Saved. Ctrl Z takes it back.")
    page.keyboard.press("Control+z")
    expect(cell).to_have_text("Note of mia")
    expect(page.locator("#live")).to_have_text("Taken back.")
    with client_scope(cast.client.pk):
        assert Creator.objects.get(handle="mia").notes == "Note of mia"
    page.keyboard.press("Enter")
    expect(page.get_by_role("textbox", name="Notes of @mia")).to_be_focused()
    page.keyboard.type("Mine")
    page.keyboard.press("Enter")
    expect(cell).to_contain_text("Mine")
    with client_scope(cast.client.pk):
        Creator.objects.filter(handle="mia").update(notes="Theirs")
    page.keyboard.press("Control+z")
    expect(page.get_by_text("Somebody changed it meanwhile.")).to_be_visible()
    expect(cell).to_contain_text("Theirs")


def test_naming_somebody_and_reading_the_notice(open_as: Callable[..., Page]) -> None:
    """A comment that names a person, whose notice leads back to it and is marked as seen."""
    cast = peopled()
    with client_scope(cast.client.pk):
        creator = Creator.objects.get(handle="mia")
    page = open_as(OWNER, f"{LIST}{creator.pk}/")
    write(page, "Comment", "@manager please look")
    press(page, "Comment")
    expect(page.get_by_text("@manager please look")).to_be_visible()
    page.wait_for_load_state("networkidle")
    with client_scope(Client.objects.get(slug="glow").pk):
        assert Alert.objects.filter(title__contains="named you").exists()

    page = open_as("manager@north.example", "/c/glow/")
    reach(page, page.locator("summary[aria-label^='Account']"))
    page.keyboard.press("Enter")
    press(page, "Notifications", role="link")
    expect(page.get_by_role("heading", level=1)).to_have_text("Notifications")
    reach(page, page.get_by_role("link", name=re.compile("named you")))
    page.keyboard.press("Enter")
    expect(page.get_by_text("@manager please look")).to_be_visible()
    page.goto(page.url.partition("/c/")[0] + "/notifications/")
    press(page, "Mark all as seen")
    expect(page.get_by_text("Nothing here")).to_be_visible()
