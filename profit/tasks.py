"""Celery entry points of profit."""

from collections.abc import Iterable
from typing import Any

from profit.actions.booking import book_batch
from profit.actions.outside import tell_outside
from profit.actions.publish import is_due, publish
from profit.actions.setup import seed_fee_rules
from profit.actions.watching import mark_changes_elsewhere
from profit.inbound import STREAMS
from sparkops import clock
from sparkops.catalog.models import Shop
from sparkops.isolation.scope import client_scope
from sparkops.isolation.tasks import client_task, fan_out
from sparkops.landing.streams import pull_due
from sparkops.tenants.queries import active_client_ids


@client_task(queue="sync", scoped=False)
def sync(*, client_id: int) -> None:
    """Read orders, refunds, affiliate orders and settled money that are due."""
    pull_due(client_id, STREAMS, now=clock.now)


@client_task(queue="rollup", scoped=False)
def book(*, client_id: int) -> None:
    """Book everything that is marked, a batch per transaction, then publish what changed."""
    with client_scope(client_id):
        seed_fee_rules()
        mark_changes_elsewhere(now=clock.now())
    booked = 0
    while done := _book_one(client_id):
        booked += done
    with client_scope(client_id):
        if booked:
            tell_outside(now=clock.now())
        for shop in Shop.objects.order_by("pk"):
            if booked or is_due(shop, now=clock.now()):
                publish(shop, now=clock.now())


def _book_one(client_id: int) -> int:
    with client_scope(client_id):
        return book_batch(now=clock.now())


@fan_out(queue="sync")
def sweep_sync() -> tuple[Any, Iterable[int]]:
    """Every client's orders and settlements."""
    return sync, active_client_ids()


@fan_out(queue="rollup")
def sweep_booking() -> tuple[Any, Iterable[int]]:
    """Every client's marks."""
    return book, active_client_ids()
