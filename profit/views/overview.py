"""The P&L of a shop and its tables per product, creator, post, campaign and source."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from profit.queries.groups import GmvCourse, GroupPage, gmv_courses, group_page, grouped
from profit.queries.origins import origin_names, origin_table
from profit.queries.pnl import STREAMS, agreed_fees, rolled, shop_pnl, sold_without_cost
from profit.queries.quality import checks
from profit.queries.report import orders_sold
from profit.queries.restatements import latest_moves
from profit.queries.subjects import names_of
from profit.rules.definitions import BY_KEY, METRICS, STAGES
from profit.rules.origins import Origin
from profit.rules.pnl import UNATTRIBUTED, Dimension, Pnl
from profit.rules.ratios import max_commission_rate, ratios
from profit.rules.words import word
from profit.views.asked import Asked, read
from profit.views.chart import SERIES, chart
from profit.views.frame import tabs_of
from profit.views.headline import headline
from profit.views.statement import drawn
from sparkops import clock
from sparkops.landing.queries import stale_sentences
from sparkops.money import ratio
from sparkops.tenants.gate import client_view, may_of
from sparkops.tenants.permissions import Permission
from sparkops.web import listing, pages

VIEWS: dict[str, Dimension | Origin] = {
    "products": Dimension.PRODUCT,
    "creators": Dimension.CREATOR,
    "posts": Dimension.POST,
    "campaigns": Origin.CAMPAIGN,
    "sources": Origin.SOURCE,
}
# The page of one row, and what its address calls the row.
_SUBJECTS = {
    Dimension.PRODUCT: ("profit:product", "product_id"),
    Dimension.CREATOR: ("profit:creator", "handle"),
    Dimension.POST: ("profit:post", "item_id"),
}
SHOWN = ("gmv", "net_revenue", "cogs", "cm2", "affiliate_commission", "net_ad_cost", "cm3")


@client_view(Permission.VIEW)
def overview(request: HttpRequest) -> HttpResponse:
    """The P&L tree with every formula beside its number."""
    now = clock.now()
    asked = read(request, now=now)
    if asked is None:
        return pages.render(request, "profit/no_shop.html")
    found, earlier = rolled(asked.shop, asked.basis, asked.period)
    agreed = agreed_fees(asked.shop)
    pnl = shop_pnl(asked.shop, asked.basis, asked.period, found.sums, agreed)
    if kind := listing.asked_export(request, may_of(request)):
        return _export_statement(pnl, asked, kind)
    shares, series = found.stages, _series(request)
    was = shop_pnl(asked.shop, asked.basis, earlier.period, earlier.sums, agreed)
    lacking = found.lacks_costs
    uncosted = sold_without_cost(asked.shop, asked.basis, asked.period) if lacking else []
    context = {
        **_frame(request, asked, ""),
        **headline(request, pnl, was, shares),
        "pnl": pnl,
        "statement": drawn(pnl, found.open_accounts),
        "stages": shares,
        "ratios": ratios(pnl, orders_sold(asked.shop, asked.period)),
        "uncosted": uncosted,
        "checks": _checks(request, asked, len(uncosted), now),
        "chart": chart(
            found.daily(), asked.shop.currency, series or SERIES, earlier.daily() if series else ()
        ),
        "trend": [field for _, _, field in series] or ["gmv", "cm3"],
        "trend_label": " and ".join(label for _, label, _ in series or SERIES),
        "money_metrics": [metric for metric in METRICS if not metric.is_ratio],
        "moved": latest_moves(request.user, now=now),  # type: ignore[arg-type]
        "entries_url": reverse("profit:entries", kwargs={"client": request.client.slug}),  # type: ignore[attr-defined]
    }
    return pages.render(request, "profit/overview.html", context)


def _series(request: HttpRequest) -> list[tuple[str, str, str]]:
    """The two figures the URL wants drawn; nothing when it names none."""
    asked = [BY_KEY.get(request.GET.get(name, "")) for name in ("one", "two")]
    known = [metric for metric in asked if metric is not None and not metric.is_ratio]
    classes = ("gmv", "net")
    return [(css, metric.label, metric.key) for css, metric in zip(classes, known, strict=False)]


@client_view(Permission.VIEW)
def table(request: HttpRequest, view: str) -> HttpResponse:
    """One of `VIEWS`; with the unattributed row the rows sum to the shop (PD3)."""
    now = clock.now()
    asked = read(request, now=now)
    if asked is None:
        return pages.render(request, "profit/no_shop.html")
    whole = shop_pnl(asked.shop, asked.basis, asked.period)
    if kind := listing.asked_export(request, may_of(request)):
        groups = _all_groups(asked, VIEWS[view])
        return _export(view, _rows(groups, VIEWS[view]), whole, asked, kind)
    page, courses = _one_page(asked, VIEWS[view], request.GET.get("cursor", ""))
    groups = {**page.groups, UNATTRIBUTED: page.rest} if page.groups or whole.cm3 else {}
    slug = request.client.slug  # type: ignore[attr-defined]
    context = {
        **_frame(request, asked, view),
        "rows": [
            {
                **row,
                **drawn_course(courses.get(row["key"])),
                "url": _row_url(slug, asked, view, row["key"]),
            }
            for row in _rows(groups, VIEWS[view])
        ],
        "stage_words": STAGES,
        "page": page,
        "view": view,
        "is_origin": isinstance(VIEWS[view], Origin),
        "one_of": view[:-1],
        "sums": [getattr(whole, name) for name in SHOWN],
        "columns": [word(name).partition(",")[0] for name in SHOWN],
        "entries_url": reverse("profit:entries", kwargs={"client": slug}),
    }
    return pages.render(request, "profit/table.html", context)


def _all_groups(asked: Asked, by: Dimension | Origin) -> dict[str, Pnl]:
    where = (asked.shop, asked.basis, asked.period)
    return origin_table(*where, by).groups if isinstance(by, Origin) else grouped(*where, by)


def _one_page(
    asked: Asked, by: Dimension | Origin, cursor: str
) -> tuple[GroupPage, dict[str, GmvCourse]]:
    """A page of groups and the course of the gmv of each."""
    where = (asked.shop, asked.basis, asked.period)
    if isinstance(by, Origin):
        found = origin_table(*where, by)
        return found.page(asked.shop.currency, cursor), found.courses
    page = group_page(*where, by, cursor)
    return page, gmv_courses(*where, by, page.groups)


def _row_url(slug: str, asked: Asked, view: str, key: str) -> str:
    """The page of a product, creator or post; of a campaign or a source its entries."""
    by = VIEWS[view]
    if key == UNATTRIBUTED:
        return ""
    if isinstance(by, Origin):
        url = reverse("profit:entries", kwargs={"client": slug})
        return f"{url}?{asked.query(**{by.value: key})}"
    page, name = _SUBJECTS[by]
    return f"{reverse(page, kwargs={'client': slug, name: key})}?{asked.query()}"


def _rows(groups: dict[str, Pnl], by: Dimension | Origin) -> list[dict[str, Any]]:
    """One row per group; Unallocated is always there, so that nobody has to guess it (N14)."""
    names = origin_names(by, groups) if isinstance(by, Origin) else names_of(by, groups)
    if groups:
        currency = next(iter(groups.values())).currency
        groups = {UNATTRIBUTED: Pnl.of({}, currency), **groups}
    rows = [
        {
            "key": key,
            "name": names.get(key, key),
            "pnl": pnl,
            "cells": [getattr(pnl, name) for name in SHOWN],
            "bears": _bears(pnl, known=by is Dimension.PRODUCT and key != UNATTRIBUTED),
            "unattributed": key == UNATTRIBUTED,
        }
        for key, pnl in groups.items()
    ]
    return sorted(rows, key=lambda row: (row["unattributed"], -row["pnl"].cm3, row["name"]))


def drawn_course(course: GmvCourse | None) -> dict[str, Any]:
    """The small line of a row, with words for who cannot see it, and the stage of its money."""
    if course is None:
        return {"course": (), "tone": "", "direction": "", "stage": None}
    half = len(course.values) // 2
    first, then = sum(course.values[:half]), sum(course.values[half:])
    return {
        "course": course.values,
        "tone": "good" if then > first else "poor" if then < first else "",
        "direction": "more" if then > first else "less" if then < first else "as much",
        "stage": course.stages,
    }


def _bears(pnl: Pnl, *, known: bool) -> dict[str, Decimal | None]:
    """What a product can bear (PD11); nothing where a unit cost is missing."""
    if not known or not pnl.complete:
        return {"roas": None, "commission": None}
    return {"roas": ratio(pnl.gmv, pnl.cm_before_ads), "commission": max_commission_rate(pnl)}


def _export(
    view: str, rows: list[dict[str, Any]], whole: Pnl, asked: Asked, kind: str
) -> HttpResponse:
    """The table as it is shown, the shop's line included, which is the sum of the others."""
    currency = asked.shop.currency
    bears = ["Break-even ROAS", "Highest commission"] if view == "products" else []
    headers = [
        view[:-1].capitalize(),
        *(word(name).partition(",")[0] for name in SHOWN),
        *bears,
        "Currency",
        "Complete",
    ]
    lines = [
        [
            row["name"],
            *row["cells"],
            *(row["bears"].values() if bears else ()),
            currency,
            "yes" if row["pnl"].complete else "no",
        ]
        for row in rows
    ]
    sums = [getattr(whole, name) for name in SHOWN]
    lines.append(
        ["Shop", *sums, *(None for _ in bears), currency, "yes" if whole.complete else "no"]
    )
    return listing.as_file(f"profit-{view}", headers, lines, kind=kind)


def _export_statement(pnl: Pnl, asked: Asked, kind: str) -> HttpResponse:
    """The P&L with its formulas; amounts signed as they are shown."""
    lines = [
        [line.name, line.amount, line.share, line.formula, pnl.currency]
        for line in drawn(pnl, frozenset()).lines
    ]
    headers = ["Line", "Amount", "Of net revenue", "Formula", "Currency"]
    return listing.as_file("profit", headers, lines, kind=kind)


def _checks(
    request: HttpRequest, asked: Asked, uncosted: int, now: datetime
) -> list[dict[str, str]]:
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
        for one in checks(asked.shop, asked.basis, asked.period, uncosted=uncosted, now=now)
    ]


def _frame(request: HttpRequest, asked: Asked, current: str) -> dict[str, Any]:
    return {
        "asked": asked,
        "tabs": tabs_of(request, asked, current),
        "currency": asked.shop.currency,
        "stale": stale_sentences(STREAMS),
        **listing.export_urls(request, may_of(request)),
    }
