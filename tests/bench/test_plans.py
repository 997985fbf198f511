"""Every list is read in its order: from an index, not by sorting what a client has."""

from collections.abc import Iterator

import pytest
from django.db import connection, connections

from bench import world
from bench.plans import READ_WHOLE, lists
from bench.sizes import TINY
from bench.stage import Stage

ALWAYS = {
    "/authorizations/", "/audit/", "/campaigns/comments/", "/creators/", "/posts/",
    "/profit/entries/", "/profit/orders/", "/samples/", "/tasks/",
}  # fmt: skip
LARGE = ("seqscan", "bitmapscan", "sort", "incremental_sort")


@pytest.fixture
def as_if_large() -> Iterator[None]:
    """Postgres sorts only where no index gives the order, as it does for a client with much."""
    with connection.cursor() as cursor:
        for way in LARGE:
            cursor.execute(f"SET enable_{way} = off")
        yield
        for way in LARGE:
            cursor.execute(f"RESET enable_{way}")


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_each_order_and_view_of_a_list_walks_an_index_or_says_why_not(as_if_large: None) -> None:
    made = world.fill(TINY, seed=7)
    name = connections["default"].settings_dict["NAME"]
    stage = Stage(name, TINY, made, lambda _factor: stage)
    words = {"client": made.slug, "organization": made.organization}
    found = list(lists(stage.browser(), words, "COSTS OFF"))
    prefix = f"/c/{made.slug}"
    paths = {one.path.removeprefix(prefix) for one in found}
    assert paths >= ALWAYS
    sorting = {one.name: one.way for one in found if one.sorts and not one.reason}
    assert not sorting
    asked = {one.path.split("/", 3)[3] for one in found}
    assert asked >= {name.partition("?")[0] for name in READ_WHOLE}
