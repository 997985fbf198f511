"""Keyset paging on a real table: sessions have a text key and a moment that may be shared."""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.sessions.models import Session
from django.core import signing
from django.db.models import Case, DateTimeField, F, Value, When
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sparkops.web.keyset import (
    Count,
    Order,
    capped_count,
    capped_counts,
    paginate,
)

pytestmark = pytest.mark.django_db
START = datetime(2026, 11, 1, tzinfo=UTC)


def fill(hours):
    """One session per entry, in key order; an entry of None has no `seen`."""
    Session.objects.all().delete()
    Session.objects.bulk_create(
        Session(
            session_key=f"k{index:03}",
            session_data="" if hour is None else "seen",
            expire_date=START + timedelta(hours=hour or 0),
        )
        for index, hour in enumerate(hours)
    )


def with_gaps():
    """Sessions whose `seen` is missing where the entry was None."""
    return Session.objects.annotate(
        seen=Case(
            When(session_data="seen", then=F("expire_date")),
            default=Value(None),
            output_field=DateTimeField(),
        )
    )


def keys(page):
    return [row.pk for row in page.rows]


def walk(rows, order, size):
    """All pages forward, then all pages back from the last one."""
    page = paginate(rows, order, "", size)
    forward = [keys(page)]
    while page.next:
        page = paginate(rows, order, page.next, size)
        forward.append(keys(page))
    back = [keys(page)]
    while page.previous:
        page = paginate(rows, order, page.previous, size)
        back.append(keys(page))
    return forward, back[::-1]


def expected(hours, descending):
    """Sorted by hour and key in one direction, those without an hour last."""
    rows = [(hour, f"k{index:03}") for index, hour in enumerate(hours)]
    known = sorted((row for row in rows if row[0] is not None), reverse=descending)
    missing = sorted(
        (row for row in rows if row[0] is None), key=lambda r: r[1], reverse=descending
    )
    return [key for _, key in known + missing]


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    hours=st.lists(st.one_of(st.none(), st.integers(0, 3)), max_size=14),
    size=st.integers(1, 5),
    descending=st.booleans(),
)
def test_forward_and_back_visit_every_row_once(hours, size, descending):
    fill(hours)
    forward, back = walk(with_gaps(), Order("seen", descending), size)
    assert [key for page in forward for key in page] == expected(hours, descending)
    assert back == forward


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    hours=st.lists(st.integers(0, 3), max_size=14),
    size=st.integers(1, 5),
    descending=st.booleans(),
)
def test_a_column_that_is_never_empty_is_walked_the_same_way(hours, size, descending):
    fill(hours)
    forward, back = walk(Session.objects.all(), Order("expire_date", descending), size)
    assert [key for page in forward for key in page] == expected(hours, descending)
    assert back == forward


def test_rows_added_behind_the_reader_do_not_move_the_next_page():
    fill([1, 2, 3, 4])
    first = paginate(Session.objects.all(), Order("expire_date"), "", 2)
    Session.objects.create(session_key="new", session_data="seen", expire_date=START)
    assert keys(paginate(Session.objects.all(), Order("expire_date"), first.next, 2)) == [
        "k002",
        "k003",
    ]


def test_going_back_to_a_start_that_grew_shows_a_full_first_page():
    fill([1, 2, 3, 4])
    second = paginate(
        Session.objects.all(),
        Order("expire_date"),
        paginate(Session.objects.all(), Order("expire_date"), "", 2).next,
        2,
    )
    Session.objects.filter(pk="k000").delete()
    assert keys(paginate(Session.objects.all(), Order("expire_date"), second.previous, 2)) == [
        "k001",
        "k002",
    ]


def test_rows_as_dictionaries_and_order_by_the_key_alone():
    fill([5, 5, 5])
    rows = Session.objects.values("session_key", "expire_date")
    order = Order("session_key", descending=True, key="session_key")
    first = paginate(rows, order, "", 2)
    second = paginate(rows, order, first.next, 2)
    assert [row["session_key"] for row in [*first.rows, *second.rows]] == ["k002", "k001", "k000"]


@pytest.mark.parametrize(
    "cursor",
    [
        "nonsense",
        "a:b:c",
        "x" * 5_000,
        signing.dumps(["expire_date", False, "", 1], salt="another"),
        signing.dumps("text", salt="sparkops.web.keyset"),
        signing.dumps(
            ["expire_date", False, "datetime", "no date", "", "k"], salt="sparkops.web.keyset"
        ),
        signing.dumps(["-expire_date", False, "", "k", "", "k"], salt="sparkops.web.keyset"),
    ],
    # A signed text carries its second, and every worker has to collect the same names.
    ids=["no cursor", "no signature", "long", "other salt", "no list", "no date", "other order"],
)
def test_a_bad_cursor_gives_the_first_page(cursor):
    fill([1, 2, 3])
    page = paginate(Session.objects.all(), Order("expire_date"), cursor, 2)
    assert keys(page) == ["k000", "k001"]
    assert page.previous is None


def test_a_changed_cursor_is_not_believed():
    fill([1, 2, 3])
    cursor = paginate(Session.objects.all(), Order("expire_date"), "", 1).next
    flipped = ("A" if cursor[3] != "A" else "B").join((cursor[:3], cursor[4:]))
    assert keys(paginate(Session.objects.all(), Order("expire_date"), flipped, 1)) == ["k000"]


def test_a_cursor_past_the_last_row_gives_the_first_page():
    fill([1, 2, 3])
    cursor = paginate(Session.objects.all(), Order("expire_date"), "", 2).next
    Session.objects.filter(pk="k002").delete()
    assert keys(paginate(Session.objects.all(), Order("expire_date"), cursor, 2)) == [
        "k000",
        "k001",
    ]


def test_an_empty_list_has_no_neighbours():
    fill([])
    page = paginate(Session.objects.all(), Order("expire_date"))
    assert (len(page), page.next, page.previous) == (0, None, None)


def test_counts_stop_at_the_cap(django_assert_num_queries):
    fill([1] * 5)
    assert str(capped_count(Session.objects.all(), cap=3)) == "3+"
    assert str(capped_count(Session.objects.all(), cap=5)) == "5"
    assert str(Count(1_000, capped=True)) == "1,000+"
    with django_assert_num_queries(1) as queries:
        capped_count(Session.objects.order_by("expire_date"), cap=3)
    assert "LIMIT 4" in queries[0]["sql"]


def test_several_counts_are_one_query(django_assert_num_queries):
    fill([1] * 5)
    every = Session.objects.order_by("expire_date")
    none = Session.objects.filter(pk__in=[])
    with django_assert_num_queries(1):
        found = capped_counts([every, every.filter(pk__lte="k001"), none], cap=3)
    assert [str(one) for one in found] == ["3+", "2", "0"]
    assert capped_counts([]) == []
