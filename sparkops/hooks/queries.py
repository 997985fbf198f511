"""Reads of endpoints and of what they were told."""

from collections.abc import Iterable, Sequence

from django.db.models import Count, Q, QuerySet

from sparkops.hooks.models import Attempt, Delivery, Endpoint
from sparkops.tenants.models import Client, Organization


def endpoints(organization: Organization) -> QuerySet[Endpoint]:
    """The endpoints of an organization, newest first."""
    rows = Endpoint.objects.filter(organization=organization, removed_at=None)
    return rows.select_related("client", "organization").order_by("-pk")


def clients_for(endpoint: Endpoint, portfolio: Iterable[Client]) -> list[Client]:
    """Those of a person's clients that the endpoint is for."""
    return [one for one in portfolio if endpoint.client_id in (None, one.pk)]


def deliveries(endpoint: Endpoint, state: str = "") -> QuerySet[Delivery]:
    """What the endpoint was told in the open scope."""
    rows = Delivery.objects.filter(endpoint=endpoint).select_related("client")
    return rows.filter(state=state) if state else rows


def attempts(delivery: Delivery) -> QuerySet[Attempt]:
    """Every request of one delivery, newest first."""
    return Attempt.objects.filter(delivery=delivery).order_by("-pk")


def troubles(found: Sequence[Endpoint]) -> dict[int, int]:
    """How many messages each endpoint did not get, in the open scope."""
    lost = Q(state__in=[Delivery.State.FAILED, Delivery.State.HELD])
    rows = Delivery.objects.filter(lost, endpoint__in=found).values("endpoint")
    return {one["endpoint"]: one["count"] for one in rows.annotate(count=Count("pk"))}


def organizations_with_endpoints() -> set[int]:
    """The keys of organizations that tell anybody anything."""
    rows = Endpoint.objects.filter(removed_at=None)
    return set(rows.values_list("organization_id", flat=True))
