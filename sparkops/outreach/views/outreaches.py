"""The list of outreach, and one with its progress and a reason per recipient."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404

from sparkops import clock
from sparkops.clock import shop_zone
from sparkops.outreach.models import Outreach
from sparkops.outreach.queries.changes import changed_outside
from sparkops.outreach.queries.outreaches import counts_of, recipients_of
from sparkops.outreach.queries.outreaches import outreaches as all_outreaches
from sparkops.outreach.rules.changes import Change
from sparkops.outreach.tables import STATE_TONES, outreach_table, recipients_table
from sparkops.tenants.gate import ClientRequest, client_view
from sparkops.tenants.permissions import Permission
from sparkops.web import formats, pages
from sparkops.web.keyset import capped_count, paginate
from sparkops.web.tables import with_query

TABS = (
    ("", "All"),
    ("sent", "Sent"),
    ("queued", "Queued"),
    ("skipped", "Skipped"),
    ("failed", "Failed"),
)


@client_view(Permission.VIEW)
def outreaches(request: ClientRequest) -> HttpResponse:
    """Every outreach of the client."""
    table, now = outreach_table(request.client.slug), clock.now()
    sort = table.sort(request.GET.get("sort"))
    found = paginate(all_outreaches(), sort.order, request.GET.get("cursor"))
    context = {
        "now": now,
        "may_edit": request.member.may(Permission.CREATOR_EDIT),
        "table": table.bind(found, query=request.GET, sort=sort, now=now),
        "count": capped_count(Outreach.objects.all()),
    }
    return pages.render(request, "outreach/list.html", context, pieces={"outreach-list": "list"})


@client_view(Permission.VIEW)
def outreach(request: ClientRequest, pk: int) -> HttpResponse:
    """How far it is, looked at again every few seconds while it runs, and every recipient."""
    found = get_object_or_404(Outreach.objects.select_related("segment"), pk=pk)
    counts, now = counts_of(found), clock.now()
    context: dict[str, Any] = {
        "row": found,
        "tone": STATE_TONES[Outreach.State(found.state)],
        "counts": counts,
        "done": found.total - counts["queued"],
        "now": now,
        "may_edit": request.member.may(Permission.CREATOR_EDIT),
    }
    if found.channel == Outreach.Channel.TARGET:
        context["changed"] = [
            (one.invitation, [_shown(change, request, now) for change in one.changes])
            for one in changed_outside(found)
        ]
    context |= _recipients(request, found, counts)
    pieces = {"work": "work", "recipients": "list"}
    return pages.render(request, "outreach/outreach.html", context, pieces=pieces)


def _shown(change: Change, request: ClientRequest, now: datetime) -> tuple[str, str, str]:
    """A difference in words: what, as sent, as it is now."""
    zone = shop_zone(request.client.timezone)

    def said(value: Decimal | datetime | str | None) -> str:
        if isinstance(value, datetime):
            return formats.moment(value, now=now, zone=zone)
        if isinstance(value, Decimal):
            return formats.percent(value)
        return value or "differs by product"

    return change.what, said(change.sent), said(change.now)


def _recipients(request: ClientRequest, found: Outreach, counts: dict[str, int]) -> dict[str, Any]:
    view, now = request.GET.get("view", ""), clock.now()
    may_edit = request.member.may(Permission.CREATOR_EDIT)
    zone = shop_zone(request.client.timezone)
    table = recipients_table(request.client.slug, zone, now, may_edit=may_edit)
    sort, rows = table.sort(request.GET.get("sort")), recipients_of(found, view)
    page = paginate(rows, sort.order, request.GET.get("cursor"))
    return {
        "table": table.bind(page, query=request.GET, sort=sort, now=now),
        "count": capped_count(rows),
        "tabs": [
            {
                "label": label,
                "url": request.path + with_query(request.GET, view=key, cursor=None),
                "count": counts.get(key, found.total),
                "current": key == view,
                "hot": key == "failed" and bool(counts["failed"]),
            }
            for key, label in TABS
        ],
    }
