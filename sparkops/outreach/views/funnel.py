"""The funnel of outreach, by campaign, owner or segment, with its export (AB10)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.http import HttpResponse

from sparkops import clock
from sparkops.clock import shop_day_start
from sparkops.outreach.forms import FunnelForm
from sparkops.outreach.models import Recipient
from sparkops.outreach.queries.funnel import GROUPS, Line, contacted, lines, total
from sparkops.outreach.rules.funnel import STAGES, Funnel, days_before
from sparkops.tenants.gate import ClientRequest, client_view, may_of
from sparkops.tenants.permissions import Permission
from sparkops.web import formats, pages
from sparkops.web.listing import as_file, asked_export, export_urls

LABELS = ("Contacted", "Replied", "Accepted", "Sampled", "Posted", "Sold")
ALL = "All outreach"
NOBODY = Funnel(counts=(0,) * len(STAGES), cost={}, unpriced=0)


@dataclass(frozen=True)
class Asked:
    """What the form asks for. `days` are those of the comparison, None without one."""

    group: str
    found: list[Line]
    whole: Funnel
    before: Mapping[str, Funnel]
    whole_before: Funnel
    days: tuple[date, date] | None

    def pairs(self) -> list[tuple[Line, Funnel]]:
        """Every group with its funnel of the days before; a group of then alone comes last."""
        now = [(one, self.before.get(one.name, NOBODY)) for one in self.found]
        names = {one.name for one in self.found}
        gone = sorted(self.before.keys() - names)
        return now + [(Line(name, NOBODY), self.before[name]) for name in gone]


@client_view(Permission.VIEW)
def funnel(request: ClientRequest) -> HttpResponse:
    """How far creators came, with rates and the cost per activated creator."""
    form = FunnelForm(request.GET)
    asked = _asked(form.cleaned_data if form.is_valid() else {}, request.client.timezone)
    may = may_of(request)
    if kind := asked_export(request, may):
        return as_file("outreach-funnel", _header(asked), _sheet(asked), kind=kind)
    context: dict[str, Any] = {
        "now": clock.now(),
        "form": form,
        "may_edit": request.member.may(Permission.CREATOR_EDIT),
        "group": GROUPS[asked.group],
        "days": asked.days,
        "whole": _shown(asked.whole, asked.whole_before, asked.days),
        "unpriced": asked.whole.unpriced,
        "cost": _money(asked.whole.cost_per_activated),
        "cost_before": _money(asked.whole_before.cost_per_activated),
        "labels": LABELS,
        "lines": [
            (one, _shown(one.funnel, before, asked.days), _money(one.funnel.cost_per_activated))
            for one, before in asked.pairs()
        ],
        **export_urls(request, may),
    }
    status = 422 if form.errors else 200
    return pages.render(request, "outreach/funnel.html", context, status=status)


def _asked(values: Mapping[str, Any], zone: str) -> Asked:
    first, last, group = values.get("since"), values.get("until"), values.get("by") or "outreach"
    rows, earlier = _contacted(first, last, zone), list[Recipient]()
    days = days_before(first, last) if values.get("compare") and first and last else None
    if days:
        earlier = _contacted(*days, zone)
    before = {one.name: one.funnel for one in lines(earlier, group)} if days else {}
    whole_before = total(earlier) if days else NOBODY
    return Asked(group, lines(rows, group), total(rows), before, whole_before, days)


def _contacted(first: date | None, last: date | None, zone: str) -> list[Recipient]:
    """Recipients of days of the client's zone, both included; None is open."""
    return list(
        contacted(
            shop_day_start(first, zone) if first else None,
            shop_day_start(last + timedelta(days=1), zone) if last else None,
        )
    )


def _shown(funnel: Funnel, before: Funnel, days: tuple[date, date] | None) -> list[dict[str, Any]]:
    """Label, count, share of the contacted and the count before, by stage."""
    shares = [funnel.rate(stage) for stage in STAGES]
    return [
        {
            "label": label,
            "count": formats.integer(count),
            "ratio": share or 0,
            "share": formats.percent(share) if share is not None else "",
            "before": formats.integer(earlier) if days else "",
        }
        for label, count, share, earlier in zip(
            LABELS, funnel.counts, shares, before.counts, strict=True
        )
    ]


def _money(amounts: dict[str, Decimal]) -> str:
    return ", ".join(formats.money(amounts[one], one) for one in sorted(amounts))


def _header(asked: Asked) -> list[str]:
    """Counts first, then money, then the shares of the contacted as fractions."""
    money = ["Sample cost", "Currency", "Samples without cost", "Cost per activated"]
    shares = [f"{label} share" for label in LABELS[1:]]
    before = [f"{label} before" for label in LABELS] if asked.days else []
    return [GROUPS[asked.group], *LABELS, *money, *shares, *before]


def _sheet(asked: Asked) -> Iterator[list[Any]]:
    """The groups and, last, all outreach: one row per currency of the costs; whatever is not money
    stands on the first of them."""
    for one, before in [*asked.pairs(), (Line(ALL, asked.whole), asked.whole_before)]:
        each = one.funnel.cost_per_activated
        costs: list[tuple[str, Decimal | None]] = [*sorted(one.funnel.cost.items())] or [("", None)]
        for number, (currency, amount) in enumerate(costs):
            money = [amount, currency]
            if number == 0:
                shares = [one.funnel.rate(stage) for stage in STAGES[1:]]
                earlier = list(before.counts) if asked.days else []
                rest = [one.funnel.unpriced, each.get(currency), *shares, *earlier]
                yield [one.name, *one.funnel.counts, *money, *rest]
            else:
                blank = [None] * len(STAGES)
                yield [one.name, *blank, *money, None, each.get(currency)]
