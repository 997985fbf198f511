"""What a sample is up to, by TikTok's words and the due day (domain 5.4)."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from creators.rules.samples import (
    Published,
    SampleState,
    Standing,
    Waiting,
    due_day,
    fulfilled_by,
    grew_by_itself,
    state_of,
    why_not_remind,
)

DUE = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("status", "fulfillment", "expected"),
    [
        ("PENDING", "PENDING", SampleState.REQUESTED),
        ("AWAITING_SHIPMENT", "PENDING", SampleState.APPROVED),
        ("SHIPPED", "PENDING", SampleState.SHIPPED),
        ("CONTENT_PENDING", "ONGOING", SampleState.DELIVERED),
        ("CONTENT_PENDING", "OVERDUE", SampleState.OVERDUE),
        ("COMPLETED", "SUCCEED", SampleState.POSTED),
        ("UNFULFILL_CANCELLED", "FAILED", SampleState.GHOSTED),
        ("REJECT_CANCELLED", "CANCELLED", SampleState.REJECTED),
        ("OVERDUE_CANCELLED", "CANCELLED", SampleState.EXPIRED),
        ("WITHDRAW_CANCELLED", "CANCELLED", SampleState.CANCELED),
        ("TELEPORTED", "", SampleState.UNKNOWN),
    ],
)
def test_words_become_one_state(status: str, fulfillment: str, expected: SampleState) -> None:
    found = state_of(status, fulfillment, posted=False, due_on=None, today=DUE)
    assert found is expected


def test_a_post_is_in_time_on_its_due_day_and_late_the_day_after() -> None:
    def on(today: date) -> SampleState:
        return state_of("CONTENT_PENDING", "ONGOING", posted=False, due_on=DUE, today=today)

    assert on(DUE) is SampleState.DELIVERED
    assert on(date(2026, 11, 21)) is SampleState.OVERDUE


def test_a_delivered_sample_counts_as_delivered_while_tiktok_still_says_shipped() -> None:
    found = state_of("SHIPPED", "PENDING", posted=False, due_on=DUE, today=DUE)
    assert found is SampleState.DELIVERED


def test_a_linked_post_ends_the_wait_whatever_the_words_say() -> None:
    found = state_of("CONTENT_PENDING", "OVERDUE", posted=True, due_on=DUE, today=DUE)
    assert found is SampleState.POSTED


def test_the_post_is_due_fourteen_days_after_delivery() -> None:
    assert due_day(date(2026, 10, 31)) == date(2026, 11, 14)


def test_ct3_an_extension_moves_the_due_day_by_a_week() -> None:
    """CT3: a 7-day extension moves the date."""
    assert due_day(date(2026, 10, 31), extended=True) == date(2026, 11, 21)


ARRIVED = datetime(2026, 11, 6, 18, tzinfo=UTC)


def owed(sample: int, *, creator: int = 1, product: int = 5, due: date = DUE) -> Waiting:
    return Waiting(sample, creator, product, ARRIVED, due)


def post(
    number: int, day: date, *, creator: int = 1, products: tuple[int, ...] = (5,)
) -> Published:
    at = datetime(day.year, day.month, day.day, 20, tzinfo=UTC)
    return Published(number, creator, frozenset(products), at, day)


@pytest.mark.parametrize(
    ("published", "fulfils"),
    [
        (post(9, date(2026, 11, 6)), True),
        (post(9, DUE), True),
        (post(9, date(2026, 11, 21)), False),
        (post(9, date(2026, 11, 5)), False),
        (post(9, DUE, creator=2), False),
        (post(9, DUE, products=(6,)), False),
        (post(9, DUE, products=(6, 5)), True),
    ],
)
def test_ct3_a_post_with_the_product_inside_the_window_fulfils(
    published: Published, fulfils: bool
) -> None:
    """CT3: by the creator, with the product, from delivery to the due day, both included."""
    assert fulfilled_by([owed(3)], [published]) == ({3: 9} if fulfils else {})


def test_a_post_fulfils_one_sample_and_the_one_due_first_takes_the_earliest() -> None:
    later = owed(4, due=date(2026, 11, 27))
    posts = [post(8, date(2026, 11, 12)), post(7, date(2026, 11, 10))]
    assert fulfilled_by([later, owed(3)], posts) == {3: 7, 4: 8}
    assert fulfilled_by([later, owed(3)], posts[:1]) == {3: 8}


def test_tiktok_waits_longer_than_fourteen_days_when_it_granted_the_week() -> None:
    over = ARRIVED + timedelta(days=14)
    assert not grew_by_itself("ONGOING", ARRIVED, over)
    assert grew_by_itself("ONGOING", ARRIVED, over + timedelta(hours=2))
    assert not grew_by_itself("OVERDUE", ARRIVED, over + timedelta(hours=2))


def test_a_reminder_waits_for_day_five_and_for_a_delivered_sample() -> None:
    arrived = date(2026, 11, 6)
    early = why_not_remind(SampleState.DELIVERED, arrived, date(2026, 11, 10))
    assert "November 11" in early
    assert why_not_remind(SampleState.DELIVERED, arrived, date(2026, 11, 11)) == ""
    assert why_not_remind(SampleState.OVERDUE, arrived, date(2026, 11, 25)) == ""
    assert why_not_remind(SampleState.POSTED, arrived, date(2026, 11, 25))
    assert why_not_remind(SampleState.SHIPPED, None, date(2026, 11, 25))


def test_the_rate_counts_samples_whose_wait_is_over() -> None:
    assert Standing(posted=3, missed=1).rate == Decimal("0.75")
    assert Standing().rate is None
