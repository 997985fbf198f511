"""Celery entry points of profit."""

from collections.abc import Iterable
from typing import Any

from profit.actions.booking import book_next
from profit.actions.costs import seed_fee_rules
from profit.actions.publish import publish
from profit.inbound import STREAMS
from sparkops import clock
from sparkops.catalog.models import Shop
from sparkops.isolation.scope import client_scope
from sparkops.isolation.tasks import client_task, fan_out
from sparkops.landing.streams import pull_due
from sparkops.tenants.queries import active_client_ids


@client_task(queue="sync", scoped=False)
def sync(*, client_id: int) -> None:
    """Read orders, refunds, affiliate orders and settlements that are due."""
    pull_due(client_id, STREAMS, now=clock.now)


@fan_out(queue="sync")
def sweep_sync() -> tuple[Any, Iterable[int]]:
    """Every client's orders."""
    return sync, active_client_ids()


@client_task(queue="rollup", scoped=False)
def book(*, client_id: int) -> None:
    """Book everything that is marked, a batch per transaction."""
    with client_scope(client_id):
        seed_fee_rules()
        shops = list(Shop.objects.order_by("pk"))
    for shop in shops:
        booked = 0
        while count := _book_batch(client_id, shop):
            booked += count
        if booked:
            with client_scope(client_id):
                publish(shop, now=clock.now())


def _book_batch(client_id: int, shop: Shop) -> int:
    with client_scope(client_id):
        return book_next(shop, now=clock.now())


@fan_out(queue="rollup")
def sweep_booking() -> tuple[Any, Iterable[int]]:
    """Every client's ledger."""
    return book, active_client_ids()
