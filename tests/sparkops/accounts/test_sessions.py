"""A person's open sessions: what is told of each, ending one or all others, and the log of it."""

import pytest
from allauth.usersessions.models import UserSession
from django.test import Client as Browser

from sparkops.accounts.models import User
from sparkops.accounts.sessions import UNKNOWN, device_of, masked_place
from sparkops.audit.models import OrganizationEvent
from tests.factories.cast import Cast

pytestmark = pytest.mark.django_db
HERE = "/accounts/sessions/"
WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/142.0 Safari/537.36"
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) Version/18.1 Mobile Safari/604.1"


def browser_of(person: User, agent: str = WINDOWS, address: str = "203.0.113.77") -> Browser:
    """A browser in which the person has opened a page."""
    browser = Browser(HTTP_USER_AGENT=agent, REMOTE_ADDR=address)
    browser.force_login(person)
    assert browser.get("/find/").status_code == 200
    return browser


def is_in(browser: Browser) -> bool:
    return browser.get(HERE).status_code == 200


def text(browser: Browser) -> str:
    return str(browser.get(HERE).content.decode())


def key_of(agent: str) -> int:
    return UserSession.objects.get(user_agent=agent).pk


def test_each_session_is_told_by_its_device_and_a_masked_address(cast: Cast) -> None:
    owner = cast.members["owner"]
    here = browser_of(owner)
    browser_of(owner, PHONE, "2001:db8:85a3:8d3:1319:8a2e:370:7348")
    browser_of(cast.members["manager"], "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Firefox/140.0")
    page = text(here)
    assert page.index("Chrome on Windows") < page.index("This one") < page.index("Safari on iPhone")
    assert "203.0.113.x" in page
    assert "2001:db8:85a3::…" in page
    for hidden in ("203.0.113.77", "8a2e", "Firefox"):
        assert hidden not in page
    assert page.count(">End<") == 1


def test_one_session_is_ended_and_the_log_says_so(cast: Cast) -> None:
    owner = cast.members["owner"]
    here, phone = browser_of(owner), browser_of(owner, PHONE)
    answer = here.post(f"{HERE}{key_of(PHONE)}/end/", follow=True)
    assert "Safari on iPhone is signed out." in answer.content.decode()
    assert (is_in(here), is_in(phone)) == (True, False)
    event = OrganizationEvent.objects.get(verb="session.ended")
    assert (event.organization_id, event.label) == (cast.agency.pk, owner.email)
    assert event.data == {"device": "Safari on iPhone", "address": "203.0.113.x"}


def test_all_others_are_ended_at_once(cast: Cast) -> None:
    owner = cast.members["owner"]
    here, phone = browser_of(owner), browser_of(owner, PHONE)
    other = browser_of(owner, "curl/8")
    stays = browser_of(cast.members["manager"])
    page = here.post(f"{HERE}end/", follow=True).content.decode()
    assert "2 other sessions ended." in page
    assert [is_in(one) for one in (here, phone, other, stays)] == [True, False, False, True]
    event = OrganizationEvent.objects.get(verb="sessions.ended")
    assert sorted(event.data["devices"]) == ["Safari on iPhone", UNKNOWN]
    assert "signed in nowhere else" in here.post(f"{HERE}end/", follow=True).content.decode()
    assert OrganizationEvent.objects.filter(verb="sessions.ended").count() == 1


def test_neither_the_own_session_nor_that_of_somebody_else_can_be_ended(cast: Cast) -> None:
    here = browser_of(cast.members["owner"])
    theirs = browser_of(cast.members["manager"], PHONE)
    for pk in (key_of(WINDOWS), key_of(PHONE)):
        assert here.post(f"{HERE}{pk}/end/").status_code == 404
    assert (is_in(here), is_in(theirs)) == (True, True)
    assert here.get(f"{HERE}end/").status_code == 405
    assert Browser().get(HERE)["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize(
    ("agent", "device"),
    [
        (WINDOWS, "Chrome on Windows"),
        (PHONE, "Safari on iPhone"),
        (WINDOWS + " Edg/142.0", "Edge on Windows"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 14) Firefox/140.0", "Firefox on Mac"),
        ("Mozilla/5.0 (Linux; Android 15) Chrome/142.0 Mobile Safari/537.36", "Chrome on Android"),
        ("Mozilla/5.0 (Linux)", "Linux"),
        ("", UNKNOWN),
    ],
)
def test_a_device_is_named_as_far_as_it_says(agent: str, device: str) -> None:
    assert device_of(agent) == device


@pytest.mark.parametrize(
    ("address", "place"),
    [("203.0.113.9", "203.0.113.x"), ("::ffff:203.0.113.9", "203.0.113.x"), ("::1", "::…")],
)
def test_an_address_is_masked(address: str, place: str) -> None:
    assert masked_place(address) == place
