"""What guards an account: each change is told by mail, secrets are sealed, codes work once."""

import secrets
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    SECRET_SESSION_KEY,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
)
from django.core import mail
from django.test import Client as Browser

from tests.factories.cast import BEGIN, PASSWORD, Cast

pytestmark = pytest.mark.django_db
EMAIL = "media@north.example"
ACTIVATE, CODE = "/accounts/2fa/totp/activate/", "/accounts/2fa/authenticate/"
AGAIN = "/accounts/reauthenticate/"
PERIOD = 30


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


def after_the_password_again() -> Browser:
    """A browser in which the password was asked for before a change."""
    browser = after_the_password()
    assert browser.post(AGAIN, {"password": PASSWORD}).status_code == 302
    return browser


def is_in(browser: Browser) -> bool:
    return browser.get("/find/").status_code == 200


def code_of(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // PERIOD))


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


def test_a_change_of_factors_asks_for_the_password_again_and_trusts_it_for_five_minutes(
    cast: Cast,
) -> None:
    browser = after_the_password()
    for path in (ACTIVATE, "/accounts/2fa/webauthn/add/"):
        assert browser.get(path).headers["Location"].startswith(AGAIN), path
    sent = {"email": "mine@elsewhere.example", "action_add": ""}
    assert browser.post("/accounts/email/", sent).headers["Location"].startswith(AGAIN)
    assert browser.post(AGAIN, {"password": "horse"}).status_code == 200
    assert browser.get(ACTIVATE).status_code == 302
    assert browser.post(AGAIN, {"password": PASSWORD}).status_code == 302
    assert browser.get(ACTIVATE).status_code == 200
    with time_machine.travel(BEGIN + timedelta(seconds=301), tick=False):
        assert browser.get(ACTIVATE).status_code == 302


@pytest.mark.django_db(transaction=True)
def test_a_second_factor_is_sealed_told_by_mail_and_each_code_works_once(cast: Cast) -> None:
    """The mail leaves with the commit, which is the request's own."""
    browser = after_the_password_again()
    browser.get(ACTIVATE)
    secret = browser.session[SECRET_SESSION_KEY]
    assert browser.post(ACTIVATE, {"code": code_of(secret)}).status_code == 302
    app = Authenticator.objects.get(type=Authenticator.Type.TOTP)
    assert app.data["secret"].startswith("gAAAA")
    assert secret not in app.data["secret"]
    recovery = Authenticator.objects.get(type=Authenticator.Type.RECOVERY_CODES)
    assert recovery.data["seed"].startswith("gAAAA")
    assert {tuple(one.to) for one in mail.outbox} == {(EMAIL,)}
    assert any("Authenticator app activated." in str(one.body) for one in mail.outbox)

    first, again = after_the_password(), after_the_password()
    assert (is_in(first), is_in(again)) == (False, False)
    assert first.post(CODE, {"code": code_of(secret)}).status_code == 302
    assert is_in(first)
    assert again.post(CODE, {"code": code_of(secret)}).status_code == 200
    assert not is_in(again)


def test_a_second_factor_from_before_secrets_were_sealed_still_works(cast: Cast) -> None:
    secret = generate_totp_secret()
    Authenticator.objects.create(
        user=cast.members["media"], type=Authenticator.Type.TOTP, data={"secret": secret}
    )
    browser = after_the_password()
    assert not is_in(browser)
    assert browser.post(CODE, {"code": code_of(secret)}).status_code == 302
    assert is_in(browser)
