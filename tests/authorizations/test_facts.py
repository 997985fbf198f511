"""What decides cover is read in one statement for any number of posts."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from authorizations.models import UsageTerms
from authorizations.queries import facts_of
from sparkops.isolation.scope import client_scope
from tests.factories import rights
from tests.factories.cast import BEGIN, Cast

pytestmark = pytest.mark.django_db
END = datetime(2026, 10, 20, 18, 0, tzinfo=UTC)


def test_ten_posts_cost_the_query_of_one(cast: Cast, django_assert_num_queries: Any) -> None:
    with client_scope(cast.client.pk):
        posts = [
            rights.post(f"750000000000000000{number}", f"maker{number}") for number in range(10)
        ]
        for number, one in enumerate(posts):
            rights.authorized(one, ends_at=END, code=f"#{number}{rights.CODE[2:]}")
            UsageTerms.objects.create(
                creator=one.creator,
                post=one,
                starts_on=date(2026, 9, 1),
                ends_on=date(2026, 12, 31),
                hold_until=date(2026, 11, 30),
                source="test",
                created_at=BEGIN,
            )
        for some in (posts[:1], posts):
            with django_assert_num_queries(1):
                facts = facts_of([one.pk for one in some])
    for one in posts:
        [route] = facts[one.pk].routes
        assert (route.ends_at, route.blocked) == (END, "")
        assert len(facts[one.pk].terms) == len(facts[one.pk].holds) == 1
        assert facts[one.pk].holds[0].ends_at == datetime(2026, 12, 1, 8, tzinfo=UTC)


def test_what_blocks_a_permission_is_read_with_it(
    cast: Cast, django_assert_num_queries: Any
) -> None:
    with client_scope(cast.client.pk):
        of = rights.post()
        row = rights.authorized(of, ends_at=END)
        row.state, row.problem = "revoked", "The creator switched it off"
        row.save()
        with django_assert_num_queries(1):
            facts = facts_of([of.pk])
    assert facts[of.pk].routes[0].blocked == "The creator switched it off."
