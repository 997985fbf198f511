"""Finding creators in TikTok's marketplace, and taking them over."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_POST

from creators.actions.market import drop_search, search, search_again, take_over
from creators.forms import kept_choice
from creators.forms.market import MarketFilters, MarketForm, chosen_hits
from creators.models import MarketSearch
from creators.queries.market import categories, find_hits, searches, with_creators
from creators.rules.market import Wish, words_of
from creators.tables import market_table
from creators.tasks import search_market
from creators.views.panels import panel_urls
from sparkops import clock
from sparkops.errors import Refusal
from sparkops.landing.queries import freshness
from sparkops.tenants.gate import ClientRequest, client_view, may_of
from sparkops.tenants.permissions import Permission
from sparkops.web import formats, listing, pages
from sparkops.web.filters import FilterBar

STREAMS, SHOWN = ("market_searches",), 5


@client_view(Permission.CREATOR_EDIT)
def market(request: ClientRequest) -> HttpResponse:
    """A search with TikTok's filters; saved and earlier ones."""
    form = MarketForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            row = search(
                form.cleaned_data["shop"],
                form.wish,
                name=form.cleaned_data["name"],
                by=request.actor,
                now=clock.now(),
            )
        except Refusal as refusal:
            form.add_error(refusal.field, refusal.sentence)
        else:
            return _ask(request, row)
    names = categories()
    context = {
        "form": form,
        "has_shop": form.fields["shop"].initial is not None,
        "rows": [(one, ", ".join(words_of(Wish.of(one.filters), names))) for one in searches()],
        "stale": freshness(STREAMS).sentences,
    }
    status = 422 if form.errors else 200
    return pages.render(request, "creators/market.html", context, status=status)


@client_view(Permission.CREATOR_EDIT)
def found(request: ClientRequest, pk: int) -> HttpResponse:
    """Whom a search found, those who fit best first."""
    row = get_object_or_404(MarketSearch.objects.select_related("shop"), pk=pk)
    client, bar = {"client": request.client.slug}, FilterBar(MarketFilters, request.GET)
    page = listing.ListPage(
        heading=row.name or "Creators found",
        lede=_lede(row),
        noun="creators",
        table=market_table(request.client.slug),
        rows=find_hits(row, bar.values),
        bar=bar,
        empty=_nobody(request, row),
        actions=[
            listing.Action("Other searches", reverse("creators:market", kwargs=client), "search")
        ],
        bulk=_bulk(request, row),
        above="creators/market_state.html",
        prepare=with_creators,
        stale=freshness(STREAMS).sentences,
        extra={"search": row},
    )
    return listing.show(request, page, may=may_of(request), now=clock.now())


@client_view(Permission.CREATOR_EDIT)
@require_POST
def again(request: ClientRequest, pk: int) -> HttpResponse:
    """Ask the same anew."""
    row = get_object_or_404(MarketSearch, pk=pk)
    search_again(row, by=request.actor, now=clock.now())
    return _ask(request, row)


@client_view(Permission.CREATOR_EDIT)
@require_POST
def drop(request: ClientRequest, pk: int) -> HttpResponse:
    """Delete a search."""
    drop_search(get_object_or_404(MarketSearch, pk=pk), by=request.actor, now=clock.now())
    messages.success(request, "The search is deleted. Creators you took over stay.")
    return pages.redirect(request, "creators:market", client=request.client.slug)


@client_view(Permission.CREATOR_EDIT)
def add(request: ClientRequest, pk: int) -> HttpResponse:
    """Make creators of what a search found: the question, then the change."""
    row = get_object_or_404(MarketSearch, pk=pk)
    data = request.POST if request.method == "POST" else request.GET
    rows = list(chosen_hits(row, data).order_by("position"))
    if request.method == "POST":
        count = len(take_over(rows, by=request.actor, now=clock.now()))
        said = f"{formats.plural(count, 'creator')} of the search are in your list."
        messages.success(request, said.replace("1 creator of the search are", "The creator is"))
        return pages.redirect(request, "creators:found", client=request.client.slug, pk=pk)
    context: dict[str, Any] = {
        "search": row,
        "rows": rows[:SHOWN],
        "count": len(rows),
        "more": max(len(rows) - SHOWN, 0),
        "kept": kept_choice(data, MarketFilters),
    }
    return pages.render(
        request, "creators/market_add.html", context, pieces={"dialog-body": "question"}
    )


def _ask(request: ClientRequest, row: MarketSearch) -> HttpResponse:
    search_market.delay_on_commit(client_id=request.client.pk)
    return pages.redirect(request, "creators:found", client=request.client.slug, pk=row.pk)


def _lede(row: MarketSearch) -> str:
    asked = ", ".join(words_of(Wish.of(row.filters), categories())) or "everybody"
    more = " TikTok has more: narrow the search to see others." if row.has_more else ""
    return f"{row.shop}: {asked}. Figures are TikTok's, of the last 30 days.{more}"


def _bulk(request: ClientRequest, row: MarketSearch) -> list[listing.Action]:
    where = {"client": request.client.slug, "pk": row.pk}
    add_url = reverse("creators:market-add", kwargs=where)
    urls = panel_urls({"outreach:market-segment": "Save as segment…"}, **where)
    return [
        listing.Action("Add to creators…", add_url, "plus", primary=True),
        *(listing.Action(one["label"], one["url"], "save") for one in urls),
    ]


def _nobody(request: ClientRequest, row: MarketSearch) -> listing.Empty:
    back = reverse("creators:market", kwargs={"client": request.client.slug})
    if row.state == MarketSearch.State.WAITING:
        return listing.Empty("TikTok is being asked", "The first creators come in seconds.")
    if row.state == MarketSearch.State.REFUSED:
        return listing.Empty("TikTok refused the search", row.problem, back, "Change the filters")
    text = "Ask for less: fewer filters, or a wider range."
    return listing.Empty("Nobody matches", text, back, "Change the filters", "users")
