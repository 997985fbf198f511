"""U8: the guided set-up, the page it previews, and that a preview keeps nothing."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

from authorizations.models import TermsVersion
from creators.models import Post
from sparkops.home.guide.summary import most_it_costs
from sparkops.isolation.scope import client_scope
from sparkops.renewals.actions.runs import run_batch
from sparkops.renewals.models import Ask, Cadence, Run, SavedMessage
from sparkops.renewals.queries.own_page import to_show
from sparkops.tenants.models import Client
from tests.factories import rights
from tests.factories.cast import Cast
from tests.factories.links import link_path
from tests.factories.rights import NOW
from tests.factories.terms import terms
from tests.sparkops.home.test_brand import picture

pytestmark = pytest.mark.django_db
HERE = "/c/glow/set-up/guide/"
TERMS: dict[str, Any] = {
    "name": "Standard", "days": "45", "hold_days": "10", "channels": ["spark", "shop"],
    "regions": "United States", "currency": "USD", "fee": "450", "pay_when": "code",
    "pay_days": "7", "spend_cap": "2500", "renewal_days": "14", "disclosure": "on",
    "free_text": "Please tag us in the first comment.",
}  # fmt: skip
BRAND = {"name": "Glow & Co", "accent": "#D9480F"}
REMINDERS = {
    "reminder_days": "14, 3", "quiet_starts": "21:00", "quiet_ends": "08:00",
    "escalate_after": "3", "language": "en", "days": "30",
}  # fmt: skip


@pytest.fixture(autouse=True)
def fresh(time_machine: Any) -> None:
    cache.clear()
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def manager(cast: Cast) -> Browser:
    return signed_in(cast, "manager")


def signed_in(cast: Cast, role: str) -> Browser:
    browser = Browser()
    browser.force_login(cast.members[role])
    return browser


def text(answer: Any) -> str:
    return str(answer.content.decode())


def post_of(client: Client) -> Post:
    with client_scope(client.pk):
        return rights.post()


def said(page: str) -> dict[str, str]:
    """What a creator reads and what travels with the acceptance, of the page or its preview."""
    found = {
        "top": r'(<header class="po-top">.*?)<form',
        "post": r'(<aside class="po-side".*?</aside>)',
        "ask": r'(<p class="po-step">.*?</section>)',
        "digest": r'name="shown" value="(\w+)"',
        "foot": r'(<footer class="po-foot">.*?</footer>)',
    }
    parts = {name: re.search(one, page, re.S) for name, one in found.items()}
    assert None not in parts.values(), page
    return {name: one[1] for name, one in parts.items() if one}


@contextmanager
def nothing_written() -> Iterator[None]:
    """No statement inside changes a row."""
    with CaptureQueriesContext(connection) as caught:
        yield
    words = ("INSERT", "UPDATE", "DELETE", "COPY")
    assert [one["sql"] for one in caught if one["sql"].lstrip('"( ').startswith(words)] == []


def test_u8_the_preview_is_what_the_creator_then_sees(cast: Cast, manager: Browser) -> None:
    """U8: brand and terms are typed, shown, published, and the creator opens the same page."""
    post = post_of(cast.client)
    typed = text(manager.post(f"{HERE}brand/preview/", BRAND))
    assert "Glow &amp; Co" in typed
    assert 'href="/brand/d9480f.css"' in typed
    assert "The terms are proposed" in typed
    assert manager.post(f"{HERE}brand/", BRAND)["Location"] == f"{HERE}terms/"

    before = said(text(manager.post(f"{HERE}terms/preview/", TERMS)))
    assert "45 days" in before["ask"]
    assert "450.00 USD" in before["ask"]
    assert manager.post(f"{HERE}terms/", TERMS)["Location"] == f"{HERE}message/"
    with client_scope(cast.client.pk):
        path = link_path(post, TermsVersion.objects.get().template)
    real = said(text(Browser().get(path)))
    assert real == before
    assert said(text(manager.get(f"{HERE}terms/"))) == before


def test_u8_the_language_of_the_page_can_be_chosen(cast: Cast, manager: Browser) -> None:
    post = post_of(cast.client)
    before = said(text(manager.post(f"{HERE}terms/preview/", {**TERMS, "preview_language": "de"})))
    manager.post(f"{HERE}terms/", TERMS)
    with client_scope(cast.client.pk):
        path = link_path(post, TermsVersion.objects.get().template)
    assert said(text(Browser().get(path, {"lang": "de"}))) == before
    assert "45 Tage" in before["ask"]


def test_u8_a_preview_keeps_nothing(cast: Cast, manager: Browser) -> None:
    """U8: no preview changes a row, whatever is typed, not even a logo."""
    post = post_of(cast.client)
    manager.get(f"{HERE}brand/")
    logo = SimpleUploadedFile("logo.png", picture(), "image/png")
    typed: dict[str, dict[str, Any]] = {
        "brand": {**BRAND, "logo": logo},
        "terms": TERMS,
        "message": {"subject": "Hello", "body": "Hi {creator}, say yes: {link}"},
        "reminders": REMINDERS,
        "request": {"posts": [post.pk], "days": "30", "price": "120", "language": "es"},
    }
    for step, values in typed.items():
        with nothing_written():
            answer = manager.post(f"{HERE}{step}/preview/", values)
        assert answer.status_code == 200
        assert "The creator's page" in text(answer), step
        # A body without a field is what a page sends of which nothing was loaded yet.
        assert manager.post(f"{HERE}{step}/preview/", {}).status_code == 200
    assert "data:image/png;base64," in text(
        manager.post(f"{HERE}brand/preview/", {"logo": SimpleUploadedFile("l.png", picture())})
    )
    client = Client.objects.get(pk=cast.client.pk)
    assert (client.brand_name, client.brand_logo) == ("", "")
    with client_scope(client.pk):
        assert not TermsVersion.objects.exists()
        assert not SavedMessage.objects.exists()
        assert not Cadence.objects.exists()
        assert not Run.objects.exists()


def test_u8_what_is_wrong_is_said_beside_the_form(cast: Cast, manager: Browser) -> None:
    answer = text(manager.post(f"{HERE}terms/preview/", {**TERMS, "days": ""}))
    assert "Days of use: This field is required." in answer
    assert "po-step" not in answer
    answer = text(manager.post(f"{HERE}brand/preview/", {"accent": "red"}))
    assert "Write the colour as # and six digits" in answer
    assert manager.post(f"{HERE}brand/", {"accent": "red"}).status_code == 422
    assert manager.post(f"{HERE}connect/preview/").status_code == 404
    assert manager.get(f"{HERE}terms/preview/").status_code == 405


def test_u8_the_summary_says_what_is_asked_and_what_it_costs_at_most(
    cast: Cast, manager: Browser
) -> None:
    """U8: window, cap, fee, reminder days in the client's zone, and the most it may cost. NOW is
    Sep 10, 11:00 in Los Angeles, so 45 days end on Oct 24 and the hold on Nov 3."""
    manager.post(f"{HERE}reminders/", REMINDERS)
    page = text(manager.post(f"{HERE}terms/preview/", TERMS))
    assert "45 days from the creator&#x27;s yes" in page
    assert "Thu Sep 10 to Sat Oct 24. The post stays up until Tue Nov 3." in page
    assert "$450.00 a post" in page
    assert "At most $2,500.00 a post" in page
    assert "14, 3 days before the end" in page
    assert "Sat Oct 10; Wed Oct 21 (America/Los_Angeles)" in page
    assert "$2,950.00 for 1 post" in page
    page = text(manager.post(f"{HERE}terms/preview/", {**TERMS, "spend_cap": ""}))
    assert "$450.00 in fees for 1 post, and ads without a limit." in page
    page = text(manager.post(f"{HERE}terms/preview/", {**TERMS, "spend_cap": "", "fee": ""}))
    assert "Not limited" in page


def test_the_most_it_costs_is_fees_and_spend_of_every_post(cast: Cast) -> None:
    with client_scope(cast.client.pk):
        version = terms().latest
    assert version is not None
    assert most_it_costs(version.deal, 3) == (450 + 2500) * 3


def test_u8_steps_show_their_state_and_one_goes_on_where_one_stopped(
    cast: Cast, manager: Browser
) -> None:
    """U8: a step that was passed over says so, and what the client goes without."""
    assert manager.get(HERE)["Location"] == f"{HERE}connect/"
    page = text(manager.get(f"{HERE}connect/"))
    assert "Nothing is read from TikTok and no code can be used" in page
    assert f'href="{HERE}brand/">Leave for later' in page
    manager.post(f"{HERE}brand/", BRAND)
    assert manager.get(HERE)["Location"] == f"{HERE}terms/"
    assert states(manager) == ["Left for later", "Done", "To do", "To do", "To do", "To do"]
    manager.post(f"{HERE}reminders/", REMINDERS)
    assert states(manager)[2:5] == ["Left for later", "Left for later", "Done"]
    page = text(manager.get(f"{HERE}done/"))
    assert "4 steps are left" in page
    assert "Creators have no page of their own, and no ad can be launched." in page


def states(browser: Browser) -> list[str]:
    page = text(browser.get(f"{HERE}done/"))
    steps = page[page.index('class="guide-steps"') : page.index('class="guide"')]
    return re.findall(r'<span class="t3">([^<]+)</span>', steps)


def test_u8_every_step_is_the_form_of_its_own_page(cast: Cast, manager: Browser) -> None:
    """U8: the whole way; what it keeps is what the pages of each action show."""
    post = post_of(cast.client)
    own = "Hi {creator}, {brand} likes your video. {link}"
    words = {"subject": "Your video", "body": own}
    manager.post(f"{HERE}brand/", BRAND)
    manager.post(f"{HERE}terms/", TERMS)
    assert manager.post(f"{HERE}message/", words)["Location"] == f"{HERE}reminders/"
    assert manager.post(f"{HERE}reminders/", REMINDERS)["Location"] == f"{HERE}request/"
    typed = {"posts": [post.pk], "days": "30", "price": "120", "language": ""}
    shown = text(manager.post(f"{HERE}request/preview/", typed))
    assert manager.post(f"{HERE}request/", typed)["Location"] == f"{HERE}done/"
    with client_scope(cast.client.pk):
        run = Run.objects.get()
        run_batch(run.pk, now=NOW)
        ask = Ask.objects.get()
        assert ask.authorization.post_id == post.pk
        as_told = to_show(ask.text)
        assert SavedMessage.objects.get().body == own
    assert "Glow &amp; Co likes your video." in shown
    assert as_told.replace("&", "&amp;") in re.sub(r"<br>", "\n", shown)
    assert states(manager) == ["Left for later", *["Done"] * 5]
    assert manager.get(HERE)["Location"] == f"{HERE}connect/"
    assert f"/c/glow/renewals/runs/{run.pk}/" in text(manager.get(f"{HERE}done/"))
    # Terms that stay as they are make no second version.
    same = {name: value for name, value in TERMS.items() if name != "name"}
    assert manager.post(f"{HERE}terms/", same).status_code == 302
    manager.post(f"{HERE}terms/", {**same, "fee": "500"})
    with client_scope(cast.client.pk):
        assert list(TermsVersion.objects.order_by("pk").values_list("number", flat=True)) == [1, 2]


def test_u8_without_a_post_there_is_nobody_to_ask(cast: Cast, manager: Browser) -> None:
    page = text(manager.get(f"{HERE}request/"))
    assert "No post to ask about yet" in page
    assert "The post is an example" in page
    page = manager.post(f"{HERE}request/", {"days": "30", "language": ""})
    assert page.status_code == 422


def test_u8_posts_that_somebody_has_rights_to_are_not_offered(cast: Cast, manager: Browser) -> None:
    with client_scope(cast.client.pk):
        rights.authorized(ends_at=NOW.replace(month=12), now=NOW)
        other = rights.post("7500000000000000002", "noor.glow")
    page = text(manager.get(f"{HERE}request/"))
    assert "@noor.glow" in page
    assert page.count('name="posts"') == 1
    assert f'value="{other.pk}"' in page


def test_u8_who_may_not_do_a_step_is_told_who_does(cast: Cast) -> None:
    viewer = signed_in(cast, "viewer")
    assert viewer.get(HERE)["Location"] == f"{HERE}done/"
    assert text(viewer.get(f"{HERE}done/")).count("An owner or account manager does this") >= 6
    assert viewer.get(f"{HERE}terms/").status_code == 403
    media = signed_in(cast, "media")
    assert media.get(HERE)["Location"] == f"{HERE}terms/"
    assert media.get(f"{HERE}brand/").status_code == 403
    assert signed_in(cast, "manager").get("/c/secret-brand/set-up/guide/").status_code == 404


def test_u8_connecting_comes_back_to_the_step(cast: Cast, manager: Browser) -> None:
    """Where to return is a page of the same client, and nothing else."""
    started = manager.post("/c/glow/connections/connect/ads/", {"back": f"{HERE}connect/"})
    state = re.search(r"state=([^&]+)", started["Location"])
    assert state is not None
    back = manager.get("/connect/ads/", {"state": state[1]})
    assert back["Location"] == f"{HERE}connect/"
    for elsewhere in ("https://evil.example/", "//evil.example/c/glow/", "/c/peak/", ""):
        started = manager.post("/c/glow/connections/connect/ads/", {"back": elsewhere})
        state = re.search(r"state=([^&]+)", started["Location"])
        assert state is not None
        back = manager.get("/connect/ads/", {"state": state[1]})
        assert back["Location"] == "/c/glow/connections/", elsewhere


def test_other_reminder_days_leave_held_codes_held(cast: Cast, manager: Browser) -> None:
    Client.objects.filter(pk=cast.client.pk).update(hold_codes_until_paid=True)
    manager.post(f"{HERE}reminders/", REMINDERS)
    client = Client.objects.get(pk=cast.client.pk)
    assert (client.reminder_days, client.hold_codes_until_paid) == ([14, 3], True)
