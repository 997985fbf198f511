"""Usage rights."""

from datetime import date, datetime
from decimal import Decimal

from authorizations.models import UsageTerms
from sparkops.audit.record import Actor, record
from sparkops.errors import Refusal


def record_terms(
    *,
    creator_id: int,
    post_id: int | None,
    starts_on: date,
    ends_on: date | None,
    hold_until: date | None = None,
    price: Decimal | None = None,
    currency: str = "",
    note: str = "",
    source: str = "manual",
    by: Actor,
    now: datetime,
) -> UsageTerms:
    """Note what a creator agreed to. Days are inclusive, in the client's zone."""
    if ends_on is not None and ends_on < starts_on:
        raise Refusal("terms_window", "The terms end before they begin.", field="ends_on")
    terms = UsageTerms.objects.create(
        creator_id=creator_id,
        post_id=post_id,
        starts_on=starts_on,
        ends_on=ends_on,
        hold_until=hold_until,
        price=price,
        currency=currency,
        note=note,
        source=source,
        created_at=now,
    )
    record("terms.recorded", terms, by=by, now=now)
    return terms
