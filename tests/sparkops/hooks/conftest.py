"""A receiver on loopback and an endpoint that points to it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import time_machine
from django.test import Client as Browser

from sparkops.audit.record import Actor, record
from sparkops.hooks.actions import create_endpoint
from sparkops.hooks.models import Delivery, Endpoint
from sparkops.hooks.tasks import tell
from sparkops.isolation.scope import client_scope
from tests.factories.cast import Cast
from tests.factories.creators import NOW, make_creator
from tests.sparkops.hooks.receiver import Receiver, receiving

BY = Actor("Ola Owner", 1)


@pytest.fixture(autouse=True)
def loopback(settings: Any) -> None:
    settings.HOOKS_ALLOW_LOOPBACK = True


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as found:
        yield found


@pytest.fixture
def at_now() -> Iterator[time_machine.Coordinates]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@dataclass
class Hooked:
    """The cast's agency with one endpoint of all its clients."""

    cast: Cast
    receiver: Receiver
    endpoint: Endpoint
    secret: str

    def happen(self, client: Any = None, verb: str = "creator.edited") -> None:
        """One entry of the log of a client."""
        with client_scope((client or self.cast.client).pk):
            creator = make_creator(f"maya{Endpoint.objects.count()}{verb[-3:]}")
            record(verb, creator, by=BY, now=NOW, reason="She moved", data={"zone": "UTC"})

    def tell(self, client: Any = None) -> None:
        tell(client_id=(client or self.cast.client).pk)

    def deliveries(self, client: Any = None) -> list[Delivery]:
        with client_scope((client or self.cast.client).pk):
            return list(Delivery.objects.order_by("pk"))

    def again(self) -> Endpoint:
        """The endpoint as it is now."""
        self.endpoint = Endpoint.objects.get(pk=self.endpoint.pk)
        return self.endpoint


def make_endpoint(cast: Cast, receiver: Receiver, **choices: Any) -> Hooked:
    plain = {"client": None, "url": receiver.url, "groups": [], "by": BY, "now": NOW}
    made = create_endpoint(cast.agency, "Warehouse", **{**plain, **choices})
    return Hooked(cast, receiver, made.endpoint, made.secret)


@pytest.fixture
def hooked(cast: Cast, receiver: Receiver, at_now: Any) -> Hooked:
    return make_endpoint(cast, receiver)


def owner_of(cast: Cast, role: str = "owner") -> Browser:
    browser = Browser()
    browser.force_login(cast.members[role])
    return browser
