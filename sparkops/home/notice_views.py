"""What a person was told, and what they want to be told."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST

from sparkops import clock
from sparkops.accounts.models import User
from sparkops.alerts import actions
from sparkops.alerts.queries import chats_of, notices_of
from sparkops.alerts.tables import notices_table
from sparkops.home.digest import wants_digest
from sparkops.home.forms import NoticeFilters, NoticeForm
from sparkops.isolation.scope import client_scope, portfolio_scope
from sparkops.tenants.gate import member_view
from sparkops.tenants.queries import clients_of
from sparkops.web import listing, pages
from sparkops.web.filters import FilterBar


@member_view
def notices(request: HttpRequest) -> HttpResponse:
    """Everything that a person was told, of all their clients, newest first."""
    user = _person(request)
    view = request.GET.get("view", "")
    clients = list(clients_of(user))
    bar = FilterBar(NoticeFilters, request.GET, clients=clients)
    with portfolio_scope(one.pk for one in clients):
        page = listing.ListPage(
            heading="Notifications",
            lede="What SparkOps told you, of all your clients.",
            noun="notifications",
            table=notices_table(),
            rows=notices_of(user, view, client=bar.values.get("client", "")),
            bar=bar,
            empty=listing.Empty(
                "Nothing here", "Choose what you want to be told, and where.",
                reverse("notification-settings"), "Notification settings", "bell",
            ),
            tabs=[
                listing.Tab("New", request.path, current=view != "all"),
                listing.Tab("All", f"{request.path}?view=all", current=view == "all"),
            ],
            actions=[
                listing.Action("Settings", reverse("notification-settings"), "settings")
            ],
            above="home/notices_seen.html",
        )  # fmt: skip
        return listing.show(request, page, may=lambda _word: False, now=clock.now())


@member_view
@require_POST
def seen(request: HttpRequest) -> HttpResponse:
    """Mark everything as seen."""
    user = _person(request)
    with portfolio_scope(clients_of(user).values_list("pk", flat=True)):
        clients = set(notices_of(user, "").values_list("client_id", flat=True))
    for client_id in clients:
        with client_scope(client_id):
            actions.mark_seen(user, now=clock.now())
    messages.success(request, "Everything is marked as seen.")
    return pages.redirect(request, "notifications")


@member_view
def notice_settings(request: HttpRequest) -> HttpResponse:
    """Which events, where, the quiet hours and the daily digest."""
    user = _person(request)
    form = NoticeForm(
        request.POST if request.method == "POST" else None,
        user=user,
        has_digest=wants_digest(user),
    )
    if request.method == "POST" and form.is_valid():
        actions.choose_notices(user, form.wishes(), timezone=form.cleaned_data["timezone"])
        messages.success(request, "Your choice is saved.")
        return pages.redirect(request, "notification-settings")
    return pages.render(
        request,
        "home/notice_settings.html",
        {"form": form, "chats": chats_of(user)},
        status=422 if form.errors else 200,
    )


def _person(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user
