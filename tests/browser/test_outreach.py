"""Outreach in Chromium: accessibility and both widths, by keyboard, and with bad input."""

from collections.abc import Callable
from functools import partial

import pytest
from playwright.sync_api import Page, expect

from creators.actions.applications import save_page
from creators.models import Application, Creator
from sparkops import clock
from sparkops.isolation.scope import client_scope
from sparkops.outreach.actions.collisions import keep_exclusivity
from sparkops.outreach.actions.replies import Said, keep_replies
from sparkops.outreach.models import Answer, Collision, Exclusivity, Outreach, Recipient, Thread
from sparkops.tenants.models import Client
from tests.browser.keyboard import tab_to, type_into
from tests.browser.test_components import violations
from tests.browser.walking import OTHER_SIZES
from tests.factories.cast import build_cast
from tests.factories.creators import make_product
from tests.sparkops.outreach import reaching

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
HERE = "/c/glow/outreach/"
APPLY = "/apply/glow/"


@pytest.fixture
def paths() -> list[str]:
    """A draft that is not whole, and an outreach on its way with every result."""
    cast, now = build_cast(), clock.now()
    with client_scope(cast.client.pk):
        reaching.people(6, now=now, display_name="Mara Maker", follower_count=1200)
        make_product()
        segment = reaching.everyone(now=now)
        unfinished = reaching.draft(segment, body="Try {product}, {creator}!", now=now)
        found = reaching.started(segment, name="Winter", now=now)
        keep_replies([Said("maker5", "c", "m", "Sure, send it!", now)], now=now)
        thread = Thread.objects.get()
        rows = Recipient.objects.filter(outreach=found)
        rows.filter(number=1).update(state="sent", sent_at=now)
        rows.filter(number=2).update(state="skipped", reason="Above the tier limit.")
        rows.filter(number=3).update(state="failed", reason="TikTok refused it.")
        rows.filter(number=4).update(due_at=now, reason="The weekly quota is used.")
        skipped = rows.get(number=2)
        keep_exclusivity(
            "maker4", starts_on=now.date(), ends_on=now.date(), note="One year",
            by=reaching.MINA, now=now,
        )  # fmt: skip
        held = Collision.objects.create(
            kind="exclusive", subject="open-1", creator=Creator.objects.get(handle="maker1"),
            ends_on=now.date(), since=now,
        )  # fmt: skip
        save_page(is_open=True, intro="We pay 20 %.", by=reaching.MINA, now=now)
    return [
        HERE,
        f"{HERE}segments/",
        f"{HERE}new/",
        f"{HERE}quota/",
        f"{HERE}funnel/",
        f"{HERE}inbox/",
        f"{HERE}inbox/words/",
        f"{HERE}inbox/{thread.pk}/",
        f"{HERE}{unfinished.pk}/edit/",
        f"{HERE}{found.pk}/",
        f"{HERE}recipients/{skipped.pk}/override/",
        f"{HERE}collisions/",
        f"{HERE}collisions/{held.pk}/accept/",
        f"{HERE}funnel/?since=2026-01-01&until=2026-12-31&compare=on",
        APPLY,
    ]


@pytest.fixture
def signed_in(open_as: Callable[..., Page]) -> Callable[..., Page]:
    return partial(open_as, "manager@north.example")


@pytest.mark.parametrize(("width", "scheme"), OTHER_SIZES)
def test_pages_of_outreach_are_accessible_and_fit(signed_in, paths, width, scheme) -> None:
    for path in paths:
        page = signed_in(path, width=width, scheme=scheme)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        assert violations(page) == [], path
        assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") == 0, path


def test_without_a_segment_the_first_step_is_offered(signed_in) -> None:
    """An outreach needs a segment; the page says so and leads there by keyboard."""
    build_cast()
    page = signed_in(f"{HERE}new/")
    expect(page.get_by_text("No segment yet")).to_be_visible()
    tab_to(page, "Make a segment", "link")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1, name="Segments")).to_be_visible()


def test_ab4_a_draft_is_written_by_keyboard_and_bad_input_says_what_is_wrong(
    signed_in, paths
) -> None:
    """AB4: an unknown variable is named beside its field, and what was typed stays."""
    page = signed_in(f"{HERE}new/")
    type_into(page, "Name", "By hand")
    tab_to(page, "Creators", "combobox")
    page.keyboard.press("ArrowDown")
    type_into(page, "Message", "Hi {name}")
    tab_to(page, "Save draft", "button")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("“{name}” is no variable")
    expect(page.get_by_role("textbox", name="Message")).to_have_value("Hi {name}")
    assert violations(page) == []
    type_into(page, "Message", "Hi {creator}")
    tab_to(page, "Save draft", "button")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Hi Mara Maker").first).to_be_visible()
    with client_scope(_glow()):
        assert Outreach.objects.get(name="By hand").state == "draft"


def _glow() -> int:
    return Client.objects.get(slug="glow").pk


def test_an_answer_is_written_by_keyboard(signed_in, paths) -> None:
    """Nothing written is refused with a sentence; the answer leaves through the outbox."""
    [thread] = [path for path in paths if path.startswith(f"{HERE}inbox/") and path[-2].isdigit()]
    page = signed_in(thread)
    tab_to(page, "Send answer", "button")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_be_visible()
    type_into(page, "Answer", "With pleasure!")
    tab_to(page, "Send answer", "button")
    page.keyboard.press("Enter")
    expect(page.get_by_text("The answer is on its way.")).to_be_visible()
    with client_scope(_glow()):
        assert Answer.objects.get().text == "With pleasure!"


def test_n17_an_exclusivity_is_noted_by_keyboard(signed_in, paths) -> None:
    """N17: a handle that nobody has is refused; the creator stands in the list afterwards."""
    page = signed_in(f"{HERE}collisions/")
    for handle, said in (("@nobody", "No creator here has this handle."), ("@maker3", "@maker3")):
        type_into(page, "Creator", handle)
        page.get_by_label("First day").fill("2026-12-01")
        page.get_by_label("Last day").fill("2026-12-31")
        tab_to(page, "Save exclusivity", "button")
        page.keyboard.press("Enter")
        expect(page.get_by_text(said).first).to_be_visible()
    with client_scope(_glow()):
        assert Exclusivity.objects.count() == 2


def test_a_creator_applies_by_keyboard_in_german(open_page, paths) -> None:
    """The public page at phone width: wrong input is told in the language, then thanks."""
    page = open_page(f"{APPLY}?lang=de", width=390)
    tab_to(page, "Bewerben", "button")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("Schreib deinen TikTok-Namen")
    assert violations(page) == []
    page.get_by_label("Dein TikTok-Name").focus()
    page.keyboard.type("@Neu.Hier")
    tab_to(page, "Bewerben", "button")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1, name="Danke")).to_be_visible()
    with client_scope(_glow()):
        assert Application.objects.get().language == "de"
