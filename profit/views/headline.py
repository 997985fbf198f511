"""The figures on top: pinned by the person, against the period before, each explained (U4, TS6)."""

from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from profit.actions.headlines import pin_metrics
from profit.queries.headlines import last_reads, pinned
from profit.queries.pnl import Stages
from profit.rules.definitions import METRICS, MOST, NEED_COSTS, STAGES, Metric
from profit.rules.pnl import Pnl
from profit.rules.ratios import ratios
from sparkops.money import ratio
from sparkops.tenants.gate import client_view
from sparkops.tenants.permissions import Permission
from sparkops.web import pages
from sparkops.web.formats import money, number, percent


def headline(request: HttpRequest, pnl: Pnl, earlier: Pnl, shares: Stages) -> dict[str, Any]:
    """Context of the strip: `figures` as parts/stat.html takes them, each against the `earlier`
    period, and the choice of figures."""
    read, chosen = last_reads(), pinned(request.user)  # type: ignore[arg-type]
    keys = [metric.key for metric in chosen]
    return {
        "figures": [_figure(metric, pnl, earlier, shares, read) for metric in chosen],
        "slots": [keys[at] if at < len(keys) else "" for at in range(MOST)],
        "metrics": METRICS,
        "stage_words": STAGES,
    }


@client_view(Permission.VIEW)
@require_POST
def pin(request: HttpRequest) -> HttpResponse:
    """Remember the figures that were chosen, in their order."""
    pin_metrics(request.user, [key for key in request.POST.getlist("metrics") if key])  # type: ignore[arg-type]
    messages.success(request, "These figures stand on top from now on.")
    return pages.redirect(request, "profit:overview", client=request.client.slug)  # type: ignore[attr-defined]


def _figure(
    metric: Metric, pnl: Pnl, earlier: Pnl, shares: Stages, read: dict[str, Any]
) -> dict[str, Any]:
    known = pnl.complete or metric.key not in NEED_COSTS
    compared = known and (earlier.complete or metric.key not in NEED_COSTS)
    now, then = _value(metric, pnl), _value(metric, earlier)
    moments = [read.get(stream) for stream in metric.streams]
    return {
        "label": metric.label,
        "value": _shown(metric, now, pnl.currency) if known else "Incomplete",
        "note": _note(metric, then, pnl.currency) if compared else "unit costs are missing",
        "change": change(now, then) if compared else None,
        "good": metric.good,
        "state": "" if shares.settled in (None, Decimal(1)) else "estimated",
        "about": {
            "metric": metric,
            "read_at": min((at for at in moments if at), default=None) if all(moments) else None,
            "from_tiktok": bool(metric.streams),
            "stages": _stages(shares),
        },
    }


def _value(metric: Metric, pnl: Pnl) -> Decimal | None:
    return getattr(ratios(pnl, 0) if metric.is_ratio else pnl, metric.key)


def _shown(metric: Metric, value: Decimal | None, currency: str) -> str:
    return number(value) if metric.is_ratio else money(value, currency)


def _note(metric: Metric, then: Decimal | None, currency: str) -> str:
    return f"was {_shown(metric, then, currency)}" if then else "nothing in the period before"


def change(now: Decimal | None, then: Decimal | None) -> Decimal | None:
    """By which share a figure moved; None where it was nothing, or less, before."""
    if now is None or not then or then < 0:
        return None
    return ratio(now - then, then)


def _stages(shares: Stages) -> str:
    if shares.settled is None:
        return "no GMV in this period"
    return (
        f"{percent(shares.settled, 0)} of GMV settled, {percent(shares.processing, 0)} on its way,"
        f" {percent(shares.estimated, 0)} estimated"
    )
