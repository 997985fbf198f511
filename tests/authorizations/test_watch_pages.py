"""Pages of the watchdog: the list, a finding with its evidence, and dealing with it."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import reverse

from authorizations.actions.watching import Look, note_looks
from authorizations.models import Finding
from authorizations.rules.watch import Seen
from sparkops.audit.models import Event
from sparkops.isolation.scope import client_scope
from tests.factories import rights
from tests.factories.cast import Cast
from tests.factories.rights import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def frozen(time_machine: Any) -> None:
    time_machine.move_to(NOW, tick=False)


def browse(cast: Cast, role: str = "affiliate") -> Browser:
    browser = Browser()
    browser.force_login(cast.members[role])
    return browser


def url(name: str, **kwargs: Any) -> str:
    return reverse(f"authorizations:{name}", kwargs={"client": "glow", **kwargs})


def look(post_id: int, *, caption: str = "glow", word: str = "HESITATE_RECOMMEND") -> Look:
    seen = Seen(word, "AUTHORIZED", NOW, caption, ("1",), ("US",))
    return Look(post_id, seen, "#Ab••••w=", {"item_info": {"text": caption}})


@pytest.fixture
def finding(cast: Cast) -> Finding:
    """The caption of an authorized post was changed."""
    with client_scope(cast.client.pk):
        row = rights.authorized(ends_at=NOW + timedelta(days=20))
        assert row.post_id is not None
        account = rights.ad_account()
        note_looks([look(row.post_id)], account, now=NOW)
        [found] = note_looks([look(row.post_id, caption="cures all")], account, now=NOW)
        return found


def test_the_list_and_the_permission_s_page_lead_to_the_evidence(
    cast: Cast, finding: Finding
) -> None:
    page = browse(cast, "viewer").get(url("findings")).content.decode()
    assert "Caption changed" in page
    assert url("finding", pk=finding.pk) in page
    found = browse(cast, "viewer").get(url("finding", pk=finding.pk)).content.decode()
    assert "cures all" in found
    assert "Mark as dealt with" not in found


def test_dealing_with_it_needs_a_note_and_is_audited(cast: Cast, finding: Finding) -> None:
    browser, settle = browse(cast), url("settle-finding", pk=finding.pk)
    assert browser.post(settle, {"note": ""}).status_code == 422
    assert browser.post(settle, {"note": "Approved the new text."}).status_code == 302
    with client_scope(cast.client.pk):
        finding.refresh_from_db()
        assert finding.note == "Approved the new text."
        assert Event.objects.filter(verb="post.caption.over", reason=finding.note).exists()
    assert "Nothing found" in browser.get(url("findings")).content.decode()


def test_what_tiktok_still_says_cannot_be_settled(cast: Cast, finding: Finding) -> None:
    with client_scope(cast.client.pk):
        assert finding.post_id is not None
        gone = look(finding.post_id, caption="cures all", word="USER_DELETE")
        [deleted] = note_looks([gone], rights.ad_account(), now=NOW)
    answer = browse(cast).post(url("settle-finding", pk=deleted.pk), {"note": "ok"})
    assert answer.status_code == 422
    assert "TikTok still says so" in answer.content.decode()


def test_a_viewer_may_not_settle_and_another_client_s_finding_does_not_exist(
    cast: Cast, finding: Finding
) -> None:
    settle = url("settle-finding", pk=finding.pk)
    assert browse(cast, "viewer").post(settle, {"note": "x"}).status_code == 403
    elsewhere = reverse("authorizations:finding", kwargs={"client": "peak", "pk": finding.pk})
    assert browse(cast).get(elsewhere).status_code == 404


def test_equal_looks_cost_the_same_for_any_number_of_posts(
    cast: Cast, django_assert_num_queries: Any
) -> None:
    with client_scope(cast.client.pk):
        posts = [rights.post(f"75000000000000000{n:02}") for n in range(12)]
        account = rights.ad_account()
        note_looks([look(one.pk) for one in posts], account, now=NOW)
        with django_assert_num_queries(2):
            assert note_looks([look(one.pk) for one in posts[:1]], account, now=NOW) == []
        with django_assert_num_queries(2):
            assert note_looks([look(one.pk) for one in posts], account, now=NOW) == []
