"""The triage board, and the verdict on a post's page."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_POST

from campaigns.actions import triage as actions
from campaigns.forms import DecisionForm, TriageFilters
from campaigns.models import PostVerdict
from campaigns.queries.triage import (
    board as all_verdicts,
)
from campaigns.queries.triage import current_rule, find_verdicts, progress_of, verdicts_by_standing
from campaigns.rules.triage_gates import LABELS
from campaigns.tables import BAND_TONES, tone_of_verdict, triage_table
from creators.models import Post
from sparkops import clock
from sparkops.errors import Refusal
from sparkops.landing.queries import stale_sentences
from sparkops.tenants.gate import ClientRequest, client_view, may_of
from sparkops.tenants.permissions import Permission
from sparkops.web import listing, pages
from sparkops.web.filters import FilterBar
from sparkops.web.tables import with_query

STREAMS = ("post_numbers", "products")
KINDS = {
    "evidence": "Enough to judge",
    "hard": "May be used",
    "score": "How good it is",
    "launch": "Before a launch",
}
RESULTS = {"pass": ("Passes", "ok"), "fail": ("Fails", "bad"), "unknown": ("Not enough data", "")}


@client_view(Permission.VIEW)
def board(request: ClientRequest) -> HttpResponse:
    """Candidate posts by verdict, best score first."""
    now, slug = clock.now(), request.client.slug
    bar, tab = FilterBar(TriageFilters, request.GET), request.GET.get("tab", "")
    rows = find_verdicts(all_verdicts(), bar.values)
    if tab in PostVerdict.Standing.values:
        rows = rows.filter(standing=tab)
    row = current_rule()
    progress = progress_of(row) if row else None
    url = reverse("campaigns:triage-rule", kwargs={"client": slug})
    running = progress is not None and progress.running
    page = listing.ListPage(
        heading="Triage",
        lede="Which posts have earned paid distribution, by the rule"
        f"{f', version {row.version}' if row else ''}."
        f"{' Posts are being scored right now.' if running else ''}",
        noun="posts",
        table=triage_table(slug),
        rows=rows,
        bar=bar,
        empty=_nothing(slug, tab),
        tabs=_tabs(slug, request.GET, tab),
        actions=[
            listing.Action("Plans", reverse("campaigns:plans", kwargs={"client": slug}), "list"),
            listing.Action("Rule and preview", url, "settings"),
        ],
        bulk=_bulk(slug) if request.member.may(Permission.CAMPAIGN_LAUNCH) else (),
        stale=stale_sentences(STREAMS),
    )
    return listing.show(request, page, may=may_of(request), now=now)


def _bulk(slug: str) -> list[listing.Action]:
    url = reverse("campaigns:plan-new", kwargs={"client": slug})
    return [listing.Action("Make a plan…", url, "plus", primary=True)]


def _tabs(slug: str, query: QueryDict, tab: str) -> list[listing.Tab]:
    here = reverse("campaigns:triage", kwargs={"client": slug})
    counts = verdicts_by_standing()
    keys = (("", "All"), *PostVerdict.Standing.choices)
    return [
        listing.Tab(
            label,
            here + with_query(query, tab=key, cursor=None),
            current=key == tab,
            count=counts.get(key, 0) if key else sum(counts.values()),
        )
        for key, label in keys
    ]


def _nothing(slug: str, tab: str) -> listing.Empty:
    if tab:
        here = reverse("campaigns:triage", kwargs={"client": slug})
        return listing.Empty("No posts here", "No post has this verdict.", here, "All posts")
    connections = reverse("connections:list", kwargs={"client": slug})
    text = "Posts of the last 60 days are scored by themselves once their numbers are read."
    return listing.Empty("No post is scored yet", text, connections, "Open connections", "target")


@client_view(Permission.VIEW)
def panel(request: ClientRequest, pk: int) -> HttpResponse:
    """Every gate of one post with its value, its threshold and its result (CT8)."""
    now = clock.now()
    post = get_object_or_404(Post, pk=pk)
    row = PostVerdict.objects.select_related("post", "rule").filter(post=post).first()
    context = {
        "now": now,
        "post": post,
        "row": row,
        "tone": tone_of_verdict(row) if row else "",
        "band_tone": BAND_TONES.get(row.band, "") if row else "",
        "groups": _groups(row) if row else [],
        "form": DecisionForm(initial={"decision": row.decision if row else ""}),
        "may_decide": request.member.may(Permission.CAMPAIGN_LAUNCH),
    }
    return pages.render(request, "campaigns/verdict.html", context)


def _groups(row: PostVerdict) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for kind, label in KINDS.items():
        gates = [
            {
                **gate,
                "label": LABELS.get(gate["name"], gate["name"]),
                "word": RESULTS[gate["result"]][0],
                "tone": RESULTS[gate["result"]][1],
            }
            for gate in row.gates
            if gate["kind"] == kind
        ]
        if gates:
            found.append({"label": label, "gates": gates})
    return found


@client_view(Permission.CAMPAIGN_LAUNCH)
@require_POST
def decide(request: ClientRequest, pk: int) -> HttpResponse:
    """A decision by hand, with its note."""
    rows = PostVerdict.objects.select_related("post", "rule").select_for_update(of=("self",))
    row = get_object_or_404(rows, post_id=pk)
    form = DecisionForm(request.POST)
    if not form.is_valid():
        raise Refusal("no_note", "Choose a decision and say why: the note is shown with it.")
    actions.decide(row, **form.cleaned_data, by=request.actor, now=clock.now())
    messages.success(request, "The decision is noted.")
    return pages.redirect(request, "creators:post", client=request.client.slug, pk=pk)
