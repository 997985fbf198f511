"""One look of the guard at all live ads against the two queries that find what there is to do.

One finds the ads whose cover ends; the other what else a look asks: ads that lost their permission
and have no incident, incidents that are over, findings of the watchdog, and pauses that did not get
through. A second line is against the first alone, without a goal.
"""

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
REST = """
SELECT
  ARRAY(SELECT a.id FROM campaigns_ad a WHERE a.state = 'lost_permission' AND NOT EXISTS (
          SELECT 1 FROM campaigns_incident i
           WHERE i.ad_id = a.id AND i.kind = 'lost_permission' AND i.closed_at IS NULL)),
  ARRAY(SELECT i.id FROM campaigns_incident i JOIN campaigns_ad a ON a.id = i.ad_id
         WHERE i.kind = 'lost_permission' AND i.closed_at IS NULL
           AND a.state <> 'lost_permission'),
  ARRAY(SELECT id FROM authorizations_finding WHERE over_at IS NULL AND kind <> 'extended'),
  ARRAY(SELECT id FROM outbox_command WHERE state IN ('waiting', 'sending')
           AND kind IN ('campaigns.switch_ad', 'campaigns.change_part')
           AND 'DISABLE' IN (payload->>'status', payload->>'after')
           AND (created_at <= %s OR error <> ''))
"""
RATIO, SECONDS = 3, 10


def run(stage: Stage) -> Iterator[Line]:
    world = stage.world
    client = Client.objects.get(pk=world.client)
    with client_scope(client.pk):
        live = Ad.objects.filter(state=Ad.State.LIVE).count()
    before = world.now + timedelta(hours=client.safety_buffer_hours)
    with stage.plain(client.pk) as plain:
        ours, ideal, first = in_turns(
            lambda: _watch(client, stage),
            lambda: [
                plain.execute(IDEAL, [before]).fetchall(),
                plain.execute(REST, [world.now - timedelta(minutes=5)]).fetchall(),
            ],
            lambda: plain.execute(IDEAL, [before]).fetchall(),
            rounds=stage.size.heavy_rounds,
        )
    name = f"guard cycle, {live:,} live ads"
    yield Line(f"{name} / its two queries", ours, ideal, "ms", "<= 3, 10 s", _reached)
    yield Line(f"{name} / the ends of cover", ours, first, "ms")


def _watch(client: Client, stage: Stage) -> None:
    with undone(client.pk):
        assert watch_permission(client, now=stage.world.now) == 0


def _reached(line: Line) -> bool:
    return line.ratio <= RATIO and median(line.ours) < SECONDS * 1000


MEASURE = Measure("guard_cycle", run)
