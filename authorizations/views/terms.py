"""Usage terms of a client: the list, the editor with its preview, and every version."""

from typing import Any

from django.contrib import messages
from django.db.models import Count, Max, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST

from authorizations.actions.terms_versions import create_template, publish
from authorizations.forms import TermsVersionForm
from authorizations.models import TermsTemplate, TermsVersion
from authorizations.rules.terms_text import Parties, TermsText, window_from, worded, written
from authorizations.rules.wording import LANGUAGES, chosen
from sparkops import clock
from sparkops.clock import shop_day
from sparkops.errors import Refusal
from sparkops.tenants.gate import client_view
from sparkops.tenants.models import Client
from sparkops.tenants.permissions import Permission
from sparkops.web import pages

EXAMPLE_HANDLE = "creator"
EXAMPLE_POST = "https://www.tiktok.com/@creator/video/…"


@client_view(Permission.VIEW)
def templates(request: HttpRequest) -> HttpResponse:
    """Every set of terms with its latest version."""
    rows: QuerySet[TermsTemplate] = TermsTemplate.objects.annotate(
        number=Max("versions__number"),
        published_at=Max("versions__published_at"),
        accepted=Count("versions__acceptances", distinct=True),
    ).order_by("name", "pk")
    context = {"now": clock.now(), "rows": list(rows), "may_edit": _may_edit(request)}
    return pages.render(request, "authorizations/terms_list.html", context)


@client_view(Permission.AUTHORIZATION_EDIT)
def new(request: HttpRequest) -> HttpResponse:
    """Write terms and publish their first version."""
    currency = request.client.currency  # type: ignore[attr-defined]
    form = TermsVersionForm(request.POST or None, named=True, initial={"currency": currency})
    if request.method == "POST" and form.is_valid():
        try:
            template, _version = create_template(
                **form.cleaned_data,
                by=request.actor,  # type: ignore[attr-defined]
                now=clock.now(),
            )
        except Refusal as refusal:
            form.add_error(refusal.field, refusal.sentence)
        else:
            messages.success(request, "Version 1 is published. Links ask creators to accept it.")
            return _to(request, template)
    return _editor(request, form, None)


@client_view(Permission.AUTHORIZATION_EDIT)
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change terms: what is published stays, a new version is made."""
    template = get_object_or_404(TermsTemplate, pk=pk)
    latest = template.latest
    initial = TermsVersionForm.values_of(latest) if latest else None
    form = TermsVersionForm(request.POST or None, named=False, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            version = publish(
                template,
                **form.cleaned_data,
                by=request.actor,  # type: ignore[attr-defined]
                now=clock.now(),
            )
        except Refusal as refusal:
            form.add_error(refusal.field, refusal.sentence)
        else:
            messages.success(
                request, f"Version {version.number} is published. Creators are asked to accept it."
            )
            return _to(request, template)
    return _editor(request, form, template)


@client_view(Permission.AUTHORIZATION_EDIT)
@require_POST
def preview(request: HttpRequest) -> HttpResponse:
    """What creators would read, while it is being written."""
    form = TermsVersionForm(request.POST, named=False)
    client = request.client  # type: ignore[attr-defined]
    context = _preview(form, client, request.POST.get("preview_language", ""))
    return pages.render(request, "authorizations/terms_preview.html", context)


@client_view(Permission.VIEW)
def template(request: HttpRequest, pk: int) -> HttpResponse:
    """One set of terms: the text of a version and its history."""
    row = get_object_or_404(TermsTemplate, pk=pk)
    versions = list(row.versions.annotate(accepted=Count("acceptances")).order_by("-number"))
    wanted = request.GET.get("version", "")
    shown = next((one for one in versions if str(one.number) == wanted), versions[0])
    language = chosen(request.GET.get("lang", ""))
    client = request.client  # type: ignore[attr-defined]
    context = {
        "now": clock.now(),
        "row": row,
        "shown": shown,
        "versions": versions,
        "text": _text(shown.deal, shown.wording, shown.free_text, language, client),
        "language": language,
        "languages": LANGUAGES,
        "acceptances": list(
            shown.acceptances.select_related("creator", "post").order_by("-accepted_at")[:50]
        ),
        "may_edit": _may_edit(request),
    }
    return pages.render(request, "authorizations/terms_template.html", context)


def _editor(
    request: HttpRequest, form: TermsVersionForm, row: TermsTemplate | None
) -> HttpResponse:
    client = request.client  # type: ignore[attr-defined]
    latest = row.latest if row else None
    # The preview of an untouched form is that of its first values.
    shown = form if form.is_bound else TermsVersionForm(_initial(form), named=False)
    context = {
        "form": form,
        "row": row,
        "next": latest.number + 1 if latest else 1,
        "languages": LANGUAGES,
        **_preview(shown, client, ""),
    }
    status = 422 if form.errors else 200
    return pages.render(request, "authorizations/terms_edit.html", context, status=status)


def _initial(form: TermsVersionForm) -> dict[str, Any]:
    values = {name: form.get_initial_for_field(one, name) for name, one in form.fields.items()}
    return {name: value for name, value in values.items() if value not in (None, False)}


def _preview(form: TermsVersionForm, client: Client, language: str) -> dict[str, Any]:
    """The text as creators would read it, None while the form cannot be published."""
    if not form.is_valid():
        return {"text": None}
    values = {name: value for name, value in form.cleaned_data.items() if name != "name"}
    deal = TermsVersion(**values).deal
    text = _text(deal, worded(deal), values["free_text"], chosen(language), client)
    return {"text": text}


def _text(deal: Any, wording: Any, free_text: str, language: str, client: Client) -> TermsText:
    return written(
        wording,
        free_text,
        language=language,
        parties=Parties(client.name, EXAMPLE_HANDLE, EXAMPLE_POST),
        window=window_from(deal, shop_day(clock.now(), client.timezone)),
    )


def _may_edit(request: HttpRequest) -> bool:
    return bool(request.member.may(Permission.AUTHORIZATION_EDIT))  # type: ignore[attr-defined]


def _to(request: HttpRequest, row: TermsTemplate) -> HttpResponse:
    slug = request.client.slug  # type: ignore[attr-defined]
    return pages.redirect(request, "authorizations:terms-template", client=slug, pk=row.pk)
