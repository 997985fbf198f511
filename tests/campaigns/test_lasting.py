"""The guard looks closely only at ads whose cover could end, and misses none of them (AR6)."""

from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from authorizations.models import Authorization, UsageTerms
from authorizations.queries import facts_of
from authorizations.queries.lasting import may_end
from authorizations.rules.cover import limiting
from authorizations.rules.spans import ClockKind
from authorizations.rules.stopping import stop_of
from campaigns.actions.permission import watch_permission
from campaigns.models import Ad
from creators.models import Post
from sparkops.isolation.scope import client_scope
from tests.factories import ads
from tests.factories.cast import Cast

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 9, 10, 18, 0, tzinfo=UTC)
BUFFER = timedelta(hours=24)
HOURS = (-200, -26, -25, -1, 0, 1, 23, 24, 25, 47, 49, 73, 400)
"""From now: around the moment itself, the end of the buffer, and whole days beside both."""


def posts(cast: Cast, number: int) -> list[Post]:
    return [ads.a_post(f"76000000000000{index:05}", f"maker{index}") for index in range(number)]


def at(hours: int) -> datetime:
    return NOW + timedelta(hours=hours)


def day(hours: int) -> date:
    return at(hours).date()


def give(post: Post, dice: Random) -> None:
    """Permissions and terms of any kind, whole or with something missing, on some posts beside a
    permission that lasts a while."""
    if dice.random() < 0.4:
        ads.covered(post, days=dice.choice((1, 2, 30)), now=NOW)
    for number in range(dice.choice((0, 1, 1, 1, 2))):
        start = dice.choice((-400, -400, -400, -25, -1, 1))
        end = dice.choice([hour for hour in HOURS if hour > start] + [49, 400, None])
        kind = dice.choice(3 * ("video_code", "content_suite") + ("affiliate_creative",))
        Authorization.objects.create(
            kind=kind,
            state=dice.choice(3 * ("verified", "in_use", "expiring") + ("expired", "revoked")),
            post=post,
            creator_id=post.creator_id,
            code_fingerprint=f"{post.pk}-{number}",
            starts_at=at(start),
            ends_at=at(end) if end is not None else None,
            end_source=dice.choice(("api", "api", "api", "creator_stated")),
            source="test",
            created_at=NOW,
        )
    for _ in range(dice.choice((0, 1, 1, 1, 2))):
        start = dice.choice((-400, -400, -49, -25, -1))
        after = [hour for hour in HOURS if hour > start]
        often = [73, 400, 400, 400, 400]
        end, hold = dice.choice([*after, *often, None]), dice.choice([*after, *often, None])
        assert post.creator_id is not None
        UsageTerms.objects.create(
            creator_id=post.creator_id,
            post=dice.choice((post, post, None)),
            starts_on=day(start),
            ends_on=day(end) if end is not None else None,
            hold_until=day(hold) if hold is not None else None,
            source="test",
            created_at=NOW,
        )


@pytest.mark.parametrize("zone", ["Pacific/Midway", "Pacific/Kiritimati"])
def test_ar6_what_is_not_looked_at_is_covered_beyond_the_buffer(cast: Cast, zone: str) -> None:
    """AR6: rights made by chance; the rules find no stop in whatever the sieve leaves out."""
    dice = Random(f"lasting {zone}")
    cast.client.timezone = zone
    cast.client.save()
    with client_scope(cast.client.pk):
        every = posts(cast, 80)
        for post in every:
            give(post, dice)
            ads.an_ad(f"Ad {post.pk}", post)
        asked = set(
            Ad.objects.filter(may_end(now=NOW, until=NOW + BUFFER)).values_list(
                "post_id", flat=True
            )
        )
        facts = facts_of([post.pk for post in every])
        stops = {pk for pk in facts if stop_of(facts[pk], now=NOW, buffer=BUFFER) is not None}
        left_out = len(every) - len(asked)
    assert stops <= asked
    # Both are there, or the comparison would say nothing.
    assert stops
    assert left_out > 5


def test_ar6_ads_that_last_cost_the_guard_nothing(
    cast: Cast, django_assert_num_queries: Any
) -> None:
    """AR6: one ad or ten whose cover lasts are the same queries, and no clock of theirs is read."""
    with client_scope(cast.client.pk):
        first, *others = posts(cast, 10)
        ads.covered(first, now=NOW)
        ads.an_ad("Ad 0", first)
        with CaptureQueriesContext(connection) as one:
            watch_permission(cast.client, now=NOW)
        read = [query["sql"] for query in one.captured_queries]
        assert not [text for text in read if text.startswith('SELECT "authorizations_usageterms"')]
        for number, post in enumerate(others, start=1):
            ads.covered(post, now=NOW)
            ads.an_ad(f"Ad {number}", post)
        with django_assert_num_queries(len(one)):
            watch_permission(cast.client, now=NOW)


def test_ar6_a_lasting_code_is_not_cut_by_the_mass_authorization_beside_it(cast: Cast) -> None:
    """AR6, N2: the mass authorization has no product link and no collaboration, in whichever order
    the two were written; the code lasts, so nothing stops and nothing is looked at closely."""
    with client_scope(cast.client.pk):
        code_first, mass_first = posts(cast, 2)
        ads.covered(code_first, now=NOW)
        for post in (code_first, mass_first):
            Authorization.objects.create(
                kind="affiliate_creative",
                state="verified",
                post=post,
                creator_id=post.creator_id,
                starts_at=at(-400),
                end_source="api",
                source="test",
                created_at=NOW,
            )
            ads.an_ad(f"Ad {post.pk}", post)
        ads.covered(mass_first, now=NOW)
        assert not Ad.objects.filter(may_end(now=NOW, until=NOW + BUFFER)).exists()
        found = facts_of([code_first.pk, mass_first.pk])
        ends = {limiting(one, NOW)[1].kind for one in found.values()}
        assert {stop_of(one, now=NOW, buffer=BUFFER) for one in found.values()} == {None}
    assert ends == {ClockKind.VIDEO_CODE}
