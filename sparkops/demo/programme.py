"""Who asks to work with a brand, and a creator whom one brand has for itself alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from creators.actions.applications import apply, save_page
from creators.actions.meet import CreatorFacts, meet_creators
from creators.models import ApplicationPage, Creator
from sparkops.audit.record import Actor
from sparkops.clock import shop_day
from sparkops.isolation.scope import client_scope
from sparkops.outreach.actions.collisions import keep_exclusivity
from sparkops.outreach.models import Exclusivity
from sparkops.outreach.tasks import find_collisions
from sparkops.tenants.models import Client

LUCIA = Actor("Lucia Ferro")
INTRO = (
    "We send you our products for free and pay 20 % of what your videos sell. Spark Ads behind"
    " your best posts are paid extra."
)
BEFORE, LEFT = timedelta(days=18), timedelta(days=42)
"""How long ago the exclusivity began, and how long it still lasts."""


@dataclass(frozen=True)
class Letter:
    """What somebody wrote on the public page, `ago` before now."""

    handle: str
    message: str
    ago: timedelta
    email: str = ""
    language: str = "en"


LETTERS = (
    Letter(
        "@quiet.shelfie",
        "I film my evening routine every week and would love to show yours. My last three videos"
        " sold out a small serum brand.",
        timedelta(hours=3),
        email="hello@quietshelfie.example",
    ),
    Letter(
        "@noor.unboxes",
        "Hello! 12,000 people watch my unboxings. I post within a week of a parcel.",
        timedelta(days=1, hours=5),
        email="noor@unboxes.example",
    ),
    Letter(
        "@casa.de.ines",
        "Hago videos en español y en inglés. Me encantaría probar sus productos.",
        timedelta(days=4),
        language="es",
    ),
)


def open_page(client: Client, *, now: datetime) -> None:
    """The brand's public page with what creators wrote on it; once."""
    with client_scope(client.pk):
        if ApplicationPage.objects.exists():
            return
        save_page(is_open=True, intro=INTRO, by=LUCIA, now=now - timedelta(days=6))
        for one in LETTERS:
            apply(
                handle=one.handle,
                email=one.email,
                message=one.message,
                language=one.language,
                now=now - one.ago,
            )


def collide(clients: Sequence[Client], *, now: datetime) -> None:
    """The second brand has a creator of the first for itself alone; the first learns of it."""
    if len(clients) < 2:
        return
    first, second = clients[:2]
    with client_scope(first.pk):
        known = Creator.objects.exclude(creator_id="").filter(blocked_at=None)
        shared = known.order_by("-gmv_30d", "pk").first()
    with client_scope(second.pk):
        if shared is None or Exclusivity.objects.exists():
            return
        facts = CreatorFacts(
            handle=shared.handle,
            creator_id=shared.creator_id,
            display_name=shared.display_name,
            follower_count=shared.follower_count,
            region=shared.region,
        )
        meet_creators([facts], now=now, source="import")
        keep_exclusivity(
            shared.handle,
            starts_on=shop_day(now - BEFORE, second.timezone),
            ends_on=shop_day(now + LEFT, second.timezone),
            note="Winter campaign",
            by=LUCIA,
            now=now,
        )
    find_collisions(client_id=first.pk)
