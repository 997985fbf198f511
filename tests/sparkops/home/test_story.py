"""The timeline of a creator: every source, keyset paging, spans beyond TikTok's limits."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from authorizations.models import TermsAcceptance, Transition
from creators.models import Creator, Post, Sample, SampleReminder
from profit.models import CreatorFee
from sparkops.audit.record import Actor, record
from sparkops.home.story import PAGE, Span, story_of
from sparkops.isolation.scope import client_scope
from sparkops.renewals.models import Ask
from tests.factories import ads
from tests.factories.cast import Cast
from tests.factories.creators import (
    NOW,
    TODAY,
    day_numbers,
    make_creator,
    make_post,
    make_product,
    make_sample,
)
from tests.factories.terms import terms

pytestmark = pytest.mark.django_db
ZONE = "America/Los_Angeles"
EVER = Span(None, None, ZONE)


@pytest.fixture(autouse=True)
def at_noon() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def ago(days: int) -> datetime:
    return NOW - timedelta(days=days)


def a_full_life() -> Creator:
    """One creator with something from every source, each on a day of its own."""
    serum = make_product()
    post = make_post(
        "mia", ago(20), product=serum, caption="my routine",
        days={TODAY - timedelta(days=10): day_numbers(900, "120.50", orders=3)},
    )  # fmt: skip
    mia = Creator.objects.get(handle="mia")
    sample = make_sample(
        mia, "overdue", product=serum, delivered_at=ago(38), due_on=date(2026, 10, 28)
    )
    Sample.objects.filter(pk=sample.pk).update(first_seen_at=ago(45))
    SampleReminder.objects.create(
        sample=sample, text="Please post", asked_at=ago(30), asked_by="Ann", sent_at=ago(30),
        state="sent",
    )  # fmt: skip
    record("sample.approved", sample, by=Actor("Ann"), now=ago(44))
    right = ads.covered(Post.objects.get(pk=post.pk), now=ago(19))
    Transition.objects.create(
        authorization=right, before="submitted", after="verified", at=ago(19), actor="TikTok",
        reason="Listed.",
    )  # fmt: skip
    Ask.objects.create(
        authorization=right, creator=mia, kind="request", state="sent", channel="shop",
        text="May we?", created_at=ago(18), sent_at=ago(18),
    )  # fmt: skip
    version = terms(now=ago(60)).versions.get()
    TermsAcceptance.objects.create(
        version=version, creator=mia, post=post, terms=mia.usage_terms.get(), language="en",
        text="All of it", text_hash="0" * 64, starts_on=TODAY, ends_on=TODAY, hold_until=TODAY,
        signed_name="Mia Glow", accepted_at=ago(17),
    )  # fmt: skip
    ad = ads.an_ad("Mia evergreen", post)
    type(ad).objects.filter(pk=ad.pk).update(created_at=ago(15), lost_permission_at=ago(5))
    CreatorFee.objects.create(
        creator=mia, kind="flat_fee", amount=Decimal("450"), currency="USD", starts_on=TODAY,
        ends_on=TODAY, created_at=ago(4),
    )  # fmt: skip
    record("creator.edited", mia, by=Actor("Ann"), now=ago(2))
    return mia


def titles(mia: Creator, slug: str = "glow", **asked: Any) -> list[str]:
    return [one.title for one in story_of(mia, slug, EVER, **asked).events]


def test_ct7_messages_samples_posts_terms_permissions_ads_and_money_in_one_timeline(
    cast: Cast,
) -> None:
    """CT7: one timeline of all of them, newest first, each with a link to what it is about."""
    with client_scope(cast.client.pk):
        mia = a_full_life()
        events = story_of(mia, cast.client.slug, EVER).events
        assert [one.title for one in events] == [
            "Details changed", "Flat fee", "Ad lost its permission", "Sold 3 orders", "Ad made",
            "Accepted the terms", "First request sent, TikTok Shop message",
                "Permission verified", "Published a post",
            "Post was due", "Reminded of a sample", "Sample delivered", "Approved",
            "Sample first seen",
        ]  # fmt: skip
        moments = [one.at for one in events]
        assert moments == sorted(moments, reverse=True)
        assert [one.title for one in events if not one.href] == ["Details changed"]
        hrefs = {one.href for one in events if one.href}
    browser = Browser()
    browser.force_login(cast.members["owner"])
    for href in sorted(hrefs):
        if "signed" not in href and ".pdf" not in href:
            assert browser.get(href).status_code == 200, href


@pytest.mark.parametrize(
    ("kind", "shown"),
    [
        ("messages", {"Reminded of a sample", "First request sent, TikTok Shop message"}),
        ("samples", {"Post was due", "Sample delivered", "Approved", "Sample first seen"}),
        ("posts", {"Published a post"}),
        ("authorizations", {"Permission verified"}),
        ("terms", {"Accepted the terms"}),
        ("ads", {"Ad lost its permission", "Ad made"}),
        ("money", {"Flat fee", "Sold 3 orders"}),
        ("changes", {"Details changed"}),
    ],
)
def test_ct7_the_timeline_can_be_one_kind(cast: Cast, kind: str, shown: set[str]) -> None:
    """CT7: a kind at a time."""
    with client_scope(cast.client.pk):
        assert set(titles(a_full_life(), kind=kind)) == shown


def test_ct7_pages_follow_each_other_without_a_gap_or_a_repeat(cast: Cast) -> None:
    """CT7: also where many rows of several sources share one moment."""
    with client_scope(cast.client.pk):
        mia, serum = make_creator("mia"), make_product()
        for _ in range(PAGE):
            make_post("mia", ago(3))
            make_sample(mia, "posted", product=serum, delivered_at=ago(3))
        for number in range(5):
            day = {TODAY - timedelta(days=number): day_numbers(1, "5", orders=1)}
            make_post("mia", ago(9), days=day)
        Sample.objects.update(first_seen_at=ago(3))
        seen, cursor = [], ""
        while True:
            page = story_of(mia, "glow", EVER, cursor=cursor)
            seen += [one.place for one in page.events]
            cursor = page.next
            if not cursor:
                break
        # Each sample is two lines, each day with orders one.
        assert len(seen) == len(set(seen)) == PAGE * 3 + 5 + 5
        assert seen == sorted(seen, reverse=True)
        assert story_of(mia, "glow", EVER, cursor="broken").events[0].place == seen[0]


def open_story(cast: Cast, pk: int, query: str = "") -> str:
    browser = Browser()
    browser.force_login(cast.members["viewer"])
    url = reverse("home:creator-story", kwargs={"client": cast.client.slug, "pk": pk})
    answer = browser.get(url + query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_ts2_history_beyond_ninety_days_is_kept_and_can_be_chosen(cast: Cast) -> None:
    """TS2: posts, samples and sales older than 90 days and 6 months, by period or by days."""
    with client_scope(cast.client.pk):
        for days, gmv in ((10, "11.00"), (100, "22.00"), (250, "44.00")):
            make_post(
                "mia", ago(days), caption=f"post of {days}",
                days={TODAY - timedelta(days=days): day_numbers(9, gmv, orders=1)},
            )  # fmt: skip
        mia = Creator.objects.get()
    everything = open_story(cast, mia.pk)
    assert "$77.00" in everything and "post of 250" in everything
    year = open_story(cast, mia.pk, "?days=180")
    assert "$33.00" in year and "post of 100" in year and "post of 250" not in year
    short = open_story(cast, mia.pk, "?days=90")
    assert "$11.00" in short and "post of 100" not in short
    # 250 days before November 20 is March 15; 100 days before is August 12.
    old = open_story(cast, mia.pk, "?since=2026-03-15&until=2026-03-15")
    assert "$44.00" in old and "post of 250" in old and "post of 100" not in old
    assert "choose a later day" in open_story(cast, mia.pk, "?since=2026-03-15&until=2026-03-14")


def test_the_creator_s_page_loads_the_newest_at_the_same_cost_for_any_history(
    cast: Cast,
) -> None:
    with client_scope(cast.client.pk):
        mia = a_full_life()
    browser = Browser()
    browser.force_login(cast.members["viewer"])
    kwargs = {"client": cast.client.slug, "pk": mia.pk}
    page = browser.get(reverse("creators:creator", kwargs=kwargs)).content.decode()
    url = reverse("home:creator-newest", kwargs=kwargs)
    assert url in page
    with CaptureQueriesContext(connection) as few:
        text = browser.get(url).content.decode()
    assert "Flat fee" in text and "The whole timeline" in text
    with client_scope(cast.client.pk):
        for number in range(30):
            make_post("mia", datetime(2026, 5, 1, tzinfo=UTC) + timedelta(days=number))
    with CaptureQueriesContext(connection) as many:
        browser.get(url)
    assert len(many) == len(few)
