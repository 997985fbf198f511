"""The sweep that flags expiring permissions against one statement that does as much."""

from collections.abc import Iterator
from datetime import timedelta

from django.db import connection

from authorizations.actions.expiry import flag_expiring
from bench.runner import Line, Measure, at_most, in_turns
from bench.stage import Stage, undone
from bench.world import STEPS
from sparkops.tenants.models import Client

LIMIT = """
WITH due AS (
    SELECT a.id, a.client_id, a.ends_at, s.days
      FROM authorizations_authorization a
      CROSS JOIN LATERAL (SELECT min(d) AS days FROM unnest(%(steps)s::int[]) d
                           WHERE a.ends_at < %(now)s + make_interval(days => d, hours => 2)) s
     WHERE a.state IN ('expiring', 'in_use', 'verified')
       AND a.ends_at > %(now)s AND a.ends_at < %(until)s AND s.days IS NOT NULL
       AND NOT EXISTS (SELECT 1 FROM authorizations_reminder r
                        WHERE r.authorization_id = a.id AND r.ends_at = a.ends_at
                          AND r.step_days = s.days)),
noted AS (
    INSERT INTO authorizations_reminder (client_id, authorization_id, step_days, ends_at, raised_at)
    SELECT client_id, id, days, ends_at, %(now)s FROM due
    ON CONFLICT DO NOTHING RETURNING authorization_id),
told AS (
    INSERT INTO alerts_alert (client_id, kind, key, severity, title, body, path, action_label,
                              subject_type, subject_id, currency, raised_at)
    SELECT client_id, 'limit', 'limit:' || id, 'info', 'It ends in ' || days || ' days', '', '/',
           '', 'authorization', id, '', %(now)s FROM due
    ON CONFLICT DO NOTHING RETURNING id),
moved AS (
    UPDATE authorizations_authorization SET state = 'expiring'
     WHERE id IN (SELECT id FROM due) RETURNING id)
SELECT (SELECT count(*) FROM noted), (SELECT count(*) FROM told), (SELECT count(*) FROM moved)
"""


def run(stage: Stage) -> Iterator[Line]:
    client = Client.objects.get(pk=stage.world.client)
    ours, limit = in_turns(
        lambda: sweep(stage, client),
        lambda: _one_statement(stage),
        rounds=stage.size.heavy_rounds,
    )
    yield Line(
        f"expiry sweep, {stage.size.due:,} due / one statement",
        ours,
        limit,
        "ms",
        "<= 1.5",
        at_most(1.5),
    )


def sweep(stage: Stage, client: Client) -> None:
    """The product's sweep of the large client, taken back afterwards."""
    with undone(client.pk):
        raised = flag_expiring(client, now=stage.world.now)
        assert raised == stage.size.due, f"{raised} alerts instead of {stage.size.due}"


def _one_statement(stage: Stage) -> None:
    now = stage.world.now
    until = now + timedelta(days=max(STEPS), hours=2)
    with undone(stage.world.client), connection.cursor() as cursor:
        cursor.execute(LIMIT, {"steps": list(STEPS), "now": now, "until": until})
        found = cursor.fetchone()
        assert found == (stage.size.due,) * 3, found


MEASURE = Measure("expiry_sweep", run)
