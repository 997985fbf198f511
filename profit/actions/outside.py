"""Telling campaigns what the ledger flags as spent outside permission (P28)."""

from datetime import datetime, timedelta

from django.db.models import Max, Sum

from campaigns.actions.outside import Outside, note_outside
from campaigns.models import Incident
from profit.models import Entry
from profit.rules.entries import Account
from sparkops.catalog.models import Shop

BACK = timedelta(days=60)
KINDS = {
    Account.SPEND_OUTSIDE_AUTHORIZATION.value: Incident.Kind.OUTSIDE_AUTHORIZATION,
    Account.SPEND_OUTSIDE_USAGE_RIGHTS.value: Incident.Kind.OUTSIDE_RIGHTS,
}


def tell_outside(*, now: datetime) -> int:
    """Open, update and end incidents of the ads that spent outside permission in the last 60 days.

    Returns how many began. One query per shop; to be called after booking changed something.
    """
    found = {}
    for shop in Shop.objects.order_by("pk"):
        rows = (
            Entry.objects.filter(
                shop=shop,
                account__in=KINDS,
                event_day__gte=(now - BACK).date(),
                ad__isnull=False,
            )
            .order_by()
            .values_list("ad_id", "account", "raw_currency")
            .annotate(total=Sum("raw_amount"), last=Max("event_day"))
            .filter(total__gt=0)
        )
        for ad_id, account, currency, total, last in rows:
            found[ad_id, KINDS[account]] = Outside(total, currency, last)
    return note_outside(found, now=now)
