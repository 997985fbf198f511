"""Samples: due days, posts that fulfil them, missed ones, extensions, reminders, pages."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from creators.actions.reminders import REMIND, remind, remind_due, save_reminders
from creators.actions.samples import (
    MISSED_ALERT,
    extend_sample,
    link_posts,
    note_deliveries,
    note_extensions,
    settle_states,
    shorten_sample,
)
from creators.models import Sample, SampleReminder
from creators.queries.samples import standings
from sparkops.alerts.models import Alert
from sparkops.audit.record import Actor
from sparkops.catalog.models import Product
from sparkops.errors import Refusal
from sparkops.isolation.scope import client_scope
from sparkops.outbox.models import Command
from tests.factories.cast import Cast
from tests.factories.creators import NOW, make_creator, make_post, make_product, make_sample

pytestmark = pytest.mark.django_db
BY = Actor("Ann")
ZONE = "America/Los_Angeles"
# 10 AM of November 3 in the shop's zone; the post is due on November 17.
ARRIVED = datetime(2026, 11, 3, 18, tzinfo=UTC)
DUE = date(2026, 11, 17)


@pytest.fixture(autouse=True)
def at_noon() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def scope(cast: Cast) -> Iterator[Cast]:
    with client_scope(cast.client.pk):
        yield cast


def delivered(handle: str, product: Product, **fields: Any) -> Sample:
    """A sample that arrived on November 3 and was watched from before."""
    creator = make_creator(handle, creator_id=f"open-{handle}")
    sample = make_sample(
        creator,
        "shipped",
        product=product,
        order_id=f"order-{handle}",
        fulfillment_status="ONGOING",
        **fields,
    )
    Sample.objects.filter(pk=sample.pk).update(first_seen_at=ARRIVED - timedelta(days=4))
    note_deliveries({sample.order_id: ARRIVED}, shop=product.shop)
    return Sample.objects.get(pk=sample.pk)


def at(day: int) -> datetime:
    """Noon of a day of November in the shop's zone."""
    return datetime(2026, 11, day, 20, tzinfo=UTC)


def settle(product: Product, now: datetime) -> None:
    link_posts(shop=product.shop)
    settle_states(shop=product.shop, now=now)


def rate_of(sample: Sample) -> Any:
    found = standings([sample.creator_id], zone=ZONE, now=NOW)
    return found[sample.creator_id].rate


def test_ct3_a_post_inside_the_window_fulfils_the_sample_and_is_linked(scope: Cast) -> None:
    """CT3: a delivered sample starts a due date; a post with the product link fulfils it."""
    serum = make_product()
    sample = delivered("mia", serum)
    assert sample.due_on == DUE
    make_post("mia", at(5))  # without the product
    make_post("mia", at(6), product=serum, availability="deleted")
    right = make_post("mia", at(17), product=serum)
    settle(serum, at(17))
    sample.refresh_from_db()
    assert (sample.post_id, sample.state) == (right.pk, "posted")
    assert rate_of(sample) == 1
    assert not Alert.objects.exists()


def test_ct3_a_missed_one_raises_an_alert_once_and_lowers_the_rate(scope: Cast) -> None:
    """CT3: the day after the due day a person is told and the rate falls; a late post is none."""
    serum = make_product()
    sample = delivered("mia", serum)
    make_sample(sample.creator, "posted")
    settle(serum, at(17))
    assert not Alert.objects.exists()
    assert rate_of(sample) == 1
    make_post("mia", at(18), product=serum)
    for _ in range(2):
        settle(serum, at(18))
    sample.refresh_from_db()
    assert (sample.state, sample.post_id) == ("overdue", None)
    assert rate_of(sample) == pytest.approx(0.5)
    alert = Alert.objects.get()
    assert (alert.kind, alert.subject_id, alert.resolved_at) == (MISSED_ALERT, sample.pk, None)
    assert alert.path == f"/c/{scope.client.slug}/samples/{sample.pk}/"
    told = {one.user.email for one in alert.deliveries.select_related("user")}
    assert told == {f"{role}@north.example" for role in ("owner", "manager", "affiliate")}


def test_what_was_over_before_it_was_first_read_raises_nothing(scope: Cast) -> None:
    serum = make_product()
    sample = delivered("mia", serum)
    Sample.objects.filter(pk=sample.pk).update(first_seen_at=at(19))
    settle(serum, at(20))
    sample.refresh_from_db()
    assert sample.state == "overdue"
    assert not Alert.objects.exists()


def test_ct3_an_extension_moves_the_day_ends_the_alert_and_can_be_taken_back(scope: Cast) -> None:
    """CT3: a 7-day extension moves the date, and a post in the extra week fulfils."""
    serum = make_product()
    sample = delivered("mia", serum)
    settle(serum, at(18))
    sample.refresh_from_db()
    extend_sample(sample, by=BY, now=at(18))
    sample.refresh_from_db()
    assert (sample.due_on, sample.state) == (date(2026, 11, 24), "delivered")
    assert Alert.objects.filter(resolved_at=None).count() == 0
    with pytest.raises(Refusal):
        extend_sample(sample, by=BY, now=at(18))
    shorten_sample(sample, by=BY, now=at(18))
    sample.refresh_from_db()
    assert (sample.due_on, sample.state) == (DUE, "overdue")
    extend_sample(sample, by=BY, now=at(19))
    post = make_post("mia", at(22), product=serum)
    settle(serum, at(23))
    sample.refresh_from_db()
    assert (sample.post_id, sample.state) == (post.pk, "posted")


