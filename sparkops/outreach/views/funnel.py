"""The funnel of outreach, by campaign, owner or segment, with its export (AB10)."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.http import HttpResponse

from sparkops import clock
from sparkops.clock import shop_day_start
from sparkops.outreach.forms import FunnelForm
from sparkops.outreach.queries.funnel import GROUPS, Line, contacted, lines, total
from sparkops.outreach.rules.funnel import STAGES, Funnel
from sparkops.tenants.gate import ClientRequest, client_view, may_of
from sparkops.tenants.permissions import Permission
from sparkops.web import formats, pages
from sparkops.web.listing import as_file, asked_export, export_urls

LABELS = ("Contacted", "Replied", "Accepted", "Sampled", "Posted", "Sold")


@client_view(Permission.VIEW)
def funnel(request: ClientRequest) -> HttpResponse:
    """How far creators came, with rates and the cost per activated creator."""
    form, zone = FunnelForm(request.GET), request.client.timezone
    values = form.cleaned_data if form.is_valid() else {}
    first, last = values.get("since"), values.get("until")
    rows = list(
        contacted(
            shop_day_start(first, zone) if first else None,
            shop_day_start(last + timedelta(days=1), zone) if last else None,
        )
    )
    group = values.get("by") or "outreach"
    found, may = lines(rows, group), may_of(request)
    if kind := asked_export(request, may):
        header = [GROUPS[group], *LABELS, "Sample cost", "Currency", "Samples without cost"]
        return as_file("outreach-funnel", header, _sheet(found), kind=kind)
    whole = total(rows)
    context: dict[str, Any] = {
        "now": clock.now(),
        "form": form,
        "group": GROUPS[group],
        "whole": _shown(whole),
        "unpriced": whole.unpriced,
        "cost": _money(whole.cost_per_activated),
        "labels": LABELS,
        "lines": [
            (one, _shown(one.funnel), _money(one.funnel.cost_per_activated)) for one in found
        ],
        **export_urls(request, may),
    }
    status = 422 if form.errors else 200
    return pages.render(request, "outreach/funnel.html", context, status=status)


def _shown(funnel: Funnel) -> list[tuple[str, str, str]]:
    """Label, count and share of the contacted, by stage."""
    shares = [funnel.rate(stage) for stage in STAGES]
    return [
        (label, formats.integer(count), formats.percent(share) if share is not None else "")
        for label, count, share in zip(LABELS, funnel.counts, shares, strict=True)
    ]


def _money(amounts: dict[str, Decimal]) -> str:
    return ", ".join(formats.money(amounts[one], one) for one in sorted(amounts))


def _sheet(found: list[Line]) -> Iterator[list[Any]]:
    """One row per group and currency of its costs; counts stand on the first of them."""
    for one in found:
        costs: list[tuple[str, Decimal | None]] = [*sorted(one.funnel.cost.items())]
        costs = costs or [("", None)]
        for number, (currency, amount) in enumerate(costs):
            counts: list[Any] = list(one.funnel.counts) if number == 0 else [None] * len(STAGES)
            unpriced = one.funnel.unpriced if number == 0 else None
            yield [one.name, *counts, amount, currency, unpriced]
