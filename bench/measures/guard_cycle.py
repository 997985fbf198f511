"""One look of the guard at all live ads against one query that finds those to stop."""

from collections.abc import Iterator
from datetime import timedelta
from statistics import median

from bench.runner import Line, Measure, in_turns
from bench.stage import Stage, undone
from campaigns.actions.permission import watch_permission
from campaigns.models import Ad
from sparkops.isolation.scope import client_scope
from sparkops.tenants.models import Client

IDEAL = """
SELECT d.id, max(least(a.ends_at, (t.ends_on + 1)::timestamptz, (t.hold_until + 1)::timestamptz))
  FROM campaigns_ad d
  JOIN authorizations_authorization a ON a.post_id = d.post_id
  JOIN authorizations_usageterms t ON t.post_id = d.post_id
 WHERE d.state = 'live' AND a.state IN ('expiring', 'in_use', 'verified', 'renewed', 'expired')
 GROUP BY d.id
HAVING max(least(a.ends_at, (t.ends_on + 1)::timestamptz, (t.hold_until + 1)::timestamptz)) < %s
"""
RATIO, SECONDS = 3, 10


def run(stage: Stage) -> Iterator[Line]:
    world = stage.world
    client = Client.objects.get(pk=world.client)
    with client_scope(client.pk):
        live = Ad.objects.filter(state=Ad.State.LIVE).count()
    before = world.now + timedelta(hours=client.safety_buffer_hours)
    with stage.plain(client.pk) as plain:
        ours, ideal = in_turns(
            lambda: _watch(client, stage),
            lambda: plain.execute(IDEAL, [before]).fetchall(),
            rounds=stage.size.heavy_rounds,
        )
    yield Line(
        f"guard cycle, {live:,} live ads / its query", ours, ideal, "ms", "<= 3, 10 s", _reached
    )


def _watch(client: Client, stage: Stage) -> None:
    with undone(client.pk):
        assert watch_permission(client, now=stage.world.now) == 0


def _reached(line: Line) -> bool:
    return line.ratio <= RATIO and median(line.ours) < SECONDS * 1000


MEASURE = Measure("guard_cycle", run)
