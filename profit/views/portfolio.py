"""Profit of all clients of an agency: a line per client and shop, a total per currency."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from profit.queries.groups import GmvCourse
from profit.queries.pnl import Stages, shares
from profit.queries.portfolio import Line, ShopResult, side_by_side
from profit.rules.definitions import BY_KEY, NEED_COSTS, STAGES, Metric
from profit.rules.pnl import Pnl, together
from profit.rules.ratios import ratios
from profit.views.asked import AskedOfAll, read_of_all
from profit.views.headline import change
from profit.views.overview import SHOWN, drawn_course
from sparkops import clock
from sparkops.money import ZERO
from sparkops.tenants.gate import may_of, portfolio_view
from sparkops.tenants.permissions import Permission
from sparkops.web import formats, listing, markup, pages

FIGURES = tuple(BY_KEY[key] for key in (*SHOWN, "net_profit", "cm3_margin", "blended_roas"))
COMPARED = ("gmv", "cm3")
LEAP = 10
# On the screen a ratio of an amount stands under the amount.
UNDER = {"cm3": "cm3_margin"}
NO_SHOP = "No shop is connected yet."
NEVER_READ = "Nothing has been read from TikTok yet."


@dataclass(frozen=True)
class Cell:
    """One figure of a line: money in its `currency`, or a ratio. Without `known` a unit cost is
    missing and nobody can state it (PD7). `change` is the share by which it moved against
    `before`, the period before; both are None where nothing is compared."""

    metric: Metric
    currency: str
    value: Decimal | None
    known: bool
    before: Decimal | None
    change: Decimal | None

    @property
    def has_leapt(self) -> bool:
        """Whether there was so little before that a share of it says nothing."""
        return self.change is not None and self.change >= LEAP

    @property
    def shown(self) -> str:
        if not self.metric.is_ratio:
            return markup.money(self.value, self.currency)
        is_share = self.metric.key == "cm3_margin"
        return formats.percent(self.value) if is_share else formats.number(self.value)


@dataclass(frozen=True)
class Total:
    """All shops of one currency together; different currencies are never added."""

    currency: str
    shops: int
    cells: dict[str, Cell]
    stages: Stages
    complete: bool

    @property
    def columns(self) -> list[tuple[Cell, Cell | None]]:
        return _columns(self.cells)


@portfolio_view(Permission.VIEW)
def portfolio(request: HttpRequest) -> HttpResponse:
    """The P&L of every client's shops for a period of each shop's own days."""
    now, asked = clock.now(), read_of_all(request)
    clients = request.portfolio  # type: ignore[attr-defined]
    lines = side_by_side(clients, asked.days, asked.basis, now)
    totals = totals_of(lines)
    if kind := listing.asked_export(request, may_of(request)):
        return _export(lines, totals, kind)
    context = {
        "now": now,
        "asked": asked,
        "clients": clients,
        "rows": [_row(line, asked) for line in lines],
        "totals": totals,
        "last_days": sorted({line.result.period.last for line in lines if line.result}),
        "columns": [metric for metric in FIGURES if metric.key not in UNDER.values()],
        "figures": [_headline(total) for total in totals],
        "stage_words": STAGES,
        **listing.export_urls(request, may_of(request)),
    }
    return pages.render(request, "profit/portfolio.html", context)


def totals_of(lines: Iterable[Line]) -> list[Total]:
    """One total per currency of the lines, which come by currency."""
    results = [line.result for line in lines if line.result is not None]
    return [
        _total(list(some)) for _, some in groupby(results, key=lambda result: result.pnl.currency)
    ]


def _total(results: Sequence[ShopResult]) -> Total:
    pnl = together([one.pnl for one in results])
    by_stage: dict[str, Decimal] = {}
    for one in results:
        for stage, amount in one.by_stage.items():
            by_stage[stage] = by_stage.get(stage, ZERO) + amount
    return Total(
        currency=pnl.currency,
        shops=len(results),
        cells=_cells(pnl, together([one.earlier for one in results])),
        stages=shares(by_stage),
        complete=pnl.complete,
    )


def _headline(total: Total) -> dict[str, Any]:
    """The figure on top of a currency, as parts/stat.html takes it."""
    gmv, cm3 = total.cells["gmv"], total.cells["cm3"]
    made = f"CM3 {formats.money(cm3.value, cm3.currency)}" if cm3.known else "CM3 incomplete"
    return {
        "label": f"GMV in {total.currency}",
        "value": formats.money(gmv.value, gmv.currency),
        "note": f"{made}, {formats.plural(total.shops, 'shop')}",
        "change": None if gmv.has_leapt else gmv.change,
        "good": gmv.metric.good,
    }


def _cells(pnl: Pnl, earlier: Pnl) -> dict[str, Cell]:
    return {metric.key: _cell(metric, pnl, earlier) for metric in FIGURES}


def _columns(cells: dict[str, Cell]) -> list[tuple[Cell, Cell | None]]:
    """The cells in the order of the screen, each with what stands under it."""
    return [
        (cell, cells.get(UNDER.get(key, "")))
        for key, cell in cells.items()
        if key not in UNDER.values()
    ]


def _cell(metric: Metric, pnl: Pnl, earlier: Pnl) -> Cell:
    known = pnl.complete or metric.key not in NEED_COSTS
    value = getattr(ratios(pnl, 0) if metric.is_ratio else pnl, metric.key) if known else None
    then = None
    if metric.key in COMPARED and (earlier.complete or metric.key not in NEED_COSTS):
        then = getattr(earlier, metric.key)
    moved = None if then is None else change(value, then)
    return Cell(metric, pnl.currency, value, known, then, moved)


def _row(line: Line, asked: AskedOfAll) -> dict[str, Any]:
    """A line as the template draws it; each figure leads to the client's own page of it."""
    slug = {"client": line.client.slug}
    if line.result is None or line.shop is None:
        lack = NEVER_READ if line.shop else NO_SHOP
        return {"line": line, "lack": lack, "url": reverse("connections:list", kwargs=slug)}
    result = line.result
    return {
        "line": line,
        "url": f"{reverse('profit:overview', kwargs=slug)}?{asked.query(line.shop)}",
        "columns": _columns(_cells(result.pnl, result.earlier)),
        "costs_url": "" if result.pnl.complete else reverse("profit:costs", kwargs=slug),
        **drawn_course(GmvCourse(result.course, result.stages)),
    }


