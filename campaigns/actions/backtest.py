"""Trying a rule on past posts, a batch per transaction (N10)."""

from dataclasses import asdict
from datetime import datetime

from campaigns.models import BackTest
from campaigns.queries.backtest import past_posts, pasts_of
from campaigns.rules.backtest import Line, first_earned, outcome
from campaigns.rules.triage_facts import Rule, rule_from
from sparkops.audit.record import Actor, record
from sparkops.clock import shop_day
from sparkops.isolation.scope import current_client_id
from sparkops.tenants.models import Client

BATCH = 50


def start_back_test(rule: Rule, *, by: Actor, now: datetime) -> BackTest:
    """A back-test that a worker performs; it changes nothing else."""
    row = BackTest.objects.create(
        settings=asdict(rule),
        created_at=now,
        created_by=by.label,
        total=past_posts(now).count(),
    )
    record("triage.back_test_started", row, by=by, now=now)
    return row


def run_batch(*, now: datetime) -> bool:
    """Go on with the oldest back-test that is not finished; False when there is none."""
    row = (
        BackTest.objects.select_for_update(skip_locked=True)
        .filter(finished_at=None)
        .order_by("pk")
        .first()
    )
    if row is None:
        return False
    rule, zone = rule_from(row.settings), Client.objects.get(pk=current_client_id()).timezone
    # The moment it was asked for is its present, however many batches it takes.
    posts = list(past_posts(row.created_at).filter(pk__gt=row.reached)[:BATCH])
    if not posts:
        row.finished_at = now
        row.save(update_fields=["finished_at"])
        return True
    today = shop_day(row.created_at, zone)
    for past in pasts_of(posts, rule, zone=zone, now=row.created_at):
        earned = first_earned(past.history, rule)
        if earned is not None:
            day, score = earned
            profit = outcome(past.results, day, today)
            line = Line(past.post.pk, str(past.post), day, score, profit, past.currency)
            row.lines.append(asdict(line))
    row.reached, row.done = posts[-1].pk, row.done + len(posts)
    row.save(update_fields=["reached", "done", "lines"])
    return True
