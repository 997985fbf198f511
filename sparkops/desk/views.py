"""Pages of saved views, and arranging tables."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from sparkops import clock
from sparkops.accounts.models import User
from sparkops.desk import actions
from sparkops.desk.addresses import kept_query, page_below
from sparkops.desk.forms import ViewForm
from sparkops.desk.models import SavedView
from sparkops.desk.queries import MOST, removed_view, views_of
from sparkops.errors import Refusal
from sparkops.tenants.gate import ClientRequest, client_view
from sparkops.tenants.permissions import Permission
from sparkops.web import pages


@client_view(Permission.VIEW)
def all_views(request: ClientRequest) -> HttpResponse:
    """The person's views and those of the team."""
    found = list(views_of(_person(request))[:MOST])
    for view in found:
        view.may_change = _may_change(request, view)  # type: ignore[attr-defined]
    gone = request.GET.get("deleted", "")
    context = {
        "views": found,
        "gone": removed_view(_person(request), int(gone)) if _is_id(gone) else None,
    }
    return pages.render(request, "desk/views.html", context)


@client_view(Permission.VIEW)
def new(request: ClientRequest) -> HttpResponse:
    """Save a list with its filters: `page` and `query` name what was open."""
    given = request.POST if request.method == "POST" else request.GET
    if "page" not in given:
        return pages.redirect(request, "desk:views", client=request.client.slug)
    page = page_below(request.client.slug, given["page"])
    query = kept_query(given.get("query", ""))
    section = given.get("section", "")[:60] or "List"
    options: dict[str, Any] = {"may_share": _may_share(request), "is_new": True}
    form = ViewForm(request.POST if request.method == "POST" else None, **options)
    if request.method == "POST" and form.is_valid():
        try:
            view = actions.save_view(
                page=page,
                section=section,
                query=query,
                name=form.cleaned_data["name"],
                is_shared=form.cleaned_data.get("is_shared", False),
                is_pinned=form.cleaned_data["is_pinned"],
                owner=_person(request),
                by=request.actor,
                now=clock.now(),
            )
        except Refusal as refusal:
            form.add_error(refusal.field, refusal.sentence)
        else:
            messages.success(request, f"“{view}” is saved.")
            return pages.redirect(request, _address(request, view))
    context = {
        "form": form,
        "kept": {"page": page, "query": query, "section": section},
        "back": f"{reverse('home:today', kwargs={'client': request.client.slug})}{page}?{query}",
        "title": f"Save this view of {section}",
        "action": reverse("desk:view-new", kwargs={"client": request.client.slug}),
    }
    return _form(request, context)


@client_view(Permission.VIEW)
def go(request: ClientRequest, pk: int) -> HttpResponse:
    """The list of a view: the address to share."""
    return HttpResponseRedirect(_address(request, _view(request, pk)))


@client_view(Permission.VIEW)
def change(request: ClientRequest, pk: int) -> HttpResponse:
    """Rename a view, or share it."""
    view = _own(request, pk)
    form = ViewForm(
        request.POST if request.method == "POST" else None,
        initial={"name": view.name, "is_shared": view.is_shared},
        may_share=_may_share(request),
        is_new=False,
    )
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_view(
                view,
                name=form.cleaned_data["name"],
                is_shared=form.cleaned_data.get("is_shared", view.is_shared),
                by=request.actor,
                now=clock.now(),
            )
        except Refusal as refusal:
            form.add_error(refusal.field, refusal.sentence)
        else:
            messages.success(request, f"“{view}” is changed.")
            return _back(request)
    slug = request.client.slug
    context = {
        "form": form,
        "kept": {},
        "back": reverse("desk:views", kwargs={"client": slug}),
        "title": f"Change “{view.name}”",
        "action": reverse("desk:view-change", kwargs={"client": slug, "pk": pk}),
    }
    return _form(request, context)


