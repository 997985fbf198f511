"""Celery entry points of creators."""

from collections.abc import Iterable
from typing import Any

from creators.actions.answers import decide_requests
from creators.actions.market import ask_now
from creators.actions.matching import match_posts
from creators.actions.reminders import remind_due
from creators.actions.samples import settle_states
from creators.inbound import MARKET, STREAMS
from creators.outbound import HANDLERS, ON_REFUSAL
from creators.queries.samples import first_shop
from sparkops import clock
from sparkops.isolation.scope import client_scope
from sparkops.isolation.tasks import client_task, fan_out
from sparkops.landing.streams import ensure_cursors, pull_due
from sparkops.outbox.queue import drain
from sparkops.tenants.models import Client
from sparkops.tenants.queries import active_client_ids


@client_task(queue="sync", scoped=False)
def sync(*, client_id: int) -> None:
    """Read collaborations, posts and samples that are due, and searches that wait."""
    with client_scope(client_id):
        ask_now(clock.now())
    pull_due(client_id, STREAMS, now=clock.now)


@client_task(queue="interactive", scoped=False)
def search_market(*, client_id: int) -> None:
    """Ask the marketplace what people wait for."""
    with client_scope(client_id):
        ensure_cursors([MARKET], now=clock.now())
        ask_now(clock.now())
    pull_due(client_id, [MARKET], now=clock.now)


@fan_out(queue="sync")
def sweep_sync() -> tuple[Any, Iterable[int]]:
    """Every client's creators."""
    return sync, active_client_ids()


@client_task(queue="interactive")
def watch_samples(*, client_id: int) -> None:
    """Look at new posts, decide on open requests, tell of posts that are due, and remind their
    creators."""
    now = clock.now()
    match_posts(now=now)
    if shop := first_shop():
        client = Client.objects.get(pk=client_id)
        settle_states(shop=shop, now=now)
        decide_requests(client, now=now)
        remind_due(client, now=now)


@fan_out(queue="interactive")
def sweep_samples() -> tuple[Any, Iterable[int]]:
    """Every client's samples."""
    return watch_samples, active_client_ids()


@client_task(queue="outbound", scoped=False)
def send_commands(*, client_id: int) -> None:
    """Send what waits about samples."""
    drain(client_id, HANDLERS, now=clock.now, on_refusal=ON_REFUSAL)


@fan_out(queue="outbound")
def sweep_commands() -> tuple[Any, Iterable[int]]:
    """Every client's waiting answers and reminders."""
    return send_commands, active_client_ids()
