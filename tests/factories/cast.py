"""The fixed cast of the tests."""

import functools
from dataclasses import dataclass
from datetime import UTC, datetime

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password

from sparkops.accounts.models import User
from sparkops.tenants.models import Client, Membership, Organization
from sparkops.tenants.permissions import Role

BEGIN = datetime(2026, 9, 1, tzinfo=UTC)
PASSWORD = "correct horse battery staple"


@dataclass(frozen=True)
class Cast:
    """`members` maps a role's value to its person in the agency; `stranger` owns `foreign`."""

    agency: Organization
    client: Client
    sister: Client
    members: dict[str, User]
    stranger: User
    foreign: Client


def build_cast() -> Cast:
    """Write the cast."""
    agency = Organization.objects.create(name="North Agency", slug="north", created_at=BEGIN)
    client = _client(agency, "Glow Skincare", "glow")
    sister = _client(agency, "Peak Nutrition", "peak")
    members = {}
    for role in Role:
        user = make_user(f"{role.value}@north.example", name=f"{role.label} North")
        Membership.objects.create(user=user, organization=agency, role=role.value, created_at=BEGIN)
        members[role.value] = user
    other = Organization.objects.create(name="Other House", slug="other", created_at=BEGIN)
    foreign = _client(other, "Secret Brand", "secret-brand")
    stranger = make_user("stranger@other.example", name="Sam Stranger")
    Membership.objects.create(
        user=stranger, organization=other, role=Role.OWNER.value, created_at=BEGIN
    )
    return Cast(agency, client, sister, members, stranger, foreign)


def make_user(email: str, *, name: str = "") -> User:
    """A person with a verified address and the shared test password."""
    user = User.objects.create(email=email, password=_hashed(), name=name)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


@functools.cache
def _hashed() -> str:
    """PASSWORD as it is stored. The slow hash is made once a process, not once a person."""
    return make_password(PASSWORD)


def _client(organization: Organization, name: str, slug: str) -> Client:
    return Client.objects.create(
        organization=organization,
        name=name,
        slug=slug,
        timezone="America/Los_Angeles",
        currency="USD",
        created_at=BEGIN,
    )
