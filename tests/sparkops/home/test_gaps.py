"""The five lists between the answers, and their counts on Today (N18)."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.test import Client as Browser
from django.urls import reverse

from authorizations.actions.renewal import request_renewal
from authorizations.models import Authorization
from campaigns.models import Ad
from creators.models import Post, PostDayResult
from sparkops.audit.record import Actor
from sparkops.catalog.models import Shop
from sparkops.home.gaps import BY_KEY, gap_counts
from sparkops.isolation.scope import client_scope
from sparkops.landing.models import Cursor
from sparkops.renewals.models import Ask
from tests.factories.ads import NOW, a_post, account, an_ad, covered, gmv_max_day, needs
from tests.factories.cast import Cast

pytestmark = pytest.mark.django_db
MINA = Actor("Mina", 7)


@pytest.fixture(autouse=True)
def scope(cast: Cast) -> Iterator[None]:
    with time_machine.travel(NOW, tick=False), client_scope(cast.client.pk):
        yield


def post(number: int, *, ago: int = 3, product: bool = True) -> Post:
    """A public post published `ago` days before, by a creator of its own."""
    made = a_post(f"75000000000000000{number:02d}", f"creator.{number:02d}")
    Post.objects.filter(pk=made.pk).update(published_at=NOW - timedelta(days=ago))
    if product:
        needs(made, "2.0", product_id=f"p{number}")
    return made


def made_a_day(of: Post, cm3: str, *, ago: int = 1) -> None:
    """What the ledger says of a post on one day."""
    PostDayResult.objects.create(
        post=of,
        shop=Shop.objects.get(),
        day=(NOW - timedelta(days=ago)).date(),
        currency="USD",
        gmv=Decimal("100"),
        cm3=Decimal(cm3),
    )


def held(cast: Cast, key: str) -> set[Any]:
    """What identifies the rows of a gap: post ids, or names of ads."""
    rows = BY_KEY[key].rows(cast.client, NOW)
    return {_key(row) for row in rows}


def _key(row: Any) -> Any:
    if isinstance(row, dict):
        return row["pk"]
    return row.name if isinstance(row, Ad) else row.pk


def test_posted_not_asked_holds_public_posts_with_a_product_that_nobody_asked_for(
    cast: Cast,
) -> None:
    """N18: posted, not asked."""
    open_one = post(1)
    post(2, ago=31)
    post(3, product=False)
    covered(post(4))
    gone = post(5)
    Post.objects.filter(pk=gone.pk).update(availability="deleted")
    linked = post(6)
    Authorization.objects.create(
        kind="account", state="verified", creator_id=linked.creator_id, created_at=NOW
    )
    declined = post(7)
    Authorization.objects.create(kind="video_code", state="rejected", post=declined, created_at=NOW)
    assert held(cast, "posted-not-asked") == {open_one.pk}


def test_asked_not_answered_holds_open_requests_and_ends_that_were_asked_about_in_vain(
    cast: Cast,
) -> None:
    """N18: asked, not answered. A later end or a next generation is an answer."""
    request = request_renewal(covered(post(1)), by=MINA, now=NOW)
    silent, moved, copied_later = covered(post(2)), covered(post(3)), covered(post(4))
    for row, ends_at in ((silent, silent.ends_at), (moved, NOW), (copied_later, None)):
        Ask.objects.create(authorization=row, ends_at=ends_at, state="sent", created_at=NOW)
    waiting = covered(post(5))
    Ask.objects.create(
        authorization=waiting, ends_at=waiting.ends_at, state="waiting", created_at=NOW
    )
    assert held(cast, "asked-not-answered") == {request.pk, silent.pk}


def test_authorized_not_live_leaves_out_what_runs_is_reviewed_or_spends_in_gmv_max(
    cast: Cast,
) -> None:
    """N18: authorized, not live."""
    idle, runs, reviewed, in_gmv_max, paused = (post(number) for number in range(1, 6))
    for one in (idle, runs, reviewed, in_gmv_max, paused):
        covered(one)
    an_ad("runs", runs)
    an_ad("reviewed", reviewed, state="in_review")
    an_ad("paused", paused, state="paused")
    gmv_max_day("Always on", in_gmv_max, "40")
    ended = covered(post(6))
    Authorization.objects.filter(pk=ended.pk).update(state="expired")
    assert held(cast, "authorized-not-live") == {idle.pk, paused.pk}


def test_live_not_covered_asks_the_same_cover_as_the_guard(cast: Cast) -> None:
    """N18: live, not covered; the end of the permission counts, not its state alone."""
    safe, bare, over = post(1), post(2), post(3)
    covered(safe)
    ended = covered(over)
    Authorization.objects.filter(pk=ended.pk).update(ends_at=NOW - timedelta(hours=1))
    an_ad("safe", safe)
    an_ad("bare", bare)
    an_ad("over", over)
    an_ad("off", post(4), state="paused")
    an_ad("no post")
    assert held(cast, "live-not-covered") == {"bare", "over"}


def test_live_losing_money_adds_up_the_last_thirty_days_per_shop(cast: Cast) -> None:
    """N18: live, losing money. 50 and -80 within 30 days are -30; what came before is over."""
    loses, makes, made_up, off = (post(number) for number in range(1, 5))
    made_a_day(loses, "50")
    made_a_day(loses, "-80", ago=29)
    made_a_day(makes, "10")
    made_a_day(makes, "-500", ago=30)
    made_a_day(off, "-5")
    made_a_day(made_up, "0")
    for name, of in (("loses", loses), ("makes", makes), ("even", made_up)):
        an_ad(name, of)
    an_ad("off", off, state="paused")
    assert held(cast, "live-losing-money") == {"loses"}


def test_today_counts_what_the_pages_list(cast: Cast) -> None:
    """N18: each count on Today leads to the page with exactly those rows, which search, sort and
    export like any list."""
    post(1)
    post(2)
    an_ad("bare", post(3))
    Cursor.objects.create(connection=account().connection, stream="ads", last_ok_at=NOW, due_at=NOW)
    counts = {one.gap.key: one.count.value for one in gap_counts(cast.client, now=NOW)}
    assert counts == {
        "posted-not-asked": 3,
        "asked-not-answered": 0,
        "authorized-not-live": 0,
        "live-not-covered": 1,
        "live-losing-money": 0,
    }
    browser = Browser()
    browser.force_login(cast.members["viewer"])
    today = browser.get(reverse("home:today", kwargs={"client": cast.client.slug}))
    for one in today.context["gaps"]:
        assert f'href="{one.url}"' in today.content.decode()
        answer = browser.get(one.url)
        assert answer.status_code == 200
        assert len(answer.context["table"].rows) == counts[one.gap.key], one.gap.key
    asked = reverse("home:gap", kwargs={"client": cast.client.slug, "key": "posted-not-asked"})
    assert len(browser.get(f"{asked}?q=@creator.02").context["table"].rows) == 1
    browser.force_login(cast.members["owner"])
    assert browser.get(f"{asked}?export=csv").content.decode().strip().count("\n") == 3
    assert browser.get(asked.replace("posted-not-asked", "nothing")).status_code == 404
