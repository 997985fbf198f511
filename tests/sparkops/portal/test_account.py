"""What a creator sees of what is done with the post, and asking to stop (N7)."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client as Browser

from creators.models import Post
from profit.models import CreatorFee
from sparkops.alerts.models import Alert, Delivery
from sparkops.audit.models import Event
from sparkops.isolation.scope import client_scope
from tests.factories import ads, rights
from tests.factories.cast import Cast
from tests.factories.links import link_path, sign
from tests.factories.rights import NOW
from tests.factories.terms import terms

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fresh(time_machine: Any) -> None:
    cache.clear()
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def path(cast: Cast, time_machine: Any) -> str:
    """A link whose terms were accepted ten days ago, for a post that works in ads until 1 Oct."""
    before = NOW - timedelta(days=10)
    time_machine.move_to(before, tick=False)
    with client_scope(cast.client.pk):
        post = rights.post()
        made = link_path(post, terms(now=before), now=before)
    sign(Browser(), made)
    time_machine.move_to(NOW, tick=False)
    with client_scope(cast.client.pk):
        rights.authorized(post, ends_at=NOW + timedelta(days=21))
    return made


def text(answer: Any) -> str:
    return answer.content.decode()


def test_n7_the_link_shows_every_ad_run_dates_cap_used_fee_and_a_way_to_stop(
    cast: Cast, path: str
) -> None:
    """N7: every ad run with its dates, how much of the cap is used, the fee's status, and a stop
    request that reaches the client's people and the audit log."""
    with client_scope(cast.client.pk):
        post = Post.objects.get()
        running, over = ads.an_ad("First", post), ads.an_ad("Second", post, state="paused")
        for ago, spend in ((1, "100.10"), (3, "49.90")):
            ads.a_day(running, ago, spend)
        ads.a_day(over, 8, "50.00")
        ads.a_day(over, 30, "900.00")  # before the terms: not of this agreement's cap
        ads.gmv_max_day("Max", post, "300.00")
        CreatorFee.objects.create(
            creator=post.creator,
            post=post,
            kind="usage_fee",
            amount=Decimal("450"),
            currency="USD",
            starts_on=NOW.date(),
            ends_on=NOW.date() + timedelta(days=60),
            paid_on=NOW.date() - timedelta(days=2),
            created_at=NOW,
        )
    page = text(Browser().get(path))
    assert "7 September 2026 to 9 September 2026" in page
    assert "11 August 2026 to 2 September 2026" in page
    assert page.count("running now") >= 1
    assert "TikTok Shop ad (GMV Max)" in page
    # 100.10 + 49.90 + 50.00 + 300.00
    assert "500.00 USD of at most 2,500.00 USD" in page
    assert "450.00 USD, paid on 8 September 2026" in page
    assert "The ads may run until 1 October 2026." in page
    assert "Please keep the post up until 5 November 2026." in page

    answer = Browser().post(f"{path}stop/", {"why": "I changed my mind"})
    assert answer.status_code == 302
    assert "You asked to stop on 10 September 2026" in text(Browser().get(path))
    Browser().post(f"{path}stop/", {"why": "again"})
    with client_scope(cast.client.pk):
        alert = Alert.objects.get(kind="creator.stop_asked")
        assert alert.body == "I changed my mind"
        assert "maya.glow" in alert.title
        told = set(Delivery.objects.filter(alert=alert).values_list("user__email", flat=True))
        assert "affiliate@north.example" in told
        assert "viewer@north.example" not in told
        event = Event.objects.get(verb="creator_link.stop_asked")
        assert (event.actor, event.reason) == ("@maya.glow (by link)", "I changed my mind")


def test_a_fee_that_is_agreed_and_not_booked_counts_as_open(cast: Cast, path: str) -> None:
    page = text(Browser().get(path))
    assert "450.00 USD, not paid yet" in page
    assert "No ad has run with your post yet." in page
    assert "0.00 USD of at most 2,500.00 USD" in page


def test_nothing_of_other_posts_is_shown(cast: Cast, path: str) -> None:
    with client_scope(cast.client.pk):
        other = rights.post("7500000000000000002", "bo.bakes")
        ads.a_day(ads.an_ad("Other", other), 1, "77.00")
    page = text(Browser().get(path))
    assert "bo.bakes" not in page
    assert "77.00" not in page
