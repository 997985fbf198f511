"""Campaigns in Chromium: accessibility, layout, and a launch by keyboard."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from functools import partial

import pytest
from playwright.sync_api import Page, expect

from campaigns.models import Launch
from sparkops import clock
from sparkops.isolation.scope import client_scope
from sparkops.outbox.models import Command
from tests.browser.accessible import violations
from tests.browser.walking import OTHER_SIZES
from tests.factories.ads import a_day, a_post, an_ad, covered, gmv_max_day, needs, redeemed
from tests.factories.cast import build_cast

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LIST = "/c/glow/campaigns/"


@dataclass(frozen=True)
class Paid:
    """What there is to look at: own ids."""

    client: int
    ad: int
    lost: int
    post: int
    bare: int
    stopped: int
    refused: int


@pytest.fixture
def paid() -> Paid:
    """Ads in several states, a post to launch, two launches that need a person, GMV Max."""
    cast, now = build_cast(), clock.now()
    with client_scope(cast.client.pk):
        maya, noor, bare = (
            a_post(f"750000000000000000{number}", handle)
            for number, handle in enumerate(("maya.glow", "noor.skin", "bo.bakes"))
        )
        account = redeemed(covered(maya, days=20, now=now))
        covered(noor, days=2, now=now)
        needs(maya, "1.85", now=now)
        live = an_ad("Spark maya.glow 000000 2026-09-10 1f2e3d4c", maya)
        for ago in range(1, 15):
            a_day(live, ago, f"{20 + ago}.40", now=now, impressions=9_000, clicks=140,
                  video_views=4_000, conversions=3, claimed_revenue=Decimal(60))  # fmt: skip
        a_day(an_ad("Spark noor.skin", noor), 1, "12.00", now=now, impressions=100)
        an_ad("Brand film", state="paused", word="AD_STATUS_DISABLE", switched="DISABLE")
        an_ad("Strange", bare, state="unknown", word="AD_STATUS_MOON_PHASE")
        word = "AD_STATUS_ASSET_AUTHORIZATION_LOST"
        lost = an_ad("Spark bo.bakes", bare, state="lost_permission", word=word)
        gmv_max_day("Serum push, always on", maya, "310.00", now=now)
        common = {
            "ad_account": account,
            "objective": "VIDEO_VIEWS",
            "daily_budget": Decimal(60),
            "currency": "USD",
            "starts_at": now,
            "ends_at": now + timedelta(days=7),
            "created_at": now,
            "created_by": "Mina",
        }
        stopped = Launch.objects.create(
            **common, post=noor, name="Spark noor.skin 2", state="differs",
            done={"campaign_id": "17900000000000001", "adgroup_id": "17900000000000002"},
            differences=[{"field": "Daily budget", "planned": "60.00", "made": "600.00"}],
        )  # fmt: skip
        refused = Launch.objects.create(
            **common, post=noor, name="Spark noor.skin 3", state="refused", error="Too short.",
            checks=[{"name": "cover", "value": "none", "threshold": "until 24 Sep", "passed": False,
                     "blocking": True, "waits": False, "sentence": "Nothing covers the flight."}],
        )  # fmt: skip
        return Paid(cast.client.pk, live.pk, lost.pk, maya.pk, bare.pk, stopped.pk, refused.pk)


@pytest.fixture
def signed_in(open_as: Callable[..., Page], paid: Paid) -> Callable[..., Page]:
    """`open_page` as the media buyer."""
    return partial(open_as, "media@north.example")


def pages(paid: Paid) -> list[str]:
    return [
        LIST,
        f"{LIST}ads/{paid.ad}/",
        f"{LIST}ads/{paid.lost}/",
        f"{LIST}posts/{paid.post}/launch/",
        f"{LIST}posts/{paid.bare}/launch/",
        f"{LIST}launches/{paid.stopped}/",
        f"{LIST}launches/{paid.refused}/",
        f"{LIST}gmv-max/",
    ]


@pytest.mark.parametrize(("width", "scheme"), OTHER_SIZES)
def test_pages_of_campaigns_are_accessible_and_fit(signed_in, paid, width, scheme) -> None:
    for path in pages(paid):
        page = signed_in(path, width=width, scheme=scheme)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        assert violations(page) == [], path
        assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") == 0, path


def test_a_filter_changes_totals_and_tabs_without_a_new_page(signed_in) -> None:
    page = signed_in(LIST)
    totals = page.get_by_role("region", name="Totals")
    # 20.40 and so on to 34.40 over fourteen days, and 12.00 of the other ad.
    expect(totals).to_contain_text("$402.60")
    page.get_by_role("searchbox").fill("noor")
    expect(totals).to_contain_text("$12.00")
    expect(page.get_by_role("link", name="Live 2")).to_have_attribute(
        "href", re.compile(r"\?q=noor&.*tab=live")
    )


def test_a_launch_is_made_by_keyboard(signed_in, paid) -> None:
    """TA4, N3: the checks answer while one types, keep the focus, and Enter launches."""
    page = signed_in(f"{LIST}posts/{paid.post}/launch/")
    checks = page.get_by_role("complementary", name="Checks")
    expect(checks).to_contain_text("Ready")
    page.get_by_label("Objective").focus()
    passed = []
    for _ in range(30):
        page.keyboard.press("Tab")
        name = page.evaluate("document.activeElement.name || document.activeElement.id")
        if name and name not in passed:
            passed.append(name)
        if name == "daily_budget":
            page.keyboard.press("ControlOrMeta+a")
            page.keyboard.type("15")
            expect(checks).to_contain_text("The daily budget must be more than 20.00 USD.")
            expect(page.get_by_role("button", name="Launch")).to_have_attribute(
                "aria-disabled", "true"
            )
            page.keyboard.press("Enter")  # nothing to send while a check blocks
            page.keyboard.press("ControlOrMeta+a")
            page.keyboard.type("60")
            expect(page.get_by_role("button", name="Launch at $60.00 a day")).to_be_visible()
        if name == "go":
            break
    assert passed == ["ad_account", "landing_url", "daily_budget", "starts_at", "ends_at", "go"]
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Where it is")).to_be_visible()
    with client_scope(paid.client):
        launch = Launch.objects.get(post_id=paid.post)
        assert (launch.state, launch.daily_budget) == ("creating", Decimal(60))
        assert Command.objects.get().payload == {"launch": launch.pk}


def test_the_way_out_of_short_cover_unlocks_the_launch(signed_in, paid) -> None:
    """N3: the flight is cut at the end of the cover, and what was typed stays."""
    page = signed_in(f"{LIST}posts/{paid.post}/launch/")
    page.get_by_label("Budget a day").fill("75")
    page.get_by_label("Budget a day").blur()
    expect(page.get_by_role("button", name="Launch at $75.00 a day")).to_be_visible()
    far = clock.now() + timedelta(days=60)
    page.get_by_label("Ends").fill(f"{far:%Y-%m-%dT12:00}")
    page.get_by_label("Ends").blur()
    expect(page.get_by_role("button", name="Launch")).to_have_attribute("aria-disabled", "true")
    expect(page.get_by_role("link", name="Ask the creator for")).to_be_visible()
    page.get_by_role("link", name="End it on").press("Enter")
    expect(page.get_by_role("button", name="Launch at $75.00 a day")).to_be_visible()
    page.wait_for_load_state("networkidle")


def test_a_launch_that_came_out_different_is_given_up_by_keyboard(signed_in, paid) -> None:
    page = signed_in(f"{LIST}launches/{paid.stopped}/")
    page.get_by_role("button", name="Give up").press("Enter")
    expect(page.get_by_text("Given up, nothing enabled")).to_be_visible()
    with client_scope(paid.client):
        assert Launch.objects.get(pk=paid.stopped).state == "canceled"
