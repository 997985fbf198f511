"""Reading and accepting terms through a link (AR3)."""

import hashlib
from datetime import date
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client as Browser
from django.urls import reverse

from authorizations.actions.terms_versions import publish
from authorizations.models import TermsAcceptance, TermsTemplate, UsageTerms
from sparkops.audit.models import Event
from sparkops.isolation.scope import client_scope
from tests.factories import rights
from tests.factories.cast import Cast
from tests.factories.links import link_path, sign
from tests.factories.rights import NOW
from tests.factories.terms import ASKED, MINA, terms

pytestmark = pytest.mark.django_db
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X)"


@pytest.fixture(autouse=True)
def frozen(time_machine: Any) -> None:
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def template(cast: Cast) -> TermsTemplate:
    with client_scope(cast.client.pk):
        return terms()


@pytest.fixture
def path(cast: Cast, template: TermsTemplate) -> str:
    with client_scope(cast.client.pk):
        return link_path(rights.post(), template)


def text(answer: Any) -> str:
    return answer.content.decode()


def test_ar3_accepted_terms_are_kept_exactly_and_an_edit_asks_again(
    cast: Cast, template: TermsTemplate, path: str
) -> None:
    """AR3: the exact text, version, time, address and hash are stored; a later edit makes a new
    version, asks again and leaves what was accepted as it is."""
    browser = Browser(headers={"user-agent": PHONE})
    answer = sign(browser, path, REMOTE_ADDR="203.0.113.9")
    assert answer.status_code == 302
    with client_scope(cast.client.pk):
        one = TermsAcceptance.objects.get()
        assert one.version.number == 1
        assert one.accepted_at == NOW
        assert one.address == "203.0.113.9"
        assert one.user_agent == PHONE
        assert one.signed_name == "Maya Lindqvist"
        assert one.language == "en"
        assert one.text_hash == hashlib.sha256(one.text.encode()).hexdigest()
        assert one.text.startswith("Usage terms\n\nBetween Glow Skincare and @maya.glow\n\n1. What")
        assert "60 days, from 10 September 2026 until 8 November 2026." in one.text
        assert "https://www.tiktok.com/@maya.glow/video/7500000000000000001" in one.text
        rows = UsageTerms.objects.get()
        assert (rows.starts_on, rows.ends_on) == (date(2026, 9, 10), date(2026, 11, 8))
        assert rows.hold_until == date(2026, 11, 15)
        assert one.terms == rows
        assert Event.objects.get(verb="terms.accepted").data["hash"] == one.text_hash
        before = one.text
    assert "What you get" not in text(browser.get(path))

    with client_scope(cast.client.pk):
        publish(template, by=MINA, now=NOW, **{**ASKED, "days": 30})
    again = text(browser.get(path))
    assert "The terms have changed" in again
    assert "You accepted version 1. This is version 2." in again
    assert sign(browser, path).status_code == 302
    with client_scope(cast.client.pk):
        first, second = TermsAcceptance.objects.order_by("pk")
        assert (first.text, first.version.number) == (before, 1)
        assert second.version.number == 2
        assert second.text_hash != first.text_hash
        # One agreement: the row that cover reads took the new days.
        assert UsageTerms.objects.get().ends_on == date(2026, 10, 9)
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            TermsAcceptance.objects.update(text="something else")


def test_terms_that_changed_while_reading_are_not_accepted(
    cast: Cast, template: TermsTemplate, path: str
) -> None:
    """AR3: what counts is what was on the page."""
    browser = Browser()
    page = text(browser.get(path))
    shown = page.split('name="shown" value="')[1][:64]
    with client_scope(cast.client.pk):
        publish(template, by=MINA, now=NOW, **{**ASKED, "days": 365})
    answer = browser.post(f"{path}agree/", {"name": "Maya", "agree": "1", "shown": shown})
    assert answer.status_code == 422
    assert "The terms changed while you were reading" in text(answer)
    assert "365 days" in text(answer)
    with client_scope(cast.client.pk):
        assert not TermsAcceptance.objects.exists()


@pytest.mark.parametrize(
    ("entered", "sentence"),
    [({"agree": "1"}, "Type your name"), ({"name": "Maya"}, "Tick the box")],
)
def test_an_unsigned_form_says_what_is_missing(
    cast: Cast, path: str, entered: dict[str, str], sentence: str
) -> None:
    answer = Browser().post(f"{path}agree/", entered)
    assert answer.status_code == 422
    assert sentence in text(answer)


def test_no_code_is_taken_before_the_terms(cast: Cast, path: str) -> None:
    assert Browser().post(f"{path}code/", {"code": rights.CODE}).status_code == 302
    with client_scope(cast.client.pk):
        assert not Event.objects.filter(verb="creator_link.code_handed_in").exists()


def test_a_renewal_follows_the_present_period(cast: Cast, path: str, time_machine: Any) -> None:
    browser = Browser()
    sign(browser, path)
    assert "renew=1" not in text(browser.get(path))
    time_machine.move_to(NOW.replace(month=10, day=20), tick=False)
    page = text(browser.get(path, {"renew": "1"}))
    assert "60 days, from 9 November 2026" in page
    shown = page.split('name="shown" value="')[1][:64]
    entered = {"name": "Maya", "agree": "1", "shown": shown, "renew": "1"}
    assert browser.post(f"{path}agree/", entered).status_code == 302
    with client_scope(cast.client.pk):
        old, new = UsageTerms.objects.order_by("starts_on")
        assert old.ends_on == date(2026, 11, 8)
        assert (new.starts_on, new.ends_on) == (date(2026, 11, 9), date(2027, 1, 7))


def test_the_creator_s_copy_is_a_pdf_without_address_and_full_name(cast: Cast, path: str) -> None:
    browser = Browser()
    assert browser.get(f"{path}copy.pdf").status_code == 404
    sign(browser, path)
    answer = browser.get(f"{path}copy.pdf")
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF")
    assert answer.headers["Cache-Control"] == "no-store"


def test_the_signed_pdf_is_for_those_who_may_see_contacts(cast: Cast, path: str) -> None:
    sign(Browser(), path)
    with client_scope(cast.client.pk):
        pk = TermsAcceptance.objects.get().pk
    here = reverse("authorizations:signed", kwargs={"client": "glow", "pk": pk})
    browser = Browser()
    browser.force_login(cast.members["manager"])
    answer = browser.get(here)
    assert answer.content.startswith(b"%PDF")
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.content == browser.get(here).content
    browser.force_login(cast.members["viewer"])
    assert browser.get(here).status_code == 403
