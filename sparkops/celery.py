"""The Celery app, its queues and the whole beat table: what runs when is one screen."""

import os

from celery import Celery
from celery.schedules import crontab
from kombu import Queue

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sparkops.settings")

QUEUES = ("interactive", "sync", "outbound", "rollup")

app = Celery("sparkops")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.update(
    task_queues=[Queue(name) for name in QUEUES],
    task_default_queue="interactive",
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
    "read shops, ad accounts and products": {
        "task": "sparkops.catalog.tasks.sweep_sync",
        "schedule": 60.0,
    },
    "read creators, samples and posts": {
        "task": "creators.tasks.sweep_sync",
        "schedule": 60.0,
    },
    "read authorized posts": {
        "task": "authorizations.tasks.sweep_sync",
        "schedule": 60.0,
    },
    "redeem codes": {
        "task": "authorizations.tasks.sweep_commands",
        "schedule": 15.0,
    },
    "flag authorizations that expire": {
        "task": "authorizations.tasks.sweep_expiry",
        "schedule": 60.0,
    },
    "read campaigns, ads and their numbers": {
        "task": "campaigns.tasks.sweep_sync",
        "schedule": 60.0,
    },
    "launch and pause": {
        "task": "campaigns.tasks.sweep_commands",
        "schedule": 15.0,
    },
    "find ads that lost permission": {
        "task": "campaigns.tasks.sweep_permission",
        "schedule": 60.0,
    },
    "read orders and statements": {
        "task": "profit.tasks.sweep_sync",
        "schedule": 60.0,
    },
    "book what changed": {
        "task": "profit.tasks.sweep_booking",
        "schedule": 60.0,
    },
    "send alerts by mail": {
        "task": "sparkops.alerts.tasks.sweep_deliveries",
        "schedule": 30.0,
    },
    "forget old pages": {
        "task": "sparkops.landing.tasks.sweep_old_pages",
        "schedule": crontab(hour="3", minute="20"),
    },
}
app.autodiscover_tasks()
