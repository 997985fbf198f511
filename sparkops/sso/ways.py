"""Which ways of signing in are open to a person, and the log of who came by their company."""

from allauth.account.authentication import get_authentication_records
from django.contrib import messages
from django.http import HttpRequest, HttpResponse

from sparkops import clock
from sparkops.accounts.models import User
from sparkops.audit.record import Actor, record_for_organization
from sparkops.tenants.company import came_by, required_for
from sparkops.tenants.models import IdentityProvider
from sparkops.tenants.permissions import Role
from sparkops.tenants.queries import current
from sparkops.tenants.second_factor import has_second_factor
from sparkops.web import pages


def sent_to_provider(request: HttpRequest, user: User) -> HttpResponse | None:
    """The way to the company's sign-in for who has to take it; None for whoever may go on.

    An owner may come by a password too, as the way back in when the provider is away: the second
    factor that they must have for it is asked for next.
    """
    provider = required_for(user)
    if provider is None or provider.key in came_by(request, user):
        return None
    if _is_owner(user, provider) and _showed_password(request, user) and has_second_factor(user):
        return None
    messages.warning(request, f"{provider.organization} asks you to sign in with {provider}.")
    return pages.redirect(request, "company-sign-in")


def note_sign_in(request: HttpRequest, user: User) -> None:
    """Log with the organization who came by its provider."""
    for one in IdentityProvider.objects.filter(key__in=came_by(request, user)):
        record_for_organization(
            "member.signed_in",
            one.organization_id,
            user.email,
            by=Actor(str(user), user.pk),
            now=clock.now(),
            data={"by": one.name},
        )


def _is_owner(user: User, provider: IdentityProvider) -> bool:
    rows = current().filter(user=user, organization=provider.organization, client=None)
    return rows.filter(role=Role.OWNER.value).exists()


def _showed_password(request: HttpRequest, user: User) -> bool:
    records = get_authentication_records(request, user)
    return any(one["method"] == "password" for one in records)
