"""Links: who gets in, who does not, and what a link gives away."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.db import DatabaseError, connection, transaction
from django.test import Client as Browser
from django.urls import reverse

from authorizations.actions.links import revoke_link
from authorizations.models import CreatorLink
from sparkops.audit.models import Event
from sparkops.isolation.scope import client_scope
from tests.factories import rights
from tests.factories.cast import Cast
from tests.factories.links import link_path, sign
from tests.factories.rights import NOW
from tests.factories.terms import MINA, terms

pytestmark = pytest.mark.django_db
PERSONAL = ("maya.glow", "Maya", "Glow", "7500000000000000001")


@pytest.fixture(autouse=True)
def fresh(time_machine: Any) -> None:
    cache.clear()
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def path(cast: Cast) -> str:
    with client_scope(cast.client.pk):
        return link_path(rights.post(), terms(), days=30)


def text(answer: Any) -> str:
    return answer.content.decode()


def pages(path: str) -> list[str]:
    return [path, f"{path}check/", f"{path}copy.pdf"]


def test_a_working_link_needs_no_account_and_sets_no_cookie(cast: Cast, path: str) -> None:
    answer = Browser().get(path)
    assert answer.status_code == 200
    assert "May Glow Skincare run your post as an ad?" in text(answer)
    assert not answer.cookies


def test_nothing_of_a_link_is_kept_indexed_or_passed_on(cast: Cast, path: str) -> None:
    answer = Browser().get(path)
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert "noindex" in answer.headers["X-Robots-Tag"]
    page = text(answer)
    assert '<meta name="robots" content="noindex, nofollow">' in page
    outside = [part for part in page.split("<a ") if 'href="https://' in part]
    assert outside
    assert all("noreferrer" in part for part in outside)


def test_only_a_hash_is_stored(cast: Cast, path: str) -> None:
    token = path.removeprefix("/c/").strip("/")
    with connection.cursor() as cursor, client_scope(cast.client.pk):
        cursor.execute("SELECT row_to_json(l)::text FROM authorizations_creatorlink l")
        [(stored,)] = cursor.fetchall()
        assert token not in stored
        assert token.split(".")[0] not in stored
        assert not Event.objects.filter(label__contains=token).exists()


def test_no_log_has_the_address_of_a_link(cast: Cast, path: str, caplog: Any) -> None:
    assert Browser().post(f"{path}agree/", {}).status_code == 422
    assert path.strip("/").removeprefix("c/") not in caplog.text


def dead(answer: Any, status: int = 404) -> None:
    assert answer.status_code == status
    assert answer.headers["Cache-Control"] == "no-store"
    assert not any(word in text(answer) for word in PERSONAL)


def test_an_ended_link_names_nobody(cast: Cast, path: str, time_machine: Any) -> None:
    sign(Browser(), path)
    time_machine.move_to(NOW + timedelta(days=30), tick=False)
    for one in pages(path):
        dead(Browser().get(one))
    for name in ("agree", "code", "stop"):
        dead(Browser().post(f"{path}{name}/", {"why": "x"}))


def test_a_revoked_link_names_nobody_and_looks_like_one_that_never_was(
    cast: Cast, path: str
) -> None:
    with client_scope(cast.client.pk):
        revoke_link(CreatorLink.objects.get(), by=MINA, now=NOW)
    gone = Browser().get(path)
    dead(gone)
    secret, _, signature = path.removeprefix("/c/").strip("/").partition(".")
    never = Browser().get(f"/c/{secret[:-1]}{'A' if secret[-1] != 'A' else 'B'}.{signature}/")
    assert text(never) == text(gone)
    assert never.status_code == gone.status_code


def test_a_signed_token_that_was_never_given_out_opens_nothing(cast: Cast, path: str) -> None:
    with client_scope(cast.client.pk):
        CreatorLink.objects.all().delete()
    dead(Browser().get(path))


def test_a_link_stays_within_its_client(cast: Cast, path: str) -> None:
    """Without a scope nobody lists links; the function answers for one whole hash only."""
    with pytest.raises(DatabaseError), transaction.atomic():
        CreatorLink.objects.count()
    with client_scope(cast.foreign.pk):
        assert not CreatorLink.objects.exists()
    with connection.cursor() as cursor:
        cursor.execute("SELECT authorizations_client_of_link('%')")
        assert cursor.fetchone() == (None,)


def test_a_link_of_an_archived_client_is_dead(cast: Cast, path: str) -> None:
    cast.client.archived_at = NOW
    cast.client.save()
    dead(Browser().get(path))


def test_guessing_is_slowed_down(cast: Cast, path: str) -> None:
    wrong = "/c/" + "A" * 32 + "." + "0" * 16 + "/"
    answers = [Browser().get(wrong, REMOTE_ADDR="198.51.100.7").status_code for _ in range(31)]
    assert answers == [404] * 30 + [429]
    assert Browser().get(path, REMOTE_ADDR="198.51.100.7").status_code == 200
    assert Browser().get(wrong, REMOTE_ADDR="198.51.100.8").status_code == 404


def test_one_link_can_only_be_called_so_often(cast: Cast, path: str) -> None:
    answers = [Browser().get(f"{path}check/").status_code for _ in range(121)]
    assert answers == [200] * 120 + [429]


def test_the_address_behind_a_proxy_is_what_the_proxy_saw(
    cast: Cast, path: str, settings: Any
) -> None:
    """What the sender claims in front of it does not count."""
    settings.BEHIND_TLS_PROXY = True
    sign(
        Browser(), path, headers={"x-forwarded-for": "1.1.1.1, 203.0.113.9"}, REMOTE_ADDR="10.0.0.1"
    )
    with client_scope(cast.client.pk):
        assert CreatorLink.objects.get().creator.terms_acceptances.get().address == "203.0.113.9"


def url(name: str, pk: int, client: str = "glow") -> str:
    return reverse(f"authorizations:{name}", kwargs={"client": client, "pk": pk})


def test_staff_make_copy_and_revoke_links_and_all_of_it_is_noted(cast: Cast) -> None:
    browser = Browser()
    browser.force_login(cast.members["affiliate"])
    with client_scope(cast.client.pk):
        post = rights.post()
    assert "Write usage terms" in text(browser.get(url("links", post.pk)))
    with client_scope(cast.client.pk):
        template = terms()
    made = browser.post(url("link-make", post.pk), {"template": template.pk, "days": "30"})
    address = text(made).split("<code>")[1].split("</code>")[0]
    assert Browser().get("/c/" + address.split("/c/")[1]).status_code == 200
    assert made.headers["Cache-Control"] == "no-store"
    listed = text(browser.get(url("links", post.pk)))
    assert address not in listed
    with client_scope(cast.client.pk):
        pk = CreatorLink.objects.get().pk
    browser.post(url("link-revoke", pk))
    assert Browser().get("/c/" + address.split("/c/")[1]).status_code == 404
    with client_scope(cast.client.pk):
        verbs = set(Event.objects.filter(subject_type="creatorlink").values_list("verb", "actor"))
    who = str(cast.members["affiliate"])
    assert {("creator_link.made", who), ("creator_link.revoked", who)} <= verbs


def test_who_may_not_edit_makes_no_link(cast: Cast) -> None:
    browser = Browser()
    browser.force_login(cast.members["viewer"])
    with client_scope(cast.client.pk):
        post = rights.post()
        terms()
    assert "Make a link" not in text(browser.get(url("links", post.pk)))
    assert browser.post(url("link-make", post.pk), {}).status_code == 403
    assert browser.post(url("link-make", post.pk, "secret-brand"), {}).status_code == 404
