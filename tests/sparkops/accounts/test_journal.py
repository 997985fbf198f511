"""The log tells who signed in, who failed to, and what became of an account's guards."""

import secrets
from typing import Any

import pytest
from django.test import Client as Browser

from tests.factories.cast import PASSWORD, Cast

pytestmark = pytest.mark.django_db
EMAIL = "media@north.example"
PLACE = "198.51.100.23"


@pytest.fixture(autouse=True)
def _own_limits(settings: Any) -> None:
    """Limits are kept in Redis, which no test rolls back."""
    own = {**settings.CACHES["default"], "KEY_PREFIX": secrets.token_hex(8)}
    settings.CACHES = {"default": own}


def test_each_event_is_a_line_without_what_was_typed(cast: Cast, caplog: Any) -> None:
    browser, media = Browser(REMOTE_ADDR=PLACE), cast.members["media"].pk
    fresh = "another battery of staples"
    for login, password in ((EMAIL, "horse"), ("my-secret-pass", "horse"), (EMAIL, PASSWORD)):
        browser.post("/accounts/login/", {"login": login, "password": password})
    sent = {"oldpassword": PASSWORD, "password1": fresh, "password2": fresh}
    browser.post("/accounts/password/change/", sent)

    lines = [one.msg for one in caplog.records if one.name == "sparkops.accounts.journal"]
    assert [(one["event"], one.get("user_id"), one["address"]) for one in lines] == [
        ("sign_in_failed", None, PLACE),
        ("signed_in", media, PLACE),
        ("signed_out", media, PLACE),
        ("password_changed", media, PLACE),
    ]
    for typed in ("horse", "my-secret-pass", EMAIL, "staples"):
        assert typed not in str(lines)


def test_a_line_carries_nothing_of_the_request_before(cast: Cast, caplog: Any) -> None:
    """A thread answers one person after another."""
    manager = Browser()
    manager.force_login(cast.members["manager"])
    assert manager.get("/c/glow/").status_code == 200
    for _ in range(2):
        Browser().post("/accounts/login/", {"login": EMAIL, "password": "horse"})
    failed = [one.msg for one in caplog.records if "sign_in_failed" in str(one.msg)]
    assert [{"client_id", "user_id"} & set(one) for one in failed] == [set(), set()]
    assert len({one["request_id"] for one in failed}) == 2
