"""The P&L of a shop and its tables per product, creator and post."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from profit.queries.groups import grouped
from profit.queries.pnl import daily, gmv_without_cost, open_accounts, shop_pnl, stages
from profit.queries.quality import checks
from profit.queries.report import counts
from profit.queries.restatements import latest_moves
from profit.queries.subjects import names_of
from profit.rules.pnl import UNATTRIBUTED, Dimension, Pnl
from profit.rules.ratios import ratios
from profit.rules.words import word
from profit.views.asked import Asked, read
from profit.views.chart import chart
from profit.views.frame import tabs_of
from profit.views.statement import drawn
from sparkops import clock
from sparkops.landing.queries import stale_sentences
from sparkops.sheets.write import csv_bytes
from sparkops.tenants.gate import client_view
from sparkops.tenants.permissions import Permission
from sparkops.web import pages

STREAMS = ("orders", "affiliate_orders", "statements", "ad_days", "gmv_max_days")
VIEWS = {
    "products": Dimension.PRODUCT,
    "creators": Dimension.CREATOR,
    "posts": Dimension.POST,
}
SHOWN = ("gmv", "net_revenue", "cogs", "cm2", "affiliate_commission", "net_ad_cost", "cm3")


@client_view(Permission.VIEW)
def overview(request: HttpRequest) -> HttpResponse:
    """The P&L tree with every formula beside its number."""
    now = clock.now()
    asked = read(request, now=now)
    if asked is None:
        return pages.render(request, "profit/no_shop.html")
    pnl = shop_pnl(asked.shop, asked.basis, asked.period)
    days = daily(asked.shop, asked.basis, asked.period)
    context = {
        **_frame(request, asked, ""),
        "pnl": pnl,
        "statement": drawn(pnl, open_accounts(asked.shop, asked.basis, asked.period)),
        "stages": stages(asked.shop, asked.basis, asked.period),
        "ratios": ratios(pnl, counts(asked.shop, asked.basis, asked.period).orders),
        "uncosted": gmv_without_cost(asked.shop, asked.basis, asked.period),
        "checks": _checks(request, asked, now),
        "chart": chart(days, asked.shop.currency),
        "moved": latest_moves(request.user, now=now),  # type: ignore[arg-type]
        "entries_url": reverse("profit:entries", kwargs={"client": request.client.slug}),  # type: ignore[attr-defined]
    }
    return pages.render(request, "profit/overview.html", context)


@client_view(Permission.VIEW)
def table(request: HttpRequest, view: str) -> HttpResponse:
    """Products, creators or posts; with the unattributed row they sum to the shop (PD3)."""
    now = clock.now()
    asked = read(request, now=now)
    if asked is None:
        return pages.render(request, "profit/no_shop.html")
    dimension = VIEWS[view]
    groups = grouped(asked.shop, asked.basis, asked.period, dimension)
    rows = _rows(groups, names_of(dimension, groups))
    if request.GET.get("export") == "csv" and request.member.may(Permission.EXPORT):  # type: ignore[attr-defined]
        return _export(view, rows, asked)
    context = {
        **_frame(request, asked, view),
        "rows": rows,
        "view": view,
        "whole": shop_pnl(asked.shop, asked.basis, asked.period),
        "columns": [word(name).partition(",")[0] for name in SHOWN],
        "entries_url": reverse("profit:entries", kwargs={"client": request.client.slug}),  # type: ignore[attr-defined]
    }
    return pages.render(request, "profit/table.html", context)


def _rows(groups: dict[str, Pnl], names: dict[str, str]) -> list[dict[str, Any]]:
    rows = [
        {
            "key": key,
            "name": names.get(key, key),
            "pnl": pnl,
            "cells": [getattr(pnl, name) for name in SHOWN],
            "unattributed": key == UNATTRIBUTED,
        }
        for key, pnl in groups.items()
    ]
    return sorted(rows, key=lambda row: (row["unattributed"], -row["pnl"].cm3, row["name"]))


def _export(view: str, rows: list[dict[str, Any]], asked: Asked) -> HttpResponse:
    currency = asked.shop.currency
    headers = [view[:-1].capitalize(), *(word(name) for name in SHOWN), "Currency", "Complete"]
    lines = [
        [row["name"], *row["cells"], currency, "yes" if row["pnl"].complete else "no"]
        for row in rows
    ]
    content = csv_bytes(headers, lines)
    response = HttpResponse(content, content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="profit-{view}.csv"'
    return response


def _checks(request: HttpRequest, asked: Asked, now: datetime) -> list[dict[str, str]]:
    slug = request.client.slug  # type: ignore[attr-defined]
    return [
        {
            "state": one.state.value,
            "label": one.label,
            "fact": one.fact,
            "text": one.text,
            "url": reverse(one.page, kwargs={"client": slug}) if one.page else "",
            "action": one.action,
        }
        for one in checks(asked.shop, asked.basis, asked.period, now=now)
    ]


def _frame(request: HttpRequest, asked: Asked, current: str) -> dict[str, Any]:
    return {
        "asked": asked,
        "tabs": tabs_of(request, asked, current),
        "currency": asked.shop.currency,
        "stale": stale_sentences(STREAMS),
        "csv_url": f"?{asked.query(export='csv')}",
    }
