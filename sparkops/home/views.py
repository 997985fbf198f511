"""Where people arrive, and a client's settings."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse

from authorizations.rules.expiry import DEFAULT_STEPS
from profit.queries.restatements import latest_moves
from profit.queries.today import best_products
from sparkops import clock
from sparkops.home.board import waiting_for
from sparkops.home.forms import ClientSettingsForm, GapFilters
from sparkops.home.gaps import BY_KEY, Gap, GapCount, gap_counts
from sparkops.home.history import KINDS as HISTORIES
from sparkops.home.setup import set_up_steps
from sparkops.home.today import answers_for, at_risk_per_day, cards, queue, totals_of
from sparkops.landing.queries import stale_sentences
from sparkops.tenants.actions import change_settings
from sparkops.tenants.gate import (
    ClientRequest,
    client_view,
    may_of,
    member_view,
    memberships,
    portfolio_view,
)
from sparkops.tenants.models import Client
from sparkops.tenants.permissions import Permission
from sparkops.tenants.queries import clients_in_reach, organizations_of, role_in
from sparkops.web import listing, pages
from sparkops.web.filters import FilterBar

BEHIND_GAPS = ("post_numbers", "authorized_posts", "ads", "orders")


@member_view
def arrive(request: HttpRequest) -> HttpResponse:
    """The portfolio for people of a whole organization with several clients, else the client."""
    clients = list(clients_in_reach(memberships(request)))
    organization = next(iter(organizations_of(memberships(request))), None)
    if organization is not None and len(clients) != 1:
        return pages.redirect(request, "portfolio", organization=organization.slug)
    if clients:
        return pages.redirect(request, _first_page(request, clients[0]), client=clients[0].slug)
    return pages.render(request, "home/nowhere.html")


@member_view
def enter(request: HttpRequest, client: str) -> HttpResponse:
    """A client's first page for this person: Today, or the reports for who sees only these."""
    found = clients_in_reach(memberships(request)).filter(slug=client).first()
    if found is None:
        raise Http404("There is no such client here.")
    return pages.redirect(request, _first_page(request, found), client=client)


def _first_page(request: HttpRequest, client: Client) -> str:
    member = role_in(memberships(request), client)
    may_view = member is not None and member.may(Permission.VIEW)
    return "home:today" if may_view else "reports:list"


@client_view(Permission.VIEW)
def today(request: HttpRequest) -> HttpResponse:
    """The five answers of one client and what needs doing, by money at risk."""
    now = clock.now()
    client = request.client  # type: ignore[attr-defined]
    [answers] = answers_for([client], now=now)
    alerts = list(queue())
    context = {
        "now": now,
        "answers": answers,
        "cards": cards(answers),
        "alerts": alerts,
        "at_risk": at_risk_per_day(alerts),
        "best": best_products(),
        "moved": latest_moves(request.user, now=now),  # type: ignore[arg-type]
        "set_up": [step for step in set_up_steps(client.slug) if not step.done],
        # What was never read has no gaps yet, which is not the same as none.
        "gaps": [] if all(answers.unread) else gap_counts(client, now=now),
    }
    return pages.render(request, "home/today.html", context)


@client_view(Permission.VIEW)
def gap(request: ClientRequest, key: str) -> HttpResponse:
    """One of the lists between the five answers (N18), live."""
    chosen = BY_KEY.get(key)
    if chosen is None:
        raise Http404("There is no such list.")
    now, client = clock.now(), request.client
    bar = FilterBar(GapFilters, request.GET)
    prepare = chosen.prepare
    page = listing.ListPage(
        heading=chosen.label,
        lede=chosen.lede,
        noun=chosen.noun,
        table=chosen.table(client.slug),
        rows=chosen.find(chosen.rows(client, now), bar.values, client, now),
        bar=bar,
        empty=listing.Empty("Nothing falls through here", _closed(chosen), icon="checkc"),
        tabs=[_gap_tab(one, key) for one in gap_counts(client, now=now)],
        stale=stale_sentences(BEHIND_GAPS),
        prepare=(lambda rows: prepare(rows, client, now)) if prepare else None,
    )
    return listing.show(request, page, may=may_of(request), now=now)


def _gap_tab(one: GapCount, key: str) -> listing.Tab:
    return listing.Tab(one.gap.label, one.url, current=one.gap.key == key, count=one.count)


def _closed(one: Gap) -> str:
    return f"When there are {one.noun} to act on, they appear here by themselves."


@client_view(Permission.VIEW)
def set_up(request: HttpRequest) -> HttpResponse:
    """Everything between an empty client and the first renewal, with what is done (SS7)."""
    member, steps = request.member, set_up_steps(request.client.slug)  # type: ignore[attr-defined]
    context = {
        "steps": [(step, member.may(step.permission)) for step in steps],
        "done": sum(step.done for step in steps),
    }
    return pages.render(request, "home/set_up.html", context)


@portfolio_view(Permission.VIEW)
def portfolio(request: HttpRequest) -> HttpResponse:
    """The five answers of every client of an organization, side by side."""
    now = clock.now()
    rows = answers_for(request.portfolio, now=now)  # type: ignore[attr-defined]
    alerts = list(queue()) if rows else []
    context = {
        "now": now,
        "rows": [(row, cards(row)) for row in rows],
        "board": waiting_for(rows, now=now),
        "totals": totals_of(rows),
        "alerts": alerts,
        "at_risk": at_risk_per_day(alerts),
    }
    return pages.render(request, "home/portfolio.html", context)


@client_view(Permission.CONNECT)
def settings(request: HttpRequest) -> HttpResponse:
    """Zone, reminders and safety buffer of the client."""
    client = request.client  # type: ignore[attr-defined]
    initial = {
        "timezone": client.timezone,
        "reminder_days": client.reminder_days or DEFAULT_STEPS,
        "safety_buffer_hours": client.safety_buffer_hours,
        "hold_codes_until_paid": client.hold_codes_until_paid,
    }
    form = ClientSettingsForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        change_settings(
            client,
            **form.cleaned_data,
            by=request.actor,  # type: ignore[attr-defined]
            now=clock.now(),
        )
        messages.success(request, "The settings are saved.")
        return pages.redirect(request, "home:settings", client=client.slug)
    member = request.member  # type: ignore[attr-defined]
    # Keys belong to the organization, so a role in one client alone does not reach them.
    may_keys = member.client_id is None and member.may(Permission.API_KEYS)
    named = [(name, one.label) for name, one in HISTORIES["client"].fields.items()]
    context = {"form": form, "may_keys": may_keys, "history_of": named}
    return pages.render(request, "home/settings.html", context, status=422 if form.errors else 200)
