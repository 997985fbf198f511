"""The creator's page on a phone: read, sign, follow the pictures, paste, see the answer."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import override_settings
from playwright.sync_api import Page, expect

from authorizations.models import Authorization, TermsAcceptance
from authorizations.outbound import HANDLERS, ON_REFUSAL
from authorizations.rules.wording import sentences
from creators.actions.known import know_posts
from creators.models import Post
from sparkops import clock
from sparkops.catalog.inbound import STREAMS as CATALOG
from sparkops.isolation.scope import client_scope
from sparkops.landing.streams import pull_due
from sparkops.outbox.models import Command
from sparkops.outbox.queue import drain
from tests.browser.accessible import violations
from tests.factories import rights
from tests.factories.cast import Cast, build_cast
from tests.factories.connected import connect
from tests.factories.links import link_path
from tests.factories.terms import terms
from tests.sandbox_server import SandboxServer, product_settings, running_sandbox

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PHONE = 360


@pytest.fixture
def tiktok() -> Iterator[SandboxServer]:
    with running_sandbox("tiny") as server, override_settings(TIKTOK=product_settings(server)):
        yield server


@pytest.fixture
def cast() -> Cast:
    cache.clear()
    return build_cast()


def fits(page: Page) -> bool:
    return page.evaluate("document.documentElement.scrollWidth - window.innerWidth") == 0


def a_code(tiktok: SandboxServer) -> dict[str, str]:
    codes = tiktok.look("world?brand=lumen")["brands"][0]["unredeemed_codes"]
    return next(one for one in codes if one["state"] == "active")


def send(client_id: int) -> None:
    """What the worker does within seconds."""
    with client_scope(client_id):
        Command.objects.filter(state="waiting").update(due_at=clock.now())
    drain(client_id, HANDLERS, now=clock.now, on_refusal=ON_REFUSAL)


@pytest.mark.parametrize("language", ["en", "es"])
def test_ar2_a_creator_accepts_follows_pictures_pastes_and_is_done_on_a_phone(
    open_page: Callable[..., Page], cast: Cast, tiktok: SandboxServer, language: str
) -> None:
    """AR2: a link without an account shows the terms first; at 360 px, in two languages, a creator
    accepts, follows picture steps, pastes and sees the answer; an unusable paste says why. It takes
    three entries (name, tick, code) and three taps, which leaves most of 90 s for TikTok's app."""
    words, code = sentences(language), a_code(tiktok)
    connect(cast.client, tiktok)
    pull_due(cast.client.pk, CATALOG, now=clock.now)
    with client_scope(cast.client.pk):
        ids = know_posts({code["item_id"]: "maya.glow"}, now=clock.now(), source="test")
        post = Post.objects.get(pk=ids[code["item_id"]])
        path = link_path(post, terms(now=clock.now()), now=clock.now())
    page = open_page(path, width=PHONE, locale=language)
    expect(page.locator("html")).to_have_attribute("lang", language)
    expect(page.get_by_text(words["terms_hold_head"])).to_be_visible()
    expect(page.get_by_label(words["paste_label"])).to_have_count(0)
    assert fits(page)

    page.get_by_role("button", name=words["sign_button"]).click()
    expect(page.get_by_text(words["sign_name_missing"])).to_be_visible()
    page.get_by_label(words["sign_name"]).fill("Maya Lindqvist")
    page.get_by_label(words["sign_tick"]).check()
    page.get_by_role("button", name=words["sign_button"]).click()

    expect(page.get_by_text(words["picture_3"])).to_be_visible()
    expect(page.locator(".po-pictures svg")).to_have_count(5)
    # TA4: what to know before the code is made.
    for key in ("know_caption", "know_private", "know_delete"):
        expect(page.get_by_text(words[key])).to_be_visible()
    assert fits(page)
    paste = page.get_by_label(words["paste_label"])
    paste.fill("https://www.tiktok.com/@maya.glow/video/73")
    page.get_by_role("button", name=words["paste_button"]).click()
    expect(page.get_by_text(words["paste_code_is_link"])).to_be_visible()
    paste.fill("#kZ3xQ9vT1mWb7LrYc5NdPf2GhJ8sAe4UiOo6RtXyVwBqEz0CnMlKjHgFdSa+PqRs=")
    page.get_by_role("button", name=words["paste_button"]).click()
    expect(page.get_by_text(words["check_asking"])).to_be_visible()
    send(cast.client.pk)
    expect(page.get_by_text(words["problem_wrong"])).to_be_visible()

    paste.fill(f"here you go {code['auth_code']}")
    page.get_by_role("button", name=words["paste_button"]).click()
    expect(page.get_by_text(words["check_asking"])).to_be_visible()
    send(cast.client.pk)
    expect(page.locator("#checked")).to_contain_text(words["check_works"])
    expect(page.get_by_text(words["run_none"])).to_be_visible()
    assert fits(page)
    with client_scope(cast.client.pk):
        assert TermsAcceptance.objects.get().language == language
        row = Authorization.objects.get(post=post, source="link")
        assert row.state in {"verified", "expiring"}


@pytest.mark.parametrize(("width", "scheme"), [(PHONE, "light"), (1440, "dark")])
def test_every_step_is_accessible_and_fits(
    open_page: Callable[..., Page], cast: Cast, width: int, scheme: str
) -> None:
    """AR10: the hold is on the page before and after the yes."""
    with client_scope(cast.client.pk):
        post = rights.post()
        path = link_path(post, terms(now=clock.now()), now=clock.now())
    page = open_page(path, width=width, scheme=scheme, reduced_motion="reduce")
    words = sentences("en")
    assert violations(page) == []
    expect(page.get_by_text(words["terms_hold_head"])).to_be_visible()
    page.get_by_label(words["sign_name"]).fill("Maya Lindqvist")
    page.get_by_label(words["sign_tick"]).check()
    page.get_by_role("button", name=words["sign_button"]).click()
    expect(page.get_by_label(words["paste_label"])).to_be_visible()
    expect(page.get_by_text("You agreed to keep the post up until")).to_be_visible()
    assert violations(page) == []
    assert fits(page)
    with client_scope(cast.client.pk):
        now = clock.now()
        rights.authorized(post, ends_at=now + timedelta(days=20), now=now)
    page.goto(page.url)
    expect(page.get_by_text(words["stop_head"])).to_be_visible()
    expect(page.get_by_text("Please keep the post up until")).to_be_visible()
    assert violations(page) == []
    assert fits(page)
    page.get_by_label(words["page_language"]).select_option("en")
    page.get_by_role("button", name="Ask Glow Skincare to stop").click()
    expect(page.get_by_text("You asked to stop on")).to_be_visible()
