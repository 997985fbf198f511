"""The sweep that flags expiring permissions against one statement that does as much.

As much is: notes the step, moves the state, writes both histories, tells the spend and the creator
in an alert, and queues a mail of it for everybody who may see it. A second line is against a
statement that only notes, alerts and moves, without a goal.
"""

from collections.abc import Iterator
from datetime import timedelta

from django.db import connection

from authorizations.actions.expiry import flag_expiring
from bench.runner import Line, Measure, at_most, in_turns
from bench.stage import Stage, undone
from bench.world import STEPS
from sparkops.tenants.models import Client

_DUE = """
WITH due AS (
    SELECT a.id, a.client_id, a.ends_at, a.state, a.code_mask, a.post_id, a.creator_id, s.days
      FROM authorizations_authorization a
      CROSS JOIN LATERAL (SELECT min(d) AS days FROM unnest(%(steps)s::int[]) d
                           WHERE a.ends_at < %(now)s + make_interval(days => d, hours => 2)) s
     WHERE a.state IN ('expiring', 'in_use', 'verified')
       AND a.ends_at > %(now)s AND a.ends_at < %(until)s AND s.days IS NOT NULL
       AND NOT EXISTS (SELECT 1 FROM authorizations_reminder r
                        WHERE r.authorization_id = a.id AND r.ends_at = a.ends_at
                          AND r.step_days = s.days)),
"""
_MOVED = """
moved AS (
    UPDATE authorizations_authorization SET state = 'expiring'
     WHERE id IN (SELECT id FROM due) RETURNING id),
noted AS (
    INSERT INTO authorizations_reminder (client_id, authorization_id, step_days, ends_at, raised_at)
    SELECT client_id, id, days, ends_at, %(now)s FROM due
    ON CONFLICT DO NOTHING RETURNING authorization_id),
"""
LIMIT = f"""{_DUE}{_MOVED}
told AS (
    INSERT INTO alerts_alert (client_id, kind, key, severity, title, body, path, action_label,
                              subject_type, subject_id, currency, raised_at)
    SELECT client_id, 'limit', 'limit:' || id, 'info', 'It ends in ' || days || ' days', '', '/',
           '', 'authorization', id, '', %(now)s FROM due
    ON CONFLICT DO NOTHING RETURNING id)
SELECT (SELECT count(*) FROM noted), (SELECT count(*) FROM told), (SELECT count(*) FROM moved)
"""
IDEAL = f"""{_DUE}{_MOVED}
written AS (
    INSERT INTO authorizations_transition (client_id, authorization_id, before, after, at, actor,
                                           reason)
    SELECT client_id, id, state, 'expiring', %(now)s, 'SparkOps', 'Its end is near.' FROM due),
logged AS (
    INSERT INTO audit_event (client_id, at, actor, verb, subject_type, subject_id, label, reason,
                             data)
    SELECT client_id, %(now)s, 'SparkOps', 'authorization.expiring', 'authorization', id::text,
           'Video code ' || code_mask, 'Its end is near.',
           jsonb_build_object('before', state, 'after', 'expiring') FROM due),
told AS (
    INSERT INTO alerts_alert (client_id, kind, key, severity, title, body, path, action_label,
                              subject_type, subject_id, at_risk, currency, raised_at)
    SELECT d.client_id, 'limit', 'limit:' || d.id, 'info',
           'The authorization of @' || c.handle || ' ends in ' || days || ' days',
           p.caption || ' spends ' || coalesce(s.total, 0) || ' a day', '/', 'Ask for renewal',
           'authorization', d.id, s.total, coalesce(s.paid_currency, ''), %(now)s
      FROM due d
      JOIN creators_post p ON p.id = d.post_id JOIN creators_creator c ON c.id = d.creator_id
      LEFT JOIN LATERAL (
        SELECT s.paid_currency, sum(s.paid_spend) / 7 AS total FROM creators_postday s
         WHERE s.post_id = d.post_id AND s.day >= current_date - 7 AND s.day < current_date
           AND s.paid_spend > 0
         GROUP BY s.paid_currency ORDER BY total DESC LIMIT 1) s ON true
    ON CONFLICT DO NOTHING RETURNING id, client_id),
mailed AS (
    INSERT INTO alerts_delivery (client_id, alert_id, user_id, channel, in_app, state, due_at,
                                 attempts, error)
    SELECT t.client_id, t.id, m.user_id, 'email', true, 'waiting', %(now)s, 0, ''
      FROM told t
      JOIN tenants_client k ON k.id = t.client_id
      JOIN tenants_membership m ON m.organization_id = k.organization_id
                               AND (m.client_id IS NULL OR m.client_id = k.id))
SELECT (SELECT count(*) FROM noted), (SELECT count(*) FROM told), (SELECT count(*) FROM moved)
"""


def run(stage: Stage) -> Iterator[Line]:
    client = Client.objects.get(pk=stage.world.client)
    ours, ideal, limit = in_turns(
        lambda: sweep(stage, client),
        lambda: _one_statement(stage, IDEAL),
        lambda: _one_statement(stage, LIMIT),
        rounds=stage.size.heavy_rounds,
    )
    name = f"expiry sweep, {stage.size.due:,} due"
    yield Line(f"{name} / one statement", ours, ideal, "ms", "<= 1.5", at_most(1.5))
    yield Line(f"{name} / without histories and mails", ours, limit, "ms")


def sweep(stage: Stage, client: Client) -> None:
    """The product's sweep of the large client, taken back afterwards."""
    with undone(client.pk):
        raised = flag_expiring(client, now=stage.world.now)
        assert raised == stage.size.due, f"{raised} alerts instead of {stage.size.due}"


def _one_statement(stage: Stage, statement: str) -> None:
    now = stage.world.now
    until = now + timedelta(days=max(STEPS), hours=2)
    with undone(stage.world.client), connection.cursor() as cursor:
        cursor.execute(statement, {"steps": list(STEPS), "now": now, "until": until})
        found = cursor.fetchone()
        assert found == (stage.size.due,) * 3, found


MEASURE = Measure("expiry_sweep", run)
