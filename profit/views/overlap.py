"""Ads and affiliates: which orders each claims, and which both do (PD6, N12, TS5)."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from profit.forms import OverlapFilters
from profit.queries import overlap as claims
from profit.tables import overlap_table
from profit.views.asked import Asked, read
from profit.views.frame import tabs_of
from sparkops import clock
from sparkops.landing.queries import stale_sentences
from sparkops.tenants.gate import client_view, may_of
from sparkops.tenants.permissions import Permission
from sparkops.web import listing, pages
from sparkops.web.filters import FilterBar
from sparkops.web.formats import money, plural

STREAMS = ("orders", "affiliate_orders", "gmv_max_days")
LABELS = {
    claims.BOTH: "Claimed by both",
    claims.ADS: "GMV Max only",
    claims.AFFILIATE: "Affiliate only",
    claims.NEITHER: "Neither",
}


@client_view(Permission.VIEW)
def overlap(request: HttpRequest) -> HttpResponse:
    """Every order once, under who claims it; platform-attributed revenue stands beside, never
    added."""
    now = clock.now()
    asked = read(request, now=now)
    if asked is None:
        return pages.render(request, "profit/no_shop.html")
    bar = FilterBar(OverlapFilters, request.GET, search="order")
    rows = claims.claimed_orders(asked.shop, asked.period)
    values = bar.values
    page = listing.ListPage(
        heading="Ads and affiliates",
        lede="Each order counts once in GMV. GMV Max claims every order of the products it promoted"
        " that day, affiliates every order after a click: what both claim is listed, never summed.",
        noun="orders",
        table=overlap_table(request.client.slug),  # type: ignore[attr-defined]
        rows=claims.find_claimed(rows, values.get("claim", ""), values.get("order", "")),
        bar=bar,
        tabs=tabs_of(request, asked, "overlap"),
        stale=stale_sentences(STREAMS),
        figures=_figures(request, asked),
        prepare=claims.add_creators,
        empty=listing.Empty("No orders here", "Nobody claims an order of this kind."),
    )
    return listing.show(request, page, may=may_of(request), now=now)


def _figures(request: HttpRequest, asked: Asked) -> list[dict[str, Any]]:
    found, currency = claims.overlap(asked.shop, asked.period), asked.shop.currency
    here = reverse("profit:overlap", kwargs={"client": request.client.slug})  # type: ignore[attr-defined]
    figures: list[dict[str, Any]] = [
        {
            "label": LABELS[claim],
            "value": money(part.gmv, currency),
            "note": plural(part.orders, "order"),
            "href": f"{here}?{asked.query(claim=claim)}",
        }
        for claim, part in found.parts.items()
    ]
    figures.append(
        {
            "label": "GMV, each order once",
            "value": money(found.gmv, currency),
            "note": f"ad reports claim {money(found.platform_claimed, currency)},"
            " platform-attributed",
        }
    )
    return figures
