"""Outreach in Chromium: accessibility and both widths."""

from collections.abc import Callable
from functools import partial

import pytest
from playwright.sync_api import Page, expect

from sparkops import clock
from sparkops.isolation.scope import client_scope
from sparkops.outreach.actions.replies import Said, keep_replies
from sparkops.outreach.models import Recipient, Thread
from tests.browser.test_components import violations
from tests.factories.cast import build_cast
from tests.factories.creators import make_product
from tests.sparkops.outreach import reaching

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
HERE = "/c/glow/outreach/"


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
    ]


@pytest.fixture
def signed_in(open_as: Callable[..., Page]) -> Callable[..., Page]:
    return partial(open_as, "manager@north.example")


@pytest.mark.parametrize(("width", "scheme"), [(1440, "light"), (390, "dark")])
def test_pages_of_outreach_are_accessible_and_fit(signed_in, paths, width, scheme) -> None:
    for path in paths:
        page = signed_in(path, width=width, scheme=scheme)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        assert violations(page) == [], path
        assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") == 0, path
