"""Whether ad spend was covered by permission (P28). Flags never change cost."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from enum import StrEnum

from profit.rules.ads import ad_entry
from profit.rules.context import Context
from profit.rules.entries import Account, Wanted, missing_rate
from profit.rules.facts import SPARK, AdRow, Authorization, UsageRights
from sparkops.clock import ad_day_span
from sparkops.money import ZERO


class Cover(StrEnum):
    """How much of an ad day an authorization covers."""

    WHOLE = "whole"
    PART = "part"
    NONE = "none"


def authorization_cover(row: AdRow, authorizations: Iterable[Authorization]) -> Cover:
    """P28: cover of the ad day [00:00, 24:00) in the account's offset by the post's permissions.

    Several authorizations add up. One without a known end covers its days only in part: a
    missing end is unknown, never forever.
    """
    start, end = ad_day_span(row.day, row.offset)
    known: list[tuple[datetime, datetime]] = []
    cover = Cover.NONE
    for permission in authorizations:
        if permission.post_id != row.post_id or permission.starts_at >= end:
            continue
        if permission.ends_at is None:
            cover = Cover.PART
        elif permission.ends_at > start:
            cover = Cover.PART
            known.append((permission.starts_at, permission.ends_at))
    return Cover.WHOLE if _fills(known, start, end) else cover


def within_usage_rights(row: AdRow, rights: Iterable[UsageRights]) -> bool:
    """P28: whether the ad date lies inside any usage rights of the post."""
    return any(
        right.post_id == row.post_id and right.starts_on <= row.day <= right.ends_on
        for right in rights
    )


def cover_entries(
    row: AdRow,
    context: Context,
    authorizations: Sequence[Authorization] | None,
    rights: Sequence[UsageRights] | None,
) -> Wanted:
    """P28: memo entries for a Spark row's spend without full cover.

    None for a list means that permission is not known at all, so nothing is flagged for it; an
    empty list means that there is none.
    """
    if row.campaign_kind != SPARK or row.cost == ZERO:
        return Wanted()
    accounts = tuple(_flags(row, authorizations, rights))
    if not accounts:
        return Wanted()
    rate = context.fx.rate(row.currency, context.report_currency, row.day)
    if rate is None:
        return Wanted(gaps=(missing_rate(row.currency, context.report_currency, row.day),))
    return Wanted(
        tuple(
            ad_entry(row, context, account, account.value, row.cost, rate, "P28@1")
            for account in accounts
        )
    )


def _flags(
    row: AdRow,
    authorizations: Sequence[Authorization] | None,
    rights: Sequence[UsageRights] | None,
) -> Iterator[Account]:
    if authorizations is not None:
        cover = authorization_cover(row, authorizations)
        if cover is Cover.NONE:
            yield Account.SPEND_OUTSIDE_AUTHORIZATION
        elif cover is Cover.PART:
            yield Account.SPEND_ON_AUTHORIZATION_BOUNDARY_DAYS
    if rights is not None and not within_usage_rights(row, rights):
        yield Account.SPEND_OUTSIDE_USAGE_RIGHTS


def _fills(spans: Iterable[tuple[datetime, datetime]], start: datetime, end: datetime) -> bool:
    covered = start
    for first, last in sorted(spans):
        if first > covered:
            break
        covered = max(covered, last)
    return covered >= end
