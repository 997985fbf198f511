"""The pages of webhooks, by hand."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

from sparkops.audit.models import OrganizationEvent
from sparkops.hooks.models import Endpoint
from tests.factories.cast import Cast
from tests.sparkops.hooks.conftest import Hooked, owner_of
from tests.sparkops.hooks.receiver import Receiver, expected_signature

pytestmark = pytest.mark.django_db
HERE = "/o/north/webhooks/"
SECRET = re.compile(r"whsec_[A-Za-z0-9+/=]{44}")


def test_a_webhook_is_made_shows_its_secret_once_and_sends_a_test(
    cast: Cast, receiver: Receiver, at_now: Any
) -> None:
    browser = owner_of(cast)
    assert "No webhook yet" in browser.get(HERE).content.decode()
    form = {"name": "Warehouse", "url": receiver.url, "groups": ["samples"], "client": ""}
    answer = browser.post(f"{HERE}new/", form)
    [secret] = set(SECRET.findall(answer.content.decode()))
    assert answer.headers["Cache-Control"] == "no-store"
    endpoint = Endpoint.objects.get()
    page = browser.get(f"{HERE}{endpoint.pk}/").content.decode()
    assert secret not in page
    assert "Nothing was told yet" in page
    told = browser.post(f"{HERE}{endpoint.pk}/test/", follow=True)
    assert "It was not tried yet" in told.content.decode()
    hooked = Hooked(cast, receiver, endpoint, secret)
    hooked.tell()
    [(headers, body)] = receiver.got
    assert headers["webhook-signature"] == expected_signature(secret, headers, body)
    assert '"type":"webhook.test"' in body
    page = browser.get(told.redirect_chain[-1][0]).content.decode()
    assert "thanks" in page
    assert headers["webhook-id"] in page
    again = browser.post(f"{told.redirect_chain[-1][0]}again/")
    assert again.status_code == 302
    hooked.tell()
    assert len(receiver.got) == 2


def test_what_an_owner_does_is_in_the_log_of_the_organization(hooked: Hooked) -> None:
    browser, here = owner_of(hooked.cast), f"{HERE}{hooked.endpoint.pk}/"
    form = {"name": "Store", "url": hooked.receiver.url, "groups": []}
    assert browser.post(f"{here}edit/", form).status_code == 302
    assert SECRET.search(browser.post(f"{here}rotate/", {"grace": "24"}).content.decode())
    for word in ("off", "on"):
        assert browser.post(f"{here}{word}/").status_code == 302
    span = {"since": "2026-11-01T00:00", "until": "2026-12-01T00:00"}
    assert browser.post(f"{here}again/", span).status_code == 302
    assert browser.post(f"{here}remove/").status_code == 302
    assert browser.get(here).status_code == 404
    verbs = OrganizationEvent.objects.order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == [
        "webhook.created", "webhook.changed", "webhook.rotated", "webhook.switched_off",
        "webhook.switched_on", "webhook.replayed", "webhook.removed",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("form", "says"),
    [
        ({"url": "https://10.0.0.1/"}, "private network"),
        ({"url": "nothing"}, "begins with https://"),
        ({"url": "https://example.com/", "groups": ["no"]}, "no"),
        ({"url": "https://example.com/", "name": ""}, "required"),
    ],
)
def test_bad_input_is_a_sentence_and_nothing_is_written(
    cast: Cast, form: dict[str, Any], says: str
) -> None:
    answer = owner_of(cast).post(f"{HERE}new/", {"name": "Store", **form})
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert not Endpoint.objects.exists()


def test_a_span_that_ends_before_it_begins_is_refused(hooked: Hooked) -> None:
    span = {"since": "2026-12-01T00:00", "until": "2026-11-01T00:00"}
    answer = owner_of(hooked.cast).post(f"{HERE}{hooked.endpoint.pk}/again/", span)
    assert answer.status_code == 422
    assert "after its beginning" in answer.content.decode()


def test_others_do_not_reach_it(hooked: Hooked) -> None:
    for role in ("manager", "viewer", "finance"):
        assert owner_of(hooked.cast, role).get(HERE).status_code == 403
    stranger = Browser()
    stranger.force_login(hooked.cast.stranger)
    assert stranger.get(f"{HERE}{hooked.endpoint.pk}/").status_code == 404
    assert stranger.get(f"/o/other/webhooks/{hooked.endpoint.pk}/").status_code == 404
    assert stranger.post(f"/o/other/webhooks/{hooked.endpoint.pk}/rotate/").status_code == 404


def test_the_log_costs_the_same_for_many_messages(hooked: Hooked) -> None:
    browser, here = owner_of(hooked.cast), f"{HERE}{hooked.endpoint.pk}/"

    def cost() -> int:
        with CaptureQueriesContext(
            connection,
        ) as found:
            assert browser.get(here).status_code == 200
        return len(found)

    hooked.happen()
    hooked.tell()
    browser.get(here)
    one = cost()
    for verb in ("a.b", "c.d", "e.f", "g.h"):
        hooked.happen(verb=verb)
    hooked.tell()
    assert cost() == one
