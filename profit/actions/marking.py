"""Marking what has to be booked again. The row is the queue; marking twice is marking once."""

from collections.abc import Iterable
from datetime import datetime

from profit.models import Dirty
from sparkops.landing.merge import merge


def mark(
    shop_id: int, kind: Dirty.Kind, subjects: Iterable[str], *, cause: str, now: datetime
) -> None:
    """Mark `subjects` of a shop (its own key). `cause` is read beside what the booking changes.

    Marking anew touches the row, so it waits for a booking that is just reading the subject and
    outlives it.
    """
    merge(
        Dirty,
        [
            {
                "shop_id": shop_id,
                "kind": kind.value,
                "subject": subject,
                "cause": cause[:200],
                "marked_at": now,
            }
            for subject in sorted(set(subjects))
        ],
        key=["shop_id", "kind", "subject"],
    )
