"""The set-up checklist of a new client: what is done is read from the data itself (SS7)."""

from dataclasses import dataclass

from django.urls import reverse

from authorizations.models import Authorization, TermsTemplate
from creators.models import Creator, Post
from sparkops.catalog.models import UnitCost
from sparkops.connections.models import Connection
from sparkops.renewals.models import Ask, Cadence
from sparkops.renewals.queries.asks import WRITTEN
from sparkops.tenants.permissions import Permission

KINDS = Connection.Kind


@dataclass(frozen=True)
class Step:
    """One thing to do, why, whether it is done, where, and what a member needs to do it."""

    label: str
    why: str
    done: bool
    url: str
    permission: Permission


def set_up_steps(slug: str) -> list[Step]:
    """Every step in the order in which they help each other."""
    connected = connected_kinds()
    rows = (
        ("Connect the TikTok Shop",
         "Creators, samples, orders and statements are read by themselves from then on.",
         KINDS.SHOP in connected, "connections:list", Permission.CONNECT),
        ("Connect the ad accounts",
         "Authorized posts, ads and their numbers are read, and codes can be redeemed.",
         KINDS.ADS in connected, "connections:list", Permission.CONNECT),
        ("Bring your sheet",
         "Creators, posts and codes of your tracker. You see what each row does before it does it.",
         Creator.objects.exists() and Post.objects.exists(), "intake:imports", Permission.IMPORT),
        ("Hand in or read the first codes",
         "Paste what creators sent; TikTok answers for each code.",
         Authorization.objects.exists(), "authorizations:hand-in", Permission.AUTHORIZATION_EDIT),
        ("Write your usage terms",
         "Nothing is launched without them; creators accept them on a page of their own.",
         are_terms_written(), "authorizations:terms-new", Permission.AUTHORIZATION_EDIT),
        ("Decide when creators are asked for renewals",
         "Steps before an end, quiet hours, and who is told when nobody answers.",
         is_asking_decided(), "renewals:settings", Permission.AUTHORIZATION_EDIT),
        ("Ask the first creator for a renewal",
         "Choose a row that ends soon; you see the message and how it goes out.",
         was_anyone_asked(), "authorizations:list", Permission.AUTHORIZATION_EDIT),
        ("Enter unit costs",
         "Without them a product's profit stays incomplete.",
         UnitCost.objects.exists(), "profit:costs", Permission.COST_EDIT),
    )  # fmt: skip
    return [
        Step(label, why, done, reverse(name, kwargs={"client": slug}), permission)
        for label, why, done, name, permission in rows
    ]


def connected_kinds() -> set[str]:
    """Which kinds of TikTok accounts are connected, also those that are lost for now."""
    rows = Connection.objects.exclude(state=Connection.State.REVOKED)
    return set(rows.values_list("kind", flat=True))


def are_terms_written() -> bool:
    """Whether there is anything that a creator can accept."""
    return TermsTemplate.objects.exists()


def is_asking_decided() -> bool:
    """Whether somebody decided when creators are asked."""
    return Cadence.objects.exists()


def was_anyone_asked() -> bool:
    """Whether a message to a creator was written."""
    return Ask.objects.filter(state__in=WRITTEN).exists()
