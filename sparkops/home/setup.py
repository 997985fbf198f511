"""The set-up checklist of a new client."""

from dataclasses import dataclass

from django.urls import reverse

from authorizations.models import Authorization
from sparkops.catalog.models import UnitCost
from sparkops.connections.models import Connection
from sparkops.renewals.models import Cadence


@dataclass(frozen=True)
class Step:
    """One thing to do, whether it is done, and where."""

    label: str
    done: bool
    url: str


def set_up_steps(slug: str) -> list[Step]:
    """What is left to do; empty when everything is done."""
    kinds = set(
        Connection.objects.exclude(state=Connection.State.REVOKED).values_list("kind", flat=True)
    )
    connections = reverse("connections:list", kwargs={"client": slug})
    steps = [
        Step("Connect the TikTok Shop", Connection.Kind.SHOP in kinds, connections),
        Step("Connect the ad accounts", Connection.Kind.ADS in kinds, connections),
        Step(
            "Hand in or read the first codes",
            Authorization.objects.exists(),
            reverse("authorizations:hand-in", kwargs={"client": slug}),
        ),
        Step(
            "Enter unit costs",
            UnitCost.objects.exists(),
            reverse("profit:costs", kwargs={"client": slug}),
        ),
        Step(
            "Decide when creators are asked for renewals",
            Cadence.objects.exists(),
            reverse("renewals:settings", kwargs={"client": slug}),
        ),
    ]
    return [] if all(step.done for step in steps) else steps
