"""`python -m bench.torture.shifted celery|gunicorn …`: the product's programs in a run's time.

The same programs as in production, with two differences: `sparkops.clock.now` follows the run's
clock, and beat's minute takes seconds, so that a minute of waiting does not cost one.
"""

import runpy
import sys

from bench.torture.timekeeper import follow_environment
from sparkops.celery import app

FASTER = 30.0
SHORTEST = 1.0


def quicken() -> None:
    """Let beat send what it sends every so many seconds more often; nightly work stays nightly."""
    for entry in app.conf.beat_schedule.values():
        if isinstance(entry["schedule"], float):
            entry["schedule"] = max(SHORTEST, entry["schedule"] / FASTER)


if __name__ == "__main__":
    follow_environment()
    quicken()
    sys.argv = sys.argv[1:]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
