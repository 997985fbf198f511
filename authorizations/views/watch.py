"""What the watchdog found on posts, and what was seen."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_POST

from authorizations.actions.watching import settle_finding
from authorizations.forms import FindingFilters, NoteForm
from authorizations.models import Finding
from authorizations.queries.watch import find_findings, findings, newest_permission, sights_of
from authorizations.rules.watch import STATES, Kind
from authorizations.tables.watch import FINDING_TONES, findings_table
from creators.views.panels import panel_urls
from sparkops import clock
from sparkops.errors import Refusal
from sparkops.landing.queries import stale_sentences
from sparkops.tenants.gate import client_view, may_of
from sparkops.tenants.permissions import Permission
from sparkops.web import listing, pages
from sparkops.web.filters import FilterBar

STREAMS = ("authorized_posts", "watched_posts")
PANELS = {"campaigns:post-ads": "Ads on this post"}
TABS = (("", "Open"), ("all", "All"))


@client_view(Permission.VIEW)
def found(request: HttpRequest) -> HttpResponse:
    """What happened to posts without us, newest first."""
    now, slug = clock.now(), request.client.slug  # type: ignore[attr-defined]
    tab = request.GET.get("tab", "")
    bar = FilterBar(FindingFilters, request.GET)
    here = reverse("authorizations:findings", kwargs={"client": slug})
    page = listing.ListPage(
        heading="Watchdog",
        lede="What creators or TikTok changed on posts without us. Ads that depend on it are"
        " paused, and what was seen is kept.",
        noun="findings",
        table=findings_table(slug),
        rows=find_findings(findings(open_only=tab != "all"), bar.values),
        bar=bar,
        empty=listing.Empty(
            "Nothing found",
            "Posts with ads are looked at every five minutes, all authorized posts every ten.",
            reverse("authorizations:list", kwargs={"client": slug}),
            "See all authorizations",
            "shield",
        ),
        tabs=[
            listing.Tab(label, f"{here}?tab={key}" if key else here, current=key == tab)
            for key, label in TABS
        ],
        actions=[
            listing.Action(
                "Cases", reverse("authorizations:cases", kwargs={"client": slug}), "flag"
            )
        ],
        stale=stale_sentences(STREAMS),
    )
    return listing.show(request, page, may=may_of(request), now=now)


@client_view(Permission.VIEW)
def finding(request: HttpRequest, pk: int) -> HttpResponse:
    """One finding with its evidence."""
    return _show(request, _row(pk), NoteForm(), 200)


@client_view(Permission.AUTHORIZATION_EDIT)
@require_POST
def settle(request: HttpRequest, pk: int) -> HttpResponse:
    """A person has dealt with it."""
    row, form = _row(pk), NoteForm(request.POST)
    if not form.is_valid():
        return _show(request, row, form, 422)
    by = request.actor  # type: ignore[attr-defined]
    try:
        settle_finding(row, note=form.cleaned_data["note"], by=by, now=clock.now())
    except Refusal as refusal:
        form.add_error(None, refusal.sentence)
        return _show(request, row, form, 422)
    messages.success(request, "It is marked as dealt with.")
    slug = request.client.slug  # type: ignore[attr-defined]
    return pages.redirect(request, "authorizations:finding", client=slug, pk=pk)


def _row(pk: int) -> Finding:
    rows = Finding.objects.select_related(
        "post__creator", "authorization__creator", "ad_account", "sight", "earlier", "case"
    )
    return get_object_or_404(rows, pk=pk)


def _show(request: HttpRequest, row: Finding, form: NoteForm, status: int) -> HttpResponse:
    client, member = request.client, request.member  # type: ignore[attr-defined]
    may_settle = (
        row.over_at is None
        and Kind(row.kind) not in STATES
        and member.may(Permission.AUTHORIZATION_EDIT)
    )
    context = {
        "now": clock.now(),
        "row": row,
        "tone": FINDING_TONES.get(Kind(row.kind), ""),
        "form": form,
        "may_settle": may_settle,
        "permission": newest_permission(row),
        "case": getattr(row, "case", None),
        "sights": sights_of(row.post_id) if row.post_id else [],
        "panels": panel_urls(PANELS, client=client.slug, pk=row.post_id) if row.post_id else [],
    }
    return pages.render(request, "authorizations/finding.html", context, status=status)
