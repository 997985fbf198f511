"""Reads of what the watchdog saw and found."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from authorizations.models import Authorization, Case, Fee, Finding, Redemption, Sight
from authorizations.queries import USABLE_WORDS
from authorizations.rules.states import State
from creators.models import PostDay
from creators.rules.handles import plain_handle

SPENT_LATELY = timedelta(days=3)


def findings(*, open_only: bool) -> QuerySet[Finding]:
    """Findings with what their list shows."""
    rows = Finding.objects.select_related("post__creator", "authorization__creator", "ad_account")
    return rows.filter(over_at=None) if open_only else rows


def find_findings(rows: QuerySet[Finding], values: Mapping[str, Any]) -> QuerySet[Finding]:
    """Apply the list's filters: how the creator's handle begins, the kind."""
    if word := plain_handle(values.get("q", "")):
        rows = rows.filter(
            post__creator__handle__gte=word, post__creator__handle__lt=word + "\uffff"
        )
    return rows.filter(kind=values["kind"]) if values.get("kind") else rows


def cases(*, open_only: bool) -> QuerySet[Case]:
    """Cases with what their list shows."""
    rows = Case.objects.select_related("post__creator", "finding")
    return rows.filter(state=Case.State.OPEN) if open_only else rows


def fees_of(post_id: int) -> list[Fee]:
    """Fees agreed for permissions on a post, newest first."""
    rows = Fee.objects.filter(authorization__post_id=post_id).select_related("authorization")
    return list(rows.order_by("-pk"))


def newest_permission(finding: Finding) -> Authorization | None:
    """The permission a finding is about: its own, else the newest of its post."""
    if finding.authorization is not None:
        return finding.authorization
    rows = Authorization.objects.filter(post=finding.post)
    return rows.order_by("-generation", "-pk").first()


def sights_of(post_id: int) -> list[Sight]:
    """Everything that was seen of a post, newest first."""
    return list(
        Sight.objects.filter(post_id=post_id).select_related("ad_account").order_by("-pk")[:50]
    )


def open_findings_of(post_id: int) -> list[Finding]:
    """What stands open on a post, newest first."""
    return list(Finding.objects.filter(post_id=post_id, over_at=None).order_by("-pk"))


def spending_item_ids(advertiser_id: str, now: datetime) -> list[str]:
    """Posts that ads of this ad account use or that spent money lately: those to watch closely."""
    spent = PostDay.objects.filter(
        post=OuterRef("authorization__post"),
        day__gte=(now - SPENT_LATELY).date(),
        paid_spend__gt=0,
    )
    rows = Redemption.objects.filter(
        Q(authorization__state=State.IN_USE) | Exists(spent),
        ad_account__advertiser_id=advertiser_id,
        state=Redemption.State.REDEEMED,
        authorization__state__in=USABLE_WORDS,
    ).exclude(authorization__post=None)
    return list(
        rows.order_by("authorization__post__item_id")
        .values_list("authorization__post__item_id", flat=True)
        .distinct()
    )
