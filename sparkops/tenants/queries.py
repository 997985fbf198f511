"""Reads of the registry."""

from collections.abc import Sequence

from django.db.models import F, Q, QuerySet

from sparkops.accounts.models import User
from sparkops.tenants.models import Client, Membership, Organization
from sparkops.tenants.permissions import Permission


def membership_for(user: User, client: Client) -> Membership | None:
    """The membership that counts in `client`: its own before the organization-wide one."""
    return (
        Membership.objects.filter(user=user, organization_id=client.organization_id)
        .filter(Q(client=client) | Q(client=None))
        .order_by(F("client").asc(nulls_last=True))
        .first()
    )


def organization_membership(user: User, organization: Organization) -> Membership | None:
    """The organization-wide membership, which portfolio pages need."""
    return Membership.objects.filter(user=user, organization=organization, client=None).first()


def clients_of(user: User) -> QuerySet[Client]:
    """Every client the person may open, by name."""
    return (
        Client.objects.filter(archived_at=None)
        .filter(
            Q(memberships__user=user)
            | Q(organization__memberships__user=user, organization__memberships__client=None)
        )
        .select_related("organization")
        .distinct()
        .order_by("name", "id")
    )


def active_client_ids() -> Sequence[int]:
    """All clients that are worked in, for fan-outs."""
    return list(Client.objects.filter(archived_at=None).order_by("id").values_list("id", flat=True))


def organizations_of(user: User) -> QuerySet[Organization]:
    """Organizations in which the person has an organization-wide role."""
    return Organization.objects.filter(memberships__user=user, memberships__client=None).distinct()


def people_who_may(client: Client, permission: Permission) -> list[User]:
    """Everyone whose role for `client` holds `permission`; a client's own role counts first."""
    found: dict[int, Membership] = {}
    memberships = (
        Membership.objects.filter(organization_id=client.organization_id)
        .filter(Q(client=client) | Q(client=None))
        .select_related("user")
        .order_by(F("client").asc(nulls_last=True), "id")
    )
    for membership in memberships:
        found.setdefault(membership.user_id, membership)
    return [one.user for one in found.values() if one.user.is_active and one.may(permission)]
