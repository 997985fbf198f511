"""Content Suite permissions in the ledger, with their method (TA9)."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import reverse

from authorizations.actions.content_suite import Grant, record_grants, withdraw
from authorizations.actions.reading import note_missing
from authorizations.models import Authorization
from authorizations.queries import cover_of
from authorizations.queries.permissions import kinds_of_post
from authorizations.rules.cover import Verdict
from authorizations.rules.suite import Method
from sparkops.audit.record import Actor
from sparkops.errors import Refusal
from sparkops.isolation.scope import client_scope
from tests.factories import rights
from tests.factories.cast import Cast
from tests.factories.rights import NOW

pytestmark = pytest.mark.django_db
MINA = Actor("Mina", 7)
LINK = "https://www.tiktok.com/@maya.glow/video/7500000000000000001"
OTHER = "https://www.tiktok.com/@bo.bakes/video/7500000000000000002"
HERE = "/c/glow/authorizations/"


@pytest.fixture(autouse=True)
def frozen(time_machine: Any) -> None:
    time_machine.move_to(NOW, tick=False)


def granted(method: Method = Method.VIDEO_REQUEST, *, days: int | None = 60) -> Grant:
    end = NOW + timedelta(days=days) if days else None
    return Grant(method, NOW - timedelta(days=1), end, "Content Suite export, 9 Sep")


def manager(cast: Cast) -> Browser:
    browser = Browser()
    browser.force_login(cast.members["manager"])
    return browser


def test_ta9_each_method_is_recorded_for_what_it_is_of(cast: Cast) -> None:
    """TA9: video requests and off-platform grants are of posts, account grants of creators; every
    line gets its own result, and the same line twice makes one row."""
    with client_scope(cast.client.pk):
        first = record_grants(f"{LINK}\n\nno link\n{LINK}", granted(), by=MINA, now=NOW)
        assert [(one.line, one.result) for one in first] == [
            (1, "new"),
            (3, "refused"),
            (4, "known"),
        ]
        record_grants(OTHER, granted(Method.OFF_PLATFORM), by=MINA, now=NOW)
        record_grants("@maya.glow", granted(Method.ACCOUNT), by=MINA, now=NOW)
        rows = Authorization.objects.order_by("pk")
        found = [
            (row.kind, row.method, row.post and row.post.item_id, str(row.creator)) for row in rows
        ]
        assert found == [
            ("content_suite", "video_request", "7500000000000000001", "@maya.glow"),
            ("content_suite", "off_platform", "7500000000000000002", "@bo.bakes"),
            ("content_suite", "account", None, "@maya.glow"),
        ]
        kinds = {one.label: one.rows for one in kinds_of_post(rights.post())}
        assert kinds["Content Suite request"] == (rows[2], rows[0])


def test_ta9_what_a_person_recorded_covers_nothing_until_an_ad_account_lists_the_post(
    cast: Cast,
) -> None:
    """TA9, AR4: the end that was recorded never counts; TikTok's does, and stands beside it."""
    with client_scope(cast.client.pk):
        record_grants(LINK, granted(days=60), by=MINA, now=NOW)
        row = Authorization.objects.get()
        post = rights.post()
        flight = (NOW, NOW + timedelta(days=1))
        assert cover_of([post.pk], *flight)[post.pk].verdict is Verdict.UNVERIFIED

        end = NOW + timedelta(days=30)
        rights.read(rights.listed(post, code="", ends_at=end))
        row.refresh_from_db()
        assert (row.state, row.ends_at, row.end_source) == ("verified", end, "api")
        assert row.stated_ends_at == NOW + timedelta(days=60)
        assert row.redemptions.get().state == "redeemed"
        assert Authorization.objects.count() == 1

        later = NOW + timedelta(days=90)
        rights.read(rights.listed(post, code="", ends_at=later))
        chain = Authorization.objects.order_by("generation")
        assert [(one.state, one.ends_at, one.method) for one in chain] == [
            ("renewed", end, "video_request"),
            ("verified", later, "video_request"),
        ]


def test_ta9_a_post_that_leaves_the_account_s_list_ends_it(cast: Cast) -> None:
    with client_scope(cast.client.pk):
        record_grants(LINK, granted(), by=MINA, now=NOW)
        rights.read(rights.listed(rights.post(), code=""))
        later = NOW + timedelta(minutes=10)
        assert note_missing(rights.ad_account(), since=later, now=later) == 1
        assert Authorization.objects.get().state == "revoked"


def test_ta9_a_listed_code_stands_beside_the_content_suite_row(cast: Cast) -> None:
    with client_scope(cast.client.pk):
        record_grants(LINK, granted(), by=MINA, now=NOW)
        rights.authorized(ends_at=NOW + timedelta(days=30))
        states = dict(Authorization.objects.values_list("kind", "state"))
        assert states == {"content_suite": "submitted", "video_code": "verified"}


def test_only_what_tiktok_has_not_confirmed_is_taken_back_and_can_be_recorded_again(
    cast: Cast,
) -> None:
    with client_scope(cast.client.pk):
        record_grants(LINK, granted(), by=MINA, now=NOW)
        withdraw(Authorization.objects.get(), by=MINA, now=NOW)
        record_grants(LINK, granted(), by=MINA, now=NOW)
        rights.read(rights.listed(rights.post(), code=""))
        first, second = Authorization.objects.order_by("pk")
        assert (first.state, second.state, second.previous) == ("rejected", "verified", first)
        with pytest.raises(Refusal):
            withdraw(second, by=MINA, now=NOW)


def test_ta9_a_person_records_it_on_the_page_and_finds_it_by_method(cast: Cast) -> None:
    """TA9: the list shows and filters by method; the detail says method and evidence."""
    browser = manager(cast)
    values = {
        "method": "off_platform",
        "text": LINK,
        "starts_on": "2026-09-01",
        "ends_on": "2026-10-31",
        "evidence": "https://drive.example/request.png",
    }
    for missing, sentence in (
        ("text", "Paste the link of a post"),
        ("evidence", "Say where the permission can be seen"),
    ):
        answer = browser.post(f"{HERE}content-suite/", {**values, missing: ""})
        assert answer.status_code == 422
        assert sentence in answer.content.decode()
    early = browser.post(f"{HERE}content-suite/", {**values, "ends_on": "2026-08-01"})
    assert "It ends before it begins." in early.content.decode()

    page = browser.post(f"{HERE}content-suite/", values).content.decode()
    assert "Recorded. It counts once an ad account lists the post." in page
    assert "Off-platform" in browser.get(f"{HERE}?method=off_platform").content.decode()
    assert "@maya.glow" not in browser.get(f"{HERE}?method=account").content.decode()
    with client_scope(cast.client.pk):
        row = Authorization.objects.get()
        # The last day is inclusive in Los Angeles.
        assert row.stated_ends_at == datetime(2026, 11, 1, 7, tzinfo=UTC)
    detail = browser.get(f"{HERE}{row.pk}/").content.decode()
    assert "Off-platform" in detail
    assert 'href="https://drive.example/request.png"' in detail
    url = reverse("authorizations:take-back", kwargs={"client": "glow", "pk": row.pk})
    assert "Taken back." in browser.post(url, follow=True).content.decode()
    assert url not in browser.get(f"{HERE}{row.pk}/").content.decode()


def test_a_viewer_cannot_record(cast: Cast) -> None:
    browser = Browser()
    browser.force_login(cast.members["viewer"])
    assert browser.get(f"{HERE}content-suite/").status_code == 403
