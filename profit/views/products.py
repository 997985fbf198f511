"""One product: its P&L, what it can bear, its costs, and the shared costs it carries."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse

from profit.queries.groups import grouped, shared_rows
from profit.queries.products import units_sold
from profit.rules.entries import Account
from profit.rules.pnl import Dimension, Pnl
from profit.rules.words import source_words, word
from profit.views.asked import read
from profit.views.frame import crumbs_to
from profit.views.statement import drawn
from sparkops import clock
from sparkops.catalog.models import Product, ProductTarget, Sku
from sparkops.tenants.gate import client_view
from sparkops.tenants.permissions import Permission
from sparkops.web import pages

SHARED_SHOWN = 100
BEARS = (
    "Of the last 30 days by order date. Break-even ROAS is GMV over CM before ads; the highest"
    " commission is CM2 over GMV. Campaigns compare ads with the break-even ROAS of this day."
)


@client_view(Permission.VIEW)
def product(request: HttpRequest, product_id: str) -> HttpResponse:
    """A product's P&L to CM3; each line opens its entries, shared costs are listed with shares."""
    row = get_object_or_404(Product.objects.select_related("shop"), product_id=product_id)
    asked = read(request, now=clock.now(), shop=row.shop)
    assert asked is not None
    key, slug = row.product_id, request.client.slug  # type: ignore[attr-defined]
    groups = grouped(asked.shop, asked.basis, asked.period, Dimension.PRODUCT)
    pnl = groups.get(key) or Pnl.of({}, asked.shop.currency)
    shares: list[dict[str, Any]] = [
        {
            "row": source_words(one.row),
            "account": word(one.account.value),
            "whole": one.amount,
            "share": one.shares[key],
        }
        for one in shared_rows(asked.shop, asked.basis, asked.period)
        if one.shares.get(key) and one.account is not Account.PLATFORM_CLAIMED_REVENUE
    ]
    context = {
        "row": row,
        "asked": asked,
        "pnl": pnl,
        "statement": drawn(pnl, frozenset(), until="cm3"),
        "units": units_sold(asked.shop, asked.period).get(key, 0),
        "shares": sorted(shares, key=lambda one: -abs(one["share"]))[:SHARED_SHOWN],
        "target": ProductTarget.objects.filter(product=row).order_by("-as_of").first(),
        "target_words": BEARS,
        "skus": Sku.objects.filter(product=row).prefetch_related("unit_costs").order_by("pk"),
        "currency": asked.shop.currency,
        "entries_url": reverse("profit:entries", kwargs={"client": slug}),
        "crumbs": crumbs_to(request, "table", row.title, view="products"),
    }
    return pages.render(request, "profit/product.html", context)
