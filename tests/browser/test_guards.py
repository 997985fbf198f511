"""Guards in Chromium: the list, the editor with its preview, the log and a check (TA7)."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from playwright.sync_api import Page, expect

from campaigns.actions.caps import CapDraft, set_cap
from campaigns.actions.guards import run_rule
from campaigns.models import AdComment, GuardCheck, GuardRule, HandChange
from sparkops import clock
from sparkops.catalog.models import Shop
from sparkops.isolation.scope import client_scope
from tests.browser.walking import SIZES, looked_at
from tests.campaigns.test_guards import MINA, a_burning_ad, a_rule
from tests.factories.ads import NOW, gmv_max_day
from tests.factories.cast import build_cast

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
MEDIA = "media@north.example"


def tab_to(page: Page, name: str) -> None:
    """Press Tab until something of this name has the focus, as a person without a mouse does."""
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate(
            "name => (document.activeElement.ariaLabel || document.activeElement.innerText || '')"
            ".trim() === name",
            name,
        ):
            return
    raise AssertionError(f"Tab never came to “{name}”")


def test_ta7_from_a_preset_to_a_saved_rule_and_its_answer_by_keyboard(
    open_as: Callable[..., Page],
) -> None:
    """TA7: the tabs come before the presets; a preset is opened, used and saved without a mouse,
    and a suggestion is turned down."""
    cast = build_cast()
    with client_scope(cast.client.pk):
        a_burning_ad()
    page = open_as(MEDIA, "/c/glow/campaigns/guards/", reduced_motion="reduce")
    views, presets = page.locator("nav.views"), page.get_by_text("Begin with a preset")
    assert views.bounding_box()["y"] < presets.bounding_box()["y"]  # type: ignore[index]
    tab_to(page, "Use the preset Stop-loss: no conversion")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Name")).to_have_value("Stop-loss: no conversion")
    tab_to(page, "Save the rule")
    page.keyboard.press("Enter")
    expect(page.get_by_text("is saved as version 1")).to_be_visible()
    with client_scope(cast.client.pk):
        run_rule(GuardRule.objects.get().pk, now=NOW)
        check = GuardCheck.objects.get()
    page.goto(page.url.split("/c/")[0] + f"/c/glow/campaigns/guards/checks/{check.pk}/")
    tab_to(page, "Turn down")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Turned down.", exact=False).first).to_be_visible()
    with client_scope(cast.client.pk):
        assert GuardCheck.objects.get().outcome == "dismissed"


def test_pages_of_guards_fit_are_accessible_and_preview(open_as: Callable[..., Page]) -> None:
    """TA7: the preview follows what is entered."""
    cast = build_cast()
    with client_scope(cast.client.pk):
        a_burning_ad()
        rule = a_rule("no_conversion")
        a_rule("ramp", "act")
        run_rule(rule.pk, now=NOW)
        check = GuardCheck.objects.get()
        comment = AdComment.objects.create(
            ad=check.ad, comment_id="1", text="mine arrived broken", risk="complaint",
            status="PUBLIC", written_at=NOW, seen_at=NOW, due_at=NOW,
        )  # fmt: skip
        campaign = gmv_max_day("GMV Max", check.ad.post, "5")  # type: ignore[union-attr, arg-type]
        campaign.ad_account.shop = Shop.objects.get()
        campaign.ad_account.save()
        HandChange.objects.create(
            level="ad", ad=check.ad, field="budget", before="5", after="6", seen_at=clock.now()
        )
        set_cap(CapDraft(NOW.date(), amount=Decimal(40), currency="USD"), by=MINA, now=NOW)
    pages = ("", f"{rule.pk}/", "new/?preset=ramp", "log/", "caps/", f"checks/{check.pk}/")
    for path in pages:
        page = open_as(MEDIA, f"/c/glow/campaigns/guards/{path}", reduced_motion="reduce")
        assert list(looked_at(page, SIZES)) == [], path
    others = ("", "changes/", "comments/", f"comments/{comment.pk}/", f"ads/{check.ad_id}/")
    for path in (*others, f"posts/{check.ad.post_id}/gmv-max/"):  # type: ignore[union-attr]
        page = open_as(MEDIA, f"/c/glow/campaigns/{path}", reduced_motion="reduce")
        assert list(looked_at(page, SIZES)) == [], path
    page = open_as(MEDIA, f"/c/glow/campaigns/guards/{rule.pk}/", reduced_motion="reduce")
    expect(page.locator("#preview")).to_contain_text("It holds on 1 of 1")
    page.get_by_label("Amount").first.fill("9")
    page.get_by_label("Amount").first.blur()
    expect(page.locator("#preview")).to_contain_text("It holds on 0 of 1")
