"""A session is noted when it is new, changed, or a minute older; not at every request."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from allauth.usersessions.models import UserSession
from django.test import Client as Browser

from sparkops import clock
from tests.factories.cast import Cast

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
PAGE = "/c/glow/authorizations/"


@pytest.fixture
def browser(cast: Cast) -> Browser:
    browser = Browser()
    browser.force_login(cast.members["owner"])
    return browser


def touched(browser: Browser, **headers: Any) -> bool:
    """Whether a request of the page wrote the session down."""
    UserSession.objects.update(user_agent="before")
    assert browser.get(PAGE, **headers).status_code == 200
    return UserSession.objects.get().user_agent != "before"


def test_a_session_is_noted_at_its_first_request_and_once_a_minute(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = NOW
    monkeypatch.setattr(clock, "now", lambda: now)
    assert touched(browser)
    now = NOW + timedelta(seconds=59)
    assert not touched(browser)
    now = NOW + timedelta(seconds=60)
    assert touched(browser)


def test_another_browser_or_address_is_noted_at_once(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    assert touched(browser)
    assert touched(browser, HTTP_USER_AGENT="Another/1.0")
    assert touched(browser, HTTP_USER_AGENT="Another/1.0", REMOTE_ADDR="203.0.113.9")
    assert not touched(browser, HTTP_USER_AGENT="Another/1.0", REMOTE_ADDR="203.0.113.9")
