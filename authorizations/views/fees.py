"""The fee of a permission: recording it and marking it paid."""

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from authorizations.actions.fees import agree_fee, pay_fee
from authorizations.forms import FeeForm, PaidForm
from authorizations.models import Authorization
from authorizations.views.detail import page_context, row_of
from sparkops import clock
from sparkops.errors import Refusal
from sparkops.tenants.gate import client_view
from sparkops.tenants.permissions import Permission
from sparkops.web import pages


@client_view(Permission.COST_EDIT)
@require_POST
def agree(request: HttpRequest, pk: int) -> HttpResponse:
    """Record or correct what the creator gets."""
    row, form = row_of(pk), FeeForm(request.POST)
    by = request.actor  # type: ignore[attr-defined]
    if form.is_valid():
        try:
            agree_fee(row, **form.cleaned_data, by=by, now=clock.now())
        except Refusal as refusal:
            form.add_error(None, refusal.sentence)
        else:
            return _back(request, row, "The fee is recorded.")
    return _again(request, row, "fee_form", form)


@client_view(Permission.COST_EDIT)
@require_POST
def paid(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark the fee paid; a code that waited for it goes to TikTok."""
    row, form = row_of(pk), PaidForm(request.POST)
    by, fee = request.actor, getattr(row, "fee", None)  # type: ignore[attr-defined]
    if fee is None:
        form.add_error(None, "Record the fee first.")
    if form.is_valid() and fee is not None:
        try:
            sent = pay_fee(fee, **form.cleaned_data, by=by, now=clock.now())
        except Refusal as refusal:
            form.add_error(None, refusal.sentence)
        else:
            more = " The code is on its way to TikTok." if sent else ""
            return _back(request, row, f"The fee is marked as paid.{more}")
    return _again(request, row, "paid_form", form)


def _back(request: HttpRequest, row: Authorization, sentence: str) -> HttpResponse:
    messages.success(request, sentence)
    slug = request.client.slug  # type: ignore[attr-defined]
    return pages.redirect(request, "authorizations:detail", client=slug, pk=row.pk)


def _again(request: HttpRequest, row: Authorization, name: str, form: Form) -> HttpResponse:
    context = {**page_context(request, row), name: form}
    return pages.render(request, "authorizations/detail.html", context, status=422)
