"""Editing a cell of a list in its place, and pasting many."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from sparkops import clock
from sparkops.errors import Refusal
from sparkops.home import cells as editing
from sparkops.home import revise as revising
from sparkops.home.history import KINDS, find, fingerprint, put_back, words
from sparkops.talk.queries import team_of
from sparkops.tenants.gate import ClientRequest, client_view, may_of
from sparkops.tenants.permissions import Permission


@client_view(Permission.VIEW)
def cells(request: ClientRequest, kind: str) -> HttpResponse:
    """Where the cells of a kind of object stand; nothing to see by itself."""
    raise Http404("Cells are edited in their list.")


@client_view(Permission.VIEW)
def cell(request: ClientRequest, kind: str, pk: int, field: str) -> HttpResponse:
    """The editor of one cell, and writing it.

    `seen` is the value that the person saw. When it is another by now the answer is 409, with both
    values to choose from; a value that cannot be is 422 with the reason.
    """
    row = _row(request, kind, pk, field)
    if request.method != "POST":
        return _editor(request, kind, row, field)
    text = request.POST.get("value", "")
    try:
        value = editing.value_of(kind, field, text, request.client)
    except Refusal as refusal:
        return _editor(request, kind, row, field, text=text, problem=refusal.sentence)
    now = clock.now()
    seen, by = request.POST.get("seen", ""), request.actor
    try:
        put_back(kind, row, request.client, field, value, seen=seen, by=by, now=now)
    except Refusal as refusal:
        if refusal.code != "changed_meanwhile":
            return _editor(request, kind, row, field, text=text, problem=refusal.sentence)
        if _current(kind, row, field) != value:
            return _conflict(request, kind, row, field, value)
    answer = render(request, "home/cell.html#saved", {"shown": editing.written(field, value)})
    # With it the person can take this back, as long as nobody wrote since.
    answer.headers["X-Seen"] = fingerprint(_current(kind, row, field))
    return answer


@client_view(Permission.VIEW)
@require_POST
def paste(request: ClientRequest, kind: str) -> HttpResponse:
    """What a pasted block would change. Nothing is written here."""
    if kind not in {one for one, _ in editing.CELLS}:
        raise Http404("There are no such cells.")
    ids = [int(one) for one in request.POST.getlist("id") if one.isdecimal() and len(one) < 19]
    fields = request.POST.getlist("field")
    block = request.POST.get("block", "")
    try:
        found = editing.pasted(kind, block, ids, fields, request.client, may_of(request))
        seal = revising.sealed(found.edits, request.client, int(request.user.pk or 0))
    except Refusal as refusal:
        context: dict[str, Any] = {"kind": kind, "refusal": refusal}
        return render(request, "home/cells_pasted.html", context, status=422)
    context = {"kind": kind, "found": found, "seal": seal}
    return render(request, "home/cells_pasted.html", context)


@client_view(Permission.VIEW)
@require_POST
def confirm(request: ClientRequest, kind: str) -> HttpResponse:
    """Make the changes that were shown; the answer offers to take them back the same way."""
    user_id = int(request.user.pk or 0)
    edits = revising.opened(request.POST.get("seal", ""), request.client, user_id)
    for edit in edits:
        _demand(request, edit.kind, edit.field)
    result = revising.apply(edits, request.client, by=request.actor, now=clock.now())
    seal = revising.sealed(revising.turned(result.done), request.client, user_id)
    context = {"kind": kind, "result": result, "seal": seal, "is_undo": "undo" in request.POST}
    return render(request, "home/cells_pasted.html", context)


def _row(request: ClientRequest, kind: str, pk: int, field: str) -> Model:
    if (kind, field) not in editing.CELLS:
        raise Http404("There is no such cell.")
    _demand(request, kind, field)
    row = find(kind, pk, request.client)
    if row is None:
        raise Http404("There is no such row here.")
    return row


def _demand(request: ClientRequest, kind: str, field: str) -> None:
    about = KINDS[kind].fields[field]
    for permission in (about.view, about.edit):
        if not request.member.may(permission):
            raise PermissionDenied(f"This role may not: {permission.label}.")


def _current(kind: str, row: Model, field: str) -> Any:
    fresh = KINDS[kind].model._default_manager.get(pk=row.pk)
    return KINDS[kind].values(fresh)[field]


def _editor(
    request: ClientRequest,
    kind: str,
    row: Model,
    field: str,
    *,
    text: str | None = None,
    problem: str = "",
) -> HttpResponse:
    current = _current(kind, row, field)
    widget = editing.CELLS[kind, field].widget
    written = str(current or "") if widget == "person" else editing.written(field, current)
    context = {
        "label": f"{KINDS[kind].fields[field].label} of {row}",
        "path": request.path,
        "widget": widget,
        "people": team_of(request.client) if widget == "person" else [],
        "text": written if text is None else text,
        "seen": request.POST.get("seen") or fingerprint(current),
        "problem": problem,
    }
    return render(request, "home/cell.html#editor", context, status=422 if problem else 200)


def _conflict(request: ClientRequest, kind: str, row: Model, field: str, mine: Any) -> HttpResponse:
    theirs = _current(kind, row, field)
    context = {
        "path": request.path,
        "theirs": words(field, theirs),
        "mine": words(field, mine),
        "kept": editing.written(field, theirs),
        "text": request.POST.get("value", ""),
        "seen": fingerprint(theirs),
    }
    return render(request, "home/cell.html#conflict", context, status=409)
