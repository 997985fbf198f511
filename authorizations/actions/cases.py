"""Cases about posts that went away although their creator had promised to keep them (AR10)."""

from collections.abc import Iterable
from datetime import date, datetime

from django.urls import reverse

from authorizations.actions.fees import freeze_fees, thaw_fees
from authorizations.models import Case, Finding, UsageTerms
from authorizations.rules.watch import Kind
from sparkops.alerts.actions import raise_alert, resolve_alerts
from sparkops.alerts.models import Alert
from sparkops.audit.record import SYSTEM, Actor, record
from sparkops.clock import shop_day
from sparkops.errors import Refusal
from sparkops.isolation.scope import current_client_id
from sparkops.tenants.models import Client
from sparkops.tenants.permissions import Permission

BREAKS = frozenset({Kind.DELETED, Kind.PRIVATE})
"""What a creator does. A post that TikTok takes down breaks no promise of theirs."""
OPENED = "case.opened"


def open_cases(findings: Iterable[Finding], *, now: datetime) -> list[Case]:
    """Open a case for every finding that breaks a hold, freeze the unpaid fees of its post, and
    tell people; returns the cases opened."""
    client = Client.objects.get(pk=current_client_id())
    today = shop_day(now, client.timezone)
    opened = [
        _open(finding, until, client, now)
        for finding in findings
        if Kind(finding.kind) in BREAKS and (until := _held_until(finding, today)) is not None
    ]
    return [one for one in opened if one is not None]


def settle_case(case: Case, *, note: str, by: Actor, now: datetime) -> None:
    """Close a case with what was agreed; its post's fees go on from where they stood.

    Raises Refusal when it is settled already.
    """
    case = Case.objects.select_for_update().get(pk=case.pk)
    if case.state == Case.State.SETTLED:
        raise Refusal("settled", "This case is settled already.")
    case.state, case.settled_at = Case.State.SETTLED.value, now
    case.settled_by, case.note = by.label, note
    case.save()
    thaw_fees(case.post_id, reason=f"The case was settled: {note}", by=by, now=now)
    resolve_alerts(case, now=now)
    record("case.settled", case, by=by, now=now, reason=note)


def _held_until(finding: Finding, today: date) -> date | None:
    """The last day of a hold that runs today, None without one."""
    post = finding.post
    if post is None:
        return None
    terms = UsageTerms.objects.filter(
        starts_on__lte=today, hold_until__gte=today, creator=post.creator
    )
    days = [one.hold_until for one in terms if one.post_id in (None, post.pk) and one.hold_until]
    return max(days, default=None)


def _open(finding: Finding, until: date, client: Client, now: datetime) -> Case | None:
    post = finding.post
    assert post is not None
    if Case.objects.filter(post=post, state=Case.State.OPEN).exists():
        return None
    reason = f"{finding.sentence} It had to stay up until {until:%d %b %Y}."
    frozen = freeze_fees(post.pk, reason=reason, by=SYSTEM, now=now)
    case = Case.objects.create(
        post=post, finding=finding, hold_until=until, frozen_fees=frozen, opened_at=now
    )
    record(OPENED, case, by=SYSTEM, now=now, reason=reason, data={"finding": finding.pk})
    _tell(case, reason, client, now)
    return case


def _tell(case: Case, reason: str, client: Client, now: datetime) -> None:
    """Those who keep permissions learn of it by the finding; here those who pay are told."""
    stopped = " The payment of its fee is stopped." if case.frozen_fees else ""
    raise_alert(
        OPENED,
        f"{OPENED}:{case.pk}",
        subject=case,
        severity=Alert.Severity.CRITICAL.value,
        title=str(case)[:200],
        body=f"{reason}{stopped}",
        path=reverse("authorizations:case", kwargs={"client": client.slug, "pk": case.pk}),
        action_label="Open the case",
        told=Permission.COST_EDIT,
        now=now,
    )
