"""Creators and posts as they come from the live sandbox."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

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
from sparkops.catalog.models import Shop
from sparkops.isolation.scope import client_scope
from sparkops.landing.models import Cursor, Run
from sparkops.landing.streams import pull_due
from tests.factories.cast import Cast
from tests.factories.world import own_transaction, synced_cast
from tests.sandbox_server import SandboxServer

pytestmark = pytest.mark.journey


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any, sandbox: SandboxServer) -> Iterator[Cast]:
    with synced_cast(django_db_blocker, sandbox, CATALOG, STREAMS) as cast:
        yield cast


@pytest.fixture
def client_id(world: Cast, django_db_blocker: Any) -> Iterator[int]:
    with own_transaction(django_db_blocker):
        yield world.client.pk


def read_again(client_id: int) -> None:
    with client_scope(client_id):
        Cursor.objects.update(due_at=clock.now() - timedelta(minutes=1))
    pull_due(client_id, STREAMS, now=clock.now)


def truth_of(sandbox: SandboxServer) -> dict[str, Any]:
    return sandbox.look("world?brand=lumen")["brands"][0]


def test_creators_and_posts_equal_the_sandbox_s_own_count(
    client_id: int, sandbox: SandboxServer
) -> None:
    posted = truth_of(sandbox)["creators_posted"]
    items = {item for one in posted for item in one["item_ids"]}
    with client_scope(client_id):
        found = Post.objects.filter(item_id__in=items).values_list("item_id", "creator__handle")
        assert dict(found) == {item: one["handle"] for one in posted for item in one["item_ids"]}
        known = dict(Creator.objects.values_list("handle", "creator_id"))
        assert {one["handle"]: one["open_id"] for one in posted}.items() <= known.items()
        assert PostDay.objects.exists()
        assert Sample.objects.exists()
        assert Collaboration.objects.filter(kind="open").exists()


def test_reading_the_same_pages_again_changes_nothing(client_id: int) -> None:
    def everything() -> list[Any]:
        return [
            sorted(model.objects.values_list(*fields))
            for model, fields in (
                (PostDay, ("post_id", "day", "views", "gmv")),
                (Creator, ("pk", "handle", "views_30d", "gmv_30d", "samples_open")),
                (Sample, ("pk", "state", "due_on", "post_id")),
                (Collaboration, ("pk", "status")),
            )
        ]

    with client_scope(client_id):
        before = everything()
    read_again(client_id)
    with client_scope(client_id):
        assert everything() == before
        for stream in ("post_numbers", "samples", "collaborations"):
            again = Run.objects.filter(cursor__stream=stream).latest("started_at", "pk")
            assert (again.state, again.added) == (Run.State.DONE, 0), stream


def test_lists_sort_by_what_the_days_add_up_to(client_id: int, sandbox: SandboxServer) -> None:
    with client_scope(client_id):
        for post in Post.objects.annotate(views_of_days=Sum("days__views"), sold=Sum("days__gmv")):
            assert post.views == (post.views_of_days or 0)
            assert post.gmv == (post.sold or 0)
        today = clock.shop_day(clock.now(), Shop.objects.get().timezone)
        for creator in Creator.objects.exclude(post_count=0):
            recent = PostDay.objects.filter(
                post__creator=creator, day__gt=today - timedelta(days=30), day__lte=today
            )
            totals = recent.aggregate(views=Sum("views"), gmv=Sum("gmv"))
            assert creator.views_30d == (totals["views"] or 0)
            assert creator.gmv_30d == (totals["gmv"] or 0)
            assert creator.post_count == creator.posts.count()


def test_ct3_a_delivered_sample_has_a_due_day_and_a_post_ends_the_wait(
    client_id: int, sandbox: SandboxServer
) -> None:
    with client_scope(client_id):
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


def test_invitations_carry_their_rates_as_fractions(client_id: int, sandbox: SandboxServer) -> None:
    with client_scope(client_id):
        valid = Collaboration.objects.filter(kind="target", status="VALID")
        # The sandbox invites for 20 %, and 12 % for orders won by ads.
        assert {(one.standard_rate, one.shop_ads_rate) for one in valid} == {
            (Decimal("0.2000"), Decimal("0.1200"))
        }
        assert all(one.ends_at for one in valid)
        ended = Collaboration.objects.filter(kind="target", status="COMPLETED")
        assert ended and all(one.ends_at < clock.now() for one in ended)


def test_a_renamed_creator_keeps_posts_and_former_name(
    client_id: int, sandbox: SandboxServer
) -> None:
    old = truth_of(sandbox)["creators_posted"][0]["handle"]
    with client_scope(client_id):
        before = Creator.objects.get(handle=old)
        posts = set(before.posts.values_list("item_id", flat=True))
    sandbox.do("rename_creator", handle=old, new_handle="renamed.person")
    try:
        read_again(client_id)
        with client_scope(client_id):
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
    client_id: int, sandbox: SandboxServer
) -> None:
    """CT5: dated snapshots that stay when TikTok deletes the post."""
    with client_scope(client_id):
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
    with client_scope(client_id):
        set_availability({post.pk: "deleted"}, by=SYSTEM, now=clock.now())
    read_again(client_id)
    with client_scope(client_id):
        assert Post.objects.get(pk=post.pk).availability == "deleted"
        assert list(post.days.order_by("day").values_list("day", "views", "paid_views")) == kept


def test_fq1_the_answer_of_today_equals_the_sandbox_s_own_count(
    client_id: int, sandbox: SandboxServer
) -> None:
    truth = truth_of(sandbox)
    since, until = window(30, zone=truth["zone"], now=clock.now())
    with client_scope(client_id):
        answer = posted_answers(since, until)[client_id]
        listed = find_creators(
            Creator.objects.all(), {"posted": "30"}, zone=truth["zone"], now=clock.now()
        )
        handles = {one["handle"] for one in truth["creators_posted"]}
        assert set(listed.values_list("handle", flat=True)) == handles
    assert answer.creators == len(handles)
    assert answer.posts == sum(len(one["item_ids"]) for one in truth["creators_posted"])


def test_profiles_bring_followers_and_market_of_twenty_creators_a_read(client_id: int) -> None:
    with client_scope(client_id):
        read = Creator.objects.exclude(profile_read_at=None)
        assert read.count() == 20
        assert not read.filter(follower_count=None).exists()
        assert set(read.values_list("region", flat=True)) == {"US"}
        waiting = Creator.objects.filter(profile_read_at=None).exclude(creator_id="").count()
    read_again(client_id)
    with client_scope(client_id):
        left = Creator.objects.filter(profile_read_at=None).exclude(creator_id="").count()
        assert left == max(waiting - 20, 0)
