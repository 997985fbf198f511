"""Applications of creators, and the public page they come from."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse

from creators.actions.applications import (
    approve_application,
    decline_application,
    reopen_application,
    save_page,
)
from creators.forms import ApplicationPageForm
from creators.models import Application
from creators.queries.applications import application_page, applications_of_view
from creators.tables import applications_table
from sparkops import clock
from sparkops.errors import Refusal
from sparkops.tenants.gate import ClientRequest, client_view, may_of
from sparkops.tenants.permissions import Permission
from sparkops.web import formats, listing, pages
from sparkops.web.filters import FilterBar

MOST, SHOWN = 500, 8
LABELS = {"": "New", "approved": "Approved", "declined": "Declined"}
ACTIONS = {
    "approve": ("approved", approve_application),
    "decline": ("declined", decline_application),
    "reopen": ("open again", reopen_application),
}


@client_view(Permission.VIEW)
def applications(request: ClientRequest) -> HttpResponse:
    """Who asks to be let in."""
    now, slug, view = clock.now(), request.client.slug, request.GET.get("view", "")
    page_url = reverse("creators:application-page", kwargs={"client": slug})
    may_edit = request.member.may(Permission.CREATOR_EDIT)
    decide_url = reverse("creators:application-decide", kwargs={"client": slug})
    page = listing.ListPage(
        heading="Applications",
        lede="Creators who want to work with the brand.",
        noun="applications",
        table=applications_table(slug),
        rows=applications_of_view(view),
        bar=FilterBar(ApplicationPageForm.Filters, request.GET),
        empty=_nobody(slug, view, page_url if may_edit else ""),
        tabs=listing.view_tabs(request.path, view, LABELS, applications_of_view),
        actions=[listing.Action("Public page", page_url, "globe")] if may_edit else [],
        bulk=[listing.Action("Decide…", decide_url, "check", primary=True)] if may_edit else [],
    )
    return listing.show(request, page, may=may_of(request), now=now)


@client_view(Permission.CREATOR_EDIT)
def page(request: ClientRequest) -> HttpResponse:
    """Open or close the public page, and write what it says."""
    found = application_page()
    form = ApplicationPageForm(
        request.POST or None, initial={"is_open": found.is_open, "intro": found.intro}
    )
    if request.method == "POST" and form.is_valid():
        save_page(**form.cleaned_data, by=request.actor, now=clock.now())
        messages.success(request, "The public page is saved.")
        return pages.redirect(request, "creators:applications", client=request.client.slug)
    address = settings.SITE_URL + reverse("apply", kwargs={"client": request.client.slug})
    context = {"form": form, "address": address, "is_open": found.is_open}
    status = 422 if form.errors else 200
    return pages.render(request, "creators/application_page.html", context, status=status)


@client_view(Permission.CREATOR_EDIT)
def decide(request: ClientRequest) -> HttpResponse:
    """The question about chosen applications; then the decisions."""
    data = request.POST if request.method == "POST" else request.GET
    if data.get("all"):
        rows = applications_of_view(data.get("view", ""))
    else:
        ids = [int(one) for one in data.getlist("id") if one.isdigit()]
        rows = Application.objects.filter(pk__in=ids)
    chosen = list(rows.order_by("pk")[:MOST])
    if request.method == "POST":
        return _decide(request, chosen, data.get("word", ""))
    context = {
        "rows": chosen[:SHOWN],
        "count": len(chosen),
        "more": max(len(chosen) - SHOWN, 0),
        "ids": [one.pk for one in chosen],
        "is_open": all(one.state == Application.State.NEW for one in chosen),
    }
    return pages.render(
        request, "creators/application_decide.html", context, pieces={"dialog-body": "question"}
    )


def _decide(request: ClientRequest, rows: list[Application], word: str) -> HttpResponse:
    if word not in ACTIONS:
        raise Refusal("no_word", "Choose to approve or to decline.")
    said, action = ACTIONS[word]
    done = 0
    for row in rows:
        try:
            action(row, by=request.actor, now=clock.now())
            done += 1
        except Refusal as refusal:
            messages.warning(request, refusal.sentence)
    if done:
        messages.success(request, f"{formats.plural(done, 'application')} {said}.")
    return pages.redirect(request, "creators:applications", client=request.client.slug)


def _nobody(slug: str, view: str, page_url: str) -> listing.Empty:
    if view:
        here = reverse("creators:applications", kwargs={"client": slug})
        return listing.Empty("Nobody here", "No application is here.", here, "New ones")
    text = "Creators apply on the client's public page."
    action = "Set up the page" if page_url else ""
    return listing.Empty("No applications yet", text, page_url, action, "users")
