"""The Celery app, its queues and the whole beat table: what runs when is one screen."""

import os
from typing import Any

from celery import Celery
from celery.schedules import crontab
from celery.signals import beat_init, celeryd_init
from kombu import Queue

from sparkops import telemetry

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sparkops.settings")

QUEUES = ("interactive", "sync", "outbound", "rollup")


def route(
    _name: str, _args: Any, _kwargs: Any, _options: Any, task: Any = None, **_more: Any
) -> dict[str, str] | None:
    """The queue that a task names for itself (`isolation.tasks`)."""
    lane = getattr(task, "lane", None)
    return {"queue": lane} if lane else None


def every(schedule: float | crontab, task: str, queue: str) -> dict[str, Any]:
    """One beat entry: seconds or a crontab in UTC, the task's name, the queue it waits in."""
    return {"task": task, "schedule": schedule, "options": {"queue": queue}}


@celeryd_init.connect
def start_worker(**_facts: Any) -> None:
    """Before the worker's processes are made, so that each of them has it."""
    telemetry.start("worker")


@beat_init.connect
def start_beat(**_facts: Any) -> None:
    """Before the first entry is due."""
    telemetry.start("beat")


EVERY_MINUTE = 60.0
NIGHTLY = crontab(hour="3", minute="20")

app = Celery("sparkops")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.update(
    task_queues=[Queue(name) for name in QUEUES],
    task_default_queue="interactive",
    task_routes=(route,),
    task_ignore_result=True,
    # A worker may die at any moment: the message comes back and every task is safe to repeat.
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    worker_prefetch_multiplier=1,
    worker_hijack_root_logger=False,
    broker_connection_retry_on_startup=True,
    broker_transport_options={"visibility_timeout": 1800},
    task_serializer="json",
    accept_content=["json"],
)
app.conf.beat_schedule = {
    "read shops, ad accounts and products": every(
        60.0, "sparkops.catalog.tasks.sweep_sync", "sync"
    ),
    "read creators, samples and posts": every(EVERY_MINUTE, "creators.tasks.sweep_sync", "sync"),
    "watch the due days of samples": every(600.0, "creators.tasks.sweep_samples", "interactive"),
    "answer and remind about samples": every(15.0, "creators.tasks.sweep_commands", "outbound"),
    "read authorized posts": every(EVERY_MINUTE, "authorizations.tasks.sweep_sync", "sync"),
    "watch posts that spend": every(
        EVERY_MINUTE, "authorizations.tasks.sweep_watch", "interactive"
    ),
    "redeem codes": every(15.0, "authorizations.tasks.sweep_commands", "outbound"),
    "flag authorizations that expire": every(
        60.0, "authorizations.tasks.sweep_expiry", "interactive"
    ),
    "read campaigns, ads and their numbers": every(
        EVERY_MINUTE, "campaigns.tasks.sweep_sync", "sync"
    ),
    "launch and pause": every(15.0, "campaigns.tasks.sweep_commands", "outbound"),
    "find ads that lost permission": every(
        EVERY_MINUTE, "campaigns.tasks.sweep_permission", "interactive"
    ),
    "evaluate guards": every(300.0, "campaigns.tasks.sweep_guards", "rollup"),
    "go on with evidence packs": every(EVERY_MINUTE, "campaigns.tasks.sweep_packs", "rollup"),
    "read orders and statements": every(EVERY_MINUTE, "profit.tasks.sweep_sync", "sync"),
    "book what changed": every(EVERY_MINUTE, "profit.tasks.sweep_booking", "rollup"),
    "go on asking creators": every(
        EVERY_MINUTE, "sparkops.renewals.tasks.sweep_runs", "interactive"
    ),
    "ask for renewals when they are due": every(
        EVERY_MINUTE, "sparkops.renewals.tasks.sweep_cadence", "interactive"
    ),
    "count what is at stake": every(600.0, "sparkops.renewals.tasks.sweep_stakes", "rollup"),
    "write to creators": every(15.0, "sparkops.renewals.tasks.sweep_commands", "outbound"),
    "read the quota of new contacts": every(
        EVERY_MINUTE, "sparkops.outreach.tasks.sweep_sync", "sync"
    ),
    "look for collisions": every(300.0, "sparkops.outreach.tasks.sweep_collisions", "interactive"),
    "tell applicants what was decided": every(
        EVERY_MINUTE, "sparkops.portal.tasks.sweep_applicants", "outbound"
    ),
    "send outreach": every(20.0, "sparkops.outreach.tasks.sweep_sending", "outbound"),
    "send daily digests": every(300.0, "sparkops.home.tasks.sweep_digests", "outbound"),
    "send alerts by mail": every(30.0, "sparkops.alerts.tasks.sweep_deliveries", "outbound"),
    "make reports for clients": every(900.0, "sparkops.reports.tasks.sweep_due", "rollup"),
    "send reports to clients": every(30.0, "sparkops.reports.tasks.sweep_commands", "outbound"),
    "go on with imports": every(EVERY_MINUTE, "sparkops.intake.tasks.sweep_imports", "interactive"),
    "forget old pages": every(
        crontab(hour="3", minute="20"), "sparkops.landing.tasks.sweep_old_pages", "rollup"
    ),
    "go on with archives": every(EVERY_MINUTE, "sparkops.takeout.tasks.sweep_shares", "rollup"),
    "go on with deletions": every(EVERY_MINUTE, "sparkops.takeout.tasks.go_on", "rollup"),
    "tell webhooks": every(15.0, "sparkops.hooks.tasks.sweep", "outbound"),
    "forget old messages of webhooks": every(NIGHTLY, "sparkops.hooks.tasks.sweep_old", "rollup"),
    "forget old replies of the API": every(
        NIGHTLY, "sparkops.api.tasks.sweep_old_replies", "rollup"
    ),
}
app.autodiscover_tasks()
