"""Answers to sample requests: by rules with caps, by people, each once, with undo."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.test import Client as Browser
from django.urls import reverse

from creators.actions.answers import (
    QUOTA_ALERT,
    answer,
    decide_requests,
    refuse_answer,
    save_rules,
    undo_answer,
)
from creators.models import Sample, SampleAnswer
from sparkops.alerts.models import Alert
from sparkops.audit.record import Actor
from sparkops.catalog.models import Product, Sku
from sparkops.errors import Refusal
from sparkops.isolation.scope import client_scope
from sparkops.outbox.models import Command
from tests.factories.cast import Cast
from tests.factories.creators import NOW, make_creator, make_post, make_product, make_sample

pytestmark = pytest.mark.django_db
BY = Actor("Ann")


@pytest.fixture(autouse=True)
def at_noon() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def scope(cast: Cast) -> Iterator[Cast]:
    with client_scope(cast.client.pk):
        yield cast


def priced(price: str) -> Product:
    product = make_product(f"Serum for {price}")
    Sku.objects.create(
        product=product, sku_id=f"sku{product.pk}", price=Decimal(price), currency="USD"
    )
    return product


def request(handle: str, product: Product, *, followers: int = 10_000, **fields: Any) -> Sample:
    """An open request of a creator with one post in the last 30 days."""
    creator = make_creator(handle, creator_id=f"open-{handle}", follower_count=followers)
    make_post(handle, NOW - timedelta(days=2))
    values = {
        "status": "PENDING",
        "creator_fulfilment": Decimal("0.9"),
        "creator_gmv": Decimal("2000"),
        "creator_gmv_currency": "USD",
        "product": product,
        "approve_by": NOW + timedelta(days=5),
    }
    return make_sample(creator, "requested", **(values | fields))


def rules(cast: Cast, **values: Any) -> None:
    asked = {"approves": True, "min_followers": 5_000, "max_price": Decimal("30")}
    save_rules(cast.client, by=BY, now=NOW, **(asked | values))


def approved() -> set[str]:
    rows = SampleAnswer.objects.filter(word="approve").select_related("sample__creator")
    return {one.sample.creator.handle for one in rows}


def verdicts() -> dict[str, str]:
    return dict(Sample.objects.values_list("creator__handle", "verdict"))


def test_ts3_the_rules_approve_exactly_the_expected_set(scope: Cast) -> None:
    """TS3: a fixture of requests; borderline and unknown go to review, the rest waits."""
    serum, dear = priced("20"), priced("80")
    request("good", serum)
    request("near", serum, followers=4_600)
    request("small", serum, followers=900)
    request("dear", dear)
    request("unpriced", make_product("No price yet"))
    request("barred", serum, is_approvable=False, obstacles=["OUT_OF_STOCK"])
    request("euro", serum, creator_gmv_currency="EUR")
    rules(scope, min_gmv=Decimal("1500"), min_fulfilment=Decimal("0.85"), min_posts=1)
    assert decide_requests(scope.client, now=NOW) == 1
    assert approved() == {"good"}
    assert verdicts() == {
        "good": "approve", "near": "review", "small": "short", "dear": "short",
        "unpriced": "review", "barred": "short", "euro": "review",
    }  # fmt: skip
    assert decide_requests(scope.client, now=NOW) == 0
    assert Command.objects.count() == 1


def test_ts3_caps_of_day_week_and_month_hold_over_days_and_count_hands(scope: Cast) -> None:
    """TS3: two a day, three a week, five a month; who waits longest is served first."""
    serum = priced("20")
    for number in range(8):
        request(f"r{number}", serum, approve_by=NOW + timedelta(days=20 + number))
    rules(scope, day_cap=2, week_cap=3, month_quota=5)
    # November 20 is a Friday: day by day up to the Thursday after, then December 1.
    taken = [
        decide_requests(scope.client, now=NOW + timedelta(days=day)) for day in (0, 0, 1, 3, 4, 11)
    ]
    assert taken == [2, 0, 1, 2, 0, 2]
    assert approved() == {f"r{number}" for number in range(7)}
    last = Sample.objects.get(creator__handle="r7")
    answer(last, "approve", client=scope.client, by=BY, now=NOW + timedelta(days=11))
    request("late", serum)
    assert decide_requests(scope.client, now=NOW + timedelta(days=12)) == 0
    assert verdicts()["late"] == "review"


def test_ts3_the_owner_is_told_at_80_and_100_percent_of_the_quota(scope: Cast) -> None:
    """TS3: once each, the owner alone; a new month or a higher quota ends it."""
    serum = priced("20")
    for number in range(3):
        request(f"r{number}", serum)
    rules(scope, month_quota=5)
    decide_requests(scope.client, now=NOW)
    assert not Alert.objects.exists()
    request("fourth", serum)
    for _ in range(2):
        decide_requests(scope.client, now=NOW)
    assert [one.title for one in Alert.objects.all()] == ["4 of 5 samples of November are approved"]
    request("fifth", serum)
    decide_requests(scope.client, now=NOW)
    found = Alert.objects.order_by("pk")
    assert [one.severity for one in found] == ["info", "warning"]
    told = {one.user.email for alert in found for one in alert.deliveries.select_related("user")}
    assert told == {"owner@north.example"}
    rules(scope, month_quota=50)
    decide_requests(scope.client, now=NOW)
    assert not Alert.objects.filter(kind=QUOTA_ALERT, resolved_at=None).exists()


def test_rules_that_are_switched_off_do_nothing(scope: Cast) -> None:
    request("good", priced("20"))
    rules(scope, approves=False)
    assert decide_requests(scope.client, now=NOW) == 0
    assert verdicts() == {"good": ""}


def test_a_request_has_one_answer_whoever_gives_it(scope: Cast) -> None:
    sample = request("good", priced("20"))
    answer(sample, "decline", reason="OTHER", client=scope.client, by=BY, now=NOW)
    with pytest.raises(Refusal, match="answered before"):
        answer(sample, "approve", client=scope.client, by=BY, now=NOW)
    rules(scope)
    assert decide_requests(scope.client, now=NOW) == 0
    assert Command.objects.count() == 1


def test_an_answer_can_be_taken_back_and_the_rules_then_leave_it_to_people(scope: Cast) -> None:
    sample = request("good", priced("20"))
    rules(scope)
    decide_requests(scope.client, now=NOW)
    undo_answer(sample, by=BY, now=NOW)
    assert Command.objects.get().state == "canceled"
    assert decide_requests(scope.client, now=NOW) == 0
    again = answer(sample, "approve", client=scope.client, by=BY, now=NOW)
    Command.objects.filter(payload__answer=again.pk).update(state="sending", attempts=1)
    with pytest.raises(Refusal, match="has left"):
        undo_answer(sample, by=BY, now=NOW)


def test_what_tiktok_refused_waits_for_a_person(scope: Cast) -> None:
    sample = request("good", priced("20"))
    rules(scope)
    decide_requests(scope.client, now=NOW)
    refuse_answer(SampleAnswer.objects.get().pk, "TikTok says no.", now=NOW)
    assert decide_requests(scope.client, now=NOW) == 0
    answer(sample, "decline", reason="OTHER", client=scope.client, by=BY, now=NOW)


def post_as(cast: Cast, role: str, name: str, data: dict[str, Any], **kwargs: Any) -> Any:
    browser = Browser()
    browser.force_login(cast.members[role])
    url = reverse(f"creators:{name}", kwargs={"client": cast.client.slug, **kwargs})
    return browser.post(url, data)


def test_people_set_rules_in_percent_and_see_why_a_request_waits(cast: Cast) -> None:
    with client_scope(cast.client.pk):
        sample = request("near", priced("20"), followers=4_600)
    entered = {"approves": "on", "min_followers": "5000", "min_fulfilment": "85", "margin": "10"}
    assert post_as(cast, "viewer", "sample-rules", entered).status_code == 403
    assert post_as(cast, "affiliate", "sample-rules", entered).status_code == 302
    bad = post_as(cast, "affiliate", "sample-rules", entered | {"margin": "101"})
    assert bad.status_code == 422
    browser = Browser()
    browser.force_login(cast.members["viewer"])
    url = reverse("creators:sample", kwargs={"client": cast.client.slug, "pk": sample.pk})
    page = browser.get(url).content.decode()
    for shown in ("Look at it", "4,600, at least 5,000", "borderline", "90.0%, at least 85.0%"):
        assert shown in page
    assert "Approve</button>" not in page


def test_people_answer_all_that_match_and_take_one_back(cast: Cast) -> None:
    with client_scope(cast.client.pk):
        serum = priced("20")
        samples = [request(f"r{number}", serum) for number in range(3)]
        barred = request("barred", serum, obstacles=["OUT_OF_STOCK"])
    data = {"all": "1", "view": "decide", "word": "approve"}
    assert post_as(cast, "affiliate", "sample-answer", data).status_code == 302
    with client_scope(cast.client.pk):
        assert approved() == {"r0", "r1", "r2"}
    post_as(cast, "affiliate", "sample-undo", {}, pk=samples[0].pk)
    chosen = {"id": [samples[0].pk, barred.pk], "word": "decline", "reason": "NOT_MATCH"}
    post_as(cast, "affiliate", "sample-answer", chosen)
    with client_scope(cast.client.pk):
        no = SampleAnswer.objects.filter(word="decline").values_list("sample_id", "reason")
        assert set(no) == {(samples[0].pk, "NOT_MATCH"), (barred.pk, "NOT_MATCH")}
