"""Nobody gets an account without an invitation, which works once, in time, for its address."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
import time_machine
from django.core import mail
from django.test import Client as Browser

from sparkops.accounts.models import User
from sparkops.tenants.models import Invitation, Membership
from tests.factories.cast import BEGIN, Cast, make_user

pytestmark = pytest.mark.django_db
NOW = BEGIN + timedelta(days=10)
SIGN_UP = "/accounts/signup/"
NEW = "new@north.example"


@pytest.fixture(autouse=True)
def _at_now() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def link(cast: Cast, django_capture_on_commit_callbacks: Any) -> str:
    """The path of an invitation as a media buyer, as the mail tells it."""
    owner = signed_in(cast.members["owner"])
    with django_capture_on_commit_callbacks(execute=True):
        sent = owner.post("/o/north/team/invite/", {"email": NEW, "role": "media"})
    assert sent.status_code == 302
    [found] = re.findall(r"https?://\S+/join/\S+", str(mail.outbox[-1].body))
    return urlsplit(found).path


def signed_in(user: User) -> Browser:
    browser = Browser()
    browser.force_login(user)
    return browser


def test_the_page_of_sign_up_is_closed_without_an_invitation(link: str) -> None:
    sent = {"email": NEW, "password1": "a staple battery", "password2": "a staple battery"}
    stranger = Browser()
    assert "Sign Up Closed" in stranger.get(SIGN_UP).content.decode()
    stranger.post(SIGN_UP, sent)
    assert not User.objects.filter(email=NEW).exists()
    invited = Browser()
    assert invited.get(link).status_code == 200
    assert invited.post(SIGN_UP, sent).status_code == 302
    assert User.objects.filter(email=NEW).exists()


def test_it_works_once_and_for_its_address_alone(link: str) -> None:
    other, invited = make_user("other@north.example"), make_user(NEW)
    assert signed_in(other).post(link).status_code == 422
    assert not Membership.objects.filter(user__in=[other, invited]).exists()
    assert signed_in(invited).post(link).status_code == 302
    assert Membership.objects.get(user=invited).role == "media"
    assert signed_in(invited).post(link).status_code == 422


def test_it_ends_after_seven_days_or_when_it_is_withdrawn(cast: Cast, link: str) -> None:
    invited = make_user(NEW)
    with time_machine.travel(NOW + timedelta(days=7), tick=False):
        assert signed_in(invited).post(link).status_code == 422
    owner = signed_in(cast.members["owner"])
    withdrawn = f"/o/north/team/invitations/{Invitation.objects.get().pk}/revoke/"
    assert owner.post(withdrawn).status_code == 302
    assert signed_in(invited).post(link).status_code == 422
    assert not Membership.objects.filter(user=invited).exists()


def test_the_database_holds_a_hash_of_it(link: str) -> None:
    secret = link.strip("/").rpartition("/")[2]
    stored = Invitation.objects.get().secret_hash
    assert len(secret) >= 43  # 256 bits
    assert re.fullmatch("[0-9a-f]{64}", stored) and secret not in stored
