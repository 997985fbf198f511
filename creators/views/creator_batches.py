"""Tagging, assigning and placing many creators at once, also all that filters match (CT9)."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST

from creators.actions.creator_batches import (
    MOST,
    assign_creators,
    tag_creators,
    tier_creators,
    undo_batch,
)
from creators.forms import CreatorBatchForm, CreatorFilters, chosen_creators, kept_choice
from creators.models import CreatorBatch
from creators.queries import NOBODY
from sparkops import clock
from sparkops.tenants.gate import ClientRequest, client_view
from sparkops.tenants.permissions import Permission
from sparkops.tenants.queries import people_who_may
from sparkops.web import formats, pages

SHOWN = 5


@client_view(Permission.CREATOR_EDIT)
def batch(request: ClientRequest) -> HttpResponse:
    """The question with how many posts it means; then the change."""
    data = request.POST if request.method == "POST" else request.GET
    now, people = clock.now(), people_who_may(request.client, Permission.VIEW)
    rows = chosen_creators(data, people, zone=request.client.timezone, now=now)
    count = rows.order_by().count()
    form = CreatorBatchForm(request.POST or None, people=people)
    if request.method == "POST" and form.is_valid():
        ids = list(rows.order_by().values_list("pk", flat=True)[: MOST + 1])
        return _change(request, ids, form.cleaned_data, {str(one.pk): one for one in people})
    context = {
        "rows": rows.order_by("-pk")[:SHOWN],
        "count": count,
        "more": max(count - SHOWN, 0),
        "kept": kept_choice(data, CreatorFilters),
        "form": form,
    }
    return pages.render(
        request,
        "creators/creator_batch.html",
        context,
        pieces={"dialog-body": "question"},
        status=422 if form.errors else 200,
    )


def _change(
    request: ClientRequest, ids: list[int], values: dict[str, Any], people: dict[str, Any]
) -> HttpResponse:
    now, by, found = clock.now(), request.actor, []
    if values["set_tag"]:
        found.append(tag_creators(ids, values["set_tag"], by=by, now=now))
    if values["set_tier"]:
        found.append(tier_creators(ids, values["set_tier"], by=by, now=now))
    if values["set_owner"]:
        owner = None if values["set_owner"] == NOBODY else people[values["set_owner"]]
        found.append(assign_creators(ids, owner, by=by, now=now))
    for one in found[:-1]:
        into = one.tag or one.get_tier_display()
        messages.success(request, f"{formats.plural(one.changed, 'creator')} put into “{into}”.")
    return pages.redirect(
        request, "creators:creator-batch-done", client=request.client.slug, pk=found[-1].pk
    )


@client_view(Permission.VIEW)
def done(request: ClientRequest, pk: int) -> HttpResponse:
    """What was changed, and the way back."""
    row = get_object_or_404(CreatorBatch.objects.select_related("owner"), pk=pk)
    context = {
        "row": row,
        "same": row.chosen - row.changed,
        "may_edit": request.member.may(Permission.CREATOR_EDIT),
    }
    return pages.render(request, "creators/creator_batch_done.html", context)


@client_view(Permission.CREATOR_EDIT)
@require_POST
def undo(request: ClientRequest, pk: int) -> HttpResponse:
    """Take a change back."""
    count = undo_batch(get_object_or_404(CreatorBatch, pk=pk), by=request.actor, now=clock.now())
    messages.success(request, f"{formats.plural(count, 'post')} as before.")
    return pages.redirect(request, "creators:creators", client=request.client.slug)
