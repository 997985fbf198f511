"""Where people arrive, and a client's settings."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse

from sparkops import clock
from sparkops.home.forms import ClientSettingsForm
from sparkops.tenants.actions import change_settings
from sparkops.tenants.gate import client_view, member_view
from sparkops.tenants.permissions import Permission
from sparkops.tenants.queries import clients_of, organizations_of
from sparkops.web import pages

DEFAULT_REMINDERS = (21, 14, 7, 3, 1)


@member_view
def arrive(request: HttpRequest) -> HttpResponse:
    """The portfolio for people of a whole organization with several clients, else the client."""
    clients = list(clients_of(request.user))  # type: ignore[arg-type]
    organization = organizations_of(request.user).first()  # type: ignore[arg-type]
    if organization is not None and len(clients) != 1:
        return pages.redirect(request, "portfolio", organization=organization.slug)
    if clients:
        return pages.redirect(request, "home:today", client=clients[0].slug)
    return pages.render(request, "home/nowhere.html")


@client_view(Permission.CONNECT)
def settings(request: HttpRequest) -> HttpResponse:
    """Zone, reminders and safety buffer of the client."""
    client = request.client  # type: ignore[attr-defined]
    initial = {
        "timezone": client.timezone,
        "reminder_days": ", ".join(map(str, client.reminder_days or DEFAULT_REMINDERS)),
        "safety_buffer_hours": client.safety_buffer_hours,
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
    return pages.render(
        request, "home/settings.html", {"form": form}, status=422 if form.errors else 200
    )
