"""What guards an account: each change is told by mail."""

import secrets
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.test import Client as Browser

from tests.factories.cast import BEGIN, PASSWORD, Cast

pytestmark = pytest.mark.django_db
EMAIL = "media@north.example"


@pytest.fixture(autouse=True)
def _own_limits(settings: Any) -> Iterator[None]:
    """Limits and used codes are kept in Redis, which no test rolls back."""
    own = {**settings.CACHES["default"], "KEY_PREFIX": secrets.token_hex(8)}
    settings.CACHES = {"default": own}
    with time_machine.travel(BEGIN, tick=False):
        yield


def after_the_password(password: str = PASSWORD) -> Browser:
    """A browser in which the password was given."""
    browser = Browser()
    sent = {"login": EMAIL, "password": password}
    assert browser.post("/accounts/login/", sent).status_code == 302
    return browser


def is_in(browser: Browser) -> bool:
    return browser.get("/find/").status_code == 200


def test_a_changed_password_is_told_by_mail_and_ends_every_session(cast: Cast) -> None:
    here, there = after_the_password(), after_the_password()
    fresh = "another battery of staples"
    sent = {"oldpassword": PASSWORD, "password1": fresh, "password2": fresh}
    assert here.post("/accounts/password/change/", sent).status_code == 302
    assert (is_in(here), is_in(there)) == (False, False)
    [told] = mail.outbox
    assert told.to == [EMAIL]
    assert "Your password has been changed." in told.body
    assert fresh not in told.body
    assert is_in(after_the_password(fresh))
