"""What the lists over all clients of an organization share."""

from collections.abc import Sequence

from django.urls import reverse

from sparkops.tenants.gate import PortfolioRequest
from sparkops.tenants.models import Client
from sparkops.web import listing


def names_of(clients: Sequence[Client]) -> dict[int, str]:
    """The name of each client by its id."""
    return {one.pk: one.name for one in clients}


def nothing(request: PortfolioRequest, noun: str, icon: str, view: str) -> listing.Empty:
    """What stands where no client has `noun`, or none of them in the open `view` of the list."""
    if view:
        text = f"No {noun} of any client are in this view."
        return listing.Empty(f"No {noun} here", text, request.path, f"All {noun}", icon)
    url = reverse("portfolio", kwargs={"organization": request.organization.slug})
    text = f"When a client has {noun}, they stand here too."
    return listing.Empty(f"No {noun} yet", text, url, "See the clients", icon)
