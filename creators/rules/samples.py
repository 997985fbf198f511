"""What a sample is up to: TikTok's two status words and the due day in one state (domain 5.4)."""

from datetime import date, timedelta
from enum import StrEnum

POST_WITHIN = timedelta(days=14)
"""A free sample asks for a post within 14 days of delivery."""
EXTENSION = timedelta(days=7)
"""TikTok may grant one more week without telling the seller."""


class SampleState(StrEnum):
    """The funnel of a sample."""

    REQUESTED = "requested"
    APPROVED = "approved"
    SHIPPED = "shipped"
    DELIVERED = "delivered"
    OVERDUE = "overdue"
    POSTED = "posted"
    GHOSTED = "ghosted"
    REJECTED = "rejected"
    EXPIRED = "expired"
    CANCELED = "canceled"
    UNKNOWN = "unknown"


OPEN = (
    SampleState.REQUESTED,
    SampleState.APPROVED,
    SampleState.SHIPPED,
    SampleState.DELIVERED,
    SampleState.OVERDUE,
)
"""States in which something is still to come."""

_POSTED = {"COMPLETED", "OPS_COMPLETED"}
_FULFILLED = {"SUCCEED", "EXEMPTED"}
_BY_STATUS = {
    "PENDING": SampleState.REQUESTED,
    "AWAITING_SHIPMENT": SampleState.APPROVED,
    "SHIPPED": SampleState.SHIPPED,
    "CONTENT_PENDING": SampleState.DELIVERED,
    "REJECT_CANCELLED": SampleState.REJECTED,
    "OVERDUE_CANCELLED": SampleState.EXPIRED,
    "UNFULFILL_CANCELLED": SampleState.GHOSTED,
    "DEL_OPEN_COLLAB": SampleState.CANCELED,
    "SELLER_NOT_SHIP_CANCELLED": SampleState.CANCELED,
    "WITHDRAW_CANCELLED": SampleState.CANCELED,
    "UNFULFILLABLE_CANCELLED": SampleState.CANCELED,
    "OPS_CANCELLED": SampleState.CANCELED,
    "OPS_FAILED": SampleState.CANCELED,
}


def state_of(
    status: str, fulfillment_status: str, *, posted: bool, due_on: date | None, today: date
) -> SampleState:
    """The state on the shop's `today`. `posted`: a post is linked. A new word is UNKNOWN.

    A day on which the post is due is still in time; the days after are not.
    """
    if posted or status in _POSTED or fulfillment_status in _FULFILLED:
        return SampleState.POSTED
    if fulfillment_status == "FAILED":
        return SampleState.GHOSTED
    state = _BY_STATUS.get(status, SampleState.UNKNOWN)
    if state is SampleState.SHIPPED and due_on is not None:
        state = SampleState.DELIVERED
    late = due_on is not None and due_on < today
    if state is SampleState.DELIVERED and (late or fulfillment_status == "OVERDUE"):
        return SampleState.OVERDUE
    return state


def due_day(delivered_on: date) -> date:
    """The last day for the post, in the zone of `delivered_on`."""
    return delivered_on + POST_WITHIN
