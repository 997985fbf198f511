"""What leaves SparkOps for its operators: crashes to Sentry, traces by OpenTelemetry.

Each is switched on by a setting; without it the libraries are not even imported.
"""

from typing import Literal

from django.conf import settings

Process = Literal["web", "worker", "beat"]


def start(process: Process) -> None:
    """Switch on what the settings ask for; called once, before the process works."""
    if settings.SENTRY_DSN:
        from sparkops.telemetry import crashes

        crashes.start(process)
    if settings.OTEL_EXPORTER_OTLP_ENDPOINT:
        from sparkops.telemetry import traces

        traces.start(process)
