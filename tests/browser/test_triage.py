"""Triage in Chromium: the board, a post's verdict and the rule fit and are accessible."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from campaigns.actions.backtest import run_batch
from campaigns.actions.triage import score_batch
from sparkops import clock
from sparkops.isolation.scope import client_scope
from sparkops.tenants.models import Client
from tests.browser.walking import SIZES, looked_at
from tests.factories.ads import covered
from tests.factories.cast import build_cast
from tests.factories.triage import a_candidate, a_product, counted

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
MEDIA = "media@north.example"


@pytest.fixture
def post() -> int:
    """Posts of every verdict; returns a strong one's own id."""
    cast, now = build_cast(), clock.now()
    with client_scope(cast.client.pk):
        serum = a_product()
        strong = a_candidate("maya.glow", serum, now=now, fields={
            "availability": "public", "caption": "Dew serum, two weeks in, no filter and no lamp",
        })  # fmt: skip
        covered(strong, days=20, now=now)
        a_candidate("noor.skin", serum, now=now, gmv="40.00", orders=1)
        a_candidate("bo.bakes", serum, now=now, views=400)
        a_candidate("lou.loud", serum, now=now, age=timedelta(days=40))
        counted()
        while score_batch(now=now):
            pass
        return strong.pk


@pytest.mark.parametrize("path", ["triage/", "triage/rule/"])
def test_pages_of_triage_fit_and_are_accessible(
    open_as: Callable[..., Page], post: int, path: str
) -> None:
    page = open_as(MEDIA, f"/c/glow/campaigns/{path}", reduced_motion="reduce")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Triage")
    assert list(looked_at(page, SIZES)) == []


def test_a_back_test_answers_by_itself_and_fits(open_as: Callable[..., Page], post: int) -> None:
    page = open_as(MEDIA, "/c/glow/campaigns/triage/rule/", reduced_motion="reduce")
    page.get_by_role("button", name="Back-test it").click()
    expect(page.get_by_text("Trying the rule on past posts")).to_be_visible()
    with client_scope(Client.objects.get(slug="glow").pk):
        while run_batch(now=clock.now()):
            pass
    page.get_by_role("link", name="Show the answer").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("This rule would have launched")
    assert list(looked_at(page, SIZES)) == []


def test_the_verdict_on_a_posts_page_fits_and_is_accessible(
    open_as: Callable[..., Page], post: int
) -> None:
    page = open_as(MEDIA, f"/c/glow/posts/{post}/", reduced_motion="reduce")
    expect(page.get_by_role("heading", name="Has it earned paid?")).to_be_visible()
    assert list(looked_at(page, SIZES)) == []


def test_the_preview_answers_while_a_threshold_is_typed(
    open_as: Callable[..., Page], post: int
) -> None:
    page = open_as(MEDIA, "/c/glow/campaigns/triage/rule/", reduced_motion="reduce")
    page.get_by_label("Views, at least").fill("50000")
    page.get_by_label("Views, at least").press("Tab")
    row = page.get_by_role("row", name="Earned it")
    expect(row.get_by_role("cell").last).to_have_text("0")
