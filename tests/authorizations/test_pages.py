"""Pages of the rights ledger: what they show, to whom, and what they cost."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import reverse

from authorizations.actions.terms import record_terms
from authorizations.models import Authorization, Redemption
from sparkops.audit.models import Event
from sparkops.audit.record import Actor
from sparkops.isolation.scope import client_scope
from tests.factories import rights
from tests.factories.cast import Cast
from tests.factories.rights import CODE, NOW, OTHER_CODE

pytestmark = pytest.mark.django_db
MINA = Actor("Mina", 7)


@pytest.fixture(autouse=True)
def frozen(time_machine: Any) -> None:
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def row(cast: Cast) -> Authorization:
    with client_scope(cast.client.pk):
        return rights.authorized(ends_at=NOW + timedelta(days=10))


def browse(cast: Cast, role: str = "manager") -> Browser:
    browser = Browser()
    browser.force_login(cast.members[role])
    return browser


def url(name: str, **kwargs: Any) -> str:
    return reverse(f"authorizations:{name}", kwargs={"client": "glow", **kwargs})


def terms_to_the_14th(cast: Cast, row: Authorization) -> None:
    """Usage terms for September 1 to 14, the last day inclusive in Los Angeles."""
    with client_scope(cast.client.pk):
        record_terms(
            creator_id=row.creator_id or 0,
            post_id=row.post_id,
            starts_on=date(2026, 9, 1),
            ends_on=date(2026, 9, 14),
            by=MINA,
            now=NOW,
        )


def text(answer: Any) -> str:
    return answer.content.decode()


def test_n2_the_list_names_the_clock_that_ends_first(cast: Cast, row: Authorization) -> None:
    """N2: usage terms end before the code, and the list says so."""
    terms_to_the_14th(cast, row)
    page = text(browse(cast).get(url("list")))
    # The terms' last day is inclusive in Los Angeles, so the right ends at its midnight.
    assert "Covered until Tue Sep 15, limited by the usage terms" in page
    assert "@maya.glow" in page
    assert "#Ab••••w=" in page
    assert CODE not in page


def test_n4_what_expires_is_ranked_by_spend(cast: Cast, row: Authorization) -> None:
    with client_scope(cast.client.pk):
        other = rights.post("7500000000000000002", "bo.bakes")
        rights.authorized(other, ends_at=NOW + timedelta(days=20), code=OTHER_CODE)
        rights.spend(other, "90.00")
        rights.spend(rights.post(), "10.00")
    page = text(browse(cast).get(url("list") + "?tab=expiring"))
    assert page.index("@bo.bakes") < page.index("@maya.glow")
    assert "$90.00" in page


def test_the_list_costs_the_same_for_any_number_of_rows(
    cast: Cast, row: Authorization, django_assert_max_num_queries: Any
) -> None:
    browser = browse(cast)
    browser.get(url("list"))
    with client_scope(cast.client.pk):
        for n in range(20):
            one = rights.post(f"76000000000000000{n:02}", f"maker{n}")
            rights.authorized(one, ends_at=NOW + timedelta(days=n + 1), code=f"#{n:02}{CODE[3:]}")
    with django_assert_max_num_queries(32):
        assert browser.get(url("list")).status_code == 200


@pytest.mark.parametrize("tab", ["", "usable", "expiring", "waiting", "problems", "ended", "odd"])
def test_every_tab_opens(cast: Cast, row: Authorization, tab: str) -> None:
    assert browse(cast).get(url("list"), {"tab": tab}).status_code == 200


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=@maya", True),
        ("q=bo", False),
        ("state=verified", False),
        ("kind=video_code", True),
        ("ends=14", True),
        ("ends=7", False),
    ],
)
def test_filters_stand_in_the_url(cast: Cast, row: Authorization, query: str, found: bool) -> None:
    with client_scope(cast.client.pk):
        Authorization.objects.update(state="expiring")
    page = text(browse(cast).get(f"{url('list')}?{query}"))
    assert (f"authorizations-{row.pk}" in page) is found


def test_the_empty_list_says_what_to_do(cast: Cast) -> None:
    page = text(browse(cast).get(url("list")))
    assert "Hand in codes" in page
    assert "Nothing has been read from TikTok yet" in page


def test_ar9_an_export_has_masked_codes_only(cast: Cast, row: Authorization) -> None:
    answer = browse(cast).get(url("list"), {"export": "csv"})
    assert answer.status_code == 200
    assert CODE.strip("#=") not in text(answer)
    assert "maya.glow" in text(answer) or "7500000000000000001" in text(answer)


def test_ar9_revealing_is_audited_and_not_kept_by_the_browser(
    cast: Cast, row: Authorization
) -> None:
    answer = browse(cast).post(url("reveal", pk=row.pk))
    assert CODE in text(answer)
    assert answer.headers["Cache-Control"] == "no-store"
    with client_scope(cast.client.pk):
        event = Event.objects.get(verb="authorization.code_revealed")
        assert event.actor_id == cast.members["manager"].pk


@pytest.mark.parametrize("role", ["viewer", "finance"])
def test_ar9_who_may_not_reveal_sees_the_mask_only(
    cast: Cast, row: Authorization, role: str
) -> None:
    browser = browse(cast, role)
    assert browser.post(url("reveal", pk=row.pk)).status_code == 403
    page = text(browser.get(url("detail", pk=row.pk)))
    assert "#Ab••••w=" in page
    assert CODE not in page
    assert "Reveal" not in page


def test_ar4_the_page_shows_both_ends_when_they_disagree(cast: Cast, row: Authorization) -> None:
    """AR4: less than a day apart is the same end; more is shown."""
    browser = browse(cast)
    with client_scope(cast.client.pk):
        Authorization.objects.update(stated_ends_at=NOW + timedelta(days=10, hours=9))
    assert "The creator said" not in text(browser.get(url("detail", pk=row.pk)))
    with client_scope(cast.client.pk):
        Authorization.objects.update(stated_ends_at=NOW + timedelta(days=40))
    assert "The creator said" in text(browser.get(url("detail", pk=row.pk)))


def test_ar5_a_renewal_is_one_click_from_the_page(cast: Cast, row: Authorization) -> None:
    browser = browse(cast)
    assert "Ask for renewal" in text(browser.get(url("detail", pk=row.pk)))
    answer = browser.post(url("renew", pk=row.pk))
    assert answer.status_code == 302
    with client_scope(cast.client.pk):
        request = Authorization.objects.get(state="requested")
        assert request.previous_id == row.pk


def test_a_pasted_text_gives_every_line_its_result(cast: Cast) -> None:
    """N19: a chat with a code, its repetition and something that is nearly a code."""
    with client_scope(cast.client.pk):
        account = rights.ad_account()
    browser = browse(cast)
    pasted = f"here: {CODE}\nagain {CODE}\n"
    page = text(browser.post(url("hand-in"), {"text": pasted, "accounts": [account.pk]}))
    assert "The same code stands above." in page
    assert CODE not in page
    with client_scope(cast.client.pk):
        assert Redemption.objects.get().state == "waiting"
    assert (
        browser.post(url("hand-in"), {"text": "no code", "accounts": [account.pk]}).status_code
        == 422
    )
    assert browser.post(url("hand-in"), {"text": CODE}).status_code == 422


def test_what_may_not_be_edited_has_no_button(cast: Cast, row: Authorization) -> None:
    browser = browse(cast, "viewer")
    assert "Ask for renewal" not in text(browser.get(url("detail", pk=row.pk)))
    assert browser.post(url("renew", pk=row.pk)).status_code == 403
    assert browser.get(url("hand-in")).status_code == 403


def test_a_foreign_client_s_permission_does_not_exist(cast: Cast, row: Authorization) -> None:
    here = reverse("authorizations:detail", kwargs={"client": "peak", "pk": row.pk})
    assert browse(cast).get(here).status_code == 404
    browser = Browser()
    browser.force_login(cast.stranger)
    assert browser.get(url("detail", pk=row.pk)).status_code == 404


def test_ar6_inside_the_safety_buffer_the_page_says_pause_and_why(
    cast: Cast, row: Authorization, time_machine: Any
) -> None:
    """AR6: the usage terms end at midnight after 14 Sep in Los Angeles, ads stop 24 h before."""
    terms_to_the_14th(cast, row)
    before = text(browse(cast).get(url("detail", pk=row.pk)))
    assert "ads are paused" in before
    assert "Ads on this post are paused." not in before
    time_machine.move_to(datetime(2026, 9, 14, 7, 0, tzinfo=UTC), tick=False)
    within = text(browse(cast).get(url("detail", pk=row.pk)))
    assert "Ads on this post are paused." in within
    assert "The usage terms end on 15 Sep 2026 07:00 UTC." in within
