"""The creator's own page in a message: made when it is sent, for this message, kept as a hash."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client as Browser
from django.urls import reverse

from authorizations.actions.links import revoke_link
from authorizations.actions.renewal import request_renewal
from authorizations.models import CreatorLink
from sparkops.isolation.scope import client_scope
from sparkops.outbox.models import Command
from sparkops.outbox.queue import drain
from sparkops.renewals.models import Ask, Run
from sparkops.renewals.outbound import HANDLERS, ON_REFUSAL
from tests.factories.cast import Cast
from tests.factories.rights import NOW
from tests.factories.terms import terms
from tests.sparkops.renewals import asking

pytestmark = pytest.mark.django_db
ADDRESS = re.compile(r"/c/[A-Za-z0-9_-]{32}\.[0-9a-f]{16}/")


@pytest.fixture(autouse=True)
def frozen(time_machine: Any) -> None:
    cache.clear()
    time_machine.move_to(NOW, tick=False)


def asked(*, count: int = 1, **fields: str) -> Run:
    """A written run over creators that `fields` says how to reach, the first of them."""
    rows = asking.permissions(count, now=NOW)
    asking.address(0, **fields)
    run = asking.start(rows, now=NOW)
    asking.write_all(run, now=NOW)
    return run


def signed_in(cast: Cast, role: str = "manager") -> Browser:
    browser = Browser()
    browser.force_login(cast.members[role])
    return browser


def addresses(text: Any) -> list[str]:
    return ADDRESS.findall(text if isinstance(text, str) else text.content.decode())


def test_ar2_the_message_brings_the_creator_to_the_own_page(cast: Cast) -> None:
    """AR2: one link for one creator and post, in the message's language; only a hash is stored."""
    with client_scope(cast.client.pk):
        terms()
        run = asked(email="maker0@mail.example", region="DE")
        assert not CreatorLink.objects.exists()
    drain(cast.client.pk, HANDLERS, now=lambda: NOW, on_refusal=ON_REFUSAL)
    [address] = addresses(mail.outbox[0].body)
    assert "{link}" not in mail.outbox[0].body
    with client_scope(cast.client.pk):
        ask = asking.asks(run)["maker0"]
        assert ask.state == "sent"
        assert "{link}" in ask.text
        assert not addresses(ask.text)
        link = CreatorLink.objects.get()
        assert (link.post, link.language) == (ask.authorization.post, "de")
        assert link.expires_at == NOW + timedelta(days=90)
    page = Browser().get(address)
    assert page.status_code == 200
    assert '<html lang="de"' in page.content.decode()
    with client_scope(cast.client.pk):
        revoke_link(CreatorLink.objects.get(), by=asking.MINA, now=NOW)
    assert Browser().get(address).status_code == 404


def test_a_repeat_after_a_crash_sends_the_same_words_and_makes_no_second_link(cast: Cast) -> None:
    with client_scope(cast.client.pk):
        terms()
        asked(email="maker0@mail.example")
        command = Command.objects.get()
    for _attempt in range(2):
        # The worker dies before the result is recorded.
        HANDLERS[command.kind](cast.client.pk, command, NOW)
    first, second = (one.body for one in mail.outbox)
    assert first == second
    with client_scope(cast.client.pk):
        assert CreatorLink.objects.count() == 1


def test_each_message_has_an_address_of_its_own(cast: Cast) -> None:
    with client_scope(cast.client.pk):
        terms()
        asked(count=2, email="maker0@mail.example")
        asking.address(1, email="maker1@mail.example")
        Ask.objects.filter(state="copy").update(state="sending", channel="email")
        for ask in Ask.objects.filter(creator__handle="maker1"):
            HANDLERS["renewals.email"](
                cast.client.pk, Command(payload={"ask": ask.pk}, created_by="Mina"), NOW
            )
    drain(cast.client.pk, HANDLERS, now=lambda: NOW, on_refusal=ON_REFUSAL)
    found = [address for one in mail.outbox for address in addresses(one.body)]
    assert len(set(found)) == 2


def test_a_text_to_copy_has_the_address_for_who_may_send_it(cast: Cast) -> None:
    with client_scope(cast.client.pk):
        terms()
        run = asked()
        assert CreatorLink.objects.count() == 1
    here = reverse("renewals:run", kwargs={"client": "glow", "pk": run.pk})
    [address] = addresses(signed_in(cast).get(here))
    assert Browser().get(address).status_code == 200
    assert addresses(signed_in(cast, "viewer").get(here)) == []


def test_previews_and_the_page_of_a_permission_show_the_message_without_an_address(
    cast: Cast,
) -> None:
    """The authorization's page shows what would be sent now: a renewal, then a reminder."""
    browser = signed_in(cast)
    with client_scope(cast.client.pk):
        terms()
        row = asking.permissions(1, now=NOW)[0]
        kwargs = {"client": "glow", "pk": row.pk}
    panel = reverse("renewals:of-permission", kwargs=kwargs)
    assert panel in browser.get(reverse("authorizations:detail", kwargs=kwargs)).content.decode()
    page = browser.get(panel).content.decode()
    assert "the ad authorization of your post" in page
    assert "on your own page, no account needed: https://…" in page
    preview = reverse(
        "renewals:preview", kwargs={"client": "glow", "kind": "renewal", "language": "en"}
    )
    shown = browser.post(preview, {"subject": "S", "body": "Hello {link}"}).content.decode()
    assert "no account needed: https://…" in shown
    with client_scope(cast.client.pk):
        assert not CreatorLink.objects.exists()
        asking.address(0, email="maker0@mail.example")
        run = asking.start([row], now=NOW)
        asking.write_all(run, now=NOW)
        written = asking.asks(run)["maker0"].text
        assert written.replace("{link}", "https://…").split("\n")[0] in page.replace("&#x27;", "'")
        request_renewal(row, by=asking.MINA, now=NOW)
    assert "a short reminder" in browser.get(panel).content.decode()


def test_without_terms_the_way_in_the_app_is_told(cast: Cast) -> None:
    with client_scope(cast.client.pk):
        run = asked(email="maker0@mail.example")
        assert "In the TikTok app: open the post" in asking.asks(run)["maker0"].text
    drain(cast.client.pk, HANDLERS, now=lambda: NOW, on_refusal=ON_REFUSAL)
    with client_scope(cast.client.pk):
        assert not CreatorLink.objects.exists()
    assert addresses(mail.outbox[0].body) == []


def test_a_viewer_does_not_read_the_message(cast: Cast) -> None:
    with client_scope(cast.client.pk):
        row = asking.permissions(1, now=NOW)[0]
    panel = reverse("renewals:of-permission", kwargs={"client": "glow", "pk": row.pk})
    assert signed_in(cast, "viewer").get(panel).status_code == 403
