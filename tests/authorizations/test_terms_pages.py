"""Usage terms: the editor, its preview, and versions that never change."""

from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client as Browser
from django.urls import reverse

from authorizations.actions.terms_versions import publish
from authorizations.models import TermsTemplate, TermsVersion
from sparkops.audit.models import Event
from sparkops.errors import Refusal
from sparkops.isolation.scope import client_scope
from tests.factories.cast import Cast
from tests.factories.rights import NOW
from tests.factories.terms import ASKED, MINA, terms

pytestmark = pytest.mark.django_db
FILLED = {
    "name": "Standard",
    "days": "60",
    "hold_days": "7",
    "channels": ["spark", "shop"],
    "regions": "United States",
    "currency": "USD",
    "fee": "450",
    "pay_when": "code",
    "pay_days": "7",
    "spend_cap": "2500",
    "renewal_days": "14",
    "disclosure": "on",
    "free_text": "",
}


@pytest.fixture(autouse=True)
def frozen(time_machine: Any) -> None:
    time_machine.move_to(NOW, tick=False)


def browse(cast: Cast, role: str = "manager") -> Browser:
    browser = Browser()
    browser.force_login(cast.members[role])
    return browser


def url(name: str, **kwargs: Any) -> str:
    return reverse(f"authorizations:{name}", kwargs={"client": "glow", **kwargs})


def text(answer: Any) -> str:
    return answer.content.decode()


def test_terms_are_written_and_published(cast: Cast) -> None:
    browser = browse(cast)
    assert "No usage terms yet" in text(browser.get(url("terms-list")))
    answer = browser.post(url("terms-new"), FILLED)
    assert answer.status_code == 302
    page = text(browser.get(answer.headers["Location"]))
    assert "450.00 USD, paid within 7 days" in page
    assert "Version 1" in page
    with client_scope(cast.client.pk):
        version = TermsVersion.objects.get()
        assert (version.number, version.days, version.hold_days) == (1, 60, 7)
        assert version.published_by == "Account manager North"
        assert Event.objects.filter(verb="terms_template.published").count() == 1


def test_an_edit_makes_the_next_version_and_leaves_the_first(cast: Cast) -> None:
    with client_scope(cast.client.pk):
        row = terms()
    browser = browse(cast)
    editor = text(browser.get(url("terms-edit", pk=row.pk)))
    assert "Publish version 2" in editor
    assert "At most 2,500.00 USD." in editor  # the preview of what is published
    assert browser.post(url("terms-edit", pk=row.pk), {**FILLED, "days": "90"}).status_code == 302
    page = text(browser.get(url("terms-template", pk=row.pk)))
    assert "90 days, from 10 September 2026" in page
    first = text(browser.get(url("terms-template", pk=row.pk), {"version": "1"}))
    assert "60 days, from 10 September 2026" in first
    assert "replaced by version 2" in first


def test_publishing_the_same_again_is_refused(cast: Cast) -> None:
    with client_scope(cast.client.pk):
        row = terms()
    answer = browse(cast).post(url("terms-edit", pk=row.pk), FILLED)
    assert answer.status_code == 422
    assert "Nothing differs from version 1" in text(answer)
    with client_scope(cast.client.pk), pytest.raises(Refusal, match="Nothing differs"):
        publish(row, by=MINA, now=NOW, **ASKED)


def test_a_published_version_cannot_be_changed_in_the_database(cast: Cast) -> None:
    with client_scope(cast.client.pk):
        terms()
        for change in (
            lambda: TermsVersion.objects.update(days=365),
            lambda: TermsVersion.objects.all().delete(),
        ):
            with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
                change()


def test_the_preview_shows_what_creators_would_read(cast: Cast) -> None:
    browser = browse(cast)
    shown = text(browser.post(url("terms-preview"), {**FILLED, "days": "33"}))
    assert "33 days, from 10 September 2026 until 12 October 2026." in shown
    assert "Glow Skincare" in shown
    broken = text(browser.post(url("terms-preview"), {**FILLED, "days": ""}))
    assert "Fill in what is missing" in broken
    with client_scope(cast.client.pk):
        assert not TermsVersion.objects.exists()


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"days": "366"}, "enter 365 or less"),
        ({"channels": []}, "Choose at least one place"),
        ({"currency": "dollars"}, "at most 3 characters"),
        ({"currency": "us1"}, "three capitals"),
    ],
)
def test_what_cannot_be_published_says_why(
    cast: Cast, change: dict[str, Any], sentence: str
) -> None:
    answer = browse(cast).post(url("terms-new"), {**FILLED, **change})
    assert answer.status_code == 422
    assert sentence in text(answer)


def test_a_name_is_used_once(cast: Cast) -> None:
    with client_scope(cast.client.pk):
        terms()
    answer = browse(cast).post(url("terms-new"), {**FILLED, "days": "61"})
    assert answer.status_code == 422
    assert "Other terms have this name" in text(answer)
    with client_scope(cast.client.pk):
        assert TermsTemplate.objects.count() == 1


def test_who_may_only_look_sees_terms_and_no_editor(cast: Cast) -> None:
    with client_scope(cast.client.pk):
        row = terms()
    browser = browse(cast, "viewer")
    assert "Make a new version" not in text(browser.get(url("terms-template", pk=row.pk)))
    assert browser.get(url("terms-edit", pk=row.pk)).status_code == 403
    assert browser.post(url("terms-preview"), FILLED).status_code == 403
