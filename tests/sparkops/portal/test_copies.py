"""The mailed copy of accepted terms: once, in the creator's language, through the outbox (AR3)."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client as Browser

from authorizations.models import TermsAcceptance
from authorizations.outbound import HANDLERS, ON_REFUSAL
from authorizations.rules.signed_copy import Signature, signed_copy
from authorizations.rules.wording import sentences
from creators.models import Creator
from sparkops.audit.models import Event
from sparkops.isolation.scope import client_scope
from sparkops.outbox.models import Command
from sparkops.outbox.queue import drain
from tests.factories import rights
from tests.factories.cast import Cast
from tests.factories.links import link_path, sign
from tests.factories.rights import NOW
from tests.factories.terms import terms

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def frozen(time_machine: Any) -> None:
    cache.clear()
    time_machine.move_to(NOW, tick=False)


def signed(cast: Cast, email: str, lang: str = "de") -> None:
    """The creator with this address accepts the terms in this language."""
    with client_scope(cast.client.pk):
        path = link_path(rights.post(), terms())
        Creator.objects.update(email=email)
    assert sign(Browser(), path, lang=lang, REMOTE_ADDR="203.0.113.9").status_code == 302


def send(cast: Cast, *, later: timedelta = timedelta(0)) -> None:
    drain(cast.client.pk, HANDLERS, now=lambda: NOW + later, on_refusal=ON_REFUSAL)


def test_ar3_the_creator_gets_a_copy_by_mail_once(cast: Cast) -> None:
    signed(cast, "maya@mail.example")
    assert mail.outbox == []  # nothing leaves within the request
    send(cast)
    send(cast, later=timedelta(hours=1))
    [one] = mail.outbox
    assert one.to == ["maya@mail.example"]
    assert one.subject == "Kopie der angenommenen Bedingungen"
    assert "denen du mit Glow Skincare zugestimmt hast" in one.body
    [(name, content, kind)] = one.attachments
    assert (name, kind, content[:5]) == ("terms.pdf", "application/pdf", b"%PDF-")
    with client_scope(cast.client.pk):
        kept = TermsAcceptance.objects.get()
        # Equal input gives equal bytes: no address, no device, and first letters only.
        told = Signature("1", NOW, "M. L.", kept.text_hash)
        assert content == signed_copy(kept.text, told, sentences("de"))
        assert Event.objects.filter(verb="terms.copy_mailed").count() == 1


def test_a_repeat_after_a_crash_is_the_same_mail(cast: Cast) -> None:
    """Died between the mail server's yes and its record: the mail's id is the same."""
    signed(cast, "maya@mail.example")
    with client_scope(cast.client.pk):
        command = Command.objects.get(kind="authorizations.mail_copy")
        accepted = TermsAcceptance.objects.get()
    for _attempt in range(2):
        HANDLERS[command.kind](cast.client.pk, command, NOW)
    ids = {one.extra_headers["Message-ID"] for one in mail.outbox}
    assert ids == {f"<terms-{cast.client.pk}-{accepted.pk}@sparkops>"}


def test_without_an_address_no_mail_is_asked_for(cast: Cast) -> None:
    signed(cast, "")
    with client_scope(cast.client.pk):
        assert not Command.objects.filter(kind="authorizations.mail_copy").exists()


def test_an_address_that_was_taken_away_gets_nothing(cast: Cast) -> None:
    signed(cast, "maya@mail.example")
    with client_scope(cast.client.pk):
        Creator.objects.update(email="")
    send(cast)
    assert mail.outbox == []


def test_a_mail_server_that_is_away_is_asked_again(cast: Cast, settings: Any) -> None:
    signed(cast, "maya@mail.example")
    working = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    send(cast)
    with client_scope(cast.client.pk):
        assert Command.objects.get().state == "waiting"
    settings.EMAIL_BACKEND = working
    send(cast, later=timedelta(hours=1))
    assert [one.to for one in mail.outbox] == [["maya@mail.example"]]
