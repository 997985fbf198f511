"""What a sample is up to: TikTok's two status words and the due day in one state (domain 5.4).

Also which post fulfils a sample, when its creator may be reminded, and how reliable they were.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum

POST_WITHIN = timedelta(days=14)
"""A free sample asks for a post within 14 days of delivery."""
EXTENSION = timedelta(days=7)
"""TikTok may grant one more week, once, without telling the seller."""
REMIND_FROM = timedelta(days=5)
"""A creator is reminded once per sample, and not before day 5 after delivery (domain 5.3)."""


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


def due_day(delivered_on: date, *, extended: bool = False) -> date:
    """The last day for the post, in the zone of `delivered_on`."""
    return delivered_on + POST_WITHIN + (EXTENSION if extended else timedelta())


def grew_by_itself(fulfillment_status: str, delivered_at: datetime, now: datetime) -> bool:
    """Whether TikTok granted the extra week: it still waits, though its 14 days are over.

    The words must have been read at `now`. An hour is allowed for clocks that differ.
    """
    over = delivered_at + POST_WITHIN + timedelta(hours=1)
    return fulfillment_status == "ONGOING" and now > over


@dataclass(frozen=True)
class Waiting:
    """A delivered sample without a post; `due_on` is a day of the shop's zone."""

    sample: int
    creator: int
    product: int
    delivered_at: datetime
    due_on: date


@dataclass(frozen=True)
class Published:
    """A post with the products it links; `day` is when it was published in the shop's zone."""

    post: int
    creator: int
    products: frozenset[int]
    at: datetime
    day: date


def fulfilled_by(waiting: Iterable[Waiting], posts: Iterable[Published]) -> dict[int, int]:
    """Which sample (own id) each post fulfils: by its creator, with the sample's product linked,
    published after delivery and no later than the due day. A post fulfils one sample; the one due
    first takes the earliest."""
    free = sorted(posts, key=lambda one: (one.at, one.post))
    found: dict[int, int] = {}
    for sample in sorted(waiting, key=lambda one: (one.due_on, one.sample)):
        post = next((one for one in free if _fulfils(one, sample)), None)
        if post is not None:
            found[sample.sample] = post.post
            free.remove(post)
    return found


def _fulfils(post: Published, sample: Waiting) -> bool:
    return (
        post.creator == sample.creator
        and sample.product in post.products
        and post.at >= sample.delivered_at
        and post.day <= sample.due_on
    )


def why_not_remind(state: SampleState, delivered_on: date | None, today: date) -> str:
    """ "" when the creator may be reminded on the shop's `today`, else why not."""
    if state not in (SampleState.DELIVERED, SampleState.OVERDUE) or delivered_on is None:
        return "Only a delivered sample without a post can be reminded of."
    first = delivered_on + REMIND_FROM
    if today < first:
        return f"TikTok allows a reminder from day 5 on: {first:%B} {first.day}."
    return ""


@dataclass(frozen=True)
class Standing:
    """How a creator did with this brand's samples whose wait is over."""

    posted: int = 0
    missed: int = 0
    posts_30d: int = 0

    @property
    def rate(self) -> Decimal | None:
        """Samples that led to a post, of those posted or missed; None while there are none."""
        over = self.posted + self.missed
        return Decimal(self.posted) / over if over else None


MISSED: Sequence[SampleState] = (SampleState.OVERDUE, SampleState.GHOSTED)
"""States that lower the fulfilment rate; a post in the extra week lifts it again."""
