"""Celery entry points of campaigns."""

from collections.abc import Iterable
from typing import Any

from campaigns.actions import backtest, caps, guards, permission, triage
from campaigns.actions.evidence import build_step
from campaigns.inbound import STREAMS
from campaigns.models import EvidencePack, GuardRule
from campaigns.outbound import HANDLERS, ON_REFUSAL
from sparkops import clock
from sparkops.isolation.scope import client_scope
from sparkops.isolation.tasks import client_task, fan_out
from sparkops.landing.streams import pull_due
from sparkops.outbox.queue import drain
from sparkops.tenants.models import Client
from sparkops.tenants.queries import active_client_ids


@client_task(queue="sync", scoped=False)
def sync(*, client_id: int) -> None:
    """Read campaigns, ads and numbers that are due, then score the posts whose numbers changed."""
    pull_due(client_id, STREAMS, now=clock.now)
    score_posts(client_id=client_id)


@client_task(queue="rollup", scoped=False)
def score_posts(*, client_id: int) -> None:
    """Score what is due for paid and go on with back-tests, a batch per transaction."""
    scored = True
    while scored:
        with client_scope(client_id):
            scored = bool(triage.score_batch(now=clock.now()))
    tried = True
    while tried:
        with client_scope(client_id):
            tried = backtest.run_batch(now=clock.now())


@fan_out(queue="sync")
def sweep_sync() -> tuple[Any, Iterable[int]]:
    """Every client's campaigns."""
    return sync, active_client_ids()


@client_task(queue="outbound", scoped=False)
def send_commands(*, client_id: int) -> None:
    """Launch and switch what waits."""
    drain(client_id, HANDLERS, now=clock.now, on_refusal=ON_REFUSAL)


@fan_out(queue="outbound")
def sweep_commands() -> tuple[Any, Iterable[int]]:
    """Every client's waiting launches."""
    return send_commands, active_client_ids()


@client_task(queue="interactive")
def watch_permission(*, client_id: int) -> None:
    """React to ads that lost their permission or are about to, and to caps that are reached."""
    client = Client.objects.get(pk=client_id)
    permission.watch_permission(client, now=clock.now())
    caps.enforce_caps(client, now=clock.now())


@fan_out(queue="interactive")
def sweep_permission() -> tuple[Any, Iterable[int]]:
    """Every client's ads."""
    return watch_permission, active_client_ids()


@client_task(queue="rollup", scoped=False)
def run_guards(*, client_id: int) -> None:
    """Evaluate every guard rule that is not off, each in a transaction of its own."""
    with client_scope(client_id):
        rules = GuardRule.objects.exclude(mode=GuardRule.Mode.OFF)
        waiting = list(rules.order_by("pk").values_list("pk", flat=True))
    for rule_id in waiting:
        with client_scope(client_id):
            guards.run_rule(rule_id, now=clock.now())
    with client_scope(client_id):
        guards.forget_old_checks(now=clock.now())


@fan_out(queue="rollup")
def sweep_guards() -> tuple[Any, Iterable[int]]:
    """Every client's guard rules."""
    return run_guards, active_client_ids()


@client_task(queue="rollup", scoped=False)
def build_pack(*, client_id: int, pack_id: int) -> None:
    """Build an evidence pack, one short transaction per section."""
    more = True
    while more:
        with client_scope(client_id):
            more = build_step(pack_id, now=clock.now())


@client_task(queue="rollup", scoped=False)
def build_packs(*, client_id: int) -> None:
    """Go on with every pack that a worker left unfinished."""
    with client_scope(client_id):
        building = EvidencePack.objects.filter(state=EvidencePack.State.BUILDING)
        waiting = list(building.order_by("pk").values_list("pk", flat=True))
    for pack_id in waiting:
        build_pack(client_id=client_id, pack_id=pack_id)


@fan_out(queue="rollup")
def sweep_packs() -> tuple[Any, Iterable[int]]:
    """Every client's unfinished packs."""
    return build_packs, active_client_ids()
