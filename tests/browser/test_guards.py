"""Guards in Chromium: the list, the editor with its preview, the log and a check (TA7)."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from playwright.sync_api import Page, expect

from campaigns.actions.caps import CapDraft, set_cap
from campaigns.actions.guards import run_rule
from campaigns.models import GuardCheck
from sparkops.isolation.scope import client_scope
from tests.browser.walking import SIZES, looked_at
from tests.campaigns.test_guards import MINA, a_burning_ad, a_rule
from tests.factories.ads import NOW
from tests.factories.cast import build_cast

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
MEDIA = "media@north.example"


def test_pages_of_guards_fit_are_accessible_and_preview(open_as: Callable[..., Page]) -> None:
    """TA7: the preview follows what is entered."""
    cast = build_cast()
    with client_scope(cast.client.pk):
        a_burning_ad()
        rule = a_rule("no_conversion")
        a_rule("ramp", "act")
        run_rule(rule.pk, now=NOW)
        check = GuardCheck.objects.get()
        set_cap(CapDraft(NOW.date(), amount=Decimal(40), currency="USD"), by=MINA, now=NOW)
    pages = ("", f"{rule.pk}/", "new/?preset=ramp", "log/", "caps/", f"checks/{check.pk}/")
    for path in pages:
        page = open_as(MEDIA, f"/c/glow/campaigns/guards/{path}", reduced_motion="reduce")
        assert list(looked_at(page, SIZES)) == [], path
    page = open_as(MEDIA, f"/c/glow/campaigns/guards/{rule.pk}/", reduced_motion="reduce")
    expect(page.locator("#preview")).to_contain_text("It holds on 1 of 1")
    page.get_by_label("Amount").first.fill("9")
    page.get_by_label("Amount").first.blur()
    expect(page.locator("#preview")).to_contain_text("It holds on 0 of 1")
