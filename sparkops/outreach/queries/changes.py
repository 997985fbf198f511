"""Invitations whose terms somebody changed in TikTok (AB11)."""

from collections.abc import Iterable
from dataclasses import dataclass

from creators.models import Collaboration
from sparkops.clock import shop_day_start
from sparkops.outreach.models import Invitation, Outreach
from sparkops.outreach.rules.changes import Change, Terms, changes_of


@dataclass(frozen=True)
class Changed:
    """An invitation with what differs from what SparkOps sent."""

    invitation: Invitation
    changes: list[Change]


def changed_outside(outreach: Outreach) -> list[Changed]:
    """Invitations of an outreach as they were last read, where they differ. Two queries."""
    rows = list(Invitation.objects.filter(outreach=outreach).exclude(collaboration_id=""))
    read = {
        one.collaboration_id: one
        for one in Collaboration.objects.filter(
            kind=Collaboration.Kind.TARGET,
            collaboration_id__in=[row.collaboration_id for row in rows],
        ).select_related("shop")
    }
    pairs = [(row, read[row.collaboration_id]) for row in rows if row.collaboration_id in read]
    return [one for one in _differing(outreach, pairs) if one.changes]


def _differing(
    outreach: Outreach, pairs: Iterable[tuple[Invitation, Collaboration]]
) -> Iterable[Changed]:
    for row, plan in pairs:
        ends_at = shop_day_start(outreach.ends_on, plan.shop.timezone) if outreach.ends_on else None
        row.outreach = outreach
        sent = Terms(str(row), outreach.rate, outreach.shop_ads_rate, ends_at)
        now = Terms(plan.name, plan.standard_rate, plan.shop_ads_rate, plan.ends_at, plan.status)
        yield Changed(row, changes_of(sent, now))
