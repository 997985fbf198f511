"""What leaves SparkOps for its operators: crashes to Sentry.

It is switched on by a setting; without it the library is not even imported.
"""

from typing import Literal

from django.conf import settings

Process = Literal["web", "worker", "beat"]


def start(process: Process) -> None:
    """Switch on what the settings ask for; called once, before the process works."""
    if settings.SENTRY_DSN:
        from sparkops.telemetry import crashes

        crashes.start(process)
