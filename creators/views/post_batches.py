"""Tagging and assigning many posts at once, also all that a list's filters match (CT9)."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST

from creators.actions.post_batches import MOST, assign_posts, tag_posts, undo_batch
from creators.forms import PostBatchForm, chosen_posts, kept_choice
from creators.models import PostBatch
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
    rows = chosen_posts(data, people, zone=request.client.timezone, now=now)
    count = rows.order_by().count()
    form = PostBatchForm(request.POST or None, people=people)
    if request.method == "POST" and form.is_valid():
        ids = list(rows.order_by().values_list("pk", flat=True)[: MOST + 1])
        return _change(request, ids, form.cleaned_data, {str(one.pk): one for one in people})
    context = {
        "rows": rows.order_by("-pk")[:SHOWN],
        "count": count,
        "more": max(count - SHOWN, 0),
        "kept": kept_choice(data),
        "form": form,
    }
    return pages.render(
        request,
        "creators/post_batch.html",
        context,
        pieces={"dialog-body": "question"},
        status=422 if form.errors else 200,
    )


def _change(
    request: ClientRequest, ids: list[int], values: dict[str, Any], people: dict[str, Any]
) -> HttpResponse:
    now, by, found = clock.now(), request.actor, []
    if values["set_tag"]:
        found.append(tag_posts(ids, values["set_tag"], by=by, now=now))
    if values["set_owner"]:
        owner = None if values["set_owner"] == NOBODY else people[values["set_owner"]]
        found.append(assign_posts(ids, owner, by=by, now=now))
    for one in found[:-1]:
        messages.success(request, f"{formats.plural(one.changed, 'post')} tagged “{one.tag}”.")
    return pages.redirect(
        request, "creators:post-batch-done", client=request.client.slug, pk=found[-1].pk
    )


@client_view(Permission.VIEW)
def done(request: ClientRequest, pk: int) -> HttpResponse:
    """What was changed, and the way back."""
    row = get_object_or_404(PostBatch.objects.select_related("owner"), pk=pk)
    context = {
        "row": row,
        "same": row.chosen - row.changed,
        "may_edit": request.member.may(Permission.CREATOR_EDIT),
    }
    return pages.render(request, "creators/post_batch_done.html", context)


@client_view(Permission.CREATOR_EDIT)
@require_POST
def undo(request: ClientRequest, pk: int) -> HttpResponse:
    """Take a change back."""
    count = undo_batch(get_object_or_404(PostBatch, pk=pk), by=request.actor, now=clock.now())
    messages.success(request, f"{formats.plural(count, 'post')} as before.")
    return pages.redirect(request, "creators:posts", client=request.client.slug)
