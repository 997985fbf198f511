"""A rule tried on past posts, against the profit that the ledger has of each."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.test import Client as Browser

from campaigns.actions.triage import first_rule
from campaigns.forms import entered
from campaigns.models import BackTest, TriageRule
from campaigns.queries.triage import settings_of
from campaigns.tasks import score_posts
from creators.actions.results import DayResult, record_day_results
from creators.models import Post, PostDay, PostDayResult
from profit.actions.publish import publish
from profit.models import DayTotal
from sparkops.catalog.models import ProductTarget, Shop
from sparkops.isolation.scope import client_scope
from tests.factories.cast import Cast
from tests.factories.creators import NOW, TODAY
from tests.factories.triage import MARGIN, a_candidate, a_product, counted

pytestmark = pytest.mark.django_db
HERE = "/c/glow/campaigns/triage/"
AGE = timedelta(days=40)
DECIDED = (NOW - AGE + timedelta(days=2)).date()


@pytest.fixture(autouse=True)
def at_now() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def made(post: Post, *amounts: tuple[date, str]) -> list[DayResult]:
    return [DayResult(post.pk, day, "USD", Decimal(0), Decimal(cm3)) for day, cm3 in amounts]


def tried(cast: Cast, **changes: Any) -> BackTest:
    browser = Browser()
    browser.force_login(cast.members["media"])
    with client_scope(cast.client.pk):
        asked = {**entered(settings_of(first_rule(now=NOW)), 1), "note": "", **changes}
    answer = browser.post(f"{HERE}back-tests/", asked)
    assert answer.status_code == 302
    assert (
        "Trying the rule on past posts" in browser.get(answer.headers["Location"]).content.decode()
    )
    score_posts(client_id=cast.client.pk)
    with client_scope(cast.client.pk):
        row = BackTest.objects.latest("pk")
    page = browser.get(answer.headers["Location"]).content.decode()
    assert (row.done, row.finished_at) == (row.total, NOW)
    row.page = page  # type: ignore[attr-defined]
    return row


def test_a_rule_is_tried_on_past_posts_with_the_numbers_as_they_stood_then(cast: Cast) -> None:
    """N10: an earned-paid rule on profit, versioned, explainable and back-testable: "this rule
    would have launched 14, 9 profitable", against the ledger's profit after each decision."""
    with client_scope(cast.client.pk):
        serum = a_product()
        ProductTarget.objects.create(
            product=serum, as_of=DECIDED - timedelta(days=5), currency="USD",
            break_even_roas=MARGIN,
        )  # fmt: skip
        posts = [a_candidate(f"creator.{number}", serum, age=AGE) for number in range(14)]
        weak = a_candidate("weak.one", serum, age=AGE, gmv="10.00", orders=0)
        late = a_candidate("late.one", serum, age=AGE, views=500, orders=0, gmv="0")
        # Strong only after the thirty days in which the rule looks: it was not so then.
        PostDay.objects.create(post=late, day=TODAY - timedelta(days=1), views=90_000, likes=9_000,
                               orders=90, gmv=Decimal(9_000), shares=900, product_clicks=2_000,
                               currency="USD", observed_at=NOW)  # fmt: skip
        young = a_candidate("young.one", serum, age=timedelta(days=5))
        counted()
        shop, after = Shop.objects.get(), DECIDED + timedelta(days=3)
        rows = [one for post in posts[:9] for one in made(post, (after, "25.00"))]
        # What it made before the decision, and long after it, is not its outcome.
        for post in posts[9:12]:
            rows += made(post, (DECIDED, "500.00"), (after, "-5.00"))
        rows += made(posts[12], (DECIDED - timedelta(days=1), "80.00"))
        record_day_results(shop, TODAY - timedelta(days=119), rows)

    row = tried(cast)
    assert "This rule would have launched 14, 9 profitable." in row.page  # type: ignore[attr-defined]
    assert {line["post_id"] for line in row.lines} == {post.pk for post in posts}
    assert {line["day"] for line in row.lines} == {DECIDED.isoformat()}
    assert {weak.pk, late.pk, young.pk}.isdisjoint({line["post_id"] for line in row.lines})
    profits = [line["profit"] for line in row.lines]
    assert (profits.count("25.0000"), profits.count("-5.0000"), profits.count(None)) == (9, 3, 2)
    assert "$210.00" in row.page  # type: ignore[attr-defined]
    with client_scope(cast.client.pk):
        assert TriageRule.objects.count() == 1
    strict = tried(cast, min_views="50000")
    assert "would have launched 0, 0 profitable" in strict.page  # type: ignore[attr-defined]


def test_a_margin_counts_from_the_day_profit_published_it(cast: Cast) -> None:
    with client_scope(cast.client.pk):
        serum = a_product(break_even=None)
        published = DECIDED + timedelta(days=4)
        ProductTarget.objects.create(
            product=serum, as_of=published, currency="USD", break_even_roas=Decimal(40)
        )
        a_candidate("maya.glow", serum, age=AGE, orders=2)
        counted()
    # Two orders are too few; gpm alone could carry it, and its margin is thin once it is known.
    assert tried(cast).lines == []


def test_profit_publishes_what_posts_made_by_day_and_takes_back_what_moved(cast: Cast) -> None:
    with client_scope(cast.client.pk):
        post = a_candidate("maya.glow", a_product())
        shop = Shop.objects.get()
        common = {"shop": shop, "basis": "order", "stage": "estimate", "currency": "USD"}
        for account, amount in (("gmv", "100.00"), ("cogs", "30.00"), ("ad_spend", "20.00")):
            DayTotal.objects.create(
                **common, account=account, post=post, day=DECIDED, amount=Decimal(amount)
            )
        DayTotal.objects.create(**common, account="gmv", day=DECIDED, amount=Decimal(7))
        publish(shop, now=NOW)
        [row] = PostDayResult.objects.all()
        assert (row.post_id, row.day, row.gmv, row.cm3) == (post.pk, DECIDED, 100, 50)
        DayTotal.objects.all().delete()
        publish(shop, now=NOW)
        assert not PostDayResult.objects.exists()
