"""Plans in Chromium: the plan, the limits and the client's page fit and are accessible."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest
from playwright.sync_api import Page, expect

from campaigns.actions import approval
from campaigns.actions import plans as actions
from sparkops import clock
from sparkops.audit.record import Actor
from sparkops.isolation.scope import client_scope
from tests.browser.walking import SIZES, looked_at
from tests.factories.ads import a_post, account, covered, redeemed
from tests.factories.cast import build_cast

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
MINA = Actor("Mina", 7)
MANAGER = "manager@north.example"


@pytest.fixture
def plans() -> tuple[int, str]:
    """A blocked draft's own id, and the token of a plan that is with the client."""
    cast, now = build_cast(), clock.now()
    with client_scope(cast.client.pk):
        posts = [a_post(f"750000000000000000{n}", who) for n, who in enumerate(("maya", "noor"))]
        redeemed(covered(posts[0], days=30, now=now))
        redeemed(covered(posts[1], days=2, now=now))
        common = {
            "ad_account": account(),
            "objective": "VIDEO_VIEWS",
            "daily_budget": Decimal("60.00"),
            "starts_at": now + timedelta(hours=1),
            "ends_at": now + timedelta(days=7),
        }
        actions.set_limit("USD", max_daily=Decimal(90), max_total=None, by=MINA, now=now)
        blocked = actions.make_plan(
            actions.Draft(name="Autumn push", posts=posts, **common), by=MINA, now=now
        )
        good = actions.make_plan(
            actions.Draft(name="Serum push", posts=posts[:1], **common), by=MINA, now=now
        )
        actions.propose(good, by=MINA, now=now)
        actions.confirm(good, by=MINA, now=now)
        _, token = approval.make_link(good, recipient="Ada of Glow", by=MINA, now=now)
        return blocked.pk, token


def test_pages_of_plans_fit_and_are_accessible(
    open_as: Callable[..., Page], plans: tuple[int, str]
) -> None:
    for path in ("plans/", f"plans/{plans[0]}/", "plans/limits/"):
        page = open_as(MANAGER, f"/c/glow/campaigns/{path}", reduced_motion="reduce")
        assert list(looked_at(page, SIZES)) == [], path


def test_a_client_without_an_account_approves_and_undoes_by_keyboard(
    open_page: Callable[..., Page], plans: tuple[int, str]
) -> None:
    """N23: an approval link without an account, with an undo window."""
    page = open_page(f"/approve/{plans[1]}/", width=390, reduced_motion="reduce")
    expect(page.get_by_role("heading", level=1)).to_have_text("Serum push")
    assert list(looked_at(page, SIZES)) == []
    page.get_by_label("Your name").fill("Ada")
    page.get_by_role("button", name="Approve").press("Enter")
    expect(page.locator("#lede")).to_contain_text("Nothing leaves before")
    assert list(looked_at(page, SIZES)) == []
    page.get_by_label("Your name").fill("Ada")
    page.get_by_role("button", name="Undo the approval").press("Enter")
    expect(page.locator("#lede")).to_contain_text("Approval undone")
