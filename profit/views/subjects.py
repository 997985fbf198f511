"""One creator or one post: its P&L to the cent, its commission in parts, and its payback (N11)."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse

from creators.models import Creator, Post
from profit.queries.pnl import STREAMS
from profit.queries.subject_pnl import Of, by_product, commission_parts, payback_of, subject_pnl
from profit.queries.subjects import names_of
from profit.rules.pnl import UNATTRIBUTED, Dimension
from profit.views.asked import read
from profit.views.frame import crumbs_to
from profit.views.statement import drawn
from sparkops import clock
from sparkops.landing.queries import stale_sentences
from sparkops.tenants.gate import client_view
from sparkops.tenants.permissions import Permission
from sparkops.web import pages


@client_view(Permission.VIEW)
def creator(request: HttpRequest, handle: str) -> HttpResponse:
    """What a creator netted, after samples, fees, commission and the ads on the creator's posts."""
    row = get_object_or_404(Creator, handle=handle)
    page = reverse("creators:creator", kwargs={"client": _slug(request), "pk": row.pk})
    return _page(request, {"creator": row}, "creators", handle, f"@{row.handle}", page)


@client_view(Permission.VIEW)
def post(request: HttpRequest, item_id: str) -> HttpResponse:
    """What a post netted."""
    row = get_object_or_404(Post.objects.select_related("creator"), item_id=item_id)
    page = reverse("creators:post", kwargs={"client": _slug(request), "pk": row.pk})
    return _page(request, {"post": row}, "posts", item_id, str(row), page)


def _page(request: HttpRequest, of: Of, view: str, key: str, title: str, page: str) -> HttpResponse:
    asked = read(request, now=clock.now())
    if asked is None:
        return pages.render(request, "profit/no_shop.html")
    where = (asked.shop, asked.basis, asked.period, of)
    pnl, products = subject_pnl(*where), by_product(*where)
    names = names_of(Dimension.PRODUCT, products)
    context: dict[str, Any] = {
        "asked": asked,
        "title": title,
        "page": page,
        "word": view[:-1],
        "pnl": pnl,
        "statement": drawn(pnl, frozenset(), until="cm3"),
        "commission": commission_parts(*where),
        "payback": payback_of(asked.shop, of, asked.period.last),
        "products": sorted(
            ((names.get(one, one), one, found) for one, found in products.items()),
            key=lambda one: (one[1] == UNATTRIBUTED, -one[2].cm3, one[0]),
        ),
        "currency": asked.shop.currency,
        "extra": f"&{view[:-1]}={key}",
        "stale": stale_sentences(STREAMS),
        "entries_url": reverse("profit:entries", kwargs={"client": _slug(request)}),
        "crumbs": crumbs_to(request, "table", title, view=view),
    }
    return pages.render(request, "profit/subject.html", context)


def _slug(request: HttpRequest) -> str:
    return request.client.slug  # type: ignore[attr-defined]
