"""Orders and the story of one order: where every figure on it comes from."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from profit.forms import OrderListFilters
from profit.models import Order
from profit.queries.orders import find_orders, order_story, orders_with_results
from profit.rules.words import word
from profit.tables import orders_table
from profit.views.asked import read
from profit.views.frame import crumbs_to, tabs_of
from sparkops import clock
from sparkops.landing.queries import stale_sentences
from sparkops.tenants.gate import client_view, may_of
from sparkops.tenants.permissions import Permission
from sparkops.web import listing, pages
from sparkops.web.filters import FilterBar

STREAMS = ("orders", "returns", "cancellations", "affiliate_orders")


@client_view(Permission.VIEW)
def orders(request: HttpRequest) -> HttpResponse:
    """Orders of the period with what each made."""
    now = clock.now()
    asked = read(request, now=now)
    if asked is None:
        return pages.render(request, "profit/no_shop.html")
    bar = FilterBar(OrderListFilters, request.GET, search="order")
    page = listing.ListPage(
        heading="Orders",
        lede=f"{asked.days_in_words}, by order date: what each made, refunds and fees included.",
        noun="orders",
        table=orders_table(request.client.slug),  # type: ignore[attr-defined]
        rows=find_orders(orders_with_results(asked.shop, asked.period), bar.values),
        bar=bar,
        tabs=tabs_of(request, asked, "orders"),
        stale=stale_sentences(STREAMS),
        empty=listing.Empty("No orders here", "Nothing was ordered in this period."),
    )
    return listing.show(request, page, may=may_of(request), now=now)


@client_view(Permission.VIEW)
def order(request: HttpRequest, order_id: str) -> HttpResponse:
    """One order: its rows as TikTok sent them, and every entry booked on it."""
    row = get_object_or_404(Order.objects.select_related("shop"), order_id=order_id)
    story = order_story(row)
    context = {
        "story": story,
        "booked": [(word(entry.account), entry) for entry in story.entries],
        "crumbs": crumbs_to(request, "orders", row.order_id),
        "currency": row.shop.currency,
    }
    return pages.render(request, "profit/order.html", context)
