"""Seeding: connect three brands through OAuth codes, read ninety days, enter costs, book.

Every step looks before it acts, so a seed that was cut off goes on where it stopped.
"""

from collections.abc import Callable
from typing import Any

import httpx
from django.conf import settings
from django.urls import reverse

import authorizations.inbound
import campaigns.inbound
import creators.inbound
import profit.inbound
import sparkops.catalog.inbound
from sparkops import clock
from sparkops.audit.record import SYSTEM
from sparkops.connections.actions import connect_ads, connect_shop
from sparkops.connections.models import Connection
from sparkops.demo import business, outreach, programme
from sparkops.demo.people import make_agency, make_people
from sparkops.errors import Refusal
from sparkops.isolation.scope import client_scope
from sparkops.landing.labels import label_of
from sparkops.landing.models import Cursor
from sparkops.landing.streams import Stream, pull_due
from sparkops.tenants.actions import create_client
from sparkops.tenants.models import Client, Organization

READ = (
    sparkops.catalog.inbound.STREAMS,
    creators.inbound.STREAMS,
    authorizations.inbound.STREAMS,
    campaigns.inbound.STREAMS,
    profit.inbound.STREAMS,
)


class SeedFault(Exception):
    """The demo cannot be filled. The message says why."""


class Seed:
    """One run over the sandbox's credentials; `say` prints a line of progress."""

    def __init__(self, credentials: dict[str, Any], say: Callable[[str], None]) -> None:
        self._credentials = credentials
        self._say = say

    def run(self) -> None:
        """Make what is missing. Raises SeedFault."""
        self._tell_sandbox()
        agency = make_agency(now=clock.now())
        clients = {
            brand["key"]: self._client(agency, brand) for brand in self._credentials["brands"]
        }
        make_people(agency, clients, now=clock.now())
        for brand in self._credentials["brands"]:
            self._fill(clients[brand["key"]], brand)
        programme.collide(list(clients.values()), now=clock.now())

    def _tell_sandbox(self) -> None:
        """Where the seller's consent page leads back to: registered in the app at TikTok."""
        back = settings.SITE_URL + reverse("connection-returned", kwargs={"kind": "shop"})
        hook = settings.SITE_URL + reverse("webhook-tiktok-shop")
        content = {"redirect_uri": back, "webhook_address": hook}
        httpx.post(
            f"{settings.TIKTOK['shop_url']}/_sandbox/shop_app", json=content, timeout=30
        ).raise_for_status()

    def _client(self, agency: Organization, brand: dict[str, Any]) -> Client:
        found = Client.objects.filter(slug=brand["key"]).first()
        if found is not None:
            return found
        return create_client(
            agency,
            brand["name"],
            timezone=brand["zone"],
            currency=brand["currency"],
            slug=brand["key"],
            by=SYSTEM,
            now=clock.now(),
        )

    def _fill(self, client: Client, brand: dict[str, Any]) -> None:
        self._connect(client, brand)
        self._read(client)
        self._enter(client, brand)
        self._reach(client)
        programme.open_page(client, now=clock.now())

    def _connect(self, client: Client, brand: dict[str, Any]) -> None:
        with client_scope(client.pk):
            kinds = set(Connection.objects.values_list("kind", flat=True))
        try:
            if Connection.Kind.SHOP not in kinds:
                connect_shop(client.pk, brand["shop_auth_code"], by=SYSTEM, now=clock.now())
            if Connection.Kind.ADS not in kinds:
                connect_ads(client.pk, brand["oauth_code"], by=SYSTEM, now=clock.now())
        except Refusal as refusal:
            raise SeedFault(f"{client.name}: {refusal.sentence}") from refusal

    def _read(self, client: Client) -> None:
        for streams in READ:
            for stream in streams:
                if self._unread(client, stream):
                    pull_due(client.pk, [stream], now=clock.now)
                    self._report(client, stream)

    def _unread(self, client: Client, stream: Stream) -> bool:
        with client_scope(client.pk):
            cursors = Cursor.objects.filter(stream=stream.name)
            return not cursors.exists() or cursors.filter(last_ok_at=None).exists()

    def _report(self, client: Client, stream: Stream) -> None:
        with client_scope(client.pk):
            cursors = list(Cursor.objects.filter(stream=stream.name).prefetch_related("runs"))
        rows = sum(run.rows for cursor in cursors for run in cursor.runs.all())
        faults = [cursor.last_error for cursor in cursors if cursor.last_error]
        note = f" ({faults[0]})" if faults else ""
        self._say(f"{client.name}: {label_of(stream.name).label.lower()}, {rows:,} rows{note}")

    def _enter(self, client: Client, brand: dict[str, Any]) -> None:
        if business.is_entered(client):
            return
        self._say(f"{client.name}: costs, terms and codes")
        business.enter(client, brand, now=clock.now())
        self._say(f"{client.name}: booking the ledger")
        business.work(client)

    def _reach(self, client: Client) -> None:
        if outreach.is_written(client):
            return
        self._say(f"{client.name}: outreach")
        outreach.write(client, now=clock.now())
