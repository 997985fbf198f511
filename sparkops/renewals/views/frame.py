"""What the pages of spend at risk share: their tabs, today, and how old the figures are."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from sparkops.clock import shop_day
from sparkops.renewals.queries.stakes import counted_at
from sparkops.web import listing

NAMES: Mapping[str, str] = {"at_risk": "at-risk", "calendar": "calendar", "ahead": "next-30-days"}
TABS = (("at_risk", "At risk"), ("calendar", "Calendar"), ("ahead", "If nobody acts"))


def tabs(request: HttpRequest, here: str) -> list[listing.Tab]:
    """The three views, of the client or of all clients."""
    return [listing.Tab(label, url_of(request, key), current=key == here) for key, label in TABS]


def url_of(request: HttpRequest, key: str) -> str:
    """One of the views, of the client or of all clients."""
    client = getattr(request, "client", None)
    if client is not None:
        return reverse(f"renewals:{NAMES[key]}", kwargs={"client": client.slug})
    slug = request.organization.slug  # type: ignore[attr-defined]
    return reverse(f"portfolio-{NAMES[key]}", kwargs={"organization": slug})


def today_of(request: HttpRequest, now: datetime) -> date:
    """Today in the client's zone; over several zones, in UTC."""
    client: Any = getattr(request, "client", None)
    return shop_day(now, client.timezone if client else "UTC")


def stale(now: datetime) -> list[str]:
    """Old figures are named as such, never shown as zero."""
    counted = counted_at()
    if counted is None:
        return ["Nothing was counted yet. It begins by itself once codes and ads are read."]
    if now - counted > timedelta(hours=2):
        return [f"These figures are from {counted:%d %b %Y %H:%M} UTC; the next count is late."]
    return []
