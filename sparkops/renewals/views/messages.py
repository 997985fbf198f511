"""Saved messages with a preview on real creators, and how the client asks."""

from typing import Any

from django.contrib import messages as notes
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST

from authorizations.models import Authorization
from sparkops import clock
from sparkops.renewals.actions.messages import (
    CadenceChange,
    change_cadence,
    forget_message,
    save_message,
)
from sparkops.renewals.forms import CadenceForm, MessageForm, WhichMessage, initial_of, kind_of
from sparkops.renewals.models.messages import KINDS, LANGUAGES
from sparkops.renewals.queries.messages import (
    cadence_of_client,
    own_words,
    previews,
    sample_rows,
    saved_message,
    words_of,
)
from sparkops.renewals.queries.next_message import next_message
from sparkops.renewals.queries.own_page import STAND_IN
from sparkops.renewals.rules.messages import VARIABLES
from sparkops.renewals.rules.texts import Kind
from sparkops.tenants.gate import client_view
from sparkops.tenants.permissions import Permission
from sparkops.web import pages


@client_view(Permission.AUTHORIZATION_EDIT)
def saved(request: HttpRequest) -> HttpResponse:
    """Every message by language, and which are the client's own."""
    own = own_words()
    rows = [
        (code, name, [(kind, label, (kind, code) in own) for kind, label in KINDS])
        for code, name in LANGUAGES
    ]
    context = {"rows": rows, "kinds": KINDS, "own": len(own)}
    return pages.render(request, "renewals/messages.html", context)


@client_view(Permission.AUTHORIZATION_EDIT)
def of_permission(request: HttpRequest, pk: int) -> HttpResponse:
    """What the creator of a permission would read, for its page."""
    rows = Authorization.objects.select_related(
        "post__creator", "creator", "previous__post__creator", "previous__creator"
    )
    row = get_object_or_404(rows.exclude(post=None), pk=pk)
    kind, message = next_message(row, clock.now())
    context = {
        "row": row,
        "label": dict(KINDS)[kind.value],
        "message": message,
        "has_page": STAND_IN in message.text,
    }
    return pages.render(request, "renewals/of_permission.html", context)


@client_view(Permission.AUTHORIZATION_EDIT)
def edit(request: HttpRequest, kind: str, language: str) -> HttpResponse:
    """One message, its variables, and how three creators would read it."""
    of, code = _which(kind, language)
    form = MessageForm(request.POST or None, initial=words_of(of, code)._asdict())
    if request.method == "POST" and form.is_valid():
        save_message(of, code, form.words, by=request.actor, now=clock.now())  # type: ignore[attr-defined]
        notes.success(request, "The message is saved. New messages use it from now on.")
        return pages.redirect(
            request,
            "renewals:message",
            client=request.client.slug,  # type: ignore[attr-defined]
            kind=kind,
            language=language,
        )
    context = {
        **_preview(form, of, code),
        "form": form,
        "saved": saved_message(of, code),
        "variables": VARIABLES.items(),
        "label": dict(KINDS)[of.value],
    }
    status = 422 if form.errors else 200
    return pages.render(request, "renewals/message.html", context, status=status)


@client_view(Permission.AUTHORIZATION_EDIT)
@require_POST
def preview(request: HttpRequest, kind: str, language: str) -> HttpResponse:
    """The preview of what is being typed; nothing is saved."""
    of, code = _which(kind, language)
    form = MessageForm(request.POST)
    form.is_valid()
    return pages.render(request, "renewals/preview.html", _preview(form, of, code))


@client_view(Permission.AUTHORIZATION_EDIT)
@require_POST
def forget(request: HttpRequest, kind: str, language: str) -> HttpResponse:
    """Go back to the shipped words."""
    of, code = _which(kind, language)
    forget_message(of, code, by=request.actor, now=clock.now())  # type: ignore[attr-defined]
    notes.success(request, "The shipped words are back.")
    return pages.redirect(
        request,
        "renewals:message",
        client=request.client.slug,  # type: ignore[attr-defined]
        kind=kind,
        language=language,
    )


@client_view(Permission.CONNECT)
def settings(request: HttpRequest) -> HttpResponse:
    """Steps, quiet hours, escalation and what a renewal offers."""
    client, cadence = request.client, cadence_of_client()  # type: ignore[attr-defined]
    form = CadenceForm(request.POST or None, client=client, initial=initial_of(cadence, client))
    if request.method == "POST" and form.is_valid():
        change = CadenceChange(**form.cleaned_data, currency=client.currency)
        change_cadence(change, by=request.actor, now=clock.now())  # type: ignore[attr-defined]
        notes.success(request, "The settings are saved.")
        return pages.redirect(request, "renewals:settings", client=client.slug)
    context = {"form": form, "is_saved": cadence.pk is not None}
    status = 422 if form.errors else 200
    return pages.render(request, "renewals/settings.html", context, status=status)


def _which(kind: str, language: str) -> tuple[Kind, str]:
    form = WhichMessage({"kind": kind, "language": language})
    if not form.is_valid():
        raise Http404("There is no such message.")
    return kind_of(form)


def _preview(form: MessageForm, kind: Kind, language: str) -> dict[str, Any]:
    """What parts of the page show the message as read; a wrong text is explained instead."""
    words = words_of(kind, language)
    if form.is_bound:
        if form.errors:
            problems = [str(error) for errors in form.errors.values() for error in errors]
            return {"problems": problems, "kind": kind.value, "language": language}
        words = form.words
    rows = sample_rows()
    shown = previews(rows, words, language=language, cadence=cadence_of_client(), now=clock.now())
    return {"previews": shown, "kind": kind.value, "language": language}
