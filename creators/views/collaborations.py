"""The list of affiliate plans, and changing their rates with their effect on the margin."""

from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_POST

from creators.actions.rates import (
    approve_rates,
    decline_rates,
    done_by_hand,
    effects,
    propose_rates,
    save_limit,
)
from creators.forms import CollaborationFilters, RateLimitForm, RatesForm
from creators.models import Collaboration
from creators.queries import edits_of
from creators.queries.collaborations import (
    COLLABORATION_VIEWS,
    changes_of,
    collaborations_of_view,
    find_collaborations,
    open_change,
    products_of,
    rate_policy,
)
from creators.rules.rates import needs_approval
from creators.tables import collaborations_table
from creators.views.creators import footer
from creators.views.timeline import changes as shown_edits
from sparkops import clock
from sparkops.errors import Refusal
from sparkops.landing.queries import Freshness, freshness
from sparkops.tenants.gate import ClientRequest, client_view, may_of
from sparkops.tenants.permissions import Permission
from sparkops.web import listing, pages
from sparkops.web.filters import FilterBar

STREAMS = ("collaborations",)
LABELS = dict(
    zip(
        COLLABORATION_VIEWS,
        ("Running", "Open", "Target", "End within 14 days", "Changing", "Ended"),
        strict=True,
    )
)


@client_view(Permission.VIEW)
def collaborations(request: ClientRequest) -> HttpResponse:
    """Open and target plans with their rates; those that end first come first."""
    now, slug = clock.now(), request.client.slug
    bar = FilterBar(CollaborationFilters, request.GET)
    view, read = request.GET.get("view", ""), freshness(STREAMS)
    page = listing.ListPage(
        heading="Collaborations",
        lede="What creators earn, plan by plan, and which plans end soon.",
        noun="plans",
        table=collaborations_table(slug),
        rows=find_collaborations(collaborations_of_view(view, now), bar.values),
        bar=bar,
        empty=_nothing(slug, view, read),
        tabs=listing.view_tabs(
            request.path, view, LABELS, lambda key: collaborations_of_view(key, now)
        ),
        actions=_actions(request),
        stale=read.sentences,
        extra={"freshness": footer(request, read)},
    )
    return listing.show(request, page, may=may_of(request), now=now)


@client_view(Permission.VIEW)
def collaboration(request: ClientRequest, pk: int) -> HttpResponse:
    """One plan: products, rates, the change that waits, and what was changed before."""
    return _page(request, _row(pk), RatesForm())


@client_view(Permission.CREATOR_EDIT)
@require_POST
def rates(request: ClientRequest, pk: int) -> HttpResponse:
    """Show what new rates mean, then propose them."""
    row, form = _row(pk), RatesForm(request.POST)
    if not form.is_valid():
        return _page(request, row, form)
    standard, ads = form.rates()
    if request.POST.get("step") == "preview":
        pairs = [(row.standard_rate, standard), (row.shop_ads_rate, ads)]
        preview = {
            "lines": effects(row, standard, ads),
            "waits": needs_approval(pairs, rate_policy().limit),
        }
        return _page(request, row, form, preview=preview)
    try:
        change = propose_rates(
            row,
            standard,
            ads,
            note=form.cleaned_data["note"],
            client=request.client,
            by=request.actor,
            now=clock.now(),
        )
    except Refusal as refusal:
        form.add_error(refusal.field, refusal.sentence)
        return _page(request, row, form)
    messages.success(request, f"{change.get_state_display()}.")
    return _back(request, pk)


@client_view(Permission.CREATOR_EDIT)
@require_POST
def decide(request: ClientRequest, pk: int, word: str) -> HttpResponse:
    """Approve, decline or finish the change that is under way."""
    row = _row(pk)
    change = open_change(row)
    if change is None:
        raise Refusal("nothing", "No change of this plan is under way.")
    now, by = clock.now(), request.actor
    if word == "approve":
        if not request.member.may(Permission.PLAN_APPROVE):
            raise Refusal("may_not", "Only an owner or account manager approves new rates.")
        approve_rates(change, by=by, now=now)
    elif word == "decline":
        decline_rates(change, by=by, now=now)
    elif word == "done":
        done_by_hand(change, by=by, now=now)
    else:
        raise Http404("There is no such step.")
    change.refresh_from_db()
    messages.success(request, f"{change.get_state_display()}.")
    return _back(request, pk)


@client_view(Permission.PLAN_APPROVE)
def limit(request: ClientRequest) -> HttpResponse:
    """From which change on a rate needs approval."""
    initial = {"limit": f"{(rate_policy().limit * 100).normalize():f}"}
    form = RateLimitForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        save_limit(form.cleaned_data["limit"] / 100, by=request.actor, now=clock.now())
        messages.success(request, "The limit is saved.")
        return pages.redirect(request, "creators:collaborations", client=request.client.slug)
    status = 422 if form.errors else 200
    return pages.render(request, "creators/rate_limit.html", {"form": form}, status=status)


def _page(
    request: ClientRequest,
    row: Collaboration,
    form: RatesForm,
    *,
    preview: dict[str, Any] | None = None,
) -> HttpResponse:
    change = open_change(row)
    if preview:
        preview["lines"] = [_line(one) for one in preview["lines"]]
    context = {
        "now": clock.now(),
        "row": row,
        "products": products_of(row),
        "form": form,
        "preview": preview,
        "change": change,
        "change_lines": [_line(one) for one in change.effect] if change else [],
        "past": [one for one in changes_of(row) if change is None or one.pk != change.pk],
        "may_edit": request.member.may(Permission.CREATOR_EDIT),
        "may_approve": request.member.may(Permission.PLAN_APPROVE),
        "is_target": row.kind == Collaboration.Kind.TARGET,
        "edits": shown_edits(edits_of(row)),
        "limit": rate_policy().limit,
        "freshness": footer(request, freshness(STREAMS)),
    }
    status = 422 if form.errors else 200
    return pages.render(request, "creators/collaboration.html", context, status=status)


def _line(one: dict[str, Any]) -> dict[str, Any]:
    """A line of the effect with its numbers read back from text."""
    numbers = {
        name: None if one[name] is None else Decimal(one[name])
        for name in ("share_before", "share_after", "per_unit")
    }
    return {**one, **numbers}


def _row(pk: int) -> Collaboration:
    return get_object_or_404(Collaboration.objects.select_related("product", "shop"), pk=pk)


def _back(request: ClientRequest, pk: int) -> HttpResponse:
    return pages.redirect(request, "creators:collaboration", client=request.client.slug, pk=pk)


def _actions(request: ClientRequest) -> list[listing.Action]:
    if not request.member.may(Permission.PLAN_APPROVE):
        return []
    url = reverse("creators:collaboration-limit", kwargs={"client": request.client.slug})
    return [listing.Action("Approval of rates", url, "settings")]


def _nothing(slug: str, view: str, read: Freshness) -> listing.Empty:
    everything = reverse("creators:collaborations", kwargs={"client": slug})
    connections = reverse("connections:list", kwargs={"client": slug})
    if view:
        return listing.Empty("Nothing here", "No plan is here.", everything, "Running plans")
    text = "The shop runs no open or target collaboration."
    if not read.synced:
        text = "They arrive with the shop's plans. The first read takes a few minutes."
    return listing.Empty("No plans yet", text, connections, "Open connections", "link")