def test_ct3_the_week_that_tiktok_granted_by_itself_is_seen(scope: Cast) -> None:
    """CT3: the seller is not told of an extension; TikTok that still waits shows it. A delivery
    that is read again keeps the longer day."""
    serum = make_product()
    sample = delivered("mia", serum)
    assert note_extensions([sample.sample_id], now=ARRIVED + timedelta(days=13)) == 0
    assert note_extensions([sample.sample_id], now=at(18)) == 1
    assert note_extensions([sample.sample_id], now=at(19)) == 0
    note_deliveries({sample.order_id: ARRIVED + timedelta(hours=1)}, shop=serum.shop)
    sample.refresh_from_db()
    assert sample.due_on == date(2026, 11, 24)


def test_a_reminder_goes_out_once_per_sample_and_not_before_day_five(scope: Cast) -> None:
    serum = make_product()
    sample = delivered("mia", serum)
    settle(serum, at(7))
    sample.refresh_from_db()
    with pytest.raises(Refusal, match="November 8"):
        remind(sample, scope.client, by=BY, now=at(7))
    remind(sample, scope.client, by=BY, now=at(8))
    with pytest.raises(Refusal, match="one reminder"):
        remind(Sample.objects.get(pk=sample.pk), scope.client, by=BY, now=at(9))
    command = Command.objects.get()
    assert (command.kind, command.key) == (REMIND, f"{REMIND}-{sample.pk}")
    text = SampleReminder.objects.get().text
    for part in ("@mia", "Dew Serum", "November 3", "November 17", "Glow Skincare"):
        assert part in text


def test_reminders_start_themselves_on_the_chosen_day_where_the_client_wants_it(
    scope: Cast,
) -> None:
    serum = make_product()
    sample = delivered("mia", serum)
    unknown = delivered("zoe", serum)
    unknown.creator.creator_id = ""
    unknown.creator.save()
    settle(serum, at(8))
    assert remind_due(scope.client, now=at(9)) == 0
    save_reminders(remind_on_day=7, reminder_text="Post, {handle}!", by=BY, now=at(9))
    assert remind_due(scope.client, now=at(9)) == 0
    assert remind_due(scope.client, now=at(10)) == 1
    assert remind_due(scope.client, now=at(11)) == 0
    assert SampleReminder.objects.get().text == "Post, mia!"
    assert SampleReminder.objects.get().sample_id == sample.pk


def open_as(cast: Cast, role: str, name: str, *, post: bool = False, **kwargs: Any) -> Any:
    browser = Browser()
    browser.force_login(cast.members[role])
    url = reverse(f"creators:{name}", kwargs={"client": cast.client.slug, **kwargs})
    return browser.post(url) if post else browser.get(url)


def test_ts3_the_list_shows_what_speaks_for_a_creator_without_a_query_per_row(
    cast: Cast,
) -> None:
    """TS3: fulfilment rate, 30-day GMV, posting rate and followers of each request."""
    with client_scope(cast.client.pk):
        serum = make_product()
        sample = delivered(
            "mia", serum, creator_fulfilment="0.82", creator_gmv="1234.5",
            creator_gmv_currency="USD",
        )  # fmt: skip
        sample.creator.follower_count = 45_678
        sample.creator.save()
        make_sample(sample.creator, "posted")
        make_sample(sample.creator, "ghosted")
        make_post("mia", NOW - timedelta(days=3))
        make_post("mia", NOW - timedelta(days=40))
    with CaptureQueriesContext(connection) as few:
        text = open_as(cast, "viewer", "samples").content.decode()
    for shown in ("82.0%", "$1,234.50", "45,678", "50.0%", "1 of 2", 'data-label="Posts, 30 d">1<'):
        assert shown in text
    with client_scope(cast.client.pk):
        for number in range(20):
            delivered(f"more{number}", serum)
    with CaptureQueriesContext(connection) as many:
        open_as(cast, "viewer", "samples")
    assert len(many) == len(few)


def test_a_person_extends_and_reminds_on_the_sample_s_page(cast: Cast) -> None:
    with client_scope(cast.client.pk):
        serum = make_product()
        sample = delivered("mia", serum)
        settle(serum, NOW)
    page = open_as(cast, "affiliate", "sample", pk=sample.pk).content.decode()
    assert "Extend by 7 days" in page
    assert "Overdue" in page
    assert open_as(cast, "viewer", "sample-extend", post=True, pk=sample.pk).status_code == 403
    assert open_as(cast, "affiliate", "sample-extend", post=True, pk=sample.pk).status_code == 302
    assert open_as(cast, "affiliate", "sample-remind", post=True, pk=sample.pk).status_code == 302
    again = open_as(cast, "affiliate", "sample-remind", post=True, pk=sample.pk)
    assert again.status_code == 422
    page = open_as(cast, "affiliate", "sample", pk=sample.pk).content.decode()
    assert "with 7 extra days" in page
    assert "On its way" in page
