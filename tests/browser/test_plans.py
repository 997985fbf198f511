"""Plans in Chromium: the plan, the limits and the client's page fit and are accessible."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from campaigns.actions import approval
from campaigns.actions import plans as actions
from campaigns.actions.templates import TemplateDraft, make_template
from sparkops import clock
from sparkops.audit.record import Actor
from sparkops.isolation.scope import client_scope
from tests.browser.walking import SIZES, looked_at
from tests.factories.ads import a_post, account, covered, needs, redeemed
from tests.factories.cast import build_cast
from tests.factories.triage import on_the_board

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


@pytest.fixture
def shop() -> None:
    """A shop with a product that breaks even at 3.19, a template, and two posts on the board."""
    cast, now = build_cast(), clock.now()
    with client_scope(cast.client.pk):
        posts = [a_post(f"750000000000000000{n}", who) for n, who in enumerate(("maya", "noor"))]
        for post in posts:
            redeemed(covered(post, days=30, now=now))
            on_the_board(post, now=now)
        needs(posts[0], "3.1904", now=now)
        make_template(
            TemplateDraft(
                name="House style", naming="{client} {creator} {date}", objective="VIDEO_VIEWS",
                goal="ENGAGED_VIEW", daily_budget=Decimal(75), bid=None, placement="tiktok",
                starts_in_hours=2, days=5,
            ),
            by=MINA,
            now=now,
        )  # fmt: skip


def test_a_plan_is_made_from_chosen_posts_and_a_template_by_keyboard_until_it_waits_to_launch(
    open_as: Callable[..., Page], open_page: Callable[..., Page], shop: None
) -> None:
    """N23 from the board to the launch with no mouse: choose, template, plan, approve inside, link,
    approve; then each launch stands in the plan with its state."""
    page = open_as(MANAGER, "/c/glow/campaigns/triage/", reduced_motion="reduce")
    for box in page.get_by_role("checkbox").all():
        if box.is_visible() and not box.is_checked():
            box.press("Space")
    page.get_by_role("link", name="Make a plan").or_(
        page.get_by_role("button", name="Make a plan")
    ).first.press("Enter")
    page.get_by_role("link", name="House style").press("Enter")
    expect(page.get_by_label("Budget a day and post")).to_have_value("75.00")
    page.get_by_label("Name of the plan").fill("By keyboard")
    page.get_by_role("button", name="Make the plan").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("By keyboard")
    page.get_by_role("button", name="Ask for internal approval").press("Enter")
    page.get_by_role("button", name="Approve inside").press("Enter")
    page.get_by_label("For whom").fill("Ada of Glow")
    page.get_by_role("button", name="Make a link").press("Enter")
    link = page.locator(".mono.anywhere", has_text="/approve/").first.inner_text()
    here = page.url
    client = open_page(urlsplit(link).path, reduced_motion="reduce")
    client.get_by_label("Your name").fill("Ada")
    client.get_by_role("button", name="Approve").press("Enter")
    expect(client.locator("#lede")).to_contain_text("Nothing leaves before")
    page.goto(here.removesuffix("send/"))
    expect(page.locator("#progress")).to_contain_text("0 live, 0 failed.")
    expect(page.locator("#progress li")).to_have_count(2)
    assert list(looked_at(page, SIZES)) == []


def test_pages_of_templates_and_gmv_max_plans_fit_and_are_accessible(
    open_as: Callable[..., Page], shop: None
) -> None:
    for path in ("plans/templates/", "plans/templates/new/", "gmv-max/new/"):
        page = open_as(MANAGER, f"/c/glow/campaigns/{path}", reduced_motion="reduce")
        assert list(looked_at(page, SIZES)) == [], path
    page.get_by_label("Target ROAS").fill("3.1")
    page.get_by_role("listbox", name="Products").select_option(index=0)
    page.get_by_role("button", name="Make the plan").press("Enter")
    expect(page.get_by_text("loses money: break-even is at 3.19").first).to_be_visible()
    assert list(looked_at(page, SIZES)) == []
    page.get_by_role("button", name="Set the target to 3.2").press("Enter")
    expect(page.get_by_text("target ROAS 3.2")).to_be_visible()


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
