"""What if: commission, price, unit cost and ad budget, over what really happened."""

from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse

from profit.forms import WhatIfForm
from profit.queries.groups import grouped
from profit.queries.pnl import shop_pnl
from profit.queries.products import product_called, product_choices
from profit.rules.pnl import TREE, Dimension, Level, Pnl
from profit.rules.ratios import max_commission_rate, ratios
from profit.rules.what_if import Terms, under
from profit.rules.words import word
from profit.views.asked import Asked, read
from profit.views.frame import tabs_of
from sparkops import clock
from sparkops.catalog.models import Product
from sparkops.errors import Refusal
from sparkops.tenants.gate import client_view
from sparkops.tenants.permissions import Permission
from sparkops.web import pages

HUNDRED = Decimal(100)


@client_view(Permission.VIEW)
def what_if(request: HttpRequest) -> HttpResponse:
    """The period as it was beside the period under other terms; nothing is saved."""
    asked = read(request, now=clock.now())
    if asked is None:
        return pages.render(request, "profit/no_shop.html")
    form = WhatIfForm(request.GET or None)
    values = form.cleaned_data if form.is_bound and form.is_valid() else {}
    product = _product(form, values.get("product") or "")
    was = _pnl(asked, product)
    then = under(was, _terms(values))
    context = {
        "asked": asked,
        "tabs": tabs_of(request, asked, "what-if"),
        "form": form,
        "product_choices": product_choices(),
        "of": product or asked.shop,
        "was": was,
        "then": then,
        "lines": [_line(item.name if isinstance(item, Level) else item.value, was, then)
                  for item in TREE],
        "bears": [(one, _bears(pnl)) for one, pnl in (("As it was", was), ("Then", then))],
        "currency": asked.shop.currency,
    }  # fmt: skip
    status = 422 if form.errors else 200
    return pages.render(request, "profit/what_if.html", context, status=status)


def _product(form: WhatIfForm, name: str) -> Product | None:
    try:
        return product_called(name) if name else None
    except Refusal as refusal:
        form.add_error(refusal.field, refusal.sentence)
        return None


def _pnl(asked: Asked, product: Product | None) -> Pnl:
    where = (asked.shop, asked.basis, asked.period)
    if product is None:
        return shop_pnl(*where)
    found = grouped(*where, Dimension.PRODUCT).get(product.product_id)
    return found or Pnl.of({}, asked.shop.currency)


def _terms(values: dict[str, Any]) -> Terms:
    def part(name: str) -> Decimal:
        return (values.get(name) or Decimal(0)) / HUNDRED

    rate = values.get("commission")
    return Terms(
        price=part("price"),
        units=part("units"),
        unit_cost=part("unit_cost"),
        ad_budget=part("ad_budget"),
        commission_rate=None if rate is None else rate / HUNDRED,
    )


def _line(name: str, was: Pnl, then: Pnl) -> dict[str, Any]:
    before, after = getattr(was, name), getattr(then, name)
    is_level = any(isinstance(item, Level) and item.name == name for item in TREE)
    return {
        "name": word(name),
        "level": is_level,
        "before": before,
        "after": after,
        "moved": after - before,
    }


def _bears(pnl: Pnl) -> dict[str, Decimal | None]:
    if not pnl.complete:
        return {"roas": None, "commission": None}
    return {"roas": ratios(pnl, 0).break_even_roas, "commission": max_commission_rate(pnl)}
