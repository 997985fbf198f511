"""The guided set-up in Chromium: the whole way by keyboard alone, and every step in both widths."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from authorizations.models import TermsVersion
from sparkops import clock
from sparkops.isolation.scope import client_scope
from sparkops.renewals.models import Cadence, Run, SavedMessage
from sparkops.tenants.models import Client
from tests.browser.accessible import violations
from tests.browser.keys import FAR, press, reach, write
from tests.factories import rights
from tests.factories.cast import build_cast

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
HERE = "/c/glow/set-up/guide/"
MANAGER = "manager@north.example"


def test_u8_the_whole_set_up_by_keyboard_alone(open_as: Callable[..., Page]) -> None:
    """U8: every step is filled in, previewed and kept without a mouse."""
    cast = build_cast()
    with client_scope(cast.client.pk):
        rights.post()
    page = open_as(MANAGER, "/c/glow/set-up/")
    press(page, "Guided set-up", role="link")
    expect(page.get_by_role("heading", name="Connect TikTok")).to_be_visible()
    press(page, "Leave for later", role="link")

    look = page.get_by_role("region", name="The creator's page")
    expect(look).to_contain_text("May Glow Skincare run your post as an ad?")
    write(page, "Name that is shown optional", "Glow & Co")
    expect(look).to_contain_text("May Glow & Co run your post as an ad?")
    write(page, "Colour optional", "#d9480f")
    expect(page.locator('#guide-pane link[href="/brand/d9480f.css"]')).to_have_count(1)
    press(page, "Save and go on")

    expect(page.get_by_role("heading", name="Terms", exact=True)).to_be_visible()
    write(page, "Days of use", "45")
    expect(look).to_contain_text("45 days, from")
    write(page, "Fee for the use optional", "450")
    write(page, "Most that is spent on ads with the post optional", "2500")
    expect(look).to_contain_text("450.00 USD")
    expect(page.locator("#guide-pane")).to_contain_text("$2,950.00 for 1 post")
    # The page is read with the keys and stays where it was read; nothing in it takes the focus.
    reach(page, look)
    for _ in range(FAR):
        page.keyboard.press("ArrowDown")
        if look.evaluate("one => one.scrollTop") > 200:
            break
    reach(page, page.get_by_label("Days of use", exact=True), back=True)
    page.keyboard.press("Control+a")
    page.keyboard.type("46")
    expect(look).to_contain_text("46 days, from")
    # The pane is put back where it was a moment after its new words. Waiting in the page itself
    # would be a string to evaluate, which the page's policy refuses.
    for _ in range(FAR):
        if look.evaluate("one => one.scrollTop") > 200:
            break
        page.wait_for_timeout(50)
    assert look.evaluate("one => one.scrollTop") > 200
    press(page, "Save and go on")

    expect(page.get_by_role("heading", name="First message")).to_be_visible()
    write(page, "Message", "Hi {{creator}, {{brand} likes your video. {{link}".replace("{{", "{"))
    expect(page.locator("#guide-pane")).to_contain_text("Glow & Co likes your video.")
    press(page, "Save and go on")

    expect(page.get_by_role("heading", name="Reminders")).to_be_visible()
    write(page, "Ask this many days before the end", "14, 3")
    expect(page.locator("#guide-pane")).to_contain_text("14, 3 days before the end")
    press(page, "Save and go on")

    expect(page.get_by_role("heading", name="First request")).to_be_visible()
    press(page, "Ask and go on")
    expect(page.get_by_role("heading", name="step is left")).to_be_visible()
    client = Client.objects.get(pk=cast.client.pk)
    assert (client.brand_name, client.reminder_days) == ("Glow & Co", [14, 3])
    with client_scope(client.pk):
        assert (TermsVersion.objects.get().days, Run.objects.get().total) == (46, 1)
        assert SavedMessage.objects.exists()
        assert Cadence.objects.exists()


@pytest.mark.parametrize(("width", "scheme"), [(1440, "light"), (390, "dark")])
def test_u8_every_step_is_accessible_and_fits(
    open_as: Callable[..., Page], width: int, scheme: str
) -> None:
    """U8: on a phone the pane folds below the form."""
    cast = build_cast()
    with client_scope(cast.client.pk):
        rights.authorized(ends_at=clock.now().replace(year=2030), now=clock.now())
        rights.post("7500000000000000002", "noor.glow")
    page = open_as(MANAGER, HERE, width=width, scheme=scheme)
    origin = page.url.partition("/c/")[0]
    for step in ("connect", "brand", "terms", "message", "reminders", "request", "done"):
        page.goto(f"{origin}{HERE}{step}/")
        assert violations(page) == [], step
        assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") == 0, step
        form, pane = (page.locator(one).bounding_box() for one in (".guide-form", ".guide-pane"))
        assert form is not None
        assert pane is not None
        assert (pane["y"] >= form["y"] + form["height"]) is (width == 390), step
