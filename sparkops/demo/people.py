"""The demo's agency, its people and their sign-ins."""

from dataclasses import dataclass
from datetime import datetime

from allauth.account.models import EmailAddress

from sparkops.accounts.models import User
from sparkops.audit.record import SYSTEM
from sparkops.tenants.actions import create_organization
from sparkops.tenants.models import Client, Membership, Organization
from sparkops.tenants.permissions import Role

AGENCY = "Signal House"
PASSWORD = "spark-demo-2026"  # noqa: S105 - printed at the start of the demo, guards nothing


@dataclass(frozen=True)
class Person:
    """Somebody of the demo; `client` is the key of the one brand they work for, empty for all."""

    email: str
    name: str
    role: Role
    client: str = ""


PEOPLE = (
    Person("owner@demo.example", "Amara Okafor", Role.OWNER),
    Person("manager@demo.example", "Theo Lang", Role.MANAGER),
    Person("media@demo.example", "Mina Sato", Role.MEDIA),
    Person("affiliate@demo.example", "Lucia Ferro", Role.AFFILIATE),
    Person("finance@demo.example", "Jonas Berg", Role.FINANCE),
    Person("viewer@demo.example", "Priya Nair", Role.VIEWER, client="lumen"),
)


def make_agency(*, now: datetime) -> Organization:
    """The agency and its owner; the existing one when it was made before."""
    found = Organization.objects.filter(name=AGENCY).first()
    if found is not None:
        return found
    return create_organization(AGENCY, owner=_user(PEOPLE[0]), by=SYSTEM, now=now)


def make_people(agency: Organization, clients: dict[str, Client], *, now: datetime) -> None:
    """Everyone else, with their roles."""
    for person in PEOPLE:
        Membership.objects.get_or_create(
            user=_user(person),
            organization=agency,
            client=clients.get(person.client),
            defaults={"role": person.role.value, "created_at": now},
        )


def sign_ins() -> list[dict[str, str]]:
    """What the demo prints: e-mail, password and role of everyone."""
    return [
        {"email": person.email, "password": PASSWORD, "role": person.role.label}
        for person in PEOPLE
    ]


def _user(person: Person) -> User:
    user = User.objects.filter(email=person.email).first()
    if user is None:
        user = User.objects.create_user(person.email, PASSWORD, name=person.name)
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user
