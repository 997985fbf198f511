"""The history of a field, and putting an earlier value back with a card of what changes."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404

from sparkops import clock
from sparkops.audit.record import changes_of
from sparkops.errors import Refusal
from sparkops.home.history import KINDS, Field, find, fingerprint, put_back, words
from sparkops.tenants.gate import ClientRequest, client_view
from sparkops.tenants.permissions import Permission
from sparkops.web import pages

SHOWN = 50


@client_view(Permission.VIEW)
def history(request: ClientRequest, kind: str, pk: int, field: str) -> HttpResponse:
    """Who changed a field when, from what, to what."""
    row, about = _found(request, kind, pk, field)
    rows = changes_of(row, field)
    if (before := request.GET.get("before", "")).isdigit():
        rows = rows.filter(pk__lt=int(before))
    changes = list(rows[: SHOWN + 1])
    context = {
        **_page(request, kind, row, field, about),
        "may_edit": request.member.may(about.edit),
        "older": changes[SHOWN - 1].pk if len(changes) > SHOWN else None,
        "changes": [
            (one, words(field, one.before), words(field, one.after)) for one in changes[:SHOWN]
        ],
    }
    return pages.render(request, "home/history.html", context)


@client_view(Permission.VIEW)
def restore(request: ClientRequest, kind: str, pk: int, field: str, change: int) -> HttpResponse:
    """The card of what putting a value back changes, and doing it."""
    row, about = _found(request, kind, pk, field)
    if not request.member.may(about.edit):
        raise PermissionDenied(f"This role may not: {about.edit.label}.")
    wanted = get_object_or_404(changes_of(row, field), pk=change).before
    problem = ""
    if request.method == "POST":
        try:
            put_back(
                kind,
                row,
                request.client,
                field,
                wanted,
                seen=request.POST.get("seen", ""),
                by=request.actor,
                now=clock.now(),
            )
        except Refusal as refusal:
            problem, row = refusal.sentence, _found(request, kind, pk, field)[0]
        else:
            messages.success(request, f"{about.label} is “{words(field, wanted)}” again.")
            return pages.redirect(
                request,
                "home:history",
                client=request.client.slug,
                kind=kind,
                pk=pk,
                field=field,
            )
    current = KINDS[kind].values(row)[field]
    context = {
        **_page(request, kind, row, field, about),
        "problem": problem,
        "before": words(field, current),
        "after": words(field, wanted),
        "seen": fingerprint(current),
        "is_same": current == wanted,
    }
    return pages.render(request, "home/restore.html", context, status=422 if problem else 200)


def _found(request: ClientRequest, kind: str, pk: int, field: str) -> tuple[Model, Field]:
    row = find(kind, pk, request.client)
    about = KINDS[kind].fields.get(field) if row is not None else None
    if row is None or about is None:
        raise Http404("There is no such field here.")
    if not request.member.may(about.view):
        raise PermissionDenied(f"This role may not: {about.view.label}.")
    return row, about


def _page(
    request: ClientRequest, kind: str, row: Model, field: str, about: Field
) -> dict[str, Any]:
    return {
        "kind": kind,
        "row": row,
        "field": field,
        "label": about.label,
        "page_path": KINDS[kind].page(row, request.client),
    }
