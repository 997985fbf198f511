"""Recording what creators granted in Content Suite."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from authorizations.actions.content_suite import Grant, SuiteLine, record_grants, withdraw
from authorizations.forms import SuiteForm
from authorizations.rules.suite import Method
from authorizations.views.detail import row_of
from sparkops import clock
from sparkops.errors import Refusal
from sparkops.tenants.gate import client_view
from sparkops.tenants.permissions import Permission
from sparkops.web import pages


@client_view(Permission.AUTHORIZATION_EDIT)
def record(request: HttpRequest) -> HttpResponse:
    """Paste posts or creators; each line gets its own result."""
    form = SuiteForm(request.POST or None)
    lines: list[SuiteLine] | None = None
    if request.method == "POST" and form.is_valid():
        zone = ZoneInfo(request.client.timezone)  # type: ignore[attr-defined]
        try:
            lines = record_grants(
                form.cleaned_data["text"],
                _grant(form, zone),
                by=request.actor,  # type: ignore[attr-defined]
                now=clock.now(),
            )
        except Refusal as refusal:
            form.add_error(refusal.field, refusal.sentence)
    context = {"form": SuiteForm() if lines else form, "lines": lines}
    status = 422 if form.errors else 200
    return pages.render(request, "authorizations/content_suite.html", context, status=status)


@client_view(Permission.AUTHORIZATION_EDIT)
@require_POST
def take_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Withdraw what was recorded by mistake."""
    withdraw(row_of(pk), by=request.actor, now=clock.now())  # type: ignore[attr-defined]
    messages.success(request, "Taken back. The history below keeps what was recorded.")
    client = request.client.slug  # type: ignore[attr-defined]
    return pages.redirect(request, "authorizations:detail", client=client, pk=pk)


def _grant(form: SuiteForm, zone: ZoneInfo) -> Grant:
    values = form.cleaned_data
    ends_on = values["ends_on"]
    return Grant(
        method=Method(values["method"]),
        starts_at=_begin(values["starts_on"], zone),
        ends_at=_begin(ends_on + timedelta(days=1), zone) if ends_on else None,
        evidence=values["evidence"],
    )


def _begin(day: date | None, zone: ZoneInfo) -> datetime | None:
    return datetime.combine(day, time(), zone) if day else None
