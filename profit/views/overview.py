"""The P&L of a shop and its tables per product, creator and post."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from profit.queries.groups import grouped
from profit.queries.pnl import daily, gmv_without_cost, shop_pnl, stages
from profit.queries.subjects import names_of
from profit.rules.entries import Account
from profit.rules.pnl import TREE, UNATTRIBUTED, Dimension, Pnl
from profit.rules.ratios import ratios
from profit.views.asked import Asked, read
from sparkops import clock
from sparkops.landing.queries import stale_sentences
from sparkops.sheets.write import csv_bytes
from sparkops.tenants.gate import client_view
from sparkops.tenants.permissions import Permission
from sparkops.web import pages

STREAMS = ("orders", "affiliate_orders", "statements", "ad_days", "gmv_max_days")
WORDS = {
    "gmv": "GMV",
    "cogs": "Cost of goods",
    "cm1": "CM1, product margin",
    "cm2": "CM2, after platform and logistics",
    "cm_before_ads": "CM before ads",
    "cm3": "CM3, after marketing",
    "output_vat": "Output VAT",
}
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
        "tree": _tree(request, asked, pnl),
        "stages": stages(asked.shop, asked.basis, asked.period),
        "ratios": ratios(pnl, 0),
        "uncosted": gmv_without_cost(asked.shop, asked.basis, asked.period),
        "gmv_days": [row.gmv for _, row in days],
        "cm3_days": [row.cm3 for _, row in days],
        "daily": days[::-1],
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
        "columns": [_word(name) for name in SHOWN],
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
    headers = [view[:-1].capitalize(), *(_word(name) for name in SHOWN), "Currency", "Complete"]
    lines = [
        [row["name"], *row["cells"], currency, "yes" if row["pnl"].complete else "no"]
        for row in rows
    ]
    content = csv_bytes(headers, lines)
    response = HttpResponse(content, content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="profit-{view}.csv"'
    return response


def _tree(request: HttpRequest, asked: Asked, pnl: Pnl) -> list[dict[str, Any]]:
    here = reverse("profit:entries", kwargs={"client": request.client.slug})  # type: ignore[attr-defined]
    lines = []
    for item in TREE:
        is_account = isinstance(item, Account)
        name = item.value if isinstance(item, Account) else item.name
        lines.append(
            {
                "name": _word(name),
                "amount": getattr(pnl, name),
                "formula": "" if isinstance(item, Account) else item.formula,
                "is_level": not is_account,
                "url": f"{here}?{asked.query(account=name)}" if is_account else "",
            }
        )
    return lines


def _word(name: str) -> str:
    return WORDS.get(name, name.replace("_", " ").capitalize())


def _frame(request: HttpRequest, asked: Asked, current: str) -> dict[str, Any]:
    slug = request.client.slug  # type: ignore[attr-defined]
    home = reverse("profit:overview", kwargs={"client": slug})
    tabs = [{"label": "P&L", "url": f"{home}?{asked.query()}", "current": not current}]
    for view in VIEWS:
        url = reverse("profit:table", kwargs={"client": slug, "view": view})
        tabs.append(
            {
                "label": view.capitalize(),
                "url": f"{url}?{asked.query()}",
                "current": current == view,
            }
        )
    for label, name in (("Statements", "statements"), ("Costs", "costs")):
        url = reverse(f"profit:{name}", kwargs={"client": slug})
        tabs.append({"label": label, "url": url, "current": current == name})
    return {
        "asked": asked,
        "tabs": tabs,
        "currency": asked.shop.currency,
        "stale": stale_sentences(STREAMS),
        "csv_url": f"?{asked.query(export='csv')}",
    }
