"""Creators and posts as they come from the live sandbox."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db.models import Sum

from creators.actions.paid import PaidNumbers, record_paid_numbers
from creators.actions.posts import set_availability
from creators.inbound import STREAMS
from creators.models import Collaboration, Creator, Handle, Post, PostDay, Sample
from creators.queries import find_creators, posted_answers, window
from sparkops import clock
from sparkops.audit.record import SYSTEM
from sparkops.catalog.inbound import STREAMS as CATALOG
from sparkops.isolation.scope import client_scope
from sparkops.landing.models import Cursor, Run
from sparkops.landing.streams import pull_due
from tests.factories.cast import Cast
from tests.factories.connected import connect
from tests.sandbox_server import SandboxServer

pytestmark = [pytest.mark.django_db, pytest.mark.journey]


def read(client_id: int) -> None:
    for streams in (CATALOG, STREAMS):
        pull_due(client_id, streams, now=clock.now)


def read_again(client_id: int) -> None:
    with client_scope(client_id):
        Cursor.objects.update(due_at=clock.now() - timedelta(minutes=1))
    read(client_id)


def test_creators_and_posts_equal_the_sandbox_s_own_count(
    cast: Cast, sandbox: SandboxServer
) -> None:
    connect(cast.client, sandbox)
    read(cast.client.pk)
    truth = sandbox.look("world?brand=lumen")["brands"][0]
    items = {item for one in truth["creators_posted"] for item in one["item_ids"]}
    handles = {one["handle"] for one in truth["creators_posted"]}
    with client_scope(cast.client.pk):
        failed = list(Cursor.objects.exclude(last_error="").values_list("stream", "last_error"))
        assert failed == []
        assert (
            set(Post.objects.filter(item_id__in=items).values_list("item_id", flat=True)) == items
        )
        assert handles <= set(Creator.objects.values_list("handle", flat=True))
        assert PostDay.objects.exists()
        assert Sample.objects.exists()
        assert Collaboration.objects.filter(kind="open").exists()
        before = sorted(PostDay.objects.values_list("post_id", "day", "views", "gmv"))
    read_again(cast.client.pk)
    with client_scope(cast.client.pk):
        again = Run.objects.filter(cursor__stream="post_numbers").latest("started_at")
        assert again.state == Run.State.DONE
        assert again.added == 0
        assert sorted(PostDay.objects.values_list("post_id", "day", "views", "gmv")) == before


def test_lists_sort_by_what_the_days_add_up_to(cast: Cast, sandbox: SandboxServer) -> None:
    connect(cast.client, sandbox)
    read(cast.client.pk)
    with client_scope(cast.client.pk):
        for post in Post.objects.annotate(views_of_days=Sum("days__views"), sold=Sum("days__gmv")):
            assert post.views == (post.views_of_days or 0)
            assert post.gmv == (post.sold or 0)
        today = clock.shop_day(clock.now(), "America/New_York")
        for creator in Creator.objects.exclude(post_count=0):
            recent = PostDay.objects.filter(
                post__creator=creator, day__gt=today - timedelta(days=30), day__lte=today
            )
            totals = recent.aggregate(views=Sum("views"), gmv=Sum("gmv"))
            assert creator.views_30d == (totals["views"] or 0)
            assert creator.gmv_30d == (totals["gmv"] or 0)
            assert creator.post_count == creator.posts.count()


def test_ct3_a_delivered_sample_has_a_due_day_and_a_post_ends_the_wait(
    cast: Cast, sandbox: SandboxServer
) -> None:
    connect(cast.client, sandbox)
    read(cast.client.pk)
    with client_scope(cast.client.pk):
        delivered = Sample.objects.exclude(delivered_at=None).select_related("product__shop")
        assert delivered
        for sample in delivered:
            zone = sample.product.shop.timezone
            arrived = clock.shop_day(sample.delivered_at, zone)
            assert sample.due_on == arrived + timedelta(days=14)
        assert set(Sample.objects.exclude(post=None).values_list("state", flat=True)) == {"posted"}
        linked = Sample.objects.exclude(post=None).select_related("post")
        assert all(one.post.creator_id == one.creator_id for one in linked)
        for creator in Creator.objects.filter(samples_overdue__gt=0):
            late = creator.samples.filter(state="overdue")
            assert creator.samples_overdue == late.count()


def test_invitations_carry_their_rates_as_fractions(cast: Cast, sandbox: SandboxServer) -> None:
    connect(cast.client, sandbox)
    read(cast.client.pk)
    with client_scope(cast.client.pk):
        valid = Collaboration.objects.filter(kind="target", status="VALID")
        # The sandbox invites for 20 %, and 12 % for orders won by ads.
        assert {(one.standard_rate, one.shop_ads_rate) for one in valid} == {
            (Decimal("0.2000"), Decimal("0.1200"))
        }
        assert all(one.ends_at for one in valid)
        ended = Collaboration.objects.filter(kind="target", status="COMPLETED")
        assert ended and all(one.ends_at < clock.now() for one in ended)


def test_a_renamed_creator_keeps_posts_and_former_name(cast: Cast, sandbox: SandboxServer) -> None:
    connect(cast.client, sandbox)
    read(cast.client.pk)
    old = sandbox.look("world?brand=lumen")["brands"][0]["creators_posted"][0]["handle"]
    with client_scope(cast.client.pk):
        before = Creator.objects.get(handle=old)
        posts = set(before.posts.values_list("item_id", flat=True))
    sandbox.do("rename_creator", handle=old, new_handle="renamed.person")
    try:
        read_again(cast.client.pk)
        with client_scope(cast.client.pk):
            after = Creator.objects.get(pk=before.pk)
            assert after.handle == "renamed.person"
            assert set(after.posts.values_list("item_id", flat=True)) == posts
            assert set(Handle.objects.filter(creator=after).values_list("handle", flat=True)) == {
                old,
                "renamed.person",
            }
            assert not Creator.objects.filter(handle=old).exists()
    finally:
        sandbox.do("rename_creator", handle="renamed.person", new_handle=old)


def test_ct5_days_are_dated_organic_and_paid_apart_and_outlive_the_post(
    cast: Cast, sandbox: SandboxServer
) -> None:
    connect(cast.client, sandbox)
    read(cast.client.pk)
    with client_scope(cast.client.pk):
        post = Post.objects.order_by("-views")[0]
        day = post.days.latest("day")
        organic = (day.views, day.likes, day.gmv)
        numbers = PaidNumbers(post.pk, day.day, 4_321, Decimal("17.25"), "USD")
        for _ in range(2):
            record_paid_numbers([numbers], now=clock.now())
        day.refresh_from_db()
        assert (day.views, day.likes, day.gmv) == organic
        assert (day.paid_views, day.paid_spend, day.paid_currency) == (4_321, 17.25, "USD")
        views = post.views
        post.refresh_from_db()
        assert (post.views, post.paid_views, post.paid_spend) == (views, 4_321, Decimal("17.25"))
        kept = list(post.days.order_by("day").values_list("day", "views", "paid_views"))
    sandbox.do("delete_post", item_id=post.item_id)
    with client_scope(cast.client.pk):
        set_availability({post.pk: "deleted"}, by=SYSTEM, now=clock.now())
    read_again(cast.client.pk)
    with client_scope(cast.client.pk):
        assert Post.objects.get(pk=post.pk).availability == "deleted"
        assert list(post.days.order_by("day").values_list("day", "views", "paid_views")) == kept


def test_fq1_the_answer_of_today_equals_the_sandbox_s_own_count(
    cast: Cast, sandbox: SandboxServer
) -> None:
    connect(cast.client, sandbox)
    read(cast.client.pk)
    truth = sandbox.look("world?brand=lumen")["brands"][0]
    since, until = window(30, zone=truth["zone"], now=clock.now())
    with client_scope(cast.client.pk):
        answer = posted_answers(since, until)[cast.client.pk]
        listed = find_creators(
            Creator.objects.all(), {"posted": "30"}, zone=truth["zone"], now=clock.now()
        )
        handles = {one["handle"] for one in truth["creators_posted"]}
        assert set(listed.values_list("handle", flat=True)) == handles
    assert answer.creators == len(handles)
    assert answer.posts == sum(len(one["item_ids"]) for one in truth["creators_posted"])
