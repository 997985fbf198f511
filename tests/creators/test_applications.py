"""The public page on which creators apply, and what people decide."""

from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client as Browser
from django.urls import reverse

from creators.actions.applications import apply, save_page
from creators.models import Application, Creator
from sparkops.audit.record import Actor
from sparkops.isolation.scope import client_scope
from tests.factories.cast import Cast
from tests.factories.creators import NOW, make_creator

pytestmark = pytest.mark.django_db
BY = Actor("Ann")
WRITTEN = {"handle": "@Maya.Glow", "email": "maya@mail.example", "message": "I love serums"}


@pytest.fixture(autouse=True)
def fresh() -> None:
    cache.clear()


@pytest.fixture
def address(cast: Cast) -> str:
    """The open page of the client."""
    with client_scope(cast.client.pk):
        save_page(is_open=True, intro="15 % commission <b>", by=BY, now=NOW)
    return reverse("apply", kwargs={"client": cast.client.slug})


def test_a_page_that_is_not_open_is_not_there(cast: Cast) -> None:
    for slug in (cast.client.slug, "nobody-at-all"):
        answer = Browser().get(reverse("apply", kwargs={"client": slug}))
        assert answer.status_code == 404
        assert cast.client.name not in answer.content.decode()


def test_a_creator_applies_without_account_or_cookie(cast: Cast, address: str) -> None:
    browser = Browser(enforce_csrf_checks=True)
    page = browser.get(address)
    assert "15 % commission &lt;b&gt;" in page.content.decode()
    assert not page.cookies
    answer = browser.post(address, WRITTEN)
    assert "Thank you" in answer.content.decode()
    with client_scope(cast.client.pk):
        row = Application.objects.get()
        assert (row.handle, row.email, row.state) == ("maya.glow", "maya@mail.example", "new")
    with client_scope(cast.sister.pk):
        assert not Application.objects.exists()


def test_a_second_application_changes_nothing_and_says_the_same(cast: Cast, address: str) -> None:
    first = Browser().post(address, WRITTEN).content
    again = Browser().post(address, WRITTEN | {"email": "thief@mail.example"}).content
    assert again == first
    with client_scope(cast.client.pk):
        make_creator("known.person")
        assert Application.objects.get().email == "maya@mail.example"
    known = Browser().post(address, WRITTEN | {"handle": "known.person"}).content
    assert known == first


def test_wrong_input_gets_a_sentence_and_programs_get_thanks_for_nothing(
    cast: Cast, address: str
) -> None:
    for wrong in ({"handle": ""}, {"handle": "@"}, {"email": "maya"}):
        answer = Browser().post(address, WRITTEN | wrong)
        assert answer.status_code == 422
        assert 'aria-invalid="true"' in answer.content.decode()
    assert "Thank you" in Browser().post(address, WRITTEN | {"website": "x"}).content.decode()
    with client_scope(cast.client.pk):
        assert not Application.objects.exists()


def test_one_address_sends_ten_an_hour(cast: Cast, address: str) -> None:
    codes = [
        Browser().post(address, WRITTEN | {"handle": f"maker{number}"}).status_code
        for number in range(11)
    ]
    assert codes == [200] * 10 + [429]


def test_people_approve_decline_and_open_again(cast: Cast) -> None:
    with client_scope(cast.client.pk):
        known = make_creator("known.person", email="old@mail.example")
        rows = [
            apply(handle=name, email=f"{name}@mail.example", message="", now=NOW)
            for name in ("maya.glow", "known.person", "no.thanks")
        ]

    def post(role: str, data: dict[str, Any]) -> int:
        browser = Browser()
        browser.force_login(cast.members[role])
        url = reverse("creators:application-decide", kwargs={"client": cast.client.slug})
        return browser.post(url, data).status_code

    yes = {"id": [rows[0].pk, rows[1].pk], "word": "approve"}
    assert post("viewer", yes) == 403
    assert post("affiliate", yes) == 302
    assert post("affiliate", yes) == 302
    assert post("affiliate", {"all": "1", "word": "decline"}) == 302
    with client_scope(cast.client.pk):
        states = dict(Application.objects.values_list("handle", "state"))
        assert states == {
            "maya.glow": "approved", "known.person": "approved", "no.thanks": "declined",
        }  # fmt: skip
        maya = Creator.objects.get(handle="maya.glow")
        assert (maya.source, maya.email) == ("application", "maya.glow@mail.example")
        known.refresh_from_db()
        assert known.email == "old@mail.example"
        assert Creator.objects.count() == 2
    assert post("affiliate", {"id": rows[2].pk, "word": "reopen"}) == 302
    with client_scope(cast.client.pk):
        assert Application.objects.get(handle="no.thanks").state == "new"


def test_addresses_are_shown_to_those_who_may_see_them(cast: Cast) -> None:
    with client_scope(cast.client.pk):
        apply(handle="maya.glow", email="maya@mail.example", message="Hi", now=NOW)
    url = reverse("creators:applications", kwargs={"client": cast.client.slug})
    for role, sees in (("affiliate", True), ("viewer", False)):
        browser = Browser()
        browser.force_login(cast.members[role])
        text = browser.get(url).content.decode()
        assert "@maya.glow" in text
        assert ("maya@mail.example" in text) is sees
