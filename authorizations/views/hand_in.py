"""Handing in codes."""

from django.http import HttpRequest, HttpResponse

from authorizations.actions.hand_in import hand_in_codes
from authorizations.forms import HandInForm
from authorizations.models import Authorization
from sparkops import clock
from sparkops.errors import Refusal
from sparkops.tenants.gate import client_view
from sparkops.tenants.permissions import Permission
from sparkops.web import pages


@client_view(Permission.AUTHORIZATION_EDIT)
def hand_in(request: HttpRequest) -> HttpResponse:
    """Paste anything; every code gets its own result."""
    form = HandInForm(request.POST or None)
    lines = None
    if request.method == "POST" and form.is_valid():
        try:
            lines = hand_in_codes(
                form.cleaned_data["text"],
                ad_accounts=list(form.cleaned_data["accounts"]),
                by=request.actor,  # type: ignore[attr-defined]
                now=clock.now(),
            )
        except Refusal as refusal:
            form.add_error(refusal.field, refusal.sentence)
    if lines is not None:
        ids = [str(line.authorization_id) for line in lines if line.authorization_id]
        context = {"lines": lines, "ids": ",".join(ids), **_progress(ids)}
        return pages.render(request, "authorizations/handed_in.html", context)
    status = 422 if form.errors else 200
    return pages.render(request, "authorizations/hand_in.html", {"form": form}, status=status)


@client_view(Permission.AUTHORIZATION_EDIT)
def progress(request: HttpRequest) -> HttpResponse:
    """What became of handed-in codes; polled while TikTok is asked."""
    ids = [one for one in request.GET.get("ids", "").split(",") if one.isdigit()][:1000]
    context = {"ids": ",".join(ids), **_progress(ids)}
    return pages.render(request, "authorizations/progress.html", context)


def _progress(ids: list[str]) -> dict[str, object]:
    rows = list(
        Authorization.objects.filter(pk__in=ids)
        .select_related("post__creator", "creator")
        .prefetch_related("redemptions__ad_account")
        .order_by("pk")
    )
    waiting = any(one.state == "waiting" for row in rows for one in row.redemptions.all())
    return {"rows": rows, "waiting": waiting}
