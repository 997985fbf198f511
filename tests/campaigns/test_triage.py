"""Scoring posts under versions of a rule, and deciding by hand."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from campaigns.actions.triage import change_rule, decide, first_rule, score_batch
from campaigns.models import PostVerdict, TriageRule
from campaigns.queries.triage import progress_of, settings_of
from creators.actions.totals import sum_posts
from creators.models import Post, PostDay
from sparkops.audit.models import Event
from sparkops.audit.record import Actor
from sparkops.errors import Refusal
from sparkops.isolation.scope import client_scope
from tests.factories.cast import Cast
from tests.factories.creators import NOW
from tests.factories.triage import a_candidate, a_product, counted

pytestmark = pytest.mark.django_db
MINA = Actor("Mina", 7)


@pytest.fixture(autouse=True)
def scoped(cast: Cast) -> Iterator[None]:
    with client_scope(cast.client.pk):
        yield


def verdict(post: Post) -> PostVerdict:
    return PostVerdict.objects.select_related("post", "rule").get(post=post)


def score_all() -> int:
    total = 0
    while done := score_batch(now=NOW):
        total += done
    return total


def gate(found: PostVerdict, name: str) -> tuple[str, str, str]:
    one = next(one for one in found.gates if one["name"] == name)
    return one["value"], one["threshold"], one["result"]


def test_each_post_has_a_verdict_and_a_changed_rule_scores_again_and_records_its_version() -> None:
    """CT8: every rule's actual value, threshold and result per post; a changed rule re-scores
    every post, and each verdict names the version it was made by."""
    serum = a_product()
    strong = a_candidate("maya.glow", serum)
    weak = a_candidate("noor.skin", serum, gmv="100.00", orders=3)
    thin = a_candidate("bo.bakes", serum, views=400, orders=0, gmv="0")
    counted()
    assert score_all() == 3
    found = verdict(strong)
    assert gate(found, "views") == ("40,000", "at least 1,000", "pass")
    assert gate(found, "gpm") == ("35.00 USD", "at least 25.81 USD", "pass")
    assert gate(found, "orders") == ("41", "at least 3", "pass")
    assert gate(found, "rights") == ("can be asked for", "covered or can be asked for", "pass")
    assert gate(found, "cover_left") == ("none", "at least 3 days", "fail")
    assert (found.earned, found.band, found.step) == ("earned", "green", "ask_rights")
    assert gate(verdict(weak), "gpm") == ("2.50 USD", "at least 25.81 USD", "fail")
    assert (verdict(thin).earned, verdict(thin).score) == ("not_yet", None)
    assert {one.rule.version for one in PostVerdict.objects.all()} == {1}

    rule = settings_of(first_rule(now=NOW))
    stricter = replace(rule, min_views=50_000)
    row = change_rule(stricter, note="Too many flops.", seen_version=1, by=MINA, now=NOW)
    assert (row.version, progress_of(row).running, progress_of(row).total) == (2, True, 3)
    assert score_batch(now=NOW, limit=2) == 2
    half = TriageRule.objects.get(version=2)
    assert (progress_of(half).done, progress_of(half).running) == (2, True)
    assert score_all() == 1
    assert progress_of(TriageRule.objects.get(version=2)).running is False
    assert {one.rule.version for one in PostVerdict.objects.all()} == {2}
    assert gate(verdict(strong), "views") == ("40,000", "at least 50,000", "unknown")
    assert verdict(strong).earned == "not_yet"
    told = Event.objects.get(verb="triage.rule_changed")
    assert told.data == {"min_views": ["1000", "50000"]}
    assert (told.actor, told.reason) == ("Mina", "Too many flops.")


def test_new_numbers_are_scored_and_equal_ones_are_left_alone() -> None:
    post = a_candidate("maya.glow", a_product(), views=900, orders=2, gmv="20.00")
    counted()
    assert score_all() == 1
    assert score_all() == 0
    day = NOW.date() - timedelta(days=1)
    PostDay.objects.create(post=post, day=day, views=30_000, likes=4_000, orders=40, shares=300,
                           product_clicks=600, gmv=Decimal(1_300), currency="USD",
                           observed_at=NOW)  # fmt: skip
    sum_posts(now=NOW + timedelta(minutes=1))
    assert score_all() == 1
    assert gate(verdict(post), "views")[0] == "30,900"
    assert score_batch(now=NOW + timedelta(hours=7)) == 1


def test_the_baseline_is_the_median_of_the_creators_posts_at_the_same_age() -> None:
    serum = a_product()
    for number, views in enumerate((10_000, 20_000, 20_000, 30_000, 90_000)):
        old = a_candidate("maya.glow", serum, age=timedelta(days=20 + number), views=views)
        # What came after the age of the newest is not counted.
        PostDay.objects.create(post=old, day=NOW.date() - timedelta(days=2), views=500_000,
                               currency="USD", observed_at=NOW)  # fmt: skip
    newest = a_candidate("maya.glow", serum)
    counted()
    score_all()
    assert gate(verdict(newest), "view_ratio")[0] == "2.00×, median 20,000"


def test_stock_lasts_by_the_rate_of_orders_on_posts() -> None:
    """140 orders in 14 days are 10 a day; at twice that, 280 units last 14 days."""
    serum = a_product(stock=280)
    post = a_candidate("maya.glow", serum, orders=140)
    counted()
    score_all()
    assert gate(verdict(post), "stock")[0] == "14 days, 280 units"
    scarce = a_product("Night Balm", stock=100)
    short = a_candidate("noor.skin", scarce, orders=140)
    counted()
    score_all()
    found = verdict(short)
    assert (found.earned, found.step) == ("rejected", "leave")
    assert "stock" in found.fails


def test_a_decision_by_hand_needs_a_note_is_audited_and_outlives_scoring() -> None:
    post = a_candidate("maya.glow", a_product(), gmv="10.00", orders=0)
    counted()
    score_all()
    found = verdict(post)
    before = found.earned
    with pytest.raises(Refusal, match="Say why"):
        decide(found, "approved", note="  ", by=MINA, now=NOW)
    decide(found, "approved", note="Founder story, for reach.", by=MINA, now=NOW)
    told = Event.objects.get(verb="triage.decided")
    assert (told.actor, told.reason) == ("Mina", "Founder story, for reach.")
    assert told.data == {"before": "", "after": "approved", "rule_said": before}
    score_batch(now=NOW + timedelta(hours=7))
    found = verdict(post)
    assert (found.standing, found.earned, found.step) == ("earned", before, "ask_rights")
    decide(found, "", note="Taken back.", by=MINA, now=NOW)
    found = verdict(post)
    assert (found.standing, found.decision, found.decision_note) == (before, "", "")


def test_a_rule_changed_meanwhile_or_not_at_all_or_without_a_note_is_refused() -> None:
    rule = settings_of(first_rule(now=NOW))
    with pytest.raises(Refusal, match="Nothing differs"):
        change_rule(rule, note="x", seen_version=1, by=MINA, now=NOW)
    with pytest.raises(Refusal, match="Say why"):
        change_rule(replace(rule, min_orders=5), note=" ", seen_version=1, by=MINA, now=NOW)
    change_rule(replace(rule, min_orders=5), note="More proof.", seen_version=1, by=MINA, now=NOW)
    with pytest.raises(Refusal, match="Mina saved version 2"):
        change_rule(replace(rule, min_orders=9), note="x", seen_version=1, by=MINA, now=NOW)


def test_scoring_costs_the_same_number_of_queries_for_any_number_of_posts() -> None:
    serum = a_product()
    a_candidate("maya.glow", serum)
    counted()
    first_rule(now=NOW)
    with CaptureQueriesContext(
        connection,
    ) as one:
        score_batch(now=NOW)
    for number in range(8):
        a_candidate(f"creator.{number}", serum)
    counted()
    with CaptureQueriesContext(connection) as many:
        assert score_batch(now=NOW) >= 8
    assert len(many) <= len(one)
