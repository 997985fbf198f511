"""What people enter beside unit costs: payments, custom costs, exchange rates, fee rules."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST

from creators.models import Creator
from profit.actions.costs import (
    CostEntered,
    add_creator_fee,
    add_custom_cost,
    remove_creator_fee,
    remove_custom_cost,
    remove_fx_rate,
    set_fx_rate,
)
from profit.actions.fee_rules import (
    Preview,
    RuleVersion,
    preview_fee_rule,
    remove_fee_rule,
    set_fee_rule,
)
from profit.forms import CustomCostForm, PaymentForm, RateForm, RuleForm
from profit.models import CreatorFee, CustomCost, FeeRule
from profit.queries.products import product_called, product_choices
from profit.views.frame import cost_tabs
from sparkops import clock
from sparkops.catalog.models import FxRate, Shop
from sparkops.errors import Refusal
from sparkops.tenants.gate import client_view
from sparkops.tenants.permissions import Permission
from sparkops.web import pages
from sparkops.web.keyset import Order, paginate

SHOWN = 300
SAVED = "Saved. Profit is recomputed within a minute; Restated tells what moved."
REMOVED = "Taken back. Profit is recomputed within a minute."


@client_view(Permission.COST_EDIT)
def payments(request: HttpRequest) -> HttpResponse:
    """Payments to creators, and entering one."""
    client = request.client  # type: ignore[attr-defined]
    form = PaymentForm(request.POST or None, initial={"currency": client.currency})
    if request.method == "POST" and form.is_valid() and _saved(form, _add_payment, request):
        return pages.redirect(request, "profit:payments", client=client.slug)
    rows = CreatorFee.objects.select_related("creator", "shop").order_by("-starts_on", "-pk")
    return _page(request, "payments", form, rows=rows[:SHOWN])


@client_view(Permission.COST_EDIT)
@require_POST
def remove_payment(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a payment back; the ledger books its reversal."""
    remove_creator_fee(get_object_or_404(CreatorFee, pk=pk), **_who(request))
    return _removed(request, "payments")


@client_view(Permission.COST_EDIT)
def custom_costs(request: HttpRequest) -> HttpResponse:
    """Custom costs, and entering one."""
    client = request.client  # type: ignore[attr-defined]
    form = CustomCostForm(request.POST or None, initial={"currency": client.currency})
    if request.method == "POST" and form.is_valid() and _saved(form, _add_custom_cost, request):
        return pages.redirect(request, "profit:custom-costs", client=client.slug)
    rows = CustomCost.objects.select_related("creator", "product", "shop")
    page = paginate(rows, Order("starts_on", descending=True), request.GET.get("cursor"))
    return _page(request, "custom_costs", form, page=page, product_choices=product_choices())


@client_view(Permission.COST_EDIT)
@require_POST
def remove_cost(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a custom cost back; the ledger books its reversal."""
    row = get_object_or_404(CustomCost.objects.select_related("shop"), pk=pk)
    remove_custom_cost(row, **_who(request))
    return _removed(request, "custom-costs")


@client_view(Permission.COST_EDIT)
def rates(request: HttpRequest) -> HttpResponse:
    """Exchange rates, and entering one."""
    client = request.client  # type: ignore[attr-defined]
    form = RateForm(request.POST or None, initial={"quote": client.currency})
    if request.method == "POST" and form.is_valid() and _saved(form, _set_rate, request):
        return pages.redirect(request, "profit:rates", client=client.slug)
    rows = FxRate.objects.order_by("-day", "base", "quote")
    return _page(request, "rates", form, rows=rows[:SHOWN])


@client_view(Permission.COST_EDIT)
@require_POST
def remove_rate(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an exchange rate back; the one before it holds again."""
    remove_fx_rate(get_object_or_404(FxRate, pk=pk), **_who(request))
    return _removed(request, "rates")


@client_view(Permission.COST_EDIT)
def rules(request: HttpRequest) -> HttpResponse:
    """Fee rules by date; a new one shows what it restates before it is saved."""
    client = request.client  # type: ignore[attr-defined]
    form = RuleForm(request.POST or None)
    preview: Preview | None = None
    if request.method == "POST" and form.is_valid():
        if "save" in request.POST:
            if _saved(form, _set_rule, request):
                return pages.redirect(request, "profit:rules", client=client.slug)
        else:
            preview = _previewed(form)
    rows = FeeRule.objects.select_related("product").order_by("market", "kind", "-effective_from")
    currencies = dict(Shop.objects.order_by("pk").values_list("market", "currency"))
    return _page(
        request,
        "rules",
        form,
        rows=[(row, currencies.get(row.market, "")) for row in rows[:SHOWN]],
        preview=preview,
        product_choices=product_choices(),
    )


@client_view(Permission.COST_EDIT)
@require_POST
def remove_rule(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a version of a rate back."""
    remove_fee_rule(get_object_or_404(FeeRule, pk=pk), **_who(request))
    return _removed(request, "rules")


def _add_payment(values: dict[str, Any], **who: Any) -> None:
    add_creator_fee(_creator_called(values.pop("creator")), **values, **who)


def _add_custom_cost(values: dict[str, Any], **who: Any) -> None:
    handle, name = values.pop("creator").strip(), values.pop("product").strip()
    product = product_called(name) if name else None
    creator = _creator_called(handle) if handle else None
    add_custom_cost(CostEntered(**values, product=product, creator=creator), **who)


def _creator_called(name: str) -> Creator:
    handle = name.strip().lstrip("@").lower()
    creator = Creator.objects.filter(handle=handle).first()
    if creator is None:
        raise Refusal("creator", f"No creator is called @{handle} here.", field="creator")
    return creator


def _set_rate(values: dict[str, Any], **who: Any) -> None:
    set_fx_rate(
        values["base"],
        values["quote"],
        values["day"],
        values["rate"],
        source=values["source"],
        **who,
    )


def _set_rule(values: dict[str, Any], **who: Any) -> None:
    set_fee_rule(_version(values), **who)


def _version(values: dict[str, Any]) -> RuleVersion:
    name = values["product"].strip()
    product = product_called(name) if name else None
    return RuleVersion(**{**values, "product": product, "rate": values["rate"] / Decimal(100)})


def _previewed(form: RuleForm) -> Preview | None:
    try:
        return preview_fee_rule(_version(form.cleaned_data), now=clock.now())
    except Refusal as refusal:
        form.add_error(refusal.field or None, refusal.sentence)
        return None


def _saved(form: forms.Form, save: Callable[..., None], request: HttpRequest) -> bool:
    try:
        save(dict(form.cleaned_data), **_who(request))
    except Refusal as refusal:
        form.add_error(refusal.field or None, refusal.sentence)
        return False
    messages.success(request, SAVED)
    return True


def _who(request: HttpRequest) -> dict[str, Any]:
    return {"by": request.actor, "now": clock.now()}  # type: ignore[attr-defined]


def _removed(request: HttpRequest, page: str) -> HttpResponse:
    messages.success(request, REMOVED)
    return pages.redirect(request, f"profit:{page}", client=request.client.slug)  # type: ignore[attr-defined]


def _page(request: HttpRequest, name: str, form: forms.Form, **context: Any) -> HttpResponse:
    shown = {"form": form, "cost_tabs": cost_tabs(request, name.replace("_", "-")), **context}
    return pages.render(
        request,
        f"profit/{name}.html",
        shown,
        status=422 if form.errors else 200,
    )
