"""The rights ledger in Chromium: accessibility, layout, and the work by keyboard."""

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial

import pytest
from playwright.sync_api import Page, expect

from authorizations.actions.hand_in import take_code
from authorizations.actions.terms import record_terms
from sparkops import clock
from sparkops.audit.record import Actor
from sparkops.isolation.scope import client_scope
from tests.browser.accessible import violations
from tests.browser.walking import OTHER_SIZES
from tests.factories import rights
from tests.factories.cast import build_cast

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
MINA = Actor("Mina", 7)
LIST = "/c/glow/authorizations/"


@pytest.fixture
def ledger() -> int:
    """Three permissions, one with terms and spend; the id of that one."""
    cast, now = build_cast(), clock.now()
    with client_scope(cast.client.pk):
        post = rights.post()
        row = rights.authorized(post, ends_at=now + timedelta(days=5), now=now)
        other = rights.post("7500000000000000002", "bo.bakes")
        rights.authorized(other, ends_at=now + timedelta(days=40), code=rights.OTHER_CODE, now=now)
        # A day more than is looked at: the client's day may be the one before in UTC.
        rights.spend(post, "64.00", before=now, days=9)
        take_code(f"#zz{rights.CODE[3:]}", source="paste", by=MINA, now=now)
        record_terms(
            creator_id=post.creator_id or 0,
            post_id=post.pk,
            starts_on=date(2026, 1, 1),
            ends_on=now.date() + timedelta(days=3),
            hold_until=now.date() + timedelta(days=90),
            by=MINA,
            now=now,
        )
        return row.pk


@pytest.fixture
def signed_in(open_as: Callable[..., Page], ledger: int) -> Callable[..., Page]:
    """`open_page` as the agency's manager."""
    return partial(open_as, "manager@north.example")


def pages(pk: int) -> list[str]:
    inner = (f"{pk}/", "hand-in/", "content-suite/")
    return [LIST, f"{LIST}?tab=expiring", *(f"{LIST}{one}" for one in inner)]


@pytest.mark.parametrize(("width", "scheme"), OTHER_SIZES)
def test_pages_of_the_ledger_are_accessible_and_fit(signed_in, ledger, width, scheme) -> None:
    for path in pages(ledger):
        page = signed_in(path, width=width, scheme=scheme)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        assert violations(page) == [], path
        assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") == 0, path


def test_creators_are_asked_by_keyboard(signed_in) -> None:
    """AR8, N4: choose a row, ask, confirm; the run shows how far it is."""
    page = signed_in(f"{LIST}?tab=expiring")
    page.get_by_role("checkbox", name="Select 7500000000000000001").focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="Ask creators").press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Ask the creators of 1 post?")
    expect(dialog).to_contain_text("$64.00")
    dialog.get_by_role("button", name="Ask 1 creator").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Asking the creators of 1 post")
    expect(page.get_by_text("0 of 1")).to_be_visible()


def test_a_code_is_revealed_in_place(signed_in, ledger) -> None:
    page = signed_in(f"{LIST}{ledger}/")
    expect(page.get_by_text(rights.CODE)).to_have_count(0)
    page.get_by_role("button", name="Reveal").press("Enter")
    expect(page.get_by_text(rights.CODE)).to_be_visible()
