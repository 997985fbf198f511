"""The list of creators and a creator's page."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from creators.actions.creators import edit_creator
from creators.forms import CreatorFilters, CreatorForm
from creators.models import Creator
from creators.queries import creators_with_numbers, find_creators
from creators.tables import creators_table
from creators.views.panels import panel_urls
from sparkops import clock
from sparkops.errors import Refusal
from sparkops.landing.queries import stale_sentences
from sparkops.tenants.gate import client_view, may_of
from sparkops.tenants.permissions import Permission
from sparkops.web import listing, pages
from sparkops.web.filters import FilterBar

STREAMS = ("post_numbers", "samples")


@client_view(Permission.VIEW)
def creators(request: HttpRequest) -> HttpResponse:
    """Every creator, with posts and sales."""
    now = clock.now()
    slug = request.client.slug  # type: ignore[attr-defined]
    bar = FilterBar(CreatorFilters, request.GET)
    page = listing.ListPage(
        heading="Creators",
        lede="Who posts for this brand, and what came of it.",
        noun="creators",
        table=creators_table(slug),
        rows=find_creators(creators_with_numbers(), bar.values, now),
        bar=bar,
        empty=listing.Empty(
            "No creators yet",
            "They arrive with the shop's posts, samples and affiliate orders, or from a sheet.",
            f"/c/{slug}/import/",
            "Import a sheet",
            "users",
        ),
        stale=stale_sentences(STREAMS),
    )
    return listing.show(request, page, may=may_of(request), now=now)


@client_view(Permission.VIEW)
def creator(request: HttpRequest, pk: int) -> HttpResponse:
    """One creator: contact for those who may see it, samples, posts, panels of other apps."""
    row = get_object_or_404(creators_with_numbers(), pk=pk)
    return _page(request, row)


@client_view(Permission.CREATOR_EDIT)
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change contact, zone and notes."""
    row = get_object_or_404(Creator, pk=pk)
    form = CreatorForm(
        request.POST or None,
        initial={"email": row.email, "timezone": row.timezone, "notes": row.notes},
    )
    client = request.client  # type: ignore[attr-defined]
    if request.method == "POST" and form.is_valid():
        try:
            edit_creator(row, **form.cleaned_data, by=request.actor, now=clock.now())  # type: ignore[attr-defined]
        except Refusal as refusal:
            form.add_error(refusal.field, refusal.sentence)
        else:
            messages.success(request, f"{row} is saved.")
            return pages.redirect(request, "creators:creator", client=client.slug, pk=row.pk)
    status = 422 if form.errors else 200
    return pages.render(request, "creators/edit.html", {"form": form, "row": row}, status=status)


def _page(request: HttpRequest, row: Creator) -> HttpResponse:
    client, member = request.client, request.member  # type: ignore[attr-defined]
    context = {
        "row": row,
        "posts": list(row.posts.order_by("-published_at", "-pk")[:50]),  # type: ignore[attr-defined]
        "samples": list(row.samples.select_related("product", "post").order_by("-pk")[:50]),  # type: ignore[attr-defined]
        "handles": list(row.handles.order_by("-seen_at")),  # type: ignore[attr-defined]
        "may_contact": member.may(Permission.CONTACT_VIEW),
        "may_edit": member.may(Permission.CREATOR_EDIT),
        "panels": panel_urls(
            {"profit:creator-card": "What this creator made"}, client=client.slug, pk=row.pk
        ),
    }
    return pages.render(request, "creators/creator.html", context)
