"""Applicants are told what was decided, in their language, once (part of U7)."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client as Browser
from django.urls import reverse

from authorizations.rules.wording import LANGUAGES, sentences
from creators.actions.applications import (
    approve_application,
    decline_application,
    reopen_application,
    save_page,
)
from creators.models import Application
from sparkops.audit.record import Actor
from sparkops.isolation.scope import client_scope
from sparkops.outbox.models import Command
from sparkops.portal.tasks import tell_applicants
from tests.factories.cast import Cast
from tests.factories.creators import NOW

pytestmark = pytest.mark.django_db
BY = Actor("Ann")
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def fresh(time_machine: Any) -> None:
    cache.clear()
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def address(cast: Cast) -> str:
    with client_scope(cast.client.pk):
        save_page(is_open=True, intro="", by=BY, now=NOW)
    return reverse("apply", kwargs={"client": cast.client.slug})


def apply(address: str, handle: str, language: str) -> Application:
    values = {"handle": handle, "email": f"{handle}@mail.example", "message": ""}
    assert Browser().post(f"{address}?lang={language}", values).status_code == 200
    return Application.objects.get(handle=handle)


def test_an_answer_comes_by_mail_in_the_language_of_the_application(
    cast: Cast, address: str, time_machine: Any
) -> None:
    """Both answers, two minutes later, once; who gave no address gets none."""
    with client_scope(cast.client.pk):
        maya, max_, none = (
            apply(address, "maya", "es"), apply(address, "max", "de"), apply(address, "none", "en"),
        )  # fmt: skip
        Application.objects.filter(pk=none.pk).update(email="")
        approve_application(maya, by=BY, now=NOW)
        decline_application(max_, by=BY, now=NOW)
        approve_application(none, by=BY, now=NOW)
    tell_applicants(client_id=cast.client.pk)
    assert mail.outbox == []
    for minutes in (2, 3, 10):
        time_machine.move_to(NOW + minutes * MINUTE, tick=False)
        tell_applicants(client_id=cast.client.pk)
    by_address = {one.to[0]: one for one in mail.outbox}
    assert len(mail.outbox) == len(by_address) == 2
    yes, no = by_address["maya@mail.example"], by_address["max@mail.example"]
    assert yes.subject == f"{cast.client.name}: te damos la bienvenida"
    assert "Hola, @maya:" in yes.body
    assert no.subject == f"{cast.client.name}: deine Bewerbung"
    assert "leider kein Platz frei" in no.body


def test_a_decision_that_was_taken_back_is_not_told_and_the_next_one_is(
    cast: Cast, address: str, time_machine: Any
) -> None:
    """Taken back within two minutes nothing leaves; taken back while the mail waits neither."""

    def at(moment: datetime) -> None:
        time_machine.move_to(moment, tick=False)
        tell_applicants(client_id=cast.client.pk)

    with client_scope(cast.client.pk):
        row = apply(address, "maya", "en")
        decline_application(row, by=BY, now=NOW)
        reopen_application(row, by=BY, now=NOW + MINUTE)
    at(NOW + 5 * MINUTE)
    assert mail.outbox == []
    with client_scope(cast.client.pk):
        assert not Command.objects.exists()
        approve_application(row, by=BY, now=NOW + 6 * MINUTE)
    at(NOW + 9 * MINUTE)
    [sent] = mail.outbox
    assert sent.subject == f"{cast.client.name}: you are in"


def test_an_old_decision_is_not_told_after_the_fact(
    cast: Cast, address: str, time_machine: Any
) -> None:
    with client_scope(cast.client.pk):
        approve_application(apply(address, "maya", "en"), by=BY, now=NOW)
    time_machine.move_to(NOW + timedelta(days=8), tick=False)
    tell_applicants(client_id=cast.client.pk)
    assert mail.outbox == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_speaks_the_creator_s_language(cast: Cast, address: str, language: str) -> None:
    """All nine: the form, what is wrong with it, and the thanks; by the switch or the browser."""
    words = sentences(language)
    page = Browser().get(address, headers={"accept-language": f"{language};q=0.9,xx"})
    text = page.content.decode()
    assert f'<html lang="{language}"' in text
    for key in ("handle", "email", "message", "send", "optional"):
        assert words[f"apply_{key}"] in text, key
    wrong = Browser().post(f"{address}?lang={language}", {"handle": "", "email": "maya"})
    assert wrong.status_code == 422
    refused = wrong.content.decode()
    assert words["apply_check"] in refused
    assert words["apply_no_handle"] in refused
    if language != "en":
        assert "Enter a valid" not in refused
    done = Browser().post(f"{address}?lang={language}", {"handle": "maya"}).content.decode()
    assert words["apply_thanks"] in done
    assert words.say("apply_thanks_text", client=cast.client.name) in done
