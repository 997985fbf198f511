"""Unit costs: what is known, what is missing, and entering one."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse

from profit.actions.costs import set_unit_cost
from profit.forms import UnitCostForm
from profit.views.asked import read
from profit.views.frame import cost_tabs, tabs_of
from sparkops import clock
from sparkops.catalog.models import Sku
from sparkops.errors import Refusal
from sparkops.tenants.gate import client_view
from sparkops.tenants.permissions import Permission
from sparkops.web import pages

SHOWN = 500


@client_view(Permission.VIEW)
def costs(request: HttpRequest) -> HttpResponse:
    """Every SKU with its dated costs; those without one come first."""
    return _page(request, UnitCostForm(initial=_initial(request)))


@client_view(Permission.COST_EDIT)
def set_cost(request: HttpRequest) -> HttpResponse:
    """Enter what one unit costs from a day on."""
    form = UnitCostForm(request.POST or None, initial=_initial(request))
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            set_unit_cost(
                values["sku"],
                values["amount"],
                values["currency"],
                values["effective_from"],
                by=request.actor,  # type: ignore[attr-defined]
                now=clock.now(),
            )
        except Refusal as refusal:
            form.add_error(refusal.field, refusal.sentence)
        else:
            messages.success(request, "The cost is saved. Profit is recomputed within a minute.")
            return pages.redirect(request, "profit:costs", client=request.client.slug)  # type: ignore[attr-defined]
    return _page(request, form, status=422 if form.errors else 200)


def _initial(request: HttpRequest) -> dict[str, object]:
    client = request.client  # type: ignore[attr-defined]
    return {"sku": request.GET.get("sku"), "currency": client.currency}


def _page(request: HttpRequest, form: UnitCostForm, status: int = 200) -> HttpResponse:
    skus = list(
        Sku.objects.select_related("product__shop")
        .prefetch_related("unit_costs")
        .order_by("product__title", "pk")[:SHOWN]
    )
    skus.sort(key=lambda sku: bool(sku.unit_costs.all()))
    asked = read(request, now=clock.now())
    context = {
        "form": form,
        "tabs": tabs_of(request, asked, "costs") if asked else [],
        "cost_tabs": cost_tabs(request, "costs"),
        "skus": skus,
        "missing": sum(not sku.unit_costs.all() for sku in skus),
        "may_edit": request.member.may(Permission.COST_EDIT),  # type: ignore[attr-defined]
    }
    return pages.render(request, "profit/costs.html", context, status=status)
