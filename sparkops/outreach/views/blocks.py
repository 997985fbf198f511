"""Blocking a creator, with the reason and the evidence; and lifting the block."""

from django.contrib import messages as notes
from django.http import HttpResponse
from django.shortcuts import get_object_or_404

from creators.models import Creator
from sparkops import clock
from sparkops.outreach.actions import contacts
from sparkops.outreach.forms import BlockForm
from sparkops.tenants.gate import ClientRequest, client_view
from sparkops.tenants.permissions import Permission
from sparkops.web import pages


@client_view(Permission.CREATOR_EDIT)
def block(request: ClientRequest, pk: int) -> HttpResponse:
    """Block a creator in everything, or lift the block."""
    row = get_object_or_404(Creator, pk=pk)
    if row.blocked_at:
        return _lift(request, row)
    form = BlockForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        contacts.block(row, **form.cleaned_data, by=request.actor, now=clock.now())
        notes.success(request, f"{row} is blocked.")
        return pages.redirect(request, "creators:creator", client=request.client.slug, pk=pk)
    context = {"row": row, "form": form, "found": None}
    status = 422 if form.errors else 200
    return pages.render(request, "outreach/block.html", context, status=status)


def _lift(request: ClientRequest, row: Creator) -> HttpResponse:
    if request.method == "POST":
        contacts.unblock(row, by=request.actor, now=clock.now())
        notes.success(request, f"{row} is no longer blocked.")
        return pages.redirect(request, "creators:creator", client=request.client.slug, pk=row.pk)
    found = row.blocks.filter(lifted_at=None).first()
    return pages.render(request, "outreach/block.html", {"row": row, "found": found})
