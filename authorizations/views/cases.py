"""Cases about broken holds: the list, one case with its evidence, settling it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_POST

from authorizations.actions.cases import settle_case
from authorizations.forms import NoFilters, NoteForm
from authorizations.models import Case
from authorizations.queries.watch import cases, fees_of, newest_permission, sights_of
from authorizations.tables import FEE_TONES
from authorizations.tables.watch import cases_table
from creators.views.panels import panel_urls
from sparkops import clock
from sparkops.audit.record import history
from sparkops.errors import Refusal
from sparkops.tenants.gate import client_view, may_of
from sparkops.tenants.permissions import Permission
from sparkops.web import listing, pages
from sparkops.web.filters import FilterBar

PANELS = {"campaigns:post-ads": "Ads on this post"}
TABS = (("", "Open"), ("all", "All"))
TITLES = {"case.opened": "Opened", "case.settled": "Settled"}


@client_view(Permission.VIEW)
def cases_page(request: HttpRequest) -> HttpResponse:
    """Posts that went away within their hold, newest first."""
    slug, tab = request.client.slug, request.GET.get("tab", "")  # type: ignore[attr-defined]
    here = reverse("authorizations:cases", kwargs={"client": slug})
    page = listing.ListPage(
        heading="Cases",
        lede="Posts that their creators deleted or hid although they had promised to keep them up."
        " Unpaid fees of these posts are stopped until the case is settled.",
        noun="cases",
        table=cases_table(slug),
        rows=cases(open_only=tab != "all"),
        bar=FilterBar(NoFilters, request.GET),
        empty=listing.Empty(
            "No case is open",
            "A case opens by itself when a post is deleted or hidden within its hold.",
            reverse("authorizations:findings", kwargs={"client": slug}),
            "See what the watchdog found",
            "flag",
        ),
        tabs=[
            listing.Tab(label, f"{here}?tab={key}" if key else here, current=key == tab)
            for key, label in TABS
        ],
    )
    return listing.show(request, page, may=may_of(request), now=clock.now())


@client_view(Permission.VIEW)
def case(request: HttpRequest, pk: int) -> HttpResponse:
    """One case with its evidence."""
    return _show(request, _row(pk), NoteForm(), 200)


@client_view(Permission.COST_EDIT)
@require_POST
def settle(request: HttpRequest, pk: int) -> HttpResponse:
    """Close the case; it decides about money, so it takes whoever keeps costs."""
    row, form = _row(pk), NoteForm(request.POST)
    if form.is_valid():
        by = request.actor  # type: ignore[attr-defined]
        try:
            settle_case(row, note=form.cleaned_data["note"], by=by, now=clock.now())
        except Refusal as refusal:
            form.add_error(None, refusal.sentence)
        else:
            messages.success(request, "The case is settled; its fee can be paid again.")
            slug = request.client.slug  # type: ignore[attr-defined]
            return pages.redirect(request, "authorizations:case", client=slug, pk=pk)
    return _show(request, row, form, 422)


def _row(pk: int) -> Case:
    return get_object_or_404(Case.objects.select_related("post__creator", "finding"), pk=pk)


def _show(request: HttpRequest, row: Case, form: NoteForm, status: int) -> HttpResponse:
    client, member = request.client, request.member  # type: ignore[attr-defined]
    context = {
        "now": clock.now(),
        "row": row,
        "form": form,
        "may_settle": row.state == Case.State.OPEN and member.may(Permission.COST_EDIT),
        "permission": newest_permission(row.finding),
        "fees": [(one, FEE_TONES[one.state]) for one in fees_of(row.post_id)],
        "sights": sights_of(row.post_id),
        "terms": list(row.post.usage_terms.exclude(hold_until=None).order_by("-starts_on")),
        "events": [
            {
                "at": one.at,
                "title": TITLES.get(one.verb, one.verb),
                "text": f"{one.reason} {one.actor}",
                "icon": "flag",
            }
            for one in history(row)
        ],
        "panels": panel_urls(PANELS, client=client.slug, pk=row.post_id),
    }
    return pages.render(request, "authorizations/case.html", context, status=status)
