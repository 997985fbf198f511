"""The list of creators and a creator's page."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404
from django.urls import reverse

from creators.actions.creators import edit_creator, place_creator
from creators.forms import CreatorFilters, CreatorForm
from creators.models import Creator
from creators.queries import (
    CREATOR_VIEWS,
    creators_of_view,
    find_creators,
    listed_posts,
    posts_of_view,
    samples_of,
    sold_lately,
)
from creators.tables import creator_posts_table, creators_table
from creators.views.panels import panel_urls
from sparkops import clock
from sparkops.accounts.models import User
from sparkops.clock import shop_day
from sparkops.errors import Refusal
from sparkops.landing.queries import Freshness, freshness
from sparkops.tenants.gate import ClientRequest, client_view, may_of
from sparkops.tenants.permissions import Permission
from sparkops.tenants.queries import people_who_may
from sparkops.web import listing, pages
from sparkops.web.filters import FilterBar

STREAMS = ("post_numbers", "samples", "sample_posts")
TAB_LABELS = (
    "All", "Posted in 30 days", "New in 30 days", "Open samples", "Overdue samples", "Blocked",
)  # fmt: skip
LABELS = dict(zip(CREATOR_VIEWS, TAB_LABELS, strict=True))
SHOWN_POSTS = 10


@client_view(Permission.VIEW)
def creators(request: ClientRequest) -> HttpResponse:
    """Every creator, with posts, sales and samples."""
    now = clock.now()
    zone = request.client.timezone
    people = people_who_may(request.client, Permission.VIEW)
    bar = FilterBar(CreatorFilters, request.GET, people=people)
    view = request.GET.get("view", "")
    read = freshness(STREAMS)
    page = listing.ListPage(
        heading="Creators",
        lede=f"Who posts for {request.client.name}, what it sold, and who still owes a post.",
        noun="creators",
        table=creators_table(request.client.slug),
        rows=find_creators(
            creators_of_view(view, zone=zone, now=now), bar.values, zone=zone, now=now
        ),
        bar=bar,
        empty=_nobody(request, view, read),
        tabs=listing.view_tabs(
            request.path, view, LABELS, lambda key: creators_of_view(key, zone=zone, now=now)
        ),
        actions=_actions(request),
        bulk=_bulk(request),
        stale=read.sentences,
        extra={"freshness": footer(request, read)},
    )
    return listing.show(request, page, may=may_of(request), now=now)


def _actions(request: ClientRequest) -> list[listing.Action]:
    client = {"client": request.client.slug}
    found = [listing.Action("Applications", reverse("creators:applications", kwargs=client), "doc")]
    if request.member.may(Permission.CREATOR_EDIT):
        find = reverse("creators:market", kwargs=client)
        found.insert(0, listing.Action("Find creators", find, "search", primary=True))
        url = reverse("home:revise", kwargs=client)
        found.append(listing.Action("Bring an edited export", url, "upload"))
    return found


def _bulk(request: ClientRequest) -> list[listing.Action]:
    """What can be done with chosen creators, or with all that match (CT9)."""
    if not request.member.may(Permission.CREATOR_EDIT):
        return []
    url = reverse("creators:creator-batch", kwargs={"client": request.client.slug})
    return [listing.Action("Tag, assign or tier…", url, "tag", primary=True)]


@client_view(Permission.VIEW)
def creator(request: ClientRequest, pk: int) -> HttpResponse:
    """One creator: figures, posts, samples, names, contact for those who may see it."""
    row = get_object_or_404(Creator.objects.select_related("owner"), pk=pk)
    now = clock.now()
    read = freshness(STREAMS)
    context = {
        "now": now,
        "row": row,
        "sold": sold_lately(row, today=shop_day(now, request.client.timezone)),
        "samples": samples_of(row),
        "handles": list(row.handles.exclude(handle=row.handle).order_by("-seen_at")),
        "may_contact": request.member.may(Permission.CONTACT_VIEW),
        "may_edit": request.member.may(Permission.CREATOR_EDIT),
        "tags": list(row.tags.order_by("name")),
        "blocks": list(row.blocks.order_by("-blocked_at", "-pk")),
        "block_urls": panel_urls(
            {"outreach:block": "Block"}, client=request.client.slug, pk=row.pk
        ),
        "panels": panel_urls(
            {"profit:creator-card": "What this creator made"}, client=request.client.slug, pk=row.pk
        ),
        "story": panel_urls(
            {"home:creator-newest": "What happened"}, client=request.client.slug, pk=row.pk
        ),
        "stale": read.sentences,
        "freshness": footer(request, read),
        **_posts(request, row, now),
    }
    return pages.render(request, "creators/creator.html", context)


@client_view(Permission.CREATOR_EDIT)
def edit(request: ClientRequest, pk: int) -> HttpResponse:
    """Change owner, tier, tags, contact, zone and notes."""
    row = get_object_or_404(Creator.objects.select_related("owner"), pk=pk)
    people = people_who_may(request.client, Permission.VIEW)
    form = CreatorForm(request.POST or None, people=people, initial=_as_known(row))
    if request.method == "POST" and form.is_valid():
        try:
            _save(request, row, form.cleaned_data, people)
        except Refusal as refusal:
            form.add_error(refusal.field, refusal.sentence)
        else:
            messages.success(request, f"{row} is saved.")
            return pages.redirect(request, "creators:creator", client=request.client.slug, pk=pk)
    status = 422 if form.errors else 200
    return pages.render(request, "creators/edit.html", {"form": form, "row": row}, status=status)


def _as_known(row: Creator) -> dict[str, Any]:
    names = ", ".join(row.tags.order_by("name").values_list("name", flat=True))
    fields = ("email", "timezone", "notes", "tier")
    return {"owner": row.owner_id or "", "tags": names} | {
        name: getattr(row, name) for name in fields
    }


def _save(
    request: ClientRequest, row: Creator, values: dict[str, Any], people: Sequence[User]
) -> None:
    by, now = request.actor, clock.now()
    contact = {name: values[name] for name in ("email", "timezone", "notes")}
    edit_creator(row, **contact, by=by, now=now)
    owner = {str(one.pk): one for one in people}.get(values["owner"])
    place_creator(row, owner=owner, tier=values["tier"], tags=values["tags"], by=by, now=now)


def footer(request: ClientRequest, read: Freshness) -> dict[str, Any]:
    """The age of what the page shows, for its foot."""
    return {
        "as_of": read.as_of,
        "tone": "warn" if read.problems or not read.synced else "ok",
        "url": reverse("connections:list", kwargs={"client": request.client.slug}),
    }


def _nobody(request: ClientRequest, view: str, read: Freshness) -> listing.Empty:
    slug = request.client.slug
    everyone = reverse("creators:creators", kwargs={"client": slug})
    connections = reverse("connections:list", kwargs={"client": slug})
    if view == "overdue":
        return listing.Empty(
            "Nobody owes a post", "No sample is overdue.", everyone, "All creators"
        )
    if view == "blocked":
        text = "Block a creator on the creator's page, with the reason and the evidence."
        return listing.Empty("Nobody is blocked", text, everyone, "All creators")
    if view:
        return listing.Empty("Nobody here", "No creator is in this view.", everyone, "All creators")
    if not read.synced:
        text = "They arrive with the shop's posts and samples. The first read takes a few minutes."
        return listing.Empty("No creators yet", text, connections, "Open connections", "users")
    text = "The shop has no posts, samples or affiliate orders of creators yet."
    return listing.Empty("No creators yet", text, connections, "Open connections", "users")


def _posts(request: ClientRequest, row: Creator, now: datetime) -> dict[str, Any]:
    slug = request.client.slug
    rows = posts_of_view("").filter(creator=row).order_by("-published_at", "-pk")
    newest = list(listed_posts(rows)[:SHOWN_POSTS])
    query = QueryDict(mutable=True)
    query["creator"] = str(row)
    all_posts = reverse("creators:posts", kwargs={"client": slug})
    return {
        "posts": creator_posts_table(slug).bind(newest, query=query, now=now, path=all_posts),
        "posts_url": f"{all_posts}?{query.urlencode()}",
    }
