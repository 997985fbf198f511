"""Working with creators by keyboard alone: no pointer is moved in these tests."""

from collections.abc import Callable
from functools import partial

import pytest
from playwright.sync_api import Page, expect

from creators.actions.applications import apply
from creators.actions.matching import match_posts, set_clues
from creators.models import Application, Creator, PostMatch, SampleAnswer
from sparkops import clock
from sparkops.audit.record import Actor
from sparkops.isolation.scope import client_scope
from sparkops.tenants.models import Client
from tests.browser.keyboard import tab_to, type_into
from tests.factories.cast import build_cast
from tests.factories.creators import make_creator, make_post, make_product, make_sample

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
HERE = "/c/glow/"
BY = Actor("Ann")


@pytest.fixture
def client() -> Client:
    return build_cast().client


@pytest.fixture
def signed_in(open_as: Callable[..., Page]) -> Callable[..., Page]:
    return partial(open_as, "affiliate@north.example")


def focused(page: Page) -> str:
    """The text of what has the focus."""
    return str(page.evaluate("document.activeElement.innerText.trim()"))


def test_a_creator_is_found_and_tagged_by_keyboard(client: Client, signed_in) -> None:
    """Ctrl K finds the creator from any page, Enter opens the record; the tag is kept."""
    with client_scope(client.pk):
        make_creator("mara.maker")
        make_creator("otto.other")
    page = signed_in(f"{HERE}creators/")
    page.keyboard.press("Control+k")
    expect(page.get_by_role("combobox", name="Search or jump to")).to_be_focused()
    page.keyboard.type("mara")
    found = page.locator("#palette-results").get_by_role("option", selected=True)
    expect(found).to_contain_text("@mara.maker")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1, name="@mara.maker")).to_be_visible()
    page.wait_for_load_state("networkidle")  # a panel that is cut off keeps its connection
    tab_to(page, "Edit", "link")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1, name="Edit @mara.maker")).to_be_visible()
    type_into(page, "Tags optional", "skincare, winter")
    tab_to(page, "Save", "button")
    page.keyboard.press("Enter")
    expect(page.get_by_text("@mara.maker is saved.")).to_be_visible()
    page.wait_for_load_state("networkidle")
    with client_scope(client.pk):
        tags = Creator.objects.get(handle="mara.maker").tags.order_by("name")
        assert list(tags.values_list("name", flat=True)) == ["skincare", "winter"]
        assert not Creator.objects.get(handle="otto.other").tags.exists()


def test_an_application_is_approved_by_keyboard(client: Client, signed_in) -> None:
    """J goes to the row, X chooses it, B to the bar; Escape gives the choice up first."""
    with client_scope(client.pk):
        for number, handle in enumerate(("anna.new", "ben.new")):
            apply(handle=handle, email="", message=f"Hello {number}", now=clock.now())
    page = signed_in(f"{HERE}applications/")
    bar = page.get_by_role("region", name="Chosen rows")
    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(bar).to_contain_text("1 selected")
    page.keyboard.press("Escape")
    expect(bar).to_be_hidden()
    for key in ("j", "x", "b"):
        page.keyboard.press(key)
    expect(bar).to_contain_text("1 selected")
    assert focused(page) == "Decide…"
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_contain_text("@anna.new")
    tab_to(page, "Approve 1", "button")
    page.keyboard.press("Enter")
    expect(page.get_by_text("1 application approved.")).to_be_visible()
    with client_scope(client.pk):
        states = dict(Application.objects.values_list("handle", "state"))
        assert states == {"anna.new": "approved", "ben.new": "new"}
        assert Creator.objects.get().handle == "anna.new"


def test_a_sample_is_approved_by_keyboard(client: Client, signed_in) -> None:
    """J and Enter open the request; the answer waits for TikTok."""
    with client_scope(client.pk):
        product = make_product("Dew Serum")
        sample = make_sample(make_creator("mara.maker"), "requested", product=product)
    page = signed_in(f"{HERE}samples/?view=decide")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1, name="Dew Serum")).to_be_visible()
    tab_to(page, "Approve", "button")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Answer on its way")).to_be_visible()
    with client_scope(client.pk):
        answer = SampleAnswer.objects.get()
        assert (answer.sample, answer.word) == (sample, "approve")


def test_ct4_a_post_in_doubt_is_decided_by_keyboard(client: Client, signed_in) -> None:
    """CT4: two products fit; a person opens the post and says which one it shows."""
    with client_scope(client.pk):
        cream, serum = make_product("Day Cream"), make_product("Dew Serum")
        for product in (cream, serum):
            given = {"hashtags": ["glow"], "mentions": [], "keywords": []}
            set_clues(product, **given, by=BY, now=clock.now())
        make_post("mara.maker", caption="my #glow")
        match_posts(now=clock.now())
    page = signed_in(f"{HERE}posts/review/")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    tab_to(page, "Product optional", "combobox")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    tab_to(page, "Decide", "button")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Decided. The post is off the list.")).to_be_visible()
    with client_scope(client.pk):
        match = PostMatch.objects.get()
        assert (match.state, match.product) == ("decided", serum)
