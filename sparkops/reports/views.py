"""Reports for people of the agency and of the client."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_POST

from sparkops import clock
from sparkops.errors import Refusal
from sparkops.reports import actions
from sparkops.reports.forms import MakeForm, NoFilters, WantedForm
from sparkops.reports.models import Every, Link, Report
from sparkops.reports.paper import report_pdf
from sparkops.reports.periods import last_period
from sparkops.reports.tables import reports_table
from sparkops.tenants.gate import ClientRequest, client_view, may_of
from sparkops.tenants.models import Client
from sparkops.tenants.permissions import Permission
from sparkops.web import listing, pages
from sparkops.web.filters import FilterBar


@client_view(Permission.REPORT)
def reports(request: ClientRequest) -> HttpResponse:
    """Every report of the client."""
    slug, may_send = request.client.slug, request.member.may(Permission.PLAN_APPROVE)
    page = listing.ListPage(
        heading="Reports",
        lede=f"What {request.client.shown_name} reads of its programme, a week or a month at a"
        " time.",
        noun="reports",
        table=reports_table(slug),
        rows=Report.objects.defer("content"),
        bar=FilterBar(NoFilters, request.GET),
        empty=listing.Empty(
            "No report yet",
            "Make the first one above, or choose when they are made and sent by themselves."
            if may_send
            else "The first one appears here once it is made.",
            icon="doc",
        ),
        actions=[listing.Action("Schedule and parts", reverse("reports:settings", args=[slug]))]
        if may_send
        else [],
        above="reports/make.html" if may_send else "",
    )
    return listing.show(request, page, may=may_of(request), now=clock.now())


@client_view(Permission.REPORT)
def report(request: ClientRequest, pk: int) -> HttpResponse:
    """One report, and for who sends it its links."""
    found = get_object_or_404(Report, pk=pk)
    may_send = request.member.may(Permission.PLAN_APPROVE)
    now = clock.now()
    links = found.links.order_by("recipient") if may_send else []
    context = {
        "report": found,
        "brand": request.client,
        "may_send": may_send,
        "recipients": actions.wanted_of_client().recipients,
        "links": [
            (one, actions.address_of_link(one), one.revoked_at is None and one.expires_at > now)
            for one in links
        ],
    }
    return pages.render(request, "reports/report.html", context)


@client_view(Permission.REPORT)
def pdf(request: ClientRequest, pk: int) -> HttpResponse:
    """The report as PDF."""
    return as_pdf(request.client, get_object_or_404(Report, pk=pk))


@client_view(Permission.PLAN_APPROVE)
@require_POST
def make(request: ClientRequest) -> HttpResponse:
    """Make the report of the last whole week or month."""
    form = MakeForm(request.POST)
    if not form.is_valid():
        raise Refusal("unknown_period", "Choose a week or a month.")
    every, now = Every(form.cleaned_data["every"]), clock.now()
    first, last = last_period(every, clock.shop_day(now, request.client.timezone))
    made = actions.make_report(request.client, every, first, last, by=request.actor, now=now)
    messages.success(request, f"The report of {made} is made. Look at it, then send it.")
    return pages.redirect(request, "reports:report", client=request.client.slug, pk=made.pk)


@client_view(Permission.PLAN_APPROVE)
def settings(request: ClientRequest) -> HttpResponse:
    """When, what and to whom."""
    wanted = actions.wanted_of_client()
    first = {
        "every": wanted.every,
        "parts": wanted.parts,
        "recipients": "\n".join(wanted.recipients),
    }
    form = WantedForm(request.POST or None, initial=first)
    if request.method == "POST" and form.is_valid():
        try:
            actions.choose(**form.cleaned_data, by=request.actor, now=clock.now())
        except Refusal as refusal:
            form.add_error(refusal.field, refusal.sentence)
        else:
            messages.success(request, "The choice is saved.")
            return pages.redirect(request, "reports:list", client=request.client.slug)
    status = 422 if form.errors else 200
    return pages.render(request, "reports/settings.html", {"form": form}, status=status)


@client_view(Permission.PLAN_APPROVE)
@require_POST
def send(request: ClientRequest, pk: int) -> HttpResponse:
    """Mail it to the chosen addresses; who has it gets no second mail."""
    found = get_object_or_404(Report, pk=pk)
    recipients = actions.wanted_of_client().recipients
    if not recipients:
        raise Refusal("nobody", "Choose who gets it first, under Schedule and parts.")
    actions.send_report(found, recipients, by=request.actor, now=clock.now())
    messages.success(request, "It is on its way to everyone who did not have it.")
    return pages.redirect(request, "reports:report", client=request.client.slug, pk=pk)


@client_view(Permission.PLAN_APPROVE)
@require_POST
def withdraw(request: ClientRequest, link: int) -> HttpResponse:
    """Make a link worthless."""
    found = get_object_or_404(Link.objects.select_related("report"), pk=link)
    actions.revoke_link(found, by=request.actor, now=clock.now())
    messages.success(request, f"The link of {found.recipient} no longer works.")
    return pages.redirect(request, "reports:report", client=request.client.slug, pk=found.report_id)


def as_pdf(client: Client, found: Report) -> HttpResponse:
    """A report as the answer to a request."""
    response = HttpResponse(report_pdf(client, found), content_type="application/pdf")
    name = f"{client.slug}-{found.first:%Y-%m-%d}-{found.every}.pdf"
    response.headers["Content-Disposition"] = f'inline; filename="{name}"'
    return response
