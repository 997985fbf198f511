"""Pages of bringing an edited export back: the file, the difference, the result."""

from django.http import HttpResponse
from django.views.decorators.http import require_POST

from sparkops import clock
from sparkops.errors import Refusal
from sparkops.home import revise as revising
from sparkops.home.forms import RevisedForm
from sparkops.sheets.read import read_upload
from sparkops.tenants.gate import ClientRequest, client_view, may_of
from sparkops.tenants.permissions import Permission
from sparkops.web import pages


@client_view(Permission.CREATOR_EDIT)
def revise(request: ClientRequest) -> HttpResponse:
    """Take the file and show what it would change. Nothing is changed here."""
    form = RevisedForm(request.POST or None, request.FILES or None)
    if request.method != "POST" or not form.is_valid():
        status = 422 if form.errors else 200
        return pages.render(request, "home/revise.html", {"form": form}, status=status)
    file = form.cleaned_data["file"]
    try:
        sheet = read_upload(file.name, file.read())
        found = revising.difference(sheet, may=may_of(request))
        seal = revising.sealed(found.edits, request.client, _user_id(request))
    except Refusal as refusal:
        form.add_error("file", refusal.sentence)
        return pages.render(request, "home/revise.html", {"form": form}, status=422)
    context = {"name": file.name, "found": found, "seal": seal}
    return pages.render(request, "home/revise_difference.html", context)


@client_view(Permission.CREATOR_EDIT)
@require_POST
def confirm(request: ClientRequest) -> HttpResponse:
    """Make the changes that were shown; the result offers to take them back the same way."""
    edits = revising.opened(request.POST.get("seal", ""), request.client, _user_id(request))
    result = revising.apply(edits, request.client, by=request.actor, now=clock.now())
    back = revising.turned(result.done)
    context = {
        "result": result,
        "is_undo": "undo" in request.POST,
        "seal": revising.sealed(back, request.client, _user_id(request)),
    }
    return pages.render(request, "home/revise_result.html", context)


def _user_id(request: ClientRequest) -> int:
    return int(request.user.pk or 0)
