"""Groups of creators to write to."""

from collections.abc import Sequence
from urllib.parse import urlencode

from django.contrib import messages as notes
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404
from django.urls import reverse

from creators.forms import CreatorFilters, kept_choice
from creators.forms.market import MarketFilters, chosen_hits
from creators.models import MarketSearch
from sparkops import clock
from sparkops.accounts.models import User
from sparkops.errors import Refusal
from sparkops.outreach.actions.segments import save_found, save_segment
from sparkops.outreach.forms import SegmentForm, SegmentOfSearchForm
from sparkops.outreach.models import Segment
from sparkops.outreach.queries.segments import members
from sparkops.outreach.queries.segments import segments as all_segments
from sparkops.tenants.gate import ClientRequest, client_view
from sparkops.tenants.permissions import Permission
from sparkops.tenants.queries import people_who_may
from sparkops.web import pages
from sparkops.web.filters import FilterBar
from sparkops.web.formats import plural
from sparkops.web.keyset import capped_count

MOST_SHOWN = 50


@client_view(Permission.CREATOR_EDIT)
def segments(request: ClientRequest) -> HttpResponse:
    """Every segment with its size now, and a new one."""
    people = people_who_may(request.client, Permission.VIEW)
    form, now = SegmentForm(request.POST or None, people=people), clock.now()
    if request.method == "POST" and form.is_valid() and _saved(request, form):
        return pages.redirect(request, "outreach:segments", client=request.client.slug)
    zone = request.client.timezone
    context = {
        "form": form,
        "filters": [form[name] for name in CreatorFilters.field_order],
        "rows": [
            {
                "segment": one,
                "size": capped_count(members(one, zone=zone, now=now)),
                **_of_whom(one, people, reverse("creators:creators", args=[request.client.slug])),
            }
            for one in all_segments()[:MOST_SHOWN]
        ],
    }
    status = 422 if form.errors else 200
    return pages.render(request, "outreach/segments.html", context, status=status)


def _of_whom(segment: Segment, people: Sequence[User], creators: str) -> dict[str, str]:
    """Who is in it, in words; and the list of creators with its filter, for one that has one."""
    if segment.handles:
        return {"said": plural(len(segment.listed), "pasted handle"), "url": ""}
    query = QueryDict(urlencode({name: one for name, one in segment.filters.items() if one}))
    bar = FilterBar(CreatorFilters, query, people=people)
    word = bar.values.get("q", "")
    said = [f"“{word}”"] if word else []
    said += [f"{chip.label}: {chip.value}" for chip in bar.chips]
    return {"said": " · ".join(said) or "Everybody", "url": f"{creators}?{query.urlencode()}"}


def _saved(request: ClientRequest, form: SegmentForm) -> bool:
    values = form.cleaned_data
    try:
        segment, unknown = save_segment(
            values["name"],
            filters=form.filters,
            handles=values["handles"],
            by=request.actor,
            now=clock.now(),
        )
    except Refusal as refusal:
        form.add_error(refusal.field, refusal.sentence)
        return False
    said = f"The segment “{segment}” is saved."
    if unknown:
        first = ", ".join(f"@{one}" for one in unknown[:5])
        said += f" {plural(len(unknown), 'handle')} left out, because nobody here has it: {first}."
    notes.success(request, said)
    return True


@client_view(Permission.CREATOR_EDIT)
def of_search(request: ClientRequest, pk: int) -> HttpResponse:
    """A segment of whom a marketplace search found: they become creators, then its members."""
    found = get_object_or_404(MarketSearch, pk=pk)
    data = request.POST if request.method == "POST" else request.GET
    rows = list(chosen_hits(found, data).order_by("position"))
    form = SegmentOfSearchForm(request.POST or None, initial={"name": found.name})
    if request.method == "POST" and form.is_valid():
        try:
            segment = save_found(form.cleaned_data["name"], rows, by=request.actor, now=clock.now())
        except Refusal as refusal:
            form.add_error(refusal.field, refusal.sentence)
        else:
            notes.success(request, f"The segment “{segment}” is saved.")
            return pages.redirect(request, "outreach:segments", client=request.client.slug)
    context = {
        "search": found,
        "form": form,
        "count": len(rows),
        "kept": kept_choice(data, MarketFilters),
    }
    return pages.render(
        request,
        "outreach/market_segment.html",
        context,
        pieces={"dialog-body": "question"},
        status=422 if form.errors else 200,
    )
