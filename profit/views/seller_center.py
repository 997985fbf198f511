"""Sales as TikTok's own pages count them, to lay beside their export (TS1)."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from profit.queries.seller_center import By, all_sold, names_of_sold, sold_by
from profit.views.asked import Asked, read
from profit.views.frame import tabs_of
from sparkops import clock
from sparkops.landing.queries import stale_sentences
from sparkops.tenants.gate import client_view, may_of
from sparkops.tenants.permissions import Permission
from sparkops.web import listing, pages
from sparkops.web.keyset import Order, paginate
from sparkops.web.listing import Tab

STREAMS = ("orders", "returns", "affiliate_orders")
WORDS = {By.PRODUCTS: "Product", By.CREATORS: "Creator", By.VIDEOS: "Video", By.LIVES: "LIVE"}
HEADERS = ("GMV", "Orders", "SKU orders", "Items", "Refunds", "Estimated commission")


@client_view(Permission.VIEW)
def seller_center(request: HttpRequest, by: str) -> HttpResponse:
    """Sales per product, creator, video or LIVE; the export equals the page."""
    asked = read(request, now=clock.now())
    if asked is None:
        return pages.render(request, "profit/no_shop.html")
    kind = By(by)
    if file := listing.asked_export(request, may_of(request)):
        return _export(asked, kind, file)
    page = paginate(
        sold_by(asked.shop, asked.period, kind),
        Order("gmv", descending=True, key="key"),
        request.GET.get("cursor"),
    )
    names = names_of_sold(kind, [row["key"] for row in page.rows])
    context = {
        "asked": asked,
        "tabs": tabs_of(request, asked, "seller-center"),
        "views": _views(request, asked, kind),
        "word": WORDS[kind],
        "headers": HEADERS,
        "page": page,
        "rows": [{**row, "name": names.get(row["key"], row["key"])} for row in page.rows],
        "currency": asked.shop.currency,
        "stale": stale_sentences(STREAMS),
        **listing.export_urls(request, may_of(request)),
    }
    return pages.render(request, "profit/seller_center.html", context)


def _views(request: HttpRequest, asked: Asked, current: By) -> list[Tab]:
    slug = request.client.slug  # type: ignore[attr-defined]
    return [
        Tab(
            f"{WORDS[one]}s",
            reverse("profit:seller-center", kwargs={"client": slug, "by": one.value})
            + f"?{asked.query()}",
            one is current,
        )
        for one in By
    ]


def _export(asked: Asked, by: By, kind: str) -> HttpResponse:
    sold = list(all_sold(asked.shop, asked.period, by))
    names = names_of_sold(by, [one.key for one in sold])
    lines: list[list[Any]] = [
        [
            names.get(one.key, one.key),
            one.key,
            one.gmv,
            one.orders,
            one.sku_orders,
            one.items,
            one.refunds,
            one.commission,
            asked.shop.currency,
        ]
        for one in sold
    ]
    headers = [WORDS[by], "Id", *HEADERS, "Currency"]
    return listing.as_file(f"seller-center-{by}", headers, lines, kind=kind)