def _export(lines: Sequence[Line], totals: Sequence[Total], kind: str) -> HttpResponse:
    """The lines and totals as they are shown; what cannot be stated is an empty cell."""
    headers = ["Client", "Shop", "Currency", "First day", "Last day"]
    for metric in FIGURES:
        headers.append(metric.label)
        headers += [f"{metric.label} change"] if metric.key in COMPARED else []
    headers += ["Estimated share of GMV", "Settled share of GMV", "Complete", "Read until", "Note"]
    rows = [_line_of_file(line) for line in lines]
    rows += [_total_of_file(total) for total in totals]
    return listing.as_file("profit-of-all-clients", headers, rows, kind=kind)


def _line_of_file(line: Line) -> list[Any]:
    result, names = line.result, [line.client.name, str(line.shop or "")]
    if result is None:
        figures = [None] * (len(FIGURES) + len(COMPARED))
        lack = NEVER_READ if line.shop else NO_SHOP
        currency = line.shop.currency if line.shop else ""
        return [*names, currency, None, None, *figures, None, None, "", line.fresh.as_of, lack]
    return [
        *names,
        result.pnl.currency,
        result.period.first,
        result.period.last,
        *_figures_of_file(_cells(result.pnl, result.earlier)),
        *_stages_of_file(result.stages, result.pnl.complete),
        line.fresh.as_of,
        " ".join(line.fresh.sentences),
    ]


def _total_of_file(total: Total) -> list[Any]:
    name = f"All in {total.currency}"
    return [
        name,
        formats.plural(total.shops, "shop"),
        total.currency,
        None,
        None,
        *_figures_of_file(total.cells),
        *_stages_of_file(total.stages, total.complete),
        None,
        "",
    ]


def _figures_of_file(cells: dict[str, Cell]) -> list[Decimal | None]:
    found: list[Decimal | None] = []
    for cell in cells.values():
        found.append(cell.value)
        found += [cell.change] if cell.metric.key in COMPARED else []
    return found


def _stages_of_file(stages: Stages, complete: bool) -> list[Any]:
    return [stages.estimated, stages.settled, "yes" if complete else "no"]
