"""Creators and posts as they come from the live sandbox."""

from datetime import timedelta

import pytest

from creators.inbound import STREAMS
from creators.models import Collaboration, Creator, Post, PostDay, Sample
from sparkops import clock
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

        Cursor.objects.update(due_at=clock.now() - timedelta(minutes=1))
    read(cast.client.pk)
    with client_scope(cast.client.pk):
        again = Run.objects.filter(cursor__stream="post_numbers").latest("started_at")
        assert again.state == Run.State.DONE
        assert again.added == 0
        assert sorted(PostDay.objects.values_list("post_id", "day", "views", "gmv")) == before
