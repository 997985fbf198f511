"""Whom a provider may sign in: members and invited people of its organization, with an address
that it confirmed and speaks for.

It opens what belongs to that organization alone. Whoever works for another one too allows it once
with their password, so that nobody comes into a client by the word of somebody else's provider.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from allauth.account.models import EmailAddress
from django.db import transaction
from django.db.models import QuerySet

from sparkops.accounts.models import User
from sparkops.accounts.sessions import end_other_sessions
from sparkops.errors import Refusal
from sparkops.tenants.actions import accept_invitation
from sparkops.tenants.company import domain_of
from sparkops.tenants.models import (
    CompanyAccount,
    IdentityProvider,
    Invitation,
    Membership,
    Organization,
)
from sparkops.tenants.queries import current


@dataclass(frozen=True)
class Identity:
    """A person as the provider tells of them; `subject` is its own id of them, for good."""

    subject: str
    email: str
    name: str
    is_confirmed: bool


class WorksElsewhereToo(Exception):
    """The person belongs to other organizations and has not allowed the provider to open them."""

    def __init__(self, user: User, others: list[Organization]) -> None:
        super().__init__(f"{user} works for {len(others)} more")
        self.user, self.others = user, others


def read_identity(told: Mapping[str, Any]) -> Identity:
    """The person out of the claims of the ID token and of the user info.

    The token is signed, so it counts before the user info wherever it tells of the e-mail whether
    it is confirmed. Raises Refusal when the two are of different people.
    """
    token, info = told.get("id_token") or {}, told.get("userinfo") or {}
    if not token or (info and info.get("sub") != token.get("sub")):
        raise Refusal("other_subject", "The provider told of two different people. Begin again.")
    complete = (one for one in (token, info) if "email" in one and "email_verified" in one)
    source = next(complete, info or token)
    word = source.get("email_verified")
    return Identity(
        subject=str(token["sub"]),
        email=str(source.get("email") or "").strip().lower(),
        name=str(info.get("name") or token.get("name") or "")[:120],
        # Some providers write the word.
        is_confirmed=word is True or word == "true",
    )


def admit(
    provider: IdentityProvider, identity: Identity, *, now: datetime, confirmed: bool = False
) -> User:
    """The person who may be signed in now; an open invitation is accepted with it.

    `confirmed`: the person has just shown their password. Raises Refusal for whoever may not come
    in, and WorksElsewhereToo for whoever has to confirm first.
    """
    _check_address(provider, identity)
    account = _account(provider, identity)
    user = account.user if account else _person_with(identity.email)
    invitations = _open_invitations(provider, user.email if user else identity.email, now)
    if user is not None:
        _check_person(provider, user, invited=invitations.exists())
        others = _others(provider, user)
        if others and not confirmed and (account is None or account.confirmed_at is None):
            raise WorksElsewhereToo(user, others)
    elif not invitations.exists():
        raise _nobody(provider, identity.email)
    with transaction.atomic():
        user = _certain(user, identity)
        for one in invitations.select_related("organization", "client"):
            accept_invitation(one, user, now=now)
        _keep(provider, identity, user, now, confirmed)
    return user


def _check_address(provider: IdentityProvider, identity: Identity) -> None:
    if not identity.email:
        raise Refusal(
            "no_email",
            f"{provider.name} did not tell your e-mail address. Ask who runs it to release the"
            " scope “email”.",
        )
    if not identity.is_confirmed:
        raise Refusal(
            "not_confirmed",
            f"{provider.name} has not confirmed that {identity.email} is yours. Ask who runs it to"
            " confirm the address (the claim “email_verified”).",
        )
    if not provider.domains.filter(name=domain_of(identity.email)).exists():
        raise Refusal(
            "foreign_domain",
            f"{provider.name} does not speak for {identity.email}. Sign in with the address of"
            f" {provider.organization}.",
        )


def _person_with(email: str) -> User | None:
    """Whose main address it is. Raises Refusal when it is a further one of somebody else."""
    user = User.objects.filter(email=email).first()
    if EmailAddress.objects.filter(email=email, verified=True).exclude(user=user).exists():
        raise Refusal(
            "further_address",
            f"{email} is a further address of an account with another main one. Sign in to that"
            " account and make it the main address, under Your account → E-mail.",
        )
    return user


def _account(provider: IdentityProvider, identity: Identity) -> CompanyAccount | None:
    """What is known of the person: by the provider's id, which outlives an address. Raises Refusal
    when the address is of somebody who came with another id."""
    known = CompanyAccount.objects.select_related("user").filter(provider=provider)
    account = known.filter(subject=identity.subject).first()
    named = known.filter(user__email=identity.email).exclude(subject=identity.subject)
    if named.exists():
        raise Refusal(
            "other_account",
            f"The account at {provider.name} is another one than {identity.email} came with"
            f" before. Ask an owner of {provider.organization} to remove you and invite you again.",
        )
    return account


def _open_invitations(
    provider: IdentityProvider, email: str, now: datetime
) -> QuerySet[Invitation]:
    return Invitation.objects.filter(
        organization=provider.organization,
        email=email,
        accepted_at=None,
        revoked_at=None,
        expires_at__gt=now,
    )


def _check_person(provider: IdentityProvider, user: User, *, invited: bool) -> None:
    if user.is_staff or user.is_superuser:
        raise Refusal("staff", "The support signs in with its password.")
    member = current().filter(user=user, organization=provider.organization).exists()
    if not member and not invited:
        raise _nobody(provider, user.email)


def _others(provider: IdentityProvider, user: User) -> list[Organization]:
    rows = Membership.objects.filter(user=user).exclude(organization=provider.organization)
    return list(Organization.objects.filter(pk__in=rows.values("organization")))


def _certain(user: User | None, identity: Identity) -> User:
    """The person with their address confirmed. A password that was set before anybody confirmed
    the address may be a stranger's: it no longer opens the account."""
    if user is None:
        user = User.objects.create_user(identity.email, name=identity.name)
    if user.email != identity.email:
        return user
    known = EmailAddress.objects.filter(user=user, email=identity.email, verified=True).exists()
    if not known:
        user.set_unusable_password()
        user.save(update_fields=["password"])
        end_other_sessions(user, None)
        address, _ = EmailAddress.objects.get_or_create(user=user, email=identity.email)
        address.verified = True
        address.save(update_fields=["verified"])
        address.set_as_primary(conditional=True)
    return user


def _keep(
    provider: IdentityProvider, identity: Identity, user: User, now: datetime, confirmed: bool
) -> None:
    account, _ = CompanyAccount.objects.get_or_create(
        provider=provider,
        user=user,
        defaults={"subject": identity.subject, "created_at": now},
    )
    if confirmed:
        account.confirmed_at = now
        account.save(update_fields=["confirmed_at"])


def _nobody(provider: IdentityProvider, email: str) -> Refusal:
    return Refusal(
        "not_invited",
        f"Nobody has invited {email} to {provider.organization}. Ask an owner there for an"
        " invitation; then sign in here again.",
    )
