"""Bulk launch: many posts from the board in one plan or several, progress per row, retry."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from campaigns.actions import approval
from campaigns.actions.launch import note_failure, note_live
from campaigns.models import Launch, Plan
from creators.models import Post
from sparkops.audit.models import Event
from sparkops.isolation.scope import client_scope
from sparkops.outbox.models import Command
from tests.campaigns.test_plans import as_role, text_of
from tests.factories.ads import NOW, a_post, covered, redeemed
from tests.factories.cast import Cast
from tests.factories.plans import Ready, sent
from tests.factories.triage import on_the_board

pytestmark = pytest.mark.django_db
HERE = "/c/glow/campaigns/plans/"


@pytest.fixture(autouse=True)
def at_now() -> Iterator[None]:
    cache.clear()
    with time_machine.travel(NOW, tick=False):
        yield


def asked_for(ready: Ready, **changes: Any) -> dict[str, Any]:
    return {
        "name": "Push", "objective": "VIDEO_VIEWS", "ad_account": ready.account.pk,
        "daily_budget": "60.00", "starts_at": "2026-09-10T12:00",
        "ends_at": "2026-09-17T12:00", **changes,
    }  # fmt: skip


def test_many_posts_become_one_plan_or_one_for_each_creator(cast: Cast, ready: Ready) -> None:
    with client_scope(cast.client.pk):
        third = a_post("7500000000000000009", "maya")
        redeemed(covered(third, days=30), ready.account)
        rows = [on_the_board(post, now=NOW).pk for post in (*ready.posts, third)]
    media = as_role(cast, "media")
    assert "A plan for each creator" in text_of(media.get(f"{HERE}new/", {"id": rows}))
    assert "A plan for each creator" not in text_of(media.get(f"{HERE}new/", {"id": rows[:1]}))
    assert media.post(f"{HERE}new/", asked_for(ready, id=rows)).status_code == 302
    asked = asked_for(ready, id=rows, split="creator")
    assert media.post(f"{HERE}new/", asked).headers["Location"] == HERE
    with client_scope(cast.client.pk):
        made = {one.name: one.lines.count() for one in Plan.objects.all()}
    assert made == {"Push": 3, "Push: @maya": 2, "Push: @noor": 1}


def test_all_rows_of_the_board_are_taken_and_more_than_a_plan_takes_is_said(
    cast: Cast,
    ready: Ready,
) -> None:
    with client_scope(cast.client.pk):
        posts = [a_post(f"76000000000000000{n:02}", "lou") for n in range(50)]
        for score, post in enumerate((*ready.posts, *posts), start=20):
            on_the_board(post, score=score, now=NOW)
    media = as_role(cast, "media")
    page = text_of(media.get(f"{HERE}new/", {"all": "1", "tab": "earned"}))
    assert "Plan the launch of 50 posts" in page
    assert "2 posts are left out" in page
    found = text_of(media.get(f"{HERE}new/", {"all": "1", "q": "lou"}))
    assert "Plan the launch of 50 posts" in found and "left out" not in found
    assert "Choose them on the triage board" in text_of(
        media.get(f"{HERE}new/", {"all": "1", "tab": "rejected"})
    )


def test_u1_each_launch_of_a_plan_tells_its_own_result_and_failed_ones_are_sent_again(
    cast: Cast,
    ready: Ready,
) -> None:
    """U1: a bar, a reason in every row, safe to leave because the outbox works on, and a button
    that sends again what failed: what stopped goes on, what was refused meets the gate again."""
    client = cast.client.pk
    with client_scope(client):
        plan, token = sent(ready)
        Post.objects.filter(pk=ready.posts[1].pk).update(availability="private")
        link = approval.open_link(token, now=NOW)
        approval.approve(link, who=approval.Visitor("Ada", ""), now=NOW)
        launches = {line.post_id: line.launch for line in plan.lines.all()}
        first = launches[ready.posts[0].pk]
        assert first is not None
    media, here = as_role(cast, "media"), f"{HERE}{plan.pk}/"
    waits = text_of(media.get(f"{here}progress/"))
    assert 'hx-trigger="every 3s"' in waits and "1 of 2" in waits
    assert "The post is private." in waits and "Retry" not in waits
    with client_scope(client):
        note_failure(first.pk, "TikTok said no.", now=NOW)
    over = text_of(media.get(f"{here}progress/"))
    assert "hx-trigger" not in over and "2 of 2" in over and "0 live, 2 failed." in over
    assert "TikTok said no." in over
    assert "Retry" not in text_of(as_role(cast, "viewer").get(here))
    assert "Retry 2 failed launches" in text_of(media.get(here))
    assert as_role(cast, "viewer").post(f"{here}retry/").status_code == 403

    with client_scope(client):
        Post.objects.update(availability="public")
        before = Command.objects.count()
    later = NOW + timedelta(hours=1)
    with time_machine.travel(later, tick=False):
        assert media.post(f"{here}retry/").status_code == 302
        with client_scope(client):
            again = {line.post_id: line.launch for line in plan.lines.all()}
            assert again[ready.posts[0].pk] == first  # goes on, is not made anew
            assert {one.state for one in again.values() if one} == {"creating"}
            assert Command.objects.count() == before + 2
            assert Event.objects.get(verb="plan.retried").data == {"launches": 2}
            for one in Launch.objects.filter(state="creating"):
                note_live(one.pk, now=later)
        assert "2 live, 0 failed." in text_of(media.get(here))
        nothing = media.post(f"{here}retry/")
    assert nothing.status_code == 422
    assert "No launch of this plan has failed." in text_of(nothing)


def test_the_progress_of_a_plan_asks_the_database_as_often_for_one_row_as_for_many(
    cast: Cast,
    ready: Ready,
) -> None:
    with client_scope(cast.client.pk):
        plan, token = sent(ready)
    media, url = as_role(cast, "media"), f"{HERE}{plan.pk}/progress/"
    # Before anything of it was launched there is no progress to ask for.
    assert media.get(url).status_code == 404
    with client_scope(cast.client.pk):
        link = approval.open_link(token, now=NOW)
        approval.approve(link, who=approval.Visitor("Ada", ""), now=NOW)
    assert media.get(url).status_code == 200
    with CaptureQueriesContext(connection) as two:
        media.get(url)
    with client_scope(cast.client.pk):
        plan.lines.filter(post=ready.posts[0]).delete()
    with CaptureQueriesContext(connection) as one:
        media.get(url)
    assert len(two) == len(one)
