"""Reads of the registry."""

from collections.abc import Collection, Iterable, Sequence

from django.db.models import F, Q, QuerySet

from sparkops import clock
from sparkops.accounts.models import User
from sparkops.tenants.models import Client, Membership, Organization
from sparkops.tenants.permissions import Permission


def current() -> QuerySet[Membership]:
    """Memberships that count: all but accesses of the support that have ended."""
    return Membership.objects.filter(Q(expires_at=None) | Q(expires_at__gt=clock.now()))


def memberships_of(user: User) -> list[Membership]:
    """Every role the person has, with its organization: who they are on a page, in one query."""
    rows = current().filter(user=user).select_related("organization")
    return list(rows.order_by("organization__name", "id"))


def role_in(memberships: Iterable[Membership], client: Client) -> Membership | None:
    """The membership that counts in `client`: its own before the organization-wide one."""
    here = [one for one in memberships if one.organization_id == client.organization_id]
    return next(
        (one for of in (client.pk, None) for one in here if one.client_id == of),
        None,
    )


def membership_for(user: User, client: Client) -> Membership | None:
    """The person's membership that counts in `client`."""
    rows = current().filter(user=user, organization=client.organization_id)
    return role_in(rows, client)


def role_in_all(memberships: Iterable[Membership], organization: Organization) -> Membership | None:
    """The organization-wide membership, which portfolio pages need."""
    here = (one for one in memberships if one.organization_id == organization.pk)
    return next((one for one in here if one.client_id is None), None)


def clients_in_reach(memberships: Collection[Membership]) -> QuerySet[Client]:
    """Every client that these memberships open, by name."""
    whole = {one.organization_id for one in memberships if one.client_id is None}
    single = {one.client_id for one in memberships if one.client_id is not None}
    rows = Client.objects.filter(archived_at=None)
    return rows.filter(Q(organization__in=whole) | Q(pk__in=single)).order_by("name", "id")


def clients_of(user: User) -> QuerySet[Client]:
    """Every client the person may open, by name."""
    return clients_in_reach(memberships_of(user)).select_related("organization")


def active_client_ids() -> Sequence[int]:
    """All clients that are worked in, for fan-outs."""
    return list(Client.objects.filter(archived_at=None).order_by("id").values_list("id", flat=True))


def organizations_of(memberships: Iterable[Membership]) -> list[Organization]:
    """Organizations that these memberships open as a whole."""
    return [one.organization for one in memberships if one.client_id is None]


def people_who_may(client: Client, permission: Permission) -> list[User]:
    """Everyone whose role for `client` holds `permission`; a client's own role counts first. The
    support is let in and not told."""
    found: dict[int, Membership] = {}
    memberships = (
        current()
        .filter(organization_id=client.organization_id, expires_at=None)
        .filter(Q(client=client) | Q(client=None))
        .select_related("user")
        .order_by(F("client").asc(nulls_last=True), "id")
    )
    for membership in memberships:
        found.setdefault(membership.user_id, membership)
    return [one.user for one in found.values() if one.user.is_active and one.may(permission)]
