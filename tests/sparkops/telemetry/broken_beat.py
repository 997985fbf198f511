"""The product's Celery app with a beat table of its own: one entry that is sent, one that cannot
be."""

import os

from sparkops.celery import every
from tests.sparkops.telemetry.broken_tasks import app

__all__ = ["app"]

QUEUE = os.environ["BROKEN_QUEUE"]
app.conf.beat_schedule = {
    "sent": every(1.0, "broken.last", QUEUE),
    "not sent": {**every(1.0, "broken.last", QUEUE), "options": {"serializer": "none such"}},
}
