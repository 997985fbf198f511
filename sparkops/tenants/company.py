"""What the gate and the sign-in need to know of people's company accounts (single sign-on)."""

from allauth.account.authentication import get_authentication_records
from django.db.models import Q
from django.http import HttpRequest

from sparkops.accounts.models import User
from sparkops.errors import Refusal
from sparkops.tenants.models import CompanyDomain, IdentityProvider, Invitation, Organization
from sparkops.tenants.queries import current


def domain_of(email: str) -> str:
    """The part after the @, in lower case; empty without one."""
    return email.rpartition("@")[2].strip().lower() if "@" in email else ""


def provider_for(email: str) -> IdentityProvider | None:
    """The provider that speaks for an address, if it is on."""
    found = CompanyDomain.objects.select_related("provider__organization").filter(
        name=domain_of(email), provider__is_on=True
    )
    return next((one.provider for one in found), None)


def required_for(user: User) -> IdentityProvider | None:
    """The provider that a person has to sign in with, because an organization they work in requires
    it: that of their address or, whatever their address is now, the one they came by before."""
    working = current().filter(user=user).values("organization")
    theirs = Q(domains__name=domain_of(user.email)) | Q(accounts__user=user)
    found = IdentityProvider.objects.filter(
        theirs, is_on=True, is_required=True, organization__in=working
    )
    return found.select_related("organization").order_by("pk").first()


def came_by(request: HttpRequest, user: User) -> set[str]:
    """The keys of the providers at which the person showed their account in this session."""
    records = get_authentication_records(request, user)
    return {str(one["provider"]) for one in records if one["method"] == "socialaccount"}


def company_provider(invitation: Invitation) -> IdentityProvider | None:
    """The provider by which an invitation may be accepted: it speaks for the address, and belongs
    to the organization that invites."""
    provider = provider_for(invitation.email)
    ours = provider is not None and provider.organization_id == invitation.organization_id
    return provider if ours else None


def ask_for_company_account(request: HttpRequest, invitation: Invitation) -> None:
    """Raises Refusal for an invitation that only a company account accepts, when the person has not
    shown theirs in this session."""
    provider = company_provider(invitation)
    if provider is None or not provider.is_required:
        return
    if provider.key not in came_by(request, request.user):  # type: ignore[arg-type]
        raise Refusal(
            "company_account",
            f"{invitation.organization} lets people in by {provider} only. Sign out, then sign in"
            " with your company: that accepts the invitation.",
        )


def came_by_second_factor(request: HttpRequest, organization: Organization) -> bool:
    """Whether the session began at the organization's provider, and that is as good as a second
    factor by the word of its owner."""
    keys = came_by(request, request.user)  # type: ignore[arg-type]
    return IdentityProvider.objects.filter(
        organization=organization, is_on=True, is_second_factor=True, key__in=keys
    ).exists()
