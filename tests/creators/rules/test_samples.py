"""What a sample is up to, by TikTok's words and the due day (domain 5.4)."""

from datetime import date

import pytest

from creators.rules.samples import SampleState, due_day, state_of

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
