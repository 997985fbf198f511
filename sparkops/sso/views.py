"""An organization's page of single sign-on, for its owners."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST

from sparkops import clock
from sparkops.errors import Refusal
from sparkops.sso import actions
from sparkops.sso.adapters import return_address
from sparkops.sso.forms import ProviderForm
from sparkops.tenants.gate import PortfolioRequest, organization_view
from sparkops.tenants.models import IdentityProvider
from sparkops.tenants.permissions import Permission
from sparkops.web import pages
from sparkops.web.formats import plural


@organization_view(Permission.TEAM)
def single_sign_on(request: PortfolioRequest) -> HttpResponse:
    """Set the provider up or change it, and what it counts for."""
    provider = actions.provider_of(request.organization)
    form = ProviderForm(
        request.POST or None, initial=_filled(provider), has_secret=provider is not None
    )
    if form.is_valid():
        try:
            made = actions.set_up(
                request.organization,
                actions.Wanted(**form.cleaned_data),
                here=request.session.session_key or "",
                by=request.actor,
                now=clock.now(),
            )
        except Refusal as refusal:
            form.add_error(refusal.field, refusal.sentence)
        else:
            messages.success(request, f"{made} is saved. Its configuration was read.")
            return _back(request)
    return _page(request, provider, form)


@organization_view(Permission.TEAM)
@require_POST
def switch(request: PortfolioRequest) -> HttpResponse:
    """Let people sign in with it, or no longer."""
    on = request.POST.get("on") == "yes"
    told = "is on." if on else "is off. Everybody signs in with a password or passkey again."
    return _changed(
        request, lambda one: actions.switch(one, on, by=request.actor, now=clock.now()), told
    )


@organization_view(Permission.TEAM)
@require_POST
def require(request: PortfolioRequest) -> HttpResponse:
    """Ask everybody for it, or no longer."""
    required, provider = request.POST.get("required") == "yes", _provider(request)
    ended = actions.require(
        provider,
        required,
        user=request.user,  # type: ignore[arg-type]
        here=request.session.session_key or "",
        by=request.actor,
        now=clock.now(),
    )
    told = (
        f"People of its domains come in by {provider} only. {plural(ended, 'session')} ended."
        if required
        else "Passwords and passkeys open the door again."
    )
    messages.success(request, told)
    return _back(request)


@organization_view(Permission.TEAM)
@require_POST
def second_factor(request: PortfolioRequest) -> HttpResponse:
    """Take it for a second factor, or no longer."""
    counts = request.POST.get("counts") == "yes"
    told = "counts as a second factor." if counts else "no longer counts as a second factor."
    return _changed(
        request,
        lambda one: actions.count_as_second_factor(one, counts, by=request.actor, now=clock.now()),
        told,
    )


@organization_view(Permission.TEAM)
@require_POST
def remove(request: PortfolioRequest) -> HttpResponse:
    """Forget the provider."""
    return _changed(
        request, lambda one: actions.remove(one, by=request.actor, now=clock.now()), "is removed."
    )


def _provider(request: PortfolioRequest) -> IdentityProvider:
    return get_object_or_404(IdentityProvider, organization=request.organization)


def _changed(
    request: PortfolioRequest, change: Callable[[IdentityProvider], None], told: str
) -> HttpResponse:
    provider = _provider(request)
    change(provider)
    messages.success(request, f"{provider} {told}")
    return _back(request)


def _back(request: PortfolioRequest) -> HttpResponse:
    return pages.redirect(request, "single-sign-on", organization=request.organization.slug)


def _filled(provider: IdentityProvider | None) -> dict[str, str]:
    if provider is None:
        return {}
    return {
        "name": provider.name,
        "issuer": provider.issuer,
        "app_id": provider.app_id,
        "domains": ", ".join(one.name for one in provider.domains.all()),
    }


def _page(
    request: PortfolioRequest, provider: IdentityProvider | None, form: ProviderForm
) -> HttpResponse:
    context = {
        "form": form,
        "provider": provider,
        "people": provider.accounts.count() if provider else 0,
        "locked_out": actions.owners_without_way_back(provider) if provider else [],
        "return_address": return_address(
            provider.key if provider else actions.key_of(request.organization)
        ),
    }
    status = 422 if form.errors else 200
    return pages.render(request, "sso/single_sign_on.html", context, status=status)