@client_view(Permission.VIEW)
@require_POST
def pin(request: ClientRequest, pk: int) -> HttpResponse:
    """Pin a view to one's menu, or take it off."""
    view = _view(request, pk)
    on = "on" in request.POST
    actions.pin(view, user=_person(request), on=on)
    messages.success(request, f"“{view}” is {'in' if on else 'no longer in'} your menu.")
    return _back(request)


@client_view(Permission.VIEW)
@require_POST
def default(request: ClientRequest, pk: int) -> HttpResponse:
    """Let the menu open this view, or the bare list again."""
    view = _view(request, pk)
    on = "on" in request.POST
    actions.make_default(view, user=_person(request), on=on)
    what = f"“{view}”" if on else "all rows"
    messages.success(request, f"The menu opens {view.section} with {what} for you.")
    return _back(request)


@client_view(Permission.VIEW)
@require_POST
def delete(request: ClientRequest, pk: int) -> HttpResponse:
    """Delete a view; the page then offers to put it back."""
    view = _own(request, pk)
    actions.delete_view(view, by=request.actor, now=clock.now())
    return pages.redirect(request, f"{_list(request)}?deleted={view.pk}")


@client_view(Permission.VIEW)
@require_POST
def restore(request: ClientRequest, pk: int) -> HttpResponse:
    """Put a deleted view back."""
    view = removed_view(_person(request), pk)
    if view is None:
        raise Http404("There is no such view here.")
    _demand_change(request, view)
    actions.restore_view(view, by=request.actor, now=clock.now())
    messages.success(request, f"“{view}” is back.")
    return _back(request)


@client_view(Permission.VIEW)
@require_POST
def look(request: ClientRequest, table: str) -> HttpResponse:
    """Keep the columns and the density of a table, or show it as it comes."""
    if "reset" in request.POST:
        actions.reset_table(table, user=_person(request))
    else:
        actions.arrange_table(
            table,
            columns=[key for key in request.POST.getlist("column") if "\x00" not in key],
            is_dense="dense" in request.POST,
            user=_person(request),
        )
    root = reverse("home:today", kwargs={"client": request.client.slug})
    back = request.POST.get("back", "")
    return pages.redirect(request, back if back.startswith(root) else root)


def _person(request: ClientRequest) -> User:
    assert isinstance(request.user, User)
    return request.user


def _may_share(request: ClientRequest) -> bool:
    return request.member.may(Permission.COMMENT)


def _may_change(request: ClientRequest, view: SavedView) -> bool:
    """One's own; and any shared one for those who set up the client."""
    return view.owner_id == request.user.pk or request.member.may(Permission.CONNECT)


def _view(request: ClientRequest, pk: int) -> SavedView:
    view = views_of(_person(request)).filter(pk=pk).first()
    if view is None:
        raise Http404("There is no such view here.")
    return view


def _own(request: ClientRequest, pk: int) -> SavedView:
    view = _view(request, pk)
    _demand_change(request, view)
    return view


def _demand_change(request: ClientRequest, view: SavedView) -> None:
    if not _may_change(request, view):
        raise PermissionDenied(f"“{view}” belongs to {view.owner_name}.")


def _is_id(text: str) -> bool:
    return text.isdecimal() and len(text) < 19


def _list(request: ClientRequest) -> str:
    return reverse("desk:views", kwargs={"client": request.client.slug})


def _back(request: ClientRequest) -> HttpResponse:
    return pages.redirect(request, _list(request))


def _address(request: ClientRequest, view: SavedView) -> str:
    root = reverse("home:today", kwargs={"client": request.client.slug})
    return f"{root}{view.page}?{view.query}" if view.query else root + view.page


def _form(request: ClientRequest, context: dict[str, Any]) -> HttpResponse:
    status = 422 if context["form"].errors else 200
    pieces = {"dialog-body": "form"}
    return pages.render(request, "desk/view_form.html", context, pieces=pieces, status=status)
