"""Organizations that let nobody in without a second factor (TOTP or a passkey)."""

from collections.abc import Callable
from datetime import datetime

from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase

from sparkops.accounts.models import User
from sparkops.audit.record import Actor, record_for_organization
from sparkops.errors import Refusal
from sparkops.tenants.company import came_by_second_factor
from sparkops.tenants.models import Organization
from sparkops.web import pages

KINDS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


class SecondFactorMissing(PermissionDenied):
    """The organization asks for a second factor, and the person has none yet."""


def has_second_factor(user: User) -> bool:
    """Whether the person has to show more than a password when they sign in."""
    return Authenticator.objects.filter(user=user, type__in=KINDS).exists()


def ask_for_second_factor(request: HttpRequest, organization: Organization) -> None:
    """Raises SecondFactorMissing where one is asked for and the person has none, nor came by a
    company account that counts as one."""
    if not organization.second_factor_required or has_second_factor(request.user):  # type: ignore[arg-type]
        return
    if not came_by_second_factor(request, organization):
        raise SecondFactorMissing(
            f"{organization} lets nobody in without a second factor. Set one up here, then go on."
        )


def require_second_factor(
    organization: Organization, required: bool, *, user: User, by: Actor, now: datetime
) -> None:
    """Ask everyone for a second factor, or no longer. Raises Refusal when the one who asks has
    none: they would lock themselves out."""
    if required and not has_second_factor(user):
        raise Refusal(
            "none_yourself", "Set up a second factor for yourself first, under Your account."
        )
    organization.second_factor_required = required
    organization.save(update_fields=["second_factor_required"])
    verb = "organization.second_factor_required" if required else "organization.second_factor_free"
    record_for_organization(verb, organization.pk, organization.name, by=by, now=now)


class SecondFactorFirst:
    """Sends who lacks a second factor to set one up, instead of a page that says no."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self._get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponseBase | None:
        """The way to the page of second factors; None for every other error."""
        if not isinstance(error, SecondFactorMissing):
            return None
        messages.warning(request, str(error))
        return pages.redirect(request, "mfa_index")
