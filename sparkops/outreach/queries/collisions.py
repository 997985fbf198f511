"""Earlier contacts with creators: by teammates, sister outreach, other clients of the agency."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from django.db.models import F, Max
from django.db.models.functions import Coalesce

from sparkops.isolation.scope import portfolio_scope
from sparkops.outreach.models import Letter
from sparkops.outreach.rules.collisions import Touch
from sparkops.renewals.models import Ask
from sparkops.tenants.models import Client

LONGEST = timedelta(days=90)
"""How far back contacts are looked at; `quiet_days` is at most this."""

_AT = Coalesce("sent_at", "created_at")


def touches_of(
    creator_ids: Iterable[int], *, outreach_id: int, now: datetime
) -> dict[int, list[Touch]]:
    """Contacts of the client with some creators, by creator, without those of `outreach_id`."""
    ids, found = list(creator_ids), dict[int, list[Touch]]()
    letters = (
        Letter.objects.filter(recipient__creator__in=ids, created_at__gt=now - LONGEST)
        .exclude(recipient__outreach=outreach_id)
        .exclude(state=Letter.State.CLOSED)
        .values_list(
            "recipient__creator_id", _AT, "recipient__outreach__actor", "recipient__outreach__name"
        )
    )
    for creator_id, at, actor, name in letters:
        found.setdefault(creator_id, []).append(Touch(at, actor, f"“{name}”"))
    asks = Ask.objects.filter(
        creator__in=ids, state__in=["sending", "sent"], created_at__gt=now - LONGEST
    ).values_list("creator_id", _AT, F("run__actor"))
    for creator_id, at, actor in asks:
        found.setdefault(creator_id, []).append(Touch(at, actor or "SparkOps", "a renewal"))
    return found


def contacted_elsewhere(client: Client, now: datetime) -> Mapping[str, datetime]:
    """When the agency's other clients last contacted creators, by TikTok's id: no names. Opens a
    scope of its own; call it outside of one."""
    sisters = (
        Client.objects.filter(organization=client.organization_id, archived_at=None)
        .exclude(pk=client.pk)
        .values_list("pk", flat=True)
    )
    with portfolio_scope(sisters):
        rows = (
            Letter.objects.filter(state=Letter.State.SENT, sent_at__gt=now - LONGEST)
            .exclude(recipient__creator__creator_id="")
            .values_list("recipient__creator__creator_id")
            .annotate(last=Max("sent_at"))
            .order_by()
        )
        return dict(rows)
