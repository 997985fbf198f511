"""Signing in: how often it may be tried, and from where it was."""

import secrets
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.core import mail
from django.test import Client as Browser

from tests.factories.cast import BEGIN, PASSWORD, Cast

pytestmark = pytest.mark.django_db
LOGIN = "/accounts/login/"


@pytest.fixture(autouse=True)
def _own_limits(settings: Any) -> Iterator[None]:
    """Limits are kept in Redis, which no test rolls back; their windows do not move meanwhile."""
    own = {**settings.CACHES["default"], "KEY_PREFIX": secrets.token_hex(8)}
    settings.CACHES = {"default": own}
    with time_machine.travel(BEGIN, tick=False):
        yield


def sign_in(browser: Browser, email: str, password: str, **said: Any) -> int:
    """The status of the answer: 302 for who is in, 200 for a refused form, 429 for too many."""
    return browser.post(LOGIN, {"login": email, "password": password}, **said).status_code


def through_proxy(place: str) -> dict[str, Any]:
    """What our proxy passes on for a sender who claims to be somebody else."""
    return {"REMOTE_ADDR": "10.0.0.1", "headers": {"x-forwarded-for": f"192.0.2.1, {place}"}}


def test_behind_the_proxy_limits_count_each_sender_alone(cast: Cast, settings: Any) -> None:
    """Thirty tries a minute from one address."""
    settings.BEHIND_TLS_PROXY = True
    here, there = through_proxy("203.0.113.9"), through_proxy("203.0.113.10")
    tried = [sign_in(Browser(), f"guess{n}@north.example", "wrong", **here) for n in range(31)]
    assert tried == [200] * 30 + [429]
    assert sign_in(Browser(), "media@north.example", PASSWORD, **there) == 302


def test_a_session_shows_what_the_proxy_saw(cast: Cast, settings: Any) -> None:
    settings.BEHIND_TLS_PROXY = True
    browser = Browser(**through_proxy("203.0.113.9"))
    browser.force_login(cast.members["media"])
    assert browser.get("/find/").status_code == 200
    assert UserSession.objects.get().ip == "203.0.113.9"


def test_five_wrong_passwords_stop_the_right_one_for_a_while(cast: Cast) -> None:
    """From wherever they came; others sign in as before."""
    for number in range(5):
        place = f"198.51.100.{number}"
        assert sign_in(Browser(), "owner@north.example", "wrong", REMOTE_ADDR=place) == 200
    assert sign_in(Browser(), "owner@north.example", PASSWORD, REMOTE_ADDR="198.51.100.9") == 200
    assert sign_in(Browser(), "media@north.example", PASSWORD, REMOTE_ADDR="198.51.100.9") == 302


def test_signing_in_begins_another_session(cast: Cast) -> None:
    """A session that somebody planted before is worth nothing afterwards."""
    browser = Browser()
    planted = browser.session
    planted.save()
    browser.cookies[settings.SESSION_COOKIE_NAME] = planted.session_key
    assert sign_in(browser, "media@north.example", PASSWORD) == 302
    begun = browser.cookies[settings.SESSION_COOKIE_NAME].value
    assert begun != planted.session_key
    assert not planted.exists(planted.session_key)
    assert browser.post("/accounts/logout/").status_code == 302
    assert not planted.exists(begun)


def test_a_reset_does_not_tell_who_has_an_account(cast: Cast) -> None:
    """Known or not, the answer is the same, and a mail goes to the address alone."""
    told = []
    for email in ("media@north.example", "nobody@north.example"):
        answer = Browser().post("/accounts/password/reset/", {"email": email}, follow=True)
        told.append((answer.redirect_chain, answer.status_code))
    assert told[0] == told[1]
    assert [one.to for one in mail.outbox] == [["media@north.example"], ["nobody@north.example"]]
    assert "/accounts/password/reset/key/" in mail.outbox[0].body
    assert "/accounts/password/reset/key/" not in mail.outbox[1].body
