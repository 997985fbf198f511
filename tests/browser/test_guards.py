"""Guards in Chromium: the list, the editor with its preview, the log and a check (TA7)."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from playwright.sync_api import Page, expect

from campaigns.actions.caps import CapDraft, set_cap
from campaigns.actions.guards import run_rule
from campaigns.models import AdComment, GuardCheck, HandChange
from sparkops import clock
from sparkops.catalog.models import Shop
from sparkops.isolation.scope import client_scope
from tests.browser.walking import SIZES, looked_at
from tests.campaigns.test_guards import MINA, a_burning_ad, a_rule
from tests.factories.ads import NOW, gmv_max_day
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
