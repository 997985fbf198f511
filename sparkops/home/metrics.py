"""Figures for Prometheus, read when it asks: sync lag, queues, commands, quota.

They are of the whole installation and name no client. Guards stop ads by commands of the kinds
`ad.pause` and the like, so their latency is that of these commands.
"""

import hmac
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

import redis
from django.conf import settings
from django.db import connection
from django.db.models import Count, Min, Sum
from django.http import Http404, HttpRequest, HttpResponse
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.registry import Collector

from sparkops import clock
from sparkops.alerts.models import Delivery
from sparkops.celery import QUEUES
from sparkops.isolation.scope import portfolio_scope
from sparkops.landing.models import Cursor
from sparkops.outbox.models import Command
from sparkops.outreach.models import Quota
from sparkops.tenants.gate import public_view
from sparkops.tenants.queries import active_client_ids

RECENT = timedelta(hours=1)
_SPEED = """
SELECT kind, percentile_cont(0.95) WITHIN GROUP (ORDER BY extract(epoch FROM finished_at - due_at))
  FROM outbox_command WHERE state = 'done' AND finished_at >= %s GROUP BY kind ORDER BY kind
"""


@public_view("Prometheus proves itself with a token; figures name no client")
def metrics(request: HttpRequest) -> HttpResponse:
    """Every figure; 404 without `METRICS_TOKEN` and to whoever does not show it."""
    shown = request.headers.get("Authorization", "").removeprefix("Bearer ")
    wanted = settings.METRICS_TOKEN
    if not wanted or not hmac.compare_digest(shown.encode(), wanted.encode()):
        raise Http404
    registry = CollectorRegistry()
    registry.register(Figures(clock.now()))
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


class Figures(Collector):
    """What is so at `now`."""

    def __init__(self, now: datetime) -> None:
        self._now = now

    def describe(self) -> Iterable[Metric]:
        """Nothing: the registry would read everything to learn the names."""
        return ()

    def collect(self) -> Iterator[Metric]:
        """Each figure with its help, in one scope over all clients."""
        yield self._queues()
        clients = active_client_ids()
        if not clients:
            return
        with portfolio_scope(clients):
            yield from list(self._streams())
            yield from list(self._commands())
            yield self._deliveries()
            yield self._quota()

    def _queues(self) -> Metric:
        found = _gauge("queue_depth", "Tasks that wait in a queue.", "queue")
        with redis.Redis.from_url(settings.REDIS_URL) as server:
            for name in QUEUES:
                found.add_metric([name], server.llen(name))
        return found

    def _streams(self) -> Iterator[Metric]:
        states = _gauge("streams", "Streams of data by their state.", "state")
        for row in Cursor.objects.values("state").annotate(n=Count("id")).order_by("state"):
            states.add_metric([row["state"]], row["n"])
        yield states
        lag = _gauge("sync_lag_seconds", "How late the latest part of a stream is.", "stream")
        rows = Cursor.objects.values("stream").annotate(due=Min("due_at")).order_by("stream")
        for row in rows:
            lag.add_metric([row["stream"]], max(0.0, (self._now - row["due"]).total_seconds()))
        yield lag

    def _commands(self) -> Iterator[Metric]:
        waiting = _gauge("commands_waiting", "Commands that are due and not done.", "kind")
        oldest = _gauge("commands_oldest_seconds", "How long the oldest of them waits.", "kind")
        rows = (
            Command.objects.filter(state__in=["waiting", "sending"], due_at__lte=self._now)
            .values("kind")
            .annotate(n=Count("id"), due=Min("due_at"))
            .order_by("kind")
        )
        for row in rows:
            waiting.add_metric([row["kind"]], row["n"])
            oldest.add_metric([row["kind"]], (self._now - row["due"]).total_seconds())
        yield from (waiting, oldest)
        speed = _gauge(
            "command_seconds_p95", "From due to done, 95 of 100 in the last hour.", "kind"
        )
        with connection.cursor() as cursor:
            cursor.execute(_SPEED, [self._now - RECENT])
            for kind, seconds in cursor.fetchall():
                speed.add_metric([kind], seconds)
        yield speed

    def _deliveries(self) -> Metric:
        late = Delivery.objects.filter(state=Delivery.State.WAITING, due_at__lte=self._now)
        found = _gauge("notices_waiting", "Mails and messages to people that are due.")
        found.add_metric([], late.count())
        return found

    def _quota(self) -> Metric:
        """New contacts that TikTok still allows this week, all shops together."""
        sums = Quota.objects.exclude(total=None).aggregate(total=Sum("total"), used=Sum("used"))
        found = _gauge("tiktok_contact_quota", "New contacts of this week.", "part")
        found.add_metric(["total"], sums["total"] or 0)
        found.add_metric(["used"], sums["used"] or 0)
        return found


def _gauge(name: str, text: str, *labels: str) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"sparkops_{name}", text, labels=labels)
