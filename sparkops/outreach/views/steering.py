"""Pausing, going on and stopping."""

from collections.abc import Callable

from django.contrib import messages as notes
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST

from sparkops import clock
from sparkops.outreach.actions import steering as actions
from sparkops.outreach.forms import OverrideForm
from sparkops.outreach.models import Outreach, Recipient
from sparkops.outreach.queries.outreaches import counts_of
from sparkops.outreach.tasks import send
from sparkops.tenants.gate import ClientRequest, client_view
from sparkops.tenants.permissions import Permission
from sparkops.web import formats, pages


@client_view(Permission.CREATOR_EDIT)
@require_POST
def pause(request: ClientRequest, pk: int) -> HttpResponse:
    """Send nothing more until somebody resumes."""
    return _steer(request, pk, actions.pause, "Paused. Nothing more is sent until you resume.")


@client_view(Permission.CREATOR_EDIT)
@require_POST
def resume(request: ClientRequest, pk: int) -> HttpResponse:
    """Go on."""
    send.delay_on_commit(client_id=request.client.pk)
    return _steer(request, pk, actions.resume, "It goes on where it was paused.")


@client_view(Permission.CREATOR_EDIT)
def stop(request: ClientRequest, pk: int) -> HttpResponse:
    """The question before the end, and the end."""
    if request.method != "POST":
        found = get_object_or_404(Outreach, pk=pk)
        queued = counts_of(found)["queued"]
        text = (
            f"Still queued: {formats.plural(queued, 'creator')}. Whoever was not written to is"
            " left out, and no follow-up is sent. It cannot be resumed."
        )
        context = {"row": found, "text": text}
        return pages.render(
            request, "outreach/stop.html", context, pieces={"dialog-body": "question"}
        )
    return _steer(request, pk, actions.stop, "Stopped. Whoever was not written to is left out.")


@client_view(Permission.CREATOR_EDIT)
def override(request: ClientRequest, pk: int) -> HttpResponse:
    """Write to one who was left out, with a reason."""
    found = get_object_or_404(Recipient.objects.select_related("creator", "outreach"), pk=pk)
    form = OverrideForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        actions.override(found, reason, by=request.actor, now=clock.now())
        send.delay_on_commit(client_id=request.client.pk)
        notes.success(request, f"{found.creator} is queued. The reason is in the log.")
        return pages.redirect(
            request, "outreach:outreach", client=request.client.slug, pk=found.outreach_id
        )
    status = 422 if form.errors else 200
    return pages.render(
        request, "outreach/override.html", {"row": found, "form": form}, status=status
    )


def _steer(request: ClientRequest, pk: int, action: Callable[..., None], said: str) -> HttpResponse:
    action(get_object_or_404(Outreach, pk=pk), by=request.actor, now=clock.now())
    notes.success(request, said)
    return pages.redirect(request, "outreach:outreach", client=request.client.slug, pk=pk)
